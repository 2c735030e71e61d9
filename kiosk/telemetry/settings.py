"""What a store may set at its kiosks from afar: some sections of `kiosk.toml`, key by key.

Settable is how the shop sells, and nothing that could take a kiosk over or make it another cash
register: no device, no path, no key, no address, no name of the seller. Nor what somebody must have
seen at the kiosk: `selling.approved_scale` declares a scale that stands there, and `only_here` can
only be added to. Both sides look: the server when a version is uploaded, the kiosk before it takes
it into use; only the kiosk, which has the rest of the file, can say whether all of it fits.
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, Final

SETTINGS_BYTES_MAX: Final = 64 * 1024
ONLY_HERE: Final = ("interventions", "only_here")
_NAME: Final = re.compile(r"[a-z_]{1,40}")
_COLOUR: Final = re.compile(r"#[0-9A-Fa-f]{6}")
TEXT_MAX: Final = 200
LIST_MAX: Final = 100


@dataclass(frozen=True, slots=True)
class Kind:
    """What a key may be: in words, and as a question."""

    words: str
    fits: Callable[[Any], bool]


def _whole(low: int, high: int) -> Kind:
    def fits(value: Any) -> bool:
        return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high

    return Kind(f"a whole number from {low} to {high}", fits)


def _list_of(kind: type, words: str) -> Kind:
    def fits(value: Any) -> bool:
        return (
            isinstance(value, list)
            and len(value) <= LIST_MAX
            and all(isinstance(one, kind) and len(one) <= TEXT_MAX for one in value)  # type: ignore[arg-type]
        )

    return Kind(f"a list of {words}", fits)


_YES_NO: Final = Kind("true or false", lambda value: isinstance(value, bool))
_TEXT: Final = Kind("a text", lambda value: isinstance(value, str) and len(value) <= TEXT_MAX)
_TEXTS: Final = _list_of(str, "texts")
_DATE: Final = Kind("a date, as 2026-11-20", lambda value: type(value) is date)
_COLOR: Final = Kind(
    'a colour, as "#0E3B2E"',
    lambda value: isinstance(value, str) and bool(_COLOUR.fullmatch(value)),
)
_SECONDS: Final = _whole(3, 600)

SETTABLE: Final[Mapping[str, Mapping[str, Kind]]] = MappingProxyType(
    {
        "selling": {
            "limit_lines": _whole(10, 5_000),
            "limit_quantity": _whole(1, 999),
            "limit_total_minor": _whole(10_000, 100_000_000),
            "idle_s": _whole(15, 600),
            "idle_answer_s": _whole(10, 300),
            "receipt_s": _SECONDS,
            "thanks_s": _SECONDS,
            "undo_s": _SECONDS,
            "random_checks": _YES_NO,
            "municipality": _TEXT,
            "alcohol_hours": _list_of(dict, "tables"),
            "rules_checked_on": _DATE,
        },
        "staff": {
            "sign_out_s": _whole(15, 3_600),
            "needs_badge": _YES_NO,
            "attendant": _TEXTS,
            "supervisor": _TEXTS,
            "technician": _TEXTS,
            "attendant_price_off_percent": _whole(0, 100),
            "attendant_discount_percent": _whole(0, 100),
        },
        "payment": {"methods": _TEXTS, "coupon_prefixes": _TEXTS},
        "brand": {"gran": _COLOR, "gran2": _COLOR, "gran3": _COLOR},
        "interventions": {},
    }
)
"""Sections and their keys. Each key of [interventions] is a kind of it, which the kiosk knows."""


def parsed(text: str) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """Return settings as tables, and all that is wrong with them: "section.key: what", by name.

    What is wrong is not in the tables.
    """
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return {}, [f"it is not TOML: {error}"]
    found: dict[str, dict[str, Any]] = {}
    mistakes: list[str] = []
    for section, table in raw.items():
        if section not in SETTABLE:
            known = ", ".join(SETTABLE)
            mistakes.append(f"{section}: cannot be set from afar. Expected some of {known}.")
        elif not isinstance(table, dict):
            mistakes.append(f"{section}: is not a section. Write [{section}].")
        else:
            found[section] = _section(section, table, mistakes)
    return found, mistakes


def _section(section: str, table: Mapping[str, Any], mistakes: list[str]) -> dict[str, Any]:
    found = {}
    for key, value in table.items():
        kind = _kind_of(section, key)
        if kind is None:
            known = ", ".join(SETTABLE[section]) or "kinds of intervention, only_here"
            mistakes.append(f"{section}.{key}: cannot be set from afar. Expected some of {known}.")
        elif not kind.fits(value):
            mistakes.append(f"{section}.{key}: expected {kind.words}.")
        else:
            found[key] = value
    return found


def _kind_of(section: str, key: str) -> Kind | None:
    if (section, key) == ONLY_HERE:
        return _TEXTS
    if section == "interventions" and _NAME.fullmatch(key):
        return _TEXT
    return SETTABLE[section].get(key)
