from pathlib import Path

import pytest

from kiosk.ui.i18n import own_name, translator
from kiosk.ui.i18n.catalogs import _read

NB, NN, EN = (translator(code) for code in ("nb", "nn", "en"))

POLISH = """\
msgid ""
msgstr ""
"Language: pl\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=3; plural=(n==1 ? 0 : "
"n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);\\n"

msgid "scan.items"
msgid_plural "scan.items"
msgstr[0] "{n} produkt"
msgstr[1] "{n} produkty"
msgstr[2] "{n} produktów"
"""


def test_a_language_the_kiosk_does_not_have_is_bokmaal() -> None:
    assert translator("xx") is NB


def test_a_change_of_language_reads_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a file was read")

    monkeypatch.setattr(Path, "open", refuse)
    assert translator("nn")("scan.added") == "Lagt til no"
    assert translator("en")("scan.added") == "Just added"


def test_a_products_name_is_never_read_as_a_pattern() -> None:
    assert NB("toast.removed", name="{0} {amount} %s") == "{0} {amount} %s er fjernet"


def test_a_key_nobody_wrote_is_an_error_and_not_shown_to_a_shopper() -> None:
    with pytest.raises(KeyError):
        NB("scan.no_such_text")


def test_languages_are_named_in_their_own_words() -> None:
    assert [own_name(code) for code in ("nb", "nn", "en")] == [
        "Norsk bokmål",
        "Norsk nynorsk",
        "English",
    ]


def test_a_list_in_a_sentence() -> None:
    assert NB.either(["kort", "Vipps", "gavekort"]) == "kort, Vipps eller gavekort"
    assert EN.all_of(["Vipps", "gift card"]) == "Vipps and gift card"
    assert NN.either(["kort"]) == "kort"


def test_prices_say_what_they_are_for() -> None:
    assert NB.per_kilogram(2690) == "26,90 kr/kg"
    assert NB.per_piece(2290) == "22,90 kr/stk"
    assert EN.per_piece(2290) == "22,90 kr each"


def test_a_time_of_day_is_written_as_the_language_does() -> None:
    assert NB.clock("15.00") == "15.00"
    assert EN.clock("15.00") == "15:00"


def test_a_language_with_three_plurals_needs_no_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pl.po").write_text(POLISH, "utf-8")
    monkeypatch.setattr("kiosk.ui.i18n.catalogs.FOLDER", tmp_path)
    words = _read("pl")
    assert [words.many("scan.items", n) for n in (1, 3, 5, 22)] == [
        "1 produkt",
        "3 produkty",
        "5 produktów",
        "22 produkty",
    ]
