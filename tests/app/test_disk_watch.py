"""A disk that fills is told before it is full, and no sooner than needed again."""

import shutil
from pathlib import Path

import pytest

from kiosk.app.disk_watch import OPEN_BYTES, SHUT_BYTES, DiskWatch
from kiosk.engine.messages import DiskFilling, Message


class Disk:
    """One of ten gigabytes, of which so much is free."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.free = 10**9
        monkeypatch.setattr(shutil, "disk_usage", self._usage)

    def _usage(self, _: Path) -> shutil._ntuple_diskusage:
        if self.free < 0:
            raise OSError("gone")
        return shutil._ntuple_diskusage(10**10, 10**10 - self.free, self.free)


def told(watch: DiskWatch, heard: list[Message]) -> bool:
    heard.clear()
    watch.look()
    [said] = heard
    assert isinstance(said, DiskFilling)
    return said.on


def test_it_shuts_below_one_bound_and_opens_above_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk, heard = Disk(monkeypatch), list[Message]()
    watch = DiskWatch(tmp_path, lambda message: heard.append(message) or True)
    seen = []
    for free in (10**9, SHUT_BYTES, SHUT_BYTES - 1, 0, OPEN_BYTES - 1, OPEN_BYTES, SHUT_BYTES):
        disk.free = free
        seen.append(told(watch, heard))
    assert seen == [False, False, True, True, True, False, False]


def test_it_says_so_again_to_an_engine_that_did_not_listen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk, heard = Disk(monkeypatch), list[Message]()
    watch = DiskWatch(tmp_path, lambda message: heard.append(message) or True)
    disk.free = 0
    assert told(watch, heard)
    assert told(watch, heard)


def test_a_disk_that_is_gone_is_the_journals_matter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Disk(monkeypatch).free = -1
    watch = DiskWatch(tmp_path, lambda _: pytest.fail("nothing is known"))
    assert not watch.look()
