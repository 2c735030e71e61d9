"""Staff's touches, badges, bag weights, decisions from afar and power cuts in any order.

Nothing of it may break the engine or make the loop spin; whatever staff did has a name in the
record, every decision from afar is answered once, and the sale in memory is the one on disk.
"""

import random
from pathlib import Path

import pytest

from kiosk.engine import messages as m
from kiosk.engine import staff_messages as s
from kiosk.engine.messages import Message
from kiosk.engine.shelf import SLIP
from kiosk.engine.staff_view import StaffStep, Tool
from kiosk.sale import events as e
from kiosk.sale.evolve import replay
from kiosk.sale.state import Phase
from tests.engine.bench import BEER, COLA, INGRID, MILK, SNUS, UNKNOWN, Bench
from tests.engine.conftest import cheap_hashes

SEEDS = range(12)
STEPS = 250
MILK_G = 1035


class Crowd:
    """A shopper, two attendants, somebody at the board, and the electrician."""

    def __init__(self, bench: Bench, seed: int) -> None:
        self.bench = bench
        self.random = random.Random(seed)
        self.sent = 0

    def step(self) -> None:
        chance, bench = self.random.random(), self.bench
        if chance < 0.01:
            bench.restart()
        elif chance < 0.06:
            bench.sign_in(*self.random.choice([("12", "4711"), ("20", "2580"), ("12", "9")]))
        elif chance < 0.08:
            bench.badge(self.random.choice([INGRID, MILK]))
        elif chance < 0.20:
            bench.scan(self.random.choice([MILK, MILK, COLA, BEER, SNUS, UNKNOWN]))
        elif chance < 0.30:
            bench.bag_weighs(self.random.choice([0, MILK_G, 2 * MILK_G, 700, 5000]))
        elif chance < 0.36:
            bench.wait(self.random.choice([1, 3, 20, 130]))
        elif chance < 0.42:
            self._from_afar()
        elif chance < 0.46:
            self._work()
        elif chance < 0.5:
            bench.send(m.PayPressed(), m.BagsConfirmed(), m.MethodChosen(e.Method.CARD))
            if bench.world.terminal.running is not None:
                bench.world.terminal.tap()
            bench.pump()
        else:
            bench.send(self._touch())

    def _work(self) -> None:
        """Do one of the longer things to its end, as people do."""
        bench, pick = self.bench, self.random.choice
        match pick(["price", "discount", "aside"]):
            case "price":
                bench.send(s.StaffLinePressed(self.random.randint(1, 3)), s.PricePressed())
                bench.keys(pick(["1500", "0", "99999"])).send(s.ReasonChosen("damaged"))
            case "discount":
                bench.send(s.ToolPressed(Tool.DISCOUNT), s.DiscountChosen(2000))
                bench.send(s.ReasonChosen("goodwill"))
            case _:
                sale_id = bench.sale.id
                bench.send(s.ToolPressed(Tool.SUSPEND), s.ToolPressed(Tool.RESUME))
                bench.scan(f"{SLIP}{sale_id}")

    def _from_afar(self) -> None:
        pick, waiting = self.random.choice, self.bench.view.waiting
        self.sent += 1
        self.bench.send(
            s.RemoteDecision(
                decision_id=f"d{pick([1, 2, self.sent])}",
                kiosk_id=pick([self.bench.config.kiosk_id, "another"]),
                sale_id=pick([self.bench.sale.id, "older"]),
                intervention_id=pick([*(one.id for one in waiting), "gone"]),
                approved=pick([True, False]),
                attendant_id="s-9",
            )
        )

    def _touch(self) -> Message:
        pick, staff = self.random.choice, self.bench.view.staff
        known = list(staff.reasons) if staff else []
        waiting = [one.id for one in self.bench.view.waiting]
        line = self.random.randint(0, 4)
        touches: list[Message] = [
            s.StaffPressed(),
            s.StaffDigitTyped(pick("0123456789\b")),
            s.StaffConfirmed(),
            s.StaffBackPressed(),
            s.StaffLeavePressed(),
            s.DecisionPressed(pick([*waiting, "gone"]), pick([True, False])),
            s.ReasonChosen(pick([*known, "because"])),
            s.ToolPressed(pick(list(Tool))),
            s.ToolPressed(Tool.OPEN),
            s.StaffLinePressed(line),
            s.StaffQuantityPressed(line, self.random.randint(-1, 5)),
            s.PricePressed(),
            s.DiscountChosen(pick([0, 1000, 99_999])),
            s.OwnBagPressed(),
            s.AllScannedPressed(),
            s.SkipBaggingPressed(),
            s.StaffSeen(name="Kari"),
            m.HelpPressed(),
            m.StillHerePressed(),
            m.DonePressed(),
            m.ReceiptChosen(pick(list(e.ReceiptChoice))),
            m.RemovePressed(line),
            m.BackPressed(),
        ]
        return pick(touches)

    def check(self) -> None:
        bench = self.bench
        assert len(bench.answers) == self.sent
        if bench.sale.phase is not Phase.NONE:
            assert replay(bench.journal.events_of(bench.sale.id)) == bench.sale
        staff = bench.view.staff
        if staff is not None and staff.step in (StaffStep.PIN, StaffStep.NEW_PIN):
            assert staff.entry == ""


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_staff_do_is_named_and_breaks_nothing(
    seed: int, folder: Path, catalog_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cheap_hashes(monkeypatch)
    bench = Bench(folder, catalog_path, staffed=True, bagging=True, seed=seed)
    crowd = Crowd(bench, seed)
    for _ in range(STEPS):
        crowd.step()
        crowd.check()
    for event in bench.record():
        by_staff = getattr(event, "actor", None) is e.Actor.STAFF
        if by_staff:
            assert getattr(event, "attendant_id", ""), f"seed {seed}: nobody did {event}"
    assert bench.journal.verify().faults == (), f"seed {seed}"
