from dataclasses import replace

import pytest

from kiosk.fiscal.layout import CodeRow, ColumnsRow, CutRow, Size, TextRow, lay_out
from kiosk.fiscal.receipt import Receipt, Tender, build_provisional, build_receipt
from kiosk.sale.events import CardFacts, Method
from tests.fiscal.sales import (
    AT_LOCAL,
    LATER_LOCAL,
    SHOP,
    design_combined,
    design_receipt,
    design_return,
    open_sale,
)


def texts(receipt: Receipt) -> list[str]:
    return [row.text for row in lay_out(receipt) if isinstance(row, TextRow)]


def columns(receipt: Receipt) -> list[tuple[str, ...]]:
    return [row.cells for row in lay_out(receipt) if isinstance(row, ColumnsRow)]


def test_a_sales_receipt_says_so_first_and_large() -> None:
    assert lay_out(design_receipt())[0] == TextRow("SALGSKVITTERING", Size.LARGE, centered=True)


def test_a_receipt_ends_with_one_cut() -> None:
    rows = lay_out(design_receipt())
    assert [row for row in rows if isinstance(row, CutRow)] == [rows[-1]]


def test_the_seller_is_named_as_the_law_wants() -> None:
    said = texts(design_receipt())
    for line in (
        "Nærmat Torshov AS",
        "Eksempelgata 1, 0477 Oslo",
        "Org.nr. 999 999 999 MVA",
        "Foretaksregisteret",
    ):
        assert line in said


def test_a_sole_trader_is_not_in_foretaksregisteret() -> None:
    shop = replace(SHOP, in_foretaksregisteret=False)
    assert "Foretaksregisteret" not in texts(replace(design_receipt(), shop=shop))


def test_deposit_is_a_line_of_its_own_and_outside_the_vat_table() -> None:
    rows = columns(design_receipt())
    assert ("Pant 2 × 3,00", "6,00") in rows
    assert ("Pant*", "6,00", "0,00", "6,00") in rows
    assert ("Sum", "184,26", "29,69", "213,95") in rows


@pytest.mark.parametrize("kind", ["copy", "training"])
def test_the_mark_is_at_least_half_as_large_again_as_every_amount(kind: str) -> None:
    rows = lay_out(design_receipt(copy=kind == "copy", training=kind == "training"))
    mark = "KOPI" if kind == "copy" else "TRENINGS\u00adKVITTERING – IKKE KVITTERING FOR KJØP"
    assert TextRow(mark, Size.LARGE, centered=True) in rows[:2]
    assert all(row.size is not Size.LARGE for row in rows if isinstance(row, ColumnsRow))


def test_a_training_receipt_opens_no_gate() -> None:
    rows = lay_out(design_receipt(training=True))
    assert not any(isinstance(row, CodeRow) for row in rows)


def test_a_provisional_receipt_says_that_it_is_none_larger_than_every_amount() -> None:
    receipt = build_provisional(open_sale(), SHOP, number=3, at_local=AT_LOCAL)
    rows = lay_out(receipt)
    heading = "FORELØPIG KVITTERING – IKKE KVITTERING FOR KJØP"
    assert rows[0] == TextRow(heading, Size.LARGE, centered=True)
    assert all(row.size is not Size.LARGE for row in rows if isinstance(row, ColumnsRow))
    assert not any(isinstance(row, CodeRow) for row in rows), "it opens no gate"
    assert ("Kvittering nr.", "F3") in columns(receipt)


def test_a_return_names_what_it_takes_back_and_every_amount_is_negative() -> None:
    receipt = build_receipt(design_return(), SHOP, copy=False, at_local=LATER_LOCAL)
    rows = columns(receipt)
    assert texts(receipt)[0] == "RETURKVITTERING"
    assert "Retur fra kvittering 18204 av 21.11.2026" in texts(receipt)
    assert ("Betjent av", "7") in rows
    assert ("Cola uten sukker 1,5 l", "−29,90") in rows
    assert ("Pant −1 × 3,00", "−3,00") in rows
    assert ("Tilbud ved kjøpet", "14,90") in rows, "what was not paid is not paid out"
    assert ("Totalt kr", "−85,35") in rows
    assert ("Sum", "−74,61", "−10,74", "−85,35") in rows
    assert ("Transaksjon", "004502") in rows
    assert not any(isinstance(row, CodeRow) for row in lay_out(receipt)), "it opens no gate"


def test_a_receipt_for_both_says_both_and_keeps_them_apart() -> None:
    receipt = build_receipt(design_combined(), SHOP, copy=False, at_local=LATER_LOCAL)
    rows = columns(receipt)
    assert texts(receipt)[0] == "SALGSKVITTERING/ RETURKVITTERING"
    assert rows.index(("Oppvaskmiddel 500 ml", "36,90")) < rows.index(("Lettmelk 1 l", "−23,90"))
    assert ("Totalt kr", "−21,90") in rows
    assert ("Kvittering nr.", "K7") in rows


def test_a_copy_says_the_same_as_its_original_but_for_the_mark() -> None:
    assert columns(design_receipt(copy=True)) == columns(design_receipt())
    assert texts(design_receipt(copy=True)) == ["KOPI", *texts(design_receipt())]


def test_a_build_without_declaration_says_so() -> None:
    foot = "Prøveversjon: ikke produkterklært"
    assert foot in texts(design_receipt())
    declared = replace(design_receipt(), shop=replace(SHOP, declared=True))
    assert foot not in texts(declared)


def test_an_unknown_entry_mode_and_missing_facts_are_left_out() -> None:
    tender = Tender(
        method=Method.CARD,
        amount_minor=21395,
        transaction_id="T1",
        card=CardFacts(entry_mode="Telepathy"),
    )
    rows = columns(replace(design_receipt(), tenders=(tender,)))
    assert ("Bankkort",) in rows
    assert ("Transaksjon", "T1") in rows
    assert not any(cells[0] in ("AID", "Terminal", "Autorisasjon", "Ref.") for cells in rows)


def test_a_wallets_long_name_stands_under_its_label_and_once() -> None:
    name = "kiosk-9c046e224159499d9631912715abe7ee-1"
    tender = Tender(
        method=Method.VIPPS,
        amount_minor=21395,
        transaction_id=name,
        card=CardFacts(brand="Vipps", reference=name),
    )
    rows = columns(replace(design_receipt(), tenders=(tender,)))
    assert rows[rows.index(("Transaksjon",)) + 1] == ("", name)
    assert sum(name in cells for cells in rows) == 1
