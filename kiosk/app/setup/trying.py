"""Each device is tried before it is written down, by what it is for: a code read, a kilogram
weighed, a paper printed, a terminal that answers. No money moves.
"""

import queue
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, Protocol, cast

from drivers.contracts import (
    BarcodeScanned,
    Cut,
    Device,
    DeviceEvent,
    DeviceKind,
    DeviceState,
    DeviceStateChanged,
    Feed,
    PrintDone,
    Printer,
    PrintJob,
    PrintOutcome,
    Scale,
    Scanner,
    Text,
    WeightRead,
)
from drivers.contracts import Weight as Heavy
from drivers.contracts.printing import PrintElement
from drivers.deadline import SYSTEM_CLOCK, Clock, Deadline
from drivers.errors import DeviceConfigError
from drivers.registry import build_device

ANSWER_S: Final = 60.0
"""A person has to walk to the device."""
KILOGRAM_G: Final = 1000
TOLERANCE_G: Final = 10
"""A packet of sugar is good enough to see that kilograms are kilograms; it is no verification."""
WORDS: Final = "Prøve på norsk: æøå ÆØÅ é\nSelvkasse, utskriftsprøve"


class NotWorking(Exception):
    """The device did not do what it is for. The message says what was seen instead."""


class Dialog(Protocol):
    """The person at the keyboard."""

    def say(self, words: str) -> None:
        """Tell something."""

    def ask(self, question: str, default: str = "") -> str:
        """Return what is answered; the default for an empty line."""

    def yes(self, question: str) -> bool:
        """Return whether the answer is yes."""


def try_device(
    name: str, options: Mapping[str, Any], dialog: Dialog, *,
    answer_s: float = ANSWER_S, clock: Clock = SYSTEM_CLOCK,
) -> str:  # fmt: skip
    """Start the device, have it used once, stop it; return what it did, in words.

    Raises:
        NotWorking: it did not. DeviceConfigError's words are in it too.
    """
    try:
        device = build_device({"name": name, **options})
    except DeviceConfigError as error:
        raise NotWorking(str(error)) from error
    heard: queue.Queue[DeviceEvent] = queue.Queue(maxsize=1000)
    trial = _Trial(device, heard, dialog, Deadline(clock, answer_s))
    try:
        device.start(lambda event: _post(heard, event))
        return _TRIALS.get(device.kind, _Trial.answers)(trial)
    finally:
        device.stop()


class _Trial:
    """One device that was started, and what it says until the time is up."""

    def __init__(
        self,
        device: Device,
        heard: "queue.Queue[DeviceEvent]",
        dialog: Dialog,
        deadline: Deadline,
    ) -> None:
        self._device = device
        self._heard = heard
        self._dialog = dialog
        self._deadline = deadline
        self._last = "nothing at all"

    def answers(self) -> str:
        """Wait until the device says that it is ready."""
        self._until(
            lambda event: isinstance(event, DeviceStateChanged) and event.state is DeviceState.READY
        )
        return "answers"

    def scans(self) -> str:
        cast(Scanner, self._device).enable()
        self.answers()
        self._dialog.say("Scan something with this scanner.")
        read = self._until(lambda event: isinstance(event, BarcodeScanned))
        assert isinstance(read, BarcodeScanned)
        identifier = f", identifier {read.aim_id}" if read.aim_id else ", without an AIM identifier"
        return f"read {read.text!r}{identifier}"

    def weighs(self) -> str:
        cast(Scale, self._device).watch(True)
        self._dialog.say("Take everything off the scale.")
        self._until(lambda event: _grams(event) == 0)
        self._dialog.say("Put 1 kg on the scale.")
        near = range(KILOGRAM_G - TOLERANCE_G, KILOGRAM_G + TOLERANCE_G + 1)
        shown = self._until(lambda event: _grams(event) in near)
        return f"weighed {_grams(shown)} g"

    def prints(self) -> str:
        lines = [Text(line, Heavy.BOLD) for line in WORDS.splitlines()]
        elements: tuple[PrintElement, ...] = (*lines, Feed(2), Cut())
        self.answers()
        job = PrintJob(print_id="setup", elements=elements)
        cast(Printer, self._device).print(job)
        done = self._until(lambda event: isinstance(event, PrintDone))
        assert isinstance(done, PrintDone)
        if done.outcome is not PrintOutcome.PRINTED:
            raise NotWorking(f"the print is {done.outcome.value}. {done.reason}".strip())
        if not self._dialog.yes(f"Does the paper say '{WORDS.splitlines()[0]}'?"):
            raise NotWorking("the paper says something else: try another code_page")
        return "printed"

    def _until(self, is_it: Callable[[DeviceEvent], bool]) -> DeviceEvent:
        while not self._deadline.passed():
            try:
                event = self._heard.get(timeout=self._deadline.left_s())
            except queue.Empty:
                break
            if is_it(event):
                return event
            self._last = _in_words(event)
        raise NotWorking(f"not within the time; it said {self._last}")


_TRIALS: Final[Mapping[DeviceKind, Callable[[_Trial], str]]] = {
    DeviceKind.SCANNER: _Trial.scans,
    DeviceKind.SCALE: _Trial.weighs,
    DeviceKind.PRINTER: _Trial.prints,
}


def _grams(event: DeviceEvent) -> int | None:
    return event.weight_g if isinstance(event, WeightRead) else None


def _in_words(event: DeviceEvent) -> str:
    match event:
        case DeviceStateChanged(state=state, reason=reason):
            return f"{state.value}{f' ({reason})' if reason else ''}"
        case WeightRead(weight_g=None):
            return "that there is no stable weight"
        case WeightRead(weight_g=grams):
            return f"{grams} g"
        case _:
            return type(event).__name__


def _post(heard: "queue.Queue[DeviceEvent]", event: DeviceEvent) -> bool:
    try:
        heard.put_nowait(event)
    except queue.Full:
        return False
    return True


def is_there(path: str) -> bool:
    """Whether a device's file exists; what is no path (a network's address) is not judged."""
    plain = path.removeprefix("char:")
    return not plain.startswith("/dev/") or Path(plain).exists()
