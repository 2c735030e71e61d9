"""From a scanner's bytes to whole codes. Pure: bytes and moments in, codes out.

A frame is [prefix][AIM identifier][data][suffix]. Most of it is a setting of the scanner, so all of
it is a setting here. Bytes come in any chunks. What ends a code:

- its suffix, when there is one. By default any of CR, LF, TAB and ETX, none of which occurs in
  the data of a retail symbol (GS, RS and EOT do, in GS1 and ISO/IEC 15434 data);
- silence, when the scanner sends no suffix: the gap after the last byte.

With a suffix, silence means something else: half a code that lost its end (a cable pulled and put
back, a scanner reset in mid-word) must not be glued to the next code. It is dropped.

Sources: AIM symbology identifiers are ISO/IEC 15424: "]", a letter, one modifier.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

ANY_SUFFIX: Final = (b"\r", b"\n", b"\t", b"\x03")
AIM_IDENTIFIER: Final = re.compile(r"\][A-Za-z][0-9A-Za-z]")
GROUP_SEPARATOR: Final = "\x1d"
SUFFIX_NAMES: Final = {
    "cr": (b"\r",),
    "lf": (b"\n",),
    "crlf": (b"\r\n",),
    "tab": (b"\t",),
    "etx": (b"\x03",),
    "any": ANY_SUFFIX,
    "none": (),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Framing:
    """How the scanner frames its codes, as it is set up."""

    prefix: bytes = b""
    suffixes: tuple[bytes, ...] = ANY_SUFFIX
    """Each one ends a code; none at all means that silence does."""
    gap_ms: int = 80
    """Without a suffix: so much silence ends a code."""
    half_code_ms: int = 500
    """With a suffix: after so much silence the beginning of a code is dropped."""
    length_max: int = 1024
    """Longer codes are dropped whole. The longest GS1 element strings have about 90."""
    aim_id: bool = True
    """Whether a leading "]cm" is the AIM identifier and not data."""
    gs_substitute: str = ""
    """A printable character that this scanner sends in place of GS, "" for none."""

    def __post_init__(self) -> None:
        if len(self.gs_substitute) > 1:
            raise ValueError(f"gs_substitute {self.gs_substitute!r} must be one character or none")


class Fault(StrEnum):
    """Why bytes did not become a code; also the names of the counters."""

    HALF_CODE = "half_codes"
    TOO_LONG = "overlong_codes"
    NO_PREFIX = "malformed_codes"


@dataclass(frozen=True, slots=True)
class ScannedCode:
    """One whole code; `text` has GS for FNC1 and nothing of the frame."""

    text: str
    aim_id: str
    at_ns: int


class Framer:
    """Puts codes together. Feed it what arrives; call `on_silence` when nothing does."""

    def __init__(self, framing: Framing) -> None:
        self._framing = framing
        self._buffer = bytearray()
        self._last_ns = 0
        self._skipping = False
        self._suffix = (
            re.compile(b"|".join(re.escape(s) for s in framing.suffixes))
            if framing.suffixes
            else None
        )

    def feed(self, data: bytes, now_ns: int) -> Iterator[ScannedCode | Fault]:
        """Take bytes that arrived by `now_ns`, and yield the codes that they complete."""
        self._last_ns = now_ns
        self._buffer += data
        while self._suffix is not None and (end := self._suffix.search(self._buffer)):
            frame = bytes(self._buffer[: end.start()])
            del self._buffer[: end.end()]
            yield from self._finish(frame)
        if len(self._buffer) > self._framing.length_max:
            # The rest of it is not a code either: skip to its end.
            self._buffer.clear()
            if not self._skipping:
                self._skipping = True
                yield Fault.TOO_LONG

    def silence_ends_in_s(self, now_ns: int) -> float | None:
        """Seconds until `on_silence` has something to do; None while it has not."""
        if not self._buffer and not self._skipping:
            return None
        limit_ms = self._framing.half_code_ms if self._suffix else self._framing.gap_ms
        return max(0, self._last_ns + limit_ms * 1_000_000 - now_ns) / 1e9

    def on_silence(self, now_ns: int) -> Iterator[ScannedCode | Fault]:
        """Nothing is there to read at `now_ns`: end or drop what silence ends or drops.

        Call this only after looking: a reader that was held up must first read what waits for
        it, or it would take its own delay for the scanner's silence.
        """
        left_s = self.silence_ends_in_s(now_ns)
        if left_s is None or left_s > 0:
            return
        frame = bytes(self._buffer)
        self._buffer.clear()
        if self._suffix is None:
            yield from self._finish(frame)
        elif frame:
            yield Fault.HALF_CODE
        self._skipping = False

    def spoil(self) -> None:
        """Bytes were lost: what has begun is no code, and neither is the rest of it."""
        self._buffer.clear()
        self._skipping = True

    def reset(self) -> None:
        """Forget what has begun, after the line was lost."""
        self._buffer.clear()
        self._skipping = False

    def _finish(self, frame: bytes) -> Iterator[ScannedCode | Fault]:
        if self._skipping:
            self._skipping = False
            return
        if not frame:
            return  # the LF of CR LF, or a heartbeat
        if len(frame) > self._framing.length_max:
            yield Fault.TOO_LONG
        elif not frame.startswith(self._framing.prefix):
            yield Fault.NO_PREFIX
        elif data := frame.removeprefix(self._framing.prefix):
            yield self._code(data)

    def _code(self, data: bytes) -> ScannedCode:
        text = _decode(data)
        aim_id = ""
        if self._framing.aim_id and AIM_IDENTIFIER.match(text):
            aim_id, text = text[:3], text[3:]
        if self._framing.gs_substitute:
            text = text.replace(self._framing.gs_substitute, GROUP_SEPARATOR)
        return ScannedCode(text, aim_id, self._last_ns)


def _decode(data: bytes) -> str:
    """Scanners send UTF-8 or one byte for each character; the former is never the latter."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")
