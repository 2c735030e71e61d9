"""Lives of a kiosk whose shopper pays in parts: a voucher, a gift card, and the rest by card.

As `victim`, with issuers that keep books of their own. Where the folder has a file `walks-away`,
the shopper leaves once two parts are paid: then all of it must go back, whichever life does it.
"""

import os
import sys
from pathlib import Path

from kiosk.engine import messages as m
from kiosk.engine.tender_view import ValueStep
from kiosk.engine.view import Screen
from kiosk.sale.events import Method
from kiosk.sale.state import Phase
from tests.crash import victim as cards
from tests.engine.bench import Bench, config
from tests.engine.models import Books, Papers, World
from tests.engine.value_model import SLIP, SMALL_CARD, ValueModel, gift_cards, vouchers
from tests.simulation.power import Power, give_power

CALLS = ("present", "charge", "ask", "reverse")
PREFIXES = {Method.GIFT_CARD: ("6338",), Method.DEPOSIT_VOUCHER: ("980",)}


class SplitVictim(cards.Victim):
    """A bench with issuers whose calls pass moments too."""

    def __init__(self, folder: Path, power: Power) -> None:
        self.power = power
        self.leaves = (folder / "walks-away").exists()
        world = World(books=Books(folder / "books.jsonl"), papers=Papers(folder / "papers.jsonl"))
        self.cards = gift_cards(world.events, folder)
        self.slips = vouchers(world.events, folder)
        world.payers = {Method.GIFT_CARD: self.cards, Method.DEPOSIT_VOUCHER: self.slips}
        give_power(world, power)
        for name, model in (("giftcard", self.cards), ("voucher", self.slips)):
            give_calls(power, name, model)
        Bench.__init__(
            self,
            folder,
            folder / "catalog.sqlite",
            config=config(methods=(Method.CARD, *world.payers), value_prefixes=PREFIXES),
            world=world,
            seed=f"life {os.getpid()}",
            signed=True,
        )


def give_calls(power: Power, name: str, model: ValueModel) -> None:
    for call in CALLS:
        setattr(model, call, power.around(f"{name}.{call}", getattr(model, call)))


def live(folder: Path, power: Power) -> None:
    """Go on from wherever the journal is, until the sale is closed, or given up and over."""
    victim = SplitVictim(folder, power)
    for _ in range(cards.STEPS_MAX):
        if {"SaleClosed", "SaleAborted"} & set(victim.kinds()):
            return
        step(victim)
    raise AssertionError(f"no way through: {victim.view.screen}")


def step(victim: SplitVictim) -> None:
    """Do what this shopper does in front of this screen."""
    match victim.view.screen:
        case Screen.PAY:
            pay(victim)
        case Screen.SCAN if victim.leaves and victim.view.tenders.paid:
            walk_away(victim)
        case Screen.VALUE:
            show(victim)
        case Screen.NEEDS_STAFF:
            raise AssertionError("nobody should have to come")
        case _:
            cards.step(victim)


def pay(victim: SplitVictim) -> None:
    paid = {tender.method for tender in victim.view.tenders.paid}
    if Method.DEPOSIT_VOUCHER not in paid and victim.slips.numbers[SLIP]:
        victim.scan(SLIP)
    elif Method.GIFT_CARD not in paid and victim.cards.numbers[SMALL_CARD]:
        victim.send(m.MethodChosen(Method.GIFT_CARD))
    elif victim.leaves:
        walk_away(victim)
    else:
        victim.send(m.MethodChosen(Method.CARD))


def show(victim: SplitVictim) -> None:
    value = victim.view.tenders.value
    if value is None or value.step in (ValueStep.WORKING, ValueStep.GIVING_BACK):
        victim.wait(5)
    elif value.step is ValueStep.SHOWN:
        victim.send(m.ValueConfirmed())
    else:
        victim.scan(SMALL_CARD)


def walk_away(victim: SplitVictim) -> None:
    """Nobody answers "are you still there?"."""
    victim.wait(61)
    if victim.sale.phase is Phase.OPEN:
        victim.wait(31)
    victim.wait(5)


if __name__ == "__main__":
    cards.live = live  # type: ignore[assignment]
    cards.nursery()
    sys.exit(0)
