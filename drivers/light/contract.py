"""What a status light promises. Three lamps, one lit at a time, steady or blinking.

A light is told what to show and remembers only the newest: whatever is lost on the way, the lamps
soon show that, since they are set again every few seconds. Nothing blinks faster than once a
second (look and safety: WCAG 2.3.1).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from drivers.contracts import Device


class Lamp(StrEnum):
    """Which lamp is lit."""

    DARK = "dark"
    GREEN = "green"
    AMBER = "amber"
    RED = "red"


LAMPS = (Lamp.GREEN, Lamp.AMBER, Lamp.RED)


@dataclass(frozen=True, slots=True)
class Signal:
    """What the light shows."""

    lamp: Lamp = Lamp.DARK
    blinking: bool = False


class Light(Device, Protocol):
    """A status light: kind LIGHT. Dark while it is not told anything, and after `stop`."""

    def show(self, signal: Signal) -> None:
        """Show this from now on; returns at once, from any thread."""
