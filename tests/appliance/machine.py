"""The machine itself: QEMU with a disk, a screen, USB sockets, a network, and a plug to pull.

Everything that a shopper, a technician or a passer-by can do to it is a method here; what is done
inside, over the test's own agent, is `machine.agent`.
"""

import json
import os
import subprocess
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from drivers.sim.loopback import free_port
from tests.appliance.image import Image
from tests.appliance.patience import until
from tests.appliance.power import Disk, Loss
from tests.appliance.wire import Agent, Refused, Wire

MEMORY_MB: Final = 1536
PROCESSORS: Final = 2
WIDTH_PX, HEIGHT_PX = 720, 1280
"""A small portrait screen: every pixel of it is drawn by the (emulated) processor."""
KERNEL_LINE: Final = (
    "root=/dev/vda rw net.ifnames=0 console=tty0 console=ttyS0 systemd.getty_auto=no "
    # What deploy/README.md tells the technician to add.
    "quiet loglevel=3 consoleblank=0 vt.global_cursor_default=0 systemd.show_status=false"
)
EMULATED: Final = "tcg,thread=multi"
UNGUARDED: Final = "mitigations=off"
"""Emulated, the kernel's walls against the processor's own faults cost half of all time, and guard
nothing: each system call would empty QEMU's table of pages. (A walk over 80,000 files: 4.9 s, and
1.1 s without.)"""
PROBE_S: Final = 20.0
TIED: Final = ("setpriv", "--pdeathsig", "KILL")
"""Whatever becomes of this program, no machine is left running."""
KEY_PAUSE_S: Final = 0.03
"""A fast scanner types a key every few milliseconds; an emulated one must be heard, too."""
TOUCH_MAX: Final = 0x7FFF
NUDGES: Final = 7
"""A touch is up to so many of these steps beside the last one: less than a pixel."""
KEY_NAMES: Final = {"\n": "ret", "\t": "tab", "-": "minus", ".": "dot", " ": "spc", "/": "slash"}


@dataclass(frozen=True, slots=True)
class Usb:
    """Something that can be plugged into a USB socket; `far_end` is the line behind its adapter."""

    driver: str
    serial: str
    far_end: Path | None = None
    later: bool = False
    """Not in its socket when the machine is switched on."""

    def properties(self, name: str) -> dict[str, Any]:
        """As QEMU has it."""
        told = {"driver": self.driver, "id": name, "serial": self.serial}
        # Plugged in also while nobody speaks at its far end: the adapter is what is plugged.
        return told | ({"chardev": name, "always-plugged": True} if self.far_end else {})


class Machine:
    """One machine, on and off as often as wanted. A context manager that leaves nothing running."""

    def __init__(self, folder: Path, image: Image, usb: dict[str, Usb], accelerator: str) -> None:
        self.folder = folder
        self.disk = Disk(folder, image.disk)
        self.usb = usb
        self.look_in_port = free_port()
        self.booted_s = 0.0
        """From power on until the agent was started, the last time."""
        self._image = image
        self._accelerator = accelerator
        self._process: subprocess.Popen[bytes] | None = None
        self._wire: Wire | None = None
        self._agent: Agent | None = None
        self._powered_at = 0.0
        self._touches = 0

    def __enter__(self) -> "Machine":
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    @property
    def agent(self) -> Agent:
        """What runs programs inside."""
        assert self._agent is not None, "the machine is off"
        return self._agent

    @property
    def emulated(self) -> bool:
        """Whether it has no hardware help, and is many times slower than any till."""
        return self._accelerator == EMULATED

    @property
    def on_for_s(self) -> float:
        """How long it has been on."""
        return time.monotonic() - self._powered_at

    # --- the plug ---------------------------------------------------------------------------------

    def power_on(self, *, wait: bool = True) -> None:
        """Switch it on, and wait until programs can be run inside."""
        for name in ("qmp", "agent"):
            self._path(name).unlink(missing_ok=True)
        self._powered_at = time.monotonic()
        with (self.folder / "qemu.log").open("ab") as log:
            self._process = subprocess.Popen([*TIED, *self._command()], stdout=log, stderr=log)
        self._wire = Wire(self._path("qmp"))
        self._wire.ask("qmp_capabilities")
        self._agent = Agent(self._path("agent"))
        if not wait:
            return
        self._agent.wait_until_up()
        self.booted_s = self.on_for_s

    def cut_power(self, seed: str) -> Loss:
        """Pull the plug (SIGKILL of QEMU), and let its disk lose what was not flushed."""
        self._end()
        return self.disk.lose_power(seed)

    def switch_off(self) -> None:
        """Shut it down in order."""
        assert self._process is not None
        with suppress(Refused, TimeoutError, ConnectionError):
            self.agent.start("systemctl", "poweroff")
        self._process.wait(120)
        self._end()
        self.disk.settle()

    def _end(self) -> None:
        for wire in (self._wire, self._agent):
            if wire is not None:
                wire.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._process = self._wire = self._agent = None

    # --- hands ------------------------------------------------------------------------------------

    def press(self, *keys: str) -> None:
        """Press keys together (QEMU's names), on the keyboard that was plugged in last."""
        codes = [{"type": "qcode", "data": key} for key in keys]
        for down, order in ((True, codes), (False, codes[::-1])):
            events = [{"type": "key", "data": {"down": down, "key": code}} for code in order]
            self._qmp("input-send-event", events=events)
            time.sleep(KEY_PAUSE_S)

    def type(self, text: str) -> None:
        """Type digits, small letters and what KEY_NAMES has."""
        for sign in text:
            self.press(KEY_NAMES.get(sign, sign))

    def touch(self, x: float, y: float) -> None:
        """Touch the glass at fractions of its width from the left and of its height from above.

        Never twice at the very same point, as no finger does: the kernel tells nothing of a place
        that did not change, and a till that was started meanwhile would take it for the corner.
        """
        self._touches += 1
        nudge = self._touches % NUDGES
        places = (("x", x), ("y", y))
        events = [
            {"type": "abs", "data": {"axis": axis, "value": round(at * TOUCH_MAX) + nudge}}
            for axis, at in places
        ]
        self._qmp("input-send-event", events=events)
        for down in (True, False):
            time.sleep(0.15)
            event = {"type": "btn", "data": {"down": down, "button": "left"}}
            self._qmp("input-send-event", events=[event])

    def plug(self, name: str) -> None:
        """Put a USB device in."""
        self._qmp("device_add", **self.usb[name].properties(name), bus="usb.0")

    def unplug(self, name: str) -> None:
        """Pull a USB device out."""
        self._qmp("device_del", id=name)

    def plug_stick(self, image: Path) -> None:
        """Put a USB stick in."""
        file = {"driver": "file", "filename": str(image)}
        self._qmp("blockdev-add", driver="raw", file=file, **{"node-name": "stick"})
        self._qmp("device_add", driver="usb-storage", id="stick", drive="stick", bus="usb.0")

    def screendump(self, path: Path) -> Path:
        """Write what the screen shows as a PNG."""
        self._qmp("screendump", filename=str(path.resolve()), format="png")
        return until(
            "the picture", lambda: path, lambda one: one.exists() and one.stat().st_size > 0
        )

    def status(self) -> str:
        """Return what QEMU says the machine does, e.g. "running"."""
        told: str = self._qmp("query-status")["status"]
        return told

    def _qmp(self, command: str, **arguments: object) -> Any:
        assert self._wire is not None, "the machine is off"
        return self._wire.ask(command, **arguments)

    # --- what it is made of -----------------------------------------------------------------------

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}.sock"

    def _command(self) -> list[str]:
        forward = f"hostfwd=tcp:127.0.0.1:{self.look_in_port}-:7000"
        command = [
            "qemu-system-x86_64", "-nodefaults", "-display", "none", "-no-user-config",
            "-accel", self._accelerator, "-cpu", processor_of(self._accelerator),
            "-m", str(MEMORY_MB), "-smp", str(PROCESSORS),
            "-kernel", str(self._image.kernel), "-initrd", str(self._image.initrd),
            "-append", f"{KERNEL_LINE} {UNGUARDED}" if self.emulated else KERNEL_LINE,
            "-blockdev", json.dumps(self.disk.blockdev()),
            "-blockdev", json.dumps({"driver": "raw", "node-name": "root", "file": "disk"}),
            "-device", "virtio-blk-pci,drive=root,write-cache=on",
            "-device", f"virtio-vga,xres={WIDTH_PX},yres={HEIGHT_PX}",
            "-netdev", f"user,id=net,{forward}", "-device", "virtio-net-pci,netdev=net",
            "-device", "virtio-rng-pci",
            "-qmp", f"unix:{self._path('qmp')},server=on,wait=off",
            "-device", "virtio-serial-pci",
            "-chardev", f"socket,id=agent,path={self._path('agent')},server=on,wait=off",
            "-device", "virtserialport,chardev=agent,name=org.qemu.guest_agent.0",
            "-chardev", f"file,id=console,path={self.folder / 'console.log'},append=on",
            "-serial", "chardev:console",
            "-device", "qemu-xhci,id=usb,p2=8,p3=8",
            "-device", "usb-tablet,bus=usb.0,id=glass,serial=GLASS1",
        ]  # fmt: skip
        for name, one in self.usb.items():
            if one.far_end:
                command += ["-chardev", f"serial,id={name},path={one.far_end}"]
            if not one.later:
                told = json.dumps({**one.properties(name), "bus": "usb.0"})
                command += ["-device", told]
        return command


def processor_of(accelerator: str) -> str:
    """Return the processor that a machine with this accelerator gets."""
    # Without hardware help the wide vector instructions cost more than they save.
    return "max" if accelerator == "kvm" else "Nehalem"


def choose_accelerator(image: Image) -> str:
    """Return "kvm" where it starts a kernel in a breath, else QEMU's own emulation.

    A /dev/kvm that is there and opens says little: in a cloud's machine it may be emulated itself,
    and slower than QEMU.
    """
    if not os.access("/dev/kvm", os.R_OK | os.W_OK):
        return EMULATED
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "console"
        probe = subprocess.Popen(
            ["qemu-system-x86_64", "-nodefaults", "-display", "none", "-accel", "kvm",
             "-cpu", processor_of("kvm"), "-m", "512", "-no-reboot",
             "-kernel", str(image.kernel), "-append", "console=ttyS0 panic=-1",
             "-serial", f"file:{log}"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            # It panics soon for want of a disk, and then ends: that is a kernel that ran.
            probe.wait(PROBE_S)
        except subprocess.TimeoutExpired:
            return EMULATED
        finally:
            probe.kill()
            probe.wait()
        return "kvm" if b"Linux version" in log.read_bytes() else EMULATED
