"""How the simulated ZVT terminal misbehaves on command, and the habits of terminals that exist."""

from typing import Any, Final

PAN_THAT_NOBODY_HAS: Final = "4999990000000007"
"""Passes Luhn, so that a test can look for it in logs; from a range that is issued to nobody."""

FAULT_VERBS: Final = (
    "answer_late",
    "lose_next_answer",
    "lose_answer_after_word",
    "lose_word",
    "never_answer",
    "skip_status",
    "answer_twice",
    "say_again",
    "say_old_status_first",
    "answer_with_amount",
    "answer_with_currency",
    "answer_garbage",
    "answer_with_whole_card_number",
    "answer_long",
    "take_back_after_approval",
    "refuse_command",
    "refuse_reversal",
    "lose_next_reversal",
    "busy",
    "out_of_order",
    "forget_last",
    "leave_card_in",
    "need_insert",
    "ignore_aborts",
    "swallow_aborts",
    "stay_silent_after_abort",
    "set_habit",
)
HABITS: Final = {
    "waits_for_ack_of_ack": "it waits 5 s for an answer to its own 80 00 00",
    "ends_refusal_with_completion": "04 0F with an error, then 06 0F instead of 06 1E",
    "enquiry_by_status": "05 01 is answered by 04 0F and 06 0F",
    "enquiry_unknown": "05 01 is answered by 84 00 00, as all it does not know, and nothing more",
    "enquiry_refused": "05 01 is refused with 84 83 00",
    "acknowledges_with_84": "it says 84 00 00 where others say 80 00 00",
    "repeats_nothing": "06 20 is answered by 06 0F and nothing more",
    "ignores_goods": "it does not know issue of goods: approved is approved",
    "keeps_refused_goods": "it books a payment although the till said 84 66 00",
    "repeats_payment_after_reversal": "06 20 still shows a payment that it took back",
}


class ZvtFaults:
    """The faulty half of ZvtTerminalSim. One-shot faults wait in `_next` by name."""

    def __init__(self) -> None:
        self._next: dict[str, Any] = {}
        self.habits: set[str] = set()
        self.is_busy = False
        self.refuses_with = 0
        self.ignores_aborts = False
        self.swallows_aborts = False
        self.is_forgetful = False

    # --- the next answer --------------------------------------------------------------------------

    def answer_late(self, seconds: float) -> None:
        """The next 04 0F comes this much later."""
        self._next["late"] = seconds

    def lose_next_answer(self) -> None:
        """The connection breaks instead of the next 04 0F; the bank has answered all the same."""
        self._next["lose"] = True

    def lose_answer_after_word(self) -> None:
        """The connection breaks after the till's word for the goods, before 06 0F."""
        self._next["lose_after_word"] = True

    def lose_word(self) -> None:
        """The till's next word for the goods never arrives, and the connection breaks."""
        self._next["lose_word"] = True

    def never_answer(self) -> None:
        """After the next approval it says nothing more, and the connection stays open."""
        self._next["silent"] = True

    def skip_status(self) -> None:
        """The next payment ends with 06 0F without a word before it; approved is approved."""
        self._next["skip_status"] = True

    def answer_twice(self) -> None:
        """The next 04 0F and its 06 0F come twice."""
        self._next["twice"] = True

    def say_old_status_first(self) -> None:
        """The next payment begins with the 04 0F of the one before."""
        self._next["old_status"] = True

    def answer_with_amount(self, minor: int) -> None:
        """The next approval is for, and charges, another amount."""
        self._next["amount"] = minor

    def answer_with_currency(self, number: int) -> None:
        """The next approval is in another currency (ISO 4217 number)."""
        self._next["currency"] = number

    def answer_garbage(self) -> None:
        """Noise comes instead of the next 04 0F."""
        self._next["garbage"] = True

    def answer_with_whole_card_number(self) -> None:
        """The next answer carries what no till may keep: card number, track and expiry date."""
        self._next["pan"] = True

    def answer_long(self) -> None:
        """The next 04 0F has three bytes of length, and comes byte by byte."""
        self._next["long"] = True

    def take_back_after_approval(self) -> None:
        """The next approval is followed by 06 1E: taken back."""
        self._next["take_back"] = True

    def refuse_command(self, error: int = 0x83) -> None:
        """The next 06 01 is refused at once."""
        self._next["refuse"] = error

    def refuse_reversal(self, error: int = 0xB5) -> None:
        """The next reversal is refused (the batch is closed)."""
        self._next["refuse_reversal"] = error

    def lose_next_reversal(self) -> None:
        """The connection breaks instead of the answer to the next reversal, which is done."""
        self._next["lose_reversal"] = True

    def stay_silent_after_abort(self) -> None:
        """The next aborted payment gets no end."""
        self._next["silent_after_abort"] = True

    # --- what it is like --------------------------------------------------------------------------

    def busy(self, on: bool = True) -> None:
        """It works for somebody else."""
        self.is_busy = on

    def out_of_order(self, error: int = 0xC2) -> None:
        """It refuses all payments so; 0 ends it."""
        self.refuses_with = error

    def forget_last(self) -> None:
        """It lost its memory of the last transaction (not its books)."""
        self.is_forgetful = True

    def leave_card_in(self) -> None:
        """A card is still in the reader at the next payment."""
        self._next["card_left_in"] = True

    def need_insert(self) -> None:
        """The next card that is tapped must be inserted instead."""
        self._next["needs_insert"] = True

    def ignore_aborts(self, on: bool = True) -> None:
        """06 B0 is acknowledged and not heeded."""
        self.ignores_aborts = on

    def swallow_aborts(self, on: bool = True) -> None:
        """06 B0 is not even acknowledged."""
        self.swallows_aborts = on

    def set_habit(self, habit: str, on: bool = True) -> None:
        """Behave like a terminal with one of HABITS."""
        if habit not in HABITS:
            raise ValueError(f"no such habit: {habit!r}. Expected one of: {', '.join(HABITS)}")
        (self.habits.add if on else self.habits.discard)(habit)

    def _take(self, fault: str) -> Any:
        """Return the argument of a waiting fault and forget it; None when it does not wait."""
        return self._next.pop(fault, None)
