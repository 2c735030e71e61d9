"""A shop where everything can be paid by and everything goes wrong: is the money right?

`store`, `phones` and `split_store` are whole days of a kiosk. This one hurries from sale to sale
to make many: few goods, no signatures, all means of payment and their mixtures, goods that come
back, the power gone at any moment, and a clock that is set while people pay. Those who take money
are models that keep the drivers' contracts, with books that outlive the kiosk and that nobody but
they writes.
"""

import random
from pathlib import Path
from typing import Final

from drivers.contracts import DeviceState
from kiosk.engine import messages as m
from kiosk.engine.staff_messages import StaffLeavePressed
from kiosk.engine.view import Screen
from kiosk.sale.attempts import counts, must_go_back
from kiosk.sale.state import Phase
from tests.engine.bench import COLA, MILK, YOGHURT
from tests.simulation.money_back import Returns
from tests.simulation.money_bench import MoneyBench
from tests.simulation.money_late import LateApprovals
from tests.simulation.phones import PhoneStore
from tests.simulation.power import Power
from tests.simulation.split_store import SplitStore
from tests.simulation.store import TWO_DAYS_S

SALES_A_DAY: Final = 50
GOODS: Final = (MILK, COLA, YOGHURT)
JUMPS_S: Final = (-86_400, -3_600, -61, 61, 3_600, 86_400)
"""By how much somebody, or a time server, sets the clock."""


class MoneyStore(LateApprovals, Returns, SplitStore, PhoneStore):
    """Shoppers who pay by anything, by its seed. What is approved too late first, then goods that
    come back, then parts of a payment, then the phone, then the card."""

    bench: MoneyBench  # type: ignore[assignment]
    cuts_share = 0.25
    waits_s = (1, 3, 10, 95)

    def __init__(self, folder: Path, catalog_path: Path, seed: int | str) -> None:
        self.random = random.Random(seed)
        self.power = Power()
        self.bench = MoneyBench(folder, catalog_path, self.power, seed)
        self.cuts = 0
        self.trouble = True
        self.announced = []

    def run(self, sales: int) -> None:
        """Let so many sales begin, then everything work for two days, so that all is settled."""
        begun = 0
        while begun < sales:
            if self.random.random() < 0.2 or self.bench.view.screen is Screen.OUT_OF_ORDER:
                self._morning()
            self._sometimes_plan_a_cut()
            if self.random.random() < 0.12:
                begun += self._somebody_brings_goods_back()
            begun += self._shopper_buys()
        self.peace()
        self._until(lambda: self.bench.view.screen in (Screen.START, Screen.OUT_OF_ORDER))
        self.bench.wait(3600)
        self._staff_see_to_late_money()
        self.bench.clock.advance(TWO_DAYS_S)
        self.bench.send(m.Tick())

    def peace(self) -> None:
        """From now on everybody can be heard and does what is asked."""
        for taker in self.bench.takers:
            taker.arrives = taker.stops = taker.reversal_told = True
            taker.refund_answer = "made"
        for issuer in (self.bench.cards, self.bench.slips):
            issuer.heard = True
        super().peace()

    # --- one shopper -----------------------------------------------------------------------

    def _shopper_buys(self) -> bool:
        """Let somebody buy, or not; whether there was a sale at all."""
        for _ in range(self.random.randint(1, 3)):
            self._alive(self._put_something_in)
        begun = self.bench.sale.phase is not Phase.NONE
        self._until(lambda: self.bench.sale.phase is Phase.NONE)
        return begun

    def _put_something_in(self) -> None:
        chance = self.random.random()
        if chance < 0.02:
            self._take_back()
            self.bench.send(StaffLeavePressed())
        elif chance < 0.1:
            self.bench.scan(self._slip())
        else:
            self.bench.scan(self.random.choice(GOODS))

    def _step(self) -> None:
        if self.trouble and self._money_is_underway() and self.random.random() < 0.1:
            self.power.cut_at = self.power.moment + self.random.randint(1, 6)
        super()._step()

    def _money_is_underway(self) -> bool:
        """Whether a sale is paid in part, or money goes back, or is still to be taken."""
        sale = self.bench.sale
        parts = sale.phase in (Phase.OPEN, Phase.PAYING) and any(map(counts, sale.attempts))
        back = any(map(must_go_back, sale.attempts)) or bool(sale.refunds)
        return parts or back or any(one.capture_due for one in sale.attempts)

    # --- the world's moods -----------------------------------------------------------------

    def _mood(self) -> None:
        chance = self.random.random()
        if chance < 0.02:
            self._somebody_is_charged_late()
        if chance < 0.03:
            self.bench.jumping.jump(self.random.choice(JUMPS_S))
        if chance < 0.08 and self.bench.echoes:
            self.bench.world.events.append(self.random.choice(self.bench.echoes))
        if chance < 0.25:
            self._a_taker_is_odd()
        elif chance < 0.30:
            issuer = self.random.choice((self.bench.cards, self.bench.slips))
            issuer.heard = not issuer.heard or self.random.random() < 0.5
        if chance < 0.6:
            super()._mood()

    def _a_taker_is_odd(self) -> None:
        """Requests, wishes and answers of one provider are lost, or come through again."""
        taker, chance = self.random.choice(self.bench.takers), self.random.random()
        if chance < 0.2:
            taker.arrives = not taker.arrives
        elif chance < 0.4:
            taker.stops = not taker.stops
        elif chance < 0.6:
            taker.reversal_told = not taker.reversal_told
        elif chance < 0.9:
            taker.refund_answer = self.random.choice(("made", "silent", "lost", "declined"))
        else:
            taker.say(self.random.choice((DeviceState.LOST, DeviceState.READY)))
