"""What the world is owed, derived from state: ordinary running and recovery run the same code.

`pending_effect(sale, recovering=...)` returns the one next thing that is owed, or None.
"""

from dataclasses import dataclass

from kiosk.sale.events import Actor, Method


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """Send the payment request. Owed once, right after PaymentRequested, never on recovery."""

    attempt_id: str
    service_id: str
    method: Method
    amount_minor: int
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PayBack:
    """Send a refund. Owed once, right after RefundRequested, never on recovery."""

    refund_id: str
    service_id: str
    method: Method
    amount_minor: int
    currency: str
    of_attempt_id: str
    of_service_id: str
    transaction_id: str
    """Of the payment that it takes back; empty where the shop allows it without one."""
    transaction_at: str

    @property
    def attempt_id(self) -> str:
        """The refund's id, as drivers name it."""
        return self.refund_id


@dataclass(frozen=True, slots=True, kw_only=True)
class AskPayBack:
    """Ask the terminal about a refund whose end is not known (recovery, or UNKNOWN)."""

    refund: PayBack

    @property
    def attempt_id(self) -> str:
        """The refund's id: who asks need not know what about."""
        return self.refund.refund_id

    @property
    def method(self) -> Method:
        """What is asked."""
        return self.refund.method


@dataclass(frozen=True, slots=True, kw_only=True)
class AskOutcome:
    """Ask the terminal about an attempt whose end is not known (recovery, or UNKNOWN)."""

    attempt_id: str
    service_id: str
    method: Method
    amount_minor: int
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StopCharge:
    """Tell the terminal that the payment is no longer wanted; its own answer still counts."""

    attempt_id: str
    service_id: str
    method: Method


@dataclass(frozen=True, slots=True, kw_only=True)
class Reverse:
    """Give back what an attempt took (another amount, another currency, partial)."""

    attempt_id: str
    service_id: str
    method: Method
    transaction_id: str
    transaction_at: str
    amount_minor: int
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberReceipt:
    """The sale is paid and wants its receipt number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintReceipt:
    """Put the receipt on paper. `print_id` is empty while no print has started.

    On recovery with a started, unsettled print the printer is asked about `print_id` first; what
    it cannot prove is printed again with KOPI (`copy`).
    """

    print_id: str = ""
    copy: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestReversalEffect:
    """A reversal is due but has no service id yet: the engine gives it one by RequestReversal."""

    attempt_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndSale:
    """A sale that was given up has nobody's money any more: abort it, with these words."""

    reason: str
    actor: Actor
    attendant_id: str
    where: str = "kiosk"


Effect = (
    Charge
    | PayBack
    | AskPayBack
    | AskOutcome
    | StopCharge
    | Reverse
    | NumberReceipt
    | PrintReceipt
    | RequestReversalEffect
    | EndSale
)
