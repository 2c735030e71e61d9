"""An approval that comes when nobody waits for it any more: complete the sale, or give it back.

Stopping is a wish, a power cut may last for hours, and a phone may be slow. Both answers are right
somewhere: where goods leave through a gate that opens for paid sales, the shopper gets what they
paid for; where nobody is seen again, their money is better with them. Never both, and never
neither: the approval and what becomes of it are committed together.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from kiosk.sale.commands import SettlePayment
from kiosk.sale.events import Outcome
from kiosk.sale.state import Attempt, Sale

GIVEN_BACK_LATE: Final = "late_approval"
"""Reason of such a reversal."""


class LateApproval(StrEnum):
    """What becomes of it."""

    COMPLETE = "complete"
    """The sale is paid, and ends with its receipt."""
    GIVE_BACK = "give_back"
    """The money goes back at once, and the sale is unpaid."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """The shop's rule."""

    approval: LateApproval = LateApproval.COMPLETE
    after_s: float = 900
    """An approval this long after it was asked for is late also when nobody stopped it. Longer
    than a code of a wallet lives (600 s)."""


def goes_back(sale: Sale, attempt: Attempt, settlement: SettlePayment, late: Late) -> bool:
    """Return whether this approval is late, and the shop wants the money back with the shopper.

    What staff say of a payment stands as they say it. What goes back anyway (another amount, a
    sale that was given up) has its own way.
    """
    approved = settlement.outcome is Outcome.APPROVED and not settlement.attendant_id
    asked = (attempt.amount_minor, attempt.currency)
    whole = (settlement.amount_minor, settlement.currency) == asked
    if late.approval is LateApproval.COMPLETE or not (approved and whole) or sale.given_up:
        return False
    at, asked_at = map(datetime.fromisoformat, (settlement.at_utc, attempt.requested_at))
    return attempt.abort_requested or (at - asked_at).total_seconds() > late.after_s
