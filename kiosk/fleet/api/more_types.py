"""What the API takes and gives: alerts, figures, the audit log, snapshots, roll-outs."""

from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field

from kiosk.fleet.api.types import KioskKey, Model, StoreKey, Text


class Severity(StrEnum):
    """How much of a hurry: bad is red, warn is yellow."""

    BAD = "bad"
    WARN = "warn"


class AlertState(StrEnum):
    """An alert's life."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    CLOSED = "closed"


class Alert(Model):
    """Something that an operator should know."""

    id: int
    rule: str
    """offline, store_offline, device_lost, paper_low, paper_out, disk, clock, certificate,
    declines, waiting, journal, journals, version, temperature, gap, old_rules, untaken."""
    severity: Severity
    store_key: StoreKey
    key: KioskKey | None = None
    """None: it is about the whole store."""
    kiosk_name: str = ""
    detail: dict[str, Any] = {}
    """Figures for the sentence: {"device": "terminal"}, {"free_percent": 4}, {"minutes": 11}."""
    state: AlertState
    opened_at: str
    acknowledged_at: str = ""
    acknowledged_by: str = ""
    closed_at: str = ""
    closed_by: str = ""
    """"" when the cause went away by itself."""


class AuditEntry(Model):
    """One line of the audit log: who did what to what, from where, and what came of it."""

    id: int
    at_utc: str
    actor: str
    role: str
    action: str
    """sign_in, sign_in_refused, sign_out, command, decide, user_added, catalog_uploaded ..."""
    target: str
    """A kiosk's key, a user's name, a version."""
    detail: dict[str, Any] = {}
    address: str = ""


class AuditPage(Model):
    """Newest first. `before` is the next page's, 0 at the end."""

    entries: list[AuditEntry]
    before: int = 0


class Series(Model):
    """One line or one row of bars."""

    name: str
    values: list[float | None]


class Chart(Model):
    """One question answered: values per bucket of time, or per label."""

    name: str
    unit: str
    """minor (with currency), count, seconds, percent."""
    currency: str = ""
    labels: list[str]
    """ISO times of the buckets' beginnings, or names (reasons, methods)."""
    series: list[Series]
    total: float | None = None
    limit: float | None = None
    """The dashed line: a goal, a limit or the average of all kiosks."""


class ChartName(StrEnum):
    """The charts there are."""

    SALES = "sales"
    """Per bucket: amount and count."""
    INTERVENTIONS = "interventions"
    """Per bucket: how many."""
    REASONS = "reasons"
    """Per kind: how many."""
    RESOLVE_SECONDS = "resolve_seconds"
    """Per bucket: median and 90th percentile, seconds from raised to resolved."""
    ABANDONMENT = "abandonment"
    """Per bucket: percent of sales that ended without payment."""
    PAYMENT_MIX = "payment_mix"
    """Per method: how many sales, which amount."""
    HELP_PER_100 = "help_per_100"
    """Per bucket: interventions per 100 sales."""
    WEIGHT_ALARMS = "weight_alarms"
    """Per bucket: percent of sales with a weight alarm that staff found without cause."""


class Figure(Model):
    """One card over the table."""

    name: str
    """sales, help_per_100, help_seconds, weight_alarms."""
    value: float | None
    unit: str
    currency: str = ""
    count: int = 0
    """How many sales stand behind it."""
    yesterday: float | None = None
    """The same until the same hour of yesterday."""
    goal: float | None = None
    spark: list[float | None] = []
    """The last 12 hours (sales) or 7 days."""


class Figures(Model):
    """Today so far, in the server's time zone."""

    day: str
    figures: list[Figure]


class SnapshotKind(StrEnum):
    """What kiosks fetch."""

    CATALOG = "catalog"
    CONFIG = "config"
    SOFTWARE = "software"
    """A release of the program, as `kiosk release pack` made and signed it."""


class Snapshot(Model):
    """One signed version of the catalog or of the configuration."""

    version: str
    kind: SnapshotKind
    sha256: str
    size_bytes: int
    note: str = ""
    uploaded_by: str
    uploaded_at: str
    running: int = 0
    """How many kiosks report that they run it."""


class RolloutStage(Model):
    """A group, and how far it is."""

    group: str
    """A kiosks' group, or "*" for all that are left."""
    target: int = 0
    applied: int = 0
    worse: int = 0
    """Kiosks with the new version on which a bad alert was opened since."""
    state: str = "waiting"
    """waiting, running, done."""


class Rollout(Model):
    """A version on its way to the kiosks, stage by stage."""

    id: int
    kind: SnapshotKind
    version: str
    previous: str = ""
    tenant: str
    state: str
    """running, paused (by a person), stopped (kiosks got worse), done."""
    reason: str = ""
    stages: list[RolloutStage]
    worse_percent_max: int
    soak_minutes: int
    started_by: str
    started_at: str
    changed_at: str


class NewRollout(Model):
    """What is to be rolled out, where first, and when to stop."""

    kind: SnapshotKind
    version: Annotated[str, Field(pattern=r"^[A-Za-z0-9._+-]{1,40}$")]
    tenant: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$")]
    groups: Annotated[list[Text], Field(min_length=1, max_length=10)] = ["*"]
    """In order; "*" stands for all that are left and comes last."""
    worse_percent_max: Annotated[int, Field(ge=0, le=100)] = 5
    soak_minutes: Annotated[int, Field(ge=0, le=10080)] = 30


class GroupChange(Model):
    """The group that kiosks belong to in roll-outs."""

    group: Annotated[str, Field(pattern=r"^[a-z0-9-]{0,40}$")]
