"""The card terminal's own days, as the journal has them, with our payments of each by reference.

A terminal says one sum for its day and no list, so where the sums differ our references are what
people hold against the acquirer's list; the period's number is the one that both sides know it by.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kiosk.fiscal.events import TerminalDayEnded
from kiosk.payments.reconcile import Booked


@dataclass(frozen=True, slots=True, kw_only=True)
class TerminalDay:
    """One end of the terminal's day, and what we booked by card since the one before."""

    ended: TerminalDayEnded
    payments: tuple[Booked, ...]

    @property
    def agrees(self) -> bool:
        """Whether the terminal ended its day and said the sum that we have."""
        return self.ended.done and self.ended.theirs_minor == self.ended.ours_minor


def terminal_days(
    ended: Iterable[TerminalDayEnded], booked: Iterable[Booked]
) -> Iterator[TerminalDay]:
    """Yield each end of a day, oldest first; one that was not done leaves its payments to the next.

    `booked` is what was paid by card. A payment belongs to the day in which it was asked for; one
    that was under way at the end of it shows in the difference of two days.
    """
    waiting = sorted(booked, key=lambda row: row.at_utc)
    for one in sorted(ended, key=lambda event: event.at_utc):
        until = [row for row in waiting if row.at_utc <= one.at_utc]
        yield TerminalDay(ended=one, payments=tuple(until))
        if one.done:
            waiting = waiting[len(until) :]
