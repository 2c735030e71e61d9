"""A barcode scanner that types, as the kernel's input layer would show it, through umockdev.

umockdev puts a made-up /dev and /sys before one process and its children, by LD_PRELOAD. So this
far end works inside that process only, started as `umockdev-wrapper python ...` (Debian packages
umockdev and libumockdev0). It serves the tests of the evdev driver. It cannot serve the demo: the
kiosk would lose the real /dev and /sys with it, and so its screen. There the scanner is on a
serial line. Where /dev/uinput exists, uinput is the better far end; containers have none.

What differs from a kernel: grabbing always succeeds, and a device that is gone reads as end of
file instead of ENODEV.
"""

import atexit
import ctypes
import os
import struct
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar, Final

from drivers.deadline import SYSTEM_CLOCK, Deadline, ready
from drivers.scanner.layouts import KEYPAD, LAYOUTS, Layout

CHUNK_BYTES: Final = 960
"""Twenty strokes with their SYNs."""
READ_TIMEOUT_S: Final = 0.5
"""How long to wait for a driver that does not read."""
_EV_SYN: Final = 0
_EV_KEY: Final = 1
_SYN_DROPPED: Final = 3
_EVENT: Final = struct.Struct("llHHi")
_LEFT_SHIFT: Final = 42
_LEFT_ALT: Final = 56
_RIGHT_ALT: Final = 100
_ENTER: Final = 28
_TAB: Final = 15
_KEYPAD_KEYS: Final = {text: key for key, text in KEYPAD.items()}
Stroke = tuple[int, int]
"""A key's number, and 1 down, 0 up or 2 repeated."""


def strokes(text: str, layout: Layout) -> Iterator[Stroke]:
    """Yield what a scanner sends to type `text`; what has no key goes by Alt and three digits."""
    plain = {character: key for key, character in layout.plain.items()}
    shifted = {character: key for key, character in layout.shift.items()}
    third = {character: key for key, character in layout.altgr.items()}
    for character in text:
        if character in plain:
            yield from _press(plain[character])
        elif character in shifted:
            yield from _press(_LEFT_SHIFT, *_press(shifted[character]))
        elif character in third:
            yield from _press(_RIGHT_ALT, *_press(third[character]))
        elif character in "\r\t":
            yield from _press(_ENTER if character == "\r" else _TAB)
        else:
            digits = [_KEYPAD_KEYS[digit] for digit in f"{ord(character):03}"]
            yield from _press(_LEFT_ALT, *(s for key in digits for s in _press(key)))


def _press(key: int, *inside: Stroke) -> Iterator[Stroke]:
    yield key, 1
    yield from inside
    yield key, 0


class KeyboardScannerSim:
    """The scanner: one USB device with a keyboard node and a consumer-control node."""

    VERBS: ClassVar[tuple[str, ...]] = ("scan", "type_keys", "overrun", "unplug", "plug_in")
    _next_event = 5

    def __init__(
        self,
        *,
        vendor_id: str = "05e0",
        model_id: str = "1200",
        serial: str = "S20145",
        layout: str = "us",
        suffix: str = "\r",
        aim_id: bool = True,
        port: str = "1-1",
    ) -> None:
        self._properties = {
            "ID_VENDOR_ID": vendor_id,
            "ID_MODEL_ID": model_id,
            "ID_SERIAL_SHORT": serial,
        }
        self._layout = LAYOUTS[layout]
        self._suffix = suffix
        self._aim_id = aim_id
        self._usb = f"/devices/pci0000:00/0000:00:14.0/usb1/{port}"
        self._testbed = _testbed()
        root = _library().umockdev_testbed_get_root_dir(self._testbed)
        self._root = Path(os.fsdecode(root))
        self._pty_notes = self._root / "dev/.ptymap"
        self._events: list[int] = []
        self._add(f"P: {self._usb}\nE: SUBSYSTEM=usb\nE: DEVTYPE=usb_device\n\n")
        self.plug_in()

    # --- the world ------------------------------------------------------------------------------

    def scan(self, text: str, aim: str = "") -> bool:
        """Hold a code before the window. False: its cable is out."""
        label = (aim if self._aim_id else "") + text + self._suffix
        return self.type_keys(list(strokes(label, self._layout)))

    def type_keys(self, keys: list[Stroke]) -> bool:
        """Send key events as they are, each followed by its SYN."""
        data = b"".join(
            _EVENT.pack(0, 0, _EV_KEY, key, value) + _EVENT.pack(0, 0, _EV_SYN, 0, 0)
            for key, value in keys
        )
        return self._write(data)

    def overrun(self) -> bool:
        """Let the kernel say that it lost events."""
        return self._write(_EVENT.pack(0, 0, _EV_SYN, _SYN_DROPPED, 0))

    def unplug(self) -> None:
        """Pull the cable."""
        for event in self._events:
            path = self._event_path(event)
            fd = _library().umockdev_testbed_get_dev_fd(self._testbed, _node(event))
            terminal = self._terminal(event)
            _library().umockdev_testbed_uevent(self._testbed, path.encode(), b"remove")
            _library().umockdev_testbed_remove_device(self._testbed, path.encode())
            # umockdev forgets the device but keeps the line to its reader open, and the note of
            # which pseudo-terminal it was, whose number the next device may get.
            (self._pty_notes / terminal.replace("/", "_")).unlink()
            os.close(fd)
        self._events = []

    def plug_in(self) -> None:
        """Put the cable in; the kernel counts its nodes on."""
        if self._events:
            return
        for interface in (0, 1):
            self._add_node(interface, KeyboardScannerSim._next_event)
            self._events.append(KeyboardScannerSim._next_event)
            KeyboardScannerSim._next_event += 1

    def state(self) -> dict[str, Any]:
        """What an onlooker would see."""
        return {"plugged_in": bool(self._events), "nodes": [f"event{n}" for n in self._events]}

    def close(self) -> None:
        """Take it away for good; another one may use the same port."""
        self.unplug()
        _library().umockdev_testbed_remove_device(self._testbed, f"/sys{self._usb}".encode())

    # --- the emulation --------------------------------------------------------------------------

    def _event_path(self, event: int) -> str:
        return f"/sys{self._usb}/{self._usb.rpartition('/')[2]}:1.0/input/input{event}/event{event}"

    def _write(self, data: bytes) -> bool:
        if not self._events:
            return False
        fd = _library().umockdev_testbed_get_dev_fd(self._testbed, _node(self._events[0]))
        terminal = os.open(self._terminal(self._events[0]), os.O_RDONLY | os.O_NOCTTY)
        try:
            for start in range(0, len(data), CHUNK_BYTES):
                os.write(fd, data[start : start + CHUNK_BYTES])
                self._wait_until_read(terminal)
        finally:
            os.close(terminal)
        return True

    def _wait_until_read(self, terminal: int) -> None:
        """Send no faster than the driver reads, as a scanner's cable does (1 ms a report).

        A pseudo-terminal with 4096 bytes unread would split an event, which a kernel never does.
        """
        deadline = Deadline(SYSTEM_CLOCK, READ_TIMEOUT_S)
        while True:
            ready((), 0.001)
            if not ready([terminal], 0) or deadline.passed():
                return

    def _terminal(self, event: int) -> str:
        return str((self._root / "dev/input" / f"event{event}").readlink())

    def _add_node(self, interface: int, event: int) -> None:
        event_path = self._event_path(event).removeprefix("/sys")
        properties = "".join(f"E: {name}={value}\n" for name, value in self._properties.items())
        description = (
            f"P: {event_path}\nN: input/event{event}\nE: DEVNAME=/dev/input/event{event}\n"
            f"E: SUBSYSTEM=input\nE: ID_INPUT=1\nE: ID_USB_INTERFACE_NUM=0{interface}\n{properties}"
            f"A: dev=13:{64 + event}\nL: device=../../input{event}\n\n"
            f"P: {event_path.rpartition('/')[0]}\nE: SUBSYSTEM=input\nA: name=Scanner\n\n"
        )
        self._add(description)
        self._load_ioctls(interface, event)
        _library().umockdev_testbed_uevent(self._testbed, self._event_path(event).encode(), b"add")

    def _add(self, description: str) -> None:
        add = _library().umockdev_testbed_add_from_string
        _checked(add(self._testbed, description.encode(), None))

    def _load_ioctls(self, interface: int, event: int) -> None:
        # Each answer has the size that python-evdev asks for. Node 0 has every keyboard key, node
        # 1 only volume keys, as composite scanners do.
        keys = b"\xff" * 32 if interface == 0 else bytes(14) + b"\x0e" + bytes(17)
        name = b"Scanner".ljust(256, b"\0")
        text = (
            "EVIOCGVERSION 0 01000100\n"
            f"EVIOCGID 0 {struct.pack('<HHHH', 3, 0x05E0, 0x1200, 0x0100).hex().upper()}\n"
            f"EVIOCGNAME(0) 8 {name.hex().upper()}\n"
            "EVIOCGBIT(0) 4 03000000\n"
            f"EVIOCGBIT(1) 96 {keys.ljust(96, bytes(1)).hex().upper()}\n"
            "EVIOCGPROP(0) 4 00000000\n"
            "EVIOCGEFFECTS 0 00000000\n"
        )
        with TemporaryDirectory() as folder:
            record = Path(folder) / "ioctl"
            record.write_text(text)
            load = _library().umockdev_testbed_load_ioctl
            _checked(load(self._testbed, _node(event), str(record).encode(), None))


def _node(event: int) -> bytes:
    return f"/dev/input/event{event}".encode()


@cache
def _library() -> ctypes.CDLL:
    library = ctypes.CDLL("libumockdev.so.0")
    pointer, text = ctypes.c_void_p, ctypes.c_char_p
    library.umockdev_testbed_new.restype = pointer
    library.umockdev_testbed_new.argtypes = []
    library.umockdev_testbed_get_root_dir.restype = text
    library.umockdev_testbed_get_root_dir.argtypes = [pointer]
    library.umockdev_testbed_add_from_string.argtypes = [pointer, text, pointer]
    library.umockdev_testbed_load_ioctl.argtypes = [pointer, text, text, pointer]
    library.umockdev_testbed_get_dev_fd.argtypes = [pointer, text]
    library.umockdev_testbed_uevent.argtypes = [pointer, text, text]
    library.umockdev_testbed_remove_device.argtypes = [pointer, text]
    return library


def available() -> bool:
    """Whether this process runs under umockdev, so that a keyboard scanner can be made up."""
    return "libumockdev-preload" in os.environ.get("LD_PRELOAD", "")


@cache
def _testbed() -> int:
    """The one made-up /dev and /sys of this process; it lasts as long as the process."""
    if not available():
        raise RuntimeError("not under umockdev: start as `umockdev-wrapper python ...`")
    testbed: int = _library().umockdev_testbed_new()
    # Removes the made-up folders when the process ends.
    atexit.register(ctypes.CDLL("libgobject-2.0.so.0").g_object_unref, ctypes.c_void_p(testbed))
    # Every computer has one of these, and no scanner driver may take it for its own.
    power_button = (
        "P: /devices/platform/button/input/input0/event0\nN: input/event0\n"
        "E: DEVNAME=/dev/input/event0\nE: SUBSYSTEM=input\nE: ID_INPUT=1\nA: dev=13:64\n\n"
    )
    add = _library().umockdev_testbed_add_from_string
    _checked(add(testbed, power_button.encode(), None))
    return testbed


def _checked(done: int) -> None:
    if not done:
        raise RuntimeError("umockdev refused the made-up device")
