"""Writes a period of the journal as SAF-T Cash Register 1.00, in as many files as are prescribed.

The journal is read three times: a survey for the file's head, then the events, then the signed
sales, because the schema puts all events of a cash register before all its transactions. Nothing
is held but one sale at a time. Files are whole days, are written beside and renamed when complete.

References:
    Skatteetaten, SAF-T Cash Register, technical description 1.1: UTF-8, at most 2 GB for each
    file, name `SAF-T Cash Register_<org. number>_<yyyymmddhh24miss>[_<n>].xml`.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Final

from lxml import etree

from kiosk.fiscal.events import SaleSigned
from kiosk.fiscal.register import Recorded
from kiosk.fiscal.saft import masterdata
from kiosk.fiscal.saft.events import EventLog, local_time
from kiosk.fiscal.saft.masterdata import Software
from kiosk.fiscal.saft.survey import (
    BATCH,
    ExportError,
    ExportJournal,
    Period,
    Progress,
    Span,
    Survey,
    records,
    survey,
)
from kiosk.fiscal.saft.transactions import transaction
from kiosk.fiscal.saft.xml import NAMESPACE, Node, write
from kiosk.sale.evolve import replay
from kiosk.sale.invariant import require
from kiosk.sale.state import Sale

FILE_BYTES_MAX: Final = 2_000_000_000
SCHEMA_NAME: Final = "Norwegian_SAF-T_Cash_Register_Schema_v_1.00.xsd"
_XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
_HEAD_BYTES: Final = 40_000
_ARTICLE_BYTES: Final = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What an export wrote."""

    files: tuple[Path, ...]
    sales: int
    events: int


def file_name(org_number: str, created: datetime, part: int = 0) -> str:
    """Return the prescribed name; `part` counts from 1 and is 0 when there is only one file."""
    number = "".join(org_number.split())
    ending = f"_{part}" if part else ""
    return f"SAF-T Cash Register_{number}_{created:%Y%m%d%H%M%S}{ending}.xml"


def export(
    journal: ExportJournal,
    period: Period,
    folder: Path,
    *,
    created: datetime,
    software: Software | None = None,
    progress: Progress | None = None,
    file_bytes_max: int = FILE_BYTES_MAX,
) -> Exported:
    """Write the files of a period into `folder`; the journal is only read.

    `created` is an aware time; name and head of the files have it in the shop's own zone.
    The same period may be exported again and again: the journal does not change by it.

    Raises:
        ExportError: a sale has no signature, or a single day does not fit into a file.
        JournalError: the journal is damaged.
    """
    if period.last < period.first:
        raise ExportError(f"The period ends ({period.last}) before it begins ({period.first}).")
    require(created.tzinfo is not None, "the time of an export needs its time zone")
    found = survey(journal, period, progress)
    created = created.astimezone(found.zone)
    parts = _plan(found, period, file_bytes_max)
    folder.mkdir(parents=True, exist_ok=True)
    job = _Job(journal, period, found, created, software or Software(), progress)
    files: list[Path] = []
    for number, days in enumerate(parts, 1):
        part = number if len(parts) > 1 else 0
        path = folder / file_name(found.shop.org_number, created, part)
        comment = f"Fil {number} av {len(parts)}: {days[0]} til {days[-1]}" if part else ""
        job.write_file(path, days, comment, file_bytes_max)
        files.append(path)
    if progress:
        progress(3 * found.read, 3 * found.read)
    return Exported(files=tuple(files), sales=job.sales, events=job.events)


def _plan(found: Survey, period: Period, file_bytes_max: int) -> list[list[str]]:
    """Put days together into files that surely fit; one file, with no days, for a silent period."""
    head = _HEAD_BYTES + _ARTICLE_BYTES * len(found.articles)
    parts: list[list[str]] = [[]]
    size = head
    for day in sorted(found.days):
        length = found.days[day].bytes
        if parts[-1] and size + length > file_bytes_max:
            parts.append([])
            size = head
        parts[-1].append(day)
        size += length
    return parts if parts[0] else [[period.first.isoformat()]]


class _Job:
    """One export under way: what stays the same for all its files."""

    def __init__(
        self,
        journal: ExportJournal,
        period: Period,
        found: Survey,
        created: datetime,
        software: Software,
        progress: Progress | None,
    ) -> None:
        self._journal = journal
        self._period = period
        self._found = found
        self._created = created
        self._software = software
        self._progress = progress
        self._done = found.read
        self.sales = 0
        self.events = 0

    def write_file(self, path: Path, days: Sequence[str], comment: str, bytes_max: int) -> None:
        draft = path.with_name(path.name + ".part")
        try:
            with draft.open("wb") as file:
                self._write(file, days, comment)
                file.write(b"\n")
                file.flush()
                os.fsync(file.fileno())
                size = file.tell()
            if size > bytes_max:
                raise ExportError(
                    f"{path.name} would have {size} bytes, and {bytes_max} are allowed. "
                    f"Export a shorter period than {days[0]} to {days[-1]}."
                )
            draft.rename(path)
        finally:
            draft.unlink(missing_ok=True)

    def _write(self, file: IO[bytes], days: Sequence[str], comment: str) -> None:
        found, period = self._found, self._period
        attributes = {f"{{{_XSI}}}schemaLocation": f"{NAMESPACE} {SCHEMA_NAME}"}
        with etree.xmlfile(file, encoding="UTF-8") as xf:
            xf.write_declaration()
            with (
                xf.element(
                    f"{{{NAMESPACE}}}auditfile", attributes, nsmap={None: NAMESPACE, "xsi": _XSI}
                ),
            ):
                head = masterdata.header(found, period, self._created, self._software, comment)
                write(xf, head, 1)
                with _inside(xf, "company", 1):
                    _write_all(xf, masterdata.company(found, period), 2)
                    with _inside(xf, "location", 2):
                        _write_all(xf, masterdata.location(found), 3)
                        with _inside(xf, "cashregister", 3):
                            _write_all(xf, masterdata.cash_register(found), 4)
                            _write_all(xf, self._event_nodes(days), 4)
                            _write_all(xf, self._transaction_nodes(days), 4)
                xf.write("\n")

    def _event_nodes(self, days: Sequence[str]) -> Iterator[Node]:
        zone = self._found.zone
        log = EventLog(self._found.shop.operator_id, zone, self._sale_before)
        wanted = set(days)
        span = _span([self._found.days[day].events for day in days if day in self._found.days])
        for record in self._counted(span):
            if local_time(record.event.at_utc, zone)[:10] not in wanted:
                log.follow(record)
                continue
            for node in log.take(record):
                self.events += 1
                yield node

    def _transaction_nodes(self, days: Sequence[str]) -> Iterator[Node]:
        wanted = set(days)
        span = _span([self._found.days[day].signatures for day in days if day in self._found.days])
        for record in self._counted(span):
            event = record.event
            if isinstance(event, SaleSigned) and event.date in wanted:
                self.sales += 1
                yield transaction(
                    event,
                    self._journal.events_of(event.sale_id),
                    operator_id=self._found.shop.operator_id,
                    period_number=masterdata.period_number(event.date, self._period),
                    zone=self._found.zone,
                )

    def _counted(self, span: Span) -> Iterator[Recorded]:
        if not span.first:
            return
        for record in records(self._journal, span.first, span.last):
            self._done += 1
            if self._progress and self._done % BATCH == 0:
                self._progress(min(self._done, 3 * self._found.read), 3 * self._found.read)
            yield record

    def _sale_before(self, record: Recorded) -> Sale:
        """Return a sale as it was before a record, when it began before the file does."""
        events = self._journal.events_of(record.sale_id)
        return replay(events[: record.sale_seq - 1])


def _span(spans: Sequence[Span]) -> Span:
    whole = Span()
    for span in spans:
        if span.first:
            whole.widen(span.first)
            whole.widen(span.last)
    return whole


@contextmanager
def _inside(xf: Any, name: str, depth: int) -> Iterator[None]:
    """An element around what is written meanwhile, indented like the rest."""
    indent = "\n" + "\t" * depth
    xf.write(indent)
    with xf.element(f"{{{NAMESPACE}}}{name}"):
        yield
        xf.write(indent)


def _write_all(xf: Any, nodes: Iterator[Node] | Sequence[Node], depth: int) -> None:
    for node in nodes:
        write(xf, node, depth)


__all__ = ["ExportError", "Exported", "Period", "Software", "export", "file_name"]
