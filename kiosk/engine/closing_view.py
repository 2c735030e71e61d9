"""What the screen needs at the end of a visit, and where there can be none."""

from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.sale.events import Method, ReceiptChoice


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptView:
    """The question after payment."""

    amount_minor: int
    method: Method
    methods: tuple[Method, ...] = ()
    """What it was paid by, where that is more than one."""
    last_four: str = ""
    seconds_left: int = 20
    paper: bool = True
    phone: bool = False
    """Whether an electronic receipt can be offered."""
    may_decline: bool = True


class SendStep(StrEnum):
    """How far the link to a receipt is on its way to a number."""

    KEYS = "keys"
    """It is typed, or may be."""
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    """Not sent, or nobody knows: the code still stands, and paper can be had."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendLinkView:
    """Number or letter keys for the link."""

    typed: str = field(default="", repr=False)
    """A number is masked but for its last two digits. An address is as it was typed, since nobody
    types one blind; it is gone from the glass with the check key."""
    can_confirm: bool = False
    bad: bool = False
    """The last number or address was none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ThanksView:
    """The last screen."""

    saved_minor: int
    choice: ReceiptChoice | None
    printing: bool = False
    seconds_left: int = 12
    phone_code: str = ""
    """What a phone scans for its receipt, after PHONE; empty where there is none."""
    can_send: bool = False
    """Whether the link can go to a number, or an address, instead."""
    by_mail: bool = False
    """To an address."""
    send: SendStep = SendStep.KEYS


@dataclass(frozen=True, slots=True, kw_only=True)
class OutOfOrderView:
    """First what works, then what does not. Empty `works` means the kiosk cannot sell."""

    fault: str
    """terminal, scanner, printer, scale, journal."""
    works: tuple[Method, ...] = ()
    can_start: bool = False
