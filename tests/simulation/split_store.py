"""The day of `store`, with gift cards, vouchers and parts: each shopper pays in some mixture.

All providers write into one set of books, so that what `test_store` asks of a day is asked of all
of them together: what was taken for a sale is its total, or nothing.
"""

import random
from pathlib import Path

from drivers.contracts import DeviceKind, DeviceState
from kiosk.engine import messages as m
from kiosk.engine.tender_view import ValueStep
from kiosk.engine.view import Screen
from kiosk.sale.events import Method
from tests.engine.bench import Bench, config
from tests.engine.models import World
from tests.engine.value_model import ValueModel
from tests.simulation.power import Power, give_power
from tests.simulation.store import PoweredBench, Store

CALLS = ("present", "charge", "ask", "reverse")
PREFIXES = {Method.GIFT_CARD: ("6338",), Method.DEPOSIT_VOUCHER: ("980",)}
CARDS_A_DAY, SLIPS_A_DAY = 12, 12


class SplitBench(PoweredBench):
    """A powered bench with issuers."""

    def __init__(self, folder: Path, catalog_path: Path, power: Power, seed: int | str) -> None:
        chance = random.Random(f"deck {seed}")
        self.power = power
        world = World()
        deck = {f"6338{n:012d}": chance.randint(0, 6000) for n in range(CARDS_A_DAY)}
        slips = {f"980{n:010d}": chance.randint(100, 4000) for n in range(SLIPS_A_DAY)}
        events, books = world.events, world.books
        self.cards = ValueModel("giftcard-1", DeviceKind.GIFT_CARD, events, deck, books)
        self.slips = ValueModel("voucher-1", DeviceKind.VOUCHER, events, slips, books)
        world.payers = {Method.GIFT_CARD: self.cards, Method.DEPOSIT_VOUCHER: self.slips}
        give_power(world, power)
        for name, model in (("giftcard", self.cards), ("voucher", self.slips)):
            for call in CALLS:
                setattr(model, call, power.around(f"{name}.{call}", getattr(model, call)))
        Bench.__init__(
            self,
            folder,
            catalog_path,
            config=config(
                methods=(Method.CARD, *world.payers),
                value_prefixes=PREFIXES,
                partial_approval=chance.random() < 0.5,
            ),
            world=world,
            seed=seed,
            signed=True,
        )

    def restart(self, down_s: float = 30) -> None:
        """A driver forgets with the power what was presented to it."""
        self.cards.forget_all()
        self.slips.forget_all()
        super().restart(down_s)


class SplitStore(Store):
    """A day in which people pay in parts, by its seed."""

    bench: SplitBench

    def __init__(self, folder: Path, catalog_path: Path, seed: int | str) -> None:
        self.random = random.Random(seed)
        self.power = Power()
        self.bench = SplitBench(folder, catalog_path, self.power, seed)
        self.cuts = 0
        self.trouble = True

    def peace(self) -> None:
        """Issuers, too, work from now on."""
        for model in (self.bench.cards, self.bench.slips):
            model.answers = model.reversal_works = True
            model.takes = None
        super().peace()

    def _morning(self) -> None:
        for model in (self.bench.cards, self.bench.slips):
            model.say(DeviceState.READY)
        super()._morning()

    def _mood(self) -> None:
        for model in (self.bench.cards, self.bench.slips):
            chance = self.random.random()
            if chance < 0.04:
                model.answers = not model.answers
            elif chance < 0.07:
                model.reversal_works = not model.reversal_works
            elif chance < 0.09:
                model.takes = self.random.choice([1, 100_000])
            elif chance < 0.12:
                model.say(self.random.choice([DeviceState.LOST, DeviceState.READY]))
        super()._mood()

    def _put_something_in(self) -> None:
        if self.random.random() < 0.1:
            self.bench.scan(self._slip())
        else:
            super()._put_something_in()

    def _step(self) -> None:
        match self.bench.view.screen:
            case Screen.PAY if self.random.random() < 0.6:
                self._pay_a_part()
            case Screen.VALUE:
                self._with_the_card()
            case _:
                super()._step()

    def _pay_a_part(self) -> None:
        bench, chance = self.bench, self.random.random()
        paid = bench.view.tenders.paid
        if chance < 0.15 and paid:
            bench.send(m.TenderRemoved(self.random.choice(paid).attempt_id))
        elif chance < 0.25 and paid:
            bench.wait(61).wait(31)  # they have gone
        elif chance < 0.5:
            bench.scan(self._slip())
        else:
            bench.send(m.MethodChosen(Method.GIFT_CARD))

    def _with_the_card(self) -> None:
        bench, value = self.bench, self.bench.view.tenders.value
        if value is None or value.step in (ValueStep.WORKING, ValueStep.GIVING_BACK):
            if self.random.random() < 0.3:
                self._staff_come()
            bench.wait(self.random.choice([1, 5, 250]))
        elif value.step is ValueStep.SHOWN and self.random.random() < 0.8:
            bench.send(m.ValueConfirmed(), m.ValueConfirmed())
        elif value.step is ValueStep.ASK and self.random.random() < 0.8:
            bench.scan(f"6338{self.random.randrange(CARDS_A_DAY + 2):012d}")
        else:
            bench.send(m.BackPressed()).wait(1)

    def _slip(self) -> str:
        return f"980{self.random.randrange(SLIPS_A_DAY):010d}"
