"""Lives of a kiosk, each in a process of its own: the real engine on a real journal file.

A shopper of fixed habits buys three things and pays by card; what the folder's journal says
decides where they go on. Terminal and printer keep books of their own in files, and a payment
that was under way when the kiosk died is ended by the shopper, who still holds the card.

At a given moment (before or after a commit, before or after an effect) the process kills itself
with SIGKILL: nothing is flushed, closed or said.

Run as a program this is a nursery: it has loaded everything once, and for each line
`FOLDER MOMENT` on its input it forks one life, waits for its end, and answers with the status
that `waitpid` gave. A life without a moment (0) goes to the end and leaves `moments.json`.
"""

import json
import os
import signal
import sys
import traceback
from pathlib import Path

from kiosk.engine import messages as m
from kiosk.engine.view import Screen
from kiosk.sale.events import Method, ReceiptChoice
from tests.engine.bench import COLA, MILK, Bench
from tests.engine.models import Books, Entry, Papers, World
from tests.simulation.power import Power, PoweredJournal, give_power

STEPS_MAX = 60


class Deadly(Power):
    """A power switch that really ends the process."""

    def passes(self, name: str) -> None:
        self.moment += 1
        self.names.append(name)
        if self.moment == self.cut_at:
            os.kill(os.getpid(), signal.SIGKILL)


class Victim(Bench):
    """A bench whose journal and devices pass moments."""

    def __init__(self, folder: Path, power: Power) -> None:
        self.power = power
        world = World(books=Books(folder / "books.jsonl"), papers=Papers(folder / "papers.jsonl"))
        give_power(world, power)
        super().__init__(
            folder,
            folder / "catalog.sqlite",
            world=world,
            seed=f"life {os.getpid()}",
            signed=True,
        )

    def open_journal(self) -> PoweredJournal:  # type: ignore[override]
        return PoweredJournal(super().open_journal(), self.power)


def live(folder: Path, power: Power) -> None:
    """Go on from wherever the journal is, until one sale has been closed."""
    victim = Victim(folder, power)
    for _ in range(STEPS_MAX):
        if (folder / "journal.sqlite").exists() and "SaleClosed" in victim.kinds():
            return
        step(victim)
    raise AssertionError(f"no way through: {victim.view.screen}")


def step(victim: Victim) -> None:
    """Do what this shopper does in front of this screen."""
    match victim.view.screen:
        case Screen.START:
            victim.scan(MILK)
        case Screen.SCAN if len(victim.view.lines) < 2:
            victim.scan(COLA, COLA)
        case Screen.SCAN:
            victim.send(m.PayPressed())
        case Screen.BAGS:
            victim.send(m.BagPressed("900", 1), m.BagsConfirmed())
        case Screen.PAY:
            victim.send(m.MethodChosen(Method.CARD))
        case Screen.TERMINAL | Screen.IN_DOUBT:
            hold_card(victim)
        case Screen.RECEIPT:
            victim.send(m.ReceiptChosen(ReceiptChoice.PAPER))
        case Screen.THANKS:
            victim.wait(13)
        case other:
            raise AssertionError(f"nobody expected {other}")


def hold_card(victim: Victim) -> None:
    """The first payment is approved for another amount, so that it must go back."""
    terminal = victim.world.terminal
    if terminal.running is not None:
        first = len(terminal.books.entries) == 1
        terminal.tap(charged_minor=1 if first else None)
    else:
        end_of_earlier_life(terminal.books)
    victim.pump()
    victim.wait(5)


def end_of_earlier_life(books: Books) -> None:
    """A payment that a dead kiosk began goes on at the terminal all the same: it is approved."""
    for entry in list(books.entries.values()):
        if entry.state == "running":
            books.write(approved(entry))


def approved(entry: Entry) -> Entry:
    entry.state = "approved"
    entry.charged_minor = entry.amount_minor
    entry.transaction_id = f"T-{entry.service_id}"
    return entry


def fork_life(folder: Path, moment: int) -> int:
    """Let one life be lived in a process of its own; return its exit code, -9 when killed."""
    child = os.fork()
    if child == 0:
        try:
            power = Deadly()
            power.cut_at = moment or None
            live(folder, power)
            (folder / "moments.json").write_text(json.dumps(power.names))
        except BaseException:
            (folder / "failure.txt").write_text(traceback.format_exc())
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def nursery() -> None:
    for line in sys.stdin:
        folder, moment = line.rsplit(maxsplit=1)
        print(fork_life(Path(folder), int(moment)), flush=True)


if __name__ == "__main__":
    nursery()
