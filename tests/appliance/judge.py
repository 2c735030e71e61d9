"""Whether sale, money and paper agree: the journal's copy beside the terminal's and printer's own.

The journal comes out of the machine; what the terminal has taken and what hangs out of the printer
has never been in it.
"""

import re
from collections import Counter as Multiset
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kiosk.fiscal.events import REGISTER, SaleSigned
from kiosk.journal import Journal, Record
from kiosk.sale.events import SaleCompleted
from kiosk.sale.evolve import replay
from kiosk.sale.state import Phase, Sale
from kiosk.sale.totals import totals
from tests.appliance.shop import FarEnds
from tests.appliance.wire import Agent, Refused

COPY: Final = "/var/lib/kiosk/looked-at.sqlite"
COPYING: Final = f"""
import sqlite3, os
try: os.unlink({COPY!r})
except FileNotFoundError: pass
sqlite3.connect("/var/lib/kiosk/journal.sqlite").execute("VACUUM INTO ?", ({COPY!r},))
"""
SOLD: Final = (Phase.COMPLETED, Phase.CLOSED)
RESTING: Final = (*SOLD, Phase.NONE, Phase.OPEN, Phase.ABORTED)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found."""

    faults: tuple[str, ...]
    sold: int
    """Sales with a receipt number."""
    phase: Phase
    """Of the newest sale."""
    events: int
    items: Mapping[str, int]
    """How many things each sale has."""

    @property
    def good(self) -> bool:
        """Whether everybody's books agree."""
        return not self.faults

    @property
    def words(self) -> str:
        """In a line."""
        found = f"{self.sold} sold, {self.events} events, newest {self.phase.value}"
        return found if not self.faults else "; ".join(self.faults)


def judge(agent: Agent, shop: FarEnds, folder: Path) -> Verdict:
    """Take a copy of the journal out of the machine, and hold it against everybody's books."""
    ran = agent.run("runuser", "-u", "kiosk", "--", "/usr/bin/python3", "-I", "-c", COPYING)
    if ran.code:
        raise Refused(f"the journal could not be copied: {ran.out}")
    path = folder / "journal.sqlite"
    path.write_bytes(agent.read(COPY))
    return judge_books(path, shop.taken_minor(), shop.papers())


def judge_books(path: Path, taken_minor: Sequence[int], papers: Sequence[str]) -> Verdict:
    """Compare a journal with what was taken and what was printed."""
    with Journal.open(path, read_only=True) as journal:
        report = journal.verify()
        records = journal.after(0, 10**6)
        ids = dict.fromkeys(one.sale_id for one in records if one.sale_id != REGISTER)
        sales = [replay(journal.events_of(sale_id)) for sale_id in ids]
    faults = [] if report.ok else ["the journal is damaged"]
    faults += _money(sales, taken_minor)
    faults += _numbers(sales, records)
    faults += _paper(sales, papers)
    sold = sum(sale.phase in SOLD for sale in sales)
    newest = sales[-1].phase if sales else Phase.NONE
    items = {sale.id: totals(sale).item_count for sale in sales}
    return Verdict(tuple(faults), sold, newest, len(records), items)


def _money(sales: Sequence[Sale], taken_minor: Sequence[int]) -> list[str]:
    """What was taken is what was sold, once each; a sale that is not at rest may be on its way."""
    owed = Multiset(totals(sale).total_minor for sale in sales if sale.phase in (*SOLD, Phase.PAID))
    taken = Multiset(taken_minor)
    if all(sale.phase in RESTING for sale in sales):
        return [] if owed == taken else [f"sold {sorted(owed.elements())}, taken {taken_minor}"]
    beyond = (taken - owed).total() + (owed - taken).total()
    return [] if beyond <= 1 else [f"sold {sorted(owed.elements())}, taken {taken_minor}"]


def _numbers(sales: Sequence[Sale], records: Sequence[Record]) -> list[str]:
    """Receipts are numbered without a gap, and each is signed once, in order."""
    numbers = sorted(sale.receipt_number for sale in sales if sale.phase in SOLD)
    faults = [] if numbers == [*range(1, len(numbers) + 1)] else [f"receipts numbered {numbers}"]
    completed = [one.seq for one in records if isinstance(one.event, SaleCompleted)]
    signed = [one.event.completed_seq for one in records if isinstance(one.event, SaleSigned)]
    if signed != completed:
        faults.append(f"completed {completed}, signed {signed}")
    return faults


def _paper(sales: Sequence[Sale], papers: Sequence[str]) -> list[str]:
    """Of each closed sale there is paper; only one is the original, any other is marked KOPI."""
    faults = []
    for sale in sales:
        number = re.compile(rf"^Kvittering nr\. +{sale.receipt_number}$", re.MULTILINE)
        own = [text for text in papers if number.search(text)]
        if sale.phase is Phase.CLOSED and sale.receipt_number and not own:
            faults.append(f"no paper of receipt {sale.receipt_number}")
        if sum("KOPI" not in text for text in own) > 1:
            faults.append(f"two originals of receipt {sale.receipt_number}")
    return faults
