"""The first look at a period: what the file's head must list, and where in the journal it lies.

Memory grows with the assortment and the number of days, never with the number of sales.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from kiosk.fiscal import codes
from kiosk.fiscal.events import REGISTER, RegisterStarted, SaleSigned, XReportMade, ZReportMade
from kiosk.fiscal.figures import Report
from kiosk.fiscal.register import Recorded
from kiosk.sale import events as e
from kiosk.sale.return_events import LineReturned

BATCH: Final = 500
EVENT_BYTES: Final = 420
TRANSACTION_BYTES: Final = 2_000
LINE_BYTES: Final = 1_300
REPORT_BYTES: Final = 12_000
"""What things take in a file at most, ids and names at their usual length: for splitting."""

Progress = Callable[[int, int], None]
"""Called with records read and records to read, in all passes together."""


class ExportError(Exception):
    """The period cannot be exported. The message says why and what to do.

    Example scenarios: a sale has no signature because no key was configured; the register was
    never started; the file would be larger than allowed.
    """


class ExportJournal(Protocol):
    """What an export needs of the journal; it only reads."""

    def after(self, seq: int, limit: int) -> Sequence[Recorded]:
        """Return up to `limit` events after `seq`, oldest first."""

    def events_of(self, sale_id: str) -> list[e.Event]:
        """Return all events of a sale."""

    def newest_of(self, sale_id: str, kind: str) -> Recorded | None:
        """Return the newest event of a kind."""

    def seqs_between(self, from_utc: str, to_utc: str) -> tuple[int, int]:
        """Return the numbers of the first and last event of a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Local days, both included."""

    first: date
    last: date

    def holds(self, day: str) -> bool:
        """Whether a day, YYYY-MM-DD, belongs to it."""
        return self.first.isoformat() <= day <= self.last.isoformat()

    def days(self) -> Iterator[str]:
        """Yield each day."""
        for offset in range((self.last - self.first).days + 1):
            yield (self.first + timedelta(days=offset)).isoformat()


@dataclass(slots=True)
class Span:
    """From which to which number in the journal something stands; 0 where there is nothing."""

    first: int = 0
    last: int = 0

    def widen(self, seq: int) -> None:
        """Let it reach `seq` too."""
        self.first = min(self.first or seq, seq)
        self.last = max(self.last, seq)


@dataclass(slots=True)
class Day:
    """One local day: where its events and the signatures of its sales stand, and how much it is."""

    events: Span = field(default_factory=Span)
    signatures: Span = field(default_factory=Span)
    bytes: int = 0


@dataclass(slots=True, kw_only=True)
class Article:
    """An article that was sold, under its newest name."""

    name: str
    group: str
    first_day: str


@dataclass(slots=True)
class Survey:
    """What was found."""

    shop: RegisterStarted
    zone: ZoneInfo
    days: dict[str, Day] = field(default_factory=dict)
    articles: dict[str, Article] = field(default_factory=dict)
    employees: dict[str, str] = field(default_factory=dict)
    """By id, the local time they were first seen, ISO 8601."""
    vat_codes: set[str] = field(default_factory=set)
    unsigned: dict[int, str] = field(default_factory=dict)
    """Completed sales without a signature, by the number of their SaleCompleted."""
    read: int = 0

    def day(self, day: str) -> Day:
        """Return a day's entry."""
        return self.days.setdefault(day, Day())


def survey(journal: ExportJournal, period: Period, progress: Progress | None = None) -> Survey:
    """Look through a period of the journal.

    Raises:
        ExportError: the register never started, or a sale of the period has no signature.
    """
    record = journal.newest_of(REGISTER, RegisterStarted.__name__)
    if record is None or not isinstance(record.event, RegisterStarted):
        raise ExportError("This journal has no start of a cash register: nothing can be exported.")
    shop = record.event
    found = Survey(shop, ZoneInfo(shop.time_zone))
    first, last = journal.seqs_between(*_utc_bounds(period, found.zone))
    if not first:
        return found
    total = last - first + 1
    for entry in records(journal, first, last):
        _take(found, period, entry)
        found.read += 1
        if progress and found.read % BATCH == 0:
            progress(found.read, 3 * total)
    _find_late_signatures(found, journal, period, last)
    if found.unsigned:
        sale_id = next(iter(found.unsigned.values()))
        raise ExportError(
            f"{len(found.unsigned)} sales of this period have no signature, the first is "
            f"{sale_id}. A running kiosk with a key signs within a moment: try again. Without one, "
            "configure the signing key and start the kiosk: it signs all of them in order."
        )
    return found


def records(journal: ExportJournal, first: int, last: int) -> Iterator[Recorded]:
    """Yield the records from `first` to `last`, both included."""
    seq = first - 1
    while seq < last:
        batch = journal.after(seq, min(BATCH, last - seq))
        if not batch:
            return
        yield from batch
        seq = batch[-1].seq


def _utc_bounds(period: Period, zone: ZoneInfo) -> tuple[str, str]:
    def text(day: date) -> str:
        at = datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)
        return at.isoformat(timespec="microseconds")

    return text(period.first), text(period.last + timedelta(days=1))


def _take(found: Survey, period: Period, record: Recorded) -> None:
    event = record.event
    at = datetime.fromisoformat(event.at_utc).astimezone(found.zone)
    day = f"{at:%Y-%m-%d}"
    if isinstance(event, SaleSigned):
        _take_signature(found, period, record.seq, event)
        return
    if not period.holds(day):
        return  # the clock was wrong in between
    entry = found.day(day)
    entry.events.widen(record.seq)
    entry.bytes += EVENT_BYTES
    match event:
        case e.ItemAdded(product=product) | LineReturned(product=product):
            group = codes.article_group(product.article_group)
            _article(found, product.id, product.name, group, day)
            found.vat_codes.add(product.vat_code)
            entry.bytes += LINE_BYTES
            if product.deposit_minor:
                name = codes.ARTICLE_GROUPS[codes.DEPOSIT_GROUP].norwegian
                _article(found, codes.DEPOSIT_ARTICLE, name, codes.DEPOSIT_GROUP, day)
                found.vat_codes.add(codes.DEPOSIT_VAT_CODE)
                entry.bytes += LINE_BYTES
        case e.SaleCompleted():
            found.unsigned[record.seq] = record.sale_id
            entry.bytes += TRANSACTION_BYTES
        case XReportMade(report=report) | ZReportMade(report=report):
            entry.bytes += REPORT_BYTES
            _take_report(found, report, at)
        case RegisterStarted(operator_id=operator):
            _employee(found, operator, at)
    attendant = getattr(event, "attendant_id", "")
    if attendant:
        _employee(found, attendant, at)


def _take_signature(found: Survey, period: Period, seq: int, event: SaleSigned) -> None:
    found.unsigned.pop(event.completed_seq, None)
    if period.holds(event.date):
        found.day(event.date).signatures.widen(seq)


def _take_report(found: Survey, report: Report, at: datetime) -> None:
    found.vat_codes.update(row.code for row in report.figures.vat)
    _employee(found, report.operator_id, at)


def _article(found: Survey, id_: str, name: str, group: str, day: str) -> None:
    known = found.articles.get(id_)
    first_day = known.first_day if known else day
    found.articles[id_] = Article(name=name, group=group, first_day=first_day)


def _employee(found: Survey, id_: str, at: datetime) -> None:
    found.employees.setdefault(id_, at.isoformat(timespec="seconds"))


def _find_late_signatures(found: Survey, journal: ExportJournal, period: Period, last: int) -> None:
    """A sale of the last evening may have been signed at the next start."""
    while found.unsigned:
        batch = journal.after(last, BATCH)
        if not batch:
            return
        for record in batch:
            if isinstance(record.event, SaleSigned):
                _take_signature(found, period, record.seq, record.event)
        last = batch[-1].seq
