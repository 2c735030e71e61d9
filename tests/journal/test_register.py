"""The register's own stream: in its own place, and with numbers that have no gap."""

import sqlite3
from pathlib import Path

import pytest

from kiosk.fiscal.events import REGISTER, ZReportMade
from kiosk.journal import Journal, OutOfStep
from kiosk.sale.events import SaleClosed

from .samples import (
    AT,
    EVERY_EVENT,
    EVERY_REGISTER_EVENT,
    REGISTER_STARTED,
    completed,
    report,
    signed,
    started,
)


def z(number: int) -> ZReportMade:
    return ZReportMade(at_utc=AT, report=report(number))


@pytest.fixture
def journal(tmp_path: Path):
    with Journal.open(tmp_path / "journal.sqlite") as opened:
        yield opened


def test_the_register_has_a_stream_of_its_own_beside_the_sales(journal: Journal) -> None:
    journal.append(REGISTER, 1, EVERY_REGISTER_EVENT)
    journal.append("s1", 1, [started("s1")])
    assert journal.length_of(REGISTER) == len(EVERY_REGISTER_EVENT)
    assert journal.length_of("s1") == 1
    assert journal.length_of("s2") == 0
    assert journal.open_sales() == ["s1"]
    assert journal.verify().sales == 1
    assert journal.verify().ok


def test_the_newest_of_a_kind_is_found(journal: Journal) -> None:
    journal.append(REGISTER, 1, [REGISTER_STARTED, signed(1, 5), signed(2, 9), z(1)])
    found = journal.newest_of(REGISTER, "SaleSigned")
    assert found is not None
    assert found.event == signed(2, 9)
    assert found.seq == 3
    assert journal.newest_of(REGISTER, "XReportMade") is None


def test_the_program_may_start_again_and_again(journal: Journal) -> None:
    journal.append(REGISTER, 1, [REGISTER_STARTED])
    journal.append(REGISTER, 2, [REGISTER_STARTED])
    assert journal.length_of(REGISTER) == 2


@pytest.mark.parametrize("event", EVERY_REGISTER_EVENT, ids=lambda event: type(event).__name__)
def test_an_event_of_the_register_is_refused_in_a_sale(journal: Journal, event) -> None:
    journal.append("s1", 1, [started("s1")])
    with pytest.raises(OutOfStep):
        journal.append("s1", 2, [event])
    with pytest.raises(OutOfStep):
        journal.append("s2", 1, [started("s2"), event])
    assert journal.count() == 1


@pytest.mark.parametrize("event", EVERY_EVENT, ids=lambda event: type(event).__name__)
def test_an_event_of_a_sale_is_refused_in_the_registers_stream(journal: Journal, event) -> None:
    with pytest.raises(OutOfStep):
        journal.append(REGISTER, 1, [event])
    with pytest.raises(OutOfStep):
        journal.append(REGISTER, 1, [REGISTER_STARTED, event])
    assert journal.count() == 0


def test_the_stream_begins_with_the_start_of_the_register(journal: Journal) -> None:
    with pytest.raises(OutOfStep, match="ZReportMade cannot be event 1"):
        journal.append(REGISTER, 1, [z(1)])


@pytest.mark.parametrize("number", [0, 1, 3])
def test_a_z_number_leaves_no_gap_and_is_used_once(journal: Journal, number: int) -> None:
    journal.append(REGISTER, 1, [REGISTER_STARTED, z(1)])
    with pytest.raises(OutOfStep, match=f"Z report number {number}, 2 is due"):
        journal.append(REGISTER, 3, [z(number)])
    journal.append(REGISTER, 3, [z(2)])


def test_no_z_is_written_while_a_sale_is_open(journal: Journal) -> None:
    journal.append(REGISTER, 1, [REGISTER_STARTED])
    journal.append("s1", 1, [started("s1"), completed(1)])
    with pytest.raises(OutOfStep, match="while sale s1 is open"):
        journal.append(REGISTER, 2, [z(1)])
    journal.append("s1", 3, [SaleClosed(at_utc=AT)])
    journal.append(REGISTER, 2, [z(1)])


def test_signatures_follow_the_order_of_the_sales_without_a_gap(journal: Journal) -> None:
    journal.append(REGISTER, 1, [REGISTER_STARTED, signed(1, 7)])
    for wrong, words in (
        (signed(3, 9), "signature number 3, 2 is due"),
        (signed(1, 9), "signature number 1, 2 is due"),
        (signed(2, 7), "is signed after a later one"),
        (signed(2, 6), "is signed after a later one"),
    ):
        with pytest.raises(OutOfStep, match=words):
            journal.append(REGISTER, 3, [wrong])
    with pytest.raises(OutOfStep, match="signature number 4, 3 is due"):
        journal.append(REGISTER, 3, [signed(2, 9), signed(4, 11)])
    assert journal.length_of(REGISTER) == 2


def test_a_gap_that_was_made_by_force_is_found(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("kiosk.journal.journal.check_register", lambda *_: None)
    with Journal.open(tmp_path / "journal.sqlite") as journal:
        journal.append(REGISTER, 1, [REGISTER_STARTED, z(1), z(3), signed(2, 5)])
        faults = [fault.what for fault in journal.verify().faults]
    assert faults == [
        "Z report number 3, and 2 was due",
        "signature number 2, and 1 was due",
    ]


def test_what_was_written_stays_written(journal: Journal) -> None:
    journal.append(REGISTER, 1, [REGISTER_STARTED])
    with pytest.raises(sqlite3.IntegrityError, match="what is written stays written"):
        journal._db.execute("DELETE FROM event")
