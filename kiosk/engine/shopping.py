"""The list: scans, quantities, removals and their undo, and price checks."""

from dataclasses import replace

from drivers.contracts import BarcodeScanned
from kiosk.engine import coupons, refusals, tenders, translate
from kiosk.engine import messages as m
from kiosk.engine.messages import Message
from kiosk.engine.place import accepts_scans, can_close, screen_of, waits_for_staff
from kiosk.engine.session import NeedsWeighing, PriceCheck, Toast
from kiosk.engine.till import Till
from kiosk.engine.translate import Found, NotFound
from kiosk.engine.view import Notice, Screen, ToastKind, Tone
from kiosk.sale.commands import (
    AddItem,
    ChangeQuantity,
    GiveUpSale,
    LookUpPrice,
    RemoveLine,
    RestoreLine,
)
from kiosk.sale.state import Line, Phase


def handle(till: Till, message: Message) -> bool:
    """Do what a touch on the list means; False when the message is not about the list."""
    match message:
        case m.StartPressed():
            begin(till)
        case m.LinePressed(line_id):
            _open_line(till, line_id)
        case m.QuantityPressed(line_id, quantity):
            _change_quantity(till, line_id, quantity)
        case m.RemovePressed(line_id):
            _change_quantity(till, line_id, 0)
        case m.UndoPressed():
            _undo(till)
        case m.PriceCheckPressed():
            _price_check(till)
        case m.PriceCheckBuyPressed():
            _buy_checked(till)
        case m.LeavePressed():
            leave(till)
        case _:
            return False
    return True


def begin(till: Till) -> None:
    """Leave the start screen; the sale itself begins with what is first put into it."""
    at_start = till.sale.phase is Phase.NONE and till.session.screen is Screen.START
    if at_start and accepts_scans(till):
        till.session = till.session.at(Screen.SCAN)


def scanned(till: Till, scan: BarcodeScanned) -> None:
    """Take one scan: add it, show its price, or refuse it with both tones."""
    scanner = next((one for one in till.devices.scanners if one.name == scan.device), None)
    till.session = till.session.told(Notice.NONE)
    till.change(scan_at_monotonic_ns=scan.at_monotonic_ns)
    taken = accepts_scans(till) and _take(till, scan)
    if not taken and till.session.notice is Notice.NONE:
        till.refuse(Notice.NOT_NOW)
    if scanner is not None:
        if taken:
            scanner.good_read()
        else:
            scanner.error_tone()


def _take(till: Till, scan: BarcodeScanned) -> bool:
    if screen_of(till) is Screen.THANKS:
        # The next shopper is here: the last one's thanks end now.
        if not can_close(till):
            return False
        till.close_sale()
    till.session = till.session.touched(till.now_ns())
    till.change(toast=None)
    taken = tenders.scanned(till, scan.text)
    if taken is not None:
        return taken
    found = translate.of_scan(till, scan.text, scan.aim_id)
    if screen_of(till) is Screen.PRICE_CHECK:
        return _show_price(till, found)
    return add_found(till, found)


def add_found(till: Till, found: Found) -> bool:
    """Add what was found and go back to the list; say why when it cannot be.

    An unknown code on the start screen leads to the list too: somebody has begun to shop, and
    there is where the help for it stands.
    """
    match found:
        case AddItem():
            if not till.attempted(*till.opening(), found):
                begin(till)
                refusals.note(till, found)
                return False
            _added(till)
            refusals.went_on(till)
            return True
        case NeedsWeighing(product):
            begin(till)
            if till.devices.scale is None or not till.config.approved_scale:
                till.refuse(Notice.WEIGH_FIRST)
                return False
            till.session = till.session.at(Screen.WEIGH)
            till.change(weighing=product, toast=None)
            return True
        case NotFound(notice):
            begin(till)
            till.refuse(notice)
            refusals.unknown(till, notice)
            return False


def _added(till: Till) -> None:
    session = till.session
    if session.screen is not Screen.BAGS:  # there the scan adds, and the question stands
        session = session.at(Screen.SCAN)
    line = till.sale.live_lines[-1]
    session = session.told(Notice.NONE).with_tone(Tone.ADDED)
    till.session = replace(session, added_line_id=line.id, open_line_id=None, toast=None)


def _line(till: Till, line_id: int) -> Line | None:
    return next((line for line in till.sale.live_lines if line.id == line_id), None)


def _may_change(till: Till) -> bool:
    return till.sale.phase is Phase.OPEN and screen_of(till) in (Screen.SCAN, Screen.NEEDS_STAFF)


def _open_line(till: Till, line_id: int) -> None:
    known = _line(till, line_id) or coupons.of_line(till, line_id)
    if _may_change(till) and known is not None:
        opened = None if till.session.open_line_id == line_id else line_id
        till.change(open_line_id=opened)


def _change_quantity(till: Till, line_id: int, quantity: int) -> None:
    if quantity <= 0 and coupons.of_line(till, line_id) is not None:
        _keep_coupon(till, line_id)
        return
    line = _line(till, line_id)
    if line is None or not _may_change(till) or quantity == line.quantity:
        return
    at_utc = till.now_utc()
    command = (
        RemoveLine(at_utc=at_utc, line_id=line_id)
        if quantity <= 0
        else ChangeQuantity(at_utc=at_utc, line_id=line_id, quantity=quantity)
    )
    if not till.attempted(command):
        return
    removed = quantity <= 0
    toast = Toast(
        kind=ToastKind.REMOVED if removed else ToastKind.QUANTITY,
        line_id=line_id,
        quantity_before=line.quantity,
        until_ns=till.after(till.config.timings.undo_s),
    )
    till.change(toast=toast)
    if removed:
        till.change(added_line_id=None, open_line_id=None)
        if till.session.screen is Screen.NEEDS_STAFF and not waits_for_staff(till):
            till.session = till.session.at(Screen.SCAN)
    till.sound(Tone.REMOVED if quantity < line.quantity else Tone.ADDED)


def _keep_coupon(till: Till, line_id: int) -> None:
    """Let the shopper keep a coupon; shown again it counts again, so there is nothing to undo."""
    if _may_change(till) and till.attempted(RemoveLine(at_utc=till.now_utc(), line_id=line_id)):
        till.change(toast=None, added_line_id=None, open_line_id=None)
        till.sound(Tone.REMOVED)


def _undo(till: Till) -> None:
    toast = till.session.toast
    if toast is None or not _may_change(till):
        return
    at_utc = till.now_utc()
    command = (
        RestoreLine(at_utc=at_utc, line_id=toast.line_id)
        if toast.kind is ToastKind.REMOVED
        else ChangeQuantity(at_utc=at_utc, line_id=toast.line_id, quantity=toast.quantity_before)
    )
    if till.attempted(command):
        till.change(toast=None)
        till.sound(Tone.ADDED)


def _price_check(till: Till) -> None:
    screen = screen_of(till)
    if screen is Screen.PRICE_CHECK:
        till.session = till.session.at(Screen.SCAN)
    elif screen in (Screen.SCAN, Screen.CODE, Screen.LOOKUP):
        till.session = till.session.at(Screen.PRICE_CHECK)
        till.change(price_check=PriceCheck())


def _show_price(till: Till, found: Found) -> bool:
    """Show a price and note that it was shown (SAF-T 13022); nothing is sold."""
    match found:
        case AddItem(product=product) | NeedsWeighing(product):
            look_up = LookUpPrice(at_utc=till.now_utc(), product=product)
            if not till.attempted(*till.opening(), look_up):
                return False
            till.change(price_check=PriceCheck(found=found))
            till.sound(Tone.ADDED)
            return True
        case NotFound(notice):
            till.change(price_check=PriceCheck(known=False))
            till.refuse(notice)
            return False


def _buy_checked(till: Till) -> None:
    check = till.session.price_check
    if screen_of(till) is not Screen.PRICE_CHECK or check is None or check.found is None:
        return
    found = check.found
    if isinstance(found, AddItem):
        found = replace(found, at_utc=till.now_utc())
    add_found(till, found)


def leave(till: Till) -> None:
    """End without payment: from the question "are you there?", or while the list is empty."""
    asked = till.session.answer_by_ns is not None
    if till.sale.phase is Phase.OPEN and (asked or not till.sale.live_lines):
        if till.attempted(GiveUpSale(at_utc=till.now_utc(), reason="cancelled")):
            till.forget_if_over()
    elif till.sale.phase is Phase.NONE:
        till.reset_session()
