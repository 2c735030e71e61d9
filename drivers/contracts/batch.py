"""A terminal's own day and night: it closes its batch and says its sum, and it rests."""

from typing import Protocol, runtime_checkable


@runtime_checkable
class Batching(Protocol):
    """What a terminal has besides that closes a batch of its own (ZVT end of day)."""

    def close_batch(self) -> None:
        """Close it; returns at once and is answered by one BatchClosed.

        Never while a payment is in doubt: many terminals forget their last receipt with it.
        """


@runtime_checkable
class Resting(Protocol):
    """What a terminal has besides that must be logged out for its maintenance (nexo in XML)."""

    def allow_maintenance(self, on: bool) -> None:
        """Let it rest (on), or take cards again; returns at once. It says FAULT while it rests."""
