"""Whether the disk will do for the next weeks: room, errors, and how worn the card says it is.

Read at night by `kiosk maintain`, where a person reads it and no shopper waits. What a disk does
not tell is left out: SATA and NVMe disks say more to smartctl, which needs rights that the till
does not have.

References:
    Linux, Documentation/driver-api/mmc/mmc-dev-attrs.rst (life_time, pre_eol_info); JEDEC eMMC 5.0,
    EXT_CSD 267-269; Documentation/ABI/testing/sysfs-fs-ext4 (errors_count).
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

SYS: Final = Path("/sys")
FREE_PERCENT_MIN: Final = 15
FREE_BYTES_MIN: Final = 500_000_000
"""A year of sales of one till, and its logs."""
WORN_STEP: Final = 9
"""life_time counts tenths of the life that is used up: 9 is 80 to 90 percent, 11 is beyond it."""
_EOL = {2: "80 % of its reserve is used", 3: "its reserve is used up"}


def warnings(folder: Path, sys: Path = SYS) -> list[str]:
    """Return what a person should see to before it hurts, one sentence each."""
    return [*_room(folder), *_errors(folder, sys), *_wear(folder, sys)]


def _room(folder: Path) -> Iterator[str]:
    disk = shutil.disk_usage(folder)
    wanted = max(FREE_BYTES_MIN, disk.total * FREE_PERCENT_MIN // 100)
    if disk.free < min(wanted, disk.total // 2):
        yield (
            f"The disk of {folder} has {disk.free // 1_000_000} MB free of "
            f"{disk.total // 1_000_000}. A full disk stops all selling: free some space."
        )


def _errors(folder: Path, sys: Path) -> Iterator[str]:
    """The file system itself counts what went wrong, across starts of the machine."""
    block = _block_device(folder, sys)
    if block is None:
        return
    try:
        count = int((sys / "fs/ext4" / block.name / "errors_count").read_text())
    except (OSError, ValueError):
        return
    if count:
        yield (
            f"The file system on {block.name} has counted {count} errors: the disk is dying, or "
            "was. Copy the journal to another disk today, and replace it."
        )


def _wear(folder: Path, sys: Path) -> Iterator[str]:
    """An eMMC, and some SD cards, say how much of their life is used up."""
    block = _block_device(folder, sys)
    if block is None:
        return
    for device in (block / "device", block.parent / "device"):
        try:
            worn = max(int(part, 16) for part in (device / "life_time").read_text().split())
            end_of_life = int((device / "pre_eol_info").read_text(), 16)
        except (OSError, ValueError):
            continue
        if end_of_life in _EOL:
            yield f"The card {block.name} is worn: {_EOL[end_of_life]}. Replace it."
        elif worn >= WORN_STEP:
            used = (worn - 1) * 10
            yield f"The card {block.name} is worn: {used} % of its life. Replace it soon."
        return


def _block_device(folder: Path, sys: Path) -> Path | None:
    """Return the kernel's folder for the disk, or the part of it, that `folder` lies on."""
    try:
        number = folder.stat().st_dev
    except OSError:
        return None
    link = sys / f"dev/block/{os.major(number)}:{os.minor(number)}"
    return link.resolve() if link.exists() else None
