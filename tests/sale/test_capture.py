"""Reserved money: owed from the receipt number on, settled once, whatever comes after the end."""

import pytest

from kiosk.sale import capture
from kiosk.sale import commands as c
from kiosk.sale import events as e
from kiosk.sale.commands import Reason, Rejected
from kiosk.sale.decide import decide
from kiosk.sale.events import Method, Outcome
from kiosk.sale.evolve import evolve, replay
from kiosk.sale.product import Product, Unit
from kiosk.sale.state import Phase, Sale

AT = "2026-03-02T09:00:00.000000+00:00"
MILK = Product(
    id="100", name="Lettmelk", unit_price_minor=2390, unit=Unit.PIECE, vat_code="31",
    vat_rate_bp=1500,
)  # fmt: skip


def paid(*methods: Method, minor: tuple[int, ...] = (2390,)) -> Sale:
    """A sale whose parts were approved by these methods, one after the other."""
    events: list[e.Event] = [
        e.SaleStarted(at_utc=AT, sale_id="s1", kiosk_id="k1", currency="NOK"),
        e.ItemAdded(
            at_utc=AT, line_id=1, product=MILK, quantity=1, price_minor=2390,
            entry=e.Entry.SCANNED,
        ),
    ]  # fmt: skip
    for number, (method, part) in enumerate(zip(methods, minor, strict=True), 1):
        name = f"a{number}"
        events += [
            e.PaymentRequested(
                at_utc=AT, attempt_id=name, method=method, amount_minor=part, currency="NOK",
                service_id=f"S{number}",
            ),
            e.PaymentSettled(
                at_utc=AT, attempt_id=name, outcome=Outcome.APPROVED, amount_minor=part,
                currency="NOK", transaction_id=f"T{number}",
            ),
        ]  # fmt: skip
    return replay(events)


def completed(sale: Sale) -> tuple[Sale, list[str]]:
    events = decide(sale, c.CompleteSale(at_utc=AT, receipt_number=1))
    for event in events:
        sale = evolve(sale, event)
    return sale, [type(event).__name__ for event in events]


@pytest.mark.parametrize("method", [Method.VIPPS, Method.KLARNA])
def test_what_reserves_is_to_be_taken_with_the_receipt_number(method: Method) -> None:
    before = paid(method)
    assert capture.owed(before) == ()
    sale, kinds = completed(before)
    assert kinds == ["SaleCompleted", "CaptureRequested"]
    assert [one.id for one in capture.owed(sale)] == ["a1"]


@pytest.mark.parametrize("method", [Method.CARD, Method.STREX, Method.GIFT_CARD])
def test_what_takes_the_money_itself_is_not_taken_again(method: Method) -> None:
    sale, kinds = completed(paid(method))
    assert kinds == ["SaleCompleted"]
    assert capture.owed(sale) == ()


def test_of_a_split_payment_only_the_reserved_part_is_owed() -> None:
    sale, kinds = completed(paid(Method.GIFT_CARD, Method.VIPPS, minor=(1000, 1390)))
    assert kinds.count("CaptureRequested") == 1
    assert [(one.id, one.approved_minor) for one in capture.owed(sale)] == [("a2", 1390)]


def test_the_end_of_a_capture_changes_no_phase_and_comes_once() -> None:
    sale, _ = completed(paid(Method.VIPPS))
    sale = evolve(sale, e.ReceiptAnswered(at_utc=AT, choice=e.ReceiptChoice.NONE))
    sale = evolve(sale, e.SaleClosed(at_utc=AT))
    done = c.SettleCapture(at_utc=AT, attempt_id="a1", done=True)
    (event,) = decide(sale, done)
    sale = evolve(sale, event)
    assert (sale.phase, capture.owed(sale)) == (Phase.CLOSED, ())
    assert decide(sale, done) == ()


def test_a_refusal_is_noted_once_stays_owed_and_gives_way_to_the_money() -> None:
    sale, _ = completed(paid(Method.VIPPS))
    no = c.SettleCapture(at_utc=AT, attempt_id="a1", done=False, reason="6080")
    (event,) = decide(sale, no)
    sale = evolve(sale, event)
    assert decide(sale, no) == ()
    assert [one.captured for one in capture.owed(sale)] == [False]
    (event,) = decide(sale, c.SettleCapture(at_utc=AT, attempt_id="a1", done=True))
    assert capture.owed(evolve(sale, event)) == ()


@pytest.mark.parametrize("attempt_id", ["a1", "nobody"])
def test_nothing_is_settled_that_is_not_due(attempt_id: str) -> None:
    settle = c.SettleCapture(at_utc=AT, attempt_id=attempt_id, done=True)
    with pytest.raises(Rejected) as refused:
        decide(paid(Method.VIPPS), settle)
    assert refused.value.reason is Reason.NO_SUCH_ATTEMPT
