"""Whose facts are counted, and over which buckets of time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, select

from kiosk.fleet.store import tables as t
from kiosk.fleet.times import us_of


@dataclass(frozen=True, slots=True)
class Scope:
    """One kiosk, some stores, or (both empty) everything."""

    stores: tuple[str, ...] | None = None
    kiosk: str = ""

    def where(self, kiosk_no: Any) -> list[ColumnElement[bool]]:
        """Return the conditions on a table's kiosk number."""
        if self.kiosk:
            one = select(t.kiosk.c.no).where(t.kiosk.c.key == self.kiosk)
            return [kiosk_no == one.scalar_subquery()]
        if self.stores is None:
            return []
        names = t.kiosk.c.tenant + "/" + t.kiosk.c.store
        return [kiosk_no.in_(select(t.kiosk.c.no).where(names.in_(self.stores)))]


def midnight(now: datetime, zone: ZoneInfo) -> datetime:
    """Return when today began there."""
    return now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)


def buckets(since: datetime, now: datetime, zone: ZoneInfo, by: str) -> list[datetime]:
    """Return the beginnings of the hours or days, local, and the end of the last.

    A day with a change of the clock has 23 or 25 hours; hours are real ones.
    """
    begin = midnight(since, zone)
    edges = [begin]
    while edges[-1] <= now:
        if by == "hour":
            edges.append((edges[-1].astimezone(_UTC) + timedelta(hours=1)).astimezone(zone))
        else:
            edges.append(edges[-1] + timedelta(days=1))
    return edges


def spans(edges: Sequence[datetime]) -> list[tuple[int, int]]:
    """Return each bucket's first microsecond and the one after its last."""
    return [(us_of(begin), us_of(end)) for begin, end in pairwise(edges)]


_UTC = ZoneInfo("UTC")
