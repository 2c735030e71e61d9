"""What a passer-by tries with a keyboard, a stick and a printed barcode: nothing comes of it."""

import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.appliance.customer import Customer
from tests.appliance.patience import until
from tests.appliance.shop import Counter, FarEnds
from tests.appliance.table import Proofs

WAIT_S: Final = 5.0
"""How long something may take to come of a key that nothing should come of."""
GOT_IN: Final = "/tmp/got-in"
LOCAL: Final = ("127.0.0.", "[::1]")
STICK_BYTES: Final = 32 << 20


@dataclass(frozen=True, slots=True)
class Life:
    """What must be the same afterwards."""

    boot_id: str
    till: str
    """The till's process."""
    console: str


def prove_closed(proofs: Proofs, counter: Counter, shop: FarEnds) -> None:
    """Each attempt, and after it the same life of the same till on the same console."""
    machine = counter.machine
    customer = Customer(counter, shop, proofs.out / "screens")
    customer.scene = "hands"
    with proofs.proof(
        "closed", "no console asks for a login, SysRq is off, nothing listens"
    ) as said:
        said.append(_nothing_waits(counter))
    machine.plug("intruder")
    machine.agent.sh("udevadm settle")
    time.sleep(WAIT_S)
    tries: dict[str, Callable[[], None]] = {
        "Ctrl-Alt-F1 to F6 and Alt-Right": lambda: _other_consoles(counter),
        "Ctrl-Alt-Del, eight times": lambda: _press_often(counter, "ctrl", "alt", "delete"),
        "SysRq: boot, crash, kill": lambda: _sysrq(counter),
        "Ctrl-C, Ctrl-Z, Ctrl-\\, Esc, Alt-F4, F1, F11, Ctrl-Q": lambda: _ends(counter),
        "a name, a password and a command": lambda: machine.type(f"root\n\ntouch {GOT_IN}\n"),
    }
    for words, attempt in tries.items():
        with proofs.proof("closed", f"a keyboard: {words}"):
            _unmoved(counter, attempt)
    customer.look("after-keyboard")
    machine.unplug("intruder")
    with proofs.proof("closed", "a scanner that types control keys and a command"):
        _unmoved(counter, lambda: _bad_barcode(counter))
    with proofs.proof("closed", "and the same scanner sells milk after that") as said:
        customer.scan_until_there()
        customer.look("milk")
        customer.leave()
        said.append("scanned and paid")
    with proofs.proof(
        "closed", "a USB stick: seen by the kernel, not mounted, nothing of it run"
    ) as said:
        said.append(_stick(counter))


def life(counter: Counter) -> Life:
    """Look at what must not change."""
    agent = counter.machine.agent
    return Life(
        agent.sh("cat /proc/sys/kernel/random/boot_id"),
        agent.sh("systemctl show -P MainPID -P NRestarts kiosk"),
        agent.sh("cat /sys/class/tty/tty0/active"),
    )


def _unmoved(counter: Counter, attempt: Callable[[], None]) -> None:
    before = life(counter)
    attempt()
    time.sleep(WAIT_S)
    assert life(counter) == before, f"before {before}, after {life(counter)}"
    assert counter.machine.agent.sh(f"ls {GOT_IN} 2>/dev/null || true") == ""
    assert _logins(counter) == ""


def _logins(counter: Counter) -> str:
    """Return what asks for a login or is a shell; our own question's shell is not meant."""
    own = "ps -e -o ppid=,comm= | grep -vE 'qemu-ga' | awk '$2 ~ /getty|^login$|^bash$/ {print $2}'"
    return counter.machine.agent.sh(own)


def _nothing_waits(counter: Counter) -> str:
    agent = counter.machine.agent
    assert agent.sh("cat /proc/sys/kernel/sysrq") == "0"
    assert _logins(counter) == ""
    listening = agent.sh("ss -Htln | awk '{print $4}'").split()
    strange = [one for one in listening if not one.endswith(":7000") and not one.startswith(LOCAL)]
    assert not strange, f"listens at {strange}"
    return "sysrq 0, no getty, no open port but the test's own"


def _other_consoles(counter: Counter) -> None:
    for number in range(1, 7):
        counter.machine.press("ctrl", "alt", f"f{number}")
    counter.machine.press("alt", "right")


def _press_often(counter: Counter, *keys: str) -> None:
    for _ in range(8):
        counter.machine.press(*keys)


def _sysrq(counter: Counter) -> None:
    for letter in "bcekiu":
        counter.machine.press("alt", "sysrq", letter)


def _ends(counter: Counter) -> None:
    for keys in (("ctrl", "c"), ("ctrl", "z"), ("ctrl", "backslash"), ("esc",), ("alt", "f4"),
                 ("f1",), ("f11",), ("ctrl", "q"), ("meta_l",), ("alt", "tab")):  # fmt: skip
        counter.machine.press(*keys)


def _bad_barcode(counter: Counter) -> None:
    """Everything above, typed by what the till takes for its scanner."""
    _other_consoles(counter)
    _press_often(counter, "ctrl", "alt", "delete")
    _sysrq(counter)
    _ends(counter)
    counter.machine.type(f"../../etc/passwd\n touch {GOT_IN}\n" + "9" * 300 + "\n")


def _stick(counter: Counter) -> str:
    machine = counter.machine
    image = _stick_image(machine.folder)
    before = machine.agent.sh("findmnt -rn -o TARGET | sort")
    machine.plug_stick(image)
    seen = until("the stick", lambda: machine.agent.sh("lsblk -rno NAME,TRAN | grep usb || true"))
    time.sleep(WAIT_S)
    assert machine.agent.sh("findmnt -rn -o TARGET | sort") == before, "something was mounted"
    machine.unplug("stick")
    return f"/dev/{seen.split()[0]} is there, and not mounted"


def _stick_image(folder: Path) -> Path:
    """A file system with an autorun.sh."""
    tree, image = folder / "stick", folder / "stick.raw"
    tree.mkdir(exist_ok=True)
    (tree / "autorun.sh").write_text(f"#!/bin/sh\ntouch {GOT_IN}\n")
    with image.open("wb") as file:
        file.truncate(STICK_BYTES)
    subprocess.run(["mke2fs", "-q", "-F", "-t", "ext2", "-d", tree, image], check=True)
    return image
