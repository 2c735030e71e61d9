"""A journal kept by the store and given back: over the real wire, by the real commands."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import delete, func, select
from typer.testing import CliRunner

from kiosk.app.config import load
from kiosk.app.first_start import FirstStartRefused, begin_if_first
from kiosk.app.journal_commands import journal_app
from kiosk.fiscal.events import REGISTER, RegisterBegun
from kiosk.fleet.authority import Authority
from kiosk.fleet.config import Broker as BrokerTable
from kiosk.fleet.config import FleetConfig, Retention
from kiosk.fleet.ingest.apply import Applier
from kiosk.fleet.registers import kept_journals, page, rows_between
from kiosk.fleet.store import retention
from kiosk.fleet.store import tables as t
from kiosk.fleet.store.database import Database
from kiosk.fleet.times import utc_now
from kiosk.journal import Journal
from kiosk.sale.events import Series
from kiosk.telemetry.store_line import of_the_wire
from kiosk.telemetry.topics import Address
from tests.fleet.serving import Serving, serving
from tests.fleet.words import birth, received, row
from tests.fleet.words import events as told_events
from tests.journal.samples import EVERY_EVENT, REGISTER_STARTED, completed, signed, started
from tests.journal.test_register import z

HERE = Address("naermat", "torshov", "nt-0477-03")


@dataclass
class Store:
    """The store's server, and a kiosk's folder with the certificate that it gave."""

    serving: Serving
    folder: Path
    config: Path

    def kiosk(self, name: str) -> Path:
        """The configuration of another machine in the same kiosk's place."""
        path = self.folder / name / "kiosk.toml"
        path.parent.mkdir()
        text = self.config.read_text().replace(f"{self.folder}/data", f"{self.folder}/{name}/data")
        path.write_text(text)
        return path

    def run(self, *arguments: str, config: Path | None = None) -> tuple[int, str]:
        given = [*arguments, "-c", str(config or self.config)]
        result = CliRunner().invoke(journal_app, given)
        return result.exit_code, result.output


@pytest.fixture(scope="module")
def server(
    authority: Authority, sqlite_migrated: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Serving]:
    """One server for all tests; each begins with nothing told."""
    folder = tmp_path_factory.mktemp("fleet")
    shutil.copyfile(sqlite_migrated, folder / "fleet.sqlite")
    broker = BrokerTable(ca=str(authority.ca_path), revoked=str(authority.crl_path))
    made = FleetConfig(data_dir=str(folder), broker=broker, ingest_workers=0)
    with serving(made, people=False) as running:
        yield running


@pytest.fixture
def store(server: Serving, authority: Authority, tmp_path: Path) -> Iterator[Store]:
    authority.issue_kiosk(HERE).write(tmp_path, "kiosk")
    config = tmp_path / "kiosk.toml"
    config.write_text(f"""\
[kiosk]
id = "NT-0477-03"
till = "3"
data_dir = "{tmp_path}/data"
[shop]
name = "N"
legal_name = "N AS"
address = "V 1"
org_number = "999999999"
[telemetry]
tenant = "naermat"
store = "torshov"
host = "localhost"
ca = "{authority.ca_path}"
certificate = "{tmp_path}/kiosk.pem"
key = "{tmp_path}/kiosk.key"
server = "{server.url}"
""")
    yield Store(server, tmp_path, config)
    with server.fleet.db.write() as db:
        for table in reversed(t.metadata.sorted_tables):
            db.execute(delete(table))


def sold(path: Path) -> int:
    """A kiosk sells; returns how many events there are."""
    with Journal.open(path, kiosk_id="NT-0477-03") as journal:
        journal.append(REGISTER, journal.length_of(REGISTER) + 1, (REGISTER_STARTED,))
        journal.append("s1", 1, EVERY_EVENT)
        journal.append(REGISTER, journal.length_of(REGISTER) + 1, (signed(1, 5), z(1)))
        journal.append("77", 1, (started("77"), completed(2)))
        return journal.count()


def test_a_journal_goes_to_the_store_and_back_onto_new_hardware(store: Store) -> None:
    events = sold(store.folder / "data" / "journal.sqlite")
    code, words = store.run("backup", "--to-store")
    assert (code, "The store has the whole record." in words) == (0, True)
    end = words.rpartition("End of the record: ")[2].strip()
    assert end.startswith(f"{events}:")

    new = store.kiosk("new")
    code, words = store.run("restore", "--from-store", config=new)
    assert code == 0, words
    assert "without 2000 numbers that were left out" in words
    with Journal.open(store.folder / "new" / "data" / "journal.sqlite") as journal:
        assert journal.verify().ok
        assert journal.last_number(Series.SALE) == 2002
        assert journal.count() == events + 1

    proven = store.kiosk("proven")
    code, words = store.run("restore", "--from-store", "--end", end, config=proven)
    assert (code, "Receipts 1 to 2 without a gap." in words) == (0, True)


def test_only_what_is_missing_is_told_and_once_more_is_harmless(store: Store) -> None:
    path = store.folder / "data" / "journal.sqlite"
    events = sold(path)
    store.run("backup", "--to-store")
    with Journal.open(path) as journal:
        journal.append("99", 1, (started("99"), completed(3)))
    _, words = store.run("backup", "--to-store")
    assert words.splitlines()[0] == f"{events + 2} of {events + 2} events"
    _, words = store.run("backup", "--to-store")
    assert words.splitlines()[0] == "The store has the whole record."


def test_two_machines_that_tell_of_one_journal_are_found_out(store: Store) -> None:
    path = store.folder / "data" / "journal.sqlite"
    sold(path)
    shutil.copytree(store.folder / "data", store.folder / "twin")
    for where, number in ((path, 3), (store.folder / "twin" / "journal.sqlite", 3)):
        with Journal.open(where) as journal:
            sale = f"sale-{where.parent.name}"
            journal.append(sale, 1, (started(sale), completed(number)))
    assert store.run("backup", "--to-store")[0] == 0
    twin = store.kiosk("other")
    twin.write_text(twin.read_text().replace("other/data", "twin"))
    code, words = store.run("backup", "--to-store", config=twin)
    assert (code, "two machines have told of one journal" in words) == (1, True)


# --- the first start ----------------------------------------------------------------------------


def test_an_id_that_is_new_to_the_store_may_begin_and_the_record_says_so(store: Store) -> None:
    begin_if_first(load(store.config))
    with Journal.open(store.folder / "data" / "journal.sqlite", kiosk_id="NT-0477-03") as journal:
        [begun] = journal.events_of(REGISTER)
        assert isinstance(begun, RegisterBegun)
        assert begun.store == "knows_nothing"
        journal.append(REGISTER, 2, (REGISTER_STARTED,))
    begin_if_first(load(store.config))  # there is a journal now: nobody is asked


def test_an_empty_disk_under_an_id_that_has_sold_does_not_begin_at_one(store: Store) -> None:
    sold(store.folder / "data" / "journal.sqlite")
    store.run("backup", "--to-store")
    new = store.kiosk("new")
    with pytest.raises(FirstStartRefused, match=r"(?s)has sold before.*restore --from-store"):
        begin_if_first(load(new))
    assert not (store.folder / "new" / "data" / "journal.sqlite").exists()
    code, words = store.run("begin", "--nobody-has-sold", config=new)
    assert (code, "The store knows better" in words) == (1, True)


def test_the_id_counts_also_where_the_machine_has_another_name(store: Store) -> None:
    """The old kiosk stood under another address; its register's id is what receipts are of."""
    born = birth(kiosk_id="NT-0477-03")
    Applier(store.serving.fleet.db).apply([received(born), received(told_events([row(1)]))])
    with pytest.raises(FirstStartRefused, match="naermat/torshov/kasse-3"):
        begin_if_first(load(store.config))
    code, words = store.run("restore", "--from-store")
    assert (code, "but of naermat/torshov/kasse-3" in words) == (1, True)


def test_without_the_server_a_person_must_say_that_nobody_has_sold(store: Store) -> None:
    port = store.serving.url.rpartition(":")[2]
    store.config.write_text(store.config.read_text().replace(f":{port}", ":1"))
    with pytest.raises(FirstStartRefused, match=r"(?s)cannot say.*--nobody-has-sold"):
        begin_if_first(load(store.config), patience_s=0)
    assert store.run("begin")[0] == 2
    code, words = store.run("begin", "--nobody-has-sold")
    assert (code, "no store was asked" in words) == (0, True)
    with Journal.open(store.folder / "data" / "journal.sqlite") as journal:
        [begun] = journal.events_of(REGISTER)
    assert isinstance(begun, RegisterBegun)
    assert begun.store == "not_asked"
    assert store.run("begin", "--nobody-has-sold")[0] == 1


def test_a_record_that_is_gone_is_not_begun_anew(store: Store) -> None:
    begin_if_first(load(store.config))
    (store.folder / "data" / "journal.sqlite").unlink()
    begin_if_first(load(store.config))
    assert not (store.folder / "data" / "journal.sqlite").exists()


# --- who may ask --------------------------------------------------------------------------------


def test_nobody_without_a_certificate_reads_a_journal(store: Store) -> None:
    for path in ("/api/kiosk/register?register_id=X", "/api/kiosk/journal/j1"):
        assert httpx.get(store.serving.url + path, timeout=60).status_code == 401


def test_a_kiosk_reads_no_journal_but_its_own(
    store: Store, authority: Authority, tmp_path: Path
) -> None:
    sold(store.folder / "data" / "journal.sqlite")
    store.run("backup", "--to-store")
    other = store.kiosk("other")
    authority.issue_kiosk(Address("naermat", "torshov", "nt-0477-04")).write(tmp_path, "other")
    text = other.read_text().replace("NT-0477-03", "NT-0477-04")
    other.write_text(text.replace("/kiosk.pem", "/other.pem").replace("/kiosk.key", "/other.key"))
    code, words = store.run("restore", "--from-store", config=other)
    assert (code, "no journal of naermat/torshov/nt-0477-04" in words) == (1, True)


# --- years --------------------------------------------------------------------------------------


def test_rows_that_were_put_by_come_back_to_the_letter(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    events = sold(path)
    with Journal.open(path, read_only=True) as journal:
        rows = [of_the_wire(one) for one in journal.rows_after(0, 1000)]
    applier = Applier(database)
    applier.apply([received(birth()), received(told_events(rows[:20], "j1"))])
    later = utc_now() + timedelta(days=3650)
    retention.prune(database, Retention(events_days=1, journals_days=36_000), later)
    applier.apply([received(told_events(rows[15:], "j1"))])  # five of them once more
    with database.read() as db:
        number = db.execute(select(t.journal.c.no)).scalar_one()
        assert db.execute(select(func.count()).select_from(t.journal_piece)).scalar_one() >= 1
        assert rows_between(db, number, 1, events) == rows
    kiosk = Address("naermat", "torshov", "kasse-3")
    found = page(database, kiosk, "j1", 0)
    assert (found.rows, found.next_after) == (rows, 0)
    [kept] = kept_journals(database, kiosk, "NT-3")
    assert (kept.through_seq, kept.through_hash) == (events, rows[-1].hash)
    assert Retention().journals_days >= 6 * 366
