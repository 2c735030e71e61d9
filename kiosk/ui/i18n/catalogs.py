"""Translators: a key becomes words, from the `.po` file of one language.

The files are read by Babel when the first text is asked for, all at once, so that a change of
language while somebody shops is a dictionary's look-up. There is no compiled form to fall behind.
"""

from collections.abc import Callable, Iterable
from functools import cache
from gettext import c2py
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from kiosk.ui.i18n.numbers import money

DEFAULT_LANGUAGE = "nb"
"""The language of a sale that nobody has chosen a language for, and the words of last resort."""

FOLDER = Path(__file__).parent


STAFF = "staff."
"""Keys of what only those who work here read: a language for shoppers may leave them all out."""


class Translator:
    """The words of one language. Made by `translator`, one for each language, and never changed.

    What a language for shoppers does not say, `staff` says: the staff's own tongue, for the staff.
    """

    def __init__(
        self, code: str, texts: dict[str, tuple[str, ...]], plural: Callable[[int], int],
        *, staff: "Translator | None" = None,
    ) -> None:  # fmt: skip
        self.code = code
        self._texts = texts
        self._plural = plural
        self._staff = staff

    def __call__(self, key: str, /, **values: object) -> str:
        """Return the text of `key` with its `{placeholders}` filled in.

        A product's name may hold braces: values are never read as patterns. An unknown key is a
        programmer's mistake and raises KeyError; the tests know every key.
        """
        text = self.forms(key)[0]
        return text.format_map(values) if values else text

    def many(self, key: str, n: int, /, **values: object) -> str:
        """Return the plural form of `key` that this language uses for `n`, with `{n}` filled in."""
        if self._staff is not None and key not in self._texts:
            return self._staff.many(key, n, **values)
        return self._texts[key][self._plural(n)].format_map({"n": n, **values})

    def keys(self) -> frozenset[str]:
        """Return all keys that this language says in its own words."""
        return frozenset(self._texts)

    def forms(self, key: str) -> tuple[str, ...]:
        """Return the raw text of `key`: one form, or one for each plural."""
        if self._staff is not None and key not in self._texts:
            return self._staff.forms(key)
        return self._texts[key]

    def either(self, names: Iterable[str]) -> str:
        """Return "Kort, Vipps eller gavekort": a choice in a sentence."""
        return self._joined(names, self("list.or"))

    def all_of(self, names: Iterable[str]) -> str:
        """Return "Vipps, Klarna og gavekort": a list in a sentence."""
        return self._joined(names, self("list.and"))

    def per_kilogram(self, minor: int) -> str:
        """Return a price for a kilogram: 2690 is "26,90 kr/kg"."""
        return self("unit.kilogram", price=money(minor))

    def per_piece(self, minor: int) -> str:
        """Return a price for a piece: 2290 is "22,90 kr/stk" or "22,90 kr each"."""
        return self("unit.piece", price=money(minor))

    def clock(self, time: str) -> str:
        """Return a time of day as it is written here: "15.00" stays, in English it is "15:00"."""
        return time.replace(".", self("clock.separator"))

    @staticmethod
    def _joined(names: Iterable[str], last: str) -> str:
        *first, tail = names
        return f"{', '.join(first)}{last}{tail}" if first else tail


def translator(code: str) -> Translator:
    """Return the translator of a language; of bokmål where the kiosk has no such language."""
    known = _translators()
    return known.get(code) or known[DEFAULT_LANGUAGE]


def languages() -> tuple[str, ...]:
    """Return the codes of all languages that have a file, bokmål first."""
    return tuple(_translators())


def own_name(code: str) -> str:
    """Return a language's name in its own words, for the language buttons: "Norsk nynorsk"."""
    return translator(code)("language.name")


@cache
def _translators() -> dict[str, Translator]:
    """Read every `.po` file beside this module, bokmål first, else by code."""
    others = sorted({path.stem for path in FOLDER.glob("*.po")} - {DEFAULT_LANGUAGE})
    first = _read(DEFAULT_LANGUAGE)
    return {DEFAULT_LANGUAGE: first, **{code: _read(code, staff=first) for code in others}}


def _read(code: str, *, staff: Translator | None = None) -> Translator:
    """Read one language. Broken files raise: the kiosk must not start with half its words."""
    with (FOLDER / f"{code}.po").open("rb") as file:
        catalog = read_po(file, locale=code, abort_invalid=True)
    texts = dict(_entry(message) for message in catalog if message.id)  # without the header
    speaks_to_staff = any(key.startswith(STAFF) for key in texts)
    return Translator(
        code, texts, c2py(catalog.plural_expr), staff=None if speaks_to_staff else staff
    )


def _entry(message: Message) -> tuple[str, tuple[str, ...]]:
    """Return a message's key and its forms: one, or as many as the language has plurals."""
    key = message.id if isinstance(message.id, str) else message.id[0]
    forms = (message.string,) if isinstance(message.string, str) else message.string
    return key, tuple(forms or ())
