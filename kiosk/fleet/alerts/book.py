"""The book of alerts: opened when found, acknowledged by people, closed when over."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, insert, select, update

from kiosk.fleet.access.audit import record
from kiosk.fleet.access.rights import Caller, may_see, stores_of
from kiosk.fleet.alerts.rules import BAD, Finding
from kiosk.fleet.api.more_types import Alert, AlertState, Severity
from kiosk.fleet.api.types import User
from kiosk.fleet.store import tables as t
from kiosk.fleet.store.database import Database
from kiosk.fleet.times import text_of, us_of

LIVE: Final = (AlertState.OPEN.value, AlertState.ACKNOWLEDGED.value)
A = t.alert.c


class AlertBook:
    """Keeps alerts in the database; one live alert for each rule, place and subject."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def reconcile(self, found: Sequence[Finding]) -> tuple[list[Alert], list[Alert]]:
        """Open what is new, close what is over; return those opened and those closed."""
        now_us = us_of(self._now())
        wanted = {one.identity: one for one in found}
        opened: list[int] = []
        closed: list[int] = []
        with self._database.write() as db:
            live = {
                (row.rule, row.store_key, row.key, row.subject): row
                for row in db.execute(select(t.alert).where(A.state.in_(LIVE)))
            }
            for identity, row in live.items():
                finding = wanted.get(identity)
                if finding is None:
                    closed.append(row.id)
                elif (finding.detail, finding.severity) != (row.detail, row.severity):
                    change = {"detail": finding.detail, "severity": finding.severity}
                    db.execute(update(t.alert).where(A.id == row.id).values(**change))
            if closed:
                over = {"state": AlertState.CLOSED.value, "closed_us": now_us}
                db.execute(update(t.alert).where(A.id.in_(closed)).values(**over))
            for identity, finding in wanted.items():
                if identity not in live:
                    values = _values(finding, now_us)
                    made = db.execute(insert(t.alert).values(**values).returning(A.id))
                    opened.append(made.scalar_one())
            rows = db.execute(select(t.alert).where(A.id.in_(opened + closed))).all()
        alerts = {row.id: alert_of(row) for row in rows}
        return [alerts[one] for one in opened], [alerts[one] for one in closed]

    def set_state(self, alert_id: int, state: AlertState, *, by: Caller) -> Alert | None:
        """Acknowledge or close; None when there is none that the caller may see.

        Closing one that is still found opens another at the next look: the cause is still there.
        """
        now_us = us_of(self._now())
        name = by.user.name
        values: dict[str, Any] = {"state": state.value}
        if state is AlertState.ACKNOWLEDGED:
            values |= {"acknowledged_us": now_us, "acknowledged_by": name}
        else:
            values |= {"closed_us": now_us, "closed_by": name}
        with self._database.write() as db:
            row = db.execute(select(t.alert).where(A.id == alert_id)).one_or_none()
            if row is None or not may_see(by.user, row.store_key):
                return None
            # What is closed stays closed; what is acknowledged keeps who was first.
            if row.state == AlertState.OPEN or (row.state in LIVE and state is AlertState.CLOSED):
                db.execute(update(t.alert).where(A.id == alert_id).values(**values))
                record(
                    db,
                    now_us,
                    f"alert_{state.value}",
                    row.key or row.store_key,
                    by=by,
                    alert=alert_id,
                )
                row = db.execute(select(t.alert).where(A.id == alert_id)).one()
        return alert_of(row)

    def listed(
        self, user: User, states: Collection[AlertState], store: str, limit: int
    ) -> list[Alert]:
        """Return alerts that the user may see, bad before warn, newest first."""
        query = select(t.alert).where(A.state.in_([state.value for state in states]))
        own = stores_of(user)
        if own is not None:
            query = query.where(A.store_key.in_(own))
        if store:
            query = query.where(A.store_key == store)
        query = query.order_by(A.severity, A.opened_us.desc()).limit(limit)
        with self._database.read() as db:
            return [alert_of(row) for row in db.execute(query)]

    def worst(self) -> dict[str, tuple[str, str]]:
        """Return severity and rule of the worst live alert of each kiosk."""
        query = select(A.key, A.severity, A.rule, A.opened_us).where(A.state.in_(LIVE), A.key != "")
        found: dict[str, tuple[str, str]] = {}
        with self._database.read() as db:
            for row in db.execute(query.order_by(A.opened_us)):
                if row.key not in found or (row.severity == BAD and found[row.key][0] != BAD):
                    found[row.key] = (row.severity, row.rule)
        return found


def alert_of(row: Row[Any]) -> Alert:
    """Return the alert in a row."""
    return Alert(
        id=row.id,
        rule=row.rule,
        severity=Severity(row.severity),
        store_key=row.store_key,
        key=row.key or None,
        kiosk_name=row.key.rpartition("/")[2],
        detail=row.detail,
        state=AlertState(row.state),
        opened_at=text_of(row.opened_us),
        acknowledged_at=text_of(row.acknowledged_us),
        acknowledged_by=row.acknowledged_by,
        closed_at=text_of(row.closed_us),
        closed_by=row.closed_by,
    )


def _values(finding: Finding, now_us: int) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "store_key": finding.store_key,
        "key": finding.key,
        "subject": finding.subject,
        "detail": finding.detail,
        "state": AlertState.OPEN.value,
        "opened_us": now_us,
    }
