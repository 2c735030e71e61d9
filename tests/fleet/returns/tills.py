"""Kiosks of a store and their way to its server, over the real wire.

Both kiosks' terminals share one acquirer's books, which refuse a refund of more than was taken,
and one whose amount given before is not what the books say.
"""

from dataclasses import replace
from pathlib import Path

from kiosk.app.other_kiosks import answer_of, asked_of
from kiosk.engine import staff_messages as s
from kiosk.engine.elsewhere import Wish, WishAnswered, Word
from kiosk.engine.staff_view import Tool
from kiosk.fleet.authority import Authority
from kiosk.fleet.ingest.apply import Applier
from kiosk.fleet.ingest.received import Received
from kiosk.fleet.times import us_of, utc_now
from kiosk.journal import Journal
from kiosk.sale.state import Phase
from kiosk.telemetry.link import Endpoint
from kiosk.telemetry.messages import Birth, Events
from kiosk.telemetry.store_line import StoreLine, StoreSilent, of_the_wire
from kiosk.telemetry.topics import Address, Channel, Place
from tests.engine.bench import SHOP, Bench, config
from tests.engine.models import Books, World
from tests.fleet.serving import Serving
from tests.fleet.words import AT

DAY_S = 24 * 3600
CODE = "SK1/NT-0477-01/1/20260302/8970"


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
