"""Gathers what the rules need: from the picture in memory, and a few questions to the database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import case, func, select

from kiosk.fleet.alerts.rules import Facts
from kiosk.fleet.calling import calls_somebody
from kiosk.fleet.figures.counts import not_training
from kiosk.fleet.ingest.forks import FORK
from kiosk.fleet.live.picture import Picture
from kiosk.fleet.store import tables as t
from kiosk.fleet.store.database import Database
from kiosk.fleet.times import us_of

LAST_HOUR: Final = timedelta(hours=1)
USUAL: Final = timedelta(days=7)
FORK_FOR: Final = timedelta(days=30)
NEW_FOR: Final = timedelta(days=7)
"""So long a second journal is told of, where nobody closes the alert before."""
OVERLAP: Final = timedelta(minutes=10)
"""What an old journal may still say after a new one began: it lay at the broker."""


@dataclass(frozen=True, slots=True)
class Payments:
    """A kiosk's payments of the last hour, and the share that is usually declined."""

    declined: int = 0
    approved: int = 0
    usual: float = 0.0


def facts_of(
    picture: Picture,
    now: datetime,
    heard_since: datetime | None,
    payments: Mapping[str, Payments],
    missing: Mapping[str, int],
    told: Mapping[str, datetime],
    second_journals: Mapping[str, str] = MappingProxyType({}),
) -> list[Facts]:
    """Return the facts of all kiosks.

    `heard_since` is since when the server hears the broker without a break, None while it does
    not: nobody is called silent by one who could not hear.
    """
    healths = picture.healths()
    oldest: dict[str, datetime] = {}
    for call in picture.calls(None):
        if calls_somebody(call):
            raised = datetime.fromisoformat(str(call["raised_at"]))
            oldest[call["key"]] = min(raised, oldest.get(call["key"], raised))
    found = []
    for row in picture.rows():
        key = row["key"]
        paid = payments.get(key, Payments())
        found.append(
            Facts(
                key=key,
                row=row,
                health=healths.get(key),
                away_s=_away_s(row["last_heard_at"], now, heard_since),
                waits_s=(now - oldest[key]).total_seconds() if key in oldest else 0.0,
                declined=paid.declined,
                approved=paid.approved,
                usual_declined=paid.usual,
                missing_rows=missing.get(key, 0),
                told_at=told.get(key),
                second_journal=second_journals.get(key, ""),
            )
        )
    return found


def _away_s(last_heard_at: str, now: datetime, heard_since: datetime | None) -> float:
    if heard_since is None:
        return 0.0
    last = datetime.fromisoformat(last_heard_at) if last_heard_at else heard_since
    return (now - max(last, heard_since)).total_seconds()


def payments_of(database: Database, now: datetime) -> dict[str, Payments]:
    """Return the payments of kiosks at which something was declined in the last hour."""
    p = t.payment.c
    declined = func.sum(case((p.outcome == "declined", 1), else_=0))
    approved = func.sum(case((p.outcome == "approved", 1), else_=0))
    with database.read() as db:
        hour = (
            select(p.kiosk_no, declined, approved)
            .where(p.settled_us >= us_of(now - LAST_HOUR), not_training(p))
            .group_by(p.kiosk_no)
            .having(declined > 0)
        )
        lately = {row[0]: (int(row[1]), int(row[2])) for row in db.execute(hour)}
        if not lately:
            return {}
        week = (
            select(p.kiosk_no, t.kiosk.c.key, declined, approved)
            .join(t.kiosk, t.kiosk.c.no == p.kiosk_no)
            .where(p.kiosk_no.in_(list(lately)))
            .where(p.settled_us >= us_of(now - USUAL), p.settled_us < us_of(now - LAST_HOUR))
            .group_by(p.kiosk_no, t.kiosk.c.key)
        )
        usual = {row[0]: row[2] / max(1, row[2] + row[3]) for row in db.execute(week)}
        names = select(t.kiosk.c.no, t.kiosk.c.key).where(t.kiosk.c.no.in_(list(lately)))
        keys = {row.no: row.key for row in db.execute(names)}
    return {
        keys[number]: Payments(declined, approved, float(usual.get(number, 0.0)))
        for number, (declined, approved) in lately.items()
    }


def second_journals(database: Database, now: datetime) -> dict[str, str]:
    """Return the kiosks under whose name a second machine seems to tell: fork, both or new."""
    j = t.journal.c
    several = select(j.kiosk_no).group_by(j.kiosk_no).having(func.count() > 1)
    query = select(
        t.kiosk.c.key, j.journal_id, j.stored_through, j.first_us, j.last_us, j.forked_us
    ).join(t.kiosk)
    found: dict[str, str] = {}
    own: dict[str, list[Any]] = {}
    with database.read() as db:
        rows = db.execute(query.where(j.kiosk_no.in_(several)).order_by(j.first_us)).all()
    for row in rows:
        if row.forked_us > us_of(now - FORK_FOR):
            found[row.key] = "fork"
        if FORK not in row.journal_id and row.stored_through:
            own.setdefault(row.key, []).append(row)
    for key, (*older, newest) in own.items():
        if not older or newest.first_us < us_of(now - FORK_FOR):
            continue
        begun_us = newest.first_us + OVERLAP // timedelta(microseconds=1)
        if any(row.last_us > begun_us for row in older):
            found.setdefault(key, "both")
        elif newest.first_us > us_of(now - NEW_FOR):
            found.setdefault(key, "new")
    return found
