"""Which screen stands on the glass: the sale's phase first, the shopper's choice second."""

from dataclasses import dataclass

from drivers.contracts import DeviceKind, WalletStep
from drivers.contracts.gateway import Reach
from kiosk.engine.staff_view import StaffStep
from kiosk.engine.till import Till
from kiosk.engine.view import Screen, Unavailable
from kiosk.sale.attempts import counts, to_give_back, with_terminal
from kiosk.sale.events import Method
from kiosk.sale.intervention import blocking, blocks_now
from kiosk.sale.pending import pending_effect
from kiosk.sale.state import Attempt, Phase, Sale

SCANNING = frozenset(
    {
        Screen.START,
        Screen.SCAN,
        Screen.LOOKUP,
        Screen.CODE,
        Screen.WEIGH,
        Screen.PRICE_CHECK,
        Screen.BAGS,
        Screen.PAY,
        Screen.VALUE,
        Screen.HELP,
        Screen.NEEDS_STAFF,
        Screen.BAG_WEIGHT,
    }
)
"""Screens on which a scan adds an item."""


SHOPPING = frozenset(
    {Screen.SCAN, Screen.LOOKUP, Screen.CODE, Screen.PRICE_CHECK, Screen.BAGS, Screen.PAY}
)
"""Where a voucher or a coupon may be scanned among the goods."""

AT_THE_END = frozenset({Screen.THANKS, Screen.SEND_LINK, Screen.SEND_MAIL})
"""Screens that go by themselves, to let the next shopper in."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What does not work on a kiosk that nobody uses, and what does."""

    fault: str
    works: tuple[Method, ...] = ()
    can_start: bool = False


def screen_of(till: Till) -> Screen:
    """Return the screen that stands now."""
    if till.halted:
        return Screen.OUT_OF_ORDER
    if till.bags.asked and till.sale.phase is Phase.OPEN:
        return Screen.BAG_WEIGHT
    match till.sale.phase:
        case Phase.PAYING | Phase.PAID | Phase.IN_DOUBT if till.sale.refunds:
            return Screen.NEEDS_STAFF  # money on its way back is no matter of the shopper's
        case Phase.PAYING | Phase.PAID:
            return _of_paying(till)
        case Phase.IN_DOUBT:
            return Screen.IN_DOUBT
        case Phase.COMPLETED:
            return _of_completed(till)
        case Phase.OPEN:
            return Screen.NEEDS_STAFF if blocks_now(till.sale) else till.session.screen
        case _:
            return _without_sale(till)


def _of_paying(till: Till) -> Screen:
    attempt = running_attempt(till.sale)
    if attempt is not None and attempt.method in (Method.GIFT_CARD, Method.DEPOSIT_VOUCHER):
        return Screen.VALUE
    if attempt is None or till.devices.wallet(attempt.method) is None:
        return Screen.TERMINAL
    silent = till.session.wallet and till.session.wallet.step is WalletStep.NO_ANSWER
    return Screen.WALLET_KEYS if till.session.typing and not silent else Screen.WALLET


def running_attempt(sale: Sale) -> Attempt | None:
    """Return the attempt that the glass is about while money moves: on its way, or back."""
    return with_terminal(sale) or to_give_back(sale) or paying_attempt(sale)


def paying_attempt(sale: Sale) -> Attempt | None:
    """Return the attempt that paid, the last one where there were several."""
    return next((attempt for attempt in reversed(sale.attempts) if counts(attempt)), None)


def _of_completed(till: Till) -> Screen:
    if till.sale.receipt_choice is None:
        return Screen.RECEIPT
    # Money that could not go back: nobody may start before an attendant has seen to it.
    if blocks_now(till.sale):
        return Screen.NEEDS_STAFF
    link = till.session.link
    if link is None or not link.open:
        return Screen.THANKS
    by_mail = till.gateway is not None and till.gateway.reach is Reach.EMAIL
    return Screen.SEND_MAIL if by_mail else Screen.SEND_LINK


def _without_sale(till: Till) -> Screen:
    if till.session.screen is not Screen.START:
        return till.session.screen
    if till.closing or till.paused:
        return Screen.CLOSED
    return Screen.START if fault_of(till) is None else Screen.OUT_OF_ORDER


def fault_of(till: Till) -> Fault | None:
    """Return what keeps a kiosk that nobody uses from its start screen.

    A device that has said nothing yet is not a fault: it is still being looked for.
    """
    if till.halted:
        return Fault("journal")
    if till.disk_filling:
        return Fault("disk")
    if till.devices.printer is None or till.health.cannot_print():
        # No sale may end without the means to give a receipt (kassasystemforskrifta § 2-6).
        return Fault("printer")
    works = tuple(
        method for method in till.config.methods if unavailable(till, method) is Unavailable.NONE
    )
    if _no_cards(till) and Method.CARD in till.config.methods and not is_practice(till):
        return Fault("terminal", works, can_start=bool(works))
    if till.health.gone(DeviceKind.SCANNER):
        return Fault("scanner", works, can_start=True)
    return None


def is_practice(till: Till) -> bool:
    """Return whether the sale on the glass, or the next one, is for practice."""
    return till.training if till.sale.phase is Phase.NONE else till.sale.training


def _no_cards(till: Till) -> bool:
    terminal = till.devices.terminal
    return terminal is None or till.health.gone(DeviceKind.TERMINAL)


def unavailable(till: Till, method: Method, to_pay_minor: int = 0) -> Unavailable:
    """Return why a method cannot be used now, or NONE."""
    if is_practice(till):
        # Nothing real is asked, see `training`; what is on a card, only its issuer knows.
        shown = method not in (Method.GIFT_CARD, Method.DEPOSIT_VOUCHER)
        return Unavailable.NONE if shown else Unavailable.NOT_SET_UP
    payer = till.devices.payer(method)
    if payer is None:
        return Unavailable.NOT_SET_UP
    if not till.health.is_ready(payer.name):
        return Unavailable.TERMINAL_LOST if method is Method.CARD else Unavailable.OFFLINE
    if method is Method.CARD and till.session.cards_rest_until_ns > till.now_ns():
        return Unavailable.RESTING
    limit = till.config.method_limits_minor.get(method, 0)
    if limit and to_pay_minor > limit:
        return Unavailable.OVER_LIMIT
    return Unavailable.NONE


def accepts_scans(till: Till) -> bool:
    """Return whether a scan may come now. Scanners are enabled just then, never else.

    In staff mode only where the attendant adds, looks over or takes up by scanning.
    """
    if till.staff is not None:
        return not till.halted and till.staff.step in (StaffStep.ITEM, StaffStep.REVIEW)
    screen = screen_of(till)
    if screen is Screen.OUT_OF_ORDER:
        fault = fault_of(till)
        return fault is not None and fault.can_start
    if screen is Screen.THANKS:
        return can_close(till)
    if till.sale.phase is Phase.OPEN and blocks_now(till.sale):
        return False
    return screen in SCANNING


def can_close(till: Till) -> bool:
    """Return whether the completed sale owes nothing more, so that the next shopper may come."""
    sale = till.sale
    return (
        sale.phase is Phase.COMPLETED
        and sale.receipt_choice is not None
        and pending_effect(sale, recovering=False) is None
        and not blocks_now(sale)
    )


def may_decline(sale: Sale) -> bool:
    """Whether the shopper may do without a receipt.

    Only where the money came by an integrated payment other than cash, which is all that this
    kiosk takes (bokføringsforskriften § 5-3-5): so not where nothing was paid, nor where money or
    goods went back. SAF-T has an event for it, 13030.
    """
    return paying_attempt(sale) is not None and not sale.returned


def may_have_on_phone(till: Till) -> bool:
    """Whether the receipt can go to a phone: not for practice, and only where it will be found."""
    return not till.sale.training and till.receipts.offered()


def waits_for_staff(till: Till) -> bool:
    """Return whether somebody must come before this sale can be paid."""
    return blocking(till.sale) is not None
