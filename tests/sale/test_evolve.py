"""A sale as the fold of its events, through whatever the shopper, terminal and printer do."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.sale import commands as c
from kiosk.sale import effects as f
from kiosk.sale import events as e
from kiosk.sale.attempts import counts
from kiosk.sale.commands import Rejected
from kiosk.sale.decide import decide
from kiosk.sale.evolve import evolve, replay
from kiosk.sale.invariant import InvariantBroken
from kiosk.sale.pending import pending_effect
from kiosk.sale.state import NO_SALE, Phase, Sale
from kiosk.sale.totals import totals
from tests.sale.given import AT, BANANA, BEER, BREAD, MILK, SODA, Shop, add, n_for_m

STARTED = e.SaleStarted(at_utc=AT, sale_id="s1", kiosk_id="k1", currency="NOK")
OFFER = n_for_m("o", 2, 1, "milk", "bread")

attempts = st.sampled_from([f"p{i}" for i in range(1, 5)])
amounts = st.sampled_from([None, 1, 1000, 2190])
outcomes = st.sampled_from(list(e.Outcome))
prints = st.sampled_from(["1", "2", "3"])
bools = st.booleans()

commands = st.one_of(
    st.sampled_from([MILK, BREAD, SODA, BEER]).map(lambda p: add(p, promotions=(OFFER,))),
    st.just(add(BANANA, weight_g=333)),
    st.just(add(MILK, best_before="2020-01-01")),
    st.builds(
        c.ChangeQuantity, at_utc=st.just(AT), line_id=st.integers(1, 4), quantity=st.integers(0, 3)
    ),
    st.builds(c.RemoveLine, at_utc=st.just(AT), line_id=st.integers(1, 4)),
    st.builds(c.RestoreLine, at_utc=st.just(AT), line_id=st.integers(1, 4)),
    st.builds(
        c.RaiseIntervention,
        at_utc=st.just(AT),
        intervention_id=st.sampled_from("xyz"),
        kind=st.sampled_from(list(e.Interest)),
        policy=st.sampled_from(list(e.Policy)),
    ),
    st.builds(
        c.ResolveIntervention,
        at_utc=st.just(AT),
        approved=bools,
        intervention_id=st.sampled_from(["x", "y", "z", *(f"s1-{i}" for i in range(1, 9))]),
    ),
    st.tuples(st.just("pay"), amounts),
    st.builds(c.AbortPayment, at_utc=st.just(AT)),
    st.tuples(st.just("settle"), attempts, outcomes),
    st.tuples(st.just("exact"), attempts, outcomes),
    st.tuples(st.just("reverse"), attempts),
    st.builds(c.SettleReversal, at_utc=st.just(AT), attempt_id=attempts, done=bools),
    st.builds(c.CompleteSale, at_utc=st.just(AT), receipt_number=st.just(7)),
    st.builds(c.AnswerReceipt, at_utc=st.just(AT), choice=st.sampled_from(list(e.ReceiptChoice))),
    st.builds(c.StartPrint, at_utc=st.just(AT), print_id=prints, copy=bools),
    st.builds(c.SettlePrint, at_utc=st.just(AT), print_id=prints, printed=bools, in_doubt=bools),
    st.builds(c.AbortSale, at_utc=st.just(AT), reason=st.just("left")),
    st.builds(c.CloseSale, at_utc=st.just(AT)),
)


def command_of(sale: Sale, wanted: Any) -> c.Command:
    """Fill in what only the running sale knows: new ids, and the amount that was asked."""
    match wanted:
        case ("pay", amount):
            number = len(sale.attempts) + 1
            return c.RequestPayment(
                at_utc=AT,
                attempt_id=f"p{number}",
                service_id=str(number),
                method=e.Method.CARD,
                amount_minor=amount,
            )
        case ("exact", attempt_id, outcome):
            asked = next((a.amount_minor for a in sale.attempts if a.id == attempt_id), 1)
            return c.SettlePayment(
                at_utc=AT,
                attempt_id=attempt_id,
                outcome=outcome,
                amount_minor=asked,
                currency="NOK",
            )
        case ("settle", attempt_id, outcome):
            return c.SettlePayment(
                at_utc=AT, attempt_id=attempt_id, outcome=outcome, amount_minor=1, currency="NOK"
            )
        case ("reverse", attempt_id):
            return c.RequestReversal(
                at_utc=AT, attempt_id=attempt_id, reason="x", service_id=f"r{attempt_id}"
            )
    assert isinstance(wanted, c.Command)
    return wanted


def check(sale: Sale) -> None:
    """What must hold after every command, whatever came before."""
    sums = totals(sale)
    assert sums.left_minor >= 0 or sale.phase in (Phase.ABORTED, Phase.CLOSED)
    ids = [line.id for line in sale.lines]
    assert ids == sorted(set(ids))
    running = [a for a in sale.attempts if a.outcome in (None, e.Outcome.UNKNOWN)]
    assert len(running) <= 1
    if sale.phase in (Phase.PAYING, Phase.IN_DOUBT):
        assert isinstance(
            pending_effect(sale, recovering=True),
            f.AskOutcome | f.RequestReversalEffect | f.Reverse,
        )
    if sale.phase in (Phase.PAID, Phase.COMPLETED):
        assert sums.left_minor == 0
    if sale.phase is Phase.ABORTED:
        assert not any(counts(a) for a in sale.attempts)
    assert not isinstance(pending_effect(sale, recovering=True), f.Charge | f.StopCharge)
    assert sum(one.copy for one in sale.prints if one.printed or one.in_doubt) <= 1
    taken = sum(a.approved_minor for a in sale.attempts if a.outcome is e.Outcome.APPROVED)
    returning = sum(
        a.approved_minor
        for a in sale.attempts
        if a.outcome is e.Outcome.APPROVED and (a.reversal_due or a.reversal_service_id)
    )
    assert taken - returning == sums.paid_minor  # every øre pays, or is on its way back


@settings(derandomize=True, max_examples=400, deadline=None)
@given(st.lists(commands, max_size=40))
def test_no_order_of_commands_breaks_the_sale_and_replay_gives_the_same(wanted: list[Any]) -> None:
    sale, events = evolve(NO_SALE, STARTED), [STARTED]
    for one in wanted:
        try:
            new = decide(sale, command_of(sale, one))
        except Rejected:
            continue
        for event in new:
            sale = evolve(sale, event)
            events.append(event)
        check(sale)
    assert replay(events) == sale


def paid_sale() -> Shop:
    shop = Shop()
    shop.add(MILK)
    shop.pay()
    return shop


def test_a_half_written_command_can_be_replayed_up_to_any_event() -> None:
    shop = paid_sale()
    shop.complete()
    for length in range(len(shop.events) + 1):
        sale = replay(shop.events[:length])
        assert replay(shop.events[:length]) == sale
        pending_effect(sale, recovering=True)


def test_a_line_id_twice_stops_the_program() -> None:
    shop = Shop()
    (added,) = shop.add(MILK)
    with pytest.raises(InvariantBroken, match="line 1 twice"):
        evolve(shop.sale, added)


@pytest.mark.parametrize(
    "event",
    [
        STARTED,
        e.SaleAborted(at_utc=AT, reason="x", amount_minor=0),
        e.PaymentRequested(
            at_utc=AT,
            attempt_id="p1",
            method=e.Method.CARD,
            amount_minor=1,
            currency="NOK",
            service_id="1",
        ),
        e.SaleClosed(at_utc=AT),
    ],
)
def test_what_can_never_have_happened_to_a_paid_sale_stops_the_program(event: e.Event) -> None:
    with pytest.raises(InvariantBroken):
        evolve(paid_sale().sale, event)


def test_a_second_receipt_number_stops_the_program() -> None:
    shop = paid_sale()
    shop.complete()
    with pytest.raises(InvariantBroken, match="second receipt number"):
        evolve(shop.sale, e.SaleCompleted(at_utc=AT, receipt_number=8, total_minor=2190))


def test_a_price_look_up_leaves_the_sale_as_it_was() -> None:
    shop = Shop()
    looked = e.PriceLookedUp(at_utc=AT, product_id="x", article_group="04003", price_minor=1)
    assert evolve(shop.sale, looked) == shop.sale


def test_a_sale_remembers_when_it_began_and_ended() -> None:
    shop = Shop()
    assert (shop.sale.id, shop.sale.kiosk_id, shop.sale.started_at) == ("s1", "k1", AT)
    shop.do(c.AbortSale(at_utc=AT, reason="left"))
    assert shop.sale.end_reason == "left"
