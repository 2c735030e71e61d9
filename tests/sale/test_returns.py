from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.sale.commands import (
    AbortSale,
    CompleteSale,
    RaiseIntervention,
    Reason,
    Rejected,
    RemoveLine,
    ResolveIntervention,
)
from kiosk.sale.decide import decide
from kiosk.sale.effects import AskPayBack, NumberReceipt, PayBack
from kiosk.sale.events import Actor, Interest, Method, Outcome, Policy, SaleStarted, Series
from kiosk.sale.evolve import replay, replay_on
from kiosk.sale.pending import pending_effect
from kiosk.sale.return_commands import AddReturn, BeginReturn, RequestRefund, SettleRefund
from kiosk.sale.returning import RefundPart, part_of, refund_plan, returnable, series_of
from kiosk.sale.state import Phase, Sale
from kiosk.sale.tax import tax_split
from kiosk.sale.totals import totals
from tests.fiscal.sales import AT, LATER, design_sale, taken_back

ORIGINAL = design_sale()


def then(sale: Sale, command) -> Sale:
    return replay_on(sale, decide(sale, command))


def refund(sale: Sale, amount_minor: int, **more) -> Sale:
    facts = {
        "refund_id": f"r{len(sale.refunds) + 1}",
        "service_id": f"Z{len(sale.refunds) + 1}",
        "method": Method.CARD,
        "of_attempt_id": "a1",
        "transaction_id": "004417",
        "attendant_id": "7",
    }
    return then(sale, RequestRefund(at_utc=LATER, amount_minor=amount_minor, **{**facts, **more}))


def settled(sale: Sale, outcome: Outcome, refund_id: str = "") -> Sale:
    which = refund_id or sale.refunds[-1].id
    return then(
        sale,
        SettleRefund(at_utc=LATER, refund_id=which, outcome=outcome, transaction_id="004502"),
    )


def refused(sale: Sale, command) -> Reason:
    with pytest.raises(Rejected) as caught:
        decide(sale, command)
    return caught.value.reason


def back(line_id: int, quantity: int = 1, returns: tuple[Sale, ...] = ()) -> AddReturn:
    return AddReturn(
        at_utc=LATER,
        original=ORIGINAL,
        returns=returns,
        original_receipt="18204",
        line_id=line_id,
        quantity=quantity,
        reason="regret",
        attendant_id="7",
    )


def test_goods_bring_what_was_paid_for_them_with_offer_and_deposit() -> None:
    sale = taken_back(ORIGINAL, (5, 3), (2, 2))
    yoghurt, cola = sale.returned
    assert (yoghurt.price_minor, yoghurt.gross_minor) == (4470, 2980), "three for two"
    assert (cola.gross_minor, cola.deposit_minor) == (5980, 600)
    assert totals(sale).total_minor == -(2980 + 5980 + 600)


@given(st.data())
def test_parts_of_a_sale_add_up_to_the_whole_of_it(data: st.DataObject) -> None:
    """However it comes back, all of it brings what was paid, and its VAT is what was in it."""
    returns: tuple[Sale, ...] = ()
    while left := returnable(ORIGINAL, returns):
        part = data.draw(st.sampled_from(left))
        quantity = data.draw(st.integers(1, part.quantity))
        started = SaleStarted(
            at_utc=LATER, sale_id=f"b{len(returns)}", kiosk_id="k", currency="NOK"
        )
        returns += (then(replay([started]), back(part.line.id, quantity, returns)),)
    assert sum(totals(sale).total_minor for sale in returns) == -totals(ORIGINAL).total_minor
    net = sum(row.gross_minor for sale in returns for row in tax_split(sale))
    assert net == -sum(row.gross_minor for row in tax_split(ORIGINAL))


def test_returning_all_at_once_gives_back_the_vat_to_the_minor_unit() -> None:
    sale = taken_back(ORIGINAL, *((line.id, line.quantity) for line in ORIGINAL.live_lines))
    assert [(r.code, -r.net_minor, -r.tax_minor) for r in tax_split(sale)] == [
        (r.code, r.net_minor, r.tax_minor) for r in tax_split(ORIGINAL)
    ]


def test_nothing_comes_back_twice() -> None:
    once = taken_back(ORIGINAL, (1, 1), (2, 1))
    again = replace(once, id="s3", returned=())
    assert refused(again, back(1, 1, (once,))) is Reason.NOT_RETURNABLE
    assert refused(again, back(2, 2, (once,))) is Reason.NOT_RETURNABLE
    assert refused(once, back(1, 1)) is Reason.NOT_RETURNABLE, "nor in the same return"
    assert decide(again, back(2, 1, (once,))), "the second bottle is left"


def test_a_return_that_was_cancelled_took_nothing_back() -> None:
    once = taken_back(ORIGINAL, (1, 1))
    cancelled = then(once, AbortSale(at_utc=LATER, reason="mistake", actor=Actor.STAFF))
    assert part_of(ORIGINAL, (cancelled,), 1, 1).gross_minor == 2390


@pytest.mark.parametrize("line_id", [0, 7, 99])
def test_what_was_not_sold_cannot_come_back(line_id: int) -> None:
    sale = replace(taken_back(ORIGINAL, (1, 1)), returned=())
    assert refused(sale, back(line_id)) is Reason.NOT_RETURNABLE


def test_a_line_that_was_taken_out_of_the_sale_cannot_come_back() -> None:
    gone = replace(ORIGINAL, lines=tuple(replace(x, removed=x.id == 1) for x in ORIGINAL.lines))
    assert all(part.line.id != 1 for part in returnable(gone, ()))


def test_a_return_takes_back_from_one_receipt() -> None:
    sale = taken_back(ORIGINAL, (1, 1))
    other = replace(back(2), original=replace(ORIGINAL, id="s9"))
    assert refused(sale, other) is Reason.OTHER_RECEIPT


def test_practice_and_trade_are_not_mixed() -> None:
    sale = replace(taken_back(ORIGINAL, (1, 1)), training=True)
    assert refused(sale, back(2)) is Reason.NOT_RETURNABLE


def test_a_sale_that_is_not_paid_has_nothing_to_take_back() -> None:
    unpaid = replace(ORIGINAL, phase=Phase.OPEN, receipt_number=0)
    begin = BeginReturn(at_utc=LATER, into="s2", attendant_id="7")
    assert refused(unpaid, begin) is Reason.NOT_PAID
    assert then(then(ORIGINAL, begin), begin).returned_in == ("s2",)


# --- money ------------------------------------------------------------------------------------


def test_a_refund_is_sent_once_and_asked_about_after_a_power_cut() -> None:
    sale = refund(taken_back(ORIGINAL, (1, 1)), 2390)
    assert sale.phase is Phase.PAYING
    sent = pending_effect(sale, recovering=False)
    assert isinstance(sent, PayBack)
    assert pending_effect(sale, recovering=True) == AskPayBack(refund=sent)
    doubt = settled(sale, Outcome.UNKNOWN)
    assert doubt.phase is Phase.IN_DOUBT
    assert pending_effect(doubt, recovering=False) == AskPayBack(refund=sent)
    assert refused(doubt, AbortSale(at_utc=LATER, reason="x")) is Reason.PAID_ALREADY


def test_a_refund_that_is_made_numbers_the_return_in_its_own_series() -> None:
    sale = settled(refund(taken_back(ORIGINAL, (1, 1)), 2390), Outcome.APPROVED)
    assert sale.phase is Phase.PAID
    assert pending_effect(sale, recovering=False) == NumberReceipt()
    (done,) = decide(sale, CompleteSale(at_utc=LATER, receipt_number=1))
    assert (done.series, done.total_minor) == (Series.RETURN, -2390)
    assert totals(sale).left_minor == 0


def test_a_refund_that_is_declined_can_be_tried_again_or_the_return_cancelled() -> None:
    sale = settled(refund(taken_back(ORIGINAL, (1, 1)), 2390), Outcome.DECLINED)
    assert sale.phase is Phase.OPEN
    assert refund(sale, 2390).phase is Phase.PAYING
    assert then(sale, AbortSale(at_utc=LATER, reason="x")).phase is Phase.ABORTED


def test_a_refund_called_declined_and_made_after_all_is_believed_while_it_is_owed() -> None:
    sale = settled(refund(taken_back(ORIGINAL, (1, 1)), 2390), Outcome.DECLINED)
    assert settled(sale, Outcome.APPROVED).phase is Phase.PAID
    second = settled(refund(sale, 2390), Outcome.APPROVED, "r2")
    late = SettleRefund(at_utc=LATER, refund_id="r1", outcome=Outcome.APPROVED)
    assert refused(second, late) is Reason.NOTHING_TO_PAY, "money went back twice: for people"


def test_parts_of_a_refund_follow_each_other_until_all_is_given() -> None:
    sale = settled(refund(taken_back(ORIGINAL, (1, 1)), 1000), Outcome.APPROVED)
    assert (sale.phase, totals(sale).left_minor) == (Phase.OPEN, -1390)
    assert refused(sale, back(2)) is Reason.SALE_IS_BEING_PAID
    assert settled(refund(sale, 1390), Outcome.APPROVED).phase is Phase.PAID


@pytest.mark.parametrize(
    ("amount_minor", "more", "why"),
    [
        (2391, {}, Reason.AMOUNT_LIMIT),
        (0, {}, Reason.BAD_PRICE),
        (-5, {}, Reason.BAD_PRICE),
        (2390, {"transaction_id": ""}, Reason.NO_SUCH_ATTEMPT),
    ],
)
def test_a_refund_is_never_more_than_owed_nor_without_its_payment(
    amount_minor: int, more: dict, why: Reason
) -> None:
    with pytest.raises(Rejected) as caught:
        refund(taken_back(ORIGINAL, (1, 1)), amount_minor, **more)
    assert caught.value.reason is why


def test_a_shop_may_allow_refunds_without_the_payment() -> None:
    sale = taken_back(ORIGINAL, (1, 1))
    assert refund(sale, 2390, transaction_id="", unreferenced=True).phase is Phase.PAYING


def test_an_attendants_word_ends_a_refund_in_doubt() -> None:
    doubt = settled(refund(taken_back(ORIGINAL, (1, 1)), 2390), Outcome.UNKNOWN)
    call = RaiseIntervention(
        at_utc=LATER,
        intervention_id="i1",
        kind=Interest.PAYMENT_IN_DOUBT,
        policy=Policy.NOTED,
        detail="r1",
    )
    called = then(doubt, call)
    word = ResolveIntervention(at_utc=LATER, intervention_id="i1", approved=True, attendant_id="7")
    assert then(called, word).phase is Phase.PAID
    assert then(called, replace(word, approved=False)).phase is Phase.OPEN
    truth = settled(called, Outcome.APPROVED)
    assert not truth.interventions[0].open, "the terminal's own word calls nobody any more"


def test_the_plan_gives_each_payment_at_most_what_it_took_the_last_one_first() -> None:
    (card,) = ORIGINAL.attempts
    vipps = replace(card, id="a0", method=Method.VIPPS, approved_minor=5000)
    split = replace(ORIGINAL, attempts=(vipps, replace(card, approved_minor=16395)))
    assert refund_plan(split, (), 17000) == (
        RefundPart(attempt_id="a1", amount_minor=16395),
        RefundPart(attempt_id="a0", amount_minor=605),
    )
    before = refund(taken_back(ORIGINAL, (1, 1)), 2390)
    assert refund_plan(ORIGINAL, (before,), 21395) == (), "one is under way"
    assert refund_plan(ORIGINAL, (settled(before, Outcome.DECLINED),), 21395)
    assert refund_plan(ORIGINAL, (settled(before, Outcome.UNKNOWN),), 21395) == ()


def test_what_goes_back_whole_or_not_at_all_is_never_asked_for_a_part() -> None:
    (card,) = ORIGINAL.attempts
    gift = replace(card, id="a0", method=Method.GIFT_CARD, approved_minor=5000)
    slip = replace(card, id="a2", method=Method.DEPOSIT_VOUCHER, approved_minor=700)
    split = replace(ORIGINAL, attempts=(gift, replace(card, approved_minor=15695), slip))

    def plan(owed_minor: int, *returns: Sale) -> dict[str, int]:
        return {one.attempt_id: one.amount_minor for one in refund_plan(split, returns, owed_minor)}

    assert plan(15000) == {"a1": 15000}, "as few of them as will do"
    assert plan(16000) == {"a1": 15300, "a2": 700}
    assert plan(17000) == {"a1": 12000, "a0": 5000}
    assert plan(21395) == {"a1": 15695, "a0": 5000, "a2": 700}
    assert plan(21396) == {}
    given = replace(refund(taken_back(ORIGINAL, (1, 1)), 2390).refunds[0], of_attempt_id="a0")
    before = replace(ORIGINAL, refunds=(replace(given, amount_minor=5000),))
    assert plan(17000, before) == {}, "the gift card is back already"
    only_gift = replace(ORIGINAL, attempts=(replace(gift, approved_minor=21395),))
    assert refund_plan(only_gift, (), 2390) == (), "nothing may begin"
    assert refund_plan(only_gift, (), 21395) == (RefundPart(attempt_id="a0", amount_minor=21395),)


def test_a_return_is_numbered_by_what_is_in_it() -> None:
    alone = taken_back(ORIGINAL, (1, 1))
    assert series_of(alone) is Series.RETURN
    assert series_of(replace(alone, training=True)) is Series.TRAINING
    both = replace(alone, lines=(replace(ORIGINAL.lines[0], id=9),))
    assert series_of(both) is Series.COMBINED
    assert totals(both).total_minor == 0


def test_an_even_exchange_needs_no_payment() -> None:
    alone = taken_back(ORIGINAL, (1, 1))
    both = replace(alone, lines=(replace(ORIGINAL.lines[0], id=9),), _next_line_id=10)
    done = then(both, CompleteSale(at_utc=AT, receipt_number=1))
    assert done.phase is Phase.COMPLETED
    gone = then(both, RemoveLine(at_utc=AT, line_id=9, actor=Actor.STAFF))
    assert series_of(gone) is Series.RETURN


def test_a_sale_of_last_year_comes_back_at_its_own_rate() -> None:
    lines = tuple(replace(x, product=replace(x.product, vat_rate_bp=1200)) for x in ORIGINAL.lines)
    old = replace(ORIGINAL, lines=lines, completed_at="2025-11-21T13:32:41.000000+00:00")
    sale = taken_back(old, (1, 1))
    (row,) = tax_split(sale)
    assert (row.rate_bp, row.tax_minor) == (1200, -256)
    assert sale.returned[0].original_at.startswith("2025")
