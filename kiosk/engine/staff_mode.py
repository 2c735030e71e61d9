"""Staff mode's door: keys, badges, sign-in, automatic sign-out, and the way back.

What an attendant does inside is in `staff_desk`. Below staff mode the shopper's screen is kept as
it is; its intents are not heard meanwhile.
"""

import logging
from collections.abc import Callable
from dataclasses import replace

from drivers.contracts import BarcodeScanned
from kiosk.engine import attention, return_receipts, staff_aside, staff_desk
from kiosk.engine import staff_messages as m
from kiosk.engine.messages import Message
from kiosk.engine.staff_session import StaffDoor, StaffSession
from kiosk.engine.staff_steps import change, desk, to
from kiosk.engine.staff_view import StaffProblem, StaffStep
from kiosk.engine.till import Till
from kiosk.engine.time_left import next_second_ns
from kiosk.engine.view import Tone
from kiosk.fiscal.events import SignInRefused, StaffSignedIn, StaffSignedOut
from kiosk.staff import Person, Refused, SignedIn, StaffError
from kiosk.staff.book import NUMBER_DIGITS_MAX, PIN_DIGITS, problem_with_pin
from kiosk.staff.sign_in import is_code

logger = logging.getLogger(__name__)

DELETE = "\b"
_KEYS_MAX = {
    StaffStep.NUMBER: 8,
    StaffStep.PIN: PIN_DIGITS[1],
    StaffStep.NEW_PIN: PIN_DIGITS[1],
    StaffStep.NEW_PIN_AGAIN: PIN_DIGITS[1],
    StaffStep.PRICE: 7,
    StaffStep.ITEM: 14,
}
_SECRET = (StaffStep.PIN, StaffStep.NEW_PIN, StaffStep.NEW_PIN_AGAIN)


def handle(till: Till, message: Message) -> bool:
    """Do what a touch means in staff mode; False while there is none, and for shoppers' intents."""
    if isinstance(message, m.StaffPressed):
        _open(till)
        return True
    if till.staff is None:
        return False
    _stay(till)
    match message:
        case m.StaffDigitTyped(digit):
            _type(till, digit)
        case m.StaffConfirmed():
            _confirm(till)
        case m.StaffBackPressed():
            _back(till)
        case m.StaffLeavePressed():
            leave(till)
        case _ if till.staff.signed_in:
            change(till, problem=StaffProblem.NONE)
            return staff_desk.handle(till, message)
        case _:
            return False
    return True


def _open(till: Till) -> None:
    if till.staff is None and till.door is not None:
        till.staff = StaffSession()
        _stay(till)


def _stay(till: Till) -> None:
    """Any touch in staff mode puts the automatic sign-out off."""
    change(till, out_at_ns=till.after(till.config.timings.staff_s))


def leave(till: Till, *, by_itself: bool = False) -> None:
    """Give the kiosk back: the shopper finds the screen as it was, and time starts anew."""
    staff, till.staff = till.staff, None
    if staff is not None and staff.person is not None:
        logger.info("staff: signed out, id=%s", staff.person.id)
        till.note(
            StaffSignedOut(at_utc=till.now_utc(), attendant_id=staff.person.id, by_itself=by_itself)
        )
    till.session = replace(till.session, touched_ns=till.now_ns())
    attention.waited_enough(till)


# --- keys ---------------------------------------------------------------------------------------


def _type(till: Till, digit: str) -> None:
    staff = till.staff
    if staff is None or staff.step not in _KEYS_MAX:
        return
    name = "secret" if staff.step in _SECRET else "entry"
    typed: str = getattr(staff, name)
    if digit == DELETE:
        typed = typed[:-1]
    elif len(digit) == 1 and digit in "0123456789" and len(typed) < _KEYS_MAX[staff.step]:
        typed += digit
    change(till, **{name: typed}, problem=StaffProblem.NONE, added_line_id=None)


def _confirm(till: Till) -> None:
    staff = till.staff
    if staff is None:
        return
    match staff.step:
        case StaffStep.NUMBER:
            _number(till, staff.entry)
        case StaffStep.PIN:
            _pin(till, staff)
        case StaffStep.NEW_PIN:
            problem = problem_with_pin(staff.secret)
            if problem:
                change(till, secret="", problem=StaffProblem.PIN_TOO_SIMPLE)
            else:
                to(till, StaffStep.NEW_PIN_AGAIN, first_secret=staff.secret)
        case StaffStep.NEW_PIN_AGAIN:
            _enrol(till, staff)
        case _:
            staff_desk.confirm(till)


def _number(till: Till, digits: str) -> None:
    if not digits:
        return
    if is_code(digits):
        answer = _asked(till, lambda door: door.signing.with_code(digits))
        if isinstance(answer, SignedIn):
            to(till, StaffStep.NEW_PIN)
    elif len(digits) > NUMBER_DIGITS_MAX or till.config.staff_needs_badge:
        change(till, entry="", problem=StaffProblem.WRONG_PIN)
    else:
        to(till, StaffStep.PIN, number=digits)


def _pin(till: Till, staff: StaffSession) -> None:
    answer = _asked(till, lambda door: door.signing.with_pin(staff.number, staff.secret))
    if isinstance(answer, SignedIn) and answer.person is not None:
        sign_in(till, answer.person)


def _enrol(till: Till, staff: StaffSession) -> None:
    if staff.secret != staff.first_secret:
        to(till, StaffStep.NEW_PIN, problem=StaffProblem.PINS_DIFFER)
        return
    if till.door is None:
        return
    try:
        sign_in(till, till.door.book.enrol_first(staff.secret))
    except StaffError as error:
        logger.error("staff: %s", error)
        to(till, StaffStep.NUMBER, problem=StaffProblem.NOT_NOW)


def badge_read(till: Till, read: BarcodeScanned) -> None:
    """Take what a badge reader read: it opens staff mode by itself, from any screen."""
    if till.door is None:
        return
    _open(till)
    answer = _asked(till, lambda door: door.signing.with_badge(read.text))
    if not isinstance(answer, SignedIn) or answer.person is None:
        return
    staff = till.staff
    if staff is not None and staff.person is not None and staff.person.id == answer.person.id:
        _stay(till)
    elif till.config.staff_needs_badge:
        to(till, StaffStep.PIN, number=answer.person.number, person=None)
    else:
        sign_in(till, answer.person)


def _asked(till: Till, ask: Callable[[StaffDoor], SignedIn | Refused]) -> SignedIn | Refused | None:
    """Ask the staff's book; show a refusal, and write a lock-out down."""
    if till.door is None:
        return None
    try:
        answer = ask(till.door)
    except StaffError as error:
        logger.error("staff: %s", error)
        to(till, StaffStep.NUMBER, problem=StaffProblem.NOT_NOW)
        return None
    if isinstance(answer, Refused):
        _refused(till, answer)
    return answer


def _refused(till: Till, refused: Refused) -> None:
    staff = till.staff
    if staff is None or staff.signed_in:
        return  # a badge that is nobody's beside somebody who is signed in changes nothing
    by_badge = staff.step is StaffStep.NUMBER and not staff.entry
    problem = StaffProblem.UNKNOWN_BADGE if by_badge else StaffProblem.WRONG_PIN
    if refused.locked_s:
        problem = StaffProblem.LOCKED
        if staff.locked_until_ns <= till.now_ns():
            till.note(SignInRefused(at_utc=till.now_utc(), locked_s=refused.locked_s))
            logger.warning("staff: locked for %d s", refused.locked_s)
    to(
        till,
        StaffStep.NUMBER,
        number="",
        problem=problem,
        tries_left=refused.tries_left,
        locked_until_ns=till.after(refused.locked_s) if refused.locked_s else 0,
    )
    till.sound(Tone.REFUSED)


def sign_in(till: Till, person: Person) -> None:
    """Let somebody in; who was in before them is out."""
    if till.staff is not None and till.staff.person is not None:
        leave(till)
    till.staff = StaffSession(step=StaffStep.DESK, person=person)
    _stay(till)
    logger.info("staff: signed in, id=%s, role=%s", person.id, person.role)
    till.note(StaffSignedIn(at_utc=till.now_utc(), attendant_id=person.id, role=person.role))


def _back(till: Till) -> None:
    staff = till.staff
    if staff is None:
        return
    match staff.step:
        case StaffStep.NUMBER | StaffStep.DESK:
            if staff.picking is not None or staff.chosen_line_id is not None:
                change(till, picking=None, chosen_line_id=None)
            else:
                leave(till)
        case StaffStep.PIN | StaffStep.NEW_PIN | StaffStep.NEW_PIN_AGAIN:
            to(till, StaffStep.NUMBER, number="")
        case StaffStep.PRICE if staff.chosen_line_id is not None:
            to(till, StaffStep.LINE)
        case StaffStep.VOLUME | StaffStep.TOUCH | StaffStep.REPORT:
            to(till, StaffStep.MORE, report=None, closing=False, touched=())
        case _:
            desk(till)


# --- time ---------------------------------------------------------------------------------------


def look_at_the_time(till: Till) -> None:
    """Sign out who has gone; unlock the keys."""
    staff = till.staff
    if staff is None:
        return
    staff_aside.look_at_the_time(till)
    return_receipts.look_at_the_time(till)
    now_ns = till.now_ns()
    if staff.out_at_ns <= now_ns:
        leave(till, by_itself=True)
    elif staff.locked_until_ns and staff.locked_until_ns <= now_ns:
        change(till, locked_until_ns=0, problem=StaffProblem.NONE)


def deadlines_ns(till: Till) -> list[int]:
    """Return when staff mode shows another second."""
    staff, now_ns = till.staff, till.now_ns()
    if staff is None:
        return []
    waits = [staff.out_at_ns, staff.locked_until_ns]
    if staff.claim is not None:
        waits.append(staff.claim.until_ns)
    if staff.asking is not None:
        waits.append(staff.asking.wish.until_ns)
    return [next_second_ns(until, now_ns) for until in waits if until > now_ns]
