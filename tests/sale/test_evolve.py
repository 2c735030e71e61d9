"""A sale as the fold of its events, through whatever the shopper, terminal and printer do."""

from collections.abc import Callable
from random import Random

import pytest

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

Step = Callable[[Sale, Random], c.Command]


def number(sale: Sale) -> int:
    return len(sale.attempts) + 1


def some_attempt(sale: Sale, random: Random) -> tuple[str, int]:
    """Return the id and the amount of one attempt, the newest most often."""
    if not sale.attempts or random.random() < 0.02:
        return "nobody's", 1
    one = sale.attempts[-1] if random.random() < 0.7 else random.choice(sale.attempts)
    return one.id, one.amount_minor


def ask(sale: Sale, random: Random) -> c.Command:
    return c.RequestPayment(
        at_utc=AT,
        attempt_id=f"p{number(sale)}",
        service_id=str(number(sale)),
        method=random.choice(list(e.Method)),
        amount_minor=random.choice([None, None, None, 1000]),
    )


def answer(sale: Sale, random: Random) -> c.Command:
    attempt_id, asked = some_attempt(sale, random)
    return c.SettlePayment(
        at_utc=AT,
        attempt_id=attempt_id,
        outcome=random.choice(list(e.Outcome)),
        amount_minor=random.choice([asked, asked, asked, 1]),
        currency=random.choice(["NOK"] * 9 + ["SEK"]),
    )


def give_back(sale: Sale, random: Random) -> c.Command:
    attempt_id, _ = some_attempt(sale, random)
    return c.RequestReversal(
        at_utc=AT, attempt_id=attempt_id, reason="x", service_id=f"r{attempt_id}"[:10]
    )


def given_back(sale: Sale, random: Random) -> c.Command:
    attempt_id, _ = some_attempt(sale, random)
    return c.SettleReversal(at_utc=AT, attempt_id=attempt_id, done=random.random() < 0.6)


def resolve(sale: Sale, random: Random) -> c.Command:
    ids = [i.id for i in sale.interventions] or ["nobody's"]
    return c.ResolveIntervention(
        at_utc=AT, intervention_id=random.choice(ids), approved=random.random() < 0.6
    )


def raise_one(sale: Sale, random: Random) -> c.Command:
    return c.RaiseIntervention(
        at_utc=AT,
        intervention_id=f"i{len(sale.interventions)}",
        kind=random.choice(list(e.Interest)),
        policy=random.choice(list(e.Policy)),
        line_id=random.choice([None, 1, 2]),
    )


def line(sale: Sale, random: Random) -> c.Command:
    line_id = random.randint(1, len(sale.lines) + 1)
    return random.choice(
        [
            c.ChangeQuantity(at_utc=AT, line_id=line_id, quantity=random.randint(0, 4)),
            c.RemoveLine(at_utc=AT, line_id=line_id),
            c.RestoreLine(at_utc=AT, line_id=line_id),
        ]
    )


def item(sale: Sale, random: Random) -> c.Command:
    return random.choice(
        [
            *(add(what, promotions=(OFFER,)) for what in (MILK, BREAD, SODA, BEER)),
            add(BANANA, weight_g=random.randint(1, 2000)),
            add(MILK, best_before="2020-01-01"),
        ]
    )


def paper(sale: Sale, random: Random) -> c.Command:
    known = [one.id for one in sale.prints]
    return random.choice(
        [
            c.StartPrint(at_utc=AT, print_id=str(len(known) + 1), copy=random.random() < 0.5),
            c.SettlePrint(
                at_utc=AT,
                print_id=random.choice([*known, "1"]),
                printed=random.random() < 0.5,
                in_doubt=random.random() < 0.4,
            ),
            c.AnswerReceipt(at_utc=AT, choice=random.choice(list(e.ReceiptChoice))),
        ]
    )


def end(sale: Sale, random: Random) -> c.Command:
    return random.choice(
        [
            c.CompleteSale(at_utc=AT, receipt_number=7),
            c.CompleteSale(at_utc=AT, receipt_number=7),
            c.CloseSale(at_utc=AT),
        ]
    )


STEPS: list[tuple[int, Step]] = [
    (4, item),
    (2, line),
    (1, raise_one),
    (3, resolve),
    (3, ask),
    (1, lambda sale, random: c.AbortPayment(at_utc=AT)),
    (5, answer),
    (2, give_back),
    (2, given_back),
    (4, end),
    (4, paper),
]
WEIGHTS = [weight for weight, _ in STEPS]
ABORT = c.AbortSale(at_utc=AT, reason="left")


def wanted(sale: Sale, random: Random) -> c.Command:
    if random.random() < 0.01:
        return ABORT
    (chosen,) = random.choices(STEPS, WEIGHTS)
    return chosen[1](sale, random)


def features(sale: Sale) -> set[str]:
    """Return what a walk has been through, to know that the walks go deep."""
    found: set[str] = {sale.phase.value}
    for attempt in sale.attempts:
        found |= {"reversal due"} if attempt.reversal_due else set()
        found |= {f"reversed {attempt.reversed}"}
    for one in sale.prints:
        found |= {f"print copy={one.copy} printed={one.printed} doubt={one.in_doubt}"}
    if sale.phase is Phase.COMPLETED and sale.attempts == ():
        found.add("free")
    return found


def check(sale: Sale, case: str) -> None:
    """What must hold after every command, whatever came before."""
    sums = totals(sale)
    assert sums.left_minor >= 0 or sale.phase in (Phase.ABORTED, Phase.CLOSED), case
    ids = [line.id for line in sale.lines]
    assert ids == sorted(set(ids)), case
    running = [a for a in sale.attempts if a.outcome in (None, e.Outcome.UNKNOWN)]
    assert len(running) <= 1, case
    if sale.phase in (Phase.PAYING, Phase.IN_DOUBT):
        assert isinstance(
            pending_effect(sale, recovering=True),
            f.AskOutcome | f.RequestReversalEffect | f.Reverse,
        )
    if sale.phase in (Phase.PAID, Phase.COMPLETED):
        assert sums.left_minor == 0, case
    if sale.phase is Phase.ABORTED:
        assert not any(counts(a) for a in sale.attempts), case
    assert not isinstance(pending_effect(sale, recovering=True), f.Charge | f.StopCharge), case
    assert sum(one.copy for one in sale.prints if one.printed or one.in_doubt) <= 1, case
    taken = sum(a.approved_minor for a in sale.attempts if a.outcome is e.Outcome.APPROVED)
    returning = sum(
        a.approved_minor
        for a in sale.attempts
        if a.outcome is e.Outcome.APPROVED and (a.reversal_due or a.reversal_service_id)
    )
    assert taken - returning == sums.paid_minor, case  # every øre pays, or is on its way back


def test_no_order_of_commands_breaks_a_sale_and_replay_gives_the_same() -> None:
    seen: set[str] = set()
    for seed in range(700):
        random = Random(seed)
        sale, events = evolve(NO_SALE, STARTED), [STARTED]
        for _ in range(60):
            command = wanted(sale, random)
            try:
                new = decide(sale, command)
            except Rejected:
                continue
            except Exception as error:
                raise AssertionError(f"seed={seed}: {command}") from error
            for event in new:
                sale = evolve(sale, event)
                events.append(event)
            check(sale, f"seed={seed}: {command}")
        assert replay(events) == sale, f"seed={seed}"
        seen |= features(sale)
    assert {phase.value for phase in Phase} - {"none"} <= seen
    assert {"reversal due", "reversed True", "reversed False"} <= seen
    assert "print copy=True printed=True doubt=False" in seen
    assert "print copy=False printed=False doubt=True" in seen


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


def test_an_answer_without_its_request_stops_the_program() -> None:
    settled = e.PaymentSettled(at_utc=AT, attempt_id="p9", outcome=e.Outcome.APPROVED)
    with pytest.raises(InvariantBroken, match="no attempt p9"):
        evolve(Shop().sale, settled)


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
