"""Parts that staff mode's screens share: the blueberry bar, problems, and kinds of decision."""

from dataclasses import dataclass

from kiosk.engine.staff_view import StaffProblem, StaffView, Why
from kiosk.engine.view import View
from kiosk.sale.events import Interest
from kiosk.ui.i18n import Translator
from kiosk.ui.present.parts import BannerModel, Kind

PROBLEMS: dict[StaffProblem, tuple[str, Kind, str]] = {
    StaffProblem.WRONG_PIN: ("staff.problem.wrong_pin", Kind.FAILED, "warning-circle"),
    StaffProblem.UNKNOWN_BADGE: ("staff.problem.unknown_badge", Kind.FAILED, "warning-circle"),
    StaffProblem.LOCKED: ("staff.problem.locked", Kind.FAILED, "lock-simple"),
    StaffProblem.PIN_TOO_SIMPLE: ("staff.problem.pin_too_simple", Kind.WAITING, "info"),
    StaffProblem.PINS_DIFFER: ("staff.problem.pins_differ", Kind.WAITING, "info"),
    StaffProblem.NO_RIGHT: ("staff.problem.no_right", Kind.WAITING, "info"),
    StaffProblem.OVER_LIMIT: ("staff.problem.over_limit", Kind.WAITING, "info"),
    StaffProblem.UNKNOWN_CODE: ("staff.problem.unknown_code", Kind.WAITING, "question"),
    StaffProblem.NOT_NOW: ("staff.problem.not_now", Kind.WAITING, "clock"),
    StaffProblem.DECIDED_ALREADY: ("staff.problem.decided_already", Kind.PEOPLE, "info"),
    StaffProblem.NOT_PRINTED: ("staff.problem.not_printed", Kind.FAILED, "printer"),
    StaffProblem.UNKNOWN_RECEIPT: ("staff.problem.unknown_receipt", Kind.WAITING, "question"),
    StaffProblem.COPY_USED: ("staff.problem.copy_used", Kind.WAITING, "info"),
    StaffProblem.NO_Z: ("staff.problem.no_z", Kind.WAITING, "info"),
    StaffProblem.NOT_ON_SHELF: ("staff.problem.not_on_shelf", Kind.WAITING, "question"),
    StaffProblem.OTHER_KIOSK: ("staff.problem.other_kiosk", Kind.WAITING, "info"),
    StaffProblem.NOTHING_LEFT: ("staff.problem.nothing_left", Kind.WAITING, "info"),
    StaffProblem.NO_WAY_BACK: ("staff.problem.no_way_back", Kind.WAITING, "info"),
    StaffProblem.REFUND_DECLINED: (
        "staff.problem.refund_declined",
        Kind.FAILED,
        "warning-circle",
    ),
    StaffProblem.TOUCH_OFF: ("staff.problem.touch_off", Kind.WAITING, "info"),
    StaffProblem.STORE_SILENT: ("staff.problem.store_silent", Kind.WAITING, "wifi-slash"),
    StaffProblem.STORE_SILENT_OTHERS: (
        "staff.problem.store_silent_others",
        Kind.WAITING,
        "wifi-slash",
    ),
    StaffProblem.STORE_SILENT_OURS: (
        "staff.problem.store_silent_ours",
        Kind.WAITING,
        "wifi-slash",
    ),
    StaffProblem.RETURN_UNCHECKED: (
        "staff.problem.return_unchecked",
        Kind.WAITING,
        "wifi-slash",
    ),
    StaffProblem.RETURN_BUSY: ("staff.problem.return_busy", Kind.WAITING, "clock"),
    StaffProblem.RETURN_CHANGED: ("staff.problem.return_changed", Kind.WAITING, "info"),
}
"""Key, kind and sign of every problem but NONE."""

REASONS_WHY: dict[Why, str] = {
    Why.NO_RIGHT: "staff.why.no_right",
    Why.NO_SALE: "staff.why.no_sale",
    Why.NO_LINE: "staff.why.no_line",
    Why.BEING_PAID: "staff.why.being_paid",
    Why.COPY_USED: "staff.why.copy_used",
    Why.NO_PRINTER: "staff.why.no_printer",
    Why.ONLY_HERE: "staff.why.only_here",
    Why.NOTHING_TO_OPEN: "staff.why.nothing_to_open",
    Why.DECIDE_FIRST: "staff.why.decide_first",
    Why.SALE_OPEN: "staff.why.sale_open",
    Why.NO_REGISTER: "staff.why.no_register",
}

CHIPS: dict[Interest, tuple[str, str]] = {
    Interest.AGE: ("staff.chip.age", "identification-card"),
    Interest.ALCOHOL_HOURS: ("staff.chip.alcohol_hours", "clock"),
    Interest.WEIGHT: ("staff.chip.weight", "scales"),
    Interest.UNKNOWN_ITEM: ("staff.chip.unknown_item", "barcode"),
    Interest.PRICE_QUERY: ("staff.chip.price_query", "tag"),
    Interest.QUANTITY_LIMIT: ("staff.chip.quantity_limit", "hash"),
    Interest.RECALLED: ("staff.chip.recalled", "warning"),
    Interest.EXPIRED: ("staff.chip.expired", "timer"),
    Interest.HELP: ("staff.chip.help", "question"),
    Interest.RANDOM_CHECK: ("staff.chip.random_check", "list-checks"),
    Interest.VOUCHER: ("staff.chip.voucher", "ticket"),
    Interest.PAYMENT_IN_DOUBT: ("staff.chip.payment_in_doubt", "credit-card"),
    Interest.DEVICE: ("staff.chip.device", "wrench"),
    Interest.WALKED_AWAY: ("staff.chip.walked_away", "person-simple-run"),
}
"""One word and sign of each kind: on a line, and in the list of past decisions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffFrameModel:
    """Staff mode's own top bar."""

    who: str
    aside: str
    """Till, and when staff mode locks."""
    training: bool
    """The bar is brown and says so."""


def staff_of(view: View) -> StaffView:
    """Return the view's staff mode; an empty one while it is being left."""
    return view.staff or StaffView()


def present_staff_frame(view: View, words: Translator) -> StaffFrameModel:
    """Return the bar: who is signed in, which till, and when it locks."""
    staff = staff_of(view)
    aside = [words("frame.till", till=view.till)] if view.till else []
    if staff.seconds_left > 0:
        aside.append(words("staff.locks_in", time=minutes(staff.seconds_left)))
    who = words("staff.who", name=staff.name) if staff.name else words("staff.nobody")
    if view.training:
        who = words("staff.training_who", name=staff.name or words("staff.nobody"))
    return StaffFrameModel(
        who=who,
        aside=" · ".join(aside),
        training=view.training,
    )


def minutes(seconds: int) -> str:
    """Return a countdown as "1:45"."""
    return f"{seconds // 60}:{seconds % 60:02d}"


def present_problem(staff: StaffView, words: Translator) -> BannerModel | None:
    """Return the sentence about what did not work, if anything."""
    if staff.problem is StaffProblem.NONE:
        return None
    key, kind, sign = PROBLEMS[staff.problem]
    text = words(key, time=minutes(staff.locked_s))
    if staff.problem is StaffProblem.WRONG_PIN and staff.tries_left:
        text = words.many("staff.problem.tries_left", staff.tries_left)
    return BannerModel(kind=kind, sign=sign, text=text)


def why_not(why: Why, words: Translator) -> str:
    """Return in two or three words why something cannot be done; empty when it can."""
    return words(REASONS_WHY[why]) if why in REASONS_WHY else ""
