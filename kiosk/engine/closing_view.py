"""What the screen needs at the end of a visit, and where there can be none."""

from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True, kw_only=True)
class ThanksView:
    """The last screen."""

    saved_minor: int
    choice: ReceiptChoice | None
    printing: bool = False
    seconds_left: int = 12
    phone_code: str = ""
    """What a phone scans for its receipt, after PHONE; empty where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutOfOrderView:
    """First what works, then what does not. Empty `works` means the kiosk cannot sell."""

    fault: str
    """terminal, scanner, printer, scale, journal."""
    works: tuple[Method, ...] = ()
    can_start: bool = False
