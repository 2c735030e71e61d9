"""What a repeated receipt proves about one payment. Pure.

The terminal counts its transactions (trace, receipt, turnover). The driver knows which was the
last before it sent the payment. So the one that is the last now is:

- the same: ours was not booked;
- a later one, with our amount, our currency, and a time between then and now: ours;
- a later one that reverses another: ours was booked, and taken back;
- anything else: no proof, and the payment stays unknown.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Final

from drivers.terminal.zvt_memory import Attempt, Last, Mark
from drivers.terminal.zvt_messages import StatusInformation

STEPS_MAX: Final = 1000
"""A counter that is ahead by more than this has not moved on: it was set back."""
_WRAPS: Final = {"trace": 10**6, "receipt": 10**4, "turnover": 10**6}


class Order(Enum):
    """How one transaction stands to an earlier one."""

    SAME = auto()
    LATER = auto()
    UNCLEAR = auto()


@dataclass(frozen=True, slots=True)
class NotBooked:
    """The terminal's last transaction is still the one before ours."""


@dataclass(frozen=True, slots=True)
class Booked:
    """The last transaction is ours, and money moved."""

    status: StatusInformation


@dataclass(frozen=True, slots=True)
class Declined:
    """The last transaction is ours, and it was declined with this result."""

    result: int


@dataclass(frozen=True, slots=True)
class TakenBack:
    """Ours was booked, and reversed."""


@dataclass(frozen=True, slots=True)
class NoProof:
    """Nothing can be concluded. `reason` is a code for logs and staff."""

    reason: str


Verdict = NotBooked | Booked | Declined | TakenBack | NoProof


def judge(
    attempt: Attempt, repeated: StatusInformation, *, now: datetime, tolerance: timedelta
) -> Verdict:
    """Return what `repeated`, the last transaction of an idle terminal, proves about `attempt`."""
    if not attempt.before.is_known:
        return NoProof("NothingToCompare")
    order = compare(Mark.of(repeated), attempt.before.mark)
    if order is Order.SAME:
        return NotBooked()
    if order is Order.UNCLEAR or repeated.result is None:
        return NoProof("OtherTransaction")
    amount_fits = repeated.amount_minor in (attempt.amount_minor, None)
    if repeated.result != 0:
        return Declined(repeated.result) if amount_fits else NoProof("OtherTransaction")
    if repeated.amount_minor != attempt.amount_minor or repeated.currency not in (
        attempt.currency,
        "",
    ):
        return NoProof("OtherTransaction")
    if not is_between(repeated, attempt.sent_at, now, tolerance):
        return NoProof("OtherTime")
    if not repeated.original_trace:
        return Booked(repeated)
    # Only a reversal of what came after the mark is one of ours.
    original = compare(Mark(trace=repeated.original_trace), attempt.before.mark)
    return TakenBack() if original is Order.LATER else NoProof("OtherTransaction")


def still_nothing(attempt: Attempt, *, repeats: bool) -> Verdict:
    """Return what it proves that an idle terminal says it has no transaction to repeat.

    Something, when it had none before either and is known to repeat those that it has.
    """
    before = attempt.before
    if before.is_known and before.mark is None and repeats:
        return NotBooked()
    return NoProof("NothingRepeated")


def compare(mark: Mark, earlier: Mark | None) -> Order:
    """Return how `mark` stands to `earlier` (None: there was no transaction)."""
    if earlier is None:
        return Order.LATER
    steps = [
        (theirs - ours) % wrap
        for name, wrap in _WRAPS.items()
        if (ours := getattr(earlier, name)) is not None
        and (theirs := getattr(mark, name)) is not None
    ]
    if not steps:
        return Order.UNCLEAR
    if not any(steps):
        return Order.SAME
    return Order.LATER if all(step <= STEPS_MAX for step in steps) else Order.UNCLEAR


def is_between(
    status: StatusInformation, sent_at: str, now: datetime, tolerance: timedelta
) -> bool:
    """Whether a transaction's time lies between `sent_at` and `now`, give or take.

    The terminal says neither year nor zone: its clock is taken as the kiosk's local one, in the
    year that brings it closest to `now`. One that says no time at all is believed.
    """
    if not (status.time and status.date):
        return True
    local_now = now.astimezone().replace(tzinfo=None)
    sent = datetime.fromisoformat(sent_at).astimezone().replace(tzinfo=None)
    candidates = []
    for year in (local_now.year - 1, local_now.year, local_now.year + 1):
        try:
            candidates.append(
                datetime.strptime(f"{year}{status.date}{status.time}", "%Y%m%d%H%M%S")
            )
        except ValueError:
            continue
    if not candidates:
        return False
    at = min(candidates, key=lambda candidate: abs(candidate - local_now))
    return sent - tolerance <= at <= local_now + tolerance


def last_of(repeated: StatusInformation | None) -> Last:
    """Return what a repeated receipt says about the last transaction; None: there is none."""
    return Last(is_known=True, mark=Mark.of(repeated) if repeated is not None else None)
