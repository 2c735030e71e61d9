"""What may stand in a log: one allow-list, for every logger of the process.

Whatever is written goes through `Redaction` last: our own lines, those of libraries (httpx, paho,
uvicorn ...), tracebacks. It does not look for secrets, which nobody can list, but lets pass what
is listed here:

- words, and numbers of up to seven digits;
- longer numbers only in the shapes of `SHAPES` (times, ids of ours, codes of goods, addresses);
- strings of letters and digits that look like keys nowhere, but our own ids;
- of a library only warnings, and of these the text without its arguments: an address that httpx
  names has a phone number in it, a header that h11 quotes a token.

So a phone number, a card number (its last four digits stay), a key or a code that somebody logs by
mistake is not there, and how the place was called is.
"""

import logging
import re
from collections.abc import Mapping, MutableMapping
from typing import Any, Final

OURS: Final = ("kiosk", "drivers", "selvkasse", "__main__")
"""Loggers whose lines are written with their arguments."""

QUIET: Final = logging.WARNING
"""Below this, libraries say nothing."""

UNITS: Final = ("_minor", "_bytes", "_ns", "_ms", "_s", "_g")
"""Fields that end so are measured: their numbers are shown, however long."""

SHAPES: Final[Mapping[str, str]] = {
    "time": r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?",
    "uuid": r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
    "id": r"(?<![0-9A-Za-z])[0-9a-f]{32}(?![0-9A-Za-z])",
    # Counted from one: ten digits that begin so are no phone number, not even with its country.
    "counter": r"(?<![0-9A-Za-z])0000[0-9A-Z]{6}(?![0-9A-Za-z])",
    "address": r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])",
    "memory": r"0x[0-9a-f]{6,16}",
}
"""What may have more than seven digits. Ids of 32 hexadecimal digits name attempts and sales."""

_MAIL = r"[\w.+%-]+(?:@|%40)[\w-]+(?:\.[\w-]+)+"
_KEY = r"(?<![\w+=-])(?=[\w+=-]*\d)(?=[\w+=-]*[a-z])(?=[\w+=-]*[A-Z])[\w+=-]{16,}"
_LONG_HEX = r"(?<![0-9A-Za-z])[0-9a-fA-F]{33,}(?![0-9A-Za-z])"
_DIGITS = r"\d(?:(?:[ -](?!\d{4}-\d\d-\d\d))?\d){7,}"
_WORDS: Final = re.compile(
    "|".join(
        (
            f"(?P<mail>{_MAIL})",
            *(f"(?P<{name}>{shape})" for name, shape in SHAPES.items()),
            f"(?P<key>{_KEY}|{_LONG_HEX})",
            f"(?P<digits>{_DIGITS})",
        )
    )
)
_CARD_DIGITS: Final = range(12, 20)
_GOODS_DIGITS: Final = (12, 13, 14)
_FIELD: Final = re.compile(r"%(?:\(\w+\))?[#0\- +]*\d*(?:\.\d+)?[a-zA-Z]")


def passes_luhn(digits: str) -> bool:
    """Whether the check digit of a card number fits. Source: ISO/IEC 7812-1, annex B."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def is_code_of_goods(digits: str) -> bool:
    """Whether it is a GTIN of 12 to 14 digits with its check digit. Source: GS1, section 7.9."""
    total = sum(int(digit) * (3, 1)[place % 2] for place, digit in enumerate(digits[-2::-1]))
    return len(digits) in _GOODS_DIGITS and (total + int(digits[-1])) % 10 == 0


def redacted(text: str) -> str:
    """Return a text with everything in it that is not on the list replaced by what it was."""
    return _WORDS.sub(_judged, text)


def _judged(match: "re.Match[str]") -> str:
    kind = match.lastgroup
    if kind == "mail":
        return "<address>"
    if kind == "key":
        return "<key>"
    if kind != "digits":
        return match.group()
    digits = re.sub(r"\D", "", match.group())
    if len(digits) in _CARD_DIGITS and passes_luhn(digits):
        return f"<card ending {digits[-4:]}>"
    return match.group() if is_code_of_goods(digits) and match.group() == digits else "<number>"


class Redaction:
    """The last processor of every log line, structlog's own and the standard library's."""

    def __call__(
        self, _logger: Any, _name: str, event: MutableMapping[str, Any]
    ) -> MutableMapping[str, Any]:
        """Return the line as it may be written.

        `_record` and `positional_args` are there for lines of the standard library's loggers.
        """
        record, given = event.get("_record"), event.pop("positional_args", ())
        if isinstance(record, logging.LogRecord) and not is_ours(record.name):
            event["event"] = without_arguments(str(record.msg), given)
            event["logger"] = record.name
        for key, value in event.items():
            if not key.startswith("_"):
                event[key] = _value(key, value)
        return event


def _value(key: str, value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return value if key.endswith(UNITS) or abs(value) < 10**7 else redacted(str(value))
    return redacted(str(value))


def is_ours(name: str) -> bool:
    """Whether a logger is one of ours."""
    return name.partition(".")[0] in OURS


def without_arguments(text: str, given: Any) -> str:
    """Return the text of a library's line, with the kinds of its arguments in their places."""
    if not given:
        return text
    arguments = given if isinstance(given, tuple) else (given,)
    kinds = iter([f"<{type(one).__name__}>" for one in arguments])
    return _FIELD.sub(lambda _: next(kinds, "<>"), text)


def may_speak(record: logging.LogRecord) -> bool:
    """Whether a line is written at all: ours always, a library's from QUIET on."""
    return is_ours(record.name) or record.levelno >= QUIET
