"""What the driver of gift cards, or of deposit vouchers, can be asked for."""

from dataclasses import dataclass, field
from typing import Protocol

from drivers.contracts.payment import Terminal


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentedValue:
    """A gift card or a voucher that was scanned or typed, on its way to its driver.

    It goes from the scanner or the keys to `StoredValue.present` and nowhere else: into no event,
    journal, view or log. Its `repr` hides it; whoever holds one lets go of it at once.
    """

    attempt_id: str
    """Of the attempt that will be made with it, if any is: the charge names it by this id."""
    number: str = field(repr=False)


class StoredValue(Terminal, Protocol):
    """Money that lies on a number: kind GIFT_CARD or VOUCHER.

    All of `Terminal` holds. `charge` takes up to what was asked from what was presented for this
    attempt, and answers what it took: a card may hold less than it did. Without anything presented
    (the number is forgotten with the process) it answers CANCELLED, and nothing was taken. As the
    issuer redeems one reference once, a request may be sent again.
    """

    def present(self, value: PresentedValue) -> None:
        """Ask what is on it, and keep the number for a charge; returns at once."""

    def forget(self, attempt_id: str) -> None:
        """Let go of a number that nobody pays with."""
