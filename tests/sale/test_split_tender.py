"""Several payments for one sale: each counts for what it is, and all or nothing stays."""

import random
from dataclasses import replace

import msgspec
import pytest

from kiosk.sale import commands as c
from kiosk.sale import events as e
from kiosk.sale.attempts import counts, must_go_back, paid_minor
from kiosk.sale.commands import Reason, Rejected
from kiosk.sale.effects import Charge, EndSale, RequestReversalEffect, Reverse
from kiosk.sale.events import Method, Outcome
from kiosk.sale.pending import pending_effect
from kiosk.sale.state import Attempt, Intervention, Phase
from kiosk.sale.totals import totals
from tests.sale.given import AT, BREAD, MILK, SODA, Shop, add, kinds, settle

GIVE_UP = c.GiveUpSale(at_utc=AT, reason="walked_away", actor=e.Actor.KIOSK)
END = c.AbortSale(at_utc=AT, reason="walked_away", actor=e.Actor.KIOSK)


def request(shop: Shop, number: int, amount_minor: int | None, **more: object) -> str:
    method = more.pop("method", Method.GIFT_CARD)
    assert isinstance(method, Method)
    shop.do(
        c.RequestPayment(
            at_utc=AT, attempt_id=f"a{number}", service_id=f"s{number}", method=method,
            amount_minor=amount_minor, partial=bool(more.pop("partial", False)),
        )
    )  # fmt: skip
    return f"a{number}"


def part_paid() -> Shop:
    """Milk at 21,90, and 10,00 of it paid by a gift card."""
    shop = Shop()
    shop.add(MILK)
    shop.answer(request(shop, 1, 1000), Outcome.APPROVED, 1000)
    return shop


def give_back(shop: Shop, attempt_id: str, *, done: bool = True) -> None:
    shop.do(
        c.RequestReversal(at_utc=AT, attempt_id=attempt_id, service_id=f"r{attempt_id}", reason="x")
    )
    shop.do(c.SettleReversal(at_utc=AT, attempt_id=attempt_id, done=done))


# --- partial approval ------------------------------------------------------------------------


@pytest.mark.parametrize("in_doubt", [False, True])
def test_a_partial_approval_that_was_asked_for_is_a_tender_and_the_rest_is_left(
    in_doubt: bool,
) -> None:
    shop = Shop()
    shop.add(MILK)
    attempt = request(shop, 1, None, partial=True)
    if in_doubt:
        shop.answer(attempt, Outcome.UNKNOWN)
    shop.answer(attempt, Outcome.APPROVED, 1500)
    assert (shop.sale.phase, shop.left) == (Phase.OPEN, 690)
    assert pending_effect(shop.sale, recovering=False) is None
    shop.pay()
    shop.complete()
    assert [one.approved_minor for one in shop.sale.attempts if counts(one)] == [1500, 690]


@pytest.mark.parametrize("amount_minor", [0, 2191])
def test_nothing_and_too_much_are_no_parts(amount_minor: int) -> None:
    shop = Shop()
    shop.add(MILK)
    shop.answer(request(shop, 1, None, partial=True), Outcome.APPROVED, amount_minor)
    assert shop.sale.attempts[0].reversal_due


def test_a_part_in_another_currency_goes_back() -> None:
    shop = Shop()
    shop.add(MILK)
    shop.answer(request(shop, 1, None, partial=True), Outcome.APPROVED, 1500, "SEK")
    due = RequestReversalEffect(attempt_id="a1", reason="other_currency")
    assert pending_effect(shop.sale, recovering=False) == due


def test_a_late_part_goes_back_because_the_shopper_was_told_no() -> None:
    shop = Shop()
    shop.add(MILK)
    attempt = request(shop, 1, None, partial=True)
    shop.answer(attempt, Outcome.DECLINED)
    shop.answer(attempt, Outcome.APPROVED, 1500)
    assert shop.sale.attempts[0].reversal_due


def test_a_journal_from_before_parts_gives_back_what_was_approved_for_less() -> None:
    """`partial` was not written then: its default must be what the kiosk did then."""
    old = msgspec.json.decode(
        b'{"at_utc":"","attempt_id":"a1","method":"card","amount_minor":2190,"currency":"NOK",'
        b'"service_id":"1"}',
        type=e.PaymentRequested,
    )
    assert old.partial is False


# --- a tender is taken back, and the sale given up -------------------------------------------


def test_the_rest_may_be_paid_by_other_means_and_each_is_asked_for_its_own_amount() -> None:
    shop = part_paid()
    request(shop, 2, None, method=Method.CARD)
    assert pending_effect(shop.sale, recovering=False) == Charge(
        attempt_id="a2", service_id="s2", method=Method.CARD, amount_minor=1190, currency="NOK"
    )


def test_a_tender_that_is_taken_back_is_owed_again_and_lines_may_change() -> None:
    shop = part_paid()
    shop.refuses(add(BREAD), Reason.PART_PAID)
    give_back(shop, "a1")
    assert (shop.sale.phase, shop.left) == (Phase.OPEN, 2190)
    shop.add(BREAD)


def test_a_sale_without_money_is_given_up_at_once() -> None:
    shop = Shop()
    shop.add(MILK)
    assert kinds(shop.do(GIVE_UP)) == ["SaleAborted"]
    assert shop.sale.end_reason == "walked_away"


def test_giving_up_gives_every_part_back_before_the_sale_ends() -> None:
    shop = part_paid()
    shop.answer(request(shop, 2, 500), Outcome.APPROVED, 500)
    assert kinds(shop.do(GIVE_UP)) == ["SaleGivenUp"]
    assert shop.do(GIVE_UP) == ()
    shop.refuses(END, Reason.PAID_ALREADY)
    shop.refuses(add(BREAD), Reason.SALE_IS_BEING_PAID)
    for attempt in ("a1", "a2"):
        due = RequestReversalEffect(attempt_id=attempt, reason="given_up")
        assert pending_effect(shop.sale, recovering=False) == due
        assert pending_effect(shop.sale, recovering=True) == due
        give_back(shop, attempt)
    assert pending_effect(shop.sale, recovering=True) == EndSale(
        reason="walked_away", actor=e.Actor.KIOSK, attendant_id=""
    )
    shop.refuses(add(BREAD), Reason.SALE_IS_OVER)
    shop.do(END)
    assert shop.sale.phase is Phase.ABORTED
    assert pending_effect(shop.sale, recovering=True) is None


def test_a_sale_that_was_given_up_does_not_end_while_its_money_cannot_go_back() -> None:
    shop = part_paid()
    shop.do(GIVE_UP)
    give_back(shop, "a1", done=False)
    assert pending_effect(shop.sale, recovering=False) is None
    shop.refuses(END, Reason.PAYMENT_IN_DOUBT)
    task = shop.sale.interventions[0]
    shop.do(c.ResolveIntervention(at_utc=AT, intervention_id=task.id, approved=True))
    assert isinstance(pending_effect(shop.sale, recovering=False), EndSale)


def test_no_late_money_pays_for_a_sale_that_was_given_up() -> None:
    shop = part_paid()
    card = request(shop, 2, None, method=Method.CARD)
    shop.answer(card, Outcome.DECLINED)
    shop.do(GIVE_UP)
    give_back(shop, "a1")
    shop.answer(card, Outcome.APPROVED, 1190)
    assert pending_effect(shop.sale, recovering=False) == RequestReversalEffect(
        attempt_id="a2", reason="late_approval"
    )


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [(None, Reason.SALE_IS_BEING_PAID), (Outcome.UNKNOWN, Reason.PAYMENT_IN_DOUBT)],
)
def test_a_sale_is_not_given_up_while_its_second_part_is_open(
    outcome: Outcome | None, reason: Reason
) -> None:
    shop = part_paid()
    card = request(shop, 2, None, method=Method.CARD)
    if outcome is not None:
        shop.answer(card, outcome)
    shop.refuses(GIVE_UP, reason)


def test_a_paid_sale_is_not_given_up() -> None:
    shop = part_paid()
    shop.pay()
    shop.refuses(GIVE_UP, Reason.PAID_ALREADY)
    shop.complete()
    shop.refuses(GIVE_UP, Reason.SALE_IS_OVER)


# --- goods that staff take out of a sale that is paid in part --------------------------------


def refused_by_staff(shop: Shop, line_id: int) -> None:
    shop.do(
        c.RaiseIntervention(
            at_utc=AT, intervention_id="i9", kind=e.Interest.ALCOHOL_HOURS,
            policy=e.Policy.BEFORE_PAYMENT, line_id=line_id,
        )
    )  # fmt: skip
    shop.do(c.ResolveIntervention(at_utc=AT, intervention_id="i9", approved=False))


def test_goods_that_have_to_go_lower_what_is_left() -> None:
    shop = Shop()
    shop.add(MILK)
    shop.add(BREAD)
    shop.answer(request(shop, 1, 1000), Outcome.APPROVED, 1000)
    refused_by_staff(shop, 2)
    assert (shop.sale.phase, shop.left) == (Phase.OPEN, 1190)


def test_a_part_that_has_become_all_of_it_pays_the_sale() -> None:
    shop = Shop()
    shop.add(MILK)
    shop.add(BREAD)
    shop.answer(request(shop, 1, 2190), Outcome.APPROVED, 2190)
    refused_by_staff(shop, 2)
    assert shop.sale.phase is Phase.PAID


def test_a_part_that_has_become_too_much_goes_back_whole_the_newest_first() -> None:
    shop = Shop()
    shop.add(MILK)
    shop.add(BREAD)
    shop.answer(request(shop, 1, 2000), Outcome.APPROVED, 2000)
    shop.answer(request(shop, 2, 2000), Outcome.APPROVED, 2000)
    refused_by_staff(shop, 2)
    assert pending_effect(shop.sale, recovering=True) == RequestReversalEffect(
        attempt_id="a2", reason="overpaid"
    )
    give_back(shop, "a2")
    assert (shop.sale.phase, shop.left) == (Phase.OPEN, 190)


# --- anything, in any order ------------------------------------------------------------------

SEEDS = 400
STEPS = 60


class Provider:
    """The world's own books about every attempt, and what it answers."""

    def __init__(self) -> None:
        self.held: dict[str, int] = {}
        """Money that is really with the provider, by attempt."""


@pytest.mark.parametrize("block", range(4))
def test_whatever_happens_to_parts_money_and_goods_agree_in_the_end(block: int) -> None:
    """Random parts, answers, doubts, leavings and failed reversals, then peace.

    At every step: never more paid than the sale costs, and never two attempts with a terminal. At
    the end: the providers hold exactly the total of a sale that was sold, and nothing of any other.
    """
    for seed in range(block * SEEDS // 4, (block + 1) * SEEDS // 4):
        chance = random.Random(seed)
        shop, provider = Shop(), Provider()
        for what in chance.sample([MILK, BREAD, SODA], chance.randint(1, 3)):
            shop.add(what, chance.randint(1, 3))
        for step in range(STEPS):
            something(shop, provider, chance, step)
            sums = totals(shop.sale)
            assert 0 <= sums.paid_minor <= sums.total_minor, f"seed {seed}, step {step}"
            assert sum(a.outcome is None for a in shop.sale.attempts) <= 1, f"seed {seed}"
        peace(shop, provider, seed)
        held = sum(provider.held.values())
        sold = totals(shop.sale).total_minor if shop.sale.phase is Phase.COMPLETED else 0
        assert held == sold, f"seed {seed}: providers hold {held}, sold {sold}"


def something(shop: Shop, provider: Provider, chance: random.Random, step: int) -> None:
    """Do one thing that a shopper, an attendant or a terminal may do; refusals change nothing."""
    sale = shop.sale
    try:
        effect = pending_effect(sale, recovering=chance.random() < 0.2)
        if effect is not None and chance.random() < 0.7:
            owed(shop, provider, chance, step)
        elif chance.random() < 0.5:
            left = max(totals(sale).left_minor, 1)
            amount = chance.choice([None, chance.randint(1, left)])
            request(shop, step, amount, partial=chance.random() < 0.5)
        elif chance.random() < 0.3:
            shop.do(replace(GIVE_UP, reason=f"step{step}"))
        elif chance.random() < 0.3:
            staff_come(shop, provider, chance, step)
        elif sale.attempts:
            late(shop, provider, chance, chance.choice(sale.attempts))
    except Rejected:
        assert shop.sale == sale


def owed(shop: Shop, provider: Provider, chance: random.Random, step: int) -> None:
    match pending_effect(shop.sale, recovering=False):
        case RequestReversalEffect(attempt_id=attempt_id):
            shop.do(
                c.RequestReversal(
                    at_utc=AT, attempt_id=attempt_id, service_id=f"v{step}", reason="due"
                )
            )
        case Reverse(attempt_id=attempt_id):
            done = chance.random() < 0.7
            if done:
                provider.held.pop(attempt_id, None)
            shop.do(c.SettleReversal(at_utc=AT, attempt_id=attempt_id, done=done))
        case EndSale(reason=reason, actor=actor):
            shop.do(c.AbortSale(at_utc=AT, reason=reason, actor=actor))
        case None:
            pass
        case _:
            attempt = next(
                (a for a in shop.sale.attempts if a.outcome in (None, Outcome.UNKNOWN)), None
            )
            if attempt is None:
                shop.do(c.CompleteSale(at_utc=AT, receipt_number=7))
            else:
                answered(shop, provider, chance, attempt)


def answered(shop: Shop, provider: Provider, chance: random.Random, attempt: Attempt) -> None:
    outcome = chance.choice([Outcome.APPROVED, Outcome.APPROVED, Outcome.DECLINED, Outcome.UNKNOWN])
    if outcome is not Outcome.APPROVED:
        shop.answer(attempt.id, outcome)
        return
    taken = chance.choice([attempt.amount_minor, max(attempt.amount_minor - 1, 1)])
    provider.held[attempt.id] = taken
    shop.answer(attempt.id, Outcome.APPROVED, taken)


def late(shop: Shop, provider: Provider, chance: random.Random, attempt: Attempt) -> None:
    """Something that was thought declined was approved after all."""
    if attempt.outcome is Outcome.DECLINED and chance.random() < 0.3:
        provider.held[attempt.id] = attempt.amount_minor
        shop.do(settle(attempt.id, Outcome.APPROVED, attempt.amount_minor))


def staff_come(shop: Shop, provider: Provider, chance: random.Random, step: int) -> None:
    """Staff see to what waits, or take a line out because its price is wrong."""
    waiting = [call for call in shop.sale.interventions if call.open]
    if waiting:
        settled_by_staff(shop, provider, waiting[0])
    elif shop.sale.live_lines and shop.sale.phase is Phase.OPEN:
        line = chance.choice(shop.sale.live_lines)
        shop.do(
            c.RaiseIntervention(
                at_utc=AT,
                intervention_id=f"i{step}",
                kind=e.Interest.PRICE_QUERY,
                policy=e.Policy.BEFORE_PAYMENT,
                line_id=line.id,
            )
        )
        shop.do(c.ResolveIntervention(at_utc=AT, intervention_id=f"i{step}", approved=False))


def settled_by_staff(shop: Shop, provider: Provider, call: Intervention) -> None:
    """An attendant gives back by hand what the provider still holds, and says so."""
    provider.held.pop(call.detail.partition(":")[2], None)
    shop.do(c.ResolveIntervention(at_utc=AT, intervention_id=call.id, approved=True))


def peace(shop: Shop, provider: Provider, seed: int) -> None:
    """Answer everything truly, give back what is due, and let the shopper go."""
    calm = random.Random(0)
    for step in range(1000, 1100):
        for call in [call for call in shop.sale.interventions if call.open]:
            settled_by_staff(shop, provider, call)
        if pending_effect(shop.sale, recovering=False) is not None and (
            shop.sale.phase is not Phase.COMPLETED or any(map(must_go_back, shop.sale.attempts))
        ):
            owed(shop, provider, calm, step)
        elif shop.sale.phase is Phase.OPEN:
            shop.do(GIVE_UP)
        else:
            break
    assert shop.sale.phase in (Phase.ABORTED, Phase.COMPLETED), f"seed {seed}: {shop.sale.phase}"
    assert shop.sale.phase is Phase.COMPLETED or paid_minor(shop.sale) == 0, f"seed {seed}"
