"""What a dialect's codec does for the dialog: bytes to and from the one model."""

from typing import Any, Protocol

from drivers.terminal import nexo_model as m


class Codec(Protocol):
    """One way to write nexo messages. Stateless, so any thread may use it."""

    @property
    def content_type(self) -> str:
        """The Content-Type of its messages."""

    @property
    def reverses_parts(self) -> bool:
        """Whether a reversal may be of a part, and of an older payment than the last."""

    @property
    def names_payment(self) -> bool:
        """Whether a progress notification carries the service id of its payment."""

    @property
    def silent_status(self) -> int:
        """The HTTP status that a notification gets which wants no answer."""

    def encode(self, header: m.Header, request: m.Request) -> bytes:
        """Return the whole message as it leaves."""

    def open(self, raw: bytes) -> tuple[m.Header, dict[str, Any]]:
        """Return a message's header and the object that holds its body, believed by nobody yet.

        Raises:
            ProtocolError: if it is no message of this dialect.
        """

    def read(self, header: m.Header, body: dict[str, Any], *, digits: int) -> m.Answer:
        """Read the body that belongs to `header`; see nexo_read.answer_of."""

    def reply(self, header: m.Header, message: m.Answer) -> bytes:
        """Return what a request of the terminal is answered with, b"" for nothing."""
