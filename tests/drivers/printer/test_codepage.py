import pytest

from drivers.errors import DeviceConfigError
from drivers.printer.codepage import SLOTS, printable, slot_of

NORWEGIAN = "æøåÆØÅ"


@pytest.mark.parametrize("code_page", SLOTS)
def test_every_code_page_on_offer_has_norwegian(code_page: str) -> None:
    assert printable(NORWEGIAN, code_page).encode(code_page).decode(code_page) == NORWEGIAN


def test_norwegian_is_at_the_same_bytes_in_the_dos_pages() -> None:
    # Source: the code tables of printer manuals; only 858 has the euro sign.
    assert printable(NORWEGIAN + "€", "cp858").encode("cp858") == bytes.fromhex("919b86929d8fd5")
    assert printable(NORWEGIAN, "cp865").encode("cp865") == bytes.fromhex("919b86929d8f")


@pytest.mark.parametrize(
    ("text", "code_page", "printed"),
    [
        ("−14,90", "cp858", "-14,90"),
        ("2 × 29,90", "cp858", "2 × 29,90"),
        ("2 × 29,90", "cp865", "2 x 29,90"),
        ("1–2", "cp858", "1-2"),
        ("1–2", "cp1252", "1–2"),
        ("10 €", "cp865", "10 EUR"),
        ("1\u00a0234,00", "cp858", "1 234,00"),
        ("Häagen-Dazs™", "cp858", "Häagen-DazsTM"),
        ("Čokoláda", "cp858", "Cokoláda"),
        ("…", "cp858", "..."),
        ("日", "cp858", "?"),
    ],
)
def test_what_the_page_lacks_is_printed_as_the_nearest_that_says_the_same(
    text: str, code_page: str, printed: str
) -> None:
    assert printable(text, code_page) == printed


def test_no_control_character_of_a_name_reaches_the_printer() -> None:
    assert printable("Melk\x1b@\x1dV\x00\n", "cp858") == "Melk@V"


def test_a_page_without_norwegian_is_refused() -> None:
    with pytest.raises(DeviceConfigError, match="cp437"):
        slot_of("cp437")
