"""What the API takes and gives: people, kiosks, interventions, commands.

Times are ISO 8601 in UTC. Money is whole minor units beside its currency. A kiosk's `key` is
`tenant/store/kiosk`, a store's is `tenant/store`. What is about alerts, figures, snapshots and
roll-outs is in `more_types`.
"""

from enum import StrEnum
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field

ID: Final = r"^[a-z0-9-]{1,40}$"
Id = Annotated[str, Field(pattern=ID)]
"""A tenant, a store or a kiosk, as in the topics."""
StoreKey = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}/[a-z0-9-]{1,40}$")]
KioskKey = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}(/[a-z0-9-]{1,40}){2}$")]
UserName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{1,39}$")]
Password = Annotated[str, Field(min_length=10, max_length=200)]
Text = Annotated[str, Field(max_length=200)]
Number = Annotated[int, Field(ge=0, le=2**53)]
"""Of a row: what every database and every reader of JSON can hold."""
Argument = bool | Annotated[int, Field(ge=-(2**53), le=2**53)] | Text


class Model(BaseModel):
    """The common part: frozen, and a field that is not known is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Role(StrEnum):
    """What somebody may do. Each may do what those before may, an attendant only in own stores."""

    VIEWER = "viewer"
    """Sees."""
    ATTENDANT = "attendant"
    """Decides interventions, says "I am coming", pauses, opens, closes, voids, in own stores."""
    OPERATOR = "operator"
    """In all stores; and restarts, asks for logs and screenshots, uploads, rolls out, alerts."""
    ADMIN = "admin"
    """And manages people, and reads the audit log."""


class User(Model):
    """Somebody who may sign in."""

    name: UserName
    display_name: Text
    """As shoppers and colleagues read it: "Ingrid"."""
    role: Role
    stores: list[StoreKey] = []
    """Own stores; empty is all stores (never for an attendant)."""
    of_age: bool = False
    """18 or older: may approve age and alcohol, as far as the law lets anybody do so from here."""
    active: bool = True
    language: Annotated[str, Field(pattern="^(nb|en)$")] = "nb"


class NewUser(User):
    """Somebody new, or a new password."""

    password: Password


class UserChange(Model):
    """What is to be different; what is left out stays."""

    display_name: Text | None = None
    role: Role | None = None
    stores: list[StoreKey] | None = None
    of_age: bool | None = None
    active: bool | None = None
    language: Annotated[str, Field(pattern="^(nb|en)$")] | None = None
    password: Password | None = None


class Session(Model):
    """Who is signed in. Without `user` nobody is."""

    user: User | None = None
    csrf_token: str = ""
    """Goes into `X-CSRF-Token` with every POST, PUT, PATCH and DELETE."""
    first_start: bool = False
    """Nobody may sign in yet: the one-time code that the server printed makes the first admin."""
    expires_at: str = ""


class SignIn(Model):
    """Name and password."""

    name: Annotated[str, Field(max_length=40)]
    password: Annotated[str, Field(max_length=200)]


class PasswordChange(Model):
    """A person's own new password, beside the one that is to be replaced."""

    current: Annotated[str, Field(max_length=200)]
    new: Password


class FirstStart(Model):
    """The one-time code that the server printed, and who the first admin is."""

    code: Annotated[str, Field(max_length=40)]
    name: UserName
    display_name: Text
    password: Password
    of_age: bool = False


class Condition(StrEnum):
    """How a kiosk is, in one word; in the order in which the table sorts them."""

    WAITING = "waiting"
    """Somebody is waited for."""
    TROUBLE = "trouble"
    """An alert of severity "bad" is open."""
    OFFLINE = "offline"
    WARNING = "warning"
    """An alert of severity "warn" is open."""
    UPDATING = "updating"
    PAUSED = "paused"
    CLOSED = "closed"
    FINE = "fine"


class KioskRow(Model):
    """One line of the table, one tile of the board; the stream sends the fields that changed."""

    key: KioskKey
    tenant: Id
    store: Id
    kiosk: Id
    name: str
    """As the shopper reads it at the top of the screen: "Kasse 3"; else the id."""
    group: str = ""
    """Of roll-outs; set by the operator."""
    condition: Condition = Condition.FINE
    reason: str = ""
    """The rule of the worst open alert, e.g. "device_lost"."""
    online: bool = False
    mode: str = ""
    """open, closed, paused, training, out_of_order; stopped or lost when not online."""
    phase: str = ""
    """idle, shopping, waiting, paying, in_doubt, paid, staff."""
    screen: str = ""
    sale_id: str = ""
    item_count: int = 0
    total_minor: int = 0
    currency: str = ""
    since_at: str = ""
    """Since when mode and phase are what they are."""
    last_sale_at: str = ""
    attendant: str = ""
    waiting: list[str] = []
    """Ids of open interventions, longest first."""
    devices: dict[str, str] = {}
    """Device to state: starting, ready, lost, fault, stopped."""
    paper: str = ""
    """ok, low, out or ""."""
    fault: str = ""
    """What keeps it out of order: terminal, scanner, printer, scale, journal."""
    opens_at: str = ""
    software: str = ""
    software_failed: str = ""
    """The release that it took up last and returned from; empty for none."""
    catalog: str = ""
    config: str = ""
    last_heard_at: str = ""
    sales_today: int = 0
    sales_today_minor: int = 0
    calls_today: int = 0


class KioskPage(Model):
    """A part of the table."""

    total: int
    """Of kiosks that fit search and filters."""
    counts: dict[str, int]
    """Condition to number, of all kiosks that the user may see, for the filters' labels."""
    kiosks: list[KioskRow]
    position: str = ""
    """Where the stream stands: begin it with `?since=`, and no change is missed."""


class KioskDetail(Model):
    """All that is known of one kiosk."""

    row: KioskRow
    birth: dict[str, Any]
    """As in the birth message: versions, devices, capabilities, started_at."""
    health: dict[str, Any]
    """The newest health message: disk, temperature, memory, clock, journal."""
    first_heard_at: str = ""
    stored_seq: int = 0
    """Journal rows stored here, without a gap from the first."""
    journal_seq: int = 0
    """Journal rows at the kiosk, as it last said."""
    outbox_waiting: int = 0
    logs_at: str = ""
    """When logs were last fetched, "" for never."""
    screenshot_at: str = ""


class StoreRow(Model):
    """One store."""

    key: StoreKey
    tenant: Id
    store: Id
    name: str
    kiosks: int
    online: int
    waiting: int
    troubles: int
    sales_today: int
    sales_today_minor: int
    currency: str = ""


class SaleLine(Model):
    """A line of the sale that an intervention is about."""

    line_id: int = 0
    name: str
    picture: str = ""
    category: str = ""
    quantity: int = 1
    weight_g: int | None = None
    amount_minor: int = 0
    flags: list[str] = []


class Settled(Model):
    """How an intervention ended."""

    approved: bool
    attendant_id: str = ""
    name: str = ""
    """As colleagues know who decided from here; empty for who did at the kiosk, whom it knows."""
    where: str = ""
    """kiosk, remote, itself."""
    reason: str = ""
    resolved_at: str = ""


class Intervention(Model):
    """Something that needs a person."""

    id: str
    key: KioskKey
    kiosk_name: str = ""
    sale_id: str = ""
    kind: str
    policy: str = ""
    reason: str = ""
    """The detail: an age in years, a help reason, a code."""
    line: SaleLine | None = None
    currency: str = ""
    raised_at: str
    remote_ok: bool = True
    """False: somebody has to stand at the kiosk to approve; refusing from here is allowed."""
    may_refuse: bool = True
    """False: there is only "done" to say, as to a call for help."""
    seen_by: str = ""
    """Who said "I am coming"."""
    lines: list[SaleLine] = []
    total_minor: int = 0
    item_count: int = 0
    settled: Settled | None = None


class Decide(Model):
    """An attendant's word."""

    approved: bool
    reason: Text = ""
    decision_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{8,36}$")]
    """Made by the browser, once per tap: a repetition is known by it."""


class CommandKind(StrEnum):
    """What a kiosk can be told."""

    DECIDE = "decide"
    SEEN = "seen"
    PAUSE = "pause"
    OPEN = "open"
    CLOSE = "close"
    VOID_LINE = "void_line"
    VOID_SALE = "void_sale"
    SCREENSHOT = "screenshot"
    LOGS = "logs"
    RESTART = "restart"
    FETCH_CATALOG = "fetch_catalog"
    FETCH_CONFIG = "fetch_config"
    VERIFY_JOURNAL = "verify_journal"
    CLOSE_DAY = "close_day"
    RESEND = "resend"


class NewCommand(Model):
    """A command from a person; `decide` has its own address, `resend` is the server's own."""

    kind: CommandKind
    args: dict[Annotated[str, Field(max_length=40)], Argument] = Field(default={}, max_length=10)


class CommandStatus(Model):
    """A command and what became of it."""

    id: str
    key: KioskKey
    kind: str
    state: str
    """sent, answered, or expired (no answer came in time; the kiosk will not act on it later)."""
    verdict: str = ""
    """The kiosk's word (`kiosk.telemetry.messages.Verdict`): done, taken, stands, only_here,
    no_such, not_now, failed, no_right ...; "" while sent."""
    detail: str = ""
    actor: str = ""
    issued_at: str
    expires_at: str
    answered_at: str = ""
    data: dict[str, Any] = {}
    """Of a `decide`: approved, attendant_id, name, where, resolved_at as they stand now."""


class EventRow(Model):
    """One row of a kiosk's journal."""

    seq: int
    sale_id: str
    sale_seq: int
    kind: str
    version: int
    at_utc: str
    body: dict[str, Any]


class EventPage(Model):
    """Newest first. `before` is the next page's, 0 at the end."""

    events: list[EventRow]
    before: int = 0


class HealthSeries(Model):
    """Health over time: `at` and lists of the same length, with null where nothing was said."""

    at: list[str]
    series: dict[str, list[float | None]]


class Logs(Model):
    """The lines last fetched from a kiosk."""

    at_utc: str
    lines: list[str]


class Problem(Model):
    """Why a request was refused: a code for programs and screens, words for people."""

    code: str
    detail: str = ""
    retry_after_s: int = 0
