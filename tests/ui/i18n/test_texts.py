"""Every language says everything, with the same placeholders, and nothing is left over."""

import ast
import re
import string
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from kiosk.ui.i18n import DEFAULT_LANGUAGE, Translator, languages, translator
from kiosk.ui.i18n.numbers import NO_BREAK_SPACE

UI = Path(__file__).parents[3] / "kiosk" / "ui"
LANGUAGES = languages()
CATALOGS = UI / "i18n"
KEYS = sorted(translator(DEFAULT_LANGUAGE).keys())
KEY = re.compile(r"[a-z_]+(\.[a-z_]+)+")
MAY_EXCLAIM = {"start.hello", "thanks.title"}


@cache
def strings_in_the_code() -> frozenset[str]:
    """Every string constant of the screen's code that looks like a key."""
    found = set()
    for path in UI.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    return frozenset(found)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def wanted_placeholders(key: str, words: Translator) -> set[str]:
    """A form for exactly one thing may spell the number: "Én vare"."""
    return set().union(*(placeholders(form) for form in words.forms(key)))


def test_bokmaal_nynorsk_and_english_are_there() -> None:
    assert {"nb", "nn", "en"} <= set(LANGUAGES)
    assert LANGUAGES[0] == DEFAULT_LANGUAGE


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_language_has_every_key_and_no_other(code: str) -> None:
    own = translator(code).keys()
    staff = {key for key in KEYS if key.startswith("staff.")}
    assert own == set(KEYS) - (staff - own if own.isdisjoint(staff) else set())


def test_staff_read_bokmaal_where_the_shopper_has_chosen_a_language_for_shoppers() -> None:
    words = translator("uk")
    assert words("scan.pay") == "Оплатити"
    assert words("staff.tool.discount") == "Rabatt"
    assert words.many("staff.to_decide", 5) == "5 ting å avgjøre"


@pytest.mark.parametrize(("n", "said"), [(1, "1 товар"), (3, "3 товари"), (11, "11 товарів")])
def test_ukrainian_counts_in_three_ways(n: int, said: str) -> None:
    assert translator("uk").many("scan.items", n) == said


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_key_is_written_twice(code: str) -> None:
    # The reader would take the last one and say nothing.
    found = re.findall(r'^msgid "(.+)"$', (CATALOGS / f"{code}.po").read_text("utf-8"), re.M)
    assert [key for key, times in Counter(found).items() if times > 1] == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_text_is_empty(code: str) -> None:
    words = translator(code)
    assert [key for key in KEYS if not all(words.forms(key))] == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_placeholders_are_the_same_in_every_language(code: str) -> None:
    words, source = translator(code), translator(DEFAULT_LANGUAGE)
    different = [
        key for key in KEYS if wanted_placeholders(key, words) != wanted_placeholders(key, source)
    ]
    assert different == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_plural_text_has_a_form_for_each_of_the_languages_numbers(code: str) -> None:
    words, source = translator(code), translator(DEFAULT_LANGUAGE)
    forms = {words._plural(n) for n in range(200)}
    wrong = [
        key
        for key in words.keys()  # noqa: SIM118  # a translator is no dictionary
        if len(source.forms(key)) > 1 and len(words.forms(key)) != len(forms)
    ]
    assert wrong == []


def test_every_text_is_used_by_the_code() -> None:
    assert sorted(set(KEYS) - strings_in_the_code()) == []


def test_every_key_in_the_code_has_a_text() -> None:
    families = {key.split(".")[0] for key in KEYS}
    meant = {
        text
        for text in strings_in_the_code()
        if KEY.fullmatch(text) and text.split(".")[0] in families
    }
    # Modules and files are dotted too, such as "signs.atlas".
    assert sorted(meant - set(KEYS) - {"kiosk.ui"}) == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_nobody_is_shouted_at(code: str) -> None:
    words = translator(code)
    loud = [key for key in KEYS if any("!" in form for form in words.forms(key))]
    assert set(loud) <= MAY_EXCLAIM


@pytest.mark.parametrize("code", LANGUAGES)
def test_typography_is_clean(code: str) -> None:
    words = translator(code)
    for key in KEYS:
        for form in words.forms(key):
            assert "..." not in form, f"{key}: an ellipsis is one character"
            assert "  " not in form, f"{key}: two spaces"
            assert '"' not in form, f"{key}: straight quotation marks"
            if not key.startswith("list."):
                assert form == form.strip(), f"{key}: space at an end"


def design_texts() -> list[list[str]]:
    """The design's table of texts, with a number where a plural is counted."""
    lines = (Path(__file__).parent / "design_texts.tsv").read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines[1:]]


@pytest.mark.parametrize(("key", "n", "nb", "nn", "en"), design_texts())
def test_the_texts_of_the_design_are_word_for_word(
    key: str, n: str, nb: str, nn: str, en: str
) -> None:
    words = [translator(code) for code in ("nb", "nn", "en")]
    said = [each.many(key, int(n)) if n else each.forms(key)[0] for each in words]
    # No-break spaces only keep together what belongs together when a title breaks.
    assert [text.replace(NO_BREAK_SPACE, " ") for text in said] == [nb, nn, en]
