"""A disk that is filling, failing or worn is told of before it stops the shop."""

import os
import shutil
from pathlib import Path

import pytest

from kiosk.app.storage import warnings

GIGABYTE = 1_000_000_000


@pytest.fixture
def sys(tmp_path: Path) -> Path:
    """What the kernel says of an eMMC's second partition, which the folder lies on."""
    root = tmp_path / "sys"
    partition = root / "devices/mmc/mmcblk0/mmcblk0p2"
    partition.mkdir(parents=True)
    card = root / "devices/mmc/mmc0:0001"
    card.mkdir()
    (partition.parent / "device").symlink_to(card)
    number = tmp_path.stat().st_dev
    link = root / f"dev/block/{os.major(number)}:{os.minor(number)}"
    link.parent.mkdir(parents=True)
    link.symlink_to(partition)
    (card / "life_time").write_text("0x01 0x02\n")
    (card / "pre_eol_info").write_text("0x01\n")
    errors = root / "fs/ext4/mmcblk0p2/errors_count"
    errors.parent.mkdir(parents=True)
    errors.write_text("0\n")
    return root


@pytest.fixture(autouse=True)
def room(monkeypatch: pytest.MonkeyPatch) -> None:
    leave(monkeypatch, 20 * GIGABYTE)


def leave(monkeypatch: pytest.MonkeyPatch, free: int, total: int = 32 * GIGABYTE) -> None:
    usage = shutil._ntuple_diskusage(total, total - free, free)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)


def card(sys: Path) -> Path:
    return sys / "devices/mmc/mmc0:0001"


def test_a_good_disk_is_not_spoken_of(tmp_path: Path, sys: Path) -> None:
    assert warnings(tmp_path, sys) == []


def test_a_disk_that_fills_is_told_before_it_is_full(
    tmp_path: Path, sys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave(monkeypatch, 4 * GIGABYTE)
    (said,) = warnings(tmp_path, sys)
    assert "4000 MB free of 32000" in said


def test_a_small_disk_is_not_told_of_for_ever(
    tmp_path: Path, sys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave(monkeypatch, 300_000_000, total=400_000_000)
    assert warnings(tmp_path, sys) == []


def test_errors_of_the_file_system_are_told(tmp_path: Path, sys: Path) -> None:
    (sys / "fs/ext4/mmcblk0p2/errors_count").write_text("3\n")
    (said,) = warnings(tmp_path, sys)
    assert "counted 3 errors" in said


@pytest.mark.parametrize(
    ("life", "reserve", "word"),
    [("0x01 0x09", "0x01", "80 % of its life"), ("0x01 0x01", "0x02", "80 % of its reserve"),
     ("0x0b 0x0b", "0x03", "used up")],
)  # fmt: skip
def test_a_worn_card_says_so(tmp_path: Path, sys: Path, life: str, reserve: str, word: str) -> None:
    (card(sys) / "life_time").write_text(life)
    (card(sys) / "pre_eol_info").write_text(reserve)
    (said,) = warnings(tmp_path, sys)
    assert word in said


@pytest.mark.parametrize("junk", ["", "worn", "0x"])
def test_a_disk_that_tells_nothing_is_no_reason_for_an_alarm(
    tmp_path: Path, sys: Path, junk: str
) -> None:
    (card(sys) / "life_time").write_text(junk)
    (sys / "fs/ext4/mmcblk0p2/errors_count").write_text(junk)
    assert warnings(tmp_path, sys) == []
    assert warnings(tmp_path, tmp_path / "none") == []
