"""Two machines under one name: their rows are kept apart, whatever order they come in."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

import msgspec
import pytest
from sqlalchemy import select

from kiosk.fleet.alerts.gathering import second_journals
from kiosk.fleet.ingest.apply import Applier
from kiosk.fleet.store import tables as t
from kiosk.fleet.store.database import Database
from kiosk.fleet.store.gaps import gaps_of
from kiosk.journal.chain import first_hash, row_hash
from kiosk.telemetry import messages as m
from tests.fleet.words import AT, AT_US, KIOSK, events, health, received, row

MINUTE_US = 60_000_000
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def told(count: int, by: str, after: list[m.Row] | None = None) -> list[m.Row]:
    """The rows of one machine, chained as a journal chains them, `count` after those before."""
    rows = list(after or [])
    before = bytes.fromhex(rows[-1].hash) if rows else first_hash("j1")
    for seq in range(len(rows) + 1, len(rows) + count + 1):
        made = row(seq, sale_id=f"{by}-{seq}", by=by)
        body = bytes(made.body)
        before = row_hash(before, seq, made.sale_id, made.sale_seq, made.kind, 1, body, AT)
        rows.append(msgspec.structs.replace(made, hash=before.hex()))
    return rows


def kept(database: Database) -> dict[str, list[m.Row | None]]:
    """What each journal has, by its id: (seq, hash), in order."""
    query = select(t.journal.c.journal_id, t.event.c.seq, t.event.c.hash).join(t.event)
    found: dict[str, list[tuple[int, str]]] = {}
    with database.read() as db:
        for journal_id, seq, digest in db.execute(query.order_by(t.event.c.seq)):
            found.setdefault(journal_id, []).append((seq, digest.hex()))
    return found  # type: ignore[return-value]


def pairs(rows: list[m.Row]) -> list[tuple[int, str]]:
    return [(one.seq, one.hash) for one in rows]


def runs(rows: list[m.Row], after: int, size: int) -> list[list[m.Row]]:
    """Messages of a kiosk that goes on after a row."""
    rest = rows[after:]
    return [rest[place : place + size] for place in range(0, len(rest), size)]


@pytest.mark.parametrize("seed", range(6))
def test_a_copied_disk_that_lives_on_is_a_journal_of_its_own(database: Database, seed: int) -> None:
    random = Random(seed)
    common = told(random.randint(1, 30), "both")
    one, two = told(40, "one", common), told(45, "two", common)
    applier = Applier(database)
    applier.apply([received(events(common))])
    machines = [runs(rows, len(common), random.randint(1, 9)) for rows in (one, two)]
    first = machines[0] if random.random() < 0.5 else machines[1]
    applier.apply([received(events(first.pop(0)))])
    while any(machines):
        whose = random.choice([machine for machine in machines if machine])
        batch = [whose.pop(0) for _ in range(min(len(whose), random.randint(1, 3)))]
        if random.random() < 0.3:
            batch.append(batch[-1])  # told twice, as after a lost acknowledgement
        applier.apply([received(events(run)) for run in batch])
    found = kept(database)
    main = found.pop("j1")
    [branch] = found.values()
    mine, other = (one, two) if first is machines[0] else (two, one)
    assert main == pairs(mine), f"seed {seed}"
    assert branch == pairs(other)[len(common) :], f"seed {seed}"
    assert second_journals(database, NOW) == {str(KIOSK): "fork"}


def test_two_machines_in_one_batch_are_kept_apart_too(database: Database) -> None:
    common = told(5, "both")
    one, two = told(5, "one", common), told(5, "two", common)
    batch = [received(events(rows[at:])) for rows in (one, two) for at in (0, 5)]
    Applier(database).apply(batch)
    found = kept(database)
    assert found.pop("j1") == pairs(one)
    assert list(found.values()) == [pairs(two)[5:]]


def test_rows_that_follow_nothing_here_are_not_guessed_at_once_there_are_two(
    database: Database,
) -> None:
    common = told(5, "both")
    one, two = told(20, "one", common), told(20, "two", common)
    applier = Applier(database)
    applier.apply([received(events(one[:10])), received(events(two[5:10]))])
    applier.apply([received(events(two[15:20]))])
    found = kept(database)
    assert found["j1"] == pairs(one[:10]), "row 16 of the other is not laid behind row 10"
    assert sorted(map(len, found.values())) == [5, 5, 10]


def test_what_is_told_again_is_no_second_machine(database: Database) -> None:
    rows = told(30, "one")
    applier = Applier(database)
    for first, last in ((0, 10), (5, 15), (0, 30), (0, 30)):
        applier.apply([received(events(rows[first:last]))])
    assert kept(database) == {"j1": pairs(rows)}
    assert second_journals(database, NOW) == {}


def test_a_machine_with_two_journals_is_not_asked_for_what_the_other_has(
    database: Database,
) -> None:
    common = told(5, "both")
    one, two = told(5, "one", common), told(9, "two", common)
    applier = Applier(database)
    applier.apply([received(events(one)), received(events(two[5:]))])
    words = health(journal_id="j1", journal_seq=14)
    assert gaps_of(database, {str(KIOSK): words}) == []


@pytest.mark.parametrize(
    ("again_after_min", "days", "why"),
    [(None, 1, "new"), (5, 1, "new"), (11, 1, "both"), (None, 8, ""), (11, 31, "")],
)
def test_a_second_kiosk_with_an_empty_disk_is_told(
    database: Database, again_after_min: int | None, days: int, why: str
) -> None:
    old, new = told(9, "old"), told(3, "new")
    applier = Applier(database)
    applier.apply([received(events(old[:8]), at_us=AT_US)])
    applier.apply([received(events(new, "j2"), at_us=AT_US + MINUTE_US)])
    if again_after_min is not None:
        late_us = AT_US + (1 + again_after_min) * MINUTE_US
        applier.apply([received(events(old[8:]), at_us=late_us)])
    assert set(kept(database)) == {"j1", "j2"}, "apart from the start"
    found = second_journals(database, NOW + timedelta(days=days))
    assert found == ({str(KIOSK): why} if why else {})


def test_the_chain_of_these_tests_is_one() -> None:
    rows = told(3, "one")
    for before, after in pairwise(rows):
        body = bytes(after.body)
        again = row_hash(
            bytes.fromhex(before.hash), after.seq, after.sale_id, after.sale_seq, after.kind, 1,
            body, AT,
        )  # fmt: skip
        assert again.hex() == after.hash
