"""Where the shopper is on the glass. Frozen values: forgetting them loses no sale.

Nothing here is business state: lines, amounts and payments are the sale's. All deadlines are on
the engine's monotonic clock.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Final

from drivers.contracts import TerminalStep, ValueState, WalletShown
from kiosk.engine.closing_view import SendStep
from kiosk.engine.tender_view import ValueStep
from kiosk.engine.view import Notice, Overlay, Screen, Settings, ToastKind, Tone
from kiosk.sale.commands import AddItem
from kiosk.sale.events import Method
from kiosk.sale.product import Product


@dataclass(frozen=True, slots=True, kw_only=True)
class Toast:
    """What just happened to a line, and how it was before."""

    kind: ToastKind
    line_id: int
    quantity_before: int
    until_ns: int


@dataclass(frozen=True, slots=True)
class NeedsWeighing:
    """A product that is priced by weight, named by a code that carries none."""

    product: Product


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceCheck:
    """A price check that waits for a scan (`found` None), or shows one."""

    found: AddItem | NeedsWeighing | None = None
    known: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Typing:
    """What a wallet's number keys are for, and how many digits that has."""

    digits_min: int
    digits_max: int


PHONE: Final = Typing(digits_min=8, digits_max=12)
"""A Norwegian mobile number, with or without its country code."""
SMS_CODE: Final = Typing(digits_min=4, digits_max=8)


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueEntry:
    """A gift card or a voucher on its way from the hand to the sale. Never its whole number."""

    method: Method
    attempt_id: str = ""
    """Of the attempt that may be made with it; empty until something was presented."""
    step: ValueStep = ValueStep.ASK
    typed: str = field(default="", repr=False)
    """The digits or letters so far; handed over and forgotten with the check key."""
    problem: ValueState = ValueState.GOOD
    unknown: int = 0
    """How many numbers in a row nobody knew."""
    balance_minor: int = 0
    last_four: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldVoucher:
    """A deposit voucher that was scanned, and pays when the shopper does."""

    attempt_id: str
    mark: int = field(repr=False)
    """Tells one slip from another, in this life of the program only."""
    minor: int = 0
    """What it is worth; 0 until that is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkSend:
    """The link to a receipt on its way to a number; see `sending`."""

    step: SendStep = SendStep.KEYS
    open: bool = False
    """Whether the keys stand on the glass."""
    typed: str = field(default="", repr=False)
    """The digits so far; handed over and forgotten with the check key."""
    bad: bool = False
    send_id: str = ""
    tries: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One shopper's place on the screen."""

    screen: Screen = Screen.START
    """Of the screens that are a matter of choice; payment and receipt screens follow the sale."""
    back_to: Screen = Screen.SCAN
    """Where HELP was asked from."""
    overlay: Overlay = Overlay.NONE
    """LANGUAGE or ADJUST; STILL_THERE follows from `answer_by_ns`."""
    settings: Settings = Settings()
    category: str = ""
    query: str = ""
    page: int = 0
    code: str = ""
    weighing: Product | None = None
    price_check: PriceCheck | None = None
    bags: tuple[tuple[str, int], ...] = ()
    """Wanted carrier bags: product id and number."""
    open_line_id: int | None = None
    added_line_id: int | None = None
    toast: Toast | None = None
    notice: Notice = Notice.NONE
    notice_limit: int = 0
    unknown: int = 0
    """How many codes in a row nobody knew."""
    tone: Tone = Tone.NONE
    tone_seq: int = 0
    help_id: str = ""
    """The call for help that stands; journaled as soon as there is a sale to journal it in."""
    help_reason: str = ""
    help_at: str = ""
    """When it was called, as in events."""
    step: TerminalStep | None = None
    step_text: str = ""
    wallet: WalletShown | None = None
    """What the wallet of the running attempt shows; gone with the attempt."""
    typing: Typing | None = None
    """What is being typed for it; None while nothing is."""
    typed: str = field(default="", repr=False)
    """The digits so far: a phone number, or a code that came to a phone. Forgotten when they are
    handed over."""
    value: ValueEntry | None = None
    """The gift card or voucher of VALUE."""
    held: tuple[HeldVoucher, ...] = ()
    touched_ns: int = 0
    """Last sign of life."""
    answer_by_ns: int | None = None
    """Until when "are you still there?" may be answered."""
    ticked_at_s: int = 0
    """The second of the countdown that has been heard."""
    cards_rest_until_ns: int = 0
    """After several declines cards rest until then (`payments.attempts.cool_down_s`)."""
    choose_by_ns: int | None = None
    """Until when the receipt question may be answered."""
    thanks_until_ns: int | None = None
    link: LinkSend | None = None
    """Of the receipt, once somebody asked to have it sent."""
    scan_at_monotonic_ns: int = 0

    def with_tone(self, tone: Tone) -> "Session":
        """Return the session with one more sound to be heard."""
        return replace(self, tone=tone, tone_seq=self.tone_seq + 1)

    def told(self, notice: Notice, limit: int = 0) -> "Session":
        """Return the session with a sentence that says why something did not happen."""
        if (notice, limit) == (self.notice, self.notice_limit):
            return self
        return replace(self, notice=notice, notice_limit=limit)

    def at(self, screen: Screen) -> "Session":
        """Return the session on another screen, with what belonged to the old one put away."""
        return replace(
            self,
            screen=screen,
            overlay=Overlay.NONE,
            category="",
            query="",
            page=0,
            code="",
            weighing=None,
            price_check=None,
            bags=self.bags if screen is Screen.BAGS else (),
        )

    def touched(self, now_ns: int) -> "Session":
        """Return the session after a sign of life."""
        return replace(self, touched_ns=now_ns, answer_by_ns=None, ticked_at_s=0)


NOTHING_SHOWN: Final[Mapping[str, Any]] = MappingProxyType(
    {"step": None, "step_text": "", "wallet": None, "typing": None, "typed": ""}
)
"""What a session knows of a running payment while there is none."""


def fresh(language: str, now_ns: int, tone_seq: int) -> Session:
    """Return the session of the next shopper: nothing of the last one's stays but the count."""
    return Session(settings=Settings(language=language), touched_ns=now_ns, tone_seq=tone_seq)
