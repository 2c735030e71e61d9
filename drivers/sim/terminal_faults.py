"""How the simulated terminal misbehaves on command: each verb spoils the next fitting answer."""

import os
from collections.abc import Callable
from typing import Any, Final

from drivers.sim.terminal_server import Reply

HANG_S = 600.0
PAN_THAT_NOBODY_HAS: Final = "4999990000000007"
"""Passes Luhn, so that a test can look for it in logs; from a range that is issued to nobody."""

FAULT_VERBS: Final = (
    "answer_late",
    "lose_next_answer",
    "lose_answers",
    "answer_twice",
    "answer_with_amount",
    "answer_with_currency",
    "answer_for_other_sale",
    "answer_for_other_service",
    "answer_for_other_terminal",
    "approve_partially",
    "approve_offline",
    "answer_garbage",
    "answer_too_much",
    "answer_with_http_error",
    "answer_with_whole_card_number",
    "replay_last_answer",
    "repeat_other",
    "never_answer",
    "stay_silent_after_abort",
    "busy",
    "out_of_order",
    "host_down",
    "forget_last",
    "leave_card_in",
    "need_insert",
    "ignore_aborts",
    "answer_aborts_with",
    "refuse_reversal",
    "count_wrongly",
    "keep_no_day",
)
_HEADER_FAULTS: Final = {"other_sale": "SaleID", "other_service": "ServiceID", "other_poi": "POIID"}


class Faults:
    """The faulty part of a simulated terminal. One-shot faults wait in `_next` by name."""

    def __init__(self) -> None:
        self._next: dict[str, Any] = {}
        self._lost_answers = 0
        self._last_answer = b""
        self.is_busy = False
        self.refuses_with = ""
        self.host_is_down = False
        self.ignores_aborts = False
        self.abort_answer = "204"
        self.forgotten: set[str] = set()
        self.keeps_no_day = False

    # --- the next answer to a payment or reversal -------------------------------------------------

    def answer_late(self, seconds: float) -> None:
        """The next answer comes this much later."""
        self._next["late"] = seconds

    def lose_next_answer(self) -> None:
        """The connection breaks instead of the next answer; the work is done all the same."""
        self._next["lose"] = True

    def never_answer(self) -> None:
        """The next answer never comes, and the connection stays open."""
        self._next["late"] = HANG_S

    def answer_twice(self) -> None:
        """The next answer comes twice on its connection."""
        self._next["twice"] = True

    def answer_with_amount(self, minor: int) -> None:
        """The next approval is for, and charges, another amount."""
        self._next["amount"] = minor

    def answer_with_currency(self, currency: str) -> None:
        """The next approval is in another currency."""
        self._next["currency"] = currency

    def approve_partially(self, minor: int) -> None:
        """The next approval is Partial, of this much."""
        self._next["partial"] = minor

    def approve_offline(self) -> None:
        """The next approval is made without the host, and forwarded later."""
        self._next["offline"] = True

    def answer_for_other_sale(self) -> None:
        """The next answer is addressed to another kiosk."""
        self._next["other_sale"] = "KIOSK-99"

    def answer_for_other_service(self) -> None:
        """The next answer belongs to another request."""
        self._next["other_service"] = "OTHER00001"

    def answer_for_other_terminal(self) -> None:
        """The next answer is another terminal's."""
        self._next["other_poi"] = "S1F2-000000000000000"

    def answer_garbage(self) -> None:
        """The next answer is noise."""
        self._next["garbage"] = os.urandom(300)

    def answer_too_much(self, size: int = 2_000_000) -> None:
        """The next answer is larger than any message."""
        self._next["garbage"] = b" " * size

    def answer_with_http_error(self, status: int = 500) -> None:
        """The next answer is an HTTP error."""
        self._next["status"] = status

    def answer_with_whole_card_number(self) -> None:
        """The next answer carries what no till may keep: the card number and the track."""
        self._next["pan"] = True

    def replay_last_answer(self) -> None:
        """The next answer is a recording of the one before."""
        self._next["replay"] = True

    def stay_silent_after_abort(self) -> None:
        """An aborted payment's own request never gets its answer."""
        self._next["silent_after_abort"] = True

    # --- what it says of itself -------------------------------------------------------------------

    def repeat_other(self) -> None:
        """The next status answer repeats somebody else's payment."""
        self._next["repeat_other"] = "OTHER00002"

    def lose_answers(self, count: int) -> None:
        """The next `count` answers, of any kind, are lost."""
        self._lost_answers = count

    def busy(self, on: bool = True) -> None:
        """It works for somebody else."""
        self.is_busy = on

    def out_of_order(self, condition: str = "UnavailableDevice") -> None:
        """It refuses all payments so; "" ends it."""
        self.refuses_with = condition

    def host_down(self, on: bool = True) -> None:
        """It cannot reach the bank."""
        self.host_is_down = on
        self.refuses_with = "UnreachableHost" if on else ""

    def forget_last(self) -> None:
        """It lost its memory of the newest answer (not its books)."""
        self.forgotten.add(self.last_service_id())

    def leave_card_in(self) -> None:
        """A card is still in the reader at the next payment."""
        self._next["card_left_in"] = True

    def need_insert(self) -> None:
        """The next card that is tapped must be inserted instead."""
        self._next["needs_insert"] = True

    def ignore_aborts(self, on: bool = True) -> None:
        """Aborts are answered and not heeded."""
        self.ignores_aborts = on

    def answer_aborts_with(self, form: str) -> None:
        """How aborts are answered: "204", "empty" or "body"."""
        self.abort_answer = form

    def refuse_reversal(self) -> None:
        """The next reversal is refused (the batch is closed)."""
        self._next["refuse_reversal"] = True

    def count_wrongly(self, by_minor: int = 100) -> None:
        """The total of its next end of day is off by this much."""
        self._next["total"] = by_minor

    def keep_no_day(self, on: bool = True) -> None:
        """It knows no end of day: its host settles by itself."""
        self.keeps_no_day = on

    # --- how ------------------------------------------------------------------------------------

    def last_service_id(self) -> str:
        """The service id of the newest remembered answer."""
        raise NotImplementedError

    def _take(self, fault: str) -> Any:
        """Return the argument of a waiting fault and forget it; None when it does not wait."""
        return self._next.pop(fault, None)

    def _written(self, header: dict[str, Any], name: str, body: dict[str, Any]) -> bytes:
        """Return an answer as this terminal's dialect writes it, with the faults of the dialect."""
        raise NotImplementedError

    def _spoil(
        self,
        header: dict[str, Any],
        name: str,
        body: dict[str, Any],
        pause: Callable[[float], None],
    ) -> Reply:
        if self._lost_answers > 0:
            self._lost_answers -= 1
            return Reply(None)
        if name not in ("PaymentResponse", "ReversalResponse", "ReconciliationResponse"):
            return Reply(self._written(header, name, body))
        aborted = body["Response"].get("ErrorCondition") == "Aborted"
        if aborted and self._take("silent_after_abort"):
            pause(HANG_S)
            return Reply(None)
        pause(self._take("late") or 0)
        if self._take("lose"):
            return Reply(None)
        if status := self._take("status"):
            return Reply(b"", status)
        if garbage := self._take("garbage"):
            return Reply(garbage)
        if self._take("replay"):
            return Reply(self._last_answer)
        for fault, key in _HEADER_FAULTS.items():
            if fault in self._next:
                header = {**header, key: self._take(fault)}
        if "PaymentResult" in body and self._take("offline"):
            body = {**body, "PaymentResult": {**body["PaymentResult"], "OnlineFlag": False}}
        if self._take("pan"):
            body = _with_whole_card_number(body)
        self._last_answer = self._written(header, name, body)
        return Reply(self._last_answer, times=2 if self._take("twice") else 1)


def _with_whole_card_number(body: dict[str, Any]) -> dict[str, Any]:
    """Return `body` as a careless terminal would send it."""
    result = body.get("PaymentResult", {})
    card = {
        **result.get("PaymentInstrumentData", {}).get("CardData", {}),
        "MaskedPan": PAN_THAT_NOBODY_HAS,
        "SensitiveCardData": {
            "PAN": PAN_THAT_NOBODY_HAS,
            "TrackData": [{"TrackValue": f";{PAN_THAT_NOBODY_HAS}=29122010000000000000?"}],
        },
    }
    instrument = {"PaymentInstrumentType": "Card", "CardData": card}
    acquirer = {**result.get("PaymentAcquirerData", {}), "ApprovalCode": PAN_THAT_NOBODY_HAS}
    response = {**body["Response"], "AdditionalResponse": f"pan={PAN_THAT_NOBODY_HAS}"}
    return {
        **body,
        "Response": response,
        "PaymentResult": {
            **result,
            "PaymentInstrumentData": instrument,
            "PaymentAcquirerData": acquirer,
        },
    }
