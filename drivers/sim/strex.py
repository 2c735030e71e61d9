"""A simulated Strex (Target365): signatures, one-time codes, transactions, and a phone for SMS.

    sim = StrexSim(directory=tmp)
    sim.start(); ...; sim.wait_for("code"); code = sim.read_sms(); sim.books()

The books are on disk and outlive it. As its own process:
`python -m drivers.sim.strex --directory DIR --control SOCKET`.
"""

import argparse
import base64
import hashlib
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from drivers.sim.control import run_far_end
from drivers.sim.terminal_books import Books
from drivers.sim.terminal_wire import read_json
from drivers.sim.wallet_wire import (
    FAULT_VERBS,
    Reply,
    Request,
    WalletFaults,
    WalletServer,
    write_keys,
)

KEY_NAME = "SimKey"
MERCHANT_ID = "sim_merchant"
CLOCK_TOLERANCE_S = 300
FAKE_NUMBERS = {
    "+4700000010": ("Failed", "Undelivered"),
    "+4700000020": ("Failed", "SubscriberBarred"),
}


@dataclass(slots=True)
class Transaction:
    """One transaction or reversal as the provider has it."""

    id: str
    body: dict[str, Any]
    minor: int
    status: str = "Queued"
    detail: str = "Pending"
    billed: bool = False


@dataclass(slots=True)
class Code:
    """One code that was sent."""

    body: dict[str, Any]
    text: str
    expired: bool = False


@dataclass(slots=True)
class _Orders:
    """What the provider was told to do next."""

    fail_with: str = ""
    held: bool = False
    bill_late: bool = False
    refuse_reversals: bool = False
    validity: dict[str, str] = field(default_factory=dict)


class StrexSim(WalletFaults):
    """One provider. Verbs are what phones, hosts and cables do; they return at once."""

    VERBS: ClassVar[tuple[str, ...]] = (
        "books",
        "wait_for",
        "read_sms",
        "expire_codes",
        "next_transaction_fails",
        "hold_transactions",
        "release_transactions",
        "bill_late",
        "bill",
        "set_validity",
        "refuse_reversals",
        *FAULT_VERBS,
    )

    def __init__(
        self, *, directory: str | Path, host: str = "127.0.0.1", port: int = 0, seed: int = 1
    ) -> None:
        directory = Path(directory)
        directory.mkdir(parents=True, exist_ok=True)
        self._server = WalletServer(self._answer, host=host, port=port)
        self._books = Books(directory / "strex-books.jsonl")
        self._key = _key_in(directory / "strex-merchant.pem")
        self._changed = threading.Condition(threading.RLock())
        self._random = random.Random(seed)
        self._codes: dict[str, Code] = {}
        self._transactions: dict[str, Transaction] = {}
        self._nonces: set[str] = set()
        self._do = _Orders()

    # --- life -------------------------------------------------------------------------------------

    def start(self) -> None:
        """Switch it on."""
        self.plug_in()

    def stop(self) -> None:
        """Switch it off for good; the books stay on disk."""
        self.unplug()
        self._books.close()

    def keys(self) -> str:
        """The content of a kiosk's key file."""
        return (
            f'environment = "test"\nkey_name = "{KEY_NAME}"\nprivate_key = """\n'
            f'{_pem(self._key).decode()}"""\n'
        )

    def secrets(self) -> list[str]:
        """All that nobody but the two ends may ever see: the key's lines and the codes."""
        with self._changed:
            lines = _pem(self._key).decode().splitlines()[1:-1]
            return [*lines, *(code.text for code in self._codes.values())]

    # --- what an onlooker sees --------------------------------------------------------------------

    def state(self) -> dict[str, Any]:
        """The newest code or transaction, and how many there are. No number, no code."""
        with self._changed:
            newest = next(reversed(self._transactions.values()), None)
            state = newest.status if newest else ""
            waiting = self._codes and (newest is None or self._newest_code() not in newest.id)
            return {
                "url": self.url,
                "plugged_in": self.plugged_in,
                "codes": len(self._codes),
                "transactions": len(self._transactions),
                "state": "code" if waiting else state,
                "amount_minor": newest.minor if newest else 0,
            }

    def books(self) -> list[dict[str, Any]]:
        """Each billed transaction: reference, amount, captured (all, at once), refunded."""
        sums: dict[str, dict[str, Any]] = {}
        for entry in self._books.entries("billed"):
            taken = {"captured": entry["amount_minor"], "refunded": 0, "cancelled": 0}
            sums[entry["reference"]] = {**entry, **taken}
        for entry in self._books.entries("refunded"):
            sums[entry["reference"]]["refunded"] += entry["amount_minor"]
        return list(sums.values())

    def transaction(self, number: int = -1) -> Transaction:
        """One transaction, the newest by default."""
        with self._changed:
            return list(self._transactions.values())[number]

    def wait_for(self, state: str, within_s: float = 10.0) -> None:
        """Wait for "code" (one was sent) or a transaction's status; else TimeoutError."""
        self.wait_until(lambda: self.state()["state"] == state, within_s)

    def wait_until(self, condition: Callable[[], bool], within_s: float = 10.0) -> None:
        """Wait until `condition`, looked at after each change; TimeoutError when it never holds."""
        with self._changed:
            if not self._changed.wait_for(condition, within_s):
                raise TimeoutError("it never got there")

    # --- phones -----------------------------------------------------------------------------------

    def read_sms(self) -> str:
        """The code in the newest SMS."""
        with self._changed:
            if not self._codes:
                raise ValueError("no SMS came")
            return self._codes[self._newest_code()].text

    def expire_codes(self) -> None:
        """All codes are too old."""
        with self._changed:
            for code in self._codes.values():
                code.expired = True

    # --- the provider -----------------------------------------------------------------------------

    def next_transaction_fails(self, detail: str) -> None:
        """Refuse the next one so: InsufficientFunds, SubscriberLimitExceeded, and so on."""
        with self._changed:
            self._do.fail_with = detail

    def hold_transactions(self) -> None:
        """Leave transactions and reversals at Sent/Pending until `release_transactions`."""
        with self._changed:
            self._do.held = True

    def release_transactions(self) -> None:
        """Go on with all that wait."""
        with self._changed:
            self._do.held = False
            for transaction in self._transactions.values():
                if transaction.status == "Sent":
                    self._finish(transaction)
            self._changed.notify_all()

    def bill_late(self) -> None:
        """The next transaction is Ok and not billed, until `bill`."""
        with self._changed:
            self._do.bill_late = True

    def bill(self) -> None:
        """Bill what is Ok."""
        with self._changed:
            for transaction in self._transactions.values():
                if transaction.status == "Ok" and not transaction.billed:
                    self._bill(transaction)

    def set_validity(self, recipient: str, validity: str) -> None:
        """What a number may: Unregistered, Partial, Full (all others) or Barred."""
        with self._changed:
            self._do.validity[recipient] = validity

    def refuse_reversals(self) -> None:
        """Answer reversals with 409."""
        with self._changed:
            self._do.refuse_reversals = True

    def _answer(self, request: Request) -> Reply:
        with self._changed:
            if not self._signed(request):
                return Reply(401)
            try:
                return self._route(request)
            finally:
                self._changed.notify_all()

    def _route(self, request: Request) -> Reply:
        match request.method, request.path.strip("/").split("/")[1:]:
            case "GET", ["ping"]:
                return Reply(200, "pong", content_type="text/plain")
            case "GET", ["strex", "validity"]:
                recipient = request.query["recipient"]
                return Reply(200, self._do.validity.get(recipient, "Full"))
            case "POST", ["strex", "one-time-passwords"]:
                return self._send_code(read_json(request.body))
            case "GET", ["strex", "one-time-passwords", name] if name in self._codes:
                return Reply(200, {**self._codes[name].body, "delivered": True})
            case "POST", ["strex", "transactions"]:
                return self._begin(read_json(request.body))
            case "GET", ["strex", "transactions", name] if name in self._transactions:
                return Reply(200, _told(self._transactions[name]))
            case "DELETE", ["strex", "transactions", name] if name in self._transactions:
                return self._reverse(self._transactions[name])
        return Reply(404)

    def _signed(self, request: Request) -> bool:
        scheme, _, rest = request.headers.get("authorization", "").partition(" ")
        parts = rest.split(":")
        if scheme != "ECDSA" or len(parts) != 4 or parts[0] != KEY_NAME:
            return False
        _, at, nonce, signature = parts
        there_s = time.time() + self._server.clock_ahead_s
        if abs(int(at) - there_s) > CLOCK_TOLERANCE_S or nonce in self._nonces:
            return False
        self._nonces.add(nonce)
        url = f"{self.called_as}{request.target}"
        hashed = base64.b64encode(hashlib.sha256(request.body).digest()).decode()
        text = f"{request.method.lower()}{url.lower()}{at}{nonce}{hashed if request.body else ''}"
        raw = base64.b64decode(signature)
        der = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
        try:
            self._key.public_key().verify(der, text.encode(), ec.ECDSA(hashes.SHA256()))
        except InvalidSignature:
            return False
        return True

    def _send_code(self, body: dict[str, Any]) -> Reply:
        if body["merchantId"] != MERCHANT_ID or body["transactionId"] in self._codes:
            return Reply(400)
        self._codes[body["transactionId"]] = Code(body, f"{self._random.randrange(10_000):04}")
        return Reply(201)

    def _begin(self, body: dict[str, Any]) -> Reply:
        name = body["transactionId"]
        if body["merchantId"] != MERCHANT_ID or name in self._transactions:
            return Reply(400)
        transaction = Transaction(id=name, body=body, minor=int(Decimal(body["price"]) * 100))
        self._transactions[name] = transaction
        code = self._codes.get(name)
        if code is None or code.text != body.get("oneTimePassword"):
            transaction.status, transaction.detail = "Failed", "OneTimePasswordFailed"
        elif code.expired:
            transaction.status, transaction.detail = "Failed", "OneTimePasswordExpired"
        elif self._do.held:
            transaction.status, transaction.detail = "Sent", "Pending"
        else:
            self._finish(transaction)
        return Reply(201, None, {"Location": f"{self.called_as}/api/strex/transactions/{name}"})

    def _finish(self, transaction: Transaction) -> None:
        fake = FAKE_NUMBERS.get(transaction.body["recipient"])
        failed, self._do.fail_with = self._do.fail_with, ""
        if fake or failed:
            transaction.status, transaction.detail = fake or ("Failed", failed)
            return
        transaction.status, transaction.detail = "Ok", "Delivered"
        late, self._do.bill_late = self._do.bill_late, False
        if not late:
            self._bill(transaction)

    def _bill(self, transaction: Transaction) -> None:
        transaction.billed = True
        if transaction.id.startswith("-"):
            name = transaction.id[1:]
            self._books.write("refunded", reference=name, amount_minor=-transaction.minor)
        else:
            self._books.write(
                "billed", reference=transaction.id, amount_minor=transaction.minor, currency="NOK"
            )

    def _reverse(self, transaction: Transaction) -> Reply:
        name = f"-{transaction.id}"
        if self._do.refuse_reversals or not transaction.billed:
            return Reply(409)
        if name not in self._transactions:
            body = {**transaction.body, "transactionId": name, "price": -transaction.body["price"]}
            back = Transaction(id=name, body=body, minor=-transaction.minor)
            self._transactions[name] = back
            if self._do.held:
                back.status = "Sent"
            else:
                self._finish(back)
        return Reply(204)

    def _newest_code(self) -> str:
        return next(reversed(self._codes), "")


def _told(transaction: Transaction) -> dict[str, Any]:
    body = {k: v for k, v in transaction.body.items() if k != "oneTimePassword"}
    price = body["price"]
    return {
        **body,
        "price": float(price) if isinstance(price, Decimal) else price,
        "statusCode": transaction.status,
        "detailedStatusCode": transaction.detail,
        "billed": transaction.billed,
    }


def _key_in(path: Path) -> ec.EllipticCurvePrivateKey:
    """The merchant's key of an earlier life, or a new one: a kiosk keeps its key file."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_bytes(_pem(ec.generate_private_key(ec.SECP256R1())))
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return key


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def main() -> None:
    """Run it as its own process, steered over a control socket."""
    parser = argparse.ArgumentParser(description="A simulated Strex")
    parser.add_argument("--directory", required=True, help="for key and books")
    parser.add_argument("--control", required=True, help="path of the Unix socket for verbs")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--keys-file", default="", help="where the kiosk's keys are written")
    given = parser.parse_args()
    sim = StrexSim(directory=given.directory, port=given.port)
    write_keys(given.keys_file, sim.keys())
    sim.start()
    try:
        run_far_end(sim, given.control)
    finally:
        sim.stop()


if __name__ == "__main__":
    main()
