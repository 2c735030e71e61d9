"""What somebody wants to happen with goods that come back. As `commands`."""

from dataclasses import dataclass

from kiosk.sale.commands import Command
from kiosk.sale.events import CardFacts, Method, Outcome
from kiosk.sale.return_events import ByHand, PaidElsewhere
from kiosk.sale.state import Sale


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnCommand(Command):
    """The common part of all commands of a return."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginReturn(ReturnCommand):
    """Note on a sale that is over that goods of it come back in another. Comes before AddReturn."""

    into: str
    attendant_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteChecked(ReturnCommand):
    """Note what the store said of the receipt; see `ReturnChecked`. Comes before AddReturn."""

    original_sale_id: str
    register_id: str = ""
    answered: bool = True
    payments: tuple[PaidElsewhere, ...] = ()
    attendant_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddReturn(ReturnCommand):
    """Take `quantity` pieces of a sold line back; something weighed comes back whole (1).

    `returns` are all sales in which goods of `original` came back before; the sale that decides
    is added to them by itself. Refused: more than is left (NOT_RETURNABLE), goods of a second
    receipt (OTHER_RECEIPT), and all that keeps lines from being changed.
    """

    original: Sale
    returns: tuple[Sale, ...]
    original_receipt: str
    line_id: int
    """Of the original sale."""
    quantity: int
    reason: str
    attendant_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRefund(ReturnCommand):
    """Give back so much of one payment. Refused while another refund runs or is in doubt.

    Without a transaction of the original payment it is refused (NO_SUCH_ATTEMPT), unless the shop
    has allowed that (`unreferenced`).
    """

    refund_id: str
    service_id: str
    method: Method
    amount_minor: int
    of_attempt_id: str = ""
    of_service_id: str = ""
    transaction_id: str = ""
    transaction_at: str = ""
    attendant_id: str
    unreferenced: bool = False
    by_hand: ByHand | None = None
    """Staff give this part back themselves, and nobody is asked to. Only after it was refused, or
    where nobody can be asked (`out_of_reach`); else NOT_PAID."""
    out_of_reach: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleRefund(ReturnCommand):
    """What the terminal or provider answered about a refund."""

    refund_id: str
    outcome: Outcome
    transaction_id: str = ""
    transaction_at: str = ""
    card: CardFacts = CardFacts()
    reason: str = ""
    attendant_id: str = ""
