"""What the attempts to pay amount to: what counts, what is open, what must go back."""

from typing import Final

from kiosk.sale.events import Outcome
from kiosk.sale.state import Attempt, Sale

# What may follow what. A declined payment may still turn out to have been approved: a message
# that was late must not make taken money vanish. Everything else that comes twice is old news.
_FOLLOWS: Final[dict[Outcome | None, frozenset[Outcome]]] = {
    None: frozenset(Outcome),
    Outcome.UNKNOWN: frozenset(Outcome) - {Outcome.UNKNOWN},
    Outcome.DECLINED: frozenset({Outcome.APPROVED}),
    Outcome.CANCELLED: frozenset({Outcome.APPROVED}),
    Outcome.APPROVED: frozenset(),
    Outcome.REVERSED: frozenset(),
}
_NOT_TAKEN: Final = frozenset({Outcome.DECLINED, Outcome.CANCELLED})


def is_news(attempt: Attempt, outcome: Outcome) -> bool:
    """Whether `outcome` tells something about the attempt that is not known yet."""
    return outcome in _FOLLOWS[attempt.outcome]


def confirms(attempt: Attempt, outcome: Outcome) -> bool:
    """Whether a payer's `outcome` says what so far only staff have said: nothing was taken."""
    return attempt.unconfirmed and outcome in _NOT_TAKEN


def is_told(attempt: Attempt, outcome: Outcome, *, by_staff: bool) -> bool:
    """Whether an answer is taken down: it is news, or the payer's own word on what staff had said.

    Deciding and replaying ask the same, or a record could be written that is not read back.
    """
    return is_news(attempt, outcome) or (not by_staff and confirms(attempt, outcome))


def counts(attempt: Attempt) -> bool:
    """Whether the attempt pays for the sale, wholly or in part, and is not on its way back."""
    return (
        attempt.outcome is Outcome.APPROVED
        and not attempt.reversal_due
        and not attempt.reversal_service_id
    )


def must_go_back(attempt: Attempt) -> bool:
    """Whether money of this attempt is to be given back and has not been, or not surely."""
    wanted = attempt.reversal_due or attempt.reversal_service_id != ""
    return attempt.outcome is Outcome.APPROVED and wanted and attempt.reversed is None


def paid_minor(sale: Sale) -> int:
    """Return the sum of the attempts that count, in minor units."""
    return sum(attempt.approved_minor for attempt in sale.attempts if counts(attempt))


def attempt_of(sale: Sale, attempt_id: str) -> Attempt | None:
    """Return the attempt with this id."""
    return next((attempt for attempt in sale.attempts if attempt.id == attempt_id), None)


def with_terminal(sale: Sale) -> Attempt | None:
    """Return the attempt that has no outcome yet."""
    return next((attempt for attempt in sale.attempts if attempt.outcome is None), None)


def in_doubt(sale: Sale) -> Attempt | None:
    """Return the attempt whose end is unknown."""
    return next((a for a in sale.attempts if a.outcome is Outcome.UNKNOWN), None)


def to_give_back(sale: Sale) -> Attempt | None:
    """Return the first attempt whose money must go back; of a sale given up that is all of it."""
    given_up = sale.given_up is not None
    return next(
        (one for one in sale.attempts if must_go_back(one) or (given_up and counts(one))), None
    )
