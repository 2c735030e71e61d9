"""An ESC/POS byte stream cut into commands, as a printer's firmware does it.

Real-time commands (DLE EOT, DLE ENQ) are taken out as they arrive, wherever they stand; everything
else goes into the receive buffer and is worked off in order.

Source: Epson's command reference. What we do not send is known by its length, so that one foreign
command does not turn all that follows into text.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

NUL, LF, CR, DLE, ESC, GS = 0x00, 0x0A, 0x0D, 0x10, 0x1B, 0x1D
EOT, ENQ = 0x04, 0x05

ESC_PARAMETERS: Final[Mapping[int, int]] = {
    ord("@"): 0,
    ord("!"): 1,
    ord("-"): 1,
    ord("2"): 0,
    ord("3"): 1,
    ord("E"): 1,
    ord("G"): 1,
    ord("J"): 1,
    ord("M"): 1,
    ord("R"): 1,
    ord("a"): 1,
    ord("d"): 1,
    ord("t"): 1,
    ord("{"): 1,
}
GS_PARAMETERS: Final[Mapping[int, int]] = {
    ord("!"): 1,
    ord("B"): 1,
    ord("a"): 1,
    ord("b"): 1,
    ord("r"): 1,
}


@dataclass(frozen=True, slots=True)
class Glyphs:
    """Bytes to print, in the code page that is set."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Command:
    """One command by its name ("ESC @", "GS ( k", "LF") and its parameters."""

    name: str
    parameters: bytes = b""


@dataclass(frozen=True, slots=True)
class RealTime:
    """DLE EOT n or DLE ENQ n."""

    name: str
    number: int


class RealTimeFilter:
    """Takes the real-time commands out of the bytes as they arrive."""

    def __init__(self) -> None:
        self._held = bytearray()

    def feed(self, data: bytes) -> tuple[bytes, tuple[RealTime, ...]]:
        """Return what goes into the buffer, and the real-time commands."""
        passed = bytearray()
        found: list[RealTime] = []
        for byte in data:
            self._held.append(byte)
            if len(self._held) == 1 and byte == DLE:
                continue
            if len(self._held) == 2 and byte in (EOT, ENQ):
                continue
            if len(self._held) == 3:
                found.append(RealTime("DLE EOT" if self._held[1] == EOT else "DLE ENQ", byte))
            else:
                passed += self._held
            self._held.clear()
        return bytes(passed), tuple(found)

    def clear(self) -> None:
        """Forget a half command: the power went."""
        self._held.clear()


def next_command(buffer: bytearray) -> Glyphs | Command | None:
    """Take the next whole command out of the buffer; None while it is not all there."""
    if not buffer:
        return None
    size, command = _first(buffer)
    if command is not None:
        del buffer[:size]
    return command


def commands(data: bytes) -> Iterator[Glyphs | Command]:
    """Give all whole commands of `data`."""
    buffer = bytearray(data)
    while (command := next_command(buffer)) is not None:
        yield command


def _first(buffer: bytearray) -> tuple[int, Glyphs | Command | None]:
    head = buffer[0]
    if head >= 0x20:
        size = 1
        while size < len(buffer) and buffer[size] >= 0x20:
            size += 1
        return size, Glyphs(bytes(buffer[:size]))
    if head in (ESC, GS):
        return _escaped(buffer, "ESC" if head == ESC else "GS")
    names = {NUL: "NUL", LF: "LF", CR: "CR"}
    return 1, Command(names.get(head, f"unknown {head:02X}"))


def _escaped(buffer: bytearray, family: str) -> tuple[int, Glyphs | Command | None]:
    if len(buffer) < 2:
        return 0, None
    letter = buffer[1]
    name = f"{family} {chr(letter)}"
    if family == "GS" and letter == ord("("):
        return _with_length(buffer)
    if family == "GS" and letter == ord("V"):
        if len(buffer) < 3:
            return 0, None
        count = 2 if buffer[2] >= 65 else 1
    else:
        known = ESC_PARAMETERS if family == "ESC" else GS_PARAMETERS
        if letter not in known:
            return 2, Command(f"unknown {family} {letter:02X}")
        count = known[letter]
    if len(buffer) < 2 + count:
        return 0, None
    return 2 + count, Command(name, bytes(buffer[2 : 2 + count]))


def _with_length(buffer: bytearray) -> tuple[int, Command | None]:
    """GS ( X pL pH parameters."""
    if len(buffer) < 5:
        return 0, None
    size = 5 + buffer[3] + 256 * buffer[4]
    if len(buffer) < size:
        return 0, None
    return size, Command(f"GS ( {chr(buffer[2])}", bytes(buffer[5:size]))
