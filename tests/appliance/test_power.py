"""The disk that forgets what was not flushed, fed with logs as QEMU writes them."""

import struct
from pathlib import Path

import pytest

from tests.appliance.power import BLOCK, FLUSHED, SECTOR, Disk, entries


@pytest.fixture
def disk(tmp_path: Path) -> Disk:
    image = tmp_path / "image.raw"
    image.write_bytes(b"\0" * 16 * BLOCK)
    made = Disk(tmp_path, image)
    made.blockdev()
    return made


def write(folder: Path, *what: tuple[int, bytes, int], torn: bytes = b"") -> None:
    """Let the machine write (`sector`, data, flags), to its disk and into the log."""
    log = struct.pack("<QQQI", 0x6A736677736872, 1, 0, SECTOR).ljust(SECTOR, b"\0")
    live = bytearray((folder / "disk.raw").read_bytes())
    for sector, data, flags in what:
        entry = struct.pack("<QQQQ", sector, len(data) // SECTOR, flags, 0)
        log += entry.ljust(SECTOR, b"\0") + data
        live[sector * SECTOR : sector * SECTOR + len(data)] = data
    (folder / "disk.log").write_bytes(log + torn)
    (folder / "disk.raw").write_bytes(live)


def block(letter: str) -> bytes:
    return letter.encode() * BLOCK


def blocks(path: Path) -> list[bytes]:
    whole = path.read_bytes()
    return [whole[at : at + BLOCK] for at in range(0, len(whole), BLOCK)]


def test_what_was_flushed_is_there(disk: Disk, tmp_path: Path) -> None:
    write(tmp_path, (0, block("a"), 0), (8, block("b"), 0), (0, b"", FLUSHED))
    loss = disk.lose_power("any")
    assert (loss.written, loss.open, loss.lost) == (2 * BLOCK, 0, 0)
    assert blocks(tmp_path / "disk.raw")[:2] == [block("a"), block("b")]


def test_each_block_since_the_last_flush_is_there_or_as_it_was_before(
    disk: Disk, tmp_path: Path
) -> None:
    flushed = [(8 * n, block("a"), 0) for n in range(16)]
    since = [(0, b"".join([block("b")] * 16), 0)]
    write(tmp_path, *flushed, (0, b"", FLUSHED), *since)
    loss = disk.lose_power("seed")
    found = blocks(tmp_path / "disk.raw")
    assert set(found) == {block("a"), block("b")}
    assert loss.lost == found.count(block("a")) * BLOCK
    assert blocks(tmp_path / "disk.safe") == found


def test_the_same_seed_loses_the_same(disk: Disk, tmp_path: Path) -> None:
    write(tmp_path, (0, b"".join([block("b")] * 16), 0))
    disk.lose_power("one")
    first = (tmp_path / "disk.raw").read_bytes()
    for path in ("disk.raw", "disk.safe"):
        (tmp_path / path).write_bytes(b"\0" * 16 * BLOCK)
    write(tmp_path, (0, b"".join([block("b")] * 16), 0))
    disk.lose_power("one")
    assert (tmp_path / "disk.raw").read_bytes() == first


def test_a_machine_switched_off_in_order_loses_nothing(disk: Disk, tmp_path: Path) -> None:
    write(tmp_path, (0, block("a"), 0), (0, b"", FLUSHED), (8, block("b"), 0))
    disk.settle()
    assert blocks(tmp_path / "disk.safe")[:2] == [block("a"), block("b")]


def test_an_entry_that_is_not_whole_was_never_written(disk: Disk, tmp_path: Path) -> None:
    write(tmp_path, (0, block("a"), 0), torn=struct.pack("<QQQQ", 8, 8, 0, 0).ljust(SECTOR, b"\0"))
    assert [one.at for one in entries(tmp_path / "disk.log")] == [0]
