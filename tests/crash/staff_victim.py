"""Lives of a kiosk at which an attendant works: approves, sets aside, takes up, copies.

As `victim`, with staff. What the folder's journal says decides where shopper and attendant go on;
an attendant whose kiosk died finds the door closed, and holds the badge to the reader again.
"""

import sys
from pathlib import Path

from drivers.contracts import BarcodeScanned
from kiosk.engine import messages as m
from kiosk.engine import staff_messages as s
from kiosk.engine.shelf import SLIP
from kiosk.engine.staff_view import Tool
from kiosk.engine.view import Screen
from kiosk.sale.commands import SUSPENDED
from kiosk.sale.events import PrintSettled, SaleAborted, SaleStarted
from kiosk.staff import Role, StaffBook
from tests.crash import victim as cards
from tests.engine.bench import BEER, INGRID, MILK, Bench
from tests.engine.models import Books, Papers, World
from tests.simulation.power import Power, give_power


class StaffVictim(cards.Victim):
    """A bench with staff, who come by badge: no life spends its time on a PIN's hash."""

    def __init__(self, folder: Path, power: Power) -> None:
        self.power = power
        with_staff(folder)
        world = World(books=Books(folder / "books.jsonl"), papers=Papers(folder / "papers.jsonl"))
        give_power(world, power)
        Bench.__init__(
            self,
            folder,
            folder / "catalog.sqlite",
            world=world,
            seed=f"life {id(self)}-{folder}",
            staffed=True,
            signed=True,
        )

    def set_aside(self) -> str:
        """Return the sale that was set aside; empty before that."""
        return next(
            (
                record.sale_id
                for record in self.journal.after(0, 1_000_000)
                if isinstance(record.event, SaleAborted) and record.event.reason == SUSPENDED
            ),
            "",
        )

    def has_gone_on(self) -> bool:
        """Whether what was set aside was taken up."""
        return any(isinstance(one, SaleStarted) and one.resumes for one in self.record())

    def copy_is_out(self) -> bool:
        """Whether paper was asked for after the end, and how that ended is known."""
        return any(isinstance(x, PrintSettled) and x.late_copy_minor for x in self.record())


def with_staff(folder: Path) -> None:
    """Write the staff's book once; it outlives every life."""
    book = StaffBook.open(folder / "staff.sqlite")
    if not book.people():
        book.add(number="12", name="Ingrid", role=Role.ATTENDANT, pin="4711", badge=INGRID)


def live(folder: Path, power: Power) -> None:
    """Go on from wherever the journal is, until the sale is closed and copied."""
    victim = StaffVictim(folder, power)
    for _ in range(cards.STEPS_MAX):
        if "SaleClosed" in victim.kinds() and not copy(victim):
            return
        if "SaleClosed" not in victim.kinds():
            step(victim)
    raise AssertionError(f"no way through: {victim.view.screen}, {victim.view.staff}")


def copy(victim: StaffVictim) -> bool:
    """Ask for the copy, unless the law's one is out; return whether there was one to ask for."""
    if victim.copy_is_out() or any("KOPI" in text for text in victim.world.papers.texts()):
        return False
    if victim.view.staff is None:
        badge(victim)
    victim.send(s.ToolPressed(Tool.COPY), s.StaffConfirmed())
    return True


def badge(victim: StaffVictim) -> None:
    victim.send(BarcodeScanned(device="badge-1", text=INGRID, at_monotonic_ns=0))


def step(victim: StaffVictim) -> None:
    """Do what shopper or attendant does now."""
    desk, aside = victim.view.staff, victim.set_aside()
    if desk is not None:
        at_the_desk(victim, aside)
    elif aside and not victim.has_gone_on():
        badge(victim)
    elif victim.view.screen is Screen.START and not aside:
        victim.scan(BEER)
    elif victim.view.screen is Screen.SCAN and len(victim.view.lines) < 2:
        victim.scan(MILK)
    elif not aside or victim.view.screen is Screen.NEEDS_STAFF:
        badge(victim)
    elif victim.view.screen is Screen.SCAN:
        victim.send(m.PayPressed())
    else:
        cards.step(victim)


def at_the_desk(victim: StaffVictim, aside: str) -> None:
    assert victim.view.staff is not None
    decisions = victim.view.staff.decisions
    if decisions:
        victim.send(s.DecisionPressed(decisions[0].id, True))
    elif not aside:
        victim.send(s.ToolPressed(Tool.SUSPEND))
    elif not victim.has_gone_on():
        victim.send(s.ToolPressed(Tool.RESUME)).scan(f"{SLIP}{aside}")
    else:
        victim.send(s.StaffLeavePressed())


if __name__ == "__main__":
    cards.live = live  # type: ignore[assignment]
    cards.nursery()
    sys.exit(0)
