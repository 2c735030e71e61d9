"""A journal made anew from what the store kept: the record as it was, and no number twice."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from kiosk.fiscal.events import REGISTER, JournalRestored, LeftOut
from kiosk.journal import Journal, OutOfStep
from kiosk.journal.chain import Row
from kiosk.journal.copies import CopyRefused, Head, copy_journal
from kiosk.journal.rebuild import SALES_A_DAY_MAX, Origin, rebuild
from kiosk.journal.verify import VerifyReport
from kiosk.sale.events import Series

from .samples import AT, EVERY_EVENT, REGISTER_STARTED, completed, signed, started
from .test_register import z

SOON = datetime.fromisoformat(AT) + timedelta(hours=2)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A kiosk that sold, signed and closed a day, and was in the middle of a sale."""
    path = tmp_path / "old" / "journal.sqlite"
    with Journal.open(path, kiosk_id="NT-0477-03") as journal:
        journal.append(REGISTER, 1, (REGISTER_STARTED,))
        journal.append("s1", 1, EVERY_EVENT)
        journal.append(REGISTER, 2, (signed(1, 5), z(1)))
        journal.append("77", 1, (started("77"), completed(2)))
        journal.append("88", 1, (started("88"),))
    return path


def kept_of(path: Path) -> tuple[str, list[Row]]:
    """What the server has: each row and its hash, and nothing else of the chain."""
    with Journal.open(path, read_only=True) as journal:
        rows = [row._replace(prev_hash=b"") for row in journal.rows_after(0, 10_000)]
        return journal.journal_id, rows


def after(rows: Iterable[Row]) -> Callable[[int], Iterable[Row]]:
    return lambda seq: [row for row in rows if row.seq > seq]


def rebuilt(path: Path, tmp_path: Path, rows: list[Row] | None = None, **more) -> VerifyReport:
    journal_id, kept = kept_of(path)
    origin = Origin(journal_id=journal_id, kiosk_id="NT-0477-03", copy=more.pop("copy", None))
    new = tmp_path / "new" / "journal.sqlite"
    more.setdefault("now", SOON)
    return rebuild(new, origin, after(kept if rows is None else rows), **more)


def restored_in(path: Path) -> JournalRestored:
    with Journal.open(path, read_only=True) as journal:
        found = journal.newest_of(REGISTER, "JournalRestored")
    assert found is not None
    assert isinstance(found.event, JournalRestored)
    return found.event


def test_the_rows_of_the_store_give_the_record_as_it_was(path: Path, tmp_path: Path) -> None:
    report = rebuilt(path, tmp_path)
    old_id, old = kept_of(path)
    new_id, new = kept_of(tmp_path / "new" / "journal.sqlite")
    assert report.ok
    assert (new_id, new[:-1]) == (old_id, old)
    assert new[-1].kind == "JournalRestored"
    assert report.open_sales == ("77", "88")
    assert sorted(p.name for p in (tmp_path / "new").iterdir()) == [
        "journal.sqlite",
        "journal.sqlite.lock",
    ]


def test_no_number_that_a_lost_disk_may_have_given_is_given_again(
    path: Path, tmp_path: Path
) -> None:
    with Journal.open(path) as journal:
        used = {journal.next_service_id() for _ in range(20)}
    rebuilt(path, tmp_path)
    new = tmp_path / "new" / "journal.sqlite"
    left_out = {one.series: (one.last, one.next) for one in restored_in(new).left_out}
    assert left_out == {
        "sale": (2, 2 + SALES_A_DAY_MAX + 1),
        "training": (0, SALES_A_DAY_MAX + 1),
        "return": (0, SALES_A_DAY_MAX + 1),
        "combined": (0, SALES_A_DAY_MAX + 1),
        "provisional": (1, 1 + SALES_A_DAY_MAX + 1),
        "signature": (1, 1 + SALES_A_DAY_MAX + 1),
        "z": (1, 4),
    }
    due = 2 + SALES_A_DAY_MAX + 1
    with Journal.open(new, kiosk_id="NT-0477-03") as journal:
        assert journal.last_number(Series.SALE) == due - 1
        assert journal.sale_of_receipt(due - 1) is None
        for number in (3, due - 1, due + 1):
            with pytest.raises(OutOfStep, match=f"{due} is due"):
                journal.append("99", 1, (started("99"), completed(number)))
        journal.append("99", 1, (started("99"), completed(due)))
        length = journal.length_of(REGISTER)
        for event, words in ((z(2), "4 is due"), (signed(2, 9), f"{SALES_A_DAY_MAX + 2} is due")):
            with pytest.raises(OutOfStep, match=words):
                journal.append(REGISTER, length + 1, (event,))
        journal.append(REGISTER, length + 1, (signed(SALES_A_DAY_MAX + 2, 90),))
        assert not used & {journal.next_service_id() for _ in range(20)}
        assert journal.verify().ok
        assert f"without {SALES_A_DAY_MAX} numbers" in journal.verify().in_words()


def test_after_five_days_without_a_word_five_days_are_left_out(path: Path, tmp_path: Path) -> None:
    rebuilt(path, tmp_path, now=datetime.fromisoformat(AT) + timedelta(days=4, hours=3))
    left_out = {one.series: one for one in restored_in(tmp_path / "new/journal.sqlite").left_out}
    assert left_out["sale"].next == 2 + 5 * SALES_A_DAY_MAX + 1
    assert left_out["z"].next == 1 + 6 + 1


def test_with_a_proven_end_no_number_is_left_out(path: Path, tmp_path: Path) -> None:
    _, rows = kept_of(path)
    report = rebuilt(path, tmp_path, end=Head(rows[-1].seq, rows[-1].hash.hex()))
    new = tmp_path / "new" / "journal.sqlite"
    assert (report.ok, report.left_out) == (True, 0)
    assert restored_in(new).left_out == ()
    with Journal.open(new) as journal:
        journal.append("99", 1, (started("99"), completed(3)))


def test_rows_that_do_not_reach_the_proven_end_are_refused(path: Path, tmp_path: Path) -> None:
    _, rows = kept_of(path)
    end = Head(rows[-1].seq, rows[-1].hash.hex())
    with pytest.raises(CopyRefused, match=f"ends with event {rows[-2].seq}"):
        rebuilt(path, tmp_path, rows[:-1], end=end)
    assert list((tmp_path / "new").iterdir()) == []


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda rows: rows[:5] + rows[6:], "event 6 is missing.*whole up to event 5"),
        (lambda rows: rows[1:], "event 1 is missing"),
        (lambda rows: [*rows[:5], rows[4], *rows[5:]], "event 6 is missing"),
        (
            lambda rows: [*rows[:5], rows[5]._replace(body=b'{"at_utc":"x"}'), *rows[6:]],
            "event 6, its content is not what was written",
        ),
    ],
    ids=["a row is missing", "the first is missing", "a row twice", "a row was changed"],
)
def test_what_is_not_the_record_makes_no_journal(
    path: Path, tmp_path: Path, damage: Callable[[list[Row]], list[Row]], words: str
) -> None:
    _, rows = kept_of(path)
    with pytest.raises(CopyRefused, match=words):
        rebuilt(path, tmp_path, damage(rows))
    assert list((tmp_path / "new").iterdir()) == []


def test_a_copy_and_the_rows_after_it_are_the_record_too(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.sqlite"
    copy_journal(path, copy)
    with Journal.open(path) as journal:
        journal.append("99", 1, (started("99"), completed(3)))
    _, rows = kept_of(path)
    report = rebuilt(path, tmp_path, rows[-2:], copy=copy)
    assert (report.ok, report.receipts) == (True, 3 + SALES_A_DAY_MAX)


def test_nothing_takes_the_place_of_a_journal(path: Path, tmp_path: Path) -> None:
    rebuilt(path, tmp_path)
    with pytest.raises(CopyRefused, match="never put in place of another"):
        rebuilt(path, tmp_path)


def test_a_record_restored_twice_goes_on_behind_both_gaps(path: Path, tmp_path: Path) -> None:
    rebuilt(path, tmp_path / "first")
    report_ = rebuilt(tmp_path / "first" / "new" / "journal.sqlite", tmp_path / "second")
    assert (report_.ok, report_.left_out) == (True, 2 * SALES_A_DAY_MAX)


def test_a_leaving_out_that_hides_a_number_is_a_fault(path: Path, tmp_path: Path) -> None:
    """Whoever writes such an event by hand to get rid of a receipt is found out."""
    with Journal.open(path) as journal:
        hiding = LeftOut(series="sale", last=1, next=9)
        event = JournalRestored(at_utc=AT, source="store", last_at_utc=AT, left_out=(hiding,))
        journal.append(REGISTER, journal.length_of(REGISTER) + 1, (event,))
        found = journal.verify()
    assert not found.ok
    assert "leaves out sale receipts after 1, and 2 came" in found.in_words()
