"""A shop where everything can be paid by and everything goes wrong: is the money right?

`store`, `phones` and `split_store` are whole days of a kiosk. This one hurries from sale to sale
to make many: few goods, no signatures, all means of payment and their mixtures, the power gone at
any moment, and a clock that is set while people pay. The engine, the sale and the journal are the
real ones; those who take money are models that keep the drivers' contracts, with books that
outlive the kiosk and that nobody but they writes.
"""

import random
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Final

from drivers.contracts import DeviceKind, WalletStep
from kiosk.engine import messages as m
from kiosk.engine.clock import ManualClock
from kiosk.engine.view import Screen
from kiosk.sale.attempts import counts
from kiosk.sale.capture import RESERVES
from kiosk.sale.events import Method, SaleCompleted
from kiosk.sale.evolve import replay
from kiosk.sale.state import Attempt, Phase, Sale
from kiosk.sale.totals import totals
from tests.engine.bench import COLA, MILK, YOGHURT, Bench, config
from tests.engine.models import Entry, World
from tests.engine.value_model import ValueModel
from tests.engine.wallets import WalletModel
from tests.simulation.phones import CALLS as WALLET_CALLS
from tests.simulation.phones import CAP_MINOR, PhoneStore
from tests.simulation.power import Power, give_power
from tests.simulation.split_store import CALLS as VALUE_CALLS
from tests.simulation.split_store import CARDS_A_DAY, PREFIXES, SLIPS_A_DAY, SplitStore
from tests.simulation.store import TWO_DAYS_S, PoweredBench, Store

SALES_A_DAY: Final = 50
WALLETS: Final = (Method.VIPPS, Method.KLARNA, Method.STREX)
GOODS: Final = (MILK, COLA, YOGHURT)
JUMPS_S: Final = (-86_400, -3_600, -61, 61, 3_600, 86_400)
"""By how much somebody, or a time server, sets the clock."""


class JumpingClock(ManualClock):
    """A clock whose time of day can be set. What deadlines go by never jumps, as on Linux."""

    def jump(self, seconds: float) -> None:
        self._start += timedelta(seconds=seconds)


class MoneyBench(PoweredBench):
    """A powered bench with a terminal, three wallets, gift cards and vouchers: one set of books."""

    def __init__(self, folder: Path, catalog_path: Path, power: Power, seed: int | str) -> None:
        chance = random.Random(f"deck {seed}")
        self.power = power
        self.jumping = JumpingClock()
        world = World()
        self._wallets(world)
        self._issuers(world, chance)
        give_power(world, power)
        for method, payer in world.payers.items():
            for call in WALLET_CALLS if method in WALLETS else VALUE_CALLS:
                setattr(payer, call, power.around(f"{method.value}.{call}", getattr(payer, call)))
        Bench.__init__(
            self,
            folder,
            catalog_path,
            config=config(
                methods=(Method.CARD, *world.payers),
                method_limits_minor={Method.STREX: CAP_MINOR},
                value_prefixes=PREFIXES,
                partial_approval=chance.random() < 0.5,
            ),
            world=world,
            seed=seed,
            clock=self.jumping,
        )

    def _wallets(self, world: World) -> None:
        for method in WALLETS:
            first = WalletStep.ENTER_PHONE if method is Method.STREX else WalletStep.SCAN_QR
            world.payers[method] = WalletModel(
                f"{method.value}-1", world.events, world.books, first
            )

    def _issuers(self, world: World, chance: random.Random) -> None:
        deck = {f"6338{n:012d}": chance.randint(0, 6000) for n in range(CARDS_A_DAY)}
        slips = {f"980{n:010d}": chance.randint(100, 4000) for n in range(SLIPS_A_DAY)}
        events, books = world.events, world.books
        self.cards = ValueModel("giftcard-1", DeviceKind.GIFT_CARD, events, deck, books)
        self.slips = ValueModel("voucher-1", DeviceKind.VOUCHER, events, slips, books)
        world.payers[Method.GIFT_CARD] = self.cards
        world.payers[Method.DEPOSIT_VOUCHER] = self.slips

    def restart(self, down_s: float = 30) -> None:
        """A driver forgets with the power what was presented to it."""
        self.cards.forget_all()
        self.slips.forget_all()
        super().restart(down_s)


class MoneyStore(SplitStore, PhoneStore):
    """Shoppers who pay by anything, by its seed. Split first, then the phone, then the card."""

    bench: MoneyBench  # type: ignore[assignment]

    def __init__(self, folder: Path, catalog_path: Path, seed: int | str) -> None:
        self.random = random.Random(seed)
        self.power = Power()
        self.bench = MoneyBench(folder, catalog_path, self.power, seed)
        self.cuts = 0
        self.trouble = True

    def run(self, sales: int) -> None:
        """Let so many shoppers pay, then everything work for two days, so that all is settled."""
        for _ in range(sales):
            if self.random.random() < 0.3:
                self._morning()
            self._sometimes_plan_a_cut()
            self._shopper()
        self.peace()
        self._until(lambda: self.bench.view.screen in (Screen.START, Screen.OUT_OF_ORDER))
        self.bench.wait(3600)
        self.bench.clock.advance(TWO_DAYS_S)
        self.bench.send(m.Tick())

    def _shopper(self) -> None:
        for _ in range(self.random.randint(1, 3)):
            self._alive(self._put_something_in)
        self._until(lambda: self.bench.sale.phase is Phase.NONE)

    def _put_something_in(self) -> None:
        if self.random.random() < 0.08:
            self.bench.scan(self._slip())
        else:
            self.bench.scan(self.random.choice(GOODS))

    def _mood(self) -> None:
        chance = self.random.random()
        if chance < 0.02:
            self.bench.jumping.jump(self.random.choice(JUMPS_S))
        if chance < 0.6:
            super()._mood()


def check_money(store: Store) -> None:
    """Hold the providers' books against the journal, sale by sale and in sum.

    Nobody is charged twice, no goods leave unpaid, no paid sale is lost, and what a wallet
    reserved is taken for goods that were handed over and for nothing else.
    """
    journal, books = store.bench.journal, store.bench.world.books
    assert journal.verify().ok
    assert journal.open_sales() == []
    assert journal.sales_to_capture() == []
    sales = replayed(store)
    by_sale: dict[str, list[Entry]] = {}
    for entry in books.entries.values():
        by_sale.setdefault(entry.sale_id, []).append(entry)
    assert by_sale.keys() <= sales.keys(), "a provider knows of a sale that the journal does not"
    for sale in sales.values():
        check_sale(sale, by_sale.get(sale.id, []))
    check_vouchers(books.entries.values())
    numbers = [e.receipt_number for e in store.bench.record() if isinstance(e, SaleCompleted)]
    assert numbers == list(range(1, len(numbers) + 1)), "receipt numbers have a gap"


def check_sale(sale: Sale, entries: list[Entry]) -> None:
    """Each krone that a provider took for this sale stands in the journal, under the same name."""
    assert sale.phase in (Phase.CLOSED, Phase.ABORTED), f"sale {sale.id} is {sale.phase}"
    taken_minor = sum(entry.charged_minor for entry in entries if entry.state == "approved")
    due_minor = totals(sale).total_minor if sale.phase is Phase.CLOSED else 0
    assert taken_minor == due_minor, f"sale {sale.id}: {taken_minor} taken, {due_minor} due"
    attempts = {attempt.service_id: attempt for attempt in sale.attempts}
    assert len(attempts) == len(sale.attempts), f"sale {sale.id}: a service id came twice"
    for entry in entries:
        attempt = attempts.get(entry.service_id)
        assert attempt is not None, f"sale {sale.id}: {entry.service_id} is not in the journal"
        check_attempt(attempt, entry)


def check_attempt(attempt: Attempt, entry: Entry) -> None:
    """What the journal says of one attempt is what the provider did."""
    took_minor = entry.charged_minor if entry.state == "approved" else 0
    kept_minor = attempt.approved_minor if counts(attempt) else 0
    assert took_minor == kept_minor, f"{attempt.id}: {took_minor} taken, {kept_minor} in the record"
    due = attempt.capture_due
    assert not due or attempt.method in RESERVES
    assert not due or attempt.captured is True, f"{attempt.id}: reserved, and never taken"
    assert entry.captured_minor == (attempt.approved_minor if due else 0), attempt.id


def check_vouchers(entries: Iterable[Entry]) -> None:
    """No voucher pays for two sales."""
    slips = Counter(
        entry.transaction_id.split("/")[1]
        for entry in entries
        if entry.state == "approved" and "/980" in entry.transaction_id
    )
    assert all(count == 1 for count in slips.values()), slips


def replayed(store: Store) -> dict[str, Sale]:
    """Return every sale of the journal, from its events."""
    journal = store.bench.journal
    ids = {record.sale_id for record in journal.after(0, 10**9)}
    sales = {sale_id: replay(journal.events_of(sale_id)) for sale_id in sorted(ids)}
    return {sale_id: sale for sale_id, sale in sales.items() if sale.phase is not Phase.NONE}
