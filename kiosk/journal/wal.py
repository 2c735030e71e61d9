"""The log of newest commits, SQLite's `-wal` file: damage in it, and room for it.

Damage is what SQLite would take for the end of the log.

After a power cut SQLite reads the `-wal` file up to the first frame whose checksum is wrong and
forgets the rest: right for the torn end of an unfinished commit, wrong for a flipped bit among
finished ones, which would lose sales in silence. Each commit is on disk before the next one is
written. So frames that follow a finished commit that follows the first bad frame prove damage.

Room is made at start, because a commit that makes a file longer costs the file system a commit of
its own: one that overwrites what is there already takes half the time.

Reference:
    https://www.sqlite.org/fileformat2.html#the_write_ahead_log
"""

import os
import struct
from array import array
from collections.abc import Iterator
from pathlib import Path
from sys import byteorder
from typing import Final, NamedTuple

HEADER: Final = struct.Struct(">8I")
FRAME_HEADER: Final = struct.Struct(">6I")
MAGIC: Final = 0x377F0682
"""The lowest bit says that checksums read numbers most significant byte first."""
ROOM_BYTES: Final = 4_300_000
"""A little more than the 1,000 pages after which SQLite starts the log over."""
_WORD: Final = 0xFFFFFFFF

Sums = tuple[int, int]


class _Frame(NamedTuple):
    ours: bool
    """Carries the salts of this log, not of one that was overwritten."""
    commit: bool
    whole: bool
    """Its checksum is right."""


def make_room(path: Path) -> None:
    """Lengthen a log with zeros, which SQLite reads as "no more frames", and make that durable.

    Only for the one writer, before its first append.
    """
    size = path.stat().st_size if path.exists() else 0
    if size >= ROOM_BYTES:
        return
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o640)
    try:
        os.write(fd, bytes(ROOM_BYTES - size))
        os.fsync(fd)
    finally:
        os.close(fd)


def fault_in_wal(path: Path) -> str:
    """Return what is wrong with a log, in words; empty when all finished commits are there."""
    if not path.exists():
        return ""
    content = path.read_bytes()
    if len(content) <= HEADER.size or content.count(0) == len(content):
        return ""  # nothing was written since room was made
    magic, _, page_bytes, _, salt_1, salt_2, *sums = HEADER.unpack_from(content)
    big_endian = bool(magic & 1)
    header = content[: HEADER.size - 8]
    if magic & ~1 != MAGIC or tuple(sums) != _checksum(header, (0, 0), big_endian):
        return "the head of the log of newest sales is not what was written"
    frames = _frames(content, page_bytes, (salt_1, salt_2), (sums[0], sums[1]), big_endian)
    finished = False
    damaged_at = 0
    for number, frame in enumerate(frames, 1):
        if frame.whole and not damaged_at:
            continue
        damaged_at = damaged_at or number
        if finished and frame.ours:
            return f"page {damaged_at} in the log of newest sales is not what was written"
        finished = finished or (frame.ours and frame.commit)
    return ""


def _frames(
    content: bytes, page_bytes: int, salts: tuple[int, int], sums: Sums, big_endian: bool
) -> Iterator[_Frame]:
    whole = True
    size = FRAME_HEADER.size + page_bytes
    for start in range(HEADER.size, len(content) - size + 1, size):
        _, commit, salt_1, salt_2, *given = FRAME_HEADER.unpack_from(content, start)
        ours = (salt_1, salt_2) == salts
        if whole and ours:  # after the first bad frame no checksum can be followed
            sums = _checksum(content[start : start + 8], sums, big_endian)
            sums = _checksum(content[start + FRAME_HEADER.size : start + size], sums, big_endian)
        whole = whole and ours and tuple(given) == sums
        yield _Frame(ours, commit != 0, whole)


def _checksum(content: bytes, sums: Sums, big_endian: bool) -> Sums:
    words = array("I", content)
    if big_endian != (byteorder == "big"):
        words.byteswap()
    first, second = sums
    for even, odd in zip(words[::2], words[1::2], strict=True):
        first = (first + even + second) & _WORD
        second = (second + odd + first) & _WORD
    return first, second
