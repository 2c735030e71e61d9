"""What is old goes, what is open stays, a bounded piece at a time."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import func, insert, select

from kiosk.fleet.config import Retention
from kiosk.fleet.ingest.apply import Applier
from kiosk.fleet.store import retention
from kiosk.fleet.store import tables as t
from kiosk.fleet.store.database import Database
from tests.fleet.words import AT_US, call, events, health, received, row

NOW = datetime.fromtimestamp(AT_US / 1e6, UTC)


def count(database: Database, table: t.Table) -> int:
    with database.read() as db:
        return db.execute(select(func.count()).select_from(table)).scalar_one()


def test_old_rows_go_and_open_calls_stay(database: Database) -> None:
    sale = [
        row(1, "SaleStarted", currency="NOK"),
        row(2, "SaleCompleted", total_minor=100),
        row(3, "InterventionRaised", intervention_id="open", kind="help", policy="blocks_now"),
    ]
    Applier(database).apply([received(events(sale)), received(health()), received(call("still"))])
    policy = Retention(events_days=1, facts_days=2, health_days=3)
    assert sum(retention.prune(database, policy, NOW).values()) == 0
    gone = retention.prune(database, policy, NOW + timedelta(days=1, seconds=1))
    assert (gone["event"], gone["sale"], gone["health_point"]) == (3, 0, 0)
    gone = retention.prune(database, policy, NOW + timedelta(days=4))
    assert (gone["sale"], gone["health_point"]) == (1, 1)
    assert count(database, t.intervention) == 2


def test_what_was_stored_without_a_gap_is_known_after_the_rows_went(database: Database) -> None:
    applier = Applier(database)
    applier.apply([received(events([row(1), row(2)]))])
    retention.prune(database, Retention(events_days=1), NOW + timedelta(days=9))
    applier.apply([received(events([row(3)]))])
    with database.read() as db:
        assert db.execute(select(t.journal.c.stored_through)).scalar_one() == 3


def test_a_great_heap_goes_in_pieces(database: Database) -> None:
    old = {"actor": "a", "role": "", "action": "x", "target": "", "detail": {}, "address": ""}
    with database.write() as db:
        db.execute(insert(t.audit), [{**old, "at_us": number} for number in range(12_000)])
    assert retention.prune(database, Retention(), NOW, pieces=1)["audit"] == retention.PIECE
    assert retention.prune(database, Retention(), NOW)["audit"] == 12_000 - retention.PIECE
