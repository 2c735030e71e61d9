"""Lives of a kiosk whose shopper pays by Vipps: reserved on the phone, taken at hand-over.

As `victim`, with a wallet beside the card terminal. The first payment is stopped by the shopper in
the moment in which the phone approves it, so both ends meet; what was reserved must be taken once
the sale has its number, whichever life does it.
"""

import sys
from pathlib import Path

from drivers.contracts import WalletStep
from kiosk.engine import messages as m
from kiosk.engine.view import Screen
from kiosk.sale.events import Method
from tests.crash import victim as cards
from tests.engine.bench import Bench, config
from tests.engine.models import Books, Papers, World
from tests.engine.wallets import WalletModel
from tests.simulation.power import Power, give_power

CALLS = ("charge", "abort", "ask", "reverse", "capture")


class WalletVictim(cards.Victim):
    """A bench with a wallet whose calls pass moments too."""

    def __init__(self, folder: Path, power: Power) -> None:
        self.power = power
        books = Books(folder / "books.jsonl")
        world = World(books=books, papers=Papers(folder / "papers.jsonl"))
        vipps = WalletModel("vipps-1", world.events, books, WalletStep.SCAN_QR)
        # In every life the provider is silent twice: the sale is closed before its money is taken.
        vipps.capture_answers.extend([(False, False)] * 2)
        world.payers[Method.VIPPS] = vipps
        give_power(world, power)
        for call in CALLS:
            setattr(vipps, call, power.around(f"wallet.{call}", getattr(vipps, call)))
        self.vipps = vipps
        Bench.__init__(
            self,
            folder,
            folder / "catalog.sqlite",
            config=config(methods=(Method.CARD, Method.VIPPS)),
            world=world,
            seed=f"life {id(self)}-{folder}",
            signed=True,
        )


def live(folder: Path, power: Power) -> None:
    """Go on from wherever the journal is, until the sale is closed and its money taken."""
    victim = WalletVictim(folder, power)
    for _ in range(cards.STEPS_MAX):
        if "SaleClosed" in victim.kinds() and not victim.journal.sales_to_capture():
            return
        step(victim)
    raise AssertionError(f"no way through: {victim.view.screen}")


def step(victim: WalletVictim) -> None:
    """Do what this shopper does in front of this screen."""
    match victim.view.screen:
        case Screen.PAY:
            victim.send(m.MethodChosen(Method.VIPPS))
        case Screen.WALLET | Screen.TERMINAL | Screen.IN_DOUBT:
            hold_phone(victim)
        case Screen.START if "SaleClosed" in victim.kinds():
            victim.wait(60)
        case _:
            cards.step(victim)


def hold_phone(victim: WalletVictim) -> None:
    """The shopper gives up, and approves all the same: the approval came first."""
    if victim.vipps.running is not None:
        request = victim.vipps.running
        entry = victim.world.books.entries[request.service_id]
        victim.world.books.write(cards.approved(entry))
        victim.vipps.running = None
        victim.send(m.AbortPaymentPressed())
        victim.vipps.ask(request)
    else:
        cards.end_of_earlier_life(victim.world.books)
    victim.pump()
    victim.wait(5)


if __name__ == "__main__":
    cards.live = live  # type: ignore[assignment]
    cards.nursery()
    sys.exit(0)
