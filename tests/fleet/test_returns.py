"""Goods of one kiosk's receipt come back at another: over the real wire, and never twice.

Both kiosks' terminals share one acquirer's books, which refuse a refund of more than was taken,
and one whose amount given before is not what the books say.
"""

import itertools
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from kiosk.app.other_kiosks import OtherKiosks, answer_of, asked_of
from kiosk.engine import staff_messages as s
from kiosk.engine.elsewhere import Wish, WishAnswered, Word
from kiosk.engine.staff_view import RefundState, StaffProblem, StaffStep, Tool
from kiosk.fiscal.numbers import ReceiptRef
from kiosk.fleet.authority import Authority
from kiosk.fleet.config import Broker as BrokerTable
from kiosk.fleet.config import FleetConfig, Retention
from kiosk.fleet.ingest.apply import Applier
from kiosk.fleet.ingest.received import Received
from kiosk.fleet.store import retention
from kiosk.fleet.times import us_of, utc_now
from kiosk.journal import Journal
from kiosk.sale.return_events import LineReturned, RefundRequested, ReturnChecked
from kiosk.sale.state import Phase
from kiosk.staff.roles import DEFAULT_ROLES, Right, Role
from kiosk.telemetry.link import Endpoint
from kiosk.telemetry.messages import Birth, Events
from kiosk.telemetry.store_line import StoreLine, StoreSilent, of_the_wire
from kiosk.telemetry.topics import Address, Channel, Place
from tests.engine.bench import COLA, MILK, SHOP, Bench, build_catalog, config
from tests.engine.conftest import cheap_hashes
from tests.engine.models import Books, World
from tests.fleet.serving import Serving, serving
from tests.fleet.words import AT, until

DAY_S = 24 * 3600
_stores = itertools.count(1)


class Till(Bench):
    """A kiosk with a register's id of its own, and ids of requests that nobody else uses."""

    def open_journal(self) -> Journal:
        prefix = self.config.kiosk_id[-1]
        return Journal.open(self.folder / "journal.sqlite", service_prefix=prefix)


class Line:
    """A kiosk's way to the store: the product's line, asked at once instead of by a thread."""

    def __init__(self, store: "Store", name: str) -> None:
        self._store, self._name = store, name
        self.cut = False
        self.loses_answers = False
        self.till: Till | None = None

    def ask(self, wish: Wish) -> None:
        try:
            if self.cut:
                raise StoreSilent("cut")
            with self._store.line(self._name) as line:
                answer = answer_of(wish, line.receipt(asked_of(wish)))
        except StoreSilent:
            answer = WishAnswered(wish_id=wish.wish_id, word=Word.UNREACHABLE)
        if not self.loses_answers:
            assert self.till is not None
            self.till.world.events.append(answer)  # type: ignore[arg-type]


class Store:
    """A server, and kiosks that it hears of when a test says so."""

    def __init__(self, name: str, server: Serving, authority: Authority, folder: Path) -> None:
        self.name, self.serving, self._authority, self._folder = name, server, authority, folder
        self.books = Books()
        self._told: dict[str, int] = {}
        self.catalog = folder / "catalog.sqlite"

    def address(self, name: str) -> Address:
        return Address("naermat", self.name, name)

    def line(self, name: str) -> StoreLine:
        stem = self._folder / name
        endpoint = Endpoint(
            host="localhost",
            port=1,
            ca=self._authority.ca_path,
            certificate=stem.with_suffix(".pem"),
            key=stem.with_suffix(".key"),
        )
        return StoreLine(self.serving.url, endpoint)

    def till(self, number: int) -> Till:
        name = f"kasse-{number}"
        self._authority.issue_kiosk(self.address(name)).write(self._folder, name)
        folder = self._folder / f"till-{number}"
        folder.mkdir()
        register = f"NT-0477-0{number}"
        line = Line(self, name)
        made = Till(
            folder,
            self.catalog,
            config=config(kiosk_id=register, shop=replace(SHOP, register_id=register)),
            world=World(books=self.books),
            seed=number,
            staffed=True,
            signed=True,
            elsewhere=line,
        )
        line.till = made
        self.hear(made)
        return made

    def hear(self, till: Till) -> None:
        """Let the server hear what the kiosk wrote since it heard the last of it."""
        number = int(till.config.kiosk_id[-1])
        address = self.address(f"kasse-{number}")
        rows = till.journal.rows_after(self._told.get(address.kiosk, 0), 10_000)
        born = Birth(at_utc=AT, kiosk_id=till.config.kiosk_id, till=str(number), started_at=AT)
        said: list[Birth | Events] = [born]
        if rows:
            told = [of_the_wire(row) for row in rows]
            said.append(Events(at_utc=AT, journal_id=till.journal.journal_id, rows=told))
            self._told[address.kiosk] = rows[-1].seq
        channel = {Birth: Channel.BIRTH, Events: Channel.EVENTS}
        batch = [
            Received(Place(address, channel[type(one)]), one, us_of(utc_now())) for one in said
        ]
        Applier(self.serving.fleet.db).apply(batch)


@pytest.fixture(scope="module")
def server(
    authority: Authority, sqlite_migrated: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Serving]:
    """One server for all; each test has a store of its own there."""
    folder = tmp_path_factory.mktemp("fleet")
    shutil.copyfile(sqlite_migrated, folder / "fleet.sqlite")
    broker = BrokerTable(ca=str(authority.ca_path), revoked=str(authority.crl_path))
    made = FleetConfig(data_dir=str(folder), broker=broker, ingest_workers=0)
    with serving(made, people=False) as running:
        yield running


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_catalog(tmp_path_factory.mktemp("catalog"))


@pytest.fixture
def store(
    server: Serving,
    authority: Authority,
    catalog: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Store]:
    cheap_hashes(monkeypatch)
    # In memory where there is one: what is durable is the journal's own test.
    with TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else tmp_path) as folder:
        shutil.copyfile(catalog, Path(folder) / "catalog.sqlite")
        yield Store(f"store-{next(_stores)}", server, authority, Path(folder))


@pytest.fixture
def one(store: Store) -> Till:
    """The kiosk that sold two colas and a milk, receipt 1: 89,70 kr; the store has heard of it."""
    till = store.till(1)
    till.scan(COLA, COLA, MILK).pay_by_card().take_receipt().wait(15)
    store.hear(till)
    return till


@pytest.fixture
def two(store: Store, one: Till) -> Till:
    """The kiosk to which the goods come."""
    return store.till(2)


CODE = "SK1/NT-0477-01/1/20260302/8970"


def scan(till: Till, code: str = CODE, number: str = "20", pin: str = "2580") -> Till:
    till.sign_in(number, pin).send(s.ToolPressed(Tool.RETURN))
    till.scan(code)
    return till


def choose(till: Till, **pieces: int) -> Till:
    lines = {line.name.split()[0]: line.line_id for line in till.desk.returning.lines}
    for name, quantity in pieces.items():
        till.send(s.ReturnQuantityPressed(lines[name], quantity))
    return till.send(s.ReturnPressed(), s.ReasonChosen("regret"))


def done(till: Till) -> None:
    till.send(s.StaffLeavePressed()).wait(15)
    assert till.sale.phase is Phase.NONE


def back(store: Store) -> list[int]:
    return [entry.charged_minor for entry in store.books.refunds()]


def left(till: Till) -> list[tuple[str, int]]:
    return [(line.name.split()[0], line.left) for line in till.desk.returning.lines]


def of(till: Till, kind: type) -> list:
    return [event for event in till.record() if isinstance(event, kind)]


# --- the whole way --------------------------------------------------------------------------------


def test_goods_come_back_at_another_kiosk_to_the_card_they_were_paid_with(
    store: Store, two: Till
) -> None:
    scan(two)
    assert (two.desk.step, two.desk.returning.receipt) == (StaffStep.RETURN, "NT-0477-01/1")
    assert left(two) == [("Cola", 2), ("Lettmelk", 1)]
    choose(two, Cola=1)
    assert (two.desk.refund.state, two.desk.refund.amount_minor) == (RefundState.READY, 3290)
    assert two.desk.refund.last_four == "4321"
    two.send(s.RefundPressed())
    assert back(store) == [3290]
    paper = two.world.printer.papers.texts()[-1]
    assert "RETURKVITTERING" in paper
    assert "NT-0477-01/1" in paper
    done(two)
    assert two.journal.verify().ok
    assert [event.register_id for event in of(two, ReturnChecked)] == ["NT-0477-01"]


def test_nothing_comes_back_twice_whichever_kiosk_is_asked(
    store: Store, one: Till, two: Till
) -> None:
    choose(scan(two), Cola=1, Lettmelk=1).send(s.RefundPressed())
    done(two)
    store.hear(two)
    scan(one)
    assert left(one) == [("Cola", 1)]
    choose(one, Cola=1).send(s.RefundPressed())
    done(one)
    assert back(store) == [3290 + 2390, 3290]
    store.hear(one)
    for till in (one, two):
        scan(till)
        assert till.desk.problem is StaffProblem.NOTHING_LEFT
        till.send(s.StaffLeavePressed())


def test_what_is_given_back_elsewhere_counts_against_the_same_payment(
    store: Store, one: Till, two: Till
) -> None:
    """The acquirer's books fail the test when a refund names another amount given before."""
    for till in (two, one, two):
        choose(scan(till), **({"Lettmelk": 1} if till is one else {"Cola": 1}))
        till.send(s.RefundPressed())
        done(till)
        store.hear(till)
    assert back(store) == [3290, 2390, 3290]


def test_while_one_kiosk_takes_goods_back_no_other_does(store: Store, one: Till, two: Till) -> None:
    scan(one)
    choose(scan(two), Cola=1)
    assert two.desk.step is StaffStep.REFUND
    choose(one, Cola=2)
    assert (one.desk.step, one.desk.problem) == (StaffStep.ITEM, StaffProblem.RETURN_BUSY)
    assert of(one, LineReturned) == []
    two.send(s.RefundPressed())
    done(two)
    one.scan(CODE)
    choose(one, Cola=2)
    assert one.desk.problem is StaffProblem.RETURN_BUSY, "what it took is not told yet"
    store.hear(two)
    one.scan(CODE)
    assert left(one) == [("Cola", 1), ("Lettmelk", 1)]


def test_who_looked_before_the_last_return_must_look_again(
    store: Store, one: Till, two: Till
) -> None:
    scan(one)
    choose(scan(two), Cola=2).send(s.RefundPressed())
    done(two)
    store.hear(two)
    choose(one, Cola=2)
    assert one.desk.problem is StaffProblem.RETURN_CHANGED
    assert back(store) == [6580]


def test_a_return_that_is_given_up_leaves_the_goods_to_others(
    store: Store, one: Till, two: Till
) -> None:
    choose(scan(two), Cola=2)
    two.send(s.StaffBackPressed(), s.ToolPressed(Tool.VOID_SALE), s.ReasonChosen("mistake"))
    assert two.sale.phase is Phase.NONE
    store.hear(two)
    scan(one)
    assert left(one) == [("Cola", 2), ("Lettmelk", 1)]
    assert choose(one, Cola=2).desk.step is StaffStep.REFUND


def test_a_power_cut_in_the_middle_of_it_goes_on_with_the_same_refund(
    store: Store, two: Till
) -> None:
    choose(scan(two), Cola=1)
    two.world.terminal.refund_answer = "silent"
    two.send(s.RefundPressed())
    two.restart()
    two.wait(60)
    assert back(store) == [3290]
    [asked] = of(two, RefundRequested)
    assert asked.transaction_id != ""
    assert two.journal.verify().ok


def test_a_hold_that_a_power_cut_left_behind_falls_by_itself(
    store: Store, one: Till, two: Till
) -> None:
    scan(two)
    line = two.elsewhere
    assert isinstance(line, Line)
    line.loses_answers = True
    choose(two, Cola=1)
    two.restart(down_s=120)
    line.loses_answers = False
    scan(one)
    assert choose(one, Cola=1).desk.problem is StaffProblem.RETURN_BUSY
    store.hear(two)  # it began again, and nothing of that sale is in its record
    one.scan(CODE)
    assert choose(one, Cola=1).desk.step is StaffStep.REFUND


# --- without the store ----------------------------------------------------------------------------


def test_without_the_store_anothers_receipt_is_taken_where_it_was_sold(
    store: Store, two: Till
) -> None:
    line = two.elsewhere
    assert isinstance(line, Line)
    line.cut = True
    scan(two)
    assert (two.desk.step, two.desk.problem) == (StaffStep.ITEM, StaffProblem.STORE_SILENT_OTHERS)


def test_a_store_that_says_nothing_at_all_is_not_waited_for(store: Store, two: Till) -> None:
    line = two.elsewhere
    assert isinstance(line, Line)
    line.loses_answers = True
    scan(two)
    assert two.desk.step is StaffStep.SHELF
    two.wait(7)
    assert two.desk.problem is StaffProblem.STORE_SILENT_OTHERS


def test_without_the_store_a_supervisor_may_take_an_own_receipt_and_the_record_says_so(
    store: Store, one: Till
) -> None:
    line = one.elsewhere
    assert isinstance(line, Line)
    line.cut = True
    scan(one)
    assert (one.desk.step, one.desk.problem) == (StaffStep.RETURN, StaffProblem.RETURN_UNCHECKED)
    choose(one, Cola=1).send(s.RefundPressed())
    assert back(store) == [3290]
    assert [event.answered for event in of(one, ReturnChecked)] == [False]
    done(one)


def test_without_the_store_an_attendant_asks_a_supervisor(store: Store, one: Till) -> None:
    line, door = one.elsewhere, one.engine._till.door
    assert isinstance(line, Line)
    assert door is not None
    rules = DEFAULT_ROLES[Role.ATTENDANT]
    may = replace(rules, rights=rules.rights | {Right.RETURN})
    door.roles = {**DEFAULT_ROLES, Role.ATTENDANT: may}
    line.cut = True
    scan(one, number="12", pin="4711")
    assert (one.desk.step, one.desk.problem) == (StaffStep.ITEM, StaffProblem.STORE_SILENT_OURS)


def test_a_store_that_falls_silent_before_the_goods_are_written_down_holds_nothing_up(
    store: Store, one: Till, two: Till
) -> None:
    for till, problem in (
        (two, StaffProblem.STORE_SILENT_OTHERS),
        (one, StaffProblem.RETURN_UNCHECKED),
    ):
        line = till.elsewhere
        assert isinstance(line, Line)
        scan(till)
        line.cut = True
        choose(till, Cola=1)
        assert till.desk.problem is problem
        assert of(till, LineReturned) == []


# --- what is found --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "code",
    [
        "SK1/NT-0477-01/2/20260302/100",
        "SK1/NT-0477-09/1/20260302/100",
        "SK1/NT-0477-01/R1/20260302/100",
        "SK1/NT-0477-01/T1/20260302/100",
    ],
    ids=["no such number", "no such kiosk", "another series", "practice"],
)
def test_what_the_store_does_not_know_is_no_receipt(two: Till, code: str) -> None:
    scan(two, code)
    assert two.desk.problem is StaffProblem.UNKNOWN_RECEIPT


def test_another_stores_receipt_is_nobodys_here(store: Store, one: Till, two: Till) -> None:
    store.name = "elsewhere"
    three = store.till(3)
    scan(three)
    assert three.desk.problem is StaffProblem.UNKNOWN_RECEIPT


def test_a_receipt_of_last_year_is_found_among_what_was_put_by(store: Store, two: Till) -> None:
    """100 days after the sale its rows are packed; a return finds it for two years."""
    db = store.serving.fleet.db
    two.clock.advance(400 * DAY_S)
    retention.prune(db, Retention(events_days=1, facts_days=36_000), utc_now())
    scan(two)
    assert left(two) == [("Cola", 2), ("Lettmelk", 1)]
    choose(two, Cola=1).send(s.RefundPressed())
    assert back(store) == [3290]
    [line] = of(two, LineReturned)
    assert line.original_at_utc[:4] == "2026"


def test_a_receipt_that_the_store_has_not_heard_of_yet_comes_back_where_it_was_sold(
    store: Store, one: Till
) -> None:
    one.scan(MILK).pay_by_card().take_receipt().wait(15)
    scan(one, "2")
    assert left(one) == [("Lettmelk", 1)]
    choose(one, Lettmelk=1).send(s.RefundPressed())
    assert back(store) == [2390]


# --- the thread -----------------------------------------------------------------------------------


def test_the_way_to_the_store_answers_each_wish_once(store: Store, one: Till) -> None:
    answers: list[WishAnswered] = []
    way = OtherKiosks(lambda: store.line("kasse-1"))
    way.start(answers.append)
    ref = ReceiptRef(number=1, register_id="NT-0477-01")
    wish = Wish(wish_id="w1", ref=ref, at_utc=AT, until_ns=0)
    way.ask(wish)
    until(lambda: len(answers) == 1, "the store answered")
    assert (answers[0].wish_id, answers[0].word) == ("w1", Word.FOUND)
    assert answers[0].original is not None
    way.stop()
    way.stop()


def test_a_line_that_cannot_be_opened_is_a_silent_store() -> None:
    def broken() -> StoreLine:
        raise StoreSilent("no certificate")

    answers: list[WishAnswered] = []
    way = OtherKiosks(broken)
    way.start(answers.append)
    way.ask(Wish(wish_id="w1", ref=ReceiptRef(number=1), at_utc=AT, until_ns=0))
    until(lambda: len(answers) == 1, "an answer came")
    assert answers[0].word is Word.UNREACHABLE
    way.stop()
