"""A flipped bit in the log of newest commits is not taken for the log's end."""

import os
import shutil
from pathlib import Path

import pytest

from kiosk.journal import Journal, JournalDamaged
from kiosk.journal.wal import FRAME_HEADER, HEADER, ROOM_BYTES, fault_in_wal

from .samples import item, started

PAGE_BYTES = 4096
FRAME_BYTES = FRAME_HEADER.size + PAGE_BYTES


@pytest.fixture
def crashed(tmp_path: Path) -> Path:
    """A journal as a power cut leaves it: twelve commits, all still in the log."""
    path = tmp_path / "before" / "journal.sqlite"
    after = tmp_path / "after" / "journal.sqlite"
    after.parent.mkdir()
    with Journal.open(path) as journal:
        journal.append("s1", 1, (started("s1"),))
        for number in range(1, 12):
            journal.append("s1", number + 1, (item(number),))
        for name in ("journal.sqlite", "journal.sqlite-wal", "journal.sqlite.lock"):
            shutil.copy(path.with_name(name), after.with_name(name))
    return after


def wal_of(path: Path) -> Path:
    return path.with_name(path.name + "-wal")


def flip(path: Path, at: int) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 0x01
    path.write_bytes(content)


def commits_in(wal: Path) -> list[int]:
    """Numbers of the frames that finish a commit, from 0."""
    content = wal.read_bytes()
    starts = range(HEADER.size, len(content) - FRAME_BYTES + 1, FRAME_BYTES)
    return [
        number
        for number, start in enumerate(starts)
        if FRAME_HEADER.unpack_from(content, start)[1] != 0
    ]


def test_a_whole_log_is_read_to_its_end(crashed: Path) -> None:
    assert len(commits_in(wal_of(crashed))) == 12
    assert fault_in_wal(wal_of(crashed)) == ""
    with Journal.open(crashed) as journal:
        assert journal.count() == 12


@pytest.mark.parametrize("frame", [0, 1, 5, 12])
@pytest.mark.parametrize("offset", [2, 6, 17, FRAME_HEADER.size + 1000])
def test_a_bad_frame_among_finished_commits_keeps_the_kiosk_closed(
    crashed: Path, frame: int, offset: int
) -> None:
    assert frame < commits_in(wal_of(crashed))[-2]
    flip(wal_of(crashed), HEADER.size + frame * FRAME_BYTES + offset)
    with pytest.raises(JournalDamaged, match=f"page {frame + 1} in the log of newest sales"):
        Journal.open(crashed)


def test_a_bad_head_keeps_the_kiosk_closed(crashed: Path) -> None:
    flip(wal_of(crashed), 13)
    with pytest.raises(JournalDamaged, match="head of the log"):
        Journal.open(crashed)


@pytest.mark.parametrize("cut_bytes", [1, 100, FRAME_BYTES, FRAME_BYTES + 1])
def test_fault_06_a_torn_last_commit_is_no_damage(crashed: Path, cut_bytes: int) -> None:
    """A commit that was not finished was not acknowledged either."""
    wal = wal_of(crashed)
    end = HEADER.size + (commits_in(wal)[-1] + 1) * FRAME_BYTES
    os.truncate(wal, end - cut_bytes)
    with Journal.open(crashed) as journal:
        assert journal.count() == 11
        assert journal.verify().ok


def test_a_last_commit_written_out_of_order_is_no_damage(crashed: Path) -> None:
    """The disk may write the frames of one unfinished commit in any order."""
    wal = wal_of(crashed)
    before_last = commits_in(wal)[-2]
    flip(wal, HEADER.size + (before_last + 1) * FRAME_BYTES + 500)
    with Journal.open(crashed) as journal:
        assert journal.count() == 11


def test_frames_of_an_earlier_log_behind_the_end_are_no_damage(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    with Journal.open(path) as journal:
        journal.append("s1", 1, (started("s1"), *map(item, range(1, 200))))
        journal._db.execute("PRAGMA wal_checkpoint(RESTART)")
        journal.append("s2", 1, (started("s2"),))
        journal.append("s2", 2, (item(1),))
        journal.append("s2", 3, (item(2),))
        assert fault_in_wal(wal_of(path)) == ""
        flip(wal_of(path), HEADER.size + FRAME_HEADER.size + 9)
        assert "page 1 in the log" in fault_in_wal(wal_of(path))
        flip(wal_of(path), HEADER.size + FRAME_HEADER.size + 9)


@pytest.mark.parametrize("content", [b"", b"\x37\x7f"])
def test_a_log_that_was_only_begun_is_empty(tmp_path: Path, content: bytes) -> None:
    wal = tmp_path / "journal.sqlite-wal"
    assert fault_in_wal(wal) == ""
    wal.write_bytes(content)
    assert fault_in_wal(wal) == ""


def test_room_is_made_once_and_is_no_damage_after_a_power_cut(tmp_path: Path) -> None:
    path = tmp_path / "before" / "journal.sqlite"
    after = tmp_path / "after" / "journal.sqlite"
    after.parent.mkdir()
    with Journal.open(path):
        assert wal_of(path).stat().st_size == ROOM_BYTES
        for name in ("journal.sqlite", "journal.sqlite-wal", "journal.sqlite.lock"):
            shutil.copy(path.with_name(name), after.with_name(name))
    for _ in range(2):
        with Journal.open(after) as journal:
            assert wal_of(after).stat().st_size == ROOM_BYTES
            journal.append(f"s{journal.count()}", 1, (started(f"s{journal.count()}"),))


def test_a_head_that_was_wiped_out_is_damage(crashed: Path) -> None:
    content = wal_of(crashed).read_bytes()
    wal_of(crashed).write_bytes(bytes(HEADER.size) + content[HEADER.size :])
    with pytest.raises(JournalDamaged, match="head of the log"):
        Journal.open(crashed)
