"""Rows of journals that were lost on the way: found by their numbers, asked for again."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from kiosk.fleet.ingest.rows import end_of_run, set_marks
from kiosk.fleet.store import tables as t
from kiosk.fleet.store.database import Database
from kiosk.telemetry.messages import Health


@dataclass(frozen=True, slots=True)
class Gap:
    """Rows after `after_seq` that a kiosk has sent and that are not here."""

    key: str
    journal_id: str
    after_seq: int
    rows: int


def gaps_of(database: Database, healths: Mapping[str, Health]) -> list[Gap]:
    """Return what is missing by the kiosks' own word.

    A kiosk has sent all rows but those that wait in its outbox. What is only on its way looks the
    same for a moment, so a gap counts when it is found twice in a row with the same beginning.
    """
    j = t.journal.c
    query = select(
        t.kiosk.c.key, j.no, j.journal_id, j.stored_through, j.last_us, j.forked_us
    ).join(t.kiosk)
    found: list[Gap] = []
    with database.read() as db:
        known = {(row.key, row.journal_id): row for row in db.execute(query)}
    for key, health in healths.items():
        sent = health.journal_seq - health.outbox_waiting
        row = known.get((key, health.journal_id))
        through = row.stored_through if row else 0
        if not health.journal_id or sent <= through:
            continue
        if row is not None and row.forked_us:
            continue  # two tell it: what one lacks here may be the other's
        if row is not None:
            through = _walked(database, row.no, through, row.last_us)
        if sent > through:
            found.append(Gap(key, health.journal_id, through, sent - through))
    return found


def _walked(database: Database, journal_no: int, through: int, last_us: int) -> int:
    """Look whether rows that two workers stored at once close the gap; move the mark if so."""
    with database.write() as db:
        reached = end_of_run(db, journal_no, through)
        if reached > through:
            set_marks(db, [{"b_no": journal_no, "b_through": reached, "b_us": last_us}])
    return reached
