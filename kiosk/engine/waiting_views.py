"""What waits for somebody, on the glass and of sales that are over; for screen and board alike."""

from collections.abc import Iterator

from kiosk.engine.till import Till
from kiosk.engine.view import WaitingView
from kiosk.sale.attempts import attempt_of
from kiosk.sale.events import Interest
from kiosk.sale.intervention import REVERSAL_FAILED
from kiosk.sale.state import Phase


def waiting(till: Till) -> tuple[WaitingView, ...]:
    """Return what waits for somebody, oldest first; what is left of sales that are over, last."""
    return (*_waiting_here(till), *_waiting_after_the_end(till))


def _waiting_here(till: Till) -> tuple[WaitingView, ...]:
    session, sale = till.session, till.sale
    if session.help_id and sale.phase is Phase.NONE:
        called = WaitingView(
            id=session.help_id,
            kind=Interest.HELP,
            raised_at=session.help_at,
            policy=till.config.policy(Interest.HELP),
            detail=session.help_reason,
        )
        return (called,)
    return tuple(
        WaitingView(
            id=call.id,
            kind=call.kind,
            line_id=call.line_id,
            raised_at=call.raised_at,
            policy=call.policy,
            detail=call.detail,
        )
        for call in sale.interventions
        if call.open
    )


def _waiting_after_the_end(till: Till) -> Iterator[WaitingView]:
    for sale in till.unsettled.values():
        for call in sale.interventions:
            attempt = attempt_of(sale, call.detail.removeprefix(REVERSAL_FAILED))
            if call.open:
                yield WaitingView(
                    id=call.id,
                    kind=call.kind,
                    raised_at=call.raised_at,
                    policy=call.policy,
                    detail=call.detail,
                    sale_id=sale.id,
                    amount_minor=attempt.approved_minor if attempt else 0,
                )


def is_called(till: Till) -> bool:
    """Return whether somebody is on the way: called by the shopper, or by the kiosk itself."""
    calls = (Interest.HELP, Interest.DEVICE, Interest.PAYMENT_IN_DOUBT)
    return bool(till.session.help_id) or any(
        call.open and call.kind in calls for call in till.sale.interventions
    )
