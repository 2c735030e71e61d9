"""Where an attendant is in staff mode. Frozen; it never touches the shopper's session.

Leaving staff mode drops this value, so the shopper's screen stands exactly as it was.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from kiosk.engine.elsewhere import Wish
from kiosk.engine.shelf import Claim
from kiosk.engine.staff_view import PastDecision, StaffProblem, StaffStep, Tool
from kiosk.fiscal.figures import Report
from kiosk.sale.commands import AddItem
from kiosk.sale.return_events import ByHand
from kiosk.sale.state import Sale
from kiosk.staff import DEFAULT_ROLES, Person, Right, Role, RoleRules, SignIn, StaffBook


@dataclass(frozen=True, slots=True)
class Refusal:
    """A no to an intervention that waits for its reason."""

    intervention_id: str


@dataclass(frozen=True, slots=True)
class NewPrice:
    """A lower price that waits for its reason."""

    line_id: int
    unit_price_minor: int


@dataclass(frozen=True, slots=True)
class NewDiscount:
    """A discount that waits for its reason; no line is all of them."""

    line_id: int | None
    percent_bp: int


@dataclass(frozen=True, slots=True)
class VoidIt:
    """The whole sale is to end, and waits for the reason."""


@dataclass(frozen=True, slots=True)
class TakeBack:
    """Goods that were chosen to come back, and wait for the reason."""


@dataclass(frozen=True, slots=True)
class PayOut:
    """Money for a return that staff give back themselves, and that waits for how."""


Wanted = Refusal | NewPrice | NewDiscount | VoidIt | TakeBack | PayOut

REASONS: Mapping[type[Wanted], tuple[str, ...]] = {
    Refusal: ("not_in_order", "customer_agrees", "other"),
    NewPrice: ("price_on_shelf", "damaged", "short_date", "other"),
    NewDiscount: ("damaged", "short_date", "goodwill", "other"),
    VoidIt: ("customer_left", "cannot_pay", "mistake", "other"),
    TakeBack: ("regret", "damaged", "wrong_item", "wrong_price", "recalled", "other"),
    PayOut: tuple(way.value for way in ByHand),
}
AGE_REASONS = ("too_young", "no_id", "intoxicated")
"""Why alcohol or another thing with an age limit is refused (alkoholloven § 8-11 for the last)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A look over the goods, as far as it has come."""

    intervention_id: str
    wanted: int
    checked: tuple[int, ...] = ()
    missing: int = 0
    """How many scans were not in the sale: what the record says."""
    to_add: tuple[AddItem, ...] = ()
    """Those of them that are not in it yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnPick:
    """A receipt that was found, and how many pieces of its lines were chosen."""

    original: Sale
    returns: tuple[Sale, ...]
    """Those before, in which goods of it came back."""
    receipt: str
    picked: tuple[tuple[int, int], ...] = ()
    """(line, pieces), each line once, in the order of the receipt."""
    register_id: str = ""
    """Whose receipt it is; empty: this kiosk's own."""
    told: tuple[Sale, ...] = ()
    """Those of `returns` of which the store told."""
    elsewhere: tuple[Sale, ...] = ()
    """Of an own receipt: the sales of other kiosks in which goods of it came back."""
    answered: bool = True
    """False: the store said nothing, and it goes on without."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What the store has been asked about a receipt, and has not answered."""

    wish: Wish
    pick: ReturnPick | None = None
    """The receipt; None while it is another kiosk's and not yet seen."""
    reason: str = ""
    """Why the goods come back: with it they are written down once the receipt is held."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffSession:
    """Staff mode, from the first key to giving the kiosk back."""

    step: StaffStep = StaffStep.NUMBER
    person: Person | None = None
    number: str = ""
    secret: str = field(default="", repr=False)
    """What is typed of a PIN. Gone with the next step; in no view and no log."""
    first_secret: str = field(default="", repr=False)
    entry: str = ""
    problem: StaffProblem = StaffProblem.NONE
    tries_left: int = 0
    locked_until_ns: int = 0
    out_at_ns: int = 0
    """When nobody has touched anything for so long that staff mode ends by itself."""
    chosen_line_id: int | None = None
    added_line_id: int | None = None
    """What ITEM put in last; so that the attendant sees that it is there."""
    picking: Tool | None = None
    wanted: Wanted | None = None
    review: Review | None = None
    back: ReturnPick | None = None
    report: Report | None = None
    closing: bool = False
    """The report is an X on the way to a Z."""
    claim: Claim | None = None
    """What the store has been asked for, and has not answered."""
    asking: Asking | None = None
    """The receipt of which it has been asked."""
    touched: tuple[tuple[float, float], ...] = ()
    """Points of TOUCH that have been met."""

    @property
    def signed_in(self) -> bool:
        """Whether somebody may see and do anything here."""
        return self.person is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What is known of the machine, for MORE."""

    version: str = ""
    address: str = ""
    disk_free_mb: int = 0
    old_rules: tuple[str, ...] = ()
    """Tables of law and trade that somebody should look at, by name."""


@dataclass(slots=True, kw_only=True)
class StaffDoor:
    """Who may come in, what they may do, and what staff mode remembers between sign-ins."""

    book: StaffBook
    signing: SignIn
    roles: Mapping[Role, RoleRules] = field(default_factory=lambda: DEFAULT_ROLES)
    about: Callable[[], About] = About
    past: tuple[PastDecision, ...] = ()

    def rules(self, person: Person | None) -> RoleRules:
        """Return what somebody may do; nothing where nobody is."""
        return RoleRules(rights=frozenset()) if person is None else self.roles[person.role]

    def may(self, person: Person | None, right: Right) -> bool:
        """Return whether somebody has a right."""
        return self.rules(person).may(right)
