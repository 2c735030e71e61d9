"""What staff may ask of a kiosk from afar, beside decisions. Part of `messages`."""

from dataclasses import dataclass
from enum import StrEnum

from kiosk.engine.staff_messages import Verdict


class Errand(StrEnum):
    """What is to be done."""

    PAUSE = "pause"
    """Take no next shopper (`on`), or take the next again."""
    OPEN = "open"
    CLOSE = "close"
    """After the running sale."""
    VOID_LINE = "void_line"
    VOID_SALE = "void_sale"
    CLOSE_DAY = "close_day"


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteOrder:
    """An attendant's order from a till, a phone or the store's board; answered, whatever comes.

    Whoever posts it has looked at the sender's rights. What is about a sale names it, so that it
    can never change another shopper's.
    """

    order_id: str
    errand: Errand
    attendant_id: str
    sale_id: str = ""
    line_id: int = 0
    reason: str = ""
    on: bool = True
    opens_at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderAnswered:
    """The answer to each RemoteOrder."""

    order_id: str
    verdict: Verdict
    detail: str = ""
