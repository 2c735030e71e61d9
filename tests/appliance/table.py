"""What was proven, as a table on the terminal, as JSON, and as a page with the pictures."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.table import Table

NOT_HERE: Final = (
    "a Raspberry Pi: this machine is x86-64",
    "a graphics chip: virtio's screen is drawn by the processor",
    "a touchscreen: QEMU's tablet gives touches as SDL gets them from a mouse",
    "a boot loader, its menu and its password: QEMU starts the kernel itself",
    "a disk or SD card that lies about its flushes, wears out, or is torn by a falling voltage",
    "bits and parity on a serial line: 7E1 is set in the adapter's driver and goes no further",
    "a printer behind usblp: QEMU has none; it is behind a serial adapter",
    "a certified terminal, a real scanner, scale, printer or light",
    "the hardware's watchdog, sound, and speed: an emulated processor is many times slower",
)
"""What no virtual machine can prove."""


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that was to be proven."""

    group: str
    what: str
    ok: bool
    words: str
    seconds: float


@dataclass(slots=True)
class Proofs:
    """Everything that was tried, in order, and what was measured on the way."""

    out: Path
    rows: list[Row] = field(default_factory=list)
    measured: dict[str, Any] = field(default_factory=dict)
    _console: Console = field(default_factory=Console)

    @contextmanager
    def proof(self, group: str, what: str) -> Iterator[list[str]]:
        """Note how a proof ended; what is put into the list stands beside it. Never raises on."""
        began, words, ok = time.monotonic(), [], False  # type: float, list[str], bool
        try:
            yield words
            ok = True
        except Exception as error:
            words.append(f"{type(error).__name__}: {error}")
        row = Row(group, what, ok, "; ".join(words), round(time.monotonic() - began, 1))
        self.rows.append(row)
        mark = "[green]ok[/]" if ok else "[red]NOT[/]"
        self._console.print(f"{mark:>14} {group}: {what} ({row.seconds} s) {row.words}"[:400])
        self.save()

    def measure(self, name: str, value: object) -> None:
        """Note a figure."""
        self.measured[name] = value
        self._console.print(f"       {name}: {value}")

    @property
    def failed(self) -> list[Row]:
        """What could not be proven although it should."""
        return [row for row in self.rows if not row.ok]

    def save(self) -> None:
        """Write what is known so far."""
        told = {
            "proofs": [asdict(row) for row in self.rows],
            "measured": self.measured,
            "not proven here": NOT_HERE,
        }
        (self.out / "report.json").write_text(json.dumps(told, indent=1, ensure_ascii=False))

    def show(self) -> None:
        """Print the table, the figures, and what was not proven."""
        table = Table("", "proof", "what was seen", "s")
        for row in self.rows:
            table.add_row("ok" if row.ok else "NOT", f"{row.group}: {row.what}", row.words,
                          f"{row.seconds:.0f}", style="" if row.ok else "red")  # fmt: skip
        self._console.print(table)
        for name, value in self.measured.items():
            self._console.print(f"  {name}: {value}")
        self._console.print("Not proven without real hardware:")
        for one in NOT_HERE:
            self._console.print(f"  - {one}")
