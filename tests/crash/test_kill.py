"""`kill -9` at every commit and every effect of a sale: the money is right, the receipt comes.

Each moment gets a process that is killed there, a second one that is killed soon after its start,
and a third one that must bring the same sale to its end.
"""

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from kiosk.fiscal.events import REGISTER, SaleSigned
from kiosk.journal import Journal, Record
from kiosk.sale.events import SaleCompleted
from kiosk.sale.evolve import replay
from kiosk.sale.state import Phase, Sale
from kiosk.sale.totals import totals
from tests.engine.bench import build_catalog
from tests.engine.models import Books, Papers

ROOT = Path(__file__).resolve().parents[2]
KILLED = -signal.SIGKILL


class Nursery:
    """Starts lives in folders of their own, on a real disk."""

    def __init__(self, shop: Path, process: "subprocess.Popen[str]") -> None:
        self.shop = shop
        self.process = process

    def folder(self, name: str) -> Path:
        folder = self.shop / name
        folder.mkdir()
        shutil.copy(self.shop / "catalog.sqlite", folder)
        return folder

    def life(self, folder: Path, moment: int = 0) -> int:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        print(folder, moment, file=self.process.stdin, flush=True)
        code = int(self.process.stdout.readline())
        failure = folder / "failure.txt"
        assert code in (0, KILLED), failure.read_text() if failure.exists() else code
        return code

    def moments(self) -> list[str]:
        """Live one life to its end, and return the moments that it passed."""
        folder = self.folder("whole")
        assert self.life(folder) == 0
        check(folder, "never")
        names: list[str] = json.loads((folder / "moments.json").read_text())
        return names


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    yield from nursery_of("tests.crash.victim")


def nursery_of(module: str) -> Iterator[Nursery]:
    """Yield a nursery whose lives are those of `module`, and let them end."""
    with TemporaryDirectory(prefix="kiosk-crash-") as made:
        build_catalog(Path(made))
        process = subprocess.Popen(
            [sys.executable, "-m", module],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        with process:
            yield Nursery(Path(made), process)
            assert process.stdin is not None
            process.stdin.close()


def check(folder: Path, name: str) -> None:
    """One sale, paid once as the terminal's own books say, numbered, and on paper."""
    books, papers = Books(folder / "books.jsonl"), Papers(folder / "papers.jsonl")
    with Journal.open(folder / "journal.sqlite", read_only=True) as journal:
        assert journal.verify().ok, name
        records = journal.after(0, 10**6)
        ids = {record.sale_id for record in records} - {REGISTER}
        sales = [replay(journal.events_of(sale_id)) for sale_id in sorted(ids)]
    assert [sale.phase for sale in sales] == [Phase.CLOSED], f"killed {name}"
    (closed,) = sales
    charged = [entry.charged_minor for entry in books.taken()]
    assert charged == [totals(closed).total_minor], f"killed {name}: {charged} was taken"
    assert closed.receipt_number == 1, f"killed {name}"
    check_papers(closed, papers, name)
    check_signatures(records, name)


def check_signatures(records: Sequence[Record], name: str) -> None:
    """What was completed is signed, once and in order, whichever life did it."""
    completed = [record.seq for record in records if isinstance(record.event, SaleCompleted)]
    signed = [record.event for record in records if isinstance(record.event, SaleSigned)]
    assert [one.completed_seq for one in signed] == completed, f"killed {name}"
    assert [one.number for one in signed] == list(range(1, len(signed) + 1)), f"killed {name}"


def check_papers(sale: Sale, papers: Papers, name: str) -> None:
    assert set(papers.ids()) <= {one.id for one in sale.prints}, f"killed {name}"
    copies = ["KOPI" in text for text in papers.texts()]
    assert copies in ([False], [True], [False, True]), f"killed {name}: papers {copies}"


def test_fault_05_a_kiosk_killed_at_any_moment_of_a_sale_finishes_it(nursery: Nursery) -> None:
    names = nursery.moments()
    assert sum("commit" in name for name in names) >= 2 * 13
    assert sum("terminal." in name or "printer." in name for name in names) >= 2 * 4
    for moment, name in enumerate(names, 1):
        folder = nursery.folder(f"moment-{moment}")
        assert nursery.life(folder, moment) == KILLED, name
        nursery.life(folder, 4)  # the restart is cut short too, where it gets that far
        assert nursery.life(folder) == 0, name
        check(folder, f"{name} (moment {moment})")
