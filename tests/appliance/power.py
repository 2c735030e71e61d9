"""A disk with a volatile cache, whose plug can be pulled: what was not flushed may be lost.

QEMU writes down every write and every flush of the machine (`blklogwrites`). When the power goes,
all that was flushed is on the disk; of each write since, every block of 4 KiB came through or did
not, in no order, as a seed decides. That is more than SIGKILL of QEMU alone does (what QEMU has
taken is then safe), and it is what disks and cards may do. A disk that lies about its flushes is
not played here.

Reference:
    https://docs.kernel.org/admin-guide/device-mapper/log-writes.html (the log's format)
"""

import os
import random
import shutil
import struct
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

SECTOR: Final = 512
ENTRY: Final = struct.Struct("<QQQQ")
FLUSHED, DISCARDED = 1, 4
BLOCK: Final = 4096


@dataclass(frozen=True, slots=True)
class Write:
    """One entry of the log: `size` bytes at `at`, which stand in the log at `data`."""

    at: int
    size: int
    data: int
    flush: bool


@dataclass(frozen=True, slots=True)
class Loss:
    """What a cut did to the disk."""

    written: int
    """Bytes that the machine had written since it was started."""
    open: int
    """Of these, bytes that no flush had followed yet."""
    lost: int
    """Of these, bytes that did not come through."""


class Disk:
    """The disk's file, and beside it what of it is safe."""

    def __init__(self, folder: Path, image: Path) -> None:
        self._live = folder / "disk.raw"
        self._safe = folder / "disk.safe"
        self._log = folder / "disk.log"
        for path in (self._live, self._safe):
            subprocess.run(["cp", "--sparse=always", "--reflink=auto", image, path], check=True)

    def blockdev(self) -> dict[str, Any]:
        """Return what QEMU is told of it, for one life of the machine; the log begins anew."""
        self._log.unlink(missing_ok=True)
        self._log.touch()
        # Our own flushes cost time and save nothing: this machine's plug is not pulled.
        cache = {"no-flush": True, "direct": False}
        return {
            "driver": "blklogwrites",
            "node-name": "disk",
            "file": {"driver": "file", "filename": str(self._live), "cache": cache},
            "log": {"driver": "file", "filename": str(self._log), "cache": cache},
        }

    def lose_power(self, seed: str) -> Loss:
        """Let the power be gone: decide what of the last writes is on the disk."""
        chance = random.Random(seed)
        writes = list(entries(self._log))
        safe_until = max((i for i, one in enumerate(writes) if one.flush), default=0)
        unflushed = lost = 0
        with self._log.open("rb") as log, self._safe.open("r+b") as safe:
            for number, one in enumerate(writes):
                log.seek(one.data)
                data = log.read(one.size)
                for offset in range(0, one.size, BLOCK):
                    block = data[offset : offset + BLOCK]
                    if number > safe_until:
                        unflushed += len(block)
                        if chance.random() < 1 / 2:
                            lost += len(block)
                            continue
                    safe.seek(one.at + offset)
                    safe.write(block)
        self._copy_back(writes)
        return Loss(sum(one.size for one in writes), unflushed, lost)

    def settle(self) -> None:
        """Let everything be on the disk: the machine was switched off in order."""
        with self._log.open("rb") as log, self._safe.open("r+b") as safe:
            for one in entries(self._log):
                log.seek(one.data)
                safe.seek(one.at)
                safe.write(log.read(one.size))

    def written(self) -> int:
        """Return how many bytes the machine has written in this life."""
        return sum(one.size for one in entries(self._log))

    def keep(self, folder: Path) -> None:
        """Copy what is safe, e.g. to look at it with other tools."""
        shutil.copy(self._safe, folder)

    def _copy_back(self, writes: list[Write]) -> None:
        with self._safe.open("rb") as safe, self._live.open("r+b") as live:
            for one in writes:
                safe.seek(one.at)
                live.seek(one.at)
                live.write(safe.read(one.size))


def entries(log: Path) -> Iterator[Write]:
    """Yield what a log holds, in order; a last entry that is not whole was never done."""
    end = log.stat().st_size
    with log.open("rb") as file:
        at = SECTOR
        while at + SECTOR <= end:
            file.seek(at)
            sector, sectors, flags, _ = ENTRY.unpack(file.read(ENTRY.size))
            if not sectors and not flags:
                return
            at += SECTOR
            size = 0 if flags & DISCARDED else sectors * SECTOR
            if at + size > end:
                return
            yield Write(sector * SECTOR, size, at, bool(flags & FLUSHED))
            at += size


def free_room(folder: Path) -> int:
    """Return how many bytes are free where the disks are kept."""
    found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize
