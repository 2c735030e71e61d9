"""Kiosks' answers to commands: what became of them, and pictures and logs that were asked for."""

from typing import Any, Final

import msgspec
from sqlalchemy import Connection, update

from kiosk.fleet.store import tables as t
from kiosk.fleet.store.database import Database
from kiosk.telemetry.messages import Reply

SCREENSHOT: Final = "screenshot"
LOGS: Final = "logs"


def answer_of(reply: Reply) -> dict[str, Any]:
    """Return how an intervention stands, as a kiosk said in its answer to a decision."""
    if reply.approved is None:
        return {}
    return {
        "approved": reply.approved,
        "attendant_id": reply.attendant_id,
        "where": reply.where,
        "resolved_at": reply.resolved_at or "",
    }


def store_reply(
    db: Connection, database: Database, kiosk_no: int, reply: Reply, at_us: int
) -> None:
    """Write an answer to its command, the first one for good; an unknown command's is dropped.

    Only the kiosk that was asked can answer, and only who was asked for a picture gets one stored.
    """
    c = t.command.c
    statement = (
        update(t.command)
        .where(c.id == reply.id, c.kiosk_no == kiosk_no, c.answered_us.is_(None))
        .values(
            answered_us=at_us,
            verdict=reply.verdict,
            detail=reply.detail,
            data=answer_of(reply),
        )
    )
    if not db.execute(statement).rowcount:
        return
    if reply.png:
        _attach(db, database, kiosk_no, SCREENSHOT, reply.png, at_us)
    if reply.lines:
        _attach(db, database, kiosk_no, LOGS, msgspec.json.encode(reply.lines), at_us)


def _attach(
    db: Connection, database: Database, kiosk_no: int, kind: str, body: bytes, at_us: int
) -> None:
    statement = database.insert(t.attachment).values(
        kiosk_no=kiosk_no, kind=kind, at_us=at_us, body=body
    )
    newest = {"at_us": statement.excluded.at_us, "body": statement.excluded.body}
    db.execute(statement.on_conflict_do_update(index_elements=["kiosk_no", "kind"], set_=newest))
