"""Anything in any order: touches of all screens, devices that say all they can, time and cuts.

Nothing of it may break the engine, move money that is not in the record, or make the loop spin.
"""

from pathlib import Path

import pytest

from drivers.contracts import (
    DeviceKind,
    DeviceState,
    DeviceStateChanged,
    Paper,
    PaymentAnswered,
    PrintDone,
    PrinterStatus,
    PrintOutcome,
    ReversalAnswered,
    TerminalProgress,
    TerminalStep,
)
from kiosk.engine import messages as m
from kiosk.engine.messages import Message
from kiosk.engine.view import Screen
from kiosk.sale.events import Method, ReceiptChoice
from tests.engine.models import unknown
from tests.simulation.store import CODES, Store
from tests.simulation.test_store import check

SEEDS = range(40)
STEPS = 120


class Monkey:
    """Does anything."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.random = store.random

    def message(self) -> Message:
        chosen: Message = self.random.choice([self._touch, self._touch, self._device])()
        return chosen

    def _touch(self) -> Message:
        pick, line = self.random.choice, self.random.randint(0, 4)
        return pick(
            [
                m.Touched(),
                m.LanguagePressed(),
                m.LanguageChosen(pick(["nb", "en", "xx"])),
                m.AdjustPressed(),
                m.Adjusted(pick(["large_text", "seq"]), on=True),
                m.HelpPressed(),
                m.HelpReasonChosen("price"),
                m.HelpCancelled(),
                m.StartPressed(),
                m.LookupPressed(pick(["", "fruit"])),
                m.LetterTyped(pick("abåæ\b")),
                m.NextPagePressed(),
                m.ProductPicked(pick(["4011", "4013", "900"])),
                m.CodePressed(),
                m.DigitTyped(pick("0123456789\b")),
                m.CodeConfirmed(),
                m.PriceCheckPressed(),
                m.PriceCheckBuyPressed(),
                m.WeighConfirmed(pick([0, 500])),
                m.LinePressed(line),
                m.QuantityPressed(line, self.random.randint(-1, 120)),
                m.RemovePressed(line),
                m.UndoPressed(),
                *[m.PayPressed()] * 4,
                m.BagPressed("900", line),
                *[m.BagsConfirmed()] * 4,
                *[m.MethodChosen(pick(list(Method)[:2]))] * 4,
                m.AbortPaymentPressed(),
                m.BackPressed(),
                m.ReceiptChosen(pick(list(ReceiptChoice))),
                m.DonePressed(),
                m.StillHerePressed(),
                m.LeavePressed(),
                m.Tick(),
                m.CatalogSwapped(),
                *[m.OpenKiosk()] * 4,
                m.CloseKiosk("07.00"),
                m.CloseDay(),
                m.StaffSettled("nothing", approved=True, attendant_id="A7"),
            ]
        )

    def _device(self) -> Message:
        bench, pick = self.store.bench, self.random.choice
        kind = pick(list(DeviceKind))
        attempt = pick([*(one.id for one in bench.sale.attempts), "nobody's"])
        return pick(
            [
                *[bench.scan_event(pick(CODES))] * 4,
                *[bench.reading(pick([0, 20, 500, 900]))] * 2,
                bench.reading(None, stable=False, in_motion=True),
                DeviceStateChanged(
                    device=f"{kind}-{pick([1, 1, 2])}",
                    kind=kind,
                    state=pick([*DeviceState, *[DeviceState.READY] * 12]),
                ),
                PrinterStatus(device="printer-1", online=True, paper=pick(list(Paper))),
                PrintDone(device="printer-1", print_id="?", outcome=pick(list(PrintOutcome))),
                PaymentAnswered(device="terminal-1", attempt_id=attempt, result=unknown("?")),
                ReversalAnswered(device="terminal-1", attempt_id=attempt, done=False),
                TerminalProgress(
                    device="terminal-1", attempt_id=attempt, step=pick(list(TerminalStep))
                ),
            ]
        )

    def step(self) -> None:
        store, chance = self.store, self.random.random()
        if chance < 0.03 or store.bench.view.screen is Screen.OUT_OF_ORDER:
            store._morning()
        if chance < 0.03:
            store.power.cut_at = store.power.moment + self.random.randint(1, 6)
        if chance < 0.60:
            message = self.message()
            store._alive(lambda: store.bench.send(message) and None)
        elif chance < 0.75:
            # Now and then it does what a shopper does, or it would never get to the till's end.
            store._alive(store._step)
        elif chance < 0.85:
            store._alive(lambda: store.bench.wait(self.random.choice([0.1, 1, 7, 61])) and None)
        elif store.bench.world.terminal.running is not None:
            store.bench.world.terminal.end(self.random.choice(["approved", "declined"]))
            store._alive(store.bench.pump)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_monkey_moves_no_money_and_breaks_nothing(
    seed: int, folder: Path, catalog_path: Path
) -> None:
    store = Store(folder, catalog_path, f"monkey {seed}")
    monkey = Monkey(store)
    try:
        for _ in range(STEPS):
            monkey.step()
        store.peace()
        store.bench.send(m.OpenKiosk())
        store._until(lambda: store.bench.view.screen is Screen.START)
        check(store)
    except BaseException as error:
        error.add_note(f"seed {seed}, power cuts {store.cuts}, {store.power.names[-12:]}")
        raise
