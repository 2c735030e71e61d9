"""Where lines break, with letters that are all one wide."""

import pytest

from kiosk.ui.breaks import evened, filled, running


def broken(text: str, room: int) -> list[str]:
    return list(evened(text, len, room))


def test_what_fits_one_line_stays_one() -> None:
    assert broken("Skann neste vare", 16) == ["Skann neste vare"]
    assert broken("Skann neste vare", 15) == ["Skann", "neste vare"]


def test_lines_are_about_equally_long() -> None:
    assert broken("Betalt. Vil du ha kvittering?", 24) == ["Betalt. Vil du", "ha kvittering?"]


@pytest.mark.parametrize(
    "sentences",
    [
        ["Gavekort svarer ikke nå.", "Ingenting er trukket."],
        ["Det er ikke et norsk mobilnummer.", "Se over sifrene."],
    ],
)
def test_a_line_rather_ends_where_a_sentence_does(sentences: list[str]) -> None:
    assert broken(" ".join(sentences), 36) == sentences


def test_a_sentence_that_would_not_fit_its_line_breaks_inside() -> None:
    assert broken("Koden stemte ikke. Du får en ny på SMS.", 20) == [
        "Koden stemte ikke.",
        "Du får en ny på SMS.",
    ]
    assert broken("Lampen over kassen blinker sakte. Vent.", 24) == [
        "Lampen over kassen",
        "blinker sakte. Vent.",
    ]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Godkjenn betalingen på 1213,95 kr i Klarna", "1213,95 kr"),
        ("Oppvaskmiddel sitron 500 ml", "500 ml"),
        ("Til bankkortet som slutter •••• 4417, som betalte", "•••• 4417,"),
        ("Vi har sendt koden til ••• •• •67. Med den betaler du", "••• •• •67."),
        ("Pant for flasker 6 × 24,90 kr", "6 × 24,90 kr"),
    ],
)
def test_a_number_is_not_parted_from_what_it_counts(text: str, kept: str) -> None:
    for room in range(len(kept) + 3, len(text)):
        for how in (evened, filled, running):
            assert any(kept in row for row in how(text, len, room)), (how.__name__, room)


def test_what_is_too_wide_for_a_line_is_parted_after_all() -> None:
    assert list(filled("Pant 6 × 24,90 kr", len, 8)) == ["Pant 6 ×", "24,90 kr"]
    assert list(filled("Oppvaskmiddel", len, 5)) == ["Oppvaskmiddel"]


def test_what_a_translator_tied_stays_whole_however_wide_it_is() -> None:
    for how in (evened, filled, running):
        rows = how("Betalt. Vil du ha\u00a0kvittering?", len, 12)
        assert rows[-1] == "ha\u00a0kvittering?", how.__name__


def test_running_text_fills_its_lines_but_leaves_no_word_alone() -> None:
    assert list(running("Hold kortet mot terminalen", len, 18)) == [
        "Hold kortet mot",
        "terminalen",
    ]
    assert list(running("Bli stående her. Varene dine er lagret.", len, 34)) == [
        "Bli stående her.",
        "Varene dine er lagret.",
    ]


def test_a_new_line_is_kept() -> None:
    assert list(evened("Hei\nSkann den første varen", len, 14)) == [
        "Hei",
        "Skann den",
        "første varen",
    ]


TEXTS = (
    "Vi vet ikke om betalingen gikk gjennom. Ikke betal på nytt.",
    "Én vare har aldersgrense. Ha gjerne legitimasjonen klar.",
    "Ми не знаємо, чи пройшла оплата. Не платіть ще раз.",
)


@pytest.mark.parametrize("text", TEXTS)
def test_no_way_of_breaking_takes_more_lines_loses_a_word_or_leaves_the_room(text: str) -> None:
    for room in range(14, 60):
        fewest = filled(text, len, room)
        for how in (evened, running):
            rows = how(text, len, room)
            assert len(rows) == len(fewest), (how.__name__, room)
            assert " ".join(rows) == text
            assert max(map(len, rows)) <= room
