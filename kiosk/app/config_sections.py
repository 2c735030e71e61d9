"""The sections of `kiosk.toml`: what can be set, by default what, and what it means.

Read by `kiosk.app.config`; `kiosk.app.describe` lists every setting for those who look at the till.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, time
from pathlib import Path
from typing import Any, Literal

from kiosk.payments.late import LateApproval
from kiosk.sale.alcohol import AlcoholHours
from kiosk.sale.events import Method
from kiosk.staff.roles import DEFAULT_ROLES, Right, Role, RoleRules


@dataclass(frozen=True, slots=True, kw_only=True)
class KioskSection:
    """Which kiosk this is."""

    id: str
    """The cash register's own id, never reused, e.g. "NT-0477-03" (kassasystemlova § 2 f)."""
    till: str
    """The till's number for people, e.g. "3"."""
    operator: str = ""
    """The operator id on receipts; by default "SCO-" and the till's number with two digits."""
    data_dir: Path
    """Where the journal and the catalog lie. Made at first start, readable by the kiosk alone."""
    timezone: str = "Europe/Oslo"
    languages: tuple[str, ...] = ("nb", "nn", "en", "uk")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopSection:
    """Who sells, as the receipt must say."""

    name: str
    legal_name: str
    address: str
    org_number: str
    in_register: bool = True
    """Whether "Foretaksregisteret" stands on the receipt (AS, ASA, NUF)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenSection:
    """The panel. Its size in millimetres is asked for at installation, never guessed."""

    width_px: int = 1080
    height_px: int = 1920
    px_per_mm: float = 4.03
    fullscreen: bool = True
    terminal_direction: Literal["right", "left", "down"] = "right"
    volume: float = 0.6
    """Loudness of the sounds, 0 to 1."""


def check_screen(section: ScreenSection, wrong: Callable[[str, str], None]) -> None:
    """Tell when no layout of the shopper's screen has room on a panel of this size."""
    from kiosk.ui.units import Glass, PanelTooSmall

    if section.px_per_mm <= 0:
        wrong("screen.px_per_mm", f"{section.px_per_mm} is no number of pixels in a millimetre.")
        return
    try:
        _ = Glass(section.width_px, section.height_px, section.px_per_mm).layout
    except PanelTooSmall as error:
        wrong("screen.px_per_mm", f"{error}")


@dataclass(frozen=True, slots=True, kw_only=True)
class BrandSection:
    """The shop's own colours; refused when a contrast is too low."""

    gran: str = "#0E3B2E"
    gran2: str = "#1A4E3E"
    gran3: str = "#0B5E42"


@dataclass(frozen=True, slots=True, kw_only=True)
class SellingSection:
    """How this shop sells."""

    approved_scale: bool = False
    """Declares that scale and software are approved for trade: only then are goods priced by
    weight here. See README.md, "Weighing"."""
    limit_lines: int = 500
    limit_quantity: int = 99
    limit_total_minor: int = 2_000_000
    idle_s: int = 60
    idle_answer_s: int = 30
    receipt_s: int = 20
    thanks_s: int = 12
    undo_s: int = 20
    terminal_rest_from: time = time(3)
    """From here until `terminal_rest_until`, local, a card terminal that wants it (nexo-xml) is
    logged out to update itself: an hour at least. Both the same: never."""
    terminal_rest_until: time = time(4, 15)
    random_checks: bool = False
    """Whether some sales are looked over; `kiosk/sale/checks.py` says which."""
    municipality: str = ""
    """Whose hours of alcohol hold, by number or name: `kiosk/rules/norway/alcohol_hours.toml`."""
    alcohol_hours: tuple[AlcoholHours, ...] = ()
    """Hours of one's own, one row from each date on, where the table is wrong or silent."""
    rules_checked_on: date | None = None
    """When the shop last held all tables of `kiosk rules list` against their sources."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffSection:
    """Who may override what. Rights by name, see `kiosk/staff/roles.py`; none listed: defaults."""

    sign_out_s: int = 120
    needs_badge: bool = False
    """Badge and PIN together, instead of either."""
    shelf: Path | None = None
    """A file that all kiosks of the store can reach on this machine: what is set aside at one of
    them may go on at any. Without it, only where it was set aside."""
    attendant: tuple[Right, ...] | None = None
    supervisor: tuple[Right, ...] | None = None
    technician: tuple[Right, ...] | None = None
    attendant_price_off_percent: int = 50
    attendant_discount_percent: int = 0

    def roles(self) -> Mapping[Role, RoleRules]:
        """Return what each role may do."""
        attendant = replace(
            DEFAULT_ROLES[Role.ATTENDANT],
            price_off_bp=self.attendant_price_off_percent * 100,
            discount_bp=self.attendant_discount_percent * 100,
        )
        rules = {**DEFAULT_ROLES, Role.ATTENDANT: attendant}
        for role in Role:
            rights = getattr(self, role.value)
            if rights is not None:
                rules[role] = replace(rules[role], rights=frozenset(rights))
        return rules


LATE_AFTER_S_MIN = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentSection:
    """The ways to pay. Which there are follows from the devices; see `kiosk/app/payment.py`."""

    methods: tuple[Method, ...] = ()
    """Their order on the screen, e.g. ["card", "vipps"]; the card first, then the devices as they
    are listed, without it. The first tile is the largest."""
    coupon_prefixes: tuple[str, ...] = ()
    """How the codes of paper coupons begin, e.g. ["99"]: those that the catalog does not know,
    or that are out of date, somebody looks at before payment."""
    partial_approval: bool = False
    """Whether a card that covers only a part pays that part. The terminal must have it switched on
    too; without both, a part that was approved goes back at once."""
    late_approval: LateApproval = LateApproval.COMPLETE
    """What becomes of a payment that is approved after the shopper stopped it, or `late_after_s`
    after it was asked for (a power cut, a slow phone): "complete" the sale, or "give_back"."""
    late_after_s: float = 900
    """At least `LATE_AFTER_S_MIN`: so long a code of a wallet lives."""
    refund_without_payment: bool = False
    """Whether staff may give money back where the payment has no transaction that can be named,
    e.g. to another card. Off, since it is a door for fraud: such money goes back elsewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceSection:
    """One device: its protocol by name, and that protocol's own options."""

    protocol: str
    role: Literal["", "badge", "bag"] = ""
    """"badge" for a reader of staff's badges, "bag" for a scale under the bags."""
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FiscalSection:
    """The cash register. Without a signing key it is none: sales are unsigned and no Z is made."""

    signing_key: str = ""
    """A file (0600), or "credential:" and the name of a systemd credential."""
    key_version: str = "1"
    """The version under which the product declaration knows the key."""
    z_at: str = "23:55"
    """When the day is closed, local time: after the shop has closed and before midnight."""

    @property
    def z_time(self) -> time:
        """`z_at` as a time of day."""
        return time.fromisoformat(self.z_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchSection:
    """For trying the kiosk without its glass; never in a shop."""

    socket: Path | None = None
    """A unix socket over which the screen can be seen and tapped."""
    starts_at: str = ""
    """ISO time at which the kiosk's own clock starts, e.g. "2026-03-04T10:00:00+01:00": so that a
    demonstration at night sells beer."""
