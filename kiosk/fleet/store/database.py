"""The database: SQLite by default, PostgreSQL by URL; transactions; its schema kept up to date."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from alembic import command as alembic_command
from alembic.config import Config
from sqlalchemy import Connection, Engine, Table, create_engine, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.sql.dml import Insert

MIGRATIONS: Final = Path(__file__).parent / "migrations"
MIGRATION_LOCK: Final = 0x53564B46
"""PostgreSQL's advisory lock while the schema changes: "SVKF"."""
BUSY_TIMEOUT_S: Final = 20
POOL_SIZE: Final = 8


class DatabaseDown(Exception):
    """The database cannot be reached, is full, or cannot be written now. Try again later."""


class Database:
    """One database, for any number of threads.

    `read` and `write` are one transaction each. On SQLite a writer takes its place before it
    reads (BEGIN IMMEDIATE), so two writers wait for each other instead of failing.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = _engine(url)
        self.is_postgresql = self.engine.dialect.name == "postgresql"

    def migrate(self) -> None:
        """Bring the schema to this program's version; safe when several start at once."""
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        with self.write() as db:
            if self.is_postgresql:
                db.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
            config.attributes["connection"] = db
            alembic_command.upgrade(config, "head")

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a transaction that only reads."""
        with _down(), self.engine.connect() as db, db.begin():
            yield db

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Open a transaction that is committed at the end, or rolled back on an exception.

        Raises:
            DatabaseDown: nothing was written; the same may be tried again.
        """
        with _down(), self.engine.connect().execution_options(writes=True) as db, db.begin():
            yield db

    def insert(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        """Return an INSERT that knows ON CONFLICT in this database's words."""
        return postgresql.insert(table) if self.is_postgresql else sqlite.insert(table)

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def many(db: Connection, statement: Insert, rows: Sequence[Mapping[str, Any]]) -> None:
    """Execute for all rows; nothing for none."""
    if rows:
        db.execute(statement, list(rows))


@contextmanager
def _down() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        raise DatabaseDown(str(error.orig)) from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise DatabaseDown(str(error.orig)) from error
        raise


def _engine(url: str) -> Engine:
    if url.startswith("postgresql://"):
        url = "postgresql+psycopg://" + url.removeprefix("postgresql://")
    if not url.startswith("sqlite"):
        return create_engine(url, pool_size=POOL_SIZE, max_overflow=16, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_S})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    # An acknowledged message is gone from the broker: FULL, so that a power cut cannot undo it.
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(db: Connection) -> None:
    writes = db.get_execution_options().get("writes", False)
    db.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
