"""What sends the link to a receipt to somebody's phone, and forgets whose it was."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


class Reach(StrEnum):
    """What a gateway sends to."""

    NUMBER = "number"
    """A mobile number: digits."""
    EMAIL = "email"


class SendOutcome(StrEnum):
    """What became of one message."""

    SENT = "sent"
    """The gateway has taken it over. Whether a phone rang, nobody tells us."""
    BAD_ADDRESS = "bad_address"
    """No mobile number or e-mail address, or one that the gateway refuses."""
    TOO_MANY = "too_many"
    """That number or address, or this kiosk, has had its share of this hour."""
    FAILED = "failed"
    """The gateway was not reached, refused us, or its answer was lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkOrder:
    """Send `text` to `address`. Neither is ever shown, logged or kept."""

    send_id: str
    address: str = field(repr=False)
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkSent:
    """The answer to one order, exactly one. It does not say to whom."""

    send_id: str
    outcome: SendOutcome


class LinkGateway(Protocol):
    """Sends links. Every call returns at once."""

    @property
    def reach(self) -> Reach:
        """What the shopper has to type."""

    def start(self, post: Callable[[LinkSent], object]) -> None:
        """Begin; answers go to `post`, from another thread."""

    def send(self, order: LinkOrder) -> bool:
        """Take an order; False, and then no answer comes, when it cannot be taken now."""

    def stop(self) -> None:
        """Drop what waits and end; idempotent."""
