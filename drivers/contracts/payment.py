"""What terminals and wallets can be asked for."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Protocol

from drivers.contracts.device import Device


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeLine:
    """One line of what is paid for, as a wallet shows it in its app. Amounts in minor units."""

    id: str
    name: str
    total_minor: int
    """With tax, after offers."""
    tax_minor: int = 0
    tax_rate_bp: int = 0
    """Hundredths of a percent: 1500 is 15 %."""
    quantity: str = "1"
    """In `unit`, with a decimal point: "2", "0.822"."""
    unit: str = "PCS"
    """PCS or KG."""
    unit_price_minor: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeRequest:
    """What to charge. `service_id`: 1-10 characters, unique for the terminal, never reused."""

    attempt_id: str
    service_id: str
    sale_id: str
    amount_minor: int
    currency: str
    currency_digits: int = 2
    lines: tuple[ChargeLine, ...] = ()
    """For wallets. Sent only when they add up to `amount_minor` (they do not in a split tender)."""
    min_age: int = 0
    """For wallets that can check it: the age in years that the basket asks for; 0 for none."""


RELEASED: Final = "Released"
"""Reason of a capture that is refused because all of it was let go, and nothing was taken."""

NO_REFERENCE: Final = "NoReference"
"""Why a payment without a transaction id is not given back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReversalRequest:
    """What to give back, whole.

    A payment without a transaction id, as one that somebody only said was paid, is not given back:
    a driver answers "NoReference" and sends nothing, for a terminal might take the request for
    its last transaction, which is another shopper's.
    """

    attempt_id: str
    service_id: str
    sale_id: str
    transaction_id: str
    transaction_at: str
    amount_minor: int
    currency: str
    currency_digits: int = 2


class Terminal(Device, Protocol):
    """A card terminal. One payment at a time; every call is answered by one event.

    All calls return at once. No call is ever repeated by the driver on the wire: after a lost
    answer the driver asks by `service_id`, and answers UNKNOWN when nobody can tell it. Only on
    the terminal's own word that it did not begin (busy, nobody logged in) is a call sent again.
    """

    def charge(self, request: ChargeRequest) -> None:
        """Send the payment request once."""

    def abort(self, attempt_id: str, service_id: str) -> None:
        """Wish to stop it. Answered by the charge's own PaymentAnswered."""

    def ask(self, request: ChargeRequest) -> None:
        """Ask how a payment of this or an earlier life ended."""

    def reverse(self, request: ReversalRequest) -> None:
        """Give a payment back."""


class WalletInputKind(StrEnum):
    """What the shopper typed."""

    PHONE = "phone"
    CONFIRM = "confirm"
    CODE = "code"
    SCAN = "scan"
    """Nothing typed: show the QR code again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WalletInput:
    """What a shopper typed, on its way to a wallet.

    It goes from the screen to `Wallet.give` and nowhere else: into no event, journal, view or log.
    Its `repr` hides it; whoever holds one lets go of it at once.
    """

    attempt_id: str
    kind: WalletInputKind
    text: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureRequest:
    """Take the money that an approval reserved: the goods are handed over."""

    attempt_id: str
    service_id: str
    transaction_id: str
    """As the approval said."""
    amount_minor: int
    currency: str
    currency_digits: int = 2


class Wallet(Terminal, Protocol):
    """A means of payment that the shopper approves on a phone: kind WALLET.

    All of `Terminal` holds, and tells the same truth: an abort may come too late, UNKNOWN is asked
    about. What differs: an approval only reserves the money until `capture` (where a provider takes
    it at once, capture says done), and the driver may send one request again under its idempotency
    key, because the provider then does it once.
    """

    def give(self, given: WalletInput) -> None:
        """Hand over what the shopper typed; returns at once.

        Answered by the next WalletShown. For an attempt that is not running, or when the wallet
        asked for something else, it is forgotten.
        """

    def capture(self, request: CaptureRequest) -> None:
        """Take what is reserved. Safe to repeat with the same request, in any later life."""
