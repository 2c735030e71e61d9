"""Defects planted in the kiosk, to see that the money simulation finds them.

`python -m tests.simulation.planted` plants one after the other and runs days until the money is
wrong, or the kiosk stops; it says what found each, and after how many sales. A defect that two
hundred days do not find makes the simulation too weak, and the command fails.
"""

import logging
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any, Final
from unittest.mock import patch

from kiosk.engine import answers, checkout, returning
from kiosk.engine.captures import Captures
from kiosk.engine.late_money import LateMoney
from kiosk.engine.perform import Performer
from kiosk.engine.till import Till
from kiosk.journal import Journal
from kiosk.journal.repeats import base36
from kiosk.sale import pending
from kiosk.sale.attempts import attempt_of, must_go_back, paid_minor, with_terminal
from kiosk.sale.commands import SettlePayment, SettleReversal
from kiosk.sale.effects import AskOutcome, Reverse
from kiosk.sale.events import Event, Outcome, PaymentRequested
from kiosk.sale.state import Phase, Sale
from tests.simulation.money import catalog, run_day
from tests.simulation.money_store import SALES_A_DAY

DAYS_MAX: Final = 200

Planting = Callable[[ExitStack], None]


@dataclass(frozen=True, slots=True)
class Finding:
    """What found a planted defect, and after how many days."""

    days: int
    what: str


@contextmanager
def planted(name: str) -> Iterator[None]:
    """Plant the defect of this name for as long as the context lasts."""
    with ExitStack() as stack:
        DEFECTS[name](stack)
        yield


def find(name: str, first: int = 0, days: int = DAYS_MAX) -> Finding | None:
    """Run days with a defect until one shows it; None when none does."""
    with planted(name):
        for day in range(days):
            try:
                run_day(first + day, catalog())
            except Exception as error:
                return Finding(day + 1, f"{type(error).__name__}: {error}")
    return None


# --- charges --------------------------------------------------------------------------------------


def charge_again_after_a_power_cut(stack: ExitStack) -> None:
    """What an earlier life sent is sent again, and nobody is asked."""
    stack.enter_context(patch.object(Performer, "_is_ours", lambda _self, _sale: True))
    stack.enter_context(patch("kiosk.engine.perform.require", lambda *_args: None))


def unknown_is_not_paid(stack: ExitStack) -> None:
    """A lost answer counts as a refusal: the shopper pays once more."""

    def settle(attempt: Any, result: Any, at_utc: str, real: Any = answers.settle) -> Any:
        command = real(attempt, result, at_utc)
        unknown = command.outcome is Outcome.UNKNOWN
        return replace(command, outcome=Outcome.DECLINED) if unknown else command

    stack.enter_context(patch("kiosk.engine.answers.settle", settle))


def cancel_is_a_result(stack: ExitStack) -> None:
    """Whoever wishes to stop has stopped, whatever the terminal says later."""

    def abort(till: Till, real: Any = checkout._abort) -> None:
        running = with_terminal(till.sale)
        real(till)
        if running is not None:
            till.submit(
                SettlePayment(
                    at_utc=till.now_utc(), attempt_id=running.id, outcome=Outcome.CANCELLED
                )
            )

    def no_news(attempt: Any, outcome: Outcome) -> bool:
        return attempt.outcome in (None, Outcome.UNKNOWN) and outcome is not attempt.outcome

    stack.enter_context(patch("kiosk.engine.checkout._abort", abort))
    for module in ("engine.answers", "sale.attempts"):
        stack.enter_context(patch(f"kiosk.{module}.is_news", no_news))


def another_amount_is_as_asked(stack: ExitStack) -> None:
    """What the terminal says it took is not looked at."""

    def settle(attempt: Any, result: Any, at_utc: str, real: Any = answers.settle) -> Any:
        command = real(attempt, result, at_utc)
        approved = command.outcome is Outcome.APPROVED
        return replace(command, amount_minor=attempt.amount_minor) if approved else command

    stack.enter_context(patch("kiosk.engine.answers.settle", settle))


def a_part_pays_for_all(stack: ExitStack) -> None:
    """A sale is paid as soon as anything of it is."""

    def phase_of(sale: Sale, real: Any = None) -> Phase:
        phase: Phase = real(sale)
        return Phase.PAID if phase is Phase.OPEN and paid_minor(sale) else phase

    from kiosk.sale import evolve_payment

    real = evolve_payment._phase_of_money
    stack.enter_context(
        patch.object(evolve_payment, "_phase_of_money", lambda sale: phase_of(sale, real))
    )


def a_sale_given_up_keeps_its_parts(stack: ExitStack) -> None:
    """Who walks away from a sale that is paid in part leaves the money here."""

    def to_give_back(sale: Sale) -> Any:
        return next((one for one in sale.attempts if must_go_back(one)), None)

    for module in ("pending", "evolve_payment"):
        stack.enter_context(patch(f"kiosk.sale.{module}.to_give_back", to_give_back))
    stack.enter_context(
        patch("kiosk.sale.decide_receipt.refuse_while_money_may_have_moved", lambda _sale: None)
    )


# --- the record -----------------------------------------------------------------------------------


def the_request_is_written_after_it_left(stack: ExitStack) -> None:
    """That money was asked for reaches the disk with whatever comes next."""
    held: dict[int, list[tuple[str, int, list[Event]]]] = {}

    def append(
        self: Journal, sale_id: str, seq: int, events: Sequence[Event], real: Any = Journal.append
    ) -> None:
        mine = held.pop(id(self), [])
        for late in mine:
            real(self, *late)
        if any(isinstance(event, PaymentRequested) for event in events):
            held[id(self)] = [(sale_id, seq, list(events))]
        else:
            real(self, sale_id, seq, events)

    stack.enter_context(patch.object(Journal, "append", append))


def service_ids_begin_anew(stack: ExitStack) -> None:
    """The counter of service ids is in memory only."""
    numbers: dict[str, int] = {}

    def next_service_id(self: Journal) -> str:
        key = f"{id(self)}"
        numbers[key] = numbers.get(key, 0) + 1
        return base36(36**6 + numbers[key])

    stack.enter_context(patch.object(Journal, "next_service_id", next_service_id))


# --- what goes back, and what is taken ------------------------------------------------------------


def a_reversal_is_only_written_down(stack: ExitStack) -> None:
    """The record says that the money went back, and nobody was told to give it."""

    def send(self: Performer, effect: Any, real: Any = Performer._send_to_payer) -> None:
        if not isinstance(effect, Reverse):
            real(self, effect)
            return
        if attempt_of(self.till.sale, effect.attempt_id) is not None:
            done = SettleReversal(
                at_utc=self.till.now_utc(), attempt_id=effect.attempt_id, done=True
            )
            self.till.submit(done)

    stack.enter_context(patch.object(Performer, "_send_to_payer", send))


def captures_die_with_the_power(stack: ExitStack) -> None:
    """What was still to be taken is not looked for at start."""
    stack.enter_context(patch.object(Captures, "take_up", lambda _self: None))


def a_refused_capture_is_done(stack: ExitStack) -> None:
    """A provider that refuses to take reserved money is not asked again."""

    def answered(self: Captures, event: Any, real: Any = Captures.answered) -> None:
        real(self, replace(event, done=True) if event.refused else event)

    stack.enter_context(patch.object(Captures, "answered", answered))


def an_answer_after_the_end_is_only_logged(stack: ExitStack) -> None:
    """What is approved when its sale is over stays taken."""
    stack.enter_context(patch.object(LateMoney, "answered", lambda _self, _event: False))


def a_word_of_staff_is_the_last(stack: ExitStack) -> None:
    """What an attendant called not paid is never asked about again."""

    def owed(sale: Sale, real: Any = pending.owed_after_the_end) -> tuple[Any, ...]:
        return tuple(one for one in real(sale) if not isinstance(one, AskOutcome))

    stack.enter_context(patch("kiosk.engine.late_money.owed_after_the_end", owed))


def late_money_dies_with_the_power(stack: ExitStack) -> None:
    """What sales that are over still owe is not looked for at start."""
    stack.enter_context(patch.object(LateMoney, "take_up", lambda _self: None))


def an_unknown_refund_was_not_made(stack: ExitStack) -> None:
    """A refund whose answer is lost counts as refused: the attendant gives it once more."""

    def settle(refund: Any, result: Any, at_utc: str, real: Any = returning.settle_refund) -> Any:
        command = real(refund, result, at_utc)
        unknown = command.outcome is Outcome.UNKNOWN
        return replace(command, outcome=Outcome.DECLINED) if unknown else command

    stack.enter_context(patch("kiosk.engine.returning.settle_refund", settle))


def each_refund_forgets_those_before(stack: ExitStack) -> None:
    """What a payment gave back earlier is not counted."""

    def plan(
        original: Sale, _returns: object, owed_minor: int, real: Any = returning.refund_plan
    ) -> Any:
        return real(original, (), owed_minor)

    stack.enter_context(patch("kiosk.engine.returning.refund_plan", plan))


def goods_come_back_again(stack: ExitStack) -> None:
    """What came back before can come back once more."""
    stack.enter_context(patch("kiosk.sale.returning.came_back", lambda _original, _returns: {}))


DEFECTS: Final[dict[str, Planting]] = {
    one.__name__: one
    for one in (
        charge_again_after_a_power_cut,
        unknown_is_not_paid,
        cancel_is_a_result,
        another_amount_is_as_asked,
        a_part_pays_for_all,
        a_sale_given_up_keeps_its_parts,
        the_request_is_written_after_it_left,
        service_ids_begin_anew,
        a_reversal_is_only_written_down,
        captures_die_with_the_power,
        a_refused_capture_is_done,
        an_answer_after_the_end_is_only_logged,
        a_word_of_staff_is_the_last,
        late_money_dies_with_the_power,
        an_unknown_refund_was_not_made,
        each_refund_forgets_those_before,
        goods_come_back_again,
    )
}


def main() -> int:
    """Plant each defect, or those that are named; return 1 when one is not found."""
    logging.disable(logging.CRITICAL)
    missed = 0
    for name in sys.argv[1:] or DEFECTS:
        found = find(name)
        missed += found is None
        what = f"{found.days * SALES_A_DAY:6} sales: {found.what}" if found else "NOT FOUND"
        print(f"{name:38} {what}", flush=True)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
