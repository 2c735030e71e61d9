"""What was proven, as a table on the terminal, as JSON, and as a page with the pictures."""

import json
import time
from collections.abc import Iterator, Sequence
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
    """Everything that was tried with one machine, in order, and what was measured on the way."""

    out: Path
    """Its own folder, for pictures and books; its name is the machine's."""
    rows: list[Row] = field(default_factory=list)
    measured: dict[str, Any] = field(default_factory=dict)
    _console: Console = field(default_factory=Console)

    @contextmanager
    def proof(self, group: str, what: str) -> Iterator[list[str]]:
        """Note how a proof ended; what is put into the list stands beside it. Never raises on."""
        (self.out / "screens").mkdir(parents=True, exist_ok=True)
        began, words, ok = time.monotonic(), [], False  # type: float, list[str], bool
        try:
            yield words
            ok = True
        except Exception as error:
            words.append(f"{type(error).__name__}: {error}")
        row = Row(group, what, ok, "; ".join(words), round(time.monotonic() - began, 1))
        self.rows.append(row)
        mark = "[green]ok[/]" if ok else "[red]NOT[/]"
        said = f"{mark} {self.name}: {group}: {what} ({row.seconds} s) {row.words}"
        self._console.print(said[:400], soft_wrap=True)
        save(self.out, [self])

    def measure(self, name: str, value: object) -> None:
        """Note a figure."""
        self.measured[name] = value
        self._console.print(f"   {self.name}: {name}: {value}")

    @property
    def name(self) -> str:
        """Which machine."""
        return self.out.name

    @property
    def failed(self) -> list[Row]:
        """What could not be proven although it should."""
        return [row for row in self.rows if not row.ok]


def save(out: Path, done: Sequence[Proofs]) -> None:
    """Write what is known of every machine as JSON."""
    told = {
        "machines": {
            one.name: {"proofs": [asdict(row) for row in one.rows], "measured": one.measured}
            for one in done
        },
        "not proven here": NOT_HERE,
    }
    (out / "report.json").write_text(json.dumps(told, indent=1, ensure_ascii=False))


def show(done: Sequence[Proofs], accelerator: str) -> None:
    """Print the tables, the figures, and what was not proven."""
    console = Console()
    for proofs in done:
        table = Table("", "proof", "what was seen", "s", title=f"{proofs.name} ({accelerator})")
        for row in proofs.rows:
            table.add_row("ok" if row.ok else "NOT", f"{row.group}: {row.what}", row.words,
                          f"{row.seconds:.0f}", style="" if row.ok else "red")  # fmt: skip
        console.print(table)
        for name, value in proofs.measured.items():
            console.print(f"  {name}: {value}")
    console.print("Not proven without real hardware:")
    for one in NOT_HERE:
        console.print(f"  - {one}")
