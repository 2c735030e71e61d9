"""What an ESC/POS printer says back: real-time status, automatic status, proofs, paper sensor.

All four come mixed on one line and only their bits tell them apart (bit 7 is always 0):

    DLE EOT n      one byte       0xx1xx10
    GS a (ASB)     four bytes     0xx1xx00, then three of 0xx0xxxx
    GS ( H fn 48   seven bytes    37 22 d1 d2 d3 d4 00, each d from 20 to 7E
    GS r 1         one byte       0xx0xxxx
    XON, XOFF      one byte       11, 13: left out

Source: Epson's command reference (DLE EOT, GS a, GS ( H, GS r, "identifying status").
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from drivers.contracts import Paper, PrinterStatus

QUERIES: Final = (1, 2, 3, 4)
"""DLE EOT: printer, cause of off-line, cause of error, paper."""

_PROOF_HEAD: Final = 0x37
_PROOF_KIND: Final = 0x22
_PROOF_BYTES: Final = 7
_AUTO_BYTES: Final = 4
_FLOW_CONTROL: Final = frozenset((0x11, 0x13))


@dataclass(frozen=True, slots=True)
class RealTimeReply:
    """The answer to one DLE EOT; which one, only the asker knows."""

    byte: int


@dataclass(frozen=True, slots=True)
class AutoStatus:
    """Four bytes sent by the printer itself because something changed."""

    block: bytes


@dataclass(frozen=True, slots=True)
class Proof:
    """Everything before this process id has been printed."""

    process_id: bytes


@dataclass(frozen=True, slots=True)
class SensorReply:
    """The answer to GS r: the printer has worked off all that was sent before it."""

    byte: int


Reply = RealTimeReply | AutoStatus | Proof | SensorReply


class ReplyParser:
    """Cuts the stream into replies. Bytes that are none are dropped and counted."""

    def __init__(self) -> None:
        self._pending = bytearray()
        self.junk_bytes = 0

    def feed(self, data: bytes) -> Iterator[Reply]:
        """Take bytes as they come and give what is complete."""
        self._pending += data
        while self._pending:
            size = self._size()
            if size == 0:
                return
            block = bytes(self._pending[:size])
            del self._pending[:size]
            reply = _reply(block)
            if reply is not None:
                yield reply
            elif block[0] not in _FLOW_CONTROL:
                self.junk_bytes += size

    def _size(self) -> int:
        """Bytes of the reply at the front, 0 while it is not all here, 1 for junk."""
        head = self._pending[0]
        if head == _PROOF_HEAD:
            return self._size_of_block(_PROOF_BYTES, _is_proof_so_far)
        if head & 0x93 == 0x10:
            return self._size_of_block(_AUTO_BYTES, _is_auto_so_far)
        return 1

    def _size_of_block(self, size: int, fits: Callable[[bytes], bool]) -> int:
        block = bytes(self._pending[:size])
        if not fits(block):
            return 1
        return size if len(block) == size else 0


def _is_proof_so_far(block: bytes) -> bool:
    if len(block) > 1 and block[1] != _PROOF_KIND:
        return False
    if any(not 0x20 <= byte <= 0x7E for byte in block[2:6]):
        return False
    return len(block) < _PROOF_BYTES or block[6] == 0


def _is_auto_so_far(block: bytes) -> bool:
    return all(byte & 0x90 == 0 for byte in block[1:])


def _reply(block: bytes) -> Reply | None:
    head = block[0]
    if len(block) == _PROOF_BYTES:
        return Proof(block[2:6])
    if len(block) == _AUTO_BYTES:
        return AutoStatus(block)
    if head & 0x93 == 0x12:
        return RealTimeReply(head)
    if head & 0x90 == 0x00:
        return SensorReply(head)
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sense:
    """What is known of the printer's condition."""

    offline: bool = False
    cover_open: bool = False
    paper_end: bool = False
    near_end: bool = False
    error: bool = False
    cutter: bool = False
    unrecoverable: bool = False
    recovering: bool = False
    """It heals by itself, e.g. a hot head."""

    @property
    def trouble(self) -> str:
        """Why it cannot print now, as a word for logs and staff; empty when it can."""
        named = (
            ("unrecoverable", self.unrecoverable),
            ("cutter", self.cutter),
            ("cover_open", self.cover_open),
            ("paper_out", self.paper_end),
            ("recovering", self.recovering),
            ("error", self.error),
            ("offline", self.offline),
        )
        return next((word for word, is_so in named if is_so), "")

    def after_query(self, query: int, byte: int) -> "Sense":
        """Return this with the answer to DLE EOT `query` taken in."""
        match query:
            case 1:
                return replace(self, offline=bool(byte & 0x08))
            case 2:
                return replace(self, cover_open=bool(byte & 0x04), error=bool(byte & 0x40))
            case 3:
                return replace(
                    self,
                    cutter=bool(byte & 0x08),
                    unrecoverable=bool(byte & 0x20),
                    recovering=bool(byte & 0x40),
                )
            case _:
                return replace(self, near_end=bool(byte & 0x0C), paper_end=bool(byte & 0x60))

    @classmethod
    def of_auto_status(cls, block: bytes) -> "Sense":
        """Return what four bytes of automatic status say."""
        first, second, third, _ = block
        return cls(
            offline=bool(first & 0x08),
            cover_open=bool(first & 0x20),
            cutter=bool(second & 0x08),
            unrecoverable=bool(second & 0x20),
            recovering=bool(second & 0x40),
            near_end=bool(third & 0x03),
            paper_end=bool(third & 0x0C),
        )

    def as_status(self, device: str) -> PrinterStatus:
        """Return it as the event that the engine knows."""
        near = Paper.NEAR_END if self.near_end else Paper.OK
        return PrinterStatus(
            device=device,
            online=not self.trouble,
            paper=Paper.OUT if self.paper_end else near,
            cover_open=self.cover_open,
            cutter_error=self.cutter,
            unrecoverable=self.unrecoverable,
        )


def lost_status(device: str) -> PrinterStatus:
    """Return the status of a printer that does not answer."""
    return PrinterStatus(device=device, online=False, paper=Paper.UNKNOWN)
