"""A terminal's own day and night: it closes its batch and says its sum, and it rests."""

from typing import Final, Protocol, runtime_checkable

NO_BATCH: Final = "NoBatch"
"""Reason of a BatchClosed: this terminal keeps no day of its own, and never did. No fault."""


@runtime_checkable
class Batching(Protocol):
    """What a terminal has besides that closes a batch of its own.

    ZVT calls it the end of the day, nexo a reconciliation.
    """

    def close_batch(self) -> None:
        """Close it; returns at once and is answered by one BatchClosed.

        Never while a payment is in doubt: many terminals forget their last receipt with it. The
        total is told as the terminal says it; NO_BATCH where there is nothing to close.
        """


@runtime_checkable
class Resting(Protocol):
    """What a terminal has besides that must be logged out for its maintenance (nexo in XML)."""

    def allow_maintenance(self, on: bool) -> None:
        """Let it rest (on), or take cards again; returns at once. It says FAULT while it rests."""
