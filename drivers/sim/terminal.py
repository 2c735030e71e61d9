"""A simulated card terminal: nexo JSON over HTTPS, a reader, a PIN pad, and known ways to fail.

    sim = NexoTerminalSim(directory=tmp, passphrase="...")
    sim.start(); ...; sim.wait_for("card"); sim.tap_card(); sim.books()

`books()` is the truth about money and outlives every crash, the simulator's own too. As its own
process: `python -m drivers.sim.terminal --directory DIR --passphrase-file FILE --control SOCKET`.
"""

import argparse
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

from drivers.sim.control import run_far_end
from drivers.sim.terminal_books import Books
from drivers.sim.terminal_cards import CARDS, PIN, TestCard, approval, failure
from drivers.sim.terminal_display import DisplayPoster
from drivers.sim.terminal_faults import FAULT_VERBS, Faults
from drivers.sim.terminal_wire import (
    Reply,
    TerminalCrypto,
    TerminalServer,
    make_certificates,
    read_json,
    write_json,
)

PIN_TRIES = 3
TEXTS = {
    "TENDER_CREATED": "Vis kort",
    "INSERT_CARD": "Sett inn kort",
    "WAIT_FOR_PIN": "Tast PIN",
    "WRONG_PIN": "Feil PIN",
    "PIN_ENTERED": "Vennligst vent",
    "CARD_PRESENTED": "Vennligst vent",
    "CARD_INSERTED": "Vennligst vent",
    "REMOVE_CARD": "Ta ut kortet",
    "APPROVED": "Godkjent",
    "DECLINED": "Avvist",
}


@dataclass
class _Payment:
    """One payment on the terminal's screen."""

    header: dict[str, Any]
    sale: dict[str, str]
    amount: Decimal
    currency: str
    waiting_for: str = "card"
    card: TestCard | None = None
    entry_mode: str = ""
    wrong_pins: int = 0
    body: dict[str, Any] | None = None
    lost: bool = False
    key: tuple[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.key = (self.header["SaleID"], self.header["ServiceID"])

    @property
    def over(self) -> bool:
        return self.body is not None or self.lost


class NexoTerminalSim(Faults):
    """One terminal on a desk. Verbs are what hands, hosts and cables do; they return at once."""

    VERBS: ClassVar[tuple[str, ...]] = (
        "books",
        "wait_for",
        "tap_card",
        "insert_card",
        "type_pin",
        "wrong_pin",
        "press_red",
        "walk_away",
        "decline",
        "hold_host",
        "release_host",
        "unplug",
        "plug_in",
        "reboot",
        *FAULT_VERBS,
    )

    def __init__(
        self,
        *,
        directory: str | Path,
        passphrase: str,
        key_identifier: str = "kiosk",
        key_version: int = 1,
        poi_id: str = "S1F2-000158213606123",
        host: str = "127.0.0.1",
        port: int = 0,
        display_url: str = "",
        certificate_name: str = "",
        contactless_limit_minor: int = 50_000,
        card_timeout_s: float = 120.0,
    ) -> None:
        super().__init__()
        directory = Path(directory)
        self.poi_id = poi_id
        self.ca_file, certificate = make_certificates(
            directory, certificate_name or f"{poi_id}.test.terminal.adyen.com"
        )
        self._books = Books(directory / "terminal-books.jsonl")
        self._crypto = TerminalCrypto(passphrase, key_identifier, key_version)
        self._server = TerminalServer(host, port, certificate, self._answer)
        self._display = DisplayPoster(display_url, poi_id, self._crypto)
        self._host = host
        self._contactless_limit_minor = contactless_limit_minor
        self._card_timeout_s = card_timeout_s
        self._changed = threading.Condition()
        self._current: _Payment | None = None
        self._plugged = False
        self._host_says = "Success"
        self._host_held = False
        self._heard: list[str] = []
        self._refused_duplicates = 0

    # --- life -------------------------------------------------------------------------------------

    @property
    def url(self) -> str:
        """Where tills post to."""
        return f"https://{self._host}:{self._server.port}/nexo"

    def start(self) -> None:
        """Switch it on."""
        self.plug_in()

    def stop(self) -> None:
        """Switch it off for good; the books stay on disk."""
        self.unplug()
        self._display.stop()
        self._books.close()

    def set_display_url(self, url: str) -> None:
        """Say where the till wants its notifications."""
        self._display.url = url

    # --- what an onlooker sees --------------------------------------------------------------------

    def books(self) -> list[dict[str, Any]]:
        """Return every approved transaction, with `reversed`. The truth about money."""
        return self._books.transactions()

    def state(self) -> dict[str, Any]:
        """What it shows now, and which categories of messages it heard so far."""
        with self._changed:
            payment = self._current
            return {
                "plugged": self._plugged,
                "waiting_for": payment.waiting_for if payment else "",
                "amount_minor": _minor(payment.amount) if payment else 0,
                "service_id": payment.header["ServiceID"] if payment else "",
                "heard": list(self._heard),
                "refused_duplicates": self._refused_duplicates,
                "url": self.url,
            }

    def heard(self, category: str) -> int:
        """How many messages of a category came in."""
        with self._changed:
            return self._heard.count(category)

    def wait_for(self, what: str, within_s: float = 10.0) -> None:
        """Wait until it waits for "card", "pin", "host" or "" (idle); else TimeoutError."""

        def there() -> bool:
            return (self._current.waiting_for if self._current else "") == what

        self.wait_until(there, within_s)

    def wait_until(self, condition: Callable[[], bool], within_s: float = 10.0) -> None:
        """Wait until `condition`, looked at after each change; TimeoutError when it never holds."""
        with self._changed:
            if not self._changed.wait_for(condition, within_s):
                raise TimeoutError("the terminal never got there")

    # --- hands ------------------------------------------------------------------------------------

    def tap_card(self, card: str = "visa") -> None:
        """Hold a card to the reader. Above the contactless limit the PIN is asked for."""
        self._present(card, "Contactless")

    def insert_card(self, card: str = "visa") -> None:
        """Put a card into the reader: chip, always with PIN."""
        self._present(card, "ICC")

    def type_pin(self, pin: str) -> None:
        """Type a PIN and the green key."""
        with self._changed:
            payment = self._waiting("pin")
            if pin != PIN:
                payment.wrong_pins += 1
                self._show(payment, "WRONG_PIN")
                if payment.wrong_pins == PIN_TRIES:
                    self._finish(payment, self._refuse(payment, "WrongPIN"))
                else:
                    self._show(payment, "WAIT_FOR_PIN")
                return
            self._show(payment, "PIN_ENTERED")
            self._go_online(payment)

    def wrong_pin(self) -> None:
        """Type a PIN that is not the card's."""
        self.type_pin("0000")

    def press_red(self) -> None:
        """The shopper's red key."""
        self._end_by_hand("Cancel")

    def walk_away(self) -> None:
        """Nobody comes: the terminal's own time-out runs off now."""
        self._end_by_hand("Cancel")

    def decline(self, condition: str = "Refusal") -> None:
        """The bank will refuse the next card, for this ErrorCondition."""
        with self._changed:
            self._host_says = condition

    def hold_host(self) -> None:
        """The bank takes its time, until `release_host`."""
        with self._changed:
            self._host_held = True

    def release_host(self) -> None:
        """The bank answers."""
        with self._changed:
            self._host_held = False
            if self._current is not None and self._current.waiting_for == "host":
                self._authorise(self._current)

    # --- cables -----------------------------------------------------------------------------------

    def unplug(self) -> None:
        """Pull the network cable. The terminal goes on by itself."""
        with self._changed:
            self._plugged = False
            self._changed.notify_all()
        self._server.unplug()

    def plug_in(self) -> None:
        """Put it back, same address."""
        self._server.plug_in()
        with self._changed:
            self._plugged = True
            self._changed.notify_all()

    def reboot(self) -> None:
        """Power off and on: what is on the screen is gone, what is in the books is not."""
        self.unplug()
        with self._changed:
            if self._current is not None:
                self._current.lost = True
                self._current = None
            self._changed.notify_all()
        self.plug_in()

    # --- the payment ------------------------------------------------------------------------------

    def _present(self, card: str, entry_mode: str) -> None:
        with self._changed:
            payment = self._waiting("card")
            contactless = entry_mode == "Contactless"
            if contactless and self._take("needs_insert"):
                self._show(payment, "INSERT_CARD")
                return
            payment.card, payment.entry_mode = CARDS[card], entry_mode
            self._show(payment, "CARD_PRESENTED" if contactless else "CARD_INSERTED")
            if contactless and _minor(payment.amount) <= self._contactless_limit_minor:
                self._go_online(payment)
            else:
                payment.waiting_for = "pin"
                self._show(payment, "WAIT_FOR_PIN")
                self._changed.notify_all()

    def _go_online(self, payment: _Payment) -> None:
        payment.waiting_for = "host"
        self._changed.notify_all()
        if not self._host_held:
            self._authorise(payment)

    def _authorise(self, payment: _Payment) -> None:
        says, self._host_says = self._host_says, "Success"
        if says == "Success":
            self._show(payment, "APPROVED")
            self._finish(payment, self._approve(payment))
        else:
            self._finish(payment, self._refuse(payment, says))
        if payment.entry_mode == "ICC":
            self._show(payment, "REMOVE_CARD")

    def _approve(self, payment: _Payment) -> dict[str, Any]:
        partial = self._take("partial")
        other = self._take("amount")
        minor = partial or other or _minor(payment.amount)
        amount = (Decimal(minor) / 100).quantize(Decimal("0.01"))
        currency = self._take("currency") or payment.currency
        count = len(self._books.entries("approved")) + 1
        transaction = {"TransactionID": f"SIM{count:06d}.SELVKASSE", "TimeStamp": _now()}
        self._books.write(
            "approved",
            sale_id=payment.key[0],
            service_id=payment.key[1],
            sale_transaction_id=payment.sale["TransactionID"],
            transaction_id=transaction["TransactionID"],
            amount_minor=minor,
            currency=currency,
        )
        assert payment.card is not None
        return approval(
            payment.card,
            sale=payment.sale,
            transaction=transaction,
            amount=amount,
            currency=currency,
            entry_mode=payment.entry_mode,
            poi_id=self.poi_id,
            partial=partial is not None,
        )

    def _refuse(self, payment: _Payment, condition: str) -> dict[str, Any]:
        if condition not in ("Cancel", "Aborted"):
            self._show(payment, "DECLINED")
        return {
            "Response": failure(condition, "not approved"),
            "SaleData": {"SaleTransactionID": payment.sale},
            "POIData": {"POITransactionID": {"TransactionID": "0", "TimeStamp": _now()}},
        }

    def _end_by_hand(self, condition: str) -> None:
        with self._changed:
            payment = self._current
            if payment is None or payment.waiting_for == "host":
                raise ValueError("nothing on the screen that could be ended")
            self._finish(payment, self._refuse(payment, condition))

    def _finish(self, payment: _Payment, body: dict[str, Any]) -> None:
        """Put the end into the books, then let the till's request have it."""
        self._remember("Payment", payment.header, body)
        payment.body = body
        self._current = None
        self._changed.notify_all()

    def _remember(self, category: str, header: dict[str, Any], body: dict[str, Any]) -> None:
        self._books.write(
            "answer",
            category=category,
            sale_id=header["SaleID"],
            service_id=header["ServiceID"],
            body=write_json(body),
        )

    def _waiting(self, what: str) -> _Payment:
        if self._current is None or self._current.waiting_for != what:
            raise ValueError(f"the terminal does not wait for a {what}")
        return self._current

    def _show(self, payment: _Payment, event: str) -> None:
        self._display.show(payment.header, event, TEXTS.get(event, ""))

    # --- messages ---------------------------------------------------------------------------------

    def _answer(self, raw: bytes) -> Reply:
        try:
            outside = read_json(raw)["SaleToPOIRequest"]
            inside = read_json(self._crypto.open(outside))["SaleToPOIRequest"]
            header = inside["MessageHeader"]
            if header != outside["MessageHeader"] or header["POIID"] != self.poi_id:
                raise ValueError("header")
        except (KeyError, ValueError, TypeError):
            return Reply(b"", 400)
        category = header["MessageCategory"]
        with self._changed:
            self._heard.append(category)
            self._changed.notify_all()
        match category:
            case "Payment":
                return self._payment(header, inside["PaymentRequest"])
            case "Reversal":
                body = self._reversal(header, inside["ReversalRequest"])
                return self._sent(header, "ReversalResponse", body)
            case "Abort":
                return self._abort(header, inside["AbortRequest"])
            case "TransactionStatus":
                body = self._status(inside["TransactionStatusRequest"])
                return self._sent(header, "TransactionStatusResponse", body)
            case "Diagnosis":
                return self._sent(header, "DiagnosisResponse", self._diagnosis())
        return Reply(b"", 400)

    def _payment(self, header: dict[str, Any], request: dict[str, Any]) -> Reply:
        amounts = request["PaymentTransaction"]["AmountsReq"]
        payment = _Payment(
            header=header,
            sale=request["SaleData"]["SaleTransactionID"],
            amount=Decimal(amounts["RequestedAmount"]),
            currency=amounts["Currency"],
        )
        with self._changed:
            refusal = self._refusal(payment)
            if refusal:
                body = self._refuse(payment, refusal)
                if refusal not in ("Busy", "NotAllowed"):
                    self._remember("Payment", header, body)
                return self._sent(header, "PaymentResponse", body)
            self._current = payment
            self._show(payment, "TENDER_CREATED")
            self._changed.notify_all()
            if not self._changed.wait_for(lambda: payment.over, self._card_timeout_s):
                self._finish(payment, self._refuse(payment, "Cancel"))
            if payment.lost or payment.body is None:
                return Reply(None)
            return self._sent(header, "PaymentResponse", payment.body)

    def _refusal(self, payment: _Payment) -> str:
        if self._find("Payment", *payment.key) is not None:
            self._refused_duplicates += 1
            return "NotAllowed"
        if self._current is not None or self.is_busy:
            return "Busy"
        return self.refuses_with or (self._take("card_left_in") and "InsertedCard") or ""

    def _abort(self, header: dict[str, Any], request: dict[str, Any]) -> Reply:
        reference = request["MessageReference"]
        with self._changed:
            payment = self._current
            if (
                payment is not None
                and payment.key == (reference["SaleID"], reference["ServiceID"])
                and payment.waiting_for != "host"
                and not self.ignores_aborts
            ):
                self._finish(payment, self._refuse(payment, "Aborted"))
        if self.abort_answer == "body":
            return self._sent(header, "AbortResponse", {"Response": {"Result": "Success"}})
        return Reply(b"", 204 if self.abort_answer == "204" else 200)

    def _status(self, request: dict[str, Any]) -> dict[str, Any]:
        reference = request["MessageReference"]
        key = (reference["SaleID"], reference["ServiceID"])
        category = reference["MessageCategory"]
        with self._changed:
            if self._current is not None and self._current.key == key:
                return {"Response": failure("InProgress"), "MessageReference": reference}
            body = self._find(category, *key)
        if body is None:
            return {"Response": failure("NotFound"), "MessageReference": reference}
        return {
            "Response": {"Result": "Success"},
            "MessageReference": reference,
            "RepeatedMessageResponse": {
                "MessageHeader": {
                    "ProtocolVersion": "3.0",
                    "MessageClass": "Service",
                    "MessageCategory": category,
                    "MessageType": "Response",
                    "SaleID": key[0],
                    "ServiceID": self._take("repeat_other") or key[1],
                    "POIID": self.poi_id,
                },
                "RepeatedResponseMessageBody": {f"{category}Response": body},
            },
        }

    def _find(self, category: str, sale_id: str, service_id: str) -> dict[str, Any] | None:
        """Return the answer that is remembered, whatever life it is from."""
        if service_id in self.forgotten:
            return None
        for entry in reversed(self._books.entries("answer")):
            if (entry["category"], entry["sale_id"], entry["service_id"]) == (
                category,
                sale_id,
                service_id,
            ):
                body: dict[str, Any] = read_json(entry["body"].encode())
                return body
        return None

    def _reversal(self, header: dict[str, Any], request: dict[str, Any]) -> dict[str, Any]:
        original = request["OriginalPOITransaction"]["POITransactionID"]["TransactionID"]
        with self._changed:
            open_ids = [t["transaction_id"] for t in self.books() if not t["reversed"]]
            if self._take("refuse_reversal") or original not in open_ids:
                body = {
                    "Response": failure("NotAllowed" if original not in open_ids else "Refusal")
                }
            else:
                self._books.write("reversed", transaction_id=original)
                transaction = {"TransactionID": f"{original}.R", "TimeStamp": _now()}
                body = {
                    "Response": {"Result": "Success"},
                    "POIData": {"POITransactionID": transaction},
                }
            self._remember("Reversal", header, body)
        return body

    def _diagnosis(self) -> dict[str, Any]:
        with self._changed:
            if self._current is not None or self.is_busy:
                return {"Response": failure("Busy")}
        return {
            "Response": {"Result": "Success"},
            "POIStatus": {
                "GlobalStatus": "Maintenance" if self.refuses_with else "OK",
                "CommunicationOKFlag": True,
            },
            "HostStatus": [{"AcquirerID": 1, "IsReachableFlag": not self.host_is_down}],
        }

    def _sent(self, header: dict[str, Any], name: str, body: dict[str, Any]) -> Reply:
        """Seal an answer, and spoil it if that was asked for."""
        answered = {**header, "MessageType": "Response"}
        return self._spoil(answered, name, body, self._crypto, self._pause)

    def _pause(self, seconds: float) -> None:
        """Wait, unless the cable is pulled meanwhile."""
        deadline = time.monotonic() + seconds
        with self._changed:
            self._changed.wait_for(lambda: not self._plugged, deadline - time.monotonic())

    def last_service_id(self) -> str:
        """The service id of the newest remembered answer."""
        entries = self._books.entries("answer")
        return str(entries[-1]["service_id"]) if entries else ""


def _minor(amount: Decimal) -> int:
    return int(amount * 100)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def main() -> None:
    """Run one terminal as its own process, steered over a control socket."""
    parser = argparse.ArgumentParser(description="A simulated nexo terminal")
    parser.add_argument("--directory", required=True, help="for certificates and books")
    parser.add_argument("--passphrase-file", required=True)
    parser.add_argument("--control", required=True, help="path of the Unix socket for verbs")
    parser.add_argument("--key-identifier", default="kiosk")
    parser.add_argument("--poi-id", default="S1F2-000158213606123")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--display-url", default="")
    given = parser.parse_args()
    sim = NexoTerminalSim(
        directory=given.directory,
        passphrase=Path(given.passphrase_file).read_text().removesuffix("\n"),
        key_identifier=given.key_identifier,
        poi_id=given.poi_id,
        port=given.port,
        display_url=given.display_url,
    )
    sim.start()
    try:
        run_far_end(sim, given.control)
    finally:
        sim.stop()


if __name__ == "__main__":
    main()
