"""What can be put on paper, and what a printer can be asked for."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from drivers.contracts.device import Device


class Weight(StrEnum):
    """How heavy a text prints; a receipt has three (look.md 20)."""

    NORMAL = "normal"
    BOLD = "bold"
    LARGE = "large"
    """Double width and height, bold: at least 1.5 times the size of the amounts."""


class Align(StrEnum):
    """Where on the paper."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Text:
    """One paragraph, wrapped at words by the driver."""

    text: str
    weight: Weight = Weight.NORMAL
    align: Align = Align.LEFT


@dataclass(frozen=True, slots=True)
class Columns:
    """One row of columns over the paper's width; the first is left, the others right-aligned.

    Too long a first column wraps, and the others stand on its last row. `indent` is in columns.
    """

    cells: tuple[str, ...]
    weight: Weight = Weight.NORMAL
    indent: int = 0


@dataclass(frozen=True, slots=True)
class Rule:
    """A dashed line over the whole width."""


@dataclass(frozen=True, slots=True)
class Feed:
    """Empty lines."""

    lines: int = 1


@dataclass(frozen=True, slots=True)
class Qr:
    """A QR code, printed by the printer's own command where it has one."""

    data: str
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Cut:
    """Feed and cut."""


PrintElement = Text | Columns | Rule | Feed | Qr | Cut


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintJob:
    """One document for the printer. `print_id` is the proof-of-print id's source."""

    print_id: str
    elements: tuple[PrintElement, ...]


class Printer(Device, Protocol):
    """A receipt printer. Every accepted call is answered by one PrintDone."""

    def print(self, job: PrintJob) -> None:
        """Queue the job; returns at once."""

    def ask(self, print_id: str) -> None:
        """Ask whether a job of an earlier life was printed; IN_DOUBT where it cannot tell."""
