"""Search, filters, sorting and paging of the table. Pure, over rows in memory."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from kiosk.fleet.api.types import Condition
from kiosk.fleet.live.rows import ORDER, Row

NEEDS: Final = frozenset(
    {Condition.WAITING, Condition.TROUBLE, Condition.OFFLINE, Condition.WARNING}
)
"""Conditions in which somebody should do something."""


class Sort(StrEnum):
    """By what the table can be sorted; ties by store and kiosk."""

    CONDITION = "condition"
    STORE = "store"
    KIOSK = "kiosk"
    LAST_HEARD = "last_heard_at"
    SOFTWARE = "software"
    SALES = "sales_today_minor"
    CALLS = "calls_today"
    PAPER = "paper"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is looked for."""

    search: str = ""
    store: str = ""
    group: str | None = None
    conditions: frozenset[Condition] = frozenset()
    needs_something: bool = False
    software: str | None = None
    sort: Sort = Sort.CONDITION
    descending: bool = False
    offset: int = 0
    limit: int = 100


def look(rows: Iterable[Row], wanted: Wanted) -> tuple[int, dict[str, int], list[Row]]:
    """Return how many fit, the number of each condition before filters, and the page."""
    seen = list(rows)
    counts = Counter(row["condition"] for row in seen)
    words = wanted.search.casefold().split()
    found = [row for row in seen if _fits(row, wanted, words)]
    found.sort(key=_place)
    if wanted.sort is not Sort.CONDITION or wanted.descending:
        found.sort(key=_key(wanted.sort), reverse=wanted.descending)
    page = found[wanted.offset : wanted.offset + wanted.limit]
    return len(found), {one.value: counts[one.value] for one in Condition}, page


def _fits(row: Row, wanted: Wanted, words: list[str]) -> bool:
    conditions = NEEDS if wanted.needs_something else wanted.conditions
    text = f"{row['key']} {row['name']} {row['group']} {row['software']}".casefold()
    return (
        (not conditions or row["condition"] in conditions)
        and (not wanted.store or row["key"].startswith(wanted.store + "/"))
        and (wanted.group is None or row["group"] == wanted.group)
        and (wanted.software is None or row["software"] == wanted.software)
        and all(word in text for word in words)
    )


def _place(row: Row) -> tuple[Any, ...]:
    name = row["name"]
    number = int(name) if name.isdecimal() and len(name) < 9 else 0
    return ORDER[row["condition"]], row["tenant"], row["store"], number, name, row["kiosk"]


def _key(sort: Sort) -> Callable[[Row], Any]:
    if sort is Sort.CONDITION:
        return lambda row: ORDER[row["condition"]]
    return lambda row: row[sort.value]
