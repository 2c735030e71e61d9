"""Finding an item without a barcode: pictures, part of a name, a typed code, and the scale."""

from drivers.contracts import WeightRead
from kiosk.engine import messages as m
from kiosk.engine import translate
from kiosk.engine.health import is_empty
from kiosk.engine.messages import Message
from kiosk.engine.place import screen_of
from kiosk.engine.shopping import add_found
from kiosk.engine.till import Till
from kiosk.engine.view import Screen, WeighState

DELETE = "\b"
_OPEN_FROM = (Screen.START, Screen.SCAN, Screen.LOOKUP, Screen.CODE, Screen.WEIGH)


def handle(till: Till, message: Message) -> bool:
    """Do what a touch on the look-up screens means; False when it is about something else."""
    match message:
        case m.LookupPressed(category):
            _open_pictures(till, category)
        case m.LetterTyped(letter):
            _letter(till, letter)
        case m.NextPagePressed():
            if screen_of(till) is Screen.LOOKUP:
                till.change(page=till.session.page + 1)
        case m.ProductPicked(product_id):
            if screen_of(till) is Screen.LOOKUP:
                add_found(till, translate.of_picture(till, product_id))
        case m.CodePressed():
            if screen_of(till) in _OPEN_FROM:
                till.session = till.session.at(Screen.CODE)
        case m.DigitTyped(digit):
            _digit(till, digit)
        case m.CodeConfirmed():
            _confirm_code(till)
        case m.WeighConfirmed(weight_g):
            _confirm_weight(till, weight_g)
        case _:
            return False
    return True


def _open_pictures(till: Till, category: str) -> None:
    if screen_of(till) not in _OPEN_FROM:
        return
    # "Another item" on the scale: most likely one of the same kind.
    weighed = till.session.weighing
    till.session = till.session.at(Screen.LOOKUP)
    till.change(category=category or (weighed.category if weighed else ""))


def _letter(till: Till, letter: str) -> None:
    if screen_of(till) is not Screen.LOOKUP:
        return
    query = till.session.query
    if letter == DELETE:
        till.change(query=query[:-1], page=0)
    elif len(letter) == 1 and letter.isprintable() and len(query) < till.config.query_letters_max:
        till.change(query=(query + letter.lower()).lstrip(), page=0)


def _digit(till: Till, digit: str) -> None:
    if screen_of(till) is not Screen.CODE:
        return
    code = till.session.code
    if digit == DELETE:
        till.change(code=code[:-1])
    elif len(digit) == 1 and digit in "0123456789" and len(code) < till.config.code_digits_max:
        till.change(code=code + digit)


def _confirm_code(till: Till) -> None:
    code = till.session.code
    if screen_of(till) is not Screen.CODE or not code:
        return
    # A wrong code keeps its digits, so that the one wrong digit can be mended.
    add_found(till, translate.of_typed(till, code))


def _confirm_weight(till: Till, weight_g: int) -> None:
    """Add what lies on the scale: only a steady load, and only the one that was shown."""
    product = till.session.weighing
    if screen_of(till) is not Screen.WEIGH or product is None:
        return
    reading = steady_weight(till)
    if reading is None or (weight_g and weight_g != reading):
        return
    if add_found(till, translate.of_weight(till, product, reading)):
        till.health.load_is_sold = True


def steady_weight(till: Till) -> int | None:
    """Return the grams that may be sold now, or None."""
    if weigh_state(till) is not WeighState.STEADY:
        return None
    return till.health.weight.weight_g if till.health.weight else None


def weigh_state(till: Till) -> WeighState:
    """Return what the scale says, for a shopper."""
    reading = till.health.fresh_weight(till.now_ns(), till.config.timings.weight_fresh_s)
    if reading is None or reading.error:
        return WeighState.LOST
    if reading.under_zero:
        return WeighState.UNDER_ZERO
    if reading.over_capacity:
        return WeighState.OVER
    if is_empty(reading):
        return WeighState.EMPTY
    if till.health.load_is_sold:
        return WeighState.LIFT_FIRST
    return _of_load(till, reading)


def _of_load(till: Till, reading: WeightRead) -> WeighState:
    if not reading.stable or reading.weight_g is None or reading.in_motion:
        return WeighState.MOVING
    # Below its least load a scale for trade may not name a price (OIML R 76).
    if reading.weight_g < till.config.scale_min_g:
        return WeighState.EMPTY
    return WeighState.STEADY
