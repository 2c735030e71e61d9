import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.contracts import Align, Columns, Cut, Feed, Qr, Rule, Text, Weight
from drivers.printer.layout import (
    CutRow,
    FeedRow,
    QrRow,
    TextRow,
    balanced,
    rows_of,
    tabulate,
    wrap,
)


def test_text_wraps_at_words() -> None:
    assert wrap("Bytt innen 30 dager med kvittering.", 16) == [
        "Bytt innen 30",
        "dager med",
        "kvittering.",
    ]


def test_a_word_wider_than_the_paper_is_broken() -> None:
    assert wrap("a Kjempelangtvarenavn b", 8) == ["a", "Kjempela", "ngtvaren", "avn b"]


def test_centred_text_wraps_into_rows_of_like_width() -> None:
    text = "Skann ved utgangen og ved bytte. Bytt innen 30 dager med kvittering."
    assert balanced(text, 48) == [
        "Skann ved utgangen og ved bytte.",
        "Bytt innen 30 dager med kvittering.",
    ]
    assert balanced("Takk", 48) == ["Takk"]


def test_money_stands_on_the_right() -> None:
    assert tabulate(("Lettmelk 1 l", "23,90"), 24) == ["Lettmelk 1 l       23,90"]


def test_a_long_name_wraps_and_the_amount_stands_on_its_last_row() -> None:
    assert tabulate(("Økologisk havregryn lettkokt 1 kg", "123,90"), 24) == [
        "Økologisk",
        "havregryn",
        "lettkokt 1 kg     123,90",
    ]


def test_an_indent_holds_for_every_row() -> None:
    assert tabulate(("Tilbud: tre for to på yoghurt", "-14,90"), 24, indent=2) == [
        "  Tilbud: tre for",
        "  to på yoghurt   -14,90",
    ]


def test_figures_of_a_table_stand_under_each_other() -> None:
    assert tabulate(("15 %", "148,74", "22,31", "171,05"), 32) == [
        "15 %      148,74   22,31  171,05"
    ]


def test_figures_too_wide_for_the_paper_get_rows_of_their_own() -> None:
    assert tabulate(("Sum", "1 234 567,00", "234 567,00", "1 469 134,00"), 32) == [
        "Sum",
        "                    1 234 567,00",
        "                      234 567,00",
        "                    1 469 134,00",
    ]


def test_large_text_has_half_the_columns() -> None:
    rows = rows_of([Text("SALGSKVITTERING NR 1", Weight.LARGE, Align.CENTER)], 32)
    assert rows == (
        TextRow("SALGSKVITTERING", Weight.LARGE, Align.CENTER),
        TextRow("NR 1", Weight.LARGE, Align.CENTER),
    )


def test_a_large_word_that_would_be_broken_is_only_as_tall() -> None:
    rows = rows_of([Text("TRENINGSKVITTERING", Weight.LARGE, Align.CENTER)], 32)
    assert rows == (TextRow("TRENINGSKVITTERING", Weight.LARGE, Align.CENTER, tall=True),)


def test_a_large_amount_that_would_be_parted_from_its_name_is_only_as_tall() -> None:
    assert rows_of([Columns(("Totalt kr", "213,95"), Weight.LARGE)], 32) == (
        TextRow("Totalt kr 213,95", Weight.LARGE),
    )
    assert rows_of([Columns(("Totalt kr", "1 213,95"), Weight.LARGE)], 32) == (
        TextRow("Totalt kr               1 213,95", Weight.LARGE, tall=True),
    )


def test_every_element_has_its_rows() -> None:
    elements = [Rule(), Feed(2), Qr("data", "Skann"), Cut()]
    assert rows_of(elements, 32) == (
        TextRow("-" * 32),
        FeedRow(2),
        QrRow("data"),
        TextRow("Skann", align=Align.CENTER),
        CutRow(),
    )


WORDS = st.text(st.characters(min_codepoint=33, max_codepoint=255, exclude_categories=["Z", "C"]))


@pytest.mark.parametrize("columns", [32, 48])
@given(cells=st.lists(WORDS, min_size=1, max_size=5), indent=st.integers(0, 6))
def test_no_row_is_wider_than_the_paper_and_no_character_is_lost(
    columns: int, cells: list[str], indent: int
) -> None:
    rows = rows_of([Columns(tuple(cells), Weight.NORMAL, indent)], columns)
    texts = [row.text for row in rows if isinstance(row, TextRow)]
    assert all(len(text) <= columns for text in texts)
    assert sorted("".join(texts).replace(" ", "")) == sorted("".join(cells))


@pytest.mark.parametrize(
    ("columns", "rows"),
    [(48, ["TRENINGSKVITTERING"]), (32, ["TRENINGS-", "KVITTERING"])],
)
def test_a_large_word_is_parted_at_its_soft_hyphen_only_on_narrow_paper(
    columns: int, rows: list[str]
) -> None:
    word = Text("TRENINGS\u00adKVITTERING", Weight.LARGE)
    found = rows_of([word], columns)
    assert [row.text for row in found] == rows
    assert not any(row.tall for row in found), "it keeps its double width"
