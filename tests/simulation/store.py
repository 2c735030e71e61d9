"""One kiosk, one day: random shoppers, a terminal and a printer with moods, and power cuts.

Everything random comes from one seed, so a failure can be run again. Moods break what they break
in the world (an answer lost, another amount, no paper), never a promise of a port.
"""

import random
from collections.abc import Callable
from pathlib import Path

from drivers.contracts import DeviceState, PrintOutcome
from kiosk.engine import messages as m
from kiosk.engine.view import Screen
from kiosk.journal import Journal
from kiosk.sale.events import Interest, Method, ReceiptChoice
from kiosk.sale.intervention import REVERSAL_FAILED
from kiosk.sale.state import Phase
from tests.engine.bench import BEER, COLA, MILK, UNKNOWN, YOGHURT, Bench
from tests.engine.models import World, unknown
from tests.simulation.power import Power, PowerCut, PoweredJournal, give_power

STEPS_MAX = 400
TWO_DAYS_S = 48 * 3600
CODES = (MILK, COLA, YOGHURT, YOGHURT, BEER, UNKNOWN, "7038010001650")


class PoweredBench(Bench):
    """A bench whose power can go."""

    def __init__(self, folder: Path, catalog_path: Path, power: Power, seed: int | str) -> None:
        self.power = power
        world = World()
        give_power(world, power)
        super().__init__(folder, catalog_path, world=world, seed=seed, signed=True)

    def open_journal(self) -> Journal:
        return PoweredJournal(super().open_journal(), self.power)  # type: ignore[return-value]


class Store:
    """A day in the store, by its seed."""

    cuts_share = 0.4
    """Of the shoppers, and of the starts after a cut, how many have their power cut."""
    waits_s: tuple[int, ...] = (1, 95)
    """How long somebody who cannot pay as they like does nothing."""

    def __init__(self, folder: Path, catalog_path: Path, seed: int | str) -> None:
        self.random = random.Random(seed)
        self.power = Power()
        self.bench = PoweredBench(folder, catalog_path, self.power, seed)
        self.cuts = 0
        self.trouble = True

    def run(self, sales: int) -> None:
        """Let so many shoppers come, then end the day in peace."""
        for _ in range(sales):
            if self.random.random() < 0.9:
                self._morning()
            self._sometimes_plan_a_cut()
            self._shopper()
            if self.random.random() < 0.1:
                self._alive(lambda: self.bench.send(m.CloseDay()).pump())
        self.peace()
        self._until(lambda: self.bench.view.screen in (Screen.START, Screen.OUT_OF_ORDER))
        self.bench.clock.advance(TWO_DAYS_S)
        self.bench.send(m.Tick())

    def peace(self) -> None:
        """From now on everything works."""
        world = self.bench.world
        self.trouble = False
        self.power.cut_at = None
        self._morning()
        world.terminal.reachable = world.terminal.reversal_works = True
        world.printer.next_outcome = None

    def _morning(self) -> None:
        """Somebody has looked after paper, cables and disk."""
        world = self.bench.world
        self.power.disk_full = False
        for device in (world.scanner, world.scale, world.printer, world.terminal):
            device.say(DeviceState.READY)
        world.printer.refill()
        self._alive(lambda: self.bench.wait(11).pump())

    # --- one shopper -----------------------------------------------------------------------

    def _shopper(self) -> None:
        for _ in range(self.random.randint(1, 6)):
            self._alive(self._put_something_in)
        self._until(lambda: self.bench.sale.phase is Phase.NONE)

    def _until(self, over: Callable[[], bool]) -> None:
        """Go on, step by step, until this shopper is through."""
        for step in range(STEPS_MAX):
            if over() and not self.bench.world.events:
                return
            if step == STEPS_MAX // 2:
                self.peace()  # trouble ends some time; a kiosk that hangs then hangs for ever
            self._alive(self._step)
        raise AssertionError(
            f"nobody gets through: {self.bench.view.screen}, {self.bench.sale.phase}"
        )

    def _alive(self, action: Callable[[], None]) -> None:
        """Do something; when the power goes on the way, start the kiosk anew."""
        while True:
            try:
                action()
            except PowerCut:
                self.cuts += 1
                self._sometimes_plan_a_cut()
                action = self.bench.restart
                continue
            return

    def _sometimes_plan_a_cut(self) -> None:
        if self.trouble and self.random.random() < self.cuts_share:
            self.power.cut_at = self.power.moment + self.random.randint(1, 40)

    def _put_something_in(self) -> None:
        bench, chance = self.bench, self.random.random()
        if chance < 0.75:
            bench.scan(self.random.choice(CODES))
        elif chance < 0.85:
            bench.send(m.LookupPressed("fruit"), m.ProductPicked("4011"))
            bench.put_on_scale(self.random.randint(10, 3000))
            bench.send(m.WeighConfirmed(), m.BackPressed(), m.BackPressed()).put_on_scale(0)
        elif bench.view.lines:
            line = self.random.choice(bench.view.lines)
            bench.send(m.QuantityPressed(line.line_id, self.random.randint(0, 4)))
            if self.random.random() < 0.3:
                bench.send(m.UndoPressed())

    def _step(self) -> None:
        if self.trouble:
            self._mood()
        bench = self.bench
        match bench.view.screen:
            case Screen.TERMINAL | Screen.IN_DOUBT:
                self._at_the_terminal()
            case Screen.RECEIPT:
                choice = self.random.choice([*ReceiptChoice, None])
                if choice is None:
                    bench.wait(21)
                else:
                    bench.send(m.ReceiptChosen(choice))
            case Screen.THANKS:
                self._thanks()
            case Screen.NEEDS_STAFF:
                self._staff_come()
                bench.send(m.PayPressed())
            case Screen.BAGS:
                bench.send(m.BagPressed("900", self.random.randint(0, 2)), m.BagsConfirmed())
            case Screen.PAY:
                bench.send(m.MethodChosen(Method.CARD), m.MethodChosen(Method.CARD))
                if self.random.random() < 0.1 or bench.view.screen is Screen.PAY:
                    bench.wait(self.random.choice(self.waits_s))
            case Screen.SCAN if bench.view.lines and self.random.random() < 0.9:
                bench.send(m.PayPressed())
            case Screen.START | Screen.OUT_OF_ORDER:
                bench.wait(5)
            case _:
                bench.send(m.BackPressed()).wait(95)

    def _thanks(self) -> None:
        bench = self.bench
        if self.random.random() < 0.2:
            bench.send(m.ReceiptChosen(ReceiptChoice.PAPER))
        bench.send(m.DonePressed()).wait(13)
        if bench.world.printer.paper != "ok" and self.random.random() < 0.3:
            bench.world.printer.refill()
            bench.pump()

    # --- the world's moods -----------------------------------------------------------------

    def _mood(self) -> None:
        world, chance = self.bench.world, self.random.random()
        if chance < 0.03:
            world.printer.run_out()
        elif chance < 0.10:
            world.printer.refill()
        elif chance < 0.13:
            world.printer.next_outcome = self.random.choice(list(PrintOutcome))
        elif chance < 0.18:
            world.terminal.reachable = not world.terminal.reachable
        elif chance < 0.21:
            world.terminal.reversal_works = not world.terminal.reversal_works
        elif chance < 0.25:
            world.printer.can_tell = not world.printer.can_tell
        elif chance < 0.27:
            world.terminal.say(self.random.choice([DeviceState.LOST, DeviceState.READY]))
        elif chance < 0.35:
            world.terminal.say(DeviceState.READY)
        elif chance < 0.40:
            self.power.disk_full = not self.power.disk_full and self.random.random() < 0.5
        self.bench.pump()

    def _at_the_terminal(self) -> None:
        """Somebody does something with a card, or nobody does anything."""
        bench, terminal, chance = self.bench, self.bench.world.terminal, self.random.random()
        if not self.trouble:
            chance = 0.1 if chance < 0.8 else 0.45
        if terminal.running is None:
            if chance < 0.2:
                self._staff_come()
            bench.wait(self.random.choice([1, 5, 40]))
            return
        attempt_id = terminal.running.attempt_id
        service_id = terminal.running.service_id
        if chance < 0.4:
            terminal.tap()
        elif chance < 0.5:
            terminal.decline()
        elif chance < 0.6:
            terminal.end(self.random.choice(["approved", "declined", "cancelled"]), silent=True)
        elif chance < 0.7:
            terminal.tap(charged_minor=self.random.choice([1, terminal.running.amount_minor + 1]))
        elif chance < 0.75:
            bench.send(m.AbortPaymentPressed())
        elif chance < 0.8:
            bench.wait(250)  # the driver says nothing at all
        elif chance < 0.85:
            self._answer_is_lost(attempt_id, service_id)
        else:
            bench.wait(self.random.choice([1, 30]))
        if self.random.random() < 0.2 and bench.world.events:
            bench.world.events.extend(list(bench.world.events))  # the same answers twice
        bench.pump()

    def _answer_is_lost(self, attempt_id: str, service_id: str) -> None:
        self.bench.world.terminal.answer(attempt_id, unknown(service_id))

    def _staff_come(self) -> None:
        """An attendant settles what waits, as the terminal's own books have it."""
        bench = self.bench
        for call in [call for call in bench.sale.interventions if call.open]:
            approved = self.random.random() < 0.8
            if call.kind is Interest.PAYMENT_IN_DOUBT:
                approved = self._truth_about(call.detail)
            bench.send(m.StaffSettled(call.id, approved=approved, attendant_id="A7"))

    def _truth_about(self, detail: str) -> bool:
        """Look into the terminal's books; give back by hand what could not go back."""
        terminal, attempts = self.bench.world.terminal, self.bench.sale.attempts
        attempt_id = detail.removeprefix(REVERSAL_FAILED)
        service_id = next(one.service_id for one in attempts if one.id == attempt_id)
        entry = terminal.books.entries.get(service_id)
        if detail.startswith(REVERSAL_FAILED):
            assert entry is not None
            entry.state = "reversed"
            return True
        if entry is not None and entry.state == "running":
            terminal.end("cancelled", silent=True)
        if entry is None or entry.state != "approved":
            return False
        if entry.charged_minor != entry.amount_minor:
            entry.state = "reversed"  # they give it back at the terminal, so it was not paid
            return False
        return True
