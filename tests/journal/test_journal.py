import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.journal import (
    Journal,
    JournalBusy,
    JournalDamaged,
    JournalUnwritable,
    OutOfStep,
)
from kiosk.journal.repeats import SERVICE_EPOCH
from kiosk.sale.events import BagsAnswered, SaleAborted, SaleClosed, Series
from kiosk.sale.invariant import InvariantBroken

from .samples import AT, BEER, EVERY_EVENT, completed, item, started

CLOSED = SaleClosed(at_utc=AT)
ABORTED = SaleAborted(at_utc=AT, reason="left", amount_minor=0)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


def test_events_come_back_in_order_after_a_restart(path: Path) -> None:
    with Journal.open(path) as journal:
        journal.append("s1", 1, EVERY_EVENT[:2])
        journal.append("s1", 3, EVERY_EVENT[2:])
    with Journal.open(path) as journal:
        assert journal.events_of("s1") == list(EVERY_EVENT)
        assert journal.count() == len(EVERY_EVENT)
        assert journal.events_of("nobody") == []


def test_a_journal_keeps_its_id_and_its_kiosk(path: Path) -> None:
    with Journal.open(path, kiosk_id="SCO-03") as journal:
        journal_id = journal.journal_id
    with Journal.open(path, kiosk_id="SCO-03") as journal:
        assert (journal.journal_id, journal.kiosk_id) == (journal_id, "SCO-03")
    with pytest.raises(JournalDamaged, match="kiosk SCO-03's and this is kiosk SCO-04"):
        Journal.open(path, kiosk_id="SCO-04")


@pytest.mark.parametrize("sale_seq", [0, 1, 2, 4])
def test_a_number_that_is_not_the_next_is_refused(path: Path, sale_seq: int) -> None:
    with Journal.open(path) as journal:
        journal.append("s1", 1, (started("s1"), item(1)))
        with pytest.raises(OutOfStep, match=r"sale s1: event number \d was given, 3 is due"):
            journal.append("s1", sale_seq, (item(2),))
        journal.append("s1", 3, (item(2),))
        assert journal.count() == 3


def test_a_sale_begins_with_its_own_start_and_starts_once(path: Path) -> None:
    with Journal.open(path) as journal:
        for events in ((item(1),), (started("s2"),)):
            with pytest.raises(OutOfStep):
                journal.append("s1", 1, events)
        journal.append("s1", 1, (started("s1"),))
        with pytest.raises(OutOfStep):
            journal.append("s1", 2, (started("s1"),))


def test_nothing_of_a_refused_command_is_written(path: Path) -> None:
    with Journal.open(path) as journal:
        journal.append("s1", 1, (started("s1"),))
        with pytest.raises(OutOfStep, match="receipt number 2, 1 is due"):
            journal.append("s1", 2, (item(1), completed(2), CLOSED))
        assert journal.events_of("s1") == [started("s1")]
        assert journal.open_sales() == ["s1"]
        assert journal.verify().ok


def test_an_append_of_nothing_is_a_mistake(path: Path) -> None:
    with Journal.open(path) as journal, pytest.raises(InvariantBroken):
        journal.append("s1", 1, ())


def test_receipt_numbers_have_no_gap_and_training_has_its_own(path: Path) -> None:
    with Journal.open(path) as journal:
        assert journal.last_number(Series.SALE) == 0
        journal.append("s1", 1, (started("s1"), completed(1), CLOSED))
        journal.append("t1", 1, (started("t1", training=True), completed(1), CLOSED))
        journal.append("s2", 1, (started("s2"), completed(2), CLOSED))
        journal.append("s3", 1, (started("s3"),))
        for wrong in (1, 2, 4):
            with pytest.raises(OutOfStep, match="3 is due"):
                journal.append("s3", 2, (completed(wrong),))
        assert journal.last_number(Series.SALE) == 2
        assert journal.last_number(Series.TRAINING) == 1
        assert journal.sale_of_receipt(2) == "s2"
        assert journal.sale_of_receipt(1, Series.TRAINING) == "t1"
        assert journal.sale_of_receipt(3) is None


def test_a_sale_is_open_until_it_is_closed_or_aborted(path: Path) -> None:
    with Journal.open(path) as journal:
        for sale_id in ("s1", "s2", "s3"):
            journal.append(sale_id, 1, (started(sale_id),))
        assert journal.open_sales() == ["s1", "s2", "s3"]
        journal.append("s2", 2, (ABORTED,))
        journal.append("s1", 2, (completed(1),))
        assert journal.open_sales() == ["s1", "s3"]
        journal.append("s1", 3, (CLOSED,))
    with Journal.open(path) as journal:
        assert journal.open_sales() == ["s3"]


def test_service_ids_are_never_used_twice(path: Path) -> None:
    with Journal.open(path, first_service_number=35, service_prefix="K") as journal:
        assert [journal.next_service_id() for _ in range(3)] == ["KZ", "K10", "K11"]
    with Journal.open(path, service_prefix="K") as journal:
        assert journal.next_service_id() == "K12"


def test_a_new_journal_counts_on_from_the_time_so_that_no_earlier_id_comes_again(
    path: Path,
) -> None:
    before_ms = (datetime.now(UTC) - SERVICE_EPOCH) // timedelta(milliseconds=1)
    with Journal.open(path, service_prefix="AB") as journal:
        service_id = journal.next_service_id()
    assert int(service_id.removeprefix("AB"), 36) >= before_ms
    assert len(service_id) <= 10


def test_a_service_id_longer_than_a_terminal_takes_is_never_given(path: Path) -> None:
    with (
        Journal.open(path, first_service_number=36**9, service_prefix="K") as journal,
        pytest.raises(InvariantBroken, match="too long"),
    ):
        journal.next_service_id()


def test_an_outbox_reader_follows_beside_the_writer(path: Path) -> None:
    with Journal.open(path) as journal:
        journal.append("s1", 1, (started("s1"), item(1), item(2)))
        with Journal.open(path, read_only=True) as reader:
            first = reader.after(0, 2)
            assert [(record.seq, record.sale_seq) for record in first] == [(1, 1), (2, 2)]
            journal.append("s2", 1, (started("s2"),))
            rest = reader.after(2, 100)
            assert [record.sale_id for record in rest] == ["s1", "s2"]
            assert rest[1].event == started("s2")
            assert reader.after(4, 100) == []
            with pytest.raises(JournalUnwritable, match="reading only"):
                reader.append("s2", 2, (BagsAnswered(at_utc=AT),))
            with pytest.raises(JournalUnwritable, match="reading only"):
                reader.next_service_id()


def test_a_second_writer_in_the_same_program_is_refused(path: Path) -> None:
    with (
        Journal.open(path),
        pytest.raises(JournalBusy, match="is the kiosk running twice"),
    ):
        Journal.open(path)
    Journal.open(path).close()


def test_durability_is_read_back(path: Path) -> None:
    with Journal.open(path) as journal:
        database = journal._db
        assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert database.execute("PRAGMA synchronous").fetchone() == (2,)


@pytest.mark.parametrize("table", ["event", "receipt"])
def test_what_is_written_cannot_be_changed_through_the_database(path: Path, table: str) -> None:
    with Journal.open(path) as journal:
        journal.append("s1", 1, (started("s1"), completed(1)))
        for sql in (f"UPDATE {table} SET sale_id = 'x'", f"DELETE FROM {table}"):
            with pytest.raises(Exception, match="what is written stays written"):
                journal._db.execute(sql)


def test_an_open_sale_keeps_the_product_as_it_was(path: Path) -> None:
    with Journal.open(path) as journal:
        journal.append("s1", 1, (started("s1"), item(1)))
        assert journal.events_of("s1")[1].product == BEER  # type: ignore[attr-defined]


class FailingDisk:
    """A connection whose next COMMIT reaches the disk or not, but reports a failed fsync."""

    def __init__(self, database: sqlite3.Connection, *, reaches: bool) -> None:
        self._database = database
        self._reaches = reaches

    def execute(self, sql: str, *values: object) -> sqlite3.Cursor:
        if sql != "COMMIT":
            return self._database.execute(sql, *values)
        self._database.execute("COMMIT" if self._reaches else "ROLLBACK")
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorcode = sqlite3.SQLITE_IOERR_FSYNC
        raise error

    def __getattr__(self, name: str) -> object:
        return getattr(self._database, name)


@pytest.mark.parametrize("reaches", [True, False])
def test_after_a_failed_fsync_the_disk_is_asked_what_it_has(path: Path, reaches: bool) -> None:
    with Journal.open(path) as journal:
        journal.append("s1", 1, (started("s1"),))
        journal._db = FailingDisk(journal._db, reaches=reaches)  # type: ignore[assignment]
        with pytest.raises(JournalUnwritable, match="Look at the disk"):
            journal.append("s1", 2, (item(1), item(2)))
        journal.next_service_id()
        assert isinstance(journal._db, sqlite3.Connection)
        assert len(journal.events_of("s1")) == (3 if reaches else 1)
        if reaches:
            with pytest.raises(OutOfStep):
                journal.append("s1", 2, (item(1), item(2)))
        else:
            journal.append("s1", 2, (item(1), item(2)))
        assert journal.verify().ok
        assert journal.count() == 3


def test_a_closed_journal_says_so(path: Path) -> None:
    journal = Journal.open(path)
    journal.close()
    journal.close()
    for use in (journal.count, journal.next_service_id, lambda: journal.events_of("s1")):
        with pytest.raises(JournalUnwritable, match="is closed"):
            use()
