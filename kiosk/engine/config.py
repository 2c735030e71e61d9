"""What the engine must be told about this kiosk. Frozen; the defaults are those of the design."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time

from kiosk.fiscal.receipt import ShopFacts
from kiosk.payments.attempts import CoolDown
from kiosk.payments.late import Late
from kiosk.sale.alcohol import STATUTE, AlcoholHours
from kiosk.sale.barcode import NORWEGIAN_LABELS, LabelTemplate
from kiosk.sale.commands import Limits
from kiosk.sale.events import Interest, Method, Policy
from kiosk.sale.policy import ONLY_HERE_BY_LAW


@dataclass(frozen=True, slots=True, kw_only=True)
class Timings:
    """How long things last, in seconds."""

    undo_s: float = 20
    idle_s: float = 60
    """Without a scan or a touch, until the shopper is asked whether they are there."""
    idle_answer_s: float = 30
    receipt_s: float = 20
    thanks_s: float = 12
    receipt_code_s: float = 60
    """Instead of `thanks_s`, where the code of a receipt for the phone stands on the screen."""
    ask_again_s: tuple[float, ...] = (2, 4, 8, 16, 30)
    """Waits between questions about a payment in doubt; the last one repeats."""
    asks_before_staff: int = 3
    """How many questions stay unanswered before an attendant is called."""
    terminal_patience_s: float = 240
    """A terminal driver that has said nothing for so long about a charge is taken as "unknown".
    Longer than any driver's own time-out (160 s): this is the belt to its braces."""
    wallet_patience_s: float = 900
    """The same for a wallet, counted from its last word: a code lives 600 s, and after that the
    provider may be asked for 120 s what became of it."""
    capture_again_s: tuple[float, ...] = (5, 15, 60, 300, 900)
    """Waits between tries to take what a wallet reserved; the last one repeats."""
    capture_late_s: float = 24 * 3600
    """After this long somebody is told: reservations lapse (Vipps: 14 to 180 days)."""
    give_back_s: float = 4 * 3600
    """For so long the kiosk by itself tries to reach whoever took money for a sale that is over;
    then staff are called. From then on only they give it back, so that it never goes back twice."""
    confirm_s: float = 48 * 3600
    """For so long it is asked about a payment that staff have called not paid: terminals forget."""
    print_again_s: float = 5
    weight_fresh_s: float = 1.5
    """An older reading of the scale is not a weight any more."""
    staff_s: float = 120
    """Without a touch, until staff mode signs out by itself."""
    restart_s: float = 10
    """How often a kiosk whose journal cannot be written tries again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineConfig:
    """This kiosk, as far as the engine is concerned."""

    kiosk_id: str
    shop: ShopFacts
    """Who sells, for the receipt; its `name` stands on the screen too."""
    till: str
    """The till's number for people."""
    timezone: str = "Europe/Oslo"
    """The shop's own: the receipt's time and the dates of offers follow it."""
    currency: str = "NOK"
    training: bool = False
    languages: tuple[str, ...] = ("nb", "nn", "en", "uk")
    """The first one greets."""
    methods: tuple[Method, ...] = (Method.CARD,)
    """Shown on the pay screen, in this order."""
    method_limits_minor: Mapping[Method, int] = field(default_factory=dict)
    test_money: bool = False
    """What is paid by here is of the providers' test worlds: the screen says so."""
    value_prefixes: Mapping[Method, tuple[str, ...]] = field(default_factory=dict)
    """How the codes of the shop's gift cards and deposit vouchers begin, so that a scan tells."""
    coupon_prefixes: tuple[str, ...] = ()
    """How the codes of paper coupons begin: those the catalog does not know are looked at."""
    partial_approval: bool = False
    """Whether a card that covers less than was asked pays that much; else it goes back."""
    late: Late = Late()
    """What becomes of an approval for which nobody waits any more."""
    terminal_rest: tuple[time, time] = (time(3), time(4, 15))
    """Local hours in which a terminal that wants it is logged out to update itself; equal: never.
    An hour at least, and the time until both sides have noticed."""
    cool_down: CoolDown = CoolDown()
    """When cards rest after declines."""
    terminal_direction: str = "right"
    approved_scale: bool = False
    """The shop declares a scale and software approved for trade; else nothing is priced by weight
    here (see README, "Weighing")."""
    scale_min_g: int = 40
    """Least load that may be sold by weight: 20 intervals of a class III scale (OIML R 76)."""
    label_templates: tuple[LabelTemplate, ...] = NORWEGIAN_LABELS
    limits: Limits = Limits()
    alcohol_hours: tuple[AlcoholHours, ...] = (STATUTE,)
    """When alcohol may be sold in this municipality: the row that is in force counts."""
    only_here: frozenset[Interest] = ONLY_HERE_BY_LAW | {Interest.RANDOM_CHECK}
    """What nobody may approve from afar: for alcohol somebody must see who buys it. Refusing from
    afar is always allowed."""
    orders_only_here: frozenset[str] = frozenset()
    """Errands (`remote_messages.Errand`) that are taken from nobody who is elsewhere."""
    volume_percent: int = 60
    """Loudness of the sounds until staff set another."""
    refund_without_payment: bool = False
    """Whether money may go back where the payment has no transaction that could be named. Off:
    what cannot be traced to a payment is an open door (a refund to another card)."""
    staff_needs_badge: bool = False
    """Badge and PIN, both; else either does."""
    percents_bp: tuple[int, ...] = (1000, 2000, 3000, 5000)
    """Discounts that staff can choose from, those within the role's limit."""
    random_checks: bool = False
    """Whether some sales are looked over (`kiosk.sale.checks` says which)."""
    check_items: int = 5
    """How many goods are scanned out of the bag in a random check."""
    timings: Timings = Timings()
    tiles_per_page: int = 12
    """Pictures that fit; the last place is "more" when there are more."""
    categories_shown: int = 2
    code_digits_max: int = 14
    query_letters_max: int = 24

    def policy(self, kind: Interest) -> Policy:
        """Return when an intervention of this kind stops the shopper."""
        return self.limits.policies[kind]
