"""The schema that the migrations make is the one that the program means."""

import threading

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from kiosk.fleet.store.database import Database
from kiosk.fleet.store.tables import metadata


def test_migrations_make_exactly_the_tables(database: Database) -> None:
    with database.read() as db:
        assert compare_metadata(MigrationContext.configure(db), metadata) == []


def test_several_may_start_at_once(database: Database) -> None:
    failures: list[BaseException] = []

    def start() -> None:
        try:
            other = Database(database.url)
            other.migrate()
            other.close()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
