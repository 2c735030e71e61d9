"""A sale that several means paid: each on the receipt, in X and Z, and in SAF-T."""

from dataclasses import replace

from kiosk.fiscal import codes, texts
from kiosk.fiscal.layout import ColumnsRow, TextRow, lay_out
from kiosk.fiscal.receipt import build_receipt
from kiosk.fiscal.report import Fold
from kiosk.sale.events import (
    CardFacts,
    Event,
    Method,
    Outcome,
    PaymentRequested,
    PaymentSettled,
    ReversalRequested,
    ReversalSettled,
    SaleCompleted,
    SaleStarted,
)
from kiosk.sale.evolve import replay
from tests.fiscal.sales import AT, AT_LOCAL, SHOP, added

TOTAL = 2390 + 3490
PARTS = (
    (Method.DEPOSIT_VOUCHER, 400, CardFacts(brand="Pantelapp", reference="GK000001")),
    (Method.GIFT_CARD, 1000, CardFacts(brand="Gavekort", last_four="0014", reference="GK000002")),
    (Method.CARD, TOTAL - 1400, CardFacts(brand="Visa", last_four="4417", terminal_id="T1")),
)


def part(number: int, method: Method, minor: int, card: CardFacts) -> list[Event]:
    return [
        PaymentRequested(
            at_utc=AT, attempt_id=f"p{number}", method=method, amount_minor=minor, currency="NOK",
            service_id=f"s{number}",
        ),
        PaymentSettled(
            at_utc=AT, attempt_id=f"p{number}", outcome=Outcome.APPROVED, amount_minor=minor,
            currency="NOK", transaction_id=f"t{number}", transaction_at=AT, card=card,
        ),
    ]  # fmt: skip


def taken_back(number: int, method: Method, minor: int) -> list[Event]:
    """A part that the shopper took back before the sale was paid."""
    return [
        *part(number, method, minor, CardFacts()),
        ReversalRequested(
            at_utc=AT, attempt_id=f"p{number}", service_id=f"r{number}", amount_minor=minor,
            reason="shopper",
        ),
        ReversalSettled(at_utc=AT, attempt_id=f"p{number}", done=True),
    ]  # fmt: skip


def events() -> list[Event]:
    paid: list[Event] = []
    for number, (method, minor, card) in enumerate(PARTS, 1):
        paid += part(number, method, minor, card)
    return [
        SaleStarted(at_utc=AT, sale_id="s", kiosk_id="k", currency="NOK"),
        added(1),
        added(3),
        *taken_back(9, Method.GIFT_CARD, 700),
        *paid,
        SaleCompleted(at_utc=AT, receipt_number=7, total_minor=TOTAL),
    ]


def test_the_receipt_lists_each_means_with_its_amount_and_not_what_was_taken_back() -> None:
    receipt = build_receipt(replay(events()), SHOP, copy=False, at_local=AT_LOCAL)
    assert [(one.method, one.amount_minor) for one in receipt.tenders] == [
        (method, minor) for method, minor, _ in PARTS
    ]
    rows = lay_out(receipt)
    cells = [row.cells for row in rows if isinstance(row, ColumnsRow)]
    for line in (("Pantelapp", "4,00"), ("Gavekort", "10,00"), ("Bankkort", "44,80")):
        assert line in cells
    assert ("Gavekort", "**** 0014") in cells


def test_only_what_a_terminal_approved_is_called_approved() -> None:
    rows = lay_out(build_receipt(replay(events()), SHOP, copy=False, at_local=AT_LOCAL))
    approved = [row for row in rows if isinstance(row, TextRow) and row.text == texts.APPROVED]
    assert len(approved) == 1


def test_x_and_z_count_each_means_and_the_sale_once() -> None:
    fold = Fold()
    for event in events():
        fold.take("s", event)
    figures = fold.figures()
    counted = {row.key: (row.number, row.amount_minor) for row in figures.payments}
    assert counted == {"PANTELAPP": (1, 400), "GIFTCARD": (1, 1000), "CARD": (1, TOTAL - 1400)}
    assert (figures.total_minor, figures.receipts) == (TOTAL, 1)
    assert sum(row.net_minor + row.tax_minor for row in figures.vat) == TOTAL


def test_a_voucher_lowers_neither_turnover_nor_vat() -> None:
    """What the shop owes for empties is money, 12008 in SAF-T: as a line it would do both."""
    without = [event for event in events() if not is_voucher(event)]
    without[-3] = replace(without[-3], amount_minor=TOTAL - 1000)  # type: ignore[call-arg]
    without[-2] = replace(without[-2], amount_minor=TOTAL - 1000)  # type: ignore[call-arg]
    sold = [build_receipt(replay(each), SHOP, copy=False, at_local=AT_LOCAL)
            for each in (events(), without)]  # fmt: skip
    assert sold[0].tax == sold[1].tax
    assert codes.PAYMENTS["PANTELAPP"].predefined == "12008"
    assert codes.PAYMENTS["GIFTCARD"].predefined == "12005"


def is_voucher(event: Event) -> bool:
    return getattr(event, "attempt_id", "") == "p1"
