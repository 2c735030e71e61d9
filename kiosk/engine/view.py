"""All that the screen needs to draw, and nothing else: one frozen `View`.

The engine makes a new one after each message that changed something. Drop the screen, draw it
again from the last view, and nothing is lost. Amounts are minor units; words are the screen's.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from drivers.contracts import TerminalStep, WalletProblem, WalletStep
from kiosk.engine.closing_view import OutOfOrderView as OutOfOrderView
from kiosk.engine.closing_view import ReceiptView as ReceiptView
from kiosk.engine.closing_view import SendLinkView as SendLinkView
from kiosk.engine.closing_view import ThanksView as ThanksView
from kiosk.engine.notices import Notice as Notice
from kiosk.engine.staff_view import BaggingView, StaffView
from kiosk.engine.tender_view import TendersView
from kiosk.engine.touch import AS_IT_IS, Map
from kiosk.sale.events import Interest, Method, Policy
from kiosk.sale.product import Unit


class Screen(StrEnum):
    """Which screen stands on the glass (picture numbers of the design in the comments)."""

    START = "start"  # 01
    SCAN = "scan"  # 02, 14, 21, 24
    LOOKUP = "lookup"  # 03
    CODE = "code"  # number keys for a code
    WEIGH = "weigh"  # 04
    PRICE_CHECK = "price_check"
    BAGS = "bags"
    PAY = "pay"  # 05, 22
    TERMINAL = "terminal"  # 06
    WALLET = "wallet"  # 07
    WALLET_KEYS = "wallet_keys"  # number keys for a phone number, or a code that came to it
    IN_DOUBT = "in_doubt"  # text 20
    RECEIPT = "receipt"  # 08
    THANKS = "thanks"  # 09
    SEND_LINK = "send_link"  # number keys for the link to a receipt
    SEND_MAIL = "send_mail"  # letter keys for the same
    HELP = "help"  # 11b
    NEEDS_STAFF = "needs_staff"  # 11
    VALUE = "value"  # a gift card or a voucher
    BAG_WEIGHT = "bag_weight"  # 12
    CLOSED = "closed"  # 15b
    OUT_OF_ORDER = "out_of_order"  # 15


class Overlay(StrEnum):
    """What lies over the screen."""

    NONE = "none"
    STILL_THERE = "still_there"  # 10
    LANGUAGE = "language"
    ADJUST = "adjust"


class Tone(StrEnum):
    """Sounds as designed; each has a visible twin. A tone sounds once per `View.tone_seq`."""

    NONE = "none"
    ADDED = "added"
    REFUSED = "refused"
    REMOVED = "removed"
    HELP_SENT = "help_sent"
    APPROVED = "approved"
    TICK = "tick"


class Flag(StrEnum):
    """A mark on a line."""

    NONE = "none"
    AGE = "age"
    STAFF = "staff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The shopper's own, reset with each sale."""

    language: str = "nb"
    large_text: bool = False
    high_contrast: bool = False
    lower_controls: bool = False
    less_motion: bool = False
    read_aloud: bool = False
    """What the screen shows is said; a touch says what is under it, a second one presses it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferView:
    """An offer's share on one line; `amount_minor` is negative."""

    title: str
    amount_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LineView:
    """One line of the list. `amount_minor` is before offers and deposit, as on the receipt."""

    line_id: int
    name: str
    picture: str
    category: str
    unit: Unit
    quantity: int
    weight_g: int | None
    unit_price_minor: int
    amount_minor: int
    deposit_minor: int = 0
    """For all pieces together; the unit deposit is this divided by the quantity."""
    offers: tuple[OfferView, ...] = ()
    flag: Flag = Flag.NONE
    age_limit: int = 0
    countable: bool = True
    """Whether plus and minus apply."""
    came_back: bool = False
    """Goods taken back: amounts are negative."""
    is_coupon: bool = False
    """No goods: `amount_minor` is what it takes off, zero while it waits for more goods."""
    minimum_minor: int = 0
    """What a coupon waits for."""
    full_price_minor: int | None = None
    """What it would have cost before an attendant changed its price; None when none did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TotalsView:
    """The sums of the sale."""

    item_count: int = 0
    to_pay_minor: int = 0
    deposit_minor: int = 0
    saved_minor: int = 0
    """Positive."""
    paid_minor: int = 0


class ToastKind(StrEnum):
    """What the toast tells."""

    REMOVED = "removed"
    QUANTITY = "quantity"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToastView:
    """What just happened, with Angre; stands 20 s or until the next scan."""

    kind: ToastKind
    name: str
    picture: str
    category: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TileView:
    """A product as a picture to tap."""

    product_id: str
    name: str
    picture: str
    category: str
    unit: Unit
    unit_price_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryView:
    """A look-up category. `name` is by language code."""

    id: str
    names: tuple[tuple[str, str], ...]
    picture: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LookupView:
    """Pictures of one page, most bought first; with a query, the best match last (lowest)."""

    category: CategoryView | None
    query: str
    tiles: tuple[TileView, ...]
    page: int
    """Counts from 1, as people do."""
    pages: int


class WeighState(StrEnum):
    """What the scale says."""

    EMPTY = "empty"
    MOVING = "moving"
    STEADY = "steady"
    UNDER_ZERO = "under_zero"
    OVER = "over"
    LOST = "lost"
    LIFT_FIRST = "lift_first"
    """The load of the last weighing still lies there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeighView:
    """Weight, unit price and price stand together while the load is on and steady."""

    tile: TileView
    state: WeighState
    weight_g: int | None = None
    price_minor: int | None = None
    tare_g: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceCheckView:
    """What a price check shows; None in `tile` while it waits for a scan."""

    tile: TileView | None
    deposit_minor: int = 0
    offers: tuple[str, ...] = ()
    known: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class BagView:
    """One kind of carrier bag on the question."""

    tile: TileView
    quantity: int


class Unavailable(StrEnum):
    """Why a method cannot be used now."""

    NONE = "none"
    TERMINAL_LOST = "terminal_lost"
    OVER_LIMIT = "over_limit"
    NOT_SET_UP = "not_set_up"
    OFFLINE = "offline"
    RESTING = "resting"
    """Several cards were declined in a row: this method rests for a minute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodView:
    """One way to pay; stays in place with its reason when it cannot be used."""

    method: Method
    unavailable: Unavailable = Unavailable.NONE
    limit_minor: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TerminalView:
    """The running payment as the terminal tells it."""

    amount_minor: int
    step: TerminalStep | None = None
    """None until the terminal has said something."""
    text: str = ""
    direction: str = "right"
    """Where the terminal is: right, left or down; set at installation."""
    aborting: bool = False
    can_stop: bool = True
    """Whether stopping it can still do something: not once it is approved."""


class Keys(StrEnum):
    """What the number keys of a wallet are for."""

    PHONE = "phone"
    CODE = "code"


@dataclass(frozen=True, slots=True, kw_only=True)
class WalletView:
    """The running payment by phone. No whole phone number is ever in here."""

    method: Method
    amount_minor: int
    step: WalletStep | None = None
    """None until the wallet has said something."""
    qr_text: str = field(default="", repr=False)
    """The code to draw; empty where there is none."""
    masked_phone: str = ""
    seconds_left: int = 0
    """Until code or push lapse; 0 when nobody says."""
    can_push: bool = False
    """Whether a number may be typed instead of the scan."""
    can_scan: bool = False
    """Whether the code may be shown again."""
    problem: WalletProblem = WalletProblem.NONE
    tries_left: int = 0
    keys: Keys | None = None
    """Of WALLET_KEYS."""
    typed: str = field(default="", repr=False)
    """What stands in the field; of a number only the last two digits can be read."""
    can_confirm: bool = False
    aborting: bool = False
    giving_back: bool = False
    """The money is on its way back."""
    can_stop: bool = True
    """Whether stopping it can still do something."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingView:
    """Something that waits for an attendant's word; the same list for screen, light and board."""

    id: str
    kind: Interest
    line_id: int | None = None
    raised_at: str = ""
    policy: Policy = Policy.BEFORE_PAYMENT
    detail: str = ""
    sale_id: str = ""
    """Of a sale that is over, whose money could not go back; empty: the sale on the glass."""
    amount_minor: int = 0
    """Of such a sale: how much of somebody's money is still here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """The whole screen."""

    seq: int = 0
    screen: Screen = Screen.START
    overlay: Overlay = Overlay.NONE
    shop_name: str = ""
    till: str = ""
    """The till's number for people, e.g. "3"."""
    training: bool = False
    """Nothing here is real: the whole glass says so."""
    volume_percent: int = 60
    can_read_aloud: bool = False
    """Filled in by the screen, which alone knows whether it has a voice."""
    touch: Map = AS_IT_IS
    """From where the panel says a finger is to where it is; see `kiosk.engine.touch`."""
    staffed: bool = True
    """Whether anybody can sign in here: without a staff book there is no button for it."""
    test_money: bool = False
    """Payments go to the providers' test worlds: nobody's money moves."""
    undeclared: bool = False
    """Nobody has declared this build to the tax authority: the start screen says so."""
    settings: Settings = Settings()
    languages: tuple[str, ...] = ("nb", "nn", "en", "uk")
    methods_offered: tuple[Method, ...] = (Method.CARD,)
    lines: tuple[LineView, ...] = ()
    """Oldest first: the newest is the last, nearest the hand."""
    open_line_id: int | None = None
    """The line whose controls are open: the newest, or the one tapped."""
    added_line_id: int | None = None
    """The line that is "Lagt til nå"."""
    totals: TotalsView = TotalsView()
    toast: ToastView | None = None
    notice: Notice = Notice.NONE
    notice_limit: int = 0
    """A number that belongs to the notice: the limit that was met."""
    categories: tuple[CategoryView, ...] = ()
    """The two or three look-ups that stand over the total."""
    lookup: LookupView | None = None
    code: str = ""
    """The digits typed so far on CODE."""
    weigh: WeighView | None = None
    price_check: PriceCheckView | None = None
    bags: tuple[BagView, ...] = ()
    methods: tuple[MethodView, ...] = ()
    terminal: TerminalView | None = None
    wallet: WalletView | None = None
    tenders: TendersView = TendersView()
    receipt: ReceiptView | None = None
    thanks: ThanksView | None = None
    send_link: SendLinkView | None = None
    seconds_left: int = 0
    """Of the still-there countdown."""
    help_called: bool = False
    help_reason: str = ""
    scanner_lost: bool = False
    """No scanner can be used: goods are found by picture or by code."""
    has_light: bool = False
    """Whether a lamp over the till blinks while help is called."""
    doubt_code: str = ""
    """A short code for staff on IN_DOUBT and NEEDS_STAFF."""
    waiting: tuple[WaitingView, ...] = ()
    """Open interventions, oldest first; a call for help before the first scan too."""
    sale_id: str = ""
    """Of the sale on the glass: for whoever decides from afar. Empty while there is none."""
    waiting_line_id: int | None = None
    """The line that NEEDS_STAFF is about."""
    out_of_order: OutOfOrderView | None = None
    opens_at: str = ""
    paused: bool = False
    """CLOSED because of a pause: the till next to this one is the sentence, not the hours."""
    sold_again: str = ""
    """Local "HH.MM" that belongs to ALCOHOL_HOURS; empty when it is not today."""
    seen_by: str = ""
    """First name of who has said "I am coming" (picture 11: "Ingrid har sett det")."""
    bagging: BaggingView | None = None
    """Of BAG_WEIGHT."""
    staff: StaffView | None = None
    """Staff mode: drawn instead of `screen`, which stands below it unchanged."""
    tone: Tone = Tone.NONE
    tone_seq: int = 0
    scan_at_monotonic_ns: int = 0
    """When the last byte of the scan behind this view arrived: for the scan-to-frame figure."""
