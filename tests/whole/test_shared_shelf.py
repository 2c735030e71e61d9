"""Two real kiosks of one store, a broker and the fleet: a sale set aside at one goes on at another.

What is asserted stands on glass and paper and in both journals: exactly one of them has the sale.
"""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import select

from drivers.deadline import SYSTEM_CLOCK, Deadline, ready
from kiosk.app.broker import Broker, mosquitto
from kiosk.app.shopper import Shopper
from kiosk.app.store import Store
from kiosk.app.store_config import Sections
from kiosk.engine.shelf import short_code
from kiosk.engine.staff_view import StaffProblem, StaffStep
from kiosk.engine.view import Screen, View
from kiosk.fiscal.events import REGISTER
from kiosk.fleet.config import Broker as BrokerTable
from kiosk.fleet.config import FleetConfig
from kiosk.fleet.server import Fleet
from kiosk.fleet.store import tables as t
from kiosk.journal import Journal
from kiosk.sale.evolve import replay
from kiosk.staff import Role
from kiosk.telemetry.topics import Address
from tests.telemetry.far_end import PATIENCE_S, Pki

MILK = "7038010001659"
DEVICES = ("scanner", "badge", "printer")
ADDRESSES = {number: Address("naermat", "torshov", f"kasse-{number}") for number in ("3", "4")}

pytestmark = pytest.mark.skipif(mosquitto() is None, reason="mosquitto is not installed")


class Till(Shopper):
    """One kiosk, and whoever stands at it."""

    def __init__(self, store: Store, number: str, album: Path, fleet: Fleet) -> None:
        super().__init__(store, album, tell=lambda _: None)
        self.number, self.fleet = number, fleet

    def sign_in(self) -> None:
        person = next(one for one in self.store.colleagues if one.role is Role.ATTENDANT)
        self.store.far_end("badge").call("scan", person.badge)
        self.wait_for(person.name, lambda v: v.staff is not None and v.staff.name == person.name)

    def leave(self) -> None:
        """Give the kiosk back, from wherever staff are."""
        if self.store.glass.view().staff is not None:
            if self.store.glass.view().staff.step is not StaffStep.DESK:  # type: ignore[union-attr]
                self.press("Tilbake")
            self.press("Gi kassen tilbake til kunden")
        self.wait_for("the shopper's screen", lambda v: v.staff is None)

    def set_aside(self, milks: int) -> str:
        """Scan and set aside, once it is on the store's shelf; return what its slip says."""
        for _ in range(milks):
            self.scan(MILK, "]E0")
        sale_id = self.store.glass.view().sale_id
        papers = len(self.papers())
        self.sign_in()
        self.press("Mer")
        self.press("Sett av")
        self.wait_for("the empty desk", lambda v: not v.lines)
        self.wait_for("the slip", lambda _: len(self.papers()) > papers)
        self.leave()
        assert f"Kode {short_code(sale_id)}" in self.papers()[-1]
        deadline = Deadline(SYSTEM_CLOCK, PATIENCE_S)
        while not self.fleet_has(sale_id):
            assert not deadline.passed(), "waited in vain for the sale on the store's shelf"
            ready((), 0.05)
        return sale_id

    def fleet_has(self, sale_id: str) -> bool:
        with self.fleet.db.read() as db:
            there = select(t.aside.c.sale_id).where(t.aside.c.sale_id == sale_id)
            return db.execute(there).first() is not None

    def ask_for_a_slip(self) -> None:
        self.sign_in()
        self.press("Mer")
        self.press("Hent")
        self.wait_for("the scanner for the slip", _takes_a_slip)

    def papers(self) -> list[str]:
        papers: list[str] = self.store.far_end("printer").state()["receipts"]
        return papers

    def went_on_with(self, sale_id: str) -> int:
        """Return how many sales of this kiosk's journal go on with another."""
        with Journal.open(self.store.journal_path, read_only=True) as journal:
            ids = {record.sale_id for record in journal.after(0, 100_000)} - {REGISTER}
            return sum(replay(journal.events_of(one)).resumes == sale_id for one in ids)


def _takes_a_slip(view: View) -> bool:
    return view.staff is not None and view.staff.step is StaffStep.ITEM


def has_the_goods(view: View) -> bool:
    return bool(view.lines)


def was_told(*problems: StaffProblem) -> object:
    return lambda view: view.staff is not None and view.staff.problem in problems


@dataclass
class Shop:
    broker: Broker
    fleet: Fleet
    three: Till
    four: Till


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    folder = tmp_path_factory.mktemp("two-kiosks")
    pki = Pki(folder / "pki")
    with Broker(folder / "broker", pki.broker) as broker:
        fleet = started_fleet(pki, broker, folder)
        public = folder / "fleet.pub"
        public.write_bytes(
            fleet.signer.public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        )
        stores = {
            number: Store(
                folder=folder / f"kasse-{number}",
                far_ends=DEVICES,
                sections=sections(pki, broker, public, number),
            )
            for number in ADDRESSES
        }
        with stores["3"] as three, stores["4"] as four:
            tills = [Till(one, no, folder, fleet) for no, one in (("3", three), ("4", four))]
            yield Shop(broker, fleet, *tills)
            for till in tills:
                log = (till.store.folder / "kiosk.log").read_text(encoding="utf-8")
                assert "Traceback" not in log, log[-3000:]
        fleet.stop()


def started_fleet(pki: Pki, broker: Broker, folder: Path) -> Fleet:
    certificate, key = pki.fleet
    table = BrokerTable(
        host="localhost",
        port=broker.fleet_port,
        ca=str(pki.authority.ca_path),
        certificate=str(certificate),
        key=str(key),
    )
    fleet = Fleet(FleetConfig(data_dir=str(folder / "fleet"), broker=table))
    listens = threading.Event()
    fleet.watcher._client.on_subscribe = lambda *_: listens.set()
    fleet.start()
    assert listens.wait(PATIENCE_S), "the broker did not let the server in"
    return fleet


def sections(pki: Pki, broker: Broker, public: Path, number: str) -> Sections:
    address = ADDRESSES[number]
    certificate, key = pki.kiosk(address)
    telemetry = f"""\
[telemetry]
tenant = "{address.tenant}"
store = "{address.store}"
kiosk = "{address.kiosk}"
host = "localhost"
port = {broker.kiosk_port}
ca = "{pki.authority.ca_path}"
certificate = "{certificate}"
key = "{key}"
fleet_keys = ["{public}"]
shelf = true
"""
    return Sections(more=telemetry, kiosk_id=f"NT-0477-0{number}", till=number)


def asks_until_told(till: Till, slip: str) -> View:
    """Hold the slip to the scanner until the store has answered; it may be away for a moment."""
    told = was_told(StaffProblem.NOT_ON_SHELF, StaffProblem.STORE_SILENT)
    while True:
        till.hold(slip, "]Q1")
        view = till.wait_for(
            "the store's word",
            lambda v: has_the_goods(v) or told(v),  # type: ignore[operator]
        )
        if has_the_goods(view) or view.staff.problem is StaffProblem.NOT_ON_SHELF:  # type: ignore[union-attr]
            return view


def test_of_two_kiosks_that_hold_the_slip_at_once_exactly_one_goes_on(shop: Shop) -> None:
    sale_id = shop.three.set_aside(2)
    tills = (shop.three, shop.four)
    for till in tills:
        till.ask_for_a_slip()
    with ThreadPoolExecutor() as hands:
        views = dict(
            zip(
                [till.number for till in tills],
                hands.map(lambda till: asks_until_told(till, f"SK-S:{sale_id}"), tills),
                strict=True,
            )
        )
    have = [till for till in tills if has_the_goods(views[till.number])]
    assert len(have) == 1, "one of them, and not both"
    assert views[have[0].number].totals.item_count == 2
    assert sum(till.went_on_with(sale_id) for till in tills) == 1
    (other,) = [till for till in tills if till is not have[0]]
    other.wait_for_text("Ingen handel venter med denne koden")
    for till in tills:
        till.leave()
    give_up(have[0])


def give_up(till: Till) -> None:
    """Void what is on the list, so that the next shopper can come."""
    till.sign_in()
    till.press("Avbryt")
    till.wait_for("reasons", lambda v: v.staff is not None and v.staff.step is StaffStep.REASON)
    till.press("Det var en feil")
    till.wait_for("no sale", lambda v: not v.lines)
    till.leave()
    till.wait_for_screen(Screen.START)


def test_killed_while_it_asks_a_kiosk_still_gets_the_sale_and_gets_it_once(shop: Shop) -> None:
    sale_id = shop.three.set_aside(1)
    shop.four.ask_for_a_slip()
    shop.four.hold(f"SK-S:{sale_id}", "]Q1")
    shop.four.store.restart_kiosk(kill=True)
    view = shop.four.store.glass.view()
    if not has_the_goods(view):  # the power went before its record had the sale
        shop.four.ask_for_a_slip()
        view = asks_until_told(shop.four, f"SK-S:{sale_id}")
        shop.four.leave()
    assert view.totals.item_count == 1
    assert shop.four.went_on_with(sale_id) == 1
    shop.three.ask_for_a_slip()
    assert not has_the_goods(asks_until_told(shop.three, f"SK-S:{sale_id}"))
    assert shop.three.went_on_with(sale_id) == 0
    shop.three.leave()
    give_up(shop.four)


def test_without_the_store_it_says_so_and_the_sale_waits_until_it_is_back(shop: Shop) -> None:
    sale_id = shop.three.set_aside(1)
    shop.broker.kill()
    shop.four.ask_for_a_slip()
    shop.four.hold(f"SK-S:{sale_id}", "]Q1")
    shop.four.wait_for("the words", was_told(StaffProblem.STORE_SILENT))  # type: ignore[arg-type]
    shop.four.wait_for_text("Butikken svarer ikke. Prøv igjen.")
    assert shop.four.went_on_with(sale_id) == 0
    shop.broker.start()
    view = asks_until_told(shop.four, f"SK-S:{sale_id}")
    assert view.totals.item_count == 1
    shop.four.leave()
    give_up(shop.four)
