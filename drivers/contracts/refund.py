"""Giving money back for goods that came back: days later, and often only a part."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundRequest:
    """How much of which payment goes back. Ids are the refund's own, as for a charge."""

    attempt_id: str
    service_id: str
    sale_id: str
    """Of the return."""
    amount_minor: int
    currency: str
    currency_digits: int = 2
    transaction_id: str = ""
    """Of the payment, as its approval said. Empty: the shop allows a refund without one."""
    transaction_at: str = ""
    of_attempt_id: str = ""
    """The payment's own attempt, by which its capture is named."""
    paid_minor: int = 0
    """What the payment took."""
    given_before_minor: int = 0
    """What of it went back before, surely."""
    may_release: bool = False
    """Whether a whole payment that is only reserved may be let go instead of taken and refunded.

    Whoever owes its capture must know of this refund: the capture then hears RELEASED.
    """

    @property
    def whole(self) -> bool:
        """Whether all that the payment took goes back at once."""
        return self.given_before_minor == 0 and self.amount_minor == self.paid_minor

    @property
    def releases(self) -> bool:
        """Whether a reservation may be let go for it."""
        return self.may_release and self.whole


@runtime_checkable
class Refunding(Protocol):
    """What a terminal or wallet has besides, that can give money back.

    Both calls return at once and are answered by one RefundAnswered each. As with a charge nothing
    is sent twice: after a lost answer the driver asks, and answers UNKNOWN when nobody can tell.
    CANCELLED says that it surely did not begin, DECLINED that it was refused.
    """

    def refund(self, request: RefundRequest) -> None:
        """Send it, once in the life of its service id."""

    def ask_refund(self, request: RefundRequest) -> None:
        """Ask how a refund of this or an earlier life ended.

        Where the provider does a request with one key only once, asking may be saying it again.
        """
