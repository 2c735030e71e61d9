"""Puts a batch of messages into the database, in one transaction; once more is harmless."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec
import structlog
from sqlalchemy import Connection, Table, bindparam, case, func, select, update

from kiosk.fleet.ingest.facts import Facts, Key
from kiosk.fleet.ingest.received import Received
from kiosk.fleet.ingest.replies import store_reply
from kiosk.fleet.ingest.rows import EventRows, health_point_of, intervention_of, journal_rows
from kiosk.fleet.store import tables as t
from kiosk.fleet.store.database import Database, many
from kiosk.telemetry.messages import Birth, Events, Health, Intervention, Reply, State

log = structlog.get_logger(__name__)

CURRENT: Final = {Birth: "birth", State: "state", Health: "health"}
"""Messages of which the newest is kept, and its column."""


class Applier:
    """Applies batches. Remembers which number a kiosk has; each worker has its own."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._numbers: dict[str, int] = {}

    def apply(self, batch: Sequence[Received]) -> int:
        """Store a batch and return how many rows of journals were in it.

        Raises:
            DatabaseDown: nothing was stored.
            sqlalchemy.exc.DBAPIError: the database refuses something in it; nothing was stored.
        """
        said = [one for one in batch if one.message is not None]
        fresh: dict[str, int] = {}
        with self._database.write() as db:
            numbers = self._known(db, said, fresh)
            self._current(db, said, numbers)
            count = self._events(db, said, numbers)
            self._calls(db, said, numbers)
            _replies(db, self._database, said, numbers)
        self._numbers.update(fresh)
        return count

    def _known(
        self, db: Connection, batch: Sequence[Received], fresh: dict[str, int]
    ) -> Mapping[str, int]:
        new = {one.key: one for one in batch if one.key not in self._numbers}
        if not new:
            return self._numbers
        rows = [
            {
                "key": key,
                "tenant": one.place.address.tenant,
                "store": one.place.address.store,
                "kiosk": one.place.address.kiosk,
                "first_heard_us": one.at_us,
                "last_heard_us": one.at_us,
            }
            # In one order everywhere, so that two workers cannot wait for each other in a ring.
            for key, one in sorted(new.items())
        ]
        many(db, self._database.insert(t.kiosk).on_conflict_do_nothing(), rows)
        found = select(t.kiosk.c.key, t.kiosk.c.no).where(t.kiosk.c.key.in_(list(new)))
        # Kept for later batches only once this transaction stands.
        fresh.update({row.key: row.no for row in db.execute(found)})
        return {**self._numbers, **fresh}

    def _current(
        self, db: Connection, batch: Sequence[Received], numbers: Mapping[str, int]
    ) -> None:
        newest: dict[tuple[str, int], Received] = {}
        heard: dict[int, int] = {}
        points: dict[Key, dict[str, Any]] = {}
        for one in batch:
            number = numbers[one.key]
            heard[number] = max(heard.get(number, 0), one.at_us)
            column = CURRENT.get(type(one.message))  # type: ignore[arg-type]
            if column:
                newest[column, number] = one
            if isinstance(one.message, Health):
                point = health_point_of(one.message, number, one.at_us)
                points[number, point["slot_us"]] = point
        for column in CURRENT.values():
            rows = [
                {"b_no": number, "b_us": one.at_us, "b_said": msgspec.to_builtins(one.message)}
                for (which, number), one in sorted(newest.items(), key=lambda item: item[0])
                if which == column
            ]
            _update_newest(db, column, rows)
        last = [{"b_no": number, "b_us": at_us} for number, at_us in sorted(heard.items())]
        if last:
            statement = (
                update(t.kiosk)
                .where(t.kiosk.c.no == bindparam("b_no"))
                .where(t.kiosk.c.last_heard_us < bindparam("b_us"))
                .values(last_heard_us=bindparam("b_us"))
            )
            db.execute(statement, last)
        self._upsert(db, t.health_point, points)

    def _events(self, db: Connection, batch: Sequence[Received], numbers: Mapping[str, int]) -> int:
        rows, facts, stored_us = EventRows(db, self._database), Facts(), 0
        for one in batch:
            if isinstance(one.message, Events):
                number = numbers[one.key]
                told = journal_rows(one.message.rows)
                rows.add(number, one.message.journal_id, told, one.at_us)
                facts.add(number, one.message.rows)
                stored_us = max(stored_us, one.at_us)
        rows.store()
        if facts.unread:
            # Figures lack them until somebody brings the server up to the kiosks' version.
            log.warning("rows are stored and cannot be read", kinds=dict(facts.unread))
        sales = {key: {**fact, "stored_us": stored_us} for key, fact in facts.sales.items()}
        self._upsert(db, t.sale, sales)
        self._upsert(db, t.payment, facts.payments, later={"outcome": "settled_us"})
        self._upsert(db, t.intervention, facts.interventions)
        return rows.count

    def _calls(self, db: Connection, batch: Sequence[Received], numbers: Mapping[str, int]) -> None:
        calls: dict[Key, dict[str, Any]] = {}
        for one in batch:
            if isinstance(one.message, Intervention):
                key = (numbers[one.key], one.message.id)
                calls.setdefault(key, {}).update(intervention_of(one.message))
        self._upsert(db, t.intervention, calls)

    def _upsert(
        self,
        db: Connection,
        table: Table,
        facts: Mapping[Key, Mapping[str, Any]],
        later: Mapping[str, str] | None = None,
    ) -> None:
        """Insert facts, or add what they know to what is there.

        `later` names columns whose value counts only if the time in another column is not before.
        """
        if not facts:
            return
        keys = [column.name for column in table.primary_key.columns]
        fields = sorted({name for fact in facts.values() for name in fact} - set(keys))
        rows = [
            {**dict.fromkeys(fields), **dict(zip(keys, key, strict=True)), **fact}
            for key, fact in sorted(facts.items())
        ]
        statement = self._database.insert(table)
        new = statement.excluded
        values: dict[str, Any] = {name: func.coalesce(new[name], table.c[name]) for name in fields}
        for name, time in (later or {}).items():
            if name in fields:
                earlier = new[time] < func.coalesce(table.c[time], 0)
                values[name] = case((earlier, table.c[name]), else_=values[name])
                values[time] = case((earlier, table.c[time]), else_=values[time])
        many(db, statement.on_conflict_do_update(index_elements=keys, set_=values), rows)


def _update_newest(db: Connection, column: str, rows: list[dict[str, Any]]) -> None:
    """Set the newest message of kiosks, unless a newer one is there."""
    if not rows:
        return
    time = t.kiosk.c[f"{column}_us"]
    statement = (
        update(t.kiosk)
        .where(t.kiosk.c.no == bindparam("b_no"), time <= bindparam("b_us"))
        .values(
            {
                column: bindparam("b_said", type_=t.kiosk.c[column].type),
                time.name: bindparam("b_us"),
            }
        )
    )
    db.execute(statement, rows)


def _replies(
    db: Connection, database: Database, batch: Iterable[Received], numbers: Mapping[str, int]
) -> None:
    for one in batch:
        if isinstance(one.message, Reply):
            store_reply(db, database, numbers[one.key], one.message, one.at_us)
