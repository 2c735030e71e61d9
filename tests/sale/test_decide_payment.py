"""Money: nothing is charged twice, nothing that was taken vanishes."""

from dataclasses import replace

import pytest

from kiosk.sale import commands as c
from kiosk.sale import events as e
from kiosk.sale.commands import Reason
from kiosk.sale.effects import AskOutcome, Charge, RequestReversalEffect, Reverse, StopCharge
from kiosk.sale.events import Outcome
from kiosk.sale.invariant import InvariantBroken
from kiosk.sale.pending import pending_effect
from kiosk.sale.state import Phase
from kiosk.sale.totals import totals
from tests.sale.given import AT, BEER, BREAD, MILK, Shop, add, kinds, percent, product, settle

REQUEST = c.RequestPayment(at_utc=AT, attempt_id="p9", service_id="9", method=e.Method.CARD)
ABORT = c.AbortSale(at_utc=AT, reason="left")


def shop_with_milk() -> Shop:
    shop = Shop()
    shop.add(MILK)
    return shop


def paying() -> tuple[Shop, str]:
    shop = shop_with_milk()
    return shop, shop.ask()


def reverse(attempt_id: str, service_id: str = "r1") -> c.RequestReversal:
    return c.RequestReversal(
        at_utc=AT, attempt_id=attempt_id, service_id=service_id, reason="other_amount"
    )


def reversal(attempt_id: str, done: bool) -> c.SettleReversal:
    return c.SettleReversal(at_utc=AT, attempt_id=attempt_id, done=done, reason="x")


def test_paying_charges_what_is_left_and_is_approved() -> None:
    shop, attempt = paying()
    assert pending_effect(shop.sale, recovering=False) == Charge(
        attempt_id="p1", service_id="1", method=e.Method.CARD, amount_minor=2190, currency="NOK"
    )
    shop.answer(attempt, Outcome.APPROVED, 2190)
    assert shop.sale.phase is Phase.PAID
    assert totals(shop.sale).left_minor == 0


def test_after_a_power_cut_the_terminal_is_asked_and_never_charged_again() -> None:
    shop, _ = paying()
    assert isinstance(pending_effect(shop.sale, recovering=True), AskOutcome)
    shop.do(c.AbortPayment(at_utc=AT))
    assert isinstance(pending_effect(shop.sale, recovering=True), AskOutcome)


def test_lines_are_frozen_while_the_card_is_being_charged() -> None:
    shop, _ = paying()
    shop.refuses(add(BREAD), Reason.SALE_IS_BEING_PAID)
    shop.refuses(c.RemoveLine(at_utc=AT, line_id=1), Reason.SALE_IS_BEING_PAID)
    shop.refuses(REQUEST, Reason.SALE_IS_BEING_PAID)
    shop.refuses(ABORT, Reason.SALE_IS_BEING_PAID)
    shop.refuses(c.CompleteSale(at_utc=AT, receipt_number=1), Reason.SALE_IS_BEING_PAID)
    shop.refuses(c.CloseSale(at_utc=AT), Reason.NOT_PAID)


@pytest.mark.parametrize("outcome", [Outcome.DECLINED, Outcome.CANCELLED, Outcome.REVERSED])
def test_after_a_no_the_shopper_may_go_on_or_try_again(outcome: Outcome) -> None:
    shop, attempt = paying()
    shop.answer(attempt, outcome)
    assert shop.sale.phase is Phase.OPEN
    assert pending_effect(shop.sale, recovering=True) is None
    shop.add(BREAD)
    shop.pay()
    assert shop.sale.phase is Phase.PAID


def test_an_abort_is_a_wish_and_the_answer_still_counts() -> None:
    shop, attempt = paying()
    assert kinds(shop.do(c.AbortPayment(at_utc=AT))) == ["PaymentAbortRequested"]
    assert shop.do(c.AbortPayment(at_utc=AT)) == ()
    assert isinstance(pending_effect(shop.sale, recovering=False), StopCharge)
    shop.answer(attempt, Outcome.APPROVED, 2190)
    assert shop.sale.phase is Phase.PAID


def test_there_is_nothing_to_abort_without_an_attempt() -> None:
    shop = shop_with_milk()
    shop.refuses(c.AbortPayment(at_utc=AT), Reason.NO_SUCH_ATTEMPT)


def test_an_unknown_end_blocks_until_the_truth_comes_once() -> None:
    shop, attempt = paying()
    shop.answer(attempt, Outcome.UNKNOWN)
    assert shop.sale.phase is Phase.IN_DOUBT
    assert isinstance(pending_effect(shop.sale, recovering=False), AskOutcome)
    for command in (REQUEST, add(BREAD), ABORT, c.AbortPayment(at_utc=AT)):
        shop.refuses(command, Reason.PAYMENT_IN_DOUBT)
    assert shop.answer(attempt, Outcome.UNKNOWN) == ()
    assert kinds(shop.answer(attempt, Outcome.APPROVED, 2190)) == ["PaymentSettled"]
    assert shop.sale.phase is Phase.PAID
    assert shop.answer(attempt, Outcome.DECLINED) == ()


@pytest.mark.parametrize("first", [Outcome.APPROVED, Outcome.DECLINED, Outcome.CANCELLED])
@pytest.mark.parametrize("again", [Outcome.DECLINED, Outcome.CANCELLED, Outcome.UNKNOWN])
def test_old_news_changes_nothing(first: Outcome, again: Outcome) -> None:
    shop, attempt = paying()
    shop.answer(attempt, first, 2190)
    before = shop.sale
    assert shop.answer(attempt, again) == ()
    assert shop.sale == before


def test_an_answer_to_nothing_we_asked_is_refused() -> None:
    shop, _ = paying()
    shop.refuses(settle("p7", Outcome.APPROVED, 2190), Reason.NO_SUCH_ATTEMPT)


@pytest.mark.parametrize(
    ("amount_minor", "currency", "reason"),
    [
        (2189, "NOK", "other_amount"),
        (2191, "NOK", "other_amount"),
        (0, "NOK", "other_amount"),
        (2190, "SEK", "other_currency"),
        (2190, "", "other_currency"),
    ],
)
@pytest.mark.parametrize("in_doubt", [False, True])
def test_an_approval_of_something_else_pays_nothing_and_goes_back(
    amount_minor: int, currency: str, reason: str, in_doubt: bool
) -> None:
    shop, attempt = paying()
    if in_doubt:
        shop.answer(attempt, Outcome.UNKNOWN)
    shop.answer(attempt, Outcome.APPROVED, amount_minor, currency)
    assert shop.left == 2190
    assert shop.sale.attempts[0].approved_minor == amount_minor
    due = RequestReversalEffect(attempt_id=attempt, reason=reason)
    assert pending_effect(shop.sale, recovering=False) == due
    assert pending_effect(shop.sale, recovering=True) == due
    shop.refuses(add(BREAD), Reason.SALE_IS_BEING_PAID)
    shop.refuses(ABORT, Reason.STILL_OWED)
    shop.do(reverse(attempt))
    assert shop.do(reverse(attempt, "r2")) == ()
    assert pending_effect(shop.sale, recovering=True) == Reverse(
        attempt_id=attempt,
        service_id="r1",
        method=e.Method.CARD,
        transaction_id="t-p1",
        transaction_at=AT,
        amount_minor=amount_minor,
        currency=currency,
    )
    shop.do(reversal(attempt, done=True))
    assert shop.do(reversal(attempt, done=True)) == ()
    assert shop.sale.phase is Phase.OPEN
    assert pending_effect(shop.sale, recovering=True) is None
    shop.pay()
    assert shop.sale.phase is Phase.PAID


def test_a_reversal_that_fails_is_a_task_for_staff_before_anything_else() -> None:
    shop, attempt = paying()
    shop.answer(attempt, Outcome.APPROVED, 1)
    shop.do(reverse(attempt))
    assert kinds(shop.do(reversal(attempt, done=False))) == [
        "ReversalSettled",
        "InterventionRaised",
    ]
    shop.refuses(REQUEST, Reason.NEEDS_STAFF)
    shop.refuses(add(BREAD), Reason.NEEDS_STAFF)
    shop.refuses(ABORT, Reason.PAYMENT_IN_DOUBT)
    task = shop.sale.interventions[0]
    shop.do(
        c.ResolveIntervention(at_utc=AT, intervention_id=task.id, approved=True, attendant_id="a7")
    )
    assert shop.sale.attempts[0].outcome is Outcome.REVERSED
    shop.do(ABORT)
    shop.do(c.CloseSale(at_utc=AT))


def test_staff_may_take_a_failed_reversal_elsewhere() -> None:
    shop, attempt = paying()
    shop.answer(attempt, Outcome.APPROVED, 1)
    shop.do(reverse(attempt))
    shop.do(reversal(attempt, done=False))
    task = shop.sale.interventions[0]
    shop.do(c.ResolveIntervention(at_utc=AT, intervention_id=task.id, approved=False))
    assert shop.sale.attempts[0].reversed is False
    assert shop.left == 2190
    shop.pay()
    assert shop.sale.phase is Phase.PAID


def test_a_late_approval_finishes_a_sale_that_still_owes_it() -> None:
    shop, attempt = paying()
    shop.answer(attempt, Outcome.CANCELLED)
    assert kinds(shop.answer(attempt, Outcome.APPROVED, 2190)) == ["PaymentSettled"]
    assert shop.sale.phase is Phase.PAID
    assert shop.sale.attempts[0].reversal_due is False


def test_a_late_approval_goes_back_when_the_sale_has_changed() -> None:
    shop, attempt = paying()
    shop.answer(attempt, Outcome.DECLINED)
    shop.add(BREAD)
    shop.answer(attempt, Outcome.APPROVED, 2190)
    assert pending_effect(shop.sale, recovering=False) == RequestReversalEffect(
        attempt_id=attempt, reason="late_approval"
    )


def test_a_late_approval_goes_back_while_somebody_has_to_come() -> None:
    shop, attempt = paying()
    shop.answer(attempt, Outcome.DECLINED)
    shop.add(replace(BEER, unit_price_minor=0, deposit_minor=0))
    assert shop.left == 2190
    shop.answer(attempt, Outcome.APPROVED, 2190)
    assert shop.sale.attempts[0].reversal_due


def test_a_late_approval_beside_a_second_attempt_waits_and_goes_back() -> None:
    shop, first = paying()
    shop.answer(first, Outcome.DECLINED)
    second = shop.ask()
    shop.answer(first, Outcome.APPROVED, 2190)
    assert isinstance(pending_effect(shop.sale, recovering=False), Charge)
    shop.answer(second, Outcome.APPROVED, 2190)
    assert shop.sale.phase is Phase.PAID
    assert totals(shop.sale).paid_minor == 2190
    shop.complete()
    assert pending_effect(shop.sale, recovering=False) == RequestReversalEffect(
        attempt_id=first, reason="late_approval"
    )
    shop.choose(e.ReceiptChoice.NONE)
    shop.refuses(c.CloseSale(at_utc=AT), Reason.STILL_OWED)


@pytest.mark.parametrize("closed", [False, True])
def test_money_that_moves_after_the_sale_was_given_up_goes_back(closed: bool) -> None:
    shop, attempt = paying()
    shop.answer(attempt, Outcome.CANCELLED)
    shop.do(ABORT)
    if closed:
        shop.do(c.CloseSale(at_utc=AT))
    shop.answer(attempt, Outcome.APPROVED, 2190)
    assert isinstance(pending_effect(shop.sale, recovering=True), RequestReversalEffect)
    shop.do(reverse(attempt))
    shop.do(reversal(attempt, done=True))
    assert pending_effect(shop.sale, recovering=True) is None
    assert shop.sale.phase is (Phase.CLOSED if closed else Phase.ABORTED)


def test_payment_waits_for_the_age_check() -> None:
    shop = Shop()
    shop.add(BEER)
    shop.refuses(REQUEST, Reason.NEEDS_STAFF)
    shop.do(
        c.ResolveIntervention(
            at_utc=AT, intervention_id=shop.sale.interventions[0].id, approved=True
        )
    )
    shop.pay()
    assert shop.sale.phase is Phase.PAID


def test_what_is_only_noted_does_not_hold_payment_up() -> None:
    shop = shop_with_milk()
    shop.do(
        c.RaiseIntervention(
            at_utc=AT, intervention_id="i1", kind=e.Interest.HELP, policy=e.Policy.NOTED
        )
    )
    shop.pay()


def test_parts_are_paid_until_nothing_is_left() -> None:
    shop = shop_with_milk()
    shop.answer(shop.ask(1000), Outcome.APPROVED, 1000)
    assert (shop.sale.phase, shop.left) == (Phase.OPEN, 1190)
    shop.refuses(add(BREAD), Reason.PART_PAID)
    shop.refuses(ABORT, Reason.PAID_ALREADY)
    shop.refuses(replace(REQUEST, amount_minor=1191), Reason.AMOUNT_LIMIT)
    shop.refuses(replace(REQUEST, amount_minor=0), Reason.BAD_PRICE)
    shop.pay()
    assert shop.sale.phase is Phase.PAID


def test_a_part_can_be_given_back_so_that_the_shopper_may_leave() -> None:
    shop = shop_with_milk()
    part = shop.ask(1000)
    shop.answer(part, Outcome.APPROVED, 1000)
    shop.do(reverse(part))
    assert (shop.sale.phase, shop.left) == (Phase.PAYING, 2190)
    shop.do(reversal(part, done=True))
    shop.do(ABORT)
    assert shop.sale.phase is Phase.ABORTED


def test_what_paid_for_a_completed_sale_is_not_reversed_here() -> None:
    shop = shop_with_milk()
    attempt = shop.pay()
    shop.complete()
    shop.refuses(reverse(attempt), Reason.SALE_IS_OVER)


def test_only_taken_money_is_given_back() -> None:
    shop, attempt = paying()
    shop.refuses(reverse(attempt), Reason.PAYMENT_IN_DOUBT)
    shop.refuses(reverse("p7"), Reason.NO_SUCH_ATTEMPT)
    shop.answer(attempt, Outcome.DECLINED)
    shop.refuses(reverse(attempt), Reason.NOT_PAID)


def test_an_empty_sale_owes_nothing() -> None:
    shop = Shop()
    shop.refuses(REQUEST, Reason.NOTHING_TO_PAY)
    shop.refuses(c.CompleteSale(at_utc=AT, receipt_number=1), Reason.NOT_PAID)


def test_a_sale_that_is_all_free_is_completed_without_an_attempt() -> None:
    shop = Shop()
    shop.add(product("sample", 0))
    shop.add(MILK, promotions=(percent("free", 10_000, "milk"),))
    shop.refuses(REQUEST, Reason.NOTHING_TO_PAY)
    shop.complete()
    assert shop.sale.phase is Phase.COMPLETED
    assert shop.sale.attempts == ()


def test_a_free_sale_waits_for_its_age_check_too() -> None:
    shop = Shop()
    shop.add(replace(BEER, unit_price_minor=0, deposit_minor=0))
    shop.refuses(c.CompleteSale(at_utc=AT, receipt_number=1), Reason.NEEDS_STAFF)


@pytest.mark.parametrize(("approved", "phase"), [(True, Phase.PAID), (False, Phase.OPEN)])
def test_staff_settle_what_the_terminal_does_not_know(approved: bool, phase: Phase) -> None:
    shop, attempt = paying()
    shop.answer(attempt, Outcome.UNKNOWN)
    shop.do(
        c.RaiseIntervention(
            at_utc=AT,
            intervention_id="i1",
            kind=e.Interest.PAYMENT_IN_DOUBT,
            policy=e.Policy.BLOCKS_NOW,
        )
    )
    events = shop.do(
        c.ResolveIntervention(at_utc=AT, intervention_id="i1", approved=approved, attendant_id="a7")
    )
    assert kinds(events) == ["InterventionResolved", "PaymentSettled"]
    assert shop.sale.phase is phase
    settled = events[1]
    assert isinstance(settled, e.PaymentSettled)
    assert settled.attendant_id == "a7"


def test_the_truth_from_the_terminal_calls_the_attendant_off() -> None:
    shop, attempt = paying()
    shop.answer(attempt, Outcome.UNKNOWN)
    shop.do(
        c.RaiseIntervention(
            at_utc=AT,
            intervention_id="i1",
            kind=e.Interest.PAYMENT_IN_DOUBT,
            policy=e.Policy.BLOCKS_NOW,
        )
    )
    assert kinds(shop.answer(attempt, Outcome.DECLINED)) == [
        "PaymentSettled",
        "InterventionResolved",
    ]
    shop.pay()


def test_what_staff_called_declined_and_was_approved_is_not_lost() -> None:
    shop, attempt = paying()
    shop.answer(attempt, Outcome.UNKNOWN)
    shop.answer(attempt, Outcome.DECLINED)
    shop.pay()
    shop.answer(attempt, Outcome.APPROVED, 2190)
    assert shop.sale.attempts[0].reversal_due


@pytest.mark.parametrize(
    ("attempt_id", "service_id"),
    [("p1", "9"), ("p9", "1"), ("", "9"), ("p9", ""), ("p9", "12345678901")],
)
def test_an_id_used_twice_stops_the_program(attempt_id: str, service_id: str) -> None:
    shop, attempt = paying()
    shop.answer(attempt, Outcome.DECLINED)
    with pytest.raises(InvariantBroken):
        shop.do(replace(REQUEST, attempt_id=attempt_id, service_id=service_id))
