"""Money that was only reserved is taken when the goods are handed over, and not before.

A wallet's approval reserves. While the sale is not complete (another tender is still to come, the
shopper changes their mind) the reservation is let go, which costs nobody anything. With the receipt
number the goods are the shopper's, and from that event on taking the money is owed, through any
number of power cuts, until the provider has confirmed it. The sale is over for the shopper long
before; so these events may follow its end.
"""

from dataclasses import replace
from typing import Final

from kiosk.sale import commands as c
from kiosk.sale import events as e
from kiosk.sale.attempts import attempt_of, counts
from kiosk.sale.commands import Reason, Rejected
from kiosk.sale.events import Method
from kiosk.sale.invariant import InvariantBroken
from kiosk.sale.state import Attempt, Sale

RESERVES: Final = frozenset({Method.VIPPS, Method.KLARNA})
"""Methods whose approval moves no money yet. A card terminal, a phone bill and a gift card take it
with their approval."""


def requests(sale: Sale, at_utc: str) -> tuple[e.CaptureRequested, ...]:
    """Return the events that make taking the money owed, for a sale that is being completed."""
    return tuple(
        e.CaptureRequested(
            at_utc=at_utc,
            attempt_id=attempt.id,
            amount_minor=attempt.approved_minor,
            currency=attempt.approved_currency,
        )
        for attempt in sale.attempts
        if attempt.method in RESERVES and counts(attempt) and not sale.training
    )


def owed(sale: Sale) -> tuple[Attempt, ...]:
    """Return the attempts whose money is to be taken and has not been, refused ones included."""
    return tuple(one for one in sale.attempts if one.capture_due and one.captured is not True)


def settle(sale: Sale, command: c.SettleCapture) -> tuple[e.Event, ...]:
    """Take down what the provider said; the same again changes nothing.

    A refusal is not the end: the money is still owed, and a person has to look at it. When it is
    taken after all, that stands.
    """
    attempt = attempt_of(sale, command.attempt_id)
    if attempt is None or not attempt.capture_due:
        raise Rejected(Reason.NO_SUCH_ATTEMPT)
    if attempt.captured is True:
        return ()
    if command.done:
        return (
            e.PaymentCaptured(
                at_utc=command.at_utc, attempt_id=attempt.id, released=command.released
            ),
        )
    if attempt.captured is False:
        return ()
    return (e.CaptureRefused(at_utc=command.at_utc, attempt_id=attempt.id, reason=command.reason),)


def after(sale: Sale, event: e.CaptureRequested | e.PaymentCaptured | e.CaptureRefused) -> Sale:
    """Return the sale after one of these events; its phase never changes by them."""
    attempt = attempt_of(sale, event.attempt_id)
    if attempt is None:
        raise InvariantBroken(f"sale {sale.id}: no attempt {event.attempt_id}")
    match event:
        case e.CaptureRequested():
            settled = replace(attempt, capture_due=True)
        case e.PaymentCaptured():
            settled = replace(attempt, captured=True)
        case e.CaptureRefused():
            settled = replace(attempt, captured=False)
    attempts = tuple(settled if old.id == attempt.id else old for old in sale.attempts)
    return replace(sale, attempts=attempts)
