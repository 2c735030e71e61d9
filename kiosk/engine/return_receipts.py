"""Which receipt goods come back of: this kiosk's own, or one of the store's other kiosks.

Where the store can be asked, it is asked of each: another kiosk may have taken back goods of our
receipt too. While it says nothing, an own receipt may be taken by who has the right RETURN_ALONE,
which stands in the record; another kiosk's receipt only at that kiosk, or at the staffed till.
"""

import logging
from dataclasses import replace

from kiosk.engine import returning
from kiosk.engine.elsewhere import Wish, WishAnswered, Word
from kiosk.engine.staff_session import Asking, ReturnPick, StaffSession
from kiosk.engine.staff_steps import to
from kiosk.engine.staff_view import StaffProblem, StaffStep, Tool
from kiosk.engine.till import JournalFailed, Till
from kiosk.fiscal.numbers import ReceiptRef, read_ref
from kiosk.journal import JournalError
from kiosk.sale.events import Series
from kiosk.sale.returning import is_over, returnable, series_of
from kiosk.sale.state import Sale
from kiosk.staff import Right

logger = logging.getLogger(__name__)

ANSWER_S = 6.0
"""How long the store may take to answer."""


def find(till: Till, text: str) -> bool:
    """Show the goods of the receipt that a scanned code or a typed number names."""
    ref = read_ref(text)
    if ref is None:
        return _not_found(till, StaffProblem.UNKNOWN_RECEIPT)
    own_register = till.config.shop.register_id
    is_own = ref.register_id in ("", own_register)
    asks = till.elsewhere is not None and not till.training
    if not is_own and not asks:
        return _not_found(till, StaffProblem.OTHER_KIOSK)
    pick = None
    if is_own:
        pick = _own(till, ref)
        if pick is None:
            return _not_found(till, StaffProblem.UNKNOWN_RECEIPT)
    if not asks:
        return _show(till, pick)
    full = ReceiptRef(
        number=ref.number, series=ref.series, register_id=ref.register_id or own_register
    )
    _ask(till, Asking(wish=_wish(till, full), pick=pick))
    return True


def _own(till: Till, ref: ReceiptRef) -> ReturnPick | None:
    typed_in_training = till.training and ref.series is Series.SALE and not ref.register_id
    original = _sold(till, ref.number, Series.TRAINING if typed_in_training else ref.series)
    if original is None:
        return None
    returns = (*returning.returns_of(till, original), till.sale)
    return ReturnPick(original=original, returns=returns, receipt=ref.text)


def _sold(till: Till, number: int, series: Series) -> Sale | None:
    """Return the sale with this number. What is practised stays apart from what is sold."""
    if (series is Series.TRAINING) is not till.training:
        return None
    try:
        sale_id = till.journal.sale_of_receipt(number, series)
    except JournalError as error:
        raise JournalFailed from error
    sale = returning.read(till, sale_id) if sale_id else None
    return sale if sale is not None and is_over(sale) else None


def _show(till: Till, pick: ReturnPick | None, problem: StaffProblem = StaffProblem.NONE) -> bool:
    if pick is None:
        return _not_found(till, StaffProblem.UNKNOWN_RECEIPT)
    if not returnable(pick.original, pick.returns):
        return _not_found(till, StaffProblem.NOTHING_LEFT)
    to(till, StaffStep.RETURN, picking=None, asking=None, back=pick, problem=problem)
    return True


def _not_found(till: Till, problem: StaffProblem) -> bool:
    """Ask for the receipt again, with a sentence."""
    to(till, StaffStep.ITEM, picking=Tool.RETURN, asking=None, problem=problem)
    return False


# --- the store ----------------------------------------------------------------------------------


def hold(till: Till, back: ReturnPick, reason: str, into: str) -> bool:
    """Ask the store to hold the receipt for the sale `into`; False where nobody is asked."""
    if till.elsewhere is None or till.training or not back.answered:
        return False
    wish = replace(
        _wish(till, _ref_of(till, back)),
        sale_id=back.original.id,
        into=into,
        known=tuple(sorted({one.id for one in back.told if one.id != into})),
    )
    _ask(till, Asking(wish=wish, pick=back, reason=reason))
    return True


def _ref_of(till: Till, back: ReturnPick) -> ReceiptRef:
    return ReceiptRef(
        number=back.original.receipt_number,
        series=series_of(back.original),
        register_id=back.register_id or till.config.shop.register_id,
    )


def _wish(till: Till, ref: ReceiptRef) -> Wish:
    return Wish(
        wish_id=till.ids.print_id(), ref=ref, at_utc=till.now_utc(), until_ns=till.after(ANSWER_S)
    )


def _ask(till: Till, asking: Asking) -> None:
    to(till, StaffStep.SHELF, picking=Tool.RETURN, asking=asking)
    if till.elsewhere is not None:
        till.elsewhere.ask(asking.wish)


def answered(till: Till, answer: WishAnswered) -> Asking | None:
    """Take the store's word; return what was asked where goods may now be written down.

    A word that comes too late changes nothing: what it held falls by itself.
    """
    asking = till.staff.asking if till.staff is not None else None
    if asking is None or asking.wish.wish_id != answer.wish_id:
        logger.info("returns: an answer that nobody waits for any more: %s", answer.word)
        return None
    if not asking.wish.into:
        _looked_at(till, asking, answer)
        return None
    match answer.word:
        case Word.HELD:
            return asking
        case Word.BUSY:
            _not_found(till, StaffProblem.RETURN_BUSY)
        case Word.CHANGED | Word.NOT_FOUND:
            _not_found(till, StaffProblem.RETURN_CHANGED)
        case _:
            _silent(till, asking)
    return None


def look_at_the_time(till: Till) -> None:
    """Stop waiting for a store that says nothing."""
    asking = till.staff.asking if till.staff is not None else None
    if asking is not None and asking.wish.until_ns <= till.now_ns():
        _silent(till, asking)


def _looked_at(till: Till, asking: Asking, answer: WishAnswered) -> None:
    pick = asking.pick
    match answer.word:
        case Word.FOUND if answer.original is not None:
            if pick is None:
                _show(till, _of_another(till, asking.wish.ref, answer))
            else:
                _show(till, _ours_with(till, pick, answer.returns))
        case Word.NOT_FOUND if pick is not None:
            # The store has not heard of it yet, so no other kiosk can have taken it back.
            _show(till, pick)
        case Word.NOT_FOUND:
            _not_found(till, StaffProblem.UNKNOWN_RECEIPT)
        case _:
            _silent(till, asking)


def _of_another(till: Till, ref: ReceiptRef, answer: WishAnswered) -> ReturnPick | None:
    original = answer.original
    if original is None or original.training or not is_over(original):
        return None
    told = tuple(one for one in answer.returns if one.id != till.sale.id)
    return ReturnPick(
        original=original,
        returns=(*told, till.sale),
        told=answer.returns,
        receipt=f"{ref.register_id}/{ref.text}",
        register_id=ref.register_id,
    )


def _ours_with(till: Till, pick: ReturnPick, told: tuple[Sale, ...]) -> ReturnPick:
    ours = {one.id for one in pick.returns} | {till.sale.id}
    others = tuple(one for one in told if one.id not in ours)
    return replace(pick, returns=(*others, *pick.returns), told=told, elsewhere=others)


def _silent(till: Till, asking: Asking) -> None:
    """Say what can be done without the store."""
    pick = asking.pick
    if pick is None or pick.register_id:
        _not_found(till, StaffProblem.STORE_SILENT_OTHERS)
    elif not _may_alone(till, till.staff):
        _not_found(till, StaffProblem.STORE_SILENT_OURS)
    else:
        _show(till, replace(pick, answered=False), StaffProblem.RETURN_UNCHECKED)


def _may_alone(till: Till, staff: StaffSession | None) -> bool:
    person = staff.person if staff is not None else None
    return till.door is not None and till.door.may(person, Right.RETURN_ALONE)
