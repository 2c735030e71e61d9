"""One request and its answer: written, sent once, read, and believed only if it is ours."""

import secrets
import threading
from dataclasses import dataclass

from drivers.errors import ProtocolError
from drivers.terminal import nexo_model as m
from drivers.terminal.nexo_codec import Codec
from drivers.terminal.nexo_http import Exchange, Wire

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ID_DIGITS = 9


class ServiceIds:
    """Ids for questions that cost nothing to forget: "Q" and nine base-36 digits.

    They start at a random place at each start of the program, so that none comes twice within the
    48 hours a terminal remembers. Payments and reversals never use them: theirs are counted in the
    journal. Thread-safe.
    """

    def __init__(self, start: int | None = None) -> None:
        self._next = secrets.randbelow(36**_ID_DIGITS) if start is None else start
        self._lock = threading.Lock()

    def next(self) -> str:
        """Return a new id of ten characters."""
        with self._lock:
            number = self._next
            self._next = (number + 1) % 36**_ID_DIGITS
        digits = ""
        for _ in range(_ID_DIGITS):
            number, digit = divmod(number, 36)
            digits = _DIGITS[digit] + digits
        return "Q" + digits


class MessageRejected(ProtocolError):
    """The terminal could not read our message at all. That is a defect of ours.

    Example scenarios: elements in another order than its schema's; a text longer than it takes.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """The two ends of the conversation: the kiosk's SaleID and the terminal's POIID."""

    sale_id: str
    poi_id: str


class Dialog:
    """Speaks with one terminal in one dialect. Thread-safe: it holds nothing that changes."""

    def __init__(
        self, *, wire: Wire, codec: Codec, ends: Ends, ids: ServiceIds | None = None
    ) -> None:
        self.ends = ends
        self._wire = wire
        self.codec = codec
        self._ids = ids or ServiceIds()

    def call(
        self,
        request: m.Request,
        *,
        timeout_s: float,
        digits: int = 2,
        service_id: str = "",
        exchange: Exchange | None = None,
    ) -> m.Answer | None:
        """Send `request` once and return its answer; None for an empty one.

        Raises:
            NeverSent, AnswerLost: as Wire.post.
            MessageRejected: the terminal refuses the form of the message.
            ProtocolError: something came back, and it is not the answer of this terminal to this
                request. Whatever it says is not evidence of anything.
        """
        header = m.Header(
            category=m.category_of(request),
            service_id=service_id or self._ids.next(),
            sale_id=self.ends.sale_id,
            poi_id=self.ends.poi_id,
        )
        raw = self._wire.post(
            self.codec.encode(header, request), timeout_s=timeout_s, exchange=exchange
        )
        if not raw.strip():
            return None
        theirs, body = self.codec.open(raw)
        if theirs.category == m.Category.EVENT:
            self._refuse_event(theirs, self.codec.read(theirs, body, digits=digits))
        expected = m.Header(
            category=header.category,
            service_id=header.service_id,
            sale_id=header.sale_id,
            poi_id=header.poi_id,
            message_type="Response",
        )
        if theirs != expected:
            raise ProtocolError(
                f"terminal: answer to another message, expected {_named(expected)}, "
                f"got {_named(theirs)}"
            )
        return self.codec.read(theirs, body, digits=digits)

    def _refuse_event(self, theirs: m.Header, event: m.Answer) -> None:
        """Raise MessageRejected for a Reject in an answer's place; other events are no answers."""
        if isinstance(event, m.EventNotification) and event.event == "Reject":
            raise MessageRejected(f"terminal: rejected our message, saying {_named(theirs)}")

    def hang_up(self) -> None:
        """End every running call, and refuse new ones: the driver stops."""
        self._wire.hang_up()

    def read_notification(self, raw: bytes) -> tuple[m.Header, m.Answer]:
        """Open what the terminal posted on its own account.

        Raises:
            ProtocolError: if it is not from this terminal, or for another kiosk.
        """
        header, body = self.codec.open(raw)
        if (header.poi_id, header.sale_id) != (self.ends.poi_id, self.ends.sale_id):
            raise ProtocolError("terminal: notification of another terminal or for another kiosk")
        return header, self.codec.read(header, body, digits=2)


def _named(header: m.Header) -> str:
    return (
        f"{header.category}/{header.message_type} {header.service_id!r} "
        f"of {header.sale_id!r} at {header.poi_id!r}"
    )
