"""Two machines that tell one journal: their rows are kept apart, and never laid one upon the other.

A kiosk's disk that was copied, or a journal that was put back while its kiosk lives on, gives two
machines the same journal up to some row and another from there. A number that is here with another
hash shows it. From then on each message goes to the rows it follows: the hash of a row covers the
one before it, so which those are can be reckoned. The branch that is seen second gets an id of its
own, `{journal_id}~{first 8 digits of the hash of its first own row}`; a message that follows
nothing that is here becomes a branch too, rather than being guessed at.

A second machine with an empty disk has a journal with another id, and so is apart from the start.
`kiosk.fleet.alerts` tells of both.

Reference:
    kiosk.journal.chain (the chain's form).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import structlog
from sqlalchemy import Connection, or_, select, update

from kiosk.fleet.store import tables as t
from kiosk.fleet.store.database import Database
from kiosk.fleet.times import text_of
from kiosk.journal.chain import row_hash

log = structlog.get_logger(__name__)

FORK: Final = "~"
"""Between a journal's id and its branch's; no journal's own id has it."""
ID_CHARS: Final = 60
DIGITS: Final = 8

Which = tuple[int, str]
"""A kiosk's number and a journal's id."""
Row = dict[str, Any]


class Journal(NamedTuple):
    """A row of the table `journal`."""

    no: int
    kiosk_no: int
    journal_id: str
    stored_through: int
    first_us: int
    last_us: int
    forked_us: int


@dataclass(slots=True)
class _Branch:
    """One machine's rows, as far as they are near those that came."""

    journal_id: str
    known: dict[int, bytes]
    """Hashes by number, here or about to be."""
    new: dict[int, Row]

    def follows(self, run: Sequence[Row], *, chained: bool) -> int:
        """Return how well a run fits: 0 not at all, 1 perhaps, 2 for sure.

        Only where there are branches the chain is asked: a row that breaks it alone is a damaged
        journal, which is kept as it is told.
        """
        same = 0
        for row in run:
            known = self.known.get(row["seq"])
            if known is not None and known != row["hash"]:
                return 0
            same += known is not None
        if same:
            return 2
        before = self.known.get(run[0]["seq"] - 1)
        if before is None or not chained:
            return 1
        return 2 if _hash_after(before, run[0]) == run[0]["hash"] else 0


def merged_runs(runs: Sequence[Sequence[Row]]) -> dict[int, Row] | None:
    """Return all rows by number; None when two of one number differ."""
    merged: dict[int, Row] = {}
    for run in runs:
        for row in run:
            if merged.setdefault(row["seq"], row)["hash"] != row["hash"]:
                return None
    return merged


def apart(
    db: Connection, database: Database, journal: Journal, runs: Sequence[Sequence[Row]]
) -> dict[str, dict[int, Row]]:
    """Return the new rows of each branch, by its journal's id; makes the branches that are new."""
    branches = _branches(db, journal, runs)
    forked = bool(journal.forked_us)
    for run in runs:
        fits = [(one.follows(run, chained=forked), one) for one in branches]
        best, branch = max(fits, key=lambda fit: fit[0])
        if best == 0 or (best == 1 and forked):
            branch = _Branch(_branch_id(journal, run, branches), {}, {})
            branches.append(branch)
            forked = True
            log.error("two machines tell one journal", branch=branch.journal_id)
            _note(db, database, journal, branch.journal_id, run[0]["at_us"])
        trunk = branches[0].known if branch is not branches[0] else {}
        for row in run:
            # What both have in common is told once.
            if row["seq"] not in branch.known and trunk.get(row["seq"]) != row["hash"]:
                branch.new[row["seq"]] = row
            branch.known[row["seq"]] = row["hash"]
    return {one.journal_id: one.new for one in branches if one.new}


def _branches(db: Connection, journal: Journal, runs: Sequence[Sequence[Row]]) -> list[_Branch]:
    j, e = t.journal.c, t.event.c
    own = j.journal_id == journal.journal_id
    if journal.forked_us:
        prefix = journal.journal_id[:ID_CHARS] + FORK
        own = or_(own, j.journal_id.startswith(prefix, autoescape=True))
    query = select(j.no, j.journal_id).where(j.kiosk_no == journal.kiosk_no, own)
    names: Mapping[int, str] = {row.no: row.journal_id for row in db.execute(query.order_by(j.no))}
    found = {no: _Branch(name, {}, {}) for no, name in names.items()}
    first = min(run[0]["seq"] for run in runs) - 1
    last = max(run[-1]["seq"] for run in runs)
    near = select(e.journal_no, e.seq, e.hash).where(
        e.journal_no.in_(list(names)), e.seq >= first, e.seq <= last
    )
    for row in db.execute(near):
        found[row.journal_no].known[row.seq] = row.hash
    return list(found.values())


def _branch_id(journal: Journal, run: Sequence[Row], branches: Sequence[_Branch]) -> str:
    trunk = branches[0].known
    first = next((row for row in run if trunk.get(row["seq"]) != row["hash"]), run[0])
    return f"{journal.journal_id[:ID_CHARS]}{FORK}{first['hash'].hex()[:DIGITS]}"


def _note(db: Connection, database: Database, journal: Journal, branch_id: str, at_us: int) -> None:
    """Write down that the journal has branches, and this one."""
    at_us = max(at_us, 1)
    new = {"kiosk_no": journal.kiosk_no, "journal_id": branch_id, "forked_us": at_us}
    insert = database.insert(t.journal).values(**new, first_us=at_us, last_us=at_us)
    db.execute(insert.on_conflict_do_nothing())
    mark = update(t.journal).where(t.journal.c.no == journal.no, t.journal.c.forked_us == 0)
    db.execute(mark.values(forked_us=at_us))


def _hash_after(before: bytes, row: Row) -> bytes:
    return row_hash(
        before,
        row["seq"],
        row["sale_id"],
        row["sale_seq"],
        row["kind"],
        row["version"],
        row["body"].encode(),
        text_of(row["at_us"]),
    )
