"""The journal, row by row, to the broker: in order, at least once, no faster than is polite.

The journal is the queue. What is in memory is a window of `WINDOW` messages; a row counts as heard
when the broker has acknowledged it and all before it, and that place is durable. After a lost
connection, a restart, or a word that rows are missing, reading begins at that place again.
"""

import logging
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import msgspec

from kiosk.engine.clock import NS_PER_S, Clock, utc_text
from kiosk.journal import JournalError
from kiosk.journal.chain import Row as JournalRow
from kiosk.telemetry.messages import PAYLOAD_BYTES_MAX, ROWS_MAX, Events, Row, encode
from kiosk.telemetry.outbox import Outbox

logger = logging.getLogger(__name__)

WINDOW: Final = 2
"""Messages under way. More would make a shopper's call wait behind them on a slow line."""
BATCH_BYTES: Final = 32_000
"""Bodies in one message, unless a single row is longer."""
ROWS_PER_S: Final = 500
"""A week of a busy kiosk, some 60,000 rows, is told in two minutes, beside whatever is sold."""
LOOK_EVERY_S: Final = 2.0
"""How often the journal is looked at when nothing was heard from the engine."""
LOOK_LEAST_S: Final = 0.1
"""Rows of one moment travel together."""
NOTE_EVERY_S: Final = 1.0
"""How often the place is written down; what is sent twice after a power cut does no harm."""
AGAIN_S: Final = 30.0
"""After a refusal by the broker, or a journal that cannot be read."""
UNHEARD_S: Final = 10.0
"""After the broker had nobody to give events to."""
_ROOM: Final = PAYLOAD_BYTES_MAX - 1000


class RowSource(Protocol):
    """The journal, opened for reading only."""

    journal_id: str

    def rows_after(self, seq: int, limit: int) -> list[JournalRow]:
        """Return rows as they are stored; raises JournalError."""

    def count(self) -> int:
        """Return the newest number."""


@dataclass(slots=True)
class _Batch:
    mid: int
    last: JournalRow
    done: bool = False


class EventFeed:
    """What of the journal is due, sent, and heard. Of one thread."""

    def __init__(
        self, source: RowSource, outbox: Outbox, clock: Clock, *, rows_per_s: float = ROWS_PER_S
    ) -> None:
        self._source = source
        self._outbox = outbox
        self._clock = clock
        self._rows_per_s = rows_per_s
        self._under_way: deque[_Batch] = deque()
        self._heard_seq, self._heard_hash = outbox.heard(source.journal_id)
        self._read_seq = self._heard_seq
        self._noted_seq = self._heard_seq
        self._noted_ns = 0
        self._look_ns = 0
        """When the journal is looked at next."""
        self._rate_ns = 0
        """Not before, for the sake of the rate, or of what failed."""
        self._read: JournalRow | None = None
        """The last row of the message that `next_payload` has given out."""
        self._failing = False

    @property
    def heard_seq(self) -> int:
        """The newest row that the broker has, with all before it."""
        return self._heard_seq

    def begin(self) -> None:
        """Begin at the place that was heard: a new connection, or a new life.

        A place that is not in this journal (an older copy was put back) means that nothing is sure.
        """
        self._under_way.clear()
        if self._heard_seq and not self._place_is_right():
            logger.warning("telemetry: this is not the journal that was told of; all of it is told")
            self._set_place(0, b"")
        self._read_seq = self._heard_seq
        self._look_ns = self._rate_ns = 0

    def resend_after(self, journal_id: str, seq: int) -> bool:
        """Tell the rows after `seq` once more; False when this is no place of this journal."""
        if journal_id != self._source.journal_id or not 0 <= seq <= self._heard_seq:
            return False
        rows = self._source.rows_after(seq - 1, 1) if seq else []
        self._set_place(seq, rows[0].hash if rows else b"")
        self._under_way.clear()
        self._read_seq = seq
        self._look_ns = 0
        return True

    def waiting(self) -> int:
        """Return how many rows the broker has not heard."""
        return max(0, self._source.count() - self._heard_seq)

    def due_ns(self) -> int | None:
        """Return when there is something to look at; None while the window is full."""
        return None if len(self._under_way) >= WINDOW else max(self._look_ns, self._rate_ns)

    def look_soon(self) -> None:
        """Something has happened: look at the journal shortly."""
        self._look_ns = min(self._look_ns, self._in(LOOK_LEAST_S))

    def next_payload(self) -> bytes | None:
        """Return the next message when it is due; `sent` must follow it."""
        due_ns = self.due_ns()
        if due_ns is None or self._clock.monotonic_ns() < due_ns:
            return None
        try:
            rows = _cut(self._source.rows_after(self._read_seq, ROWS_MAX))
        except JournalError as error:
            self._pause(f"the journal cannot be read: {error}")
            return None
        if not rows:
            self._look_ns = self._in(LOOK_EVERY_S)
            return None
        self._read = rows[-1]
        self._rate_ns = self._in(len(rows) / self._rows_per_s)
        return _payload(self._source.journal_id, rows, utc_text(self._clock.utc_now()))

    def sent(self, mid: int) -> None:
        """Note under which number the last message is under way."""
        if self._read is not None:
            self._under_way.append(_Batch(mid, self._read))
            self._read_seq = self._read.seq
            self._read = None

    def acknowledged(self, mid: int, refused: str = "", *, unheard: bool = False) -> bool:
        """Take the broker's word; False when the message was not one of these.

        Rows that reached nobody (`unheard`) are told again: after its own restart a broker lets
        kiosks in before the store's workers have come back.
        """
        batch = next((one for one in self._under_way if one.mid == mid), None)
        if batch is None:
            return False
        if refused or unheard:
            self._under_way.clear()
            self._read_seq = self._heard_seq
            why = f"the broker refuses events: {refused}" if refused else "nobody takes events"
            self._pause(why, AGAIN_S if refused else UNHEARD_S)
            return True
        self._failing = False
        batch.done = True
        while self._under_way and self._under_way[0].done:
            last = self._under_way.popleft().last
            self._heard_seq, self._heard_hash = last.seq, last.hash
        self._note()
        return True

    def note_place(self) -> None:
        """Write the place down now, if it has moved."""
        if self._noted_seq != self._heard_seq:
            self._outbox.note_heard(self._source.journal_id, self._heard_seq, self._heard_hash)
            self._noted_seq = self._heard_seq
            self._noted_ns = self._clock.monotonic_ns()

    def _note(self) -> None:
        if self._clock.monotonic_ns() - self._noted_ns >= NOTE_EVERY_S * NS_PER_S:
            self.note_place()

    def _set_place(self, seq: int, row_hash: bytes) -> None:
        self._heard_seq, self._heard_hash = seq, row_hash
        self._outbox.note_heard(self._source.journal_id, seq, row_hash)
        self._noted_seq = seq

    def _place_is_right(self) -> bool:
        try:
            rows = self._source.rows_after(self._heard_seq - 1, 1)
        except JournalError:
            return True  # not known; the next reading says why
        return bool(rows) and rows[0].seq == self._heard_seq and rows[0].hash == self._heard_hash

    def _pause(self, why: str, seconds: float = AGAIN_S) -> None:
        if not self._failing:
            logger.error("telemetry: %s", why)
        self._failing = True
        self._rate_ns = self._in(seconds)

    def _in(self, seconds: float) -> int:
        return self._clock.monotonic_ns() + round(seconds * NS_PER_S)


def _cut(rows: Sequence[JournalRow]) -> list[JournalRow]:
    """Return the first rows that fit into one message together; one at least."""
    taken: list[JournalRow] = []
    size = 0
    for row in rows:
        size += len(row.body)
        if taken and size > BATCH_BYTES:
            break
        taken.append(row)
    return taken


def _payload(journal_id: str, rows: Sequence[JournalRow], at_utc: str) -> bytes:
    told = [
        Row(
            seq=row.seq,
            sale_id=row.sale_id,
            sale_seq=row.sale_seq,
            kind=row.kind,
            version=row.version,
            # A body that no message can carry is left out, so that all after it can be told.
            body=msgspec.Raw(row.body if len(row.body) < _ROOM else b"null"),
            at_utc=row.at_utc,
            hash=row.hash.hex(),
        )
        for row in rows
    ]
    return encode(Events(at_utc=at_utc, journal_id=journal_id, rows=told))
