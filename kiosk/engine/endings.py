"""The sentence for the end of an attempt: what happened, in the shopper's words.

The provider's own reasons are codes for staff and logs. A shopper learns only what helps them to
go on: that time ran out, that nobody was there, that this number cannot pay. Why a card or an
account was refused is nobody's business who stands beside them.
"""

from typing import Final

from kiosk.engine.view import Notice
from kiosk.sale.events import Outcome
from kiosk.sale.state import Attempt

TIME_RAN_OUT: Final = frozenset({"Expired", "NoInput", "TimeoutError", "Terminated"})
"""Terminated: we ended it. That was for want of time, where nobody had asked us to."""
NOBODY_THERE: Final = frozenset({"NotReached", "NotesLost"})
NUMBER_CANNOT: Final = frozenset({"Unregistered", "Barred"})


def notice_of(attempt: Attempt) -> Notice:
    """Return what to say about an attempt that has just ended; NONE where the screen says it."""
    match attempt.outcome:
        case Outcome.APPROVED if attempt.abort_requested:
            return Notice.PAID_ANYWAY
        case Outcome.DECLINED if attempt.reason in NUMBER_CANNOT:
            return Notice.NUMBER_CANNOT_PAY
        case Outcome.DECLINED:
            return Notice.DECLINED
        case Outcome.CANCELLED if attempt.reason in NOBODY_THERE:
            return Notice.NOT_REACHED
        case Outcome.CANCELLED if attempt.reason in TIME_RAN_OUT and not attempt.abort_requested:
            return Notice.PAYMENT_EXPIRED
        case Outcome.CANCELLED:
            return Notice.CANCELLED
        case _:
            return Notice.NONE
