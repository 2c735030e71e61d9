"""What an attendant sees at the kiosk, and what a shopper sees of the bag scale. Frozen values.

Part of `view`, kept apart for its length. Words, colours and the order of buttons are the screen's;
which things may be decided, and by whom, is decided here.
"""

from dataclasses import dataclass
from enum import StrEnum

from drivers.contracts import DeviceKind, DeviceState, TerminalStep
from kiosk.sale.events import Interest, Method
from kiosk.sale.product import Unit


class StaffStep(StrEnum):
    """What staff mode asks for, or shows (picture numbers of the design in the comments)."""

    NUMBER = "number"
    """Number keys: the attendant's own number, or the first start's one-time code."""
    PIN = "pin"
    """Number keys: the PIN; only dots are shown."""
    NEW_PIN = "new_pin"
    """After the one-time code: the first supervisor chooses a PIN."""
    NEW_PIN_AGAIN = "new_pin_again"
    DESK = "desk"  # 13, 23
    LINE = "line"
    """One line is chosen: its quantity, its price, a discount, or out with it."""
    PRICE = "price"
    """Number keys: the new price of one piece, or of one kilogram, in minor units."""
    DISCOUNT = "discount"
    """A choice of `StaffView.percents_bp`, for the chosen line, or the whole sale without one."""
    REASON = "reason"
    """A choice of `StaffView.reasons`."""
    ITEM = "item"
    """Number keys: the code of an item that is added by hand."""
    REVIEW = "review"
    """Look over the goods: scan `ReviewView.wanted` of them, or say that all is right."""
    RETURN = "return"
    """Goods of a receipt to choose from: `StaffView.returning`."""
    REFUND = "refund"
    """What goes back, to which payment, and how that stands: `StaffView.refund`."""
    MORE = "more"
    """The tools that the desk has no room for, and what is known about the kiosk."""
    REPORT = "report"
    """`StaffView.report`: an X, or a Z that was just made. May be printed."""
    VOLUME = "volume"
    """Louder and quieter, each step to be heard."""
    TOUCH = "touch"
    """Points to touch one after another; then one to prove that they are met."""
    SHELF = "shelf"
    """The store is being asked for a sale that was set aside. Nothing to touch but back."""


class Tool(StrEnum):
    """What can be done in staff mode. The desk shows the first six of `StaffView.tools`."""

    CHANGE_LINE = "change_line"
    REMOVE_LINE = "remove_line"
    COPY = "copy"
    """Print the last receipt once more, as KOPI."""
    VOID_SALE = "void_sale"
    PAUSE = "pause"
    """Take no next shopper; the one who is here goes on. Pressed again: take the next."""
    CLOSE = "close"
    """As PAUSE, but the screen says closed, and when it opens where that is known."""
    OPEN = "open"
    MORE = "more"
    DISCOUNT = "discount"
    ADD_ITEM = "add_item"
    SUSPEND = "suspend"
    """Set the sale aside: a slip with a code is printed, the kiosk is free."""
    RESUME = "resume"
    """Take up a sale that was set aside: scan its slip, or type its code."""
    DEVICE_CHECK = "device_check"
    """Look at every device and print what was found."""
    ZERO_BAG_SCALE = "zero_bag_scale"
    RETURN = "return"
    """Take goods of a receipt back: scan its code or type its number."""
    PROVISIONAL = "provisional"
    """Print what the open sale would cost, marked as no receipt."""
    TO_TILL = "to_till"
    """Send the shopper to a staffed till: a slip with the goods and a code, the kiosk is free."""
    X_REPORT = "x_report"
    CLOSE_DAY = "close_day"
    """Make the Z before its hour: the figures first, then the day is closed for good."""
    TRAINING = "training"
    """Practice on and off, between two sales."""
    VOLUME = "volume"
    TOUCH = "touch"


class Why(StrEnum):
    """Why something cannot be done now. A greyed choice tells why."""

    NONE = "none"
    NO_RIGHT = "no_right"
    """This attendant's role may not."""
    NO_SALE = "no_sale"
    NO_LINE = "no_line"
    BEING_PAID = "being_paid"
    COPY_USED = "copy_used"
    """The law allows one copy."""
    NO_PRINTER = "no_printer"
    ONLY_HERE = "only_here"
    """Not by remote: by law or by configuration somebody has to stand there."""
    NOTHING_TO_OPEN = "nothing_to_open"
    SALE_OPEN = "sale_open"
    """Only between two sales."""
    NO_REGISTER = "no_register"
    """No signing key: there are no days to close."""
    DECIDE_FIRST = "decide_first"
    """Something in the sale waits for a decision."""


class StaffProblem(StrEnum):
    """A sentence about what did not work."""

    NONE = "none"
    WRONG_PIN = "wrong_pin"
    """Number or PIN is wrong; it is not told which. `StaffView.tries_left` counts down."""
    UNKNOWN_BADGE = "unknown_badge"
    LOCKED = "locked"
    """Too many wrong tries: `StaffView.locked_s` seconds to wait."""
    PIN_TOO_SIMPLE = "pin_too_simple"
    PINS_DIFFER = "pins_differ"
    NO_RIGHT = "no_right"
    OVER_LIMIT = "over_limit"
    """More than this role may give. A supervisor can."""
    UNKNOWN_CODE = "unknown_code"
    NOT_NOW = "not_now"
    DECIDED_ALREADY = "decided_already"
    """Somebody else was first; what stands is shown."""
    NOT_PRINTED = "not_printed"
    OTHER_KIOSK = "other_kiosk"
    """The receipt is another kiosk's, and this one cannot look into its record."""
    NOTHING_LEFT = "nothing_left"
    """All of that receipt is back already."""
    NO_WAY_BACK = "no_way_back"
    """The payment cannot give so much back, or not from here now: the staffed till does."""
    REFUND_DECLINED = "refund_declined"
    UNKNOWN_RECEIPT = "unknown_receipt"
    """No finished sale of this kiosk has this number."""
    COPY_USED = "copy_used"
    NO_Z = "no_z"
    """A sale is open, nothing was sold, or today's Z is made."""
    NOT_ON_SHELF = "not_on_shelf"
    """Nobody set it aside, its day is over, or somebody has taken it up already."""
    TOUCH_OFF = "touch_off"
    """Too far from the point: nothing has changed."""
    STORE_SILENT = "store_silent"
    """The store cannot be reached. Where it was set aside it can still be taken up."""
    STORE_SILENT_OTHERS = "store_silent_others"
    """The receipt is another kiosk's, and the store does not say what it is of."""
    STORE_SILENT_OURS = "store_silent_ours"
    """Whether other kiosks took goods of it back nobody can say; a supervisor may go on."""
    RETURN_UNCHECKED = "return_unchecked"
    """The same, said to who may go on, and does."""
    RETURN_BUSY = "return_busy"
    """Another kiosk takes goods of this receipt back now."""
    RETURN_CHANGED = "return_changed"
    """Goods of it came back elsewhere meanwhile: look at it again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveBack:
    """Money that a payment took for nothing, and that the payer would not give back."""

    amount_minor: int
    method: Method
    last_four: str
    asked_at: str
    """When the payment was asked for: local date and time, ISO 8601."""
    reference: str
    """What the payer calls it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionView:
    """One thing to decide: a pair of answers of the same size, one tap each.

    What the answers mean follows from `kind`: AGE yes "over 18", no "remove"; WEIGHT yes "that is
    fine", no "look over"; RANDOM_CHECK yes "look over" comes first (`review_first`); HELP,
    DEVICE yes "done", no second answer (`may_refuse` False).
    """

    id: str
    kind: Interest
    line_id: int | None = None
    name: str = ""
    """Of the line's product, or of the last scanned one for WEIGHT; empty where there is none."""
    quantity: int = 0
    age_limit: int = 0
    detail: str = ""
    """A code: the help reason (barcode, price, payment, other), the bag's state (heavier, lighter),
    the device, the date that has passed."""
    doubt_code: str = ""
    """For PAYMENT_IN_DOUBT: the code to look up with the acquirer."""
    give_back: GiveBack | None = None
    """For PAYMENT_IN_DOUBT about money that could not go back. Yes: it is back by now, whoever gave
    it; no: it is followed up elsewhere."""
    clock: str = ""
    """For a DEVICE that is the clock: what it shows now, local "HH.MM". Yes: that is the time."""
    may_approve: Why = Why.NONE
    may_refuse: bool = True
    review_first: bool = False
    waited_s: int = 0
    """Seconds since it was raised, when this view was made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolView:
    """A tool and, when it cannot be used now, why. `on`: it is switched on (PAUSE)."""

    tool: Tool
    why_not: Why = Why.NONE
    on: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewView:
    """A look over the goods: of a random or risk-based check, or after a weight."""

    intervention_id: str
    wanted: int
    """How many goods to scan out of the bag."""
    checked: tuple[int, ...] = ()
    """Lines that a scan has found in the sale, one for each scan."""
    missing: int = 0
    """Scans that are not in the sale: those are not paid for."""
    missing_names: tuple[str, ...] = ()
    """What they are; AddMissingPressed puts them into the sale."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceLine:
    """One device, for the attendant."""

    name: str
    kind: DeviceKind
    state: DeviceState
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastDecision:
    """One of the last ten interventions at this kiosk. `at` is local "HH.MM"."""

    kind: Interest
    approved: bool
    who: str
    where: str
    at: str
    seconds: int
    """From raised to resolved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Untaken:
    """Money that a wallet reserved for goods that are gone, and that it has not given."""

    method: Method
    amount_minor: int
    receipt: str
    reference: str
    """What the provider calls the payment."""
    since: str
    """When the goods were paid for: local date and time, ISO 8601."""
    refused: bool
    """The provider has said no; otherwise nothing was heard of it for too long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KioskFacts:
    """What an attendant can read about the kiosk on MORE."""

    version: str = ""
    kiosk_id: str = ""
    address: str = ""
    disk_free_mb: int = 0
    old_rules: tuple[str, ...] = ()
    devices: tuple[DeviceLine, ...] = ()
    untaken: tuple[Untaken, ...] = ()
    """Oldest first; gone from here when the money is taken."""
    past: tuple[PastDecision, ...] = ()
    """Newest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRow:
    """One line of a report, as it is printed: the legal words are Norwegian in every language."""

    cells: tuple[str, ...]
    strong: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportView:
    """X or Z on the screen."""

    is_z: bool
    number: int
    rows: tuple[ReportRow, ...]
    closing: bool = False
    """These are the figures that the Z will have: the next step closes the day."""
    may_print: Why = Why.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnLineView:
    """One line of the receipt that is shown. Amounts are what it brings, positive."""

    line_id: int
    name: str
    picture: str
    category: str
    unit: Unit
    left: int
    """Pieces that have not come back; 1 for something weighed."""
    picked: int = 0
    weight_g: int | None = None
    amount_minor: int = 0
    """Of the picked pieces, deposit included; of all that is left while none is picked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnView:
    """Goods of one receipt, to choose from."""

    receipt: str
    sold_at: str
    """Local date and time, ISO 8601."""
    lines: tuple[ReturnLineView, ...]
    total_minor: int = 0


class RefundState(StrEnum):
    """How a refund stands."""

    READY = "ready"
    """Nothing has been sent."""
    RUNNING = "running"
    IN_DOUBT = "in_doubt"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundView:
    """What goes back."""

    amount_minor: int
    """Of all that is owed."""
    method: Method
    """To which it goes now."""
    part_minor: int
    last_four: str = ""
    receipt: str = ""
    state: RefundState = RefundState.READY
    step: TerminalStep | None = None
    """What the terminal shows, as far as it tells."""
    may_cancel: bool = True
    """Nothing has gone back yet, so the return can be called off."""
    may_by_hand: bool = False
    """This part was refused, or nobody can be asked: staff may give it back themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffView:
    """Staff mode. It stands over the whole screen; below it the shopper's screen is kept."""

    step: StaffStep = StaffStep.NUMBER
    name: str = ""
    """The attendant's first name, after sign-in."""
    role: str = ""
    """attendant, supervisor, technician."""
    seconds_left: int = 0
    """Until automatic sign-out; each touch starts it anew."""
    digits: int = 0
    """How many digits of number or PIN are typed: shown as dots (the number may be shown)."""
    entry: str = ""
    """The digits of NUMBER, PRICE and ITEM as typed; always empty for a PIN."""
    problem: StaffProblem = StaffProblem.NONE
    tries_left: int = 0
    """Before the lock-out; 0 is not told."""
    locked_s: int = 0
    decisions: tuple[DecisionView, ...] = ()
    """Oldest first."""
    line_order: tuple[int, ...] = ()
    """Ids of `View.lines` as staff see them: flagged ones first, the others newest first."""
    chosen_line_id: int | None = None
    added_line_id: int | None = None
    """Of ITEM: the line that what was scanned or typed has just gone into."""
    picking: Tool | None = None
    """A tool that waits for a line to be tapped."""
    tools: tuple[ToolView, ...] = ()
    reasons: tuple[str, ...] = ()
    """Codes to choose from on REASON, e.g. "damaged", "price_on_shelf", "no_id"."""
    percents_bp: tuple[int, ...] = ()
    """Discounts to choose from, in hundredths of a percent, those within the role's limit."""
    review: ReviewView | None = None
    facts: KioskFacts | None = None
    report: ReportView | None = None
    returning: ReturnView | None = None
    refund: RefundView | None = None
    volume_percent: int = 0
    touch_points: int = 0
    """Of TOUCH: how many points have been met."""
    all_decided: bool = True
    """Then "Gi kassen tilbake" turns yellow."""


class BagState(StrEnum):
    """What the bag scale saw, in words for a shopper. Its numbers are never shown."""

    NOT_YET_PLACED = "not_yet_placed"
    """Scanned, and not in the bag yet. Forgiven for a while; then the shopper is asked."""
    TAKEN_AWAY = "taken_away"
    """Lighter than what was bagged: something was taken up again."""
    SOMETHING_ELSE = "something_else"
    """Heavier than what was scanned (picture 12)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BaggingView:
    """The screen BAG_WEIGHT (picture 12): what the scale saw, and the last scanned item.

    Answers: OwnBagPressed ("Jeg la på min egen pose"), AllScannedPressed ("Alt i posen er skannet",
    calls a glance), SkipBaggingPressed (for NOT_YET_PLACED: "Den blir ikke med i posen"). Putting
    it right on the scale ends the screen with no tap.
    """

    state: BagState
    line_id: int | None = None
    name: str = ""
    picture: str = ""
    category: str = ""
    called: bool = False
    """Somebody was called to have a glance: the screen says so, and there is nothing to answer."""
