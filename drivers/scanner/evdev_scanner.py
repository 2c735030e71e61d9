"""A barcode scanner that types: a USB or Bluetooth keyboard, as the kernel's input layer shows it.

The scanner is found by what udev knows of it, never by the look of its name. All its event nodes
are grabbed, so that what it types reaches neither the screen's toolkit nor a text console, where
a barcode could be a command. It cannot sound tones on demand and cannot be switched off: scans
that are not wanted are refused here.
"""

import errno
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import ClassVar, Final, Literal

import evdev
import pyudev
from evdev import ecodes

from drivers.deadline import SYSTEM_CLOCK, Clock, ready
from drivers.errors import DeviceBusy, DeviceConfigError, DeviceLost
from drivers.reader import Backoff, OnCrash
from drivers.scanner.framing import SUFFIX_NAMES, Framer, Framing
from drivers.scanner.gate import GatedScanner, Tone
from drivers.scanner.keys import KeyDecoder
from drivers.scanner.layouts import LAYOUTS
from drivers.transport import lost_device_errors

IDLE_S: Final = 60.0
"""How long one wait is; keys, a command and the stop flag all end it at once."""
EVDEV_BACKOFF: Final = Backoff(first_s=0.2, limit_s=1.0)
"""Looking for a device in udev's database is cheap, so a scanner is back within a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvdevScannerOptions:
    """Which scanner it is, and how it is set up.

    At least one of `vendor_id`, `model_id` and `serial` must be given; those that are must all
    match udev's ID_VENDOR_ID, ID_MODEL_ID and ID_SERIAL_SHORT (`udevadm info /dev/input/eventN`).
    """

    name: str
    vendor_id: str = ""
    """Four hexadecimal digits, e.g. "05e0"."""
    model_id: str = ""
    serial: str = ""
    layout: Literal["us", "no"] = "us"
    """The country that the scanner is set to."""
    suffix: Literal["any", "none", "cr", "tab"] = "any"
    prefix: str = ""
    aim_id: bool = True
    gs_substitute: str = ""
    special_keys: Mapping[str, str] = field(default_factory=dict)
    """Keys that stand for one character, by their kernel names: {"KEY_F8": "\\u001d"}."""
    length_max: int = 1024
    gap_ms: int = 80
    half_code_ms: int = 500

    def __post_init__(self) -> None:
        if not self.properties():
            raise ValueError("one of vendor_id, model_id and serial must be given")
        for key in self.special_keys:
            if not isinstance(ecodes.ecodes.get(key), int):
                raise ValueError(f"special_keys: no key is called {key!r}. Example: KEY_F8.")
        self.framing()

    def properties(self) -> dict[str, str]:
        """The udev properties that must match."""
        wanted = {
            "ID_VENDOR_ID": self.vendor_id.lower(),
            "ID_MODEL_ID": self.model_id.lower(),
            "ID_SERIAL_SHORT": self.serial,
        }
        return {name: value for name, value in wanted.items() if value}

    def framing(self) -> Framing:
        """The part that is about frames."""
        return Framing(
            prefix=self.prefix.encode(),
            suffixes=SUFFIX_NAMES[self.suffix],
            gap_ms=self.gap_ms,
            half_code_ms=self.half_code_ms,
            length_max=self.length_max,
            aim_id=self.aim_id,
            gs_substitute=self.gs_substitute,
        )


class EvdevScanner(GatedScanner):
    """See the module."""

    OPTIONS: ClassVar = EvdevScannerOptions

    def __init__(
        self,
        options: EvdevScannerOptions,
        *,
        clock: Clock = SYSTEM_CLOCK,
        backoff: Backoff = EVDEV_BACKOFF,
        on_crash: OnCrash | None = None,
    ) -> None:
        super().__init__(options.name, clock=clock, backoff=backoff, on_crash=on_crash)
        self._wanted = options.properties()
        special = {ecodes.ecodes[key]: text for key, text in options.special_keys.items()}
        self._decoder = KeyDecoder(LAYOUTS[options.layout], special)
        self._framer = Framer(options.framing())
        self._nodes: dict[int, evdev.InputDevice[str]] = {}

    def connect(self) -> None:
        """Find the scanner, open and grab all its nodes."""
        for path in find_event_nodes(self._wanted):
            with lost_device_errors(path):
                node = evdev.InputDevice(path)
                self._nodes[node.fd] = node
                _grab(node)

    def on_connected(self) -> None:
        """Forget the keys that were held when the scanner went, and what it typed before."""
        self._decoder.reset()
        self._framer.reset()
        self.forget_tones()
        for node in self._nodes.values():
            for _ in _events(node):
                pass

    def disconnect(self) -> None:
        """Close the nodes, which lets go of them too."""
        for node in self._nodes.values():
            with suppress(OSError):
                node.close()
        self._nodes.clear()

    def step(self) -> None:
        """Wait for keys, put them together, pass on whole codes."""
        self.forget_tones()
        silence_s = self._framer.silence_ends_in_s(self.clock.monotonic_ns())
        timeout_s = IDLE_S if silence_s is None else silence_s
        got = ready([*self._nodes, self.stopping, self.wake], timeout_s)
        self.wake.clear()
        typed = False
        for fd, node in self._nodes.items():
            if fd in got:
                typed = True
                self._take(node)
        if not typed:
            for outcome in self._framer.on_silence(self.clock.monotonic_ns()):
                self.admit(outcome)

    def sound(self, tone: Tone) -> None:
        """Keyboards have no tones; the kiosk's own loudspeaker does it."""

    def _take(self, node: "evdev.InputDevice[str]") -> None:
        now_ns = self.clock.monotonic_ns()
        for event in _events(node):
            if event.type == ecodes.EV_SYN and event.code == ecodes.SYN_DROPPED:
                # The kernel's buffer ran over: keys are missing, so the code is not whole.
                self.count("overruns")
                self._decoder.reset()
                self._framer.spoil()
            elif event.type == ecodes.EV_KEY:
                text = self._decoder.key(event.code, event.value)
                for outcome in self._framer.feed(text.encode(), now_ns) if text else ():
                    self.admit(outcome)


def find_event_nodes(wanted: Mapping[str, str]) -> list[str]:
    """Return the event nodes of the one device whose udev properties match.

    Raises:
        DeviceLost: there is none.
        DeviceConfigError: there are several; the message says how to tell them apart.
    """
    found: dict[str, list[str]] = {}
    for device in pyudev.Context().list_devices(subsystem="input", **wanted):
        path = device.device_node
        # pyudev's match is "any of the properties"; ours is "all of them".
        if path is None or not os.path.basename(path).startswith("event"):  # noqa: PTH119
            continue
        if all(device.properties.get(name) == value for name, value in wanted.items()):
            found.setdefault(_physical_device(device), []).append(path)
    described = ", ".join(f"{name}={value}" for name, value in wanted.items())
    if not found:
        raise DeviceLost(f"no input device with {described}. Is the scanner plugged in?")
    if len(found) > 1:
        raise DeviceConfigError(
            f"{len(found)} input devices with {described}: "
            f"{'; '.join(', '.join(sorted(paths)) for paths in found.values())}. "
            "Add the serial number of the one that is meant."
        )
    (paths,) = found.values()
    return sorted(paths)


def _physical_device(device: pyudev.Device) -> str:
    """What all event nodes of one scanner have in common."""
    usb = device.find_parent("usb", "usb_device")
    if usb is not None:
        return str(usb.sys_path)
    return device.properties.get("ID_PATH") or str(device.sys_path)


def _grab(node: "evdev.InputDevice[str]") -> None:
    try:
        node.grab()
    except OSError as error:
        if error.errno != errno.EBUSY:
            raise
        raise DeviceBusy(
            f"{os.fsdecode(node.path)}: grabbed by another program. Close that one first "
            "(another kiosk, or a barcode service)."
        ) from error


def _events(node: "evdev.InputDevice[str]") -> Iterator[evdev.InputEvent]:
    path = os.fsdecode(node.path)
    with lost_device_errors(path):
        try:
            events = list(node.read())
        except BlockingIOError:
            return
    if not events:
        raise DeviceLost(f"{path}: the input device is gone")
    yield from events
