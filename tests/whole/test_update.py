"""A whole kiosk takes a release up when nobody shops, says so in its journal, and goes back from a
sick one.

What systemd does is done here: the guard before each start, and a start after each end. Minutes are
made short; nothing else is.
"""

import sys
import sysconfig
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from drivers.deadline import SYSTEM_CLOCK, Deadline, ready
from kiosk.app.shopper import Shopper
from kiosk.app.store import Store, StoreError
from kiosk.app.store_config import Sections
from kiosk.app.update.guard import STARTS_MAX, Disk
from kiosk.engine.view import Screen
from kiosk.fiscal.events import SoftwareUpdated
from kiosk.journal import Journal

ROOT = Path(__file__).parents[2]
MILK = "7038010001659"
OLD, NEW, SICK = "0.8.0+aaaaaaaa", "0.9.0+bbbbbbbb", "0.9.1+cccccccc"
QUICK = "thanks_s = 1\nreceipt_s = 1\n"
PATIENCE_S = 120.0

START = """\
import os, sys
from pathlib import Path
from kiosk.app.update import guard
version = guard.start(guard.Disk(Path({home}), Path({words})))
python = os.path.join({home}, version, "venv/bin/python")
os.execv(python, [python, "-m", "hasty_kiosk", *sys.argv[1:]])
"""
HASTY = """\
from pathlib import Path
from kiosk.app.update import waiting
waiting.LOOK_S, waiting.NIGHT_QUIET_S, waiting.TRIAL_S = 0.1, 1.0, 0.5
waiting.is_night = lambda *_: True
waiting.WORDS = Path({words})
look = waiting.Waiter.look
def counted(self):
    with open({looks}, "a") as file:
        file.write(".")
    look(self)
waiting.Waiter.look = counted
from kiosk.app.cli import main
main()
"""


def make_version(home: Path, words: Path, version: str, *, is_sick: bool = False) -> None:
    """Lay a version beside the others, as the builder does: its own number and environment."""
    venv = home / version / "venv"
    packages = venv / f"lib/python{sysconfig.get_python_version()}/site-packages"
    number = version.partition("+")[0]
    about = packages / f"selvkasse-{number}.dist-info"
    for folder in (venv / "bin", about):
        folder.mkdir(parents=True)
    python = Path(sys.executable).resolve()
    (venv / "bin/python").symlink_to(python)
    (venv / "pyvenv.cfg").write_text(f"home = {python.parent}\n")
    (packages / "shared.pth").write_text(f"{sysconfig.get_path('purelib')}\n{ROOT}\n")
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: selvkasse\nVersion: {number}\n")
    text = HASTY.format(words=repr(str(words)), looks=repr(str(home / "looks")))
    (packages / "hasty_kiosk.py").write_text("raise SystemExit(1)\n" if is_sick else text)
    (home / version / "complete").touch()


class InstalledStore(Store):
    """A store whose kiosk was installed, with a guard before each start."""

    def _spawn(self, name: str, command: list[str]) -> None:
        if name == "kiosk":
            command = [sys.executable, str(self.folder / "start.py"), *command[3:]]
        super()._spawn(name, command)


@dataclass
class Installed:
    """The store, and what lies under /opt."""

    store: Store
    home: Path
    disk: Disk
    shopper: Shopper

    def offer(self, version: str) -> None:
        """As the builder does when it has built a version."""
        self.disk.save(replace(self.disk.state(), waiting=version, waiting_counter=1))

    def wait(self, so: Callable[[], Any], what: str) -> None:
        deadline = Deadline(SYSTEM_CLOCK, PATIENCE_S)
        while not so():
            assert not deadline.passed(), f"waited in vain for {what}"
            ready((), 0.05)

    def wait_for_looks(self, more: int) -> None:
        path = self.home / "looks"
        wanted = path.stat().st_size + more if path.exists() else more
        self.wait(lambda: path.exists() and path.stat().st_size >= wanted, f"{more} looks")

    def has_ended(self) -> bool:
        return self.store._processes["kiosk"].poll() is not None

    def start_again(self) -> None:
        """As systemd does."""
        self.store.restart("kiosk")
        self.shopper.wait_for_screen(Screen.START)

    def updates_told(self) -> list[tuple[str, str]]:
        journal = Journal.open(self.store.journal_path, read_only=True)
        try:
            events = [record.event for record in journal.after(0, 100_000)]
        finally:
            journal.close()
        return [
            (one.from_version, one.to_version) for one in events if isinstance(one, SoftwareUpdated)
        ]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    folder = tmp_path_factory.mktemp("installed")
    home, words = folder / "opt", folder / "words"
    for path in (home, words, folder / "screens"):
        path.mkdir()
    for version in (OLD, NEW, SICK):
        make_version(home, words, version, is_sick=version == SICK)
    (home / "guard").touch()
    (home / "current").symlink_to(OLD)
    start = START.format(home=repr(str(home)), words=repr(str(words)))
    shop = folder / "shop"
    shop.mkdir()
    (shop / "start.py").write_text(f"import sys\nsys.path.insert(0, {str(ROOT)!r})\n{start}")
    with InstalledStore(folder=shop, sections=Sections(selling=QUICK)) as store:
        shopper = Shopper(store, folder / "screens", tell=lambda _: None)
        yield Installed(store, home, Disk(home, words), shopper)


def test_a_release_waits_for_the_shopper_and_takes_over_when_nobody_is_there(
    installed: Installed,
) -> None:
    installed.shopper.wait_for_screen(Screen.START)
    sale_id = installed.shopper.scan(MILK, "]E0").sale_id
    installed.offer(NEW)
    installed.wait_for_looks(20)  # two seconds of its own time: twice what is quiet enough
    assert not installed.has_ended(), "nobody is thrown out"
    assert installed.shopper.scan(MILK, "]E0").sale_id == sale_id
    pay(installed)
    installed.wait(installed.has_ended, "the kiosk to stop itself")
    assert installed.disk.facts().stopped_for == NEW
    installed.start_again()
    assert installed.disk.facts().current == NEW
    assert installed.updates_told() == [("0.8.0", "0.9.0")], "13007, once"
    installed.wait(lambda: installed.disk.facts().healthy == NEW, "its own word that it is well")


def test_a_sick_release_is_left_again_and_the_one_before_sells(installed: Installed) -> None:
    installed.offer(SICK)
    installed.wait(installed.has_ended, "the kiosk to stop itself")
    for _ in range(STARTS_MAX):
        with pytest.raises(StoreError):
            installed.store.restart("kiosk")
        assert installed.disk.facts().current == SICK
    installed.start_again()
    assert installed.disk.facts().current == NEW
    assert installed.disk.state().failed == (SICK,)
    assert installed.shopper.scan(MILK, "]E0").lines, "it sells"
    assert installed.updates_told() == [("0.8.0", "0.9.0")], "the sick one never wrote a word"


def pay(installed: Installed) -> None:
    """Pay by card, and take the receipt."""
    shopper, terminal = installed.shopper, installed.store.far_end("terminal")
    shopper.press("Betal")
    view = shopper.wait_for("bags or pay", lambda v: v.screen in (Screen.BAGS, Screen.PAY))
    if view.screen is Screen.BAGS:
        shopper.press("Betal uten pose")
        shopper.wait_for_screen(Screen.PAY)
    shopper.press("Kort")
    terminal.call("wait_for", "card")
    terminal.call("tap_card")
