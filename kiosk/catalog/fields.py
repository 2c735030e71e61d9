"""How each field of an import is read. A parser returns the value or raises ValueError(reason)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from kiosk.catalog.keys import REFERENCE_DIGITS_MAX, fault_in_gtin, lookup_key
from kiosk.catalog.reading import BadRow

PRICE_MINOR_MAX: Final = 100_000_000
"""A million kroner; more is a slip of a finger or of a column."""
NAME_CHARS_MAX: Final = 80
ID_CHARS_MAX: Final = 35
"""SAF-T Cash Register: ids have at most 35 characters."""
NUMBER_MAX: Final = 1_000_000_000

_AMOUNT: Final = re.compile(r"\d{1,7}(?:[.,]\d{1,2})?")
_PERCENT: Final = re.compile(r"\d{1,3}(?:[.,]\d{1,2})?")
_ID: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]*")
_PICTURE: Final = re.compile(r"[a-z0-9_]+")


@dataclass(frozen=True, slots=True)
class Field:
    """One column: how it is read, and what an empty or missing one means."""

    parse: Callable[[str], Any]
    default: Any = None
    required: bool = False


def parse_row(
    fields: Mapping[str, Field], values: Mapping[str, str], file: str, line: int
) -> tuple[dict[str, Any], list[BadRow]]:
    """Return the parsed values of a row, and all that is wrong in it."""
    parsed: dict[str, Any] = {}
    bad: list[BadRow] = []
    for name, field in fields.items():
        text = values.get(name, "")
        try:
            if text:
                parsed[name] = field.parse(text)
            elif field.required:
                raise ValueError("is missing")
            else:
                parsed[name] = field.default
        except ValueError as error:
            bad.append(BadRow(file=file, line=line, column=name, value=text, reason=str(error)))
    return parsed, bad


def text(chars_max: int) -> Callable[[str], str]:
    """Return a parser of printable text of at most `chars_max` characters."""

    def parse(value: str) -> str:
        if len(value) > chars_max:
            raise ValueError(f"has {len(value)} characters, {chars_max} are the most")
        if not value.isprintable():
            raise ValueError("has signs that cannot be printed")
        return value

    return parse


def identifier(value: str) -> str:
    """Parse an id: letters, digits, point, underscore and hyphen."""
    if len(value) > ID_CHARS_MAX or not _ID.fullmatch(value):
        raise ValueError(f"is no id: up to {ID_CHARS_MAX} of letters, digits and . _ -")
    return value


def identifiers(value: str) -> tuple[str, ...]:
    """Parse ids separated by spaces."""
    return tuple(identifier(word) for word in value.split())


def amount(value: str) -> int:
    """Parse kroner with decimal comma or point into øre: "26,90" is 2690."""
    if not _AMOUNT.fullmatch(value):
        raise ValueError("is no amount; write kroner as 26,90 or 26.90, without spaces")
    minor = int(Decimal(value.replace(",", ".")) * 100)
    if minor > PRICE_MINOR_MAX:
        raise ValueError("is more than a million kroner")
    return minor


def price(value: str) -> int:
    """Parse an amount that is more than nothing."""
    minor = amount(value)
    if minor == 0:
        raise ValueError("must be more than 0")
    return minor


def percent(value: str) -> int:
    """Parse percent with up to two decimals into hundredths: "12,5" is 1250."""
    if not _PERCENT.fullmatch(value):
        raise ValueError("is no percentage; write 20 or 12,5")
    hundredths = int(Decimal(value.replace(",", ".")) * 100)
    if not 0 < hundredths <= 10_000:
        raise ValueError("must be more than 0 and at most 100")
    return hundredths


def number(value: str) -> int:
    """Parse a whole number from 0."""
    if not (value.isascii() and value.isdigit()) or int(value) > NUMBER_MAX:
        raise ValueError("is no whole number from 0")
    return int(value)


def choice(**names: str) -> Callable[[str], str]:
    """Return a parser of one of several words, each with what it stands for."""

    def parse(value: str) -> str:
        if value.lower() not in names:
            raise ValueError(f"is none of {', '.join(names)}")
        return names[value.lower()]

    return parse


def words_of(kind: type[StrEnum]) -> Callable[[str], tuple[str, ...]]:
    """Return a parser of words separated by spaces, each a value of `kind`."""
    known = {member.value for member in kind}

    def parse(value: str) -> tuple[str, ...]:
        words = tuple(dict.fromkeys(value.lower().split()))
        for word in words:
            if word not in known:
                raise ValueError(f"{word!r} is none of {', '.join(sorted(known))}")
        return words

    return parse


def gtins(value: str) -> tuple[str, ...]:
    """Parse GTINs separated by spaces, check digits included, into their look-up keys."""
    keys = []
    for word in value.split():
        if fault := fault_in_gtin(word):
            raise ValueError(f"{word} {fault}")
        keys.append(word.zfill(14))
    return tuple(dict.fromkeys(keys))


def references(value: str) -> tuple[str, ...]:
    """Parse PLU numbers and item references separated by spaces into their look-up keys."""
    keys = []
    for word in value.split():
        key = lookup_key(word) if len(word) <= REFERENCE_DIGITS_MAX else None
        if key is None:
            raise ValueError(f"{word} is no reference: up to {REFERENCE_DIGITS_MAX} digits")
        keys.append(key)
    return tuple(dict.fromkeys(keys))


def article_group(value: str) -> str:
    """Parse a SAF-T article group, BasicType 04."""
    if not re.fullmatch(r"04\d{3}", value):
        raise ValueError("is no SAF-T article group such as 04006")
    return value


def picture(value: str) -> str:
    """Parse the name of a picture, without folder and ending."""
    if not _PICTURE.fullmatch(value):
        raise ValueError("is no picture's name: lower-case letters, digits and _")
    return value


def iso_date(value: str) -> str:
    """Parse a date `YYYY-MM-DD`."""
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError as error:
        raise ValueError("is no date; write 2026-11-21") from error
