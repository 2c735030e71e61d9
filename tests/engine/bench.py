"""A whole kiosk without glass and wires: the real engine, journal and catalog, devices as models.

Verbs are those of the physical world (`scan`, `put_on_scale`, `walk_away`); what is asserted is
what the shopper sees (`bench.view`), what the record says and what the terminal's books say.
"""

from pathlib import Path

from drivers.contracts import BarcodeScanned, WeightRead
from kiosk.catalog import Catalog
from kiosk.catalog.importer import import_file
from kiosk.engine import messages as m
from kiosk.engine.clock import ManualClock
from kiosk.engine.config import EngineConfig
from kiosk.engine.elsewhere import StoreReceipts
from kiosk.engine.engine import Engine
from kiosk.engine.ids import SeededIds
from kiosk.engine.memory import Memory
from kiosk.engine.messages import Message
from kiosk.engine.ports import Devices
from kiosk.engine.shelf import StoreShelf
from kiosk.engine.staff_messages import (
    DecisionAnswered,
    StaffConfirmed,
    StaffDigitTyped,
    StaffPressed,
)
from kiosk.engine.staff_session import StaffDoor
from kiosk.engine.staff_view import StaffView
from kiosk.engine.view import View
from kiosk.fiscal.receipt import ShopFacts
from kiosk.fiscal.register import Register, RegisterFacts
from kiosk.fiscal.signature import HmacKey
from kiosk.journal import Journal
from kiosk.sale.events import Event, Method, ReceiptChoice
from kiosk.sale.state import Sale
from kiosk.staff import Role, SignIn, StaffBook
from tests.engine.models import World

MILK = "7038010001659"
COLA = "5449000131805"
BEER = "7044610000015"
YOGHURT = "7038010000010"
RECALLED_SALAD = "7020097009819"
SNUS = "7311250000010"
CHEESE_LABEL = "2012345602991"
"""Price label, prefix 20: item 123456 for 2,99 kr."""
UNKNOWN = "7039010019828"
INGRID = "04A2B3C4"
"""What a badge reader reads off Ingrid's badge."""

BENCH_KEY = bytes(range(16))
"""Signs the sales of benches that are cash registers."""

COLUMNS = (
    "id,name,gtins,references,price,unit,vat,"
    "age,deposit,category,picture,restrictions,quantity_limit,rank"
)
PRODUCTS = f"""{COLUMNS}
100,Lettmelk 1 l,7038010001659,,23.90,piece,31,,,dairy,milk,,,
101,Cola uten sukker 1.5 l,5449000131805,,29.90,piece,31,,3.00,drinks,soda,,,
102,Pilsner 0.5 l,7044610000015,,24.90,piece,3,18,2.00,drinks,beer,alcohol,,
103,Yoghurt blåbær,7038010000010,,14.90,piece,31,,,dairy,,,,
104,Tilbakekalt salat,7020097009819,,39.90,piece,31,,,dairy,,recalled,,
105,Snus,7311250000010,,99.00,piece,3,18,,tobacco,,tobacco not_for_self_service,,
106,Paracetamol,7046260000018,,45.00,piece,3,18,,medicine,pill,,2,
123456,Ost i løsvekt,,123456,199.00,kg,31,,,cheese,cheese,,,
4011,Bananer,,4011,26.90,kg,31,,,fruit,banana,,,1
4012,Røde epler,,4012,34.90,kg,31,,,fruit,red_apple,,,2
4013,Agurk,,4013,22.90,piece,31,,,fruit,cucumber,,,3
900,Papirpose,,900,4.00,piece,3,,,bags,paper_bag,,,1
901,Plastpose,,901,6.50,piece,3,,,bags,paper_bag,,,2
"""
PROMOTIONS = """id,kind,title,products,quantity,pay_quantity,percent,price,valid_from,valid_to
P1,n_for_m,3 for 2,103,3,2,,,2026-01-01,2026-12-31
"""

SHOP = ShopFacts(
    name="Nærmat Torshov",
    legal_name="Nærmat Torshov AS",
    address="Vogts gate 1, 0474 Oslo",
    org_number="999999999",
    register_id="NT-0477-03",
    operator_id="SCO-03",
)


def config(**changes: object) -> EngineConfig:
    """Return the configuration of the bench: a card terminal and an approved scale."""
    values: dict[str, object] = {
        "kiosk_id": "NT-0477-03",
        "shop": SHOP,
        "till": "3",
        "approved_scale": True,
    }
    return EngineConfig(**{**values, **changes})  # type: ignore[arg-type]


def build_catalog(
    folder: Path, products: str = PRODUCTS, promotions: str = PROMOTIONS, coupons: str = ""
) -> Path:
    """Import the bench's own little shop."""
    (folder / "products.csv").write_text(products, encoding="utf-8")
    (folder / "promotions.csv").write_text(promotions, encoding="utf-8")
    (folder / "coupons.csv").write_text(coupons, encoding="utf-8")
    target = folder / "catalog.sqlite"
    report = import_file(
        folder / "products.csv",
        target,
        promotions=folder / "promotions.csv",
        coupons=folder / "coupons.csv" if coupons else None,
    )
    assert report.imported, report
    return target


class Bench:
    """One kiosk and its world. `restart` is a power cut: all but journal and world is gone."""

    engine_class: type[Engine] = Engine

    def __init__(
        self,
        folder: Path,
        catalog_path: Path,
        *,
        config: EngineConfig = config(),  # noqa: B008
        world: World | None = None,
        seed: int | str = 1,
        staffed: bool = False,
        bagging: bool = False,
        signed: bool = False,
        shelf: StoreShelf | None = None,
        elsewhere: StoreReceipts | None = None,
        clock: ManualClock | None = None,
    ) -> None:
        self.folder = folder
        self.catalog_path = catalog_path
        self.config = config
        self.world = world or World()
        self.clock = clock or ManualClock()
        self.seed = seed
        self.staffed = staffed
        self.bagging = bagging
        self.signed = signed
        self.shelf = shelf
        self.elsewhere = elsewhere
        self.answers: list[DecisionAnswered] = []
        self.lives = 0
        self.published: list[View] = []
        self.journal = self.open_journal()
        self.engine = self._new_life()

    # --- lives -----------------------------------------------------------------------------

    def open_journal(self) -> Journal:
        return Journal.open(self.folder / "journal.sqlite")

    def open_catalog(self) -> Catalog:
        return Catalog.open(self.catalog_path)

    def _new_life(self) -> Engine:
        self.lives += 1
        world = self.world
        engine = self.engine_class(
            self.journal,
            self.open_catalog(),
            Devices(
                scanners=(world.scanner,),
                scale=world.scale,
                printer=world.printer,
                terminal=world.terminal,
                payers=world.payers,
                light=world.light,
                badges=(world.badge,) if self.staffed else (),
                bag_scale=world.bag_scale if self.bagging else None,
            ),
            self.clock,
            SeededIds(f"{self.seed}/{self.lives}"),
            self.config,
            self.published.append,
            door=self._door() if self.staffed else None,
            answer=self.answers.append,
            memory=Memory(self.folder / "learnt.json") if self.bagging else None,
            register=self._register() if self.signed else None,
            shelf=self.shelf,
            elsewhere=self.elsewhere,
        )
        engine.start()
        readers = (world.scanner, world.badge) if self.staffed else (world.scanner,)
        scales = (world.scale, world.bag_scale) if self.bagging else (world.scale,)
        payers = (world.terminal, *world.payers.values())
        for device in (*readers, *scales, world.printer, *payers, world.light):
            device.start(lambda _event: True)
        self.engine = engine
        self.pump()
        return engine

    def _register(self) -> Register:
        """Return a cash register with a key of this bench's own."""
        facts = RegisterFacts(shop=self.config.shop, software_version="1")
        return Register(self.journal, facts, HmacKey(BENCH_KEY))

    def _door(self) -> StaffDoor:
        """Return the way in for staff; the book outlives power cuts."""
        book = StaffBook.open(self.folder / "staff.sqlite")
        if not book.people():
            book.add(number="12", name="Ingrid", role=Role.ATTENDANT, pin="4711", badge=INGRID)
            book.add(number="20", name="Kari", role=Role.SUPERVISOR, pin="2580")
            book.add(number="30", name="Per", role=Role.TECHNICIAN, pin="3690")
        signing = SignIn(book, self.clock.utc_now, self.clock.monotonic_ns)
        return StaffDoor(book=book, signing=signing)

    def restart(self, down_s: float = 30) -> None:
        """Cut the power: what was not in the journal is gone, and so is what was on the wires."""
        self.journal.close()
        self.world.events.clear()
        self.clock.advance(down_s)
        self.journal = self.open_journal()
        self._new_life()

    # --- what happens ----------------------------------------------------------------------

    def send(self, *messages: Message) -> "Bench":
        """Hand messages to the engine one by one, and let the devices answer after each."""
        for message in messages:
            self.engine.handle(message)
            self.pump()
        return self

    def pump(self) -> None:
        """Let the devices say what they have to say, until they are silent."""
        while self.world.events:
            self.engine.handle(self.world.events.popleft())

    def wait(self, seconds: float) -> "Bench":
        """Let time pass, with the ticks that the loop would make."""
        until_ns = self.clock.monotonic_ns() + round(seconds * 1e9)
        while (due_ns := self.engine.deadline_ns()) is not None and due_ns <= until_ns:
            before_ns = self.clock.monotonic_ns()
            self.clock.advance_to(due_ns)
            self.send(m.Tick())
            again_ns = self.engine.deadline_ns()
            assert again_ns is None or again_ns > before_ns, "the loop would spin"
        self.clock.advance_to(until_ns)
        return self

    def scan(self, *codes: str, aim_id: str = "") -> "Bench":
        """Hold items to the scanner; a disabled scanner refuses by itself."""
        for code in codes:
            if not self.world.scanner.enabled:
                self.world.scanner.error_tone()
                continue
            self.send(self.scan_event(code, aim_id))
        return self

    def scan_event(self, code: str, aim_id: str = "") -> BarcodeScanned:
        return BarcodeScanned(
            device="scanner-1",
            text=code,
            aim_id=aim_id,
            at_monotonic_ns=self.clock.monotonic_ns(),
        )

    def put_on_scale(self, grams: int) -> "Bench":
        return self.send(self.reading(grams))

    def bag_weighs(self, grams: int, *, stable: bool = True) -> "Bench":
        """Let the bag scale say a weight."""
        return self.send(
            WeightRead(
                device="bag-1",
                weight_g=grams,
                stable=stable,
                at_monotonic_ns=self.clock.monotonic_ns(),
            )
        )

    def reading(self, grams: int | None, *, stable: bool = True, **flags: bool) -> WeightRead:
        zero = flags.pop("zero", grams == 0)
        return WeightRead(
            device="scale-1",
            weight_g=grams,
            stable=stable,
            zero=zero,
            at_monotonic_ns=self.clock.monotonic_ns(),
            **flags,
        )

    def to_terminal(self) -> "Bench":
        """From the list to the terminal: no bags, card."""
        return self.send(m.PayPressed(), m.BagsConfirmed(), m.MethodChosen(Method.CARD))

    def pay_by_card(self) -> "Bench":
        self.to_terminal()
        self.world.terminal.tap()
        self.pump()
        return self

    def take_receipt(self, choice: ReceiptChoice = ReceiptChoice.PAPER) -> "Bench":
        return self.send(m.ReceiptChosen(choice))

    # --- staff -----------------------------------------------------------------------------

    def keys(self, digits: str) -> "Bench":
        """Type on staff mode's keys, and confirm."""
        return self.send(*(StaffDigitTyped(digit) for digit in digits), StaffConfirmed())

    def sign_in(self, number: str = "12", pin: str = "4711") -> "Bench":
        """Come to the kiosk as an attendant."""
        return self.send(StaffPressed()).keys(number).keys(pin)

    def badge(self, text: str = INGRID) -> "Bench":
        """Hold a badge to its reader."""
        read = BarcodeScanned(
            device="badge-1", text=text, at_monotonic_ns=self.clock.monotonic_ns()
        )
        return self.send(read)

    @property
    def desk(self) -> StaffView:
        """What the attendant sees."""
        assert self.view.staff is not None
        return self.view.staff

    # --- what is to be seen ----------------------------------------------------------------

    @property
    def view(self) -> View:
        return self.engine.view

    @property
    def sale(self) -> Sale:
        return self.engine.sale

    def record(self) -> list[Event]:
        """Return every event of the journal."""
        return [record.event for record in self.journal.after(0, 1_000_000)]

    def kinds(self) -> list[str]:
        """Return the names of the events in the journal."""
        return [type(event).__name__ for event in self.record()]
