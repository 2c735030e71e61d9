"""Questions to the database: a kiosk's journal, its health over time, what was settled lately."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select

from kiosk.fleet.api.types import EventPage, EventRow, HealthSeries
from kiosk.fleet.store import tables as t
from kiosk.fleet.store.database import Database
from kiosk.fleet.times import HOUR_US, text_of, us_of

SERIES: Final = (
    "temperature_c",
    "disk_free_bytes",
    "rss_bytes",
    "clock_offset_ms",
    "outbox_waiting",
    "inbox_dropped",
    "journal_seq",
)


def events_page(
    database: Database,
    key: str,
    *,
    before: int,
    limit: int,
    kinds: Sequence[str] = (),
    sale_id: str = "",
) -> EventPage:
    """Return a page of the kiosk's newest journal, newest first.

    A kiosk has one journal in its life, or a few; the page is of the one that began last.
    """
    e = t.event.c
    with database.read() as db:
        newest = select(t.journal.c.no).join(t.kiosk).where(t.kiosk.c.key == key)
        number = db.execute(newest.order_by(t.journal.c.no.desc()).limit(1)).scalar_one_or_none()
        query = select(t.event).where(e.journal_no == number).order_by(e.seq.desc())
        if before:
            query = query.where(e.seq < before)
        if kinds:
            query = query.where(e.kind.in_(list(kinds)))
        if sale_id:
            query = query.where(e.sale_id == sale_id)
        rows = db.execute(query.limit(limit + 1)).all()
    events = [
        EventRow(
            seq=row.seq,
            sale_id=row.sale_id,
            sale_seq=row.sale_seq,
            kind=row.kind,
            version=row.version,
            at_utc=text_of(row.at_us),
            body=_object(row.body),
        )
        for row in rows[:limit]
    ]
    return EventPage(events=events, before=events[-1].seq if len(rows) > limit else 0)


def health_series(
    database: Database, key: str, *, now: datetime, hours: float, points: int
) -> HealthSeries:
    """Return a kiosk's health over the last hours, thinned to `points`."""
    since_us = us_of(now) - int(hours * HOUR_US)
    step_us = max(1, int(hours * HOUR_US) // points)
    h = t.health_point.c
    query = (
        select(t.health_point)
        .join(t.kiosk)
        .where(t.kiosk.c.key == key, h.slot_us >= since_us)
        .order_by(h.slot_us)
    )
    with database.read() as db:
        # The last of each step stays: a later row takes the place of the one before.
        kept = {(row.at_us - since_us) // step_us: row for row in db.execute(query)}
    rows = list(kept.values())[-points:]
    return HealthSeries(
        at=[text_of(row.at_us) for row in rows],
        series={name: [getattr(row, name) for row in rows] for name in SERIES},
    )


def settled_calls(
    database: Database, stores: Sequence[str] | None, limit: int
) -> list[tuple[str, dict[str, Any]]]:
    """Return kiosk keys and messages of the calls that were settled last, newest first."""
    i = t.intervention.c
    query = select(t.kiosk.c.key, i.message).join(t.kiosk).where(i.resolved_us.is_not(None))
    query = query.where(i.message.is_not(None))
    if stores is not None:
        query = query.where((t.kiosk.c.tenant + "/" + t.kiosk.c.store).in_(list(stores)))
    query = query.order_by(i.resolved_us.desc()).limit(limit)
    with database.read() as db:
        return [(row.key, row.message) for row in db.execute(query)]


def _object(body: str) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        found = None
    return found if isinstance(found, dict) else {"body": body}
