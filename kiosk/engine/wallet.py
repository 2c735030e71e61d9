"""A wallet on the glass: what it shows, and what the shopper types for it.

What is typed, and the code that opens the payment, live in the session only: in no event, journal
or log, gone with the attempt. A number goes to its driver and is forgotten here at once.
"""

from dataclasses import replace

from drivers.contracts import (
    Wallet,
    WalletInput,
    WalletInputKind,
    WalletProblem,
    WalletShown,
    WalletStep,
)
from kiosk.engine import messages as m
from kiosk.engine.messages import Message
from kiosk.engine.place import screen_of
from kiosk.engine.session import PHONE, SMS_CODE, Typing
from kiosk.engine.till import Till
from kiosk.engine.view import Screen, Tone
from kiosk.sale.attempts import attempt_of, with_terminal
from kiosk.sale.state import Attempt

DELETE = "\b"


def handle(till: Till, message: Message) -> bool:
    """Do what a touch on a wallet's screens means; False when it is about something else."""
    match message:
        case m.WalletDigitTyped(digit):
            _type(till, digit)
        case m.WalletConfirmed():
            _confirm(till)
        case m.WalletPhonePressed():
            _other_number(till)
        case m.WalletScanPressed():
            if till.session.wallet is not None and till.session.wallet.can_scan:
                _give(till, WalletInputKind.SCAN)
        case m.BackPressed() if screen_of(till) is Screen.WALLET_KEYS:
            _back_to_the_code(till)
        case _:
            return False
    return True


def shown(till: Till, event: WalletShown) -> None:
    """Show what the wallet of the running attempt wants now; it replaces what stood before."""
    attempt = attempt_of(till.sale, event.attempt_id)
    if attempt is None or attempt.outcome is not None:
        return
    before = till.session
    if event.step is WalletStep.NO_ANSWER:
        typing = before.typing
    elif event.step is WalletStep.ENTER_PHONE:
        typing = PHONE
    elif event.step is WalletStep.ENTER_CODE:
        typing = SMS_CODE
    elif event.can_push and (before.typing is PHONE or event.problem is WalletProblem.BAD_PHONE):
        typing = PHONE  # a number for the push, which the shopper asked to type
    else:
        typing = None
    same = typing is before.typing and event.problem is WalletProblem.NONE
    till.change(wallet=event, typing=typing, typed=before.typed if same else "")
    if event.problem is not WalletProblem.NONE:
        till.sound(Tone.REFUSED)


def may_stop(till: Till) -> bool:
    """Whether stopping the wallet's payment can still do something.

    While the provider works nothing that we say is heard: the money is on its way, or on its way
    back. When it does not answer, the wish is kept until it does.
    """
    wallet = till.session.wallet
    return wallet is None or wallet.step is not WalletStep.WORKING


def _type(till: Till, digit: str) -> None:
    typing, typed = till.session.typing, till.session.typed
    if screen_of(till) is not Screen.WALLET_KEYS or typing is None:
        return
    if digit == DELETE:
        till.change(typed=typed[:-1])
    elif len(digit) == 1 and digit in "0123456789" and len(typed) < typing.digits_max:
        till.change(typed=typed + digit)


def can_confirm(typing: Typing | None, typed: str) -> bool:
    """Whether what is typed can be a number or a code at all."""
    return typing is not None and len(typed) >= typing.digits_min


def masked(digits: str) -> str:
    """Return a number as far as the screen may show it while it is typed: "••• •• •67"."""
    dots = "•" * max(0, len(digits) - 2) + digits[-2:]
    return " ".join(part for part in (dots[:3], dots[3:5], dots[5:]) if part)


def _confirm(till: Till) -> None:
    """The check key, or "yes, this is my number"."""
    session = till.session
    if screen_of(till) is Screen.WALLET_KEYS:
        if can_confirm(session.typing, session.typed):
            of_phone = session.typing is PHONE
            kind = WalletInputKind.PHONE if of_phone else WalletInputKind.CODE
            _give(till, kind, session.typed)
    elif session.wallet is not None and session.wallet.step is WalletStep.CONFIRM_PHONE:
        _give(till, WalletInputKind.CONFIRM)


def _other_number(till: Till) -> None:
    """Type a number: in place of the scan, or in place of one that was wrong."""
    wallet = till.session.wallet
    if wallet is None:
        return
    if wallet.can_push:
        till.change(typing=PHONE, typed="")
    elif wallet.step in (WalletStep.CONFIRM_PHONE, WalletStep.ENTER_CODE):
        _give(till, WalletInputKind.PHONE)


def _back_to_the_code(till: Till) -> None:
    """Show the code again; where there is none, the way back is to stop the payment."""
    wallet = till.session.wallet
    if wallet is not None and wallet.can_push:
        plain = replace(wallet, problem=WalletProblem.NONE)
        till.change(typing=None, typed="", wallet=plain)


def _give(till: Till, kind: WalletInputKind, text: str = "") -> None:
    """Hand over what was typed, and let go of it."""
    attempt = with_terminal(till.sale)
    wallet = wallet_of(till, attempt) if attempt is not None else None
    if attempt is None or wallet is None:
        return
    # Until the wallet has said what comes next (it always does), nothing can be given twice.
    working = WalletShown(device=wallet.name, attempt_id=attempt.id, step=WalletStep.WORKING)
    till.change(typed="", typing=None, wallet=working)
    wallet.give(WalletInput(attempt_id=attempt.id, kind=kind, text=text))


def wallet_of(till: Till, attempt: Attempt) -> Wallet | None:
    """Return the wallet that an attempt is paid by; None for every other means of payment."""
    return till.devices.wallet(attempt.method)
