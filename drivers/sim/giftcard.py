"""A simulated issuer of gift cards and deposit vouchers, by the protocol of drivers/giftcard.

    sim = GiftCardSim(directory=tmp)
    sim.start(); sim.issue("6338000000000000014", 20_000); ...; sim.books()

The books are on disk and outlive it: a number holds what was issued, less what the redemptions in
the books took and did not put back. As its own process:
`python -m drivers.sim.giftcard --directory DIR --control SOCKET`.
"""

import argparse
import hmac
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

from drivers.sim.control import run_far_end
from drivers.sim.terminal_books import Books
from drivers.sim.wallet_wire import (
    FAULT_VERBS,
    Reply,
    Request,
    WalletFaults,
    WalletServer,
    write_keys,
)

API_KEY = "gk-sim-4f1c9e07b2"
CURRENCY = "NOK"
DECK: dict[str, int] = {
    "6338000000000000014": 20_000,
    "6338000000000000022": 5_000,
    "6338000000000000030": 0,
}
"""Gift cards of the demonstration, with what lies on them in minor units."""
SLIPS: dict[str, int] = {"9800000034000": 3_400, "9800000120008": 12_000}
"""Deposit vouchers of the demonstration."""


@dataclass(slots=True)
class Number:
    """A card or a voucher."""

    minor: int
    whole: bool = False
    """A voucher: redeemed whole, and once."""
    trouble: str = ""
    """blocked or expired."""


@dataclass(slots=True)
class Redemption:
    """One reference."""

    state: str
    number: str = ""
    asked: int = 0
    taken: int = 0
    transaction: str = ""
    at: str = ""


class GiftCardSim(WalletFaults):
    """One issuer. Verbs are what issuers, counters and cables do; they return at once."""

    VERBS: ClassVar[tuple[str, ...]] = (
        "issue",
        "issue_slip",
        "block",
        "expire",
        "spend_elsewhere",
        "take_other",
        "hear_twice",
        "refuse_reversals",
        "reboot",
        "books",
        "balance_of",
        *FAULT_VERBS,
    )

    def __init__(
        self, *, directory: str | Path, host: str = "127.0.0.1", port: int = 0, deck: bool = True
    ) -> None:
        """`deck`: whether the cards and slips of the demonstration are out."""
        directory = Path(directory)
        directory.mkdir(parents=True, exist_ok=True)
        self._server = WalletServer(self._hear, host=host, port=port)
        self._books = Books(directory / "giftcard-books.jsonl")
        self._lock = threading.RLock()
        self._numbers: dict[str, Number] = {}
        self._redemptions: dict[str, Redemption] = {}
        self._other_minor: int | None = None
        self._twice = 0
        self._refused_reversals = 0
        self._read_books()
        if deck and not self._numbers:
            for number, minor in DECK.items():
                self.issue(number, minor)
            for number, minor in SLIPS.items():
                self.issue_slip(number, minor)

    # --- life -------------------------------------------------------------------------------------

    def start(self) -> None:
        """Switch it on."""
        self.plug_in()

    def stop(self) -> None:
        """Switch it off for good; the books stay on disk."""
        self.unplug()
        self._books.close()

    def reboot(self) -> None:
        """Lose all that is not in the books, and come back."""
        self.unplug()
        with self._lock:
            self._read_books()
        self.plug_in()

    def keys(self) -> str:
        """The content of a kiosk's key file."""
        return f'environment = "test"\napi_key = "{API_KEY}"\n'

    # --- counters ---------------------------------------------------------------------------------

    def issue(self, number: str, minor: int) -> None:
        """Sell a card with so much on it."""
        self._write("issued", number=number, amount_minor=minor, whole=False)

    def issue_slip(self, number: str, minor: int) -> None:
        """Let the machine for empties print a voucher."""
        self._write("issued", number=number, amount_minor=minor, whole=True)

    def block(self, number: str) -> None:
        """Block a number."""
        self._write("trouble", number=number, trouble="blocked")

    def expire(self, number: str) -> None:
        """Let a number's time be over."""
        self._write("trouble", number=number, trouble="expired")

    def spend_elsewhere(self, number: str, minor: int) -> None:
        """Let another shop take from a number."""
        self._write("elsewhere", number=number, amount_minor=minor)

    # --- faults of an issuer's own ----------------------------------------------------------------

    def take_other(self, minor: int) -> None:
        """Take so much at the next redemption, whatever is asked."""
        with self._lock:
            self._other_minor = minor

    def hear_twice(self, count: int = 1) -> None:
        """The next requests arrive twice, as networks sometimes have it."""
        with self._lock:
            self._twice += count

    def refuse_reversals(self, count: int = 1) -> None:
        """Answer so many reversals with 409, and put nothing back."""
        with self._lock:
            self._refused_reversals += count

    # --- what an onlooker sees --------------------------------------------------------------------

    def books(self) -> list[dict[str, Any]]:
        """Each redemption that took money: reference, last_four, amount_minor, reversed."""
        with self._lock:
            return [
                {
                    "reference": reference,
                    "last_four": one.number[-4:],
                    "amount_minor": one.taken,
                    "reversed": one.state == "reversed",
                }
                for reference, one in self._redemptions.items()
                if one.taken
            ]

    def held_minor(self) -> int:
        """What redemptions have taken and not put back."""
        return sum(one["amount_minor"] for one in self.books() if not one["reversed"])

    def balance_of(self, number: str) -> int:
        """What lies on a number."""
        with self._lock:
            return self._numbers[number].minor

    def state(self) -> dict[str, Any]:
        """Address, and what it holds."""
        return {
            "url": self.url,
            "redemptions": len(self.books()),
            "held_minor": self.held_minor(),
        }

    # --- the issuer -------------------------------------------------------------------------------

    def _hear(self, request: Request) -> Reply:
        with self._lock:
            if self._twice:
                self._twice -= 1
                self._route(request)
            return self._route(request)

    def _route(self, request: Request) -> Reply:
        given = request.headers.get("authorization", "")
        if not hmac.compare_digest(given, f"Bearer {API_KEY}"):
            return Reply(401, {"code": "keys"})
        match request.method, request.path.strip("/").split("/"):
            case "GET", ["v1", "health"]:
                return Reply(200, {"state": "ready"})
            case "POST", ["v1", "balance"]:
                return self._balance(request)
            case "PUT", ["v1", "redemptions", reference]:
                return self._redeem(reference, request)
            case "GET", ["v1", "redemptions", reference]:
                return self._told(reference)
            case "POST", ["v1", "redemptions", reference, "close"]:
                if reference not in self._redemptions:
                    self._write("closed", reference=reference)
                return self._told(reference)
            case "POST", ["v1", "redemptions", reference, "reversal"]:
                return self._reverse(reference)
        return Reply(404, {"code": "path"})

    def _balance(self, request: Request) -> Reply:
        number = self._numbers.get(str(request.json.get("number")))
        trouble = _trouble(number)
        if number is None or trouble:
            return Reply(422, {"code": trouble})
        return Reply(200, {"balance": _amount(number.minor)})

    def _redeem(self, reference: str, request: Request) -> Reply:
        body = request.json
        name, asked = str(body["number"]), int(body["amount"]["value"])
        known = self._redemptions.get(reference)
        if known is not None:
            same = (known.number, known.asked) == (name, asked)
            return self._told(reference) if same else Reply(409, {"code": "reference"})
        number = self._numbers.get(name)
        trouble = _trouble(number)
        if number is None or trouble:
            return Reply(422, {"code": trouble})
        taken = min(asked, number.minor)
        if body["amount"]["currency"] != CURRENCY or asked <= 0:
            return Reply(422, {"code": "amount"})
        if taken < asked and not body.get("partial"):
            return Reply(422, {"code": "too_little"})
        if number.whole and asked != number.minor:
            return Reply(422, {"code": "whole"})
        if self._other_minor is not None:
            taken, self._other_minor = self._other_minor, None
        self._write(
            "redeemed",
            reference=reference,
            number=name,
            asked=asked,
            amount_minor=taken,
            transaction=f"GK{len(self._redemptions) + 1:06d}",
            at=datetime.now(UTC).isoformat(timespec="seconds"),
        )
        return self._told(reference, 201)

    def _reverse(self, reference: str) -> Reply:
        known = self._redemptions.get(reference)
        if known is None or not known.taken:
            return Reply(404, {"code": "reference"})
        if self._refused_reversals:
            self._refused_reversals -= 1
            return Reply(409, {"code": "refused"})
        if known.state != "reversed":
            self._write("reversed", reference=reference)
        return self._told(reference)

    def _told(self, reference: str, status: int = 200) -> Reply:
        known = self._redemptions.get(reference)
        if known is None:
            return Reply(404, {"code": "reference"})
        body: dict[str, Any] = {"reference": reference, "state": known.state}
        if known.taken:
            body |= {
                "amount": _amount(known.taken),
                "transaction": known.transaction,
                "at": known.at,
                "last_four": known.number[-4:] if len(known.number) >= 12 else "",
            }
        return Reply(status, body)

    # --- the books --------------------------------------------------------------------------------

    def _write(self, kind: str, **facts: Any) -> None:
        """Into the books first, then it is so."""
        with self._lock:
            self._books.write(kind, **facts)
            self._apply({"kind": kind, **facts})

    def _read_books(self) -> None:
        self._numbers.clear()
        self._redemptions.clear()
        for kind in ("issued", "trouble", "elsewhere", "redeemed", "closed", "reversed"):
            for entry in self._books.entries(kind):
                self._apply(entry)

    def _apply(self, entry: dict[str, Any]) -> None:
        match entry["kind"]:
            case "issued":
                self._numbers[entry["number"]] = Number(entry["amount_minor"], entry["whole"])
            case "trouble":
                self._numbers[entry["number"]].trouble = entry["trouble"]
            case "elsewhere":
                self._numbers[entry["number"]].minor -= entry["amount_minor"]
            case "closed":
                self._redemptions[entry["reference"]] = Redemption("closed")
            case "redeemed":
                self._numbers[entry["number"]].minor -= entry["amount_minor"]
                self._redemptions[entry["reference"]] = Redemption(
                    "redeemed",
                    entry["number"],
                    entry["asked"],
                    entry["amount_minor"],
                    entry["transaction"],
                    entry["at"],
                )
            case "reversed":
                redemption = self._redemptions[entry["reference"]]
                redemption.state = "reversed"
                self._numbers[redemption.number].minor += redemption.taken


def _trouble(number: Number | None) -> str:
    """Why a number pays for nothing, empty when it does."""
    if number is None:
        return "unknown"
    if number.trouble:
        return number.trouble
    if number.minor <= 0:
        return "used" if number.whole else "empty"
    return ""


def _amount(minor: int) -> dict[str, Any]:
    return {"value": minor, "currency": CURRENCY}


def main() -> None:
    """Run it as its own process, steered over a control socket."""
    parser = argparse.ArgumentParser(description="A simulated issuer of gift cards and vouchers")
    parser.add_argument("--directory", required=True, help="for the books")
    parser.add_argument("--control", required=True, help="path of the Unix socket for verbs")
    parser.add_argument("--keys-file", default="", help="where the kiosk's keys are written")
    parser.add_argument("--port", type=int, default=0)
    given = parser.parse_args()
    sim = GiftCardSim(directory=given.directory, port=given.port)
    write_keys(given.keys_file, sim.keys())
    sim.start()
    try:
        run_far_end(sim, given.control)
    finally:
        sim.stop()


if __name__ == "__main__":
    main()
