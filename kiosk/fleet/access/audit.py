"""The log of what people did: written in the same transaction as what it speaks of."""

from typing import Any, Final

from sqlalchemy import Connection, insert, select

from kiosk.fleet.access.rights import Caller
from kiosk.fleet.api.more_types import AuditEntry, AuditPage
from kiosk.fleet.store.database import Database
from kiosk.fleet.store.tables import audit
from kiosk.fleet.times import text_of

SERVER: Final = "fleet"
"""The actor of what the server does by itself."""


def record(
    db: Connection,
    at_us: int,
    action: str,
    target: str,
    *,
    by: Caller | None = None,
    actor: str = SERVER,
    address: str = "",
    **detail: Any,
) -> None:
    """Write one line. Never a password, a code or a token."""
    db.execute(
        insert(audit).values(
            at_us=at_us,
            actor=by.user.name if by else actor[:40],
            role=by.user.role.value if by else "",
            action=action,
            target=target[:130],
            detail=detail,
            address=(by.address if by else address)[:80],
        )
    )


def audit_page(
    database: Database, before: int, limit: int, *, actor: str, target: str, action: str
) -> AuditPage:
    """Return a page of the log, newest first; `target` fits what begins with it."""
    query = select(audit).order_by(audit.c.id.desc()).limit(limit + 1)
    if before:
        query = query.where(audit.c.id < before)
    if actor:
        query = query.where(audit.c.actor == actor)
    if target:
        query = query.where(audit.c.target.startswith(target, autoescape=True))
    if action:
        query = query.where(audit.c.action == action)
    with database.read() as db:
        rows = db.execute(query).all()
    entries = [
        AuditEntry(
            id=row.id,
            at_utc=text_of(row.at_us),
            actor=row.actor,
            role=row.role,
            action=row.action,
            target=row.target,
            detail=row.detail,
            address=row.address,
        )
        for row in rows[:limit]
    ]
    return AuditPage(entries=entries, before=entries[-1].id if len(rows) > limit else 0)
