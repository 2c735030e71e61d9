"""What the law wants of a receipt (Kassasystemforskriften section 2-8-4), and its sums."""

from dataclasses import replace

import pytest

from kiosk.fiscal.receipt import build_receipt
from kiosk.fiscal.texts import ReceiptKind
from kiosk.sale.events import LineRemoved, SaleStarted
from kiosk.sale.evolve import replay
from kiosk.sale.invariant import InvariantBroken
from kiosk.sale.state import Phase
from tests.fiscal.sales import AT, AT_LOCAL, SHOP, added, design_receipt, design_sale, paid


def test_the_sums_of_the_design() -> None:
    receipt = design_receipt()
    assert receipt.totals.total_minor == 21395
    assert receipt.totals.item_count == 9
    assert receipt.totals.saved_minor == 1490
    assert receipt.totals.deposit_minor == 600
    table = [(row.rate_bp, row.net_minor, row.tax_minor, row.gross_minor) for row in receipt.tax]
    assert table == [(1500, 14874, 2231, 17105), (2500, 2952, 738, 3690)]


def test_lines_are_the_sales_own() -> None:
    sale = design_sale()
    receipt = design_receipt()
    assert [(line.name, line.quantity, line.amount_minor) for line in receipt.lines] == [
        (line.product.name, line.quantity, line.price_minor) for line in sale.live_lines
    ]
    yoghurt = receipt.lines[4]
    assert [(offer.title, offer.amount_minor) for offer in yoghurt.offers] == [("3 for 2", -1490)]


def test_the_terminals_transaction_id_is_there() -> None:
    (tender,) = design_receipt().tenders
    assert (tender.transaction_id, tender.amount_minor) == ("004417", 21395)


def test_a_removed_line_is_not_on_the_receipt() -> None:
    events = (
        SaleStarted(at_utc=AT, sale_id="s", kiosk_id="k", currency="NOK"),
        added(1),
        added(3),
        LineRemoved(at_utc=AT, line_id=1),
        *paid(3490),
    )
    receipt = build_receipt(replay(events), SHOP, copy=False, at_local=AT_LOCAL)
    assert [line.name for line in receipt.lines] == ["Kneippbrød 750 g"]


def test_a_training_sale_is_another_kind_of_receipt() -> None:
    assert design_receipt(training=True).kind is ReceiptKind.TRAINING


def test_the_exit_code_names_the_receipt_and_not_the_goods() -> None:
    assert design_receipt().exit_code == "SK1/NT-0477-03/18204/20261121/21395"


def test_a_sale_without_a_number_has_no_receipt() -> None:
    with pytest.raises(InvariantBroken, match="no receipt number"):
        build_receipt(replace(design_sale(), receipt_number=0), SHOP, copy=False, at_local=AT_LOCAL)


def test_an_open_sale_has_no_receipt() -> None:
    with pytest.raises(InvariantBroken, match="open"):
        build_receipt(replace(design_sale(), phase=Phase.OPEN), SHOP, copy=False, at_local=AT_LOCAL)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(InvariantBroken, match="time zone"):
        build_receipt(design_sale(), SHOP, copy=False, at_local=AT_LOCAL.replace(tzinfo=None))


def test_a_receipt_that_was_not_paid_in_full_is_refused() -> None:
    sale = design_sale()
    short = replace(sale, attempts=(replace(sale.attempts[0], approved_minor=21394),))
    with pytest.raises(InvariantBroken, match="paid 21394, not 21395"):
        build_receipt(short, SHOP, copy=False, at_local=AT_LOCAL)
