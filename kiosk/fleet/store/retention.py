"""Forgets what is old, a bounded piece at a time, so that ingest never waits long for it."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Column, Table, delete, select, tuple_

from kiosk.fleet.config import Retention
from kiosk.fleet.store import tables as t
from kiosk.fleet.store.database import Database
from kiosk.fleet.store.keeping import PIECE_ROWS, put_by
from kiosk.fleet.times import us_of

PIECE: Final = 5000
"""Rows of one transaction."""


def prune(database: Database, policy: Retention, now: datetime, pieces: int = 20) -> dict[str, int]:
    """Delete at most `pieces` pieces of each table; return how many rows went, by table.

    Only what is over is deleted: an open intervention, a live alert, an unfinished sale's facts
    stay however old they are.
    """

    def days(count: int) -> int:
        return us_of(now - timedelta(days=count))

    attachments_us = us_of(now - timedelta(hours=policy.attachments_hours))
    rules: list[tuple[Table, Column[int], int]] = [
        (t.journal_piece, t.journal_piece.c.last_us, days(policy.journals_days)),
        (t.sale, t.sale.c.ended_us, days(policy.facts_days)),
        (t.held_receipt, t.held_receipt.c.at_us, days(policy.facts_days)),
        (t.payment, t.payment.c.settled_us, days(policy.facts_days)),
        (t.intervention, t.intervention.c.resolved_us, days(policy.facts_days)),
        (t.health_point, t.health_point.c.slot_us, days(policy.health_days)),
        (t.alert, t.alert.c.closed_us, days(policy.alerts_days)),
        (t.command, t.command.c.issued_us, days(policy.commands_days)),
        (t.audit, t.audit.c.at_us, days(policy.audit_days)),
        (t.attachment, t.attachment.c.at_us, attachments_us),
        (t.session, t.session.c.expires_us, us_of(now)),
        # Given to nobody after midnight; kept so long that a request still on its way finds it.
        (t.aside, t.aside.c.put_us, days(2)),
    ]
    # Rows of journals do not go: they are put by, smaller, for as long as the law wants them.
    gone = {t.event.name: put_by(database, days(policy.events_days), pieces * PIECE // PIECE_ROWS)}
    for table, column, before_us in rules:
        gone[table.name] = 0
        for _ in range(pieces):
            count = _piece(database, table, column, before_us)
            gone[table.name] += count
            if count < PIECE:
                break
    return gone


def _piece(database: Database, table: Table, column: Column[int], before_us: int) -> int:
    keys = list(table.primary_key.columns)
    old = select(*keys).where(column < before_us).limit(PIECE)
    key = keys[0].in_(old) if len(keys) == 1 else tuple_(*keys).in_(old)
    with database.write() as db:
        return db.execute(delete(table).where(key)).rowcount
