"""The kiosk of the money simulation: all means of payment, staff, a clock that is set, no waste.

Engine, sale, journal and codecs are the real ones. What is left out is only what makes a disk safe
and costs most of the time: the journal lies in memory, no room is made for its log, and the
catalog, which nobody changes, is opened once.
"""

import random
from collections import deque
from datetime import timedelta
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Final
from unittest.mock import patch

from drivers.contracts import (
    CaptureAnswered,
    DeviceEvent,
    DeviceKind,
    PaymentAnswered,
    RefundAnswered,
    ReversalAnswered,
    WalletStep,
)
from kiosk.catalog import Catalog
from kiosk.engine import messages as m
from kiosk.engine.clock import NS_PER_S, ManualClock
from kiosk.engine.engine import Engine
from kiosk.engine.staff_session import StaffDoor
from kiosk.engine.view import View
from kiosk.journal import Journal
from kiosk.payments.late import Late, LateApproval
from kiosk.sale.capture import RESERVES
from kiosk.sale.events import Method
from kiosk.staff import Person, Refused, Role, SignedIn, SignIn, StaffBook
from tests.engine.bench import Bench, config
from tests.engine.models import TerminalModel, World
from tests.engine.value_model import ValueModel
from tests.engine.wallets import WalletModel
from tests.simulation.phones import CALLS as WALLET_CALLS
from tests.simulation.phones import CAP_MINOR
from tests.simulation.power import Power, give_power
from tests.simulation.split_store import CALLS as VALUE_CALLS
from tests.simulation.split_store import CARDS_A_DAY, PREFIXES, SLIPS_A_DAY
from tests.simulation.store import PoweredBench

WALLETS: Final = (Method.VIPPS, Method.KLARNA, Method.STREX)
KARI: Final = "04C0FFEE"
"""The badge of a supervisor, who may give money back."""
REFUNDS: Final = ("refund", "ask_refund")
LATE_S: Final = (1, 5, 20)
"""How late the loop may be on a day; a machine that is never late proves less."""
ECHOES_MAX: Final = 12
MEMORY: Final = Path("/dev/shm")

_Answer = PaymentAnswered | ReversalAnswered | RefundAnswered | CaptureAnswered


def memory() -> Path | None:
    """Return a folder in memory where there is one."""
    return MEMORY if MEMORY.is_dir() else None


class JumpingClock(ManualClock):
    """A clock whose time of day can be set. What deadlines go by never jumps, as on Linux."""

    def jump(self, seconds: float) -> None:
        self._start += timedelta(seconds=seconds)


class DrawnWhenLookedAt(Engine):
    """An engine whose view is built when somebody looks: after a step, not after each message."""

    _unseen = True

    @property
    def view(self) -> View:
        if self._unseen:
            self._unseen = False
            super()._show()
        return self._view

    def _show(self) -> None:
        self._unseen = True


class OneBadge(SignIn):
    """Knows the badge by heart, where the real one hashes what it reads for some 5 ms."""

    def with_badge(self, badge: str) -> SignedIn | Refused:
        return SignedIn(kari()) if badge == KARI else super().with_badge(badge)


@cache
def staff_book() -> StaffBook:
    """Return this process's staff; that a badge opens the door is all that is asked of it."""
    folder = Path(mkdtemp(dir=memory(), prefix="kiosk-money-staff-"))
    book = StaffBook.open(folder / "staff.sqlite")
    book.add(number="20", name="Kari", role=Role.SUPERVISOR, pin="2580", badge=KARI)
    return book


@cache
def kari() -> Person:
    """Return who has the badge."""
    (person,) = staff_book().people()
    return person


@cache
def catalog_of(path: Path) -> Catalog:
    """Return the catalog, opened once in a process."""
    return Catalog.open(path)


class MoneyBench(PoweredBench):
    """A powered bench with a terminal, three wallets, gift cards and vouchers: one set of books."""

    engine_class = DrawnWhenLookedAt

    def __init__(self, folder: Path, catalog_path: Path, power: Power, seed: int | str) -> None:
        chance = random.Random(f"deck {seed}")
        self.power = power
        self.jumping = JumpingClock()
        self.late_ns = chance.choice(LATE_S) * NS_PER_S
        self.echoes: deque[DeviceEvent] = deque(maxlen=ECHOES_MAX)
        """Answers of this life that a late network may bring once more."""
        world = World()
        self._wallets(world)
        self._issuers(world, chance)
        give_power(world, power)
        for method, payer in world.payers.items():
            calls = WALLET_CALLS if method in WALLETS else VALUE_CALLS
            for call in (*calls, *REFUNDS):
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
                late=Late(approval=chance.choice(tuple(LateApproval))),
            ),
            world=world,
            seed=seed,
            clock=self.jumping,
            staffed=True,
        )

    def _wallets(self, world: World) -> None:
        for method in WALLETS:
            first = WalletStep.ENTER_PHONE if method is Method.STREX else WalletStep.SCAN_QR
            wallet = WalletModel(f"{method.value}-1", world.events, world.books, first)
            wallet.reserves = wallet.lets_go = method in RESERVES
            world.payers[method] = wallet

    def _issuers(self, world: World, chance: random.Random) -> None:
        deck = {f"6338{n:012d}": chance.randint(0, 6000) for n in range(CARDS_A_DAY)}
        slips = {f"980{n:010d}": chance.randint(100, 4000) for n in range(SLIPS_A_DAY)}
        events, books = world.events, world.books
        self.cards = ValueModel("giftcard-1", DeviceKind.GIFT_CARD, events, deck, books)
        self.slips = ValueModel("voucher-1", DeviceKind.VOUCHER, events, slips, books)
        world.payers[Method.GIFT_CARD] = self.cards
        world.payers[Method.DEPOSIT_VOUCHER] = self.slips

    @property
    def takers(self) -> tuple[TerminalModel, ...]:
        """The card terminal and the wallets."""
        wallets = (self.world.payers[method] for method in WALLETS)
        return (self.world.terminal, *wallets)

    # --- what a test need not have ---------------------------------------------------------

    def open_journal(self) -> Journal:
        with patch("kiosk.journal.journal.make_room", lambda _path: None):
            return super().open_journal()

    def open_catalog(self) -> Catalog:
        return catalog_of(self.catalog_path)

    def _door(self) -> StaffDoor:
        book = staff_book()
        return StaffDoor(
            book=book, signing=OneBadge(book, self.clock.utc_now, self.clock.monotonic_ns)
        )

    # --- what happens ----------------------------------------------------------------------

    def restart(self, down_s: float = 30) -> None:
        """A driver forgets with the power what was presented to it, and what it has answered."""
        self.cards.forget_all()
        self.slips.forget_all()
        self.echoes.clear()
        self.published.clear()
        super().restart(down_s)

    def pump(self) -> None:
        events = self.world.events
        while events:
            event = events.popleft()
            if isinstance(event, _Answer):
                self.echoes.append(event)
            self.engine.handle(event)

    def wait(self, seconds: float) -> "Bench":
        """Let time pass; the loop looks at it when something is due, or a little later."""
        until_ns = self.clock.monotonic_ns() + round(seconds * NS_PER_S)
        while (due_ns := self.engine.deadline_ns()) is not None and due_ns <= until_ns:
            before_ns = self.clock.monotonic_ns()
            self.clock.advance_to(min(until_ns, max(due_ns, before_ns + self.late_ns)))
            self.send(m.Tick())
            again_ns = self.engine.deadline_ns()
            assert again_ns is None or again_ns > before_ns, "the loop would spin"
        self.clock.advance_to(until_ns)
        return self
