"""Gift cards, deposit vouchers, and parts of a sale that are paid.

A number goes from scanner or keys to its driver and is forgotten here at once; the session keeps
the id of the attempt that may be made with it. What the shopper has shown, and not yet paid with,
is lost with the power: then nothing was taken, and it is shown again.
"""

from dataclasses import replace
from typing import Final, cast

from drivers.contracts import DeviceKind, PresentedValue, StoredValue, ValueRead, ValueState
from kiosk.engine import coupons
from kiosk.engine import messages as m
from kiosk.engine.attention import call_staff
from kiosk.engine.checkout import may_pay_by, request_payment
from kiosk.engine.messages import Message
from kiosk.engine.place import SHOPPING, is_practice, screen_of, waits_for_staff
from kiosk.engine.session import HeldVoucher, ValueEntry
from kiosk.engine.tender_view import ValueStep
from kiosk.engine.till import Till
from kiosk.engine.view import Notice, Screen, Tone
from kiosk.sale.attempts import attempt_of, counts
from kiosk.sale.commands import RequestReversal
from kiosk.sale.events import Interest, Method
from kiosk.sale.state import Phase
from kiosk.sale.totals import totals

DELETE: Final = "\b"
DIGITS_MIN, DIGITS_MAX = 8, 24
UNKNOWN_MAX: Final = 5
"""Numbers in a row that nobody knows, before staff must come: nobody guesses numbers here."""
BY_SHOPPER: Final = "shopper"
"""Reason of a reversal that the shopper asked for."""
VALUE_KINDS: Final = {
    DeviceKind.GIFT_CARD: Method.GIFT_CARD,
    DeviceKind.VOUCHER: Method.DEPOSIT_VOUCHER,
}


def handle(till: Till, message: Message) -> bool:
    """Do what a touch means; False when it is about something else."""
    match message:
        case m.MethodChosen(method) if method in VALUE_KINDS.values():
            _choose(till, method)
        case m.ValueDigitTyped(digit):
            _type(till, digit)
        case m.ValueConfirmed():
            _confirm(till)
        case m.TenderRemoved(attempt_id):
            _remove(till, attempt_id)
        case m.BackPressed() if screen_of(till) is Screen.VALUE:
            put_away(till)
            till.session = till.session.at(Screen.PAY).told(Notice.NONE)
        case _:
            return False
    return True


def issuer_of(till: Till, method: Method) -> StoredValue | None:
    """Return the driver that a gift card or a voucher is presented to."""
    # In practice no real card or slip is looked at: its issuer would hold it.
    payer = None if is_practice(till) else till.devices.payer(method)
    known = payer is not None and payer.kind in VALUE_KINDS
    return cast(StoredValue, payer) if known else None


def put_away(till: Till) -> None:
    """Forget what was presented and not paid with."""
    entry = till.session.value
    issuer = issuer_of(till, entry.method) if entry is not None else None
    if entry is not None and entry.attempt_id and issuer is not None:
        issuer.forget(entry.attempt_id)
    till.change(value=None)


# --- a number comes in ----------------------------------------------------------------------


def scanned(till: Till, text: str) -> bool | None:
    """Take a code that is money: True when it was, False refused; None when it is something else.

    While a card is asked for, every code is one. Elsewhere the shop's own prefixes tell.
    """
    entry = till.session.value
    if screen_of(till) is Screen.VALUE and entry is not None:
        return _present(till, entry.method, text)
    if (of_coupon := coupons.scanned(till, text)) is not None:
        return of_coupon
    method = next(
        (
            method
            for method, starts in till.config.value_prefixes.items()
            if text.startswith(starts)
        ),
        None,
    )
    if method is None or issuer_of(till, method) is None:
        return None
    if method is Method.DEPOSIT_VOUCHER:
        return _hold(till, text)
    if screen_of(till) is Screen.PAY and may_pay_by(till, method):
        return _present(till, method, text)
    till.refuse(Notice.PAY_WITH_IT_LATER)
    return False


def _choose(till: Till, method: Method) -> None:
    if screen_of(till) is Screen.PAY and may_pay_by(till, method):
        put_away(till)
        till.session = till.session.at(Screen.VALUE).told(Notice.NONE)
        till.change(value=ValueEntry(method=method))


def _type(till: Till, digit: str) -> None:
    entry = till.session.value
    if screen_of(till) is not Screen.VALUE or entry is None or entry.step is not ValueStep.ASK:
        return
    if digit == DELETE:
        till.change(value=replace(entry, typed=entry.typed[:-1]))
    elif len(digit) == 1 and digit in "0123456789" and len(entry.typed) < DIGITS_MAX:
        typed = entry.typed + digit
        till.change(value=replace(entry, typed=typed, problem=ValueState.GOOD))


def _present(till: Till, method: Method, number: str) -> bool:
    """Ask what lies on a number; anything shown before is put away."""
    entry, issuer = till.session.value, issuer_of(till, method)
    unknown = entry.unknown if entry is not None else 0
    if issuer is None or unknown >= UNKNOWN_MAX:
        return False
    if entry is not None and entry.step not in (ValueStep.ASK, ValueStep.SHOWN):
        return False
    put_away(till)
    attempt_id = till.ids.attempt_id()
    reading = ValueEntry(
        method=method, attempt_id=attempt_id, step=ValueStep.READING, unknown=unknown
    )
    till.session = till.session.at(Screen.VALUE).told(Notice.NONE)
    till.change(value=reading)
    issuer.present(PresentedValue(attempt_id=attempt_id, number=number))
    return True


def _hold(till: Till, text: str) -> bool:
    """Keep a voucher until the shopper pays."""
    issuer, held = issuer_of(till, Method.DEPOSIT_VOUCHER), till.session.held
    if till.sale.phase is not Phase.OPEN or screen_of(till) not in SHOPPING or issuer is None:
        till.refuse(Notice.PAY_WITH_IT_LATER)
        return False
    mark = hash(text)  # salted anew in each process: tells equal from equal, and nothing else
    if any(one.mark == mark for one in held):
        till.refuse(Notice.VOUCHER_USED)
        return False
    attempt_id = till.ids.attempt_id()
    till.change(held=(*held, HeldVoucher(attempt_id=attempt_id, mark=mark)))
    issuer.present(PresentedValue(attempt_id=attempt_id, number=text))
    return True


# --- what the issuer says -------------------------------------------------------------------


def value_read(till: Till, event: ValueRead) -> None:
    """Show what lies on a card, or note what a voucher is worth."""
    entry = till.session.value
    event = _in_our_money(till, event)
    if any(one.attempt_id == event.attempt_id for one in till.session.held):
        _voucher_read(till, event)
    elif entry is not None and entry.attempt_id == event.attempt_id:
        _card_read(till, entry, event)
    else:
        _forget(till, event)


def _in_our_money(till: Till, event: ValueRead) -> ValueRead:
    """A card in another currency pays for nothing here."""
    if event.state is ValueState.GOOD and event.currency != till.config.currency:
        return replace(event, state=ValueState.NOT_KNOWN)
    return event


def _forget(till: Till, event: ValueRead) -> None:
    payers = till.devices.payers.values()
    issuer = next((one for one in payers if one.name == event.device), None)
    if issuer is not None and issuer.kind in VALUE_KINDS:
        cast(StoredValue, issuer).forget(event.attempt_id)


def _card_read(till: Till, entry: ValueEntry, event: ValueRead) -> None:
    till.session = till.session.touched(till.now_ns())
    if event.state is ValueState.GOOD:
        shown = replace(
            entry,
            step=ValueStep.SHOWN,
            problem=ValueState.GOOD,
            unknown=0,
            balance_minor=event.balance_minor,
            last_four=event.last_four,
        )
        till.change(value=shown)
        till.sound(Tone.ADDED)
        return
    _forget(till, event)
    unknown = entry.unknown + (event.state is ValueState.NOT_KNOWN)
    till.change(value=ValueEntry(method=entry.method, problem=event.state, unknown=unknown))
    till.sound(Tone.REFUSED)
    if unknown >= UNKNOWN_MAX:
        call_staff(till, Interest.VOUCHER, "numbers")
    _ask_staff_when_silent(till, entry.method, event)


def _voucher_read(till: Till, event: ValueRead) -> None:
    held = till.session.held
    if event.state is ValueState.GOOD:
        till.change(
            held=tuple(
                replace(one, minor=event.balance_minor) if one.attempt_id == event.attempt_id
                else one
                for one in held
            )
        )  # fmt: skip
        till.session = till.session.told(Notice.VOUCHER_HELD).with_tone(Tone.ADDED)
        return
    till.change(held=tuple(one for one in held if one.attempt_id != event.attempt_id))
    _forget(till, event)
    used = event.state in (ValueState.USED, ValueState.EMPTY)
    till.refuse(Notice.VOUCHER_USED if used else Notice.VOUCHER_NOT_TAKEN)
    _ask_staff_when_silent(till, Method.DEPOSIT_VOUCHER, event)


def _ask_staff_when_silent(till: Till, method: Method, event: ValueRead) -> None:
    """Nobody can say what a slip is worth: people look at it, and nothing is taken by guess."""
    if method is Method.DEPOSIT_VOUCHER and event.state is ValueState.NO_ANSWER:
        call_staff(till, Interest.VOUCHER, "offline")


# --- paying, and taking back ----------------------------------------------------------------


def _confirm(till: Till) -> None:
    entry = till.session.value
    if screen_of(till) is not Screen.VALUE or entry is None:
        return
    if entry.step is ValueStep.ASK and can_confirm(entry):
        _present(till, entry.method, entry.typed)
    elif entry.step is ValueStep.SHOWN:
        _pay(till, entry)


def can_confirm(entry: ValueEntry) -> bool:
    """Whether what is typed can be a number at all."""
    return len(entry.typed) >= DIGITS_MIN and entry.unknown < UNKNOWN_MAX


def pays_minor(till: Till, entry: ValueEntry) -> int:
    """Return how much of what is left a card would pay; a voucher pays all it has, or nothing."""
    left_minor = totals(till.sale).left_minor
    if entry.method is Method.DEPOSIT_VOUCHER:
        return entry.balance_minor if entry.balance_minor <= left_minor else 0
    return min(entry.balance_minor, left_minor)


def _pay(till: Till, entry: ValueEntry) -> None:
    amount = pays_minor(till, entry)
    till.session = till.session.at(Screen.PAY)
    if amount <= 0:
        put_away(till)
        till.refuse(Notice.VOUCHER_TOO_LARGE)
    elif may_pay_by(till, entry.method, amount):
        request_payment(till, entry.method, attempt_id=entry.attempt_id, amount_minor=amount)
        till.change(value=None)
    else:
        put_away(till)


def redeem_held(till: Till) -> None:
    """Let the vouchers that were scanned pay, one after the other, once the shopper pays."""
    held = next((one for one in till.session.held if one.minor), None)
    if held is None or till.sale.phase is not Phase.OPEN or screen_of(till) is not Screen.PAY:
        return
    if waits_for_staff(till):
        return
    till.change(held=tuple(one for one in till.session.held if one is not held))
    entry = ValueEntry(
        method=Method.DEPOSIT_VOUCHER, attempt_id=held.attempt_id, balance_minor=held.minor
    )
    till.change(value=entry)
    _pay(till, entry)


def _remove(till: Till, attempt_id: str) -> None:
    attempt = attempt_of(till.sale, attempt_id)
    on_screen = screen_of(till) in (Screen.PAY, Screen.SCAN)
    if attempt is None or not counts(attempt) or till.sale.phase is not Phase.OPEN or not on_screen:
        return
    till.attempted(
        RequestReversal(
            at_utc=till.now_utc(),
            attempt_id=attempt_id,
            service_id=till.service_id(),
            reason=BY_SHOPPER,
        )
    )
