"""When a report is an alert. Pure: facts in, findings out; what is found no more is over.

Each rule is a function of one kiosk's facts; `findings` adds what is about whole stores. A store
that loses its power is one finding, not forty.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from kiosk.fleet.config import Limits
from kiosk.telemetry.messages import Health, Mode, PaperLevel

BAD: Final = "bad"
WARN: Final = "warn"
DECLINES_SHARE_LEAST: Final = 0.2
DECLINES_TIMES_USUAL: Final = 2.0
BEHIND: Final = timedelta(hours=24)
LOST: Final = frozenset({"lost", "fault"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the rules know of one kiosk."""

    key: str
    row: dict[str, Any]
    """Its row of the table (`KioskRow`)."""
    health: Health | None = None
    away_s: float = 0.0
    """How long nothing was heard of it; 0 while the server itself is cut off."""
    waits_s: float = 0.0
    """How long its oldest call has waited."""
    declined: int = 0
    approved: int = 0
    """Payments of the last hour."""
    usual_declined: float = 0.0
    """Share of declined payments of the last week, 0 to 1."""
    missing_rows: int = 0
    """Rows of its journal that were sent and are not here."""
    second_journal: str = ""
    """fork, both or new: another machine seems to tell under its name (`alerts.gathering`)."""
    told_at: datetime | None = None
    """When it was told of a version that it does not run."""

    @property
    def store_key(self) -> str:
        """Its store."""
        return self.key.rpartition("/")[0]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is the matter now. The same rule, place and subject is the same alert."""

    rule: str
    severity: str
    store_key: str
    key: str = ""
    subject: str = ""
    detail: dict[str, Any] = field(default_factory=dict, compare=False)

    @property
    def identity(self) -> tuple[str, str, str, str]:
        """What makes two findings the same alert."""
        return self.rule, self.store_key, self.key, self.subject


Rule = Callable[[Facts, Limits, datetime], Iterator[Finding]]


def findings(facts: Iterable[Facts], limits: Limits, now: datetime) -> list[Finding]:
    """Return everything that is the matter."""
    found: list[Finding] = []
    by_store: dict[str, list[Facts]] = defaultdict(list)
    for one in facts:
        by_store[one.store_key].append(one)
        for rule in RULES:
            found.extend(rule(one, limits, now))
    away = [_away(store, kiosks, limits) for store, kiosks in by_store.items()]
    for finding, covered in filter(None, away):
        found = [one for one in found if one.rule != "offline" or one.key not in covered]
        found.append(finding)
    return found


def _away(store: str, kiosks: list[Facts], limits: Limits) -> tuple[Finding, set[str]] | None:
    """Return one finding for a store of which most kiosks are away."""
    gone = {one.key for one in kiosks if one.away_s > limits.offline_s}
    if len(gone) < 2 or 100 * len(gone) < limits.store_share_percent * len(kiosks):
        return None
    minutes = int(min(one.away_s for one in kiosks if one.key in gone) // 60)
    detail = {"kiosks": len(gone), "of": len(kiosks), "minutes": minutes}
    return Finding("store_offline", BAD, store, detail=detail), gone


def _find(facts: Facts, rule: str, severity: str, subject: str = "", **detail: Any) -> Finding:
    return Finding(rule, severity, facts.store_key, facts.key, subject, detail)


def offline(facts: Facts, limits: Limits, _now: datetime) -> Iterator[Finding]:
    """Nothing was heard for two minutes; one that was stopped in order is less of a hurry."""
    if facts.away_s > limits.offline_s:
        severity = WARN if facts.row["mode"] == Mode.STOPPED else BAD
        yield _find(facts, "offline", severity, minutes=int(facts.away_s // 60))


def device_lost(facts: Facts, _limits: Limits, _now: datetime) -> Iterator[Finding]:
    """A device is lost or broken; what keeps the kiosk out of order is bad, others a warning."""
    out_of_order = facts.row["mode"] == Mode.OUT_OF_ORDER
    for name, state in facts.row["devices"].items():
        if state in LOST:
            severity = BAD if out_of_order or name.startswith("terminal") else WARN
            yield _find(facts, "device_lost", severity, name, device=name, state=state)


def paper(facts: Facts, _limits: Limits, _now: datetime) -> Iterator[Finding]:
    """The roll is nearly used up, or is."""
    if facts.row["paper"] == PaperLevel.OUT:
        yield _find(facts, "paper_out", BAD)
    elif facts.row["paper"] == PaperLevel.LOW:
        yield _find(facts, "paper_low", WARN)


def disk(facts: Facts, limits: Limits, _now: datetime) -> Iterator[Finding]:
    """Little is left where the journal is; half as little is bad."""
    health = facts.health
    if health is None or not health.disk_total_bytes:
        return
    percent = 100 * health.disk_free_bytes // health.disk_total_bytes
    if percent < limits.disk_free_percent:
        severity = BAD if 2 * percent < limits.disk_free_percent else WARN
        yield _find(facts, "disk", severity, free_percent=percent)


def clock(facts: Facts, limits: Limits, now: datetime) -> Iterator[Finding]:
    """The kiosk's clock is wrong, by its own word or by the time in its messages."""
    health = facts.health
    if health is None:
        return
    offset_ms = health.clock_offset_ms or 0
    if facts.away_s < limits.offline_s:
        # Reports come every 30 s: their own time may be so old, and the network a little slow. More
        # than that is wrong whatever the kiosk says: its time server may be the one that is.
        said = datetime.fromisoformat(health.at_utc).astimezone(UTC)
        seconds = (said - now).total_seconds()
        if seconds > 5 or seconds < -limits.offline_s - 60:
            offset_ms = max(offset_ms, int(1000 * seconds), key=abs)
    if abs(offset_ms) > limits.clock_offset_ms:
        severity = BAD if abs(offset_ms) > 60_000 else WARN
        yield _find(facts, "clock", severity, seconds=round(offset_ms / 1000))


def certificate(facts: Facts, limits: Limits, now: datetime) -> Iterator[Finding]:
    """The kiosk's certificate ends soon; after that the broker refuses it."""
    if facts.health is None or facts.health.certificate_expires_at is None:
        return
    left = datetime.fromisoformat(facts.health.certificate_expires_at).astimezone(UTC) - now
    if left < timedelta(days=limits.certificate_days):
        severity = BAD if left < timedelta(days=7) else WARN
        yield _find(facts, "certificate", severity, days=max(0, left.days))


def old_rules(facts: Facts, _limits: Limits, _now: datetime) -> Iterator[Finding]:
    """Tables of law and trade have ended, or nobody has held them against their sources."""
    if facts.health is not None and facts.health.old_rules:
        yield _find(facts, "old_rules", WARN, tables=list(facts.health.old_rules))


def untaken(facts: Facts, _limits: Limits, _now: datetime) -> Iterator[Finding]:
    """Goods are gone, and a wallet refuses to pay for them or has not answered for a day."""
    health = facts.health
    if health is not None and health.untaken_count:
        count, minor = health.untaken_count, health.untaken_minor
        yield _find(facts, "untaken", BAD, payments=count, amount_minor=minor)


def temperature(facts: Facts, limits: Limits, _now: datetime) -> Iterator[Finding]:
    """The machine is hot."""
    health = facts.health
    if health is not None and (health.temperature_c or 0) > limits.temperature_c:
        yield _find(facts, "temperature", WARN, celsius=round(health.temperature_c or 0))


def declines(facts: Facts, limits: Limits, _now: datetime) -> Iterator[Finding]:
    """Payments are declined more than usual: at least a fifth, and twice the week's share."""
    total = facts.declined + facts.approved
    if facts.declined < limits.declines_least:
        return
    share = facts.declined / total
    if share >= max(DECLINES_SHARE_LEAST, DECLINES_TIMES_USUAL * facts.usual_declined):
        yield _find(facts, "declines", WARN, percent=round(100 * share), declined=facts.declined)


def waiting(facts: Facts, limits: Limits, _now: datetime) -> Iterator[Finding]:
    """A shopper waits for somebody, and nobody comes."""
    if facts.waits_s > limits.waiting_s and facts.row["online"]:
        yield _find(facts, "waiting", BAD, seconds=int(facts.waits_s))


def journal(facts: Facts, limits: Limits, now: datetime) -> Iterator[Finding]:
    """The journal was found damaged, or was not looked through for two nights."""
    health = facts.health
    if health is None:
        return
    if health.journal_ok is False:
        yield _find(facts, "journal", BAD, "damaged")
    elif health.journal_verified_at is not None:
        since = now - datetime.fromisoformat(health.journal_verified_at).astimezone(UTC)
        if since > timedelta(hours=limits.journal_verified_hours):
            yield _find(
                facts, "journal", WARN, "not_verified", hours=int(since.total_seconds() // 3600)
            )


def journals(facts: Facts, _limits: Limits, _now: datetime) -> Iterator[Finding]:
    """Two machines tell under one name, or one has begun at the first row again.

    `fork`: they have one journal up to some row, and differ from there. `both`: each has its own,
    and both go on. `new`: the old one has stopped; whoever changed the disk knows why.
    """
    if facts.second_journal:
        severity = WARN if facts.second_journal == "new" else BAD
        yield _find(facts, "journals", severity, why=facts.second_journal)


def version(facts: Facts, _limits: Limits, now: datetime) -> Iterator[Finding]:
    """A day after it was told, the kiosk still runs another version."""
    if facts.told_at is not None and now - facts.told_at > BEHIND:
        hours = int((now - facts.told_at).total_seconds() // 3600)
        yield _find(facts, "version", WARN, hours=hours)


def gap(facts: Facts, _limits: Limits, _now: datetime) -> Iterator[Finding]:
    """Rows of the journal were lost on the way; they are asked for again."""
    if facts.missing_rows:
        yield _find(facts, "gap", WARN, rows=facts.missing_rows)


RULES: Final[tuple[Rule, ...]] = (
    offline,
    device_lost,
    paper,
    disk,
    clock,
    certificate,
    old_rules,
    untaken,
    temperature,
    declines,
    waiting,
    journal,
    journals,
    version,
    gap,
)
