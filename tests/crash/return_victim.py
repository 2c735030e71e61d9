"""Lives of a kiosk at which somebody buys, and comes back with all of it.

As `victim`, with a supervisor, who comes by badge. The journal says where they go on: a return
that a dead kiosk had begun is found at the tool, and its money is asked about before it is given.
"""

import sys
from pathlib import Path

from drivers.contracts import BarcodeScanned
from kiosk.engine import staff_messages as s
from kiosk.engine.staff_view import RefundState, StaffStep, Tool
from kiosk.engine.view import Screen
from kiosk.sale.events import SaleCompleted, Series
from kiosk.sale.evolve import replay
from kiosk.sale.state import Phase
from kiosk.staff import Role, StaffBook
from tests.crash import victim as cards
from tests.crash.staff_victim import StaffVictim
from tests.engine.bench import INGRID, Bench
from tests.engine.models import Books, Papers, World
from tests.simulation.power import Power, give_power


class ReturnVictim(StaffVictim):
    """A bench with a supervisor, who may take goods back."""

    def __init__(self, folder: Path, power: Power) -> None:
        self.power = power
        book = StaffBook.open(folder / "staff.sqlite")
        if not book.people():
            book.add(number="20", name="Kari", role=Role.SUPERVISOR, pin="2580", badge=INGRID)
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

    def closed(self, series: Series) -> bool:
        """Whether there is a sale of a series from which everybody has gone."""
        return any(
            replay(self.journal.events_of(record.sale_id)).phase is Phase.CLOSED
            for record in self.journal.after(0, 1_000_000)
            if isinstance(record.event, SaleCompleted) and record.event.series is series
        )


def live(folder: Path, power: Power) -> None:
    """Go on from wherever the journal is, until what was bought is back."""
    victim = ReturnVictim(folder, power)
    for _ in range(cards.STEPS_MAX):
        if victim.closed(Series.RETURN):
            return
        if not victim.closed(Series.SALE):
            cards.step(victim)
        elif victim.view.staff is None:
            come_back(victim)
        else:
            take_back(victim)
    raise AssertionError(f"no way through: {victim.view.screen}, {victim.view.staff}")


def come_back(victim: ReturnVictim) -> None:
    """Go on where the shopper stands; else the supervisor holds the badge to the reader."""
    if victim.view.screen is Screen.THANKS:
        victim.wait(13)
    else:
        at_ns = victim.clock.monotonic_ns()
        victim.send(BarcodeScanned(device="badge-1", text=INGRID, at_monotonic_ns=at_ns))


def take_back(victim: ReturnVictim) -> None:
    """Do what the supervisor does in front of this page."""
    match victim.desk.step:
        case StaffStep.DESK if victim.sale.phase is Phase.COMPLETED:
            victim.send(s.StaffLeavePressed())
        case StaffStep.DESK if victim.sale.phase in (Phase.NONE, Phase.OPEN):
            victim.send(s.ToolPressed(Tool.RETURN))
        case StaffStep.DESK:
            victim.wait(5)
        case StaffStep.ITEM:
            victim.keys("1")
        case StaffStep.RETURN:
            victim.send(s.ReturnAllPressed(), s.ReturnPressed())
        case StaffStep.REASON:
            victim.send(s.ReasonChosen("regret"))
        case StaffStep.REFUND if victim.desk.refund.state is RefundState.READY:
            victim.send(s.RefundPressed())
        case StaffStep.REFUND:
            victim.wait(5)
        case other:
            raise AssertionError(f"nobody expected {other}")


if __name__ == "__main__":
    cards.live = live  # type: ignore[assignment]
    cards.nursery()
    sys.exit(0)
