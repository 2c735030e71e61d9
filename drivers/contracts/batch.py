"""The end of a terminal's own day: it closes its batch, and says how much it took."""

from typing import Protocol, runtime_checkable


@runtime_checkable
class Batching(Protocol):
    """What a terminal has besides that closes a batch of its own (ZVT end of day)."""

    def close_batch(self) -> None:
        """Close it; returns at once and is answered by one BatchClosed.

        Never while a payment is in doubt: many terminals forget their last receipt with it.
        """
