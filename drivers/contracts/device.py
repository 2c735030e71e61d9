"""What every device, every scanner and every scale can be asked for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from drivers.contracts.events import DeviceKind, Post


@dataclass(frozen=True, slots=True)
class Statistics:
    """UnifiedPOS-like counters since start, e.g. {"good_scans": 12}; all names end in a noun."""

    counters: Mapping[str, int] = field(default_factory=dict)


class Device(Protocol):
    """The common part."""

    @property
    def name(self) -> str:
        """The name from configuration, e.g. "scanner-1"."""

    @property
    def kind(self) -> DeviceKind:
        """What it is for."""

    def start(self, post: Post) -> None:
        """Start its threads; returns at once."""

    def stop(self) -> None:
        """End its threads and close the port; idempotent, at most one second."""

    def statistics(self) -> Statistics:
        """Counters since start."""


class Scanner(Device, Protocol):
    """A barcode scanner. Disabled scans are refused with the error tone, never queued."""

    def enable(self) -> None:
        """Let scans through; returns at once. Scanners start disabled."""

    def disable(self) -> None:
        """Refuse scans from now on; returns at once."""

    def good_read(self) -> None:
        """Sound the good-read tone, where the scanner can."""

    def error_tone(self) -> None:
        """Sound the error tone, where the scanner can."""


class Scale(Device, Protocol):
    """A scale that answers when it is asked. Only stable weights carry grams."""

    def watch(self, on: bool) -> None:
        """Poll 4 to 5 times a second and post each WeightRead (on), or idle at 1/s (off)."""

    def zero(self) -> None:
        """Ask the scale to set zero; returns at once."""
