"""What a sale and an idle day write to the disk: an SD card lives by that.

A sale is counted by what the process hands to write() (`wchar` of /proc/PID/io): journal, its log
and the program's own lines; the few kilobytes to devices and sockets are in it too. Not by
`write_bytes`: on kernels with large folios it counts 2 MiB for each commit into the log, of which
the file system writes the touched blocks only. An idle day is counted by `write_bytes`, which never
counts too little, and where the scale's polls do not count. What ext4 and the card make of it comes
on top, a multiple for small synced writes; only the card itself could say.

Reference:
    Linux, Documentation/filesystems/proc.rst, 3.3 /proc/<pid>/io
"""

import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from kiosk.app.scenes.groceries import MILK
from kiosk.app.shopper import Shopper
from kiosk.app.store import Store
from kiosk.app.store_config import Sections
from kiosk.engine.view import Screen
from tests.bench.budget import Figure

SALES = 5
LINES = 10
IDLE_S = 60.0
DAY_S = 86_400.0
QUICK = "thanks_s = 1\nreceipt_s = 1\n"


def disk_figures(out: Path) -> Iterator[Figure]:
    """Sell a few times with ten goods each, by card, with a receipt; then do nothing."""
    environment = {"SDL_VIDEODRIVER": "offscreen", "KIVY_GL_BACKEND": "mock"}
    with (
        TemporaryDirectory(dir=out) as name,
        Store(
            folder=Path(name), environment=environment, sections=Sections(selling=QUICK)
        ) as store,
    ):
        pid = store.process_id("kiosk")
        shopper = Shopper(store, store.folder, tell=lambda _: None)
        _sell(shopper, store)  # the first one makes files that stay
        before, journal = counted(pid, "wchar"), store.journal_path.stat().st_size
        for _ in range(SALES):
            _sell(shopper, store)
        per_sale = (counted(pid, "wchar") - before) / SALES / 1000
        grown = (store.journal_path.stat().st_size - journal) / SALES / 1000
        yield Figure(
            what=f"written to the disk for a sale of {LINES} goods",
            value=per_sale,
            unit="kB",
            budget=1000,
            detail=f"the journal itself grows by {grown:.0f} kB",
        )
        before = counted(pid, "write_bytes")
        time.sleep(IDLE_S)
        per_day = (counted(pid, "write_bytes") - before) * DAY_S / IDLE_S / 1e6
        yield Figure(
            what="written to the disk on an idle day",
            value=per_day,
            unit="MB",
            budget=50,
            detail=f"from {IDLE_S:.0f} s",
        )


def counted(pid: int, name: str) -> int:
    """Return one of the kernel's counters of what the process has written."""
    lines = Path(f"/proc/{pid}/io").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))


def _sell(shopper: Shopper, store: Store) -> None:
    shopper.wait_for_screen(Screen.START)
    for _ in range(LINES):
        shopper.scan(MILK, "]E0")
    shopper.press("Betal")
    shopper.wait_for_screen(Screen.BAGS)
    shopper.press("Betal uten pose")
    shopper.wait_for_screen(Screen.PAY)
    shopper.press("Kort")
    store.far_end("terminal").call("wait_for", "card")
    store.far_end("terminal").call("tap_card")
    shopper.wait_for_screen(Screen.RECEIPT)
    shopper.press("På papir")
    shopper.wait_for_screen(Screen.START)
