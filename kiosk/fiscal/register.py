"""The cash register at work: signs sales, counts, makes X and Z, and writes it all down.

It reads the journal and appends to the register's own stream; it holds nothing that the journal
could not give back. Whoever runs a kiosk calls

- `start` before the first sale of this life of the program, `stop` after the last;
- `sign_due` after each SaleCompleted is committed;
- `z_due` now and then (between two shoppers, and each minute), and `make_z` when it answers NOW.

A crash between a sale and its signature harms nothing: `start` signs what is unsigned, in order.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from kiosk.fiscal import zreport
from kiosk.fiscal.events import (
    REGISTER,
    SIGNATURE_SERIES,
    Z_SERIES,
    ClockWentBack,
    JournalRestored,
    RegisterStarted,
    RegisterStopped,
    SaleSigned,
    SoftwareUpdated,
    XReportMade,
    ZReportMade,
    next_after,
)
from kiosk.fiscal.figures import GrandTotals, Report, ReportType
from kiosk.fiscal.receipt import ShopFacts
from kiosk.fiscal.report import Fold
from kiosk.fiscal.signature import FIRST, Signer, amount_text, signed_text
from kiosk.fiscal.sold import net_minor, sold_lines
from kiosk.fiscal.zreport import Standing, ZDue, ZRefused, ZRules
from kiosk.sale.events import Event, SaleCompleted
from kiosk.sale.evolve import replay
from kiosk.sale.invariant import InvariantBroken, require

BATCH: Final = 1_000


class Recorded(Protocol):
    """One event with its place in the journal."""

    @property
    def seq(self) -> int:
        """Its number in the journal, from 1."""

    @property
    def sale_id(self) -> str:
        """Its sale, or `REGISTER`."""

    @property
    def sale_seq(self) -> int:
        """Its number in its sale, from 1."""

    @property
    def event(self) -> Event:
        """What happened."""


class RegisterJournal(Protocol):
    """What the register needs of the journal. Every method may raise its errors."""

    def append(self, sale_id: str, sale_seq: int, events: Sequence[Event]) -> None:
        """Write events as one transaction, durable on return."""

    def after(self, seq: int, limit: int) -> Sequence[Recorded]:
        """Return up to `limit` events after `seq`, oldest first."""

    def events_of(self, sale_id: str) -> list[Event]:
        """Return all events of a sale."""

    def length_of(self, sale_id: str) -> int:
        """Return how many events a sale, or the register, has."""

    def newest_of(self, sale_id: str, kind: str) -> Recorded | None:
        """Return the newest event of a kind."""

    def open_sales(self) -> list[str]:
        """Return the sales that are not over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterFacts:
    """What the register says of itself."""

    shop: ShopFacts
    software_version: str
    time_zone: str = "Europe/Oslo"
    training: bool = False
    z_rules: ZRules = field(default_factory=ZRules)


def shop_of(started: RegisterStarted) -> ShopFacts:
    """Return who sold in a life of the program, as its start says in the record."""
    return ShopFacts(
        name=started.shop_name,
        legal_name=started.legal_name,
        address=started.address,
        org_number=started.org_number,
        in_foretaksregisteret=started.in_foretaksregisteret,
        register_id=started.register_id,
        operator_id=started.operator_id,
        exchange_days=started.exchange_days,
        declared=started.declared,
    )


class Register:
    """One cash register. Only the thread that uses the journal may touch it."""

    keeps_days: Final = True
    """That there is something to sign, count and close; its stand-in says False."""

    def __init__(
        self, journal: RegisterJournal, facts: RegisterFacts, signer: Signer | None
    ) -> None:
        self._journal = journal
        self._facts = facts
        self._signer = signer
        self._zone = ZoneInfo(facts.time_zone)
        self._last_z: Report | None
        self._fold: Fold
        self._read_to: int
        self._begin_after_last_z()

    # --- the program's life ------------------------------------------------------------------

    def start(self, at_utc: str) -> None:
        """Write down the start (and an update of the program), then sign what is unsigned."""
        before = self._journal.newest_of(REGISTER, RegisterStarted.__name__)
        shop = self._facts.shop
        started = RegisterStarted(
            at_utc=at_utc,
            register_id=shop.register_id,
            operator_id=shop.operator_id,
            shop_name=shop.name,
            legal_name=shop.legal_name,
            org_number=shop.org_number,
            address=shop.address,
            software_version=self._facts.software_version,
            time_zone=self._facts.time_zone,
            declared=shop.declared,
            training=self._facts.training,
            in_foretaksregisteret=shop.in_foretaksregisteret,
            exchange_days=shop.exchange_days,
        )
        self._append(started, *_update(before, started))
        self.sign_due(at_utc)

    def stop(self, at_utc: str) -> None:
        """Write down that the program ends in order."""
        self._append(RegisterStopped(at_utc=at_utc))

    # --- signatures --------------------------------------------------------------------------

    def sign_due(self, at_utc: str) -> int:
        """Sign every completed sale that has no signature yet, in order; return how many.

        Without a signer nothing is signed, and nothing is lost: the first start with a key signs
        all of them.
        """
        if self._signer is None:
            return 0
        last = self._journal.newest_of(REGISTER, SaleSigned.__name__)
        previous = last.event if last and isinstance(last.event, SaleSigned) else None
        count = 0
        for record in self._records_after(previous.completed_seq if previous else 0):
            if isinstance(record.event, SaleCompleted):
                signed = self._signed(record, previous, self._signer, at_utc)
                went_back = _clock_went_back(previous, signed)
                self._append(*went_back, signed)
                previous = signed
                count += 1
        return count

    def _signed(
        self, record: Recorded, previous: SaleSigned | None, signer: Signer, at_utc: str
    ) -> SaleSigned:
        # What happened to the sale later (a print, a copy) is not part of what is signed.
        sale = replay(self._journal.events_of(record.sale_id))
        lines = sold_lines(sale)
        gross, net = sum(line.gross_minor for line in lines), net_minor(lines)
        at_local = self._local(record.event.at_utc)
        day, time = f"{at_local:%Y-%m-%d}", f"{at_local:%H:%M:%S}"
        number = self._next(previous.number if previous else 0, SIGNATURE_SERIES)
        text = signed_text(
            previous.signature if previous else FIRST,
            day,
            time,
            str(number),
            amount_text(gross),
            amount_text(net),
        )
        return SaleSigned(
            at_utc=at_utc,
            sale_id=record.sale_id,
            completed_seq=record.seq,
            number=number,
            date=day,
            time=time,
            gross_minor=gross,
            net_minor=net,
            signature=signer.sign(text),
            key_version=signer.key_version,
        )

    # --- X and Z -----------------------------------------------------------------------------

    def make_x(self, at_utc: str, attendant_id: str = "") -> Report:
        """Return the figures so far, and write down that they were looked at."""
        last = _report_of(self._journal.newest_of(REGISTER, XReportMade.__name__))
        number = last.number + 1 if last else 1
        day = zreport.business_day(self._standing(at_utc)) or self._local(at_utc).date()
        report = self._report(ReportType.X, number, day, at_utc)
        self._append(XReportMade(at_utc=at_utc, report=report, attendant_id=attendant_id))
        return report

    def z_due(self, at_utc: str) -> ZDue:
        """Return whether a Z is owed now."""
        return zreport.due(self._standing(at_utc), self._facts.z_rules)

    @property
    def day_began_at(self) -> str:
        """When the last Z was made, UTC; empty before the first.

        A sale that was set aside before that must not be taken up again: its day is closed.
        """
        return self._last_z_at

    def make_z(self, at_utc: str, attendant_id: str = "") -> Report:
        """Close the day: sign what is unsigned, count, write it down in full, begin anew.

        Raises:
            ZRefused: a sale is open, nothing was registered, or today is closed already.
        """
        day = zreport.check_may_make(self._standing(at_utc))
        self.sign_due(at_utc)
        number = self._next(self._last_z.number if self._last_z else 0, Z_SERIES)
        report = self._report(ReportType.Z, number, day, at_utc)
        try:
            self._append(ZReportMade(at_utc=at_utc, report=report, attendant_id=attendant_id))
        finally:
            # Also after a failure: only the journal knows whether the Z is there.
            self._begin_after_last_z()
        return report

    def _standing(self, at_utc: str) -> Standing:
        self._catch_up()
        first = self._fold.first_at_utc
        return Standing(
            now=self._local(at_utc),
            first_sale=self._local(first) if first else None,
            last_day=date.fromisoformat(self._last_z.business_day) if self._last_z else None,
            sale_open=bool(self._journal.open_sales()),
        )

    def _report(self, type_: ReportType, number: int, day: date, at_utc: str) -> Report:
        self._catch_up()
        shop = self._facts.shop
        return Report(
            type=type_,
            number=number,
            business_day=day.isoformat(),
            at_local=self._local(at_utc).isoformat(timespec="seconds"),
            company_name=shop.legal_name,
            org_number=shop.org_number,
            register_id=shop.register_id,
            operator_id=shop.operator_id,
            figures=self._fold.figures(),
        )

    # --- the journal -------------------------------------------------------------------------

    def _begin_after_last_z(self) -> None:
        last = self._journal.newest_of(REGISTER, ZReportMade.__name__)
        self._last_z = _report_of(last)
        self._last_z_at = last.event.at_utc if last else ""
        self._fold = Fold(self._last_z.figures.grand if self._last_z else GrandTotals())
        self._read_to = last.seq if last else 0

    def _catch_up(self) -> None:
        """Count what was written since the last look."""
        for record in self._records_after(self._read_to):
            self._fold.take(record.sale_id, record.event)
            self._read_to = record.seq

    def _next(self, last: int, series: str) -> int:
        restored = self._journal.newest_of(REGISTER, JournalRestored.__name__)
        return next_after(last, series, restored.event if restored else None)

    def _records_after(self, seq: int) -> Iterator[Recorded]:
        while records := self._journal.after(seq, BATCH):
            yield from records
            seq = records[-1].seq

    def _append(self, *events: Event) -> None:
        self._journal.append(REGISTER, self._journal.length_of(REGISTER) + 1, events)

    def _local(self, at_utc: str) -> datetime:
        at = datetime.fromisoformat(at_utc)
        require(at.tzinfo is not None, f"{at_utc} has no time zone")
        return at.astimezone(self._zone)


def _report_of(record: Recorded | None) -> Report | None:
    match record.event if record else None:
        case None:
            return None
        case XReportMade(report=report) | ZReportMade(report=report):
            return report
    raise InvariantBroken("the journal gave another kind of event than was asked for")


def _update(before: Recorded | None, started: RegisterStarted) -> tuple[SoftwareUpdated, ...]:
    event = before.event if before else None
    if not isinstance(event, RegisterStarted):
        return ()
    if event.software_version == started.software_version:
        return ()
    return (
        SoftwareUpdated(
            at_utc=started.at_utc,
            from_version=event.software_version,
            to_version=started.software_version,
        ),
    )


def _clock_went_back(before: SaleSigned | None, signed: SaleSigned) -> tuple[ClockWentBack, ...]:
    """Say so in the record: the chain shows the order, and the times would seem to contradict it.

    The hour that comes twice when summer time ends looks the same; an inspector knows the date.
    """
    if before is None or (signed.date, signed.time) >= (before.date, before.time):
        return ()
    return (
        ClockWentBack(
            at_utc=signed.at_utc,
            before=f"{before.date}T{before.time}",
            after=f"{signed.date}T{signed.time}",
        ),
    )


__all__ = ["Recorded", "Register", "RegisterFacts", "RegisterJournal", "ZDue", "ZRefused"]
