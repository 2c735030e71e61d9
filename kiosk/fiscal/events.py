"""What happened to the cash register itself, beside its sales.

These events stand in the journal in a stream of their own, `REGISTER`, which begins with
RegisterStarted. Together with the sales' events they are all that X, Z and SAF-T are made of.
As everywhere in the journal: no personal data.
"""

from dataclasses import dataclass
from typing import Final

from kiosk.fiscal.figures import Report
from kiosk.sale.events import Event

REGISTER: Final = "register"
"""The stream's id. No sale is called that: sales have random names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterEvent(Event):
    """The common part of all events of the register."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterStarted(RegisterEvent):
    """The program began (13001), and who sells with it: an export years later needs no more."""

    register_id: str
    operator_id: str
    shop_name: str
    legal_name: str
    org_number: str
    address: str
    software_version: str
    time_zone: str
    declared: bool = False
    training: bool = False
    in_foretaksregisteret: bool = True
    exchange_days: int = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterStopped(RegisterEvent):
    """The program ended in order (13002). After a power cut there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SoftwareUpdated(RegisterEvent):
    """Another version than at the last start (13007)."""

    from_version: str
    to_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleSigned(RegisterEvent):
    """A final sale has its place in the signature chain. Everything that was signed is here."""

    sale_id: str
    completed_seq: int
    """The journal's number of its SaleCompleted. Sales are signed in that order, none left out."""
    number: int
    """The `nr` of SAF-T: gap-free since the register's first."""
    date: str
    """Local date, YYYY-MM-DD."""
    time: str
    """Local time, HH:MM:SS."""
    gross_minor: int
    net_minor: int
    signature: str
    key_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockWentBack(RegisterEvent):
    """A sale was completed earlier, by the clock, than the one signed before it."""

    before: str
    """Local time of the sale before, ISO 8601 without offset."""
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockDoubted(RegisterEvent):
    """The program began with a clock behind the record: no alcohol is sold on its word."""

    latest_utc: str
    """The newest time that the record had."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockTrusted(RegisterEvent):
    """The clock is believed again, and what was written before says nothing of it any more."""

    attendant_id: str = ""
    """Who said that it is right; empty when it was put right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class XReportMade(RegisterEvent):
    """The figures so far were shown or printed (13008). Nothing is set back."""

    report: Report
    attendant_id: str = ""
    """Who wanted it; empty when it was asked for elsewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ZReportMade(RegisterEvent):
    """A day was closed (13009): what is registered from here on belongs to the next."""

    report: Report
    attendant_id: str = ""
    """Who closed it; empty when its hour had come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TerminalDayEnded(RegisterEvent):
    """The card terminal closed its own day after a Z, or would not (`done`)."""

    device: str
    z_number: int
    done: bool
    ours_minor: int
    """What the Z says was paid by card, refunds taken off."""
    currency: str
    theirs_minor: int | None = None
    """What the terminal says; None when it said nothing."""
    reason: str = ""
    reference: str = ""
    """The terminal's own number of the period, which the acquirer's books have too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffSignedIn(RegisterEvent):
    """An attendant signed in at the kiosk (13003). Only the id: the name is the staff's own."""

    attendant_id: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffSignedOut(RegisterEvent):
    """An attendant left staff mode (13004), or was signed out (`by_itself`)."""

    attendant_id: str
    by_itself: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInRefused(RegisterEvent):
    """Wrong tries have locked the keys, or a badge is nobody's. What was typed is not told."""

    locked_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KioskOpened(RegisterEvent):
    """Staff let customers in again; `where` as in InterventionResolved."""

    attendant_id: str
    where: str = "kiosk"


@dataclass(frozen=True, slots=True, kw_only=True)
class KioskClosed(RegisterEvent):
    """Staff let no further customer in: closed, or only paused."""

    attendant_id: str
    pause: bool = False
    where: str = "kiosk"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingBegun(RegisterEvent):
    """Sales are for practice from here on (13023), until TrainingEnded, over restarts too."""

    attendant_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingEnded(RegisterEvent):
    """Sales are real again (13024)."""

    attendant_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyAsked(RegisterEvent):
    """Staff want paper of a sale that is closed; by it a power cut in mid-print is found."""

    attendant_id: str
    sale_id: str
    print_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KioskAdjusted(RegisterEvent):
    """Staff set something of the machine: "volume" in percent, or "touch" anew."""

    attendant_id: str
    setting: str
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DevicesChecked(RegisterEvent):
    """Staff looked at every device; `faults` names those that cannot be used."""

    attendant_id: str
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceListTaken(RegisterEvent):
    """Goods are sold at the prices of another catalog from here on (13021).

    What a line costs stands in the line; this says since when. Which prices changed is the
    catalog's own history, kept where catalogs are made.
    """

    from_version: str
    """Empty at the first."""
    to_version: str
    products: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterBegun(RegisterEvent):
    """A record begins, so numbers begin at 1: why that repeats none. The first event of its stream.

    Absent where no store could be asked: a kiosk that stands alone, and records from before.
    """

    store: str
    """"knows_nothing": the store's server was asked. "not_asked": somebody said so beside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Numbers of one series that nobody gives any more: a lost disk may have given them."""

    series: str
    """As `Series`; or `Z_SERIES` or `SIGNATURE_SERIES`."""
    last: int
    """The newest that is known."""
    next: int
    """The next one that is given."""


Z_SERIES: Final = "z"
SIGNATURE_SERIES: Final = "signature"


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalRestored(RegisterEvent):
    """The record goes on upon another disk; what stands before this came from elsewhere.

    What the lost disk wrote after that is not known. So that no number is given twice, some are
    left out here, and this is where the gap is stated.
    """

    source: str
    """"store" or "copy"."""
    last_at_utc: str
    """When the newest event was written that is known."""
    left_out: tuple[LeftOut, ...] = ()
    """Empty when it is known that nothing came after."""


def next_after(last: int, series: str, restored: Event | None) -> int:
    """Return the number that follows `last`, behind what a restored record leaves out."""
    if isinstance(restored, JournalRestored):
        for one in restored.left_out:
            if one.series == series:
                return max(last + 1, one.next)
    return last + 1
