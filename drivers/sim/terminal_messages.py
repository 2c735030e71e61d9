"""What the simulated terminal says to each message, and what it remembers of it.

How it is written is the dialect's; hands and cables are TerminalSim's. Everything here happens
under one condition, `_changed`, which is notified whenever something on the terminal changes.
"""

import threading
import time
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, ClassVar

from drivers.sim.terminal_batch import end_day
from drivers.sim.terminal_books import Books
from drivers.sim.terminal_cards import failure
from drivers.sim.terminal_display import Poster
from drivers.sim.terminal_faults import Faults
from drivers.sim.terminal_payment import TEXTS, Payment
from drivers.sim.terminal_server import Reply
from drivers.sim.terminal_wire import read_json, write_json


class Messages(Faults):
    """Answers payments, reversals, aborts, status and diagnosis requests."""

    UNFINISHED: ClassVar[str] = "InProgress"
    """What a status request about a running payment is told."""

    def __init__(
        self, *, poi_id: str, books: Books, display: Poster, card_timeout_s: float
    ) -> None:
        super().__init__()
        self.poi_id = poi_id
        self._books = books
        self._display = display
        self._card_timeout_s = card_timeout_s
        self._changed = threading.Condition()
        self._current: Payment | None = None
        self._plugged = False
        self._heard: list[str] = []
        self._refused_duplicates = 0

    def books(self) -> list[dict[str, Any]]:
        """Return every approved transaction, with `reversed`. The truth about money."""
        return self._books.transactions()

    def refunds(self) -> list[dict[str, Any]]:
        """Return what was paid back to cards without reversing a transaction."""
        return self._books.entries("refunded")

    def last_service_id(self) -> str:
        """The service id of the newest remembered answer."""
        entries = self._books.entries("answer")
        return str(entries[-1]["service_id"]) if entries else ""

    def _heard_message(self, header: dict[str, Any], inside: dict[str, Any]) -> Reply:
        """Answer one message, once the dialect has read it."""
        category = header["MessageCategory"]
        with self._changed:
            self._heard.append(category)
            self._changed.notify_all()
        return self._answer_to(category, header, inside)

    def _answer_to(self, category: str, header: dict[str, Any], inside: dict[str, Any]) -> Reply:
        match category:
            case "Payment":
                return self._payment(header, inside["PaymentRequest"])
            case "Reversal":
                body = self._reversal(header, inside["ReversalRequest"])
                return self._sent(header, "ReversalResponse", body)
            case "Abort":
                return self._abort(header, inside["AbortRequest"])
            case "TransactionStatus":
                body = self._status(header, inside["TransactionStatusRequest"])
                return self._sent(header, "TransactionStatusResponse", body)
            case "Reconciliation":
                body = self._reconciliation(header)
                return self._sent(header, "ReconciliationResponse", body)
            case "Diagnosis":
                return self._sent(header, "DiagnosisResponse", self._diagnosis())
        return Reply(b"", 400)

    def _payment(self, header: dict[str, Any], request: dict[str, Any]) -> Reply:
        amounts = request["PaymentTransaction"]["AmountsReq"]
        payment = Payment(
            header=header,
            sale=request["SaleData"]["SaleTransactionID"],
            amount=Decimal(amounts["RequestedAmount"]),
            currency=amounts["Currency"],
            refund=request.get("PaymentData", {}).get("PaymentType") == "Refund",
        )
        with self._changed:
            refusal = self._refusal(payment)
            if refusal:
                body = self._refuse(payment, refusal)
                if refusal not in ("Busy", "LoggedOut", "NotAllowed"):
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

    def _refusal(self, payment: Payment) -> str:
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

    def _status(self, header: dict[str, Any], request: dict[str, Any]) -> dict[str, Any]:
        reference = request.get("MessageReference") or self._last_reference(header)
        if reference is None:
            return {"Response": failure(self.UNFINISHED if self._at_work() else "NotFound")}
        key = (reference["SaleID"], reference["ServiceID"])
        category = reference["MessageCategory"]
        with self._changed:
            if self._current is not None and self._current.key == key:
                return {"Response": failure(self.UNFINISHED), "MessageReference": reference}
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

    def _at_work(self) -> bool:
        with self._changed:
            return self._current is not None or self.is_busy

    def _last_reference(self, header: dict[str, Any]) -> dict[str, Any] | None:
        """Return a reference to the last answer for this till; None while it is at work."""
        entries = self._books.entries("answer")
        ours = [entry for entry in entries if entry["sale_id"] == header["SaleID"]]
        if not ours or self._at_work():
            return None
        return {
            "MessageCategory": ours[-1]["category"],
            "SaleID": ours[-1]["sale_id"],
            "ServiceID": ours[-1]["service_id"],
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
        part = request.get("ReversedAmount")
        with self._changed:
            may = original in self._reversible()
            if may and part is not None:
                may = minor_of(Decimal(part)) <= self._books.left_of(original)
            if not may or self._take("refuse_reversal"):
                body = {"Response": failure("Refusal" if may else "NotAllowed")}
            else:
                self._give_back(header, original, part)
                transaction = {"TransactionID": f"{original}.R", "TimeStamp": now()}
                body = {
                    "Response": {"Result": "Success"},
                    "POIData": {"POITransactionID": transaction},
                }
            self._remember("Reversal", header, body)
        return body

    def _give_back(self, header: dict[str, Any], original: str, part: Any) -> None:
        if part is None:
            self._books.write("reversed", transaction_id=original)
            return
        self._books.write(
            "refunded",
            sale_id=header["SaleID"],
            service_id=header["ServiceID"],
            transaction_id=f"{original}.R",
            amount_minor=minor_of(Decimal(part)),
            of=original,
        )

    def _reversible(self) -> list[str]:
        """Return the ids of the transactions that can be given back."""
        return [t["transaction_id"] for t in self.books() if not t["reversed"]]

    def _reconciliation(self, header: dict[str, Any]) -> dict[str, Any]:
        with self._changed:
            refusal = "NotAllowed" if self.keeps_no_day else "Busy" if self._at_work() else ""
            if refusal:
                return {
                    "Response": failure(refusal),
                    "ReconciliationType": "SaleReconciliation",
                }
            off_by = self._take("total") or 0
            return end_day(
                self._books, sale_id=header["SaleID"], poi_id=self.poi_id, off_by_minor=off_by
            )

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
        """Write an answer, and spoil it if that was asked for."""
        if name == "PaymentResponse":
            self._display.flush()
        answered = {**header, "MessageType": "Response"}
        return self._spoil(answered, name, body, self._pause)

    def _pause(self, seconds: float) -> None:
        """Wait, unless the cable is pulled meanwhile."""
        deadline = time.monotonic() + seconds
        with self._changed:
            self._changed.wait_for(lambda: not self._plugged, deadline - time.monotonic())

    def _refuse(self, payment: Payment, condition: str) -> dict[str, Any]:
        if condition not in ("Cancel", "Aborted"):
            self._show(payment, "DECLINED")
        return {
            "Response": failure(condition, "not approved"),
            "SaleData": {"SaleTransactionID": payment.sale},
            "POIData": {"POITransactionID": {"TransactionID": "0", "TimeStamp": now()}},
        }

    def _finish(self, payment: Payment, body: dict[str, Any]) -> None:
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

    def _show(self, payment: Payment, event: str) -> None:
        self._display.show(payment.header, event, TEXTS.get(event, ""))


def minor_of(amount: Decimal) -> int:
    """Return an amount in øre."""
    return int(amount * 100)


def now() -> str:
    """Return the time stamp of a message."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")
