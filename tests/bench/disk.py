"""What a sale and an idle day write to the disk: an SD card lives by that.

The kernel counts what a process sends to the disk (`write_bytes` of /proc/PID/io: pages, so a
row of 300 bytes counts as the pages that it touches). The journal's own growth stands beside it.

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
        before, journal = written_bytes(pid), store.journal_path.stat().st_size
        for _ in range(SALES):
            _sell(shopper, store)
        per_sale = (written_bytes(pid) - before) / SALES / 1000
        grown = (store.journal_path.stat().st_size - journal) / SALES / 1000
        yield Figure(
            what=f"written to the disk for a sale of {LINES} goods",
            value=per_sale,
            unit="kB",
            budget=1000,
            detail=f"the journal itself grows by {grown:.0f} kB",
        )
        before = written_bytes(pid)
        time.sleep(IDLE_S)
        per_day = (written_bytes(pid) - before) * DAY_S / IDLE_S / 1e6
        yield Figure(
            what="written to the disk on an idle day",
            value=per_day,
            unit="MB",
            budget=50,
            detail=f"from {IDLE_S:.0f} s",
        )


def written_bytes(pid: int) -> int:
    """Return what the process has sent to the disk so far."""
    lines = Path(f"/proc/{pid}/io").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("write_bytes"))


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
