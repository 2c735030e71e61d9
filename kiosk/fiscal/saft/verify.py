"""Checks SAF-T Cash Register files, ours or another's: schema, chain, gaps and sums.

Several files in their order are checked as one: the chain goes on from file to file.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from kiosk.fiscal.events import SIGNATURE_SERIES, Z_SERIES
from kiosk.fiscal.saft import left_out
from kiosk.fiscal.saft.check_sale import check_sale, is_number, number
from kiosk.fiscal.saft.check_z import ZSeries
from kiosk.fiscal.saft.findings import Findings
from kiosk.fiscal.saft.reading import (
    SCHEMA_FAULTS_MAX,
    Element,
    Unreadable,
    child_text,
    children,
    elements,
    schema_faults,
)
from kiosk.fiscal.signature import FIRST, Keyring, signed_text

Progress = Callable[[int, int], None]
"""Called with bytes read and bytes to read, in all passes together."""


def verify(
    files: Sequence[Path],
    *,
    schema: Path | None = None,
    keys: Keyring | None = None,
    previous: str = "",
    progress: Progress | None = None,
) -> Findings:
    """Check files that follow one another and return what is wrong with them.

    Args:
        files: In the order of their content.
        schema: The official XSD; without it the order and form of elements is not checked.
        keys: Verifiers by key version; without them the signatures are not checked.
        previous: The signature before the first sale, where the first file begins later.
        progress: For a bar.
    """
    findings = Findings()
    if schema is None:
        findings.remark("No schema was given, so the form was not checked (--schema).")
    if not keys:
        findings.remark("No key was given, so the signatures were not checked (--key).")
    check = _Check(findings, dict(keys or {}), previous)
    reading = _Reading(files, schema, progress)
    for file in files:
        try:
            if schema is not None:
                _check_schema(file, schema, findings, reading)
            check.file(file, reading)
        except Unreadable as error:
            findings.add(file, error.line, str(error))
        except OSError as error:
            findings.add(file, 0, f"cannot be read: {error.strerror or error}")
    return findings


class _Reading:
    """Adds up what all passes over all files have read."""

    def __init__(
        self, files: Sequence[Path], schema: Path | None, progress: Progress | None
    ) -> None:
        each = sum(file.stat().st_size for file in files if file.is_file())
        self._total = each * (2 if schema else 1)
        self._before = 0
        self._progress = progress

    def __call__(self, done: int) -> None:
        if self._progress:
            self._progress(self._before + done, self._total)

    def passed(self, file: Path) -> None:
        self._before += file.stat().st_size


def _check_schema(file: Path, schema: Path, findings: Findings, reading: _Reading) -> None:
    count = 0
    for line, what in schema_faults(file, schema, reading):
        findings.add(file, line, f"schema: {what}")
        count += 1
    if count >= SCHEMA_FAULTS_MAX:
        findings.remark(f"{file.name}: the schema was not checked after {count} faults.")
    reading.passed(file)


RETURNED: Final = "11006"
SOLD_AND_RETURNED: Final = "11016"
"""Predefined codes of transactions that take goods back."""


def _define(head: "_Head", basic: Any) -> None:
    type_, code = child_text(basic, "basicType"), child_text(basic, "basicID")
    head.basics[type_].add(code)
    if type_ == "11":
        head.transactions[code] = child_text(basic, "predefinedBasicID")


@dataclass(slots=True)
class _Chain:
    """How far the chain of one register has been followed."""

    z: ZSeries
    previous: str = ""
    """The signature before; empty when it is not known."""
    number: int | None = None
    at: str = ""
    left_out: range = range(0)
    """Numbers of sales that an event says are left out."""


@dataclass(slots=True)
class _Head:
    """What the head of one file defines."""

    first_day: str = ""
    last_day: str = ""
    basics: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    transactions: dict[str, str] = field(default_factory=dict)
    """Codes of transactions: what each is predefined as."""
    articles: set[str] = field(default_factory=set)
    missing: set[str] = field(default_factory=set)
    """Articles that were found missing: each is told once."""


class _Check:
    """The check of what files say, in one pass each."""

    def __init__(self, findings: Findings, keys: Mapping[str, Any], previous: str) -> None:
        self._findings = findings
        self._keys = keys
        self._given = previous
        self._chains: dict[str, _Chain] = {}

    def file(self, file: Path, reading: _Reading) -> None:
        """Check one file; the chains go on from the file before."""
        head = _Head()
        register = ""
        for element in elements(file, reading):
            match element.name, element.depth:
                case ("auditfile", 0) | ("company", 1):
                    pass
                case (name, 0):
                    raise Unreadable(element.line, f"It begins with <{name}>, not <auditfile>.")
                case ("header", 1):
                    head.first_day = child_text(element.node, "startDate")
                    head.last_day = child_text(element.node, "endDate")
                case ("basic", 3):
                    _define(head, element.node)
                case ("article", 3):
                    head.articles.add(child_text(element.node, "artID"))
                case ("registerID", 4):
                    register = (element.node.text or "").strip()
                case ("event", 4):
                    self._event(file, element, head, register)
                case ("cashtransaction", 4):
                    self._sale(file, element, head, register)
        for chain in self._chains.values():
            chain.z.end()
        if not head.first_day:
            self._findings.add(file, 1, "This is not a SAF-T Cash Register file: it has no header.")
        reading.passed(file)

    def _chain(self, register: str) -> _Chain:
        if register not in self._chains:
            series = ZSeries(self._findings, deque())
            self._chains[register] = _Chain(series, self._given)
        return self._chains[register]

    def _event(self, file: Path, element: Element, head: _Head, register: str) -> None:
        self._findings.events += 1
        node = element.node
        code = child_text(node, "eventType")
        if code not in head.basics["13"]:
            self._say(file, element.line, f"eventType {code!r} is not among the file's basics")
        if said := left_out.read(child_text(node, "eventText")):
            chain = self._chain(register)
            chain.left_out = said.get(SIGNATURE_SERIES, range(0))
            chain.z.left_out = said.get(Z_SERIES, range(0))
        for report in children(node, "eventReport"):
            if child_text(report, "reportType") == "Z report":
                self._chain(register).z.report(file, node, report)

    def _sale(self, file: Path, element: Element, head: _Head, register: str) -> None:
        self._findings.sales += 1
        node, chain = element.node, self._chain(register)
        nr = child_text(node, "nr")

        def say(line: int, what: str) -> None:
            self._say(file, line, f"sale {nr}: {what}")

        check_sale(node, head.basics, say)
        self._check_articles(node, head, say)
        self._check_number(nr, chain, element.line, say)
        self._check_signature(node, nr, chain, element.line, say)
        at = f"{child_text(node, 'transDate')}T{child_text(node, 'transTime')}"
        if at < chain.at:
            self._findings.remark(f"Sale {nr} is of {at}, and the one before it of {chain.at}.")
            chain.z.doubtful = True
        chain.at = at
        if not head.first_day <= at[:10] <= head.last_day:
            say(element.line, f"{at[:10]} is outside {head.first_day} to {head.last_day}")
        self._count(node, at, chain, head)

    @staticmethod
    def _count(node: Any, at: str, chain: _Chain, head: _Head) -> None:
        is_true = {"true", "1"}
        if (
            child_text(node, "trainingID") in is_true
            or child_text(node, "voidTransaction") in is_true
        ):
            return
        gross = number(child_text(node, "transAmntIn"))
        if gross is not None:
            kind = head.transactions.get(child_text(node, "transType"), "")
            back = kind in (RETURNED, SOLD_AND_RETURNED) or gross < 0
            sold = kind == SOLD_AND_RETURNED or not back
            chain.z.sale(at, gross, sold=sold, back=back)

    @staticmethod
    def _check_articles(node: Any, head: _Head, say: Callable[[int, str], None]) -> None:
        for used in children(node, "ctLine/artID"):
            article = (used.text or "").strip()
            if article not in head.articles and article not in head.missing:
                head.missing.add(article)
                say(used.sourceline, f"article {article!r} is not in the file's list")

    def _check_number(
        self, nr: str, chain: _Chain, line: int, say: Callable[[int, str], None]
    ) -> None:
        if not is_number(nr):
            say(line, f"its number {nr!r} is not a number")
            chain.number = None
            return
        gap = range((chain.number or 0) + 1, int(nr))
        if gap and chain.number is not None and gap == chain.left_out:
            self._findings.remark(
                f"Sales {gap[0]} to {gap[-1]} are left out: the record was restored, and says so."
            )
        elif chain.number is not None and int(nr) != chain.number + 1:
            due = chain.number + 1
            what = "a sale is missing" if int(nr) > due else "a number comes twice, or back"
            say(line, f"{what}: number {due} was due")
        chain.number = int(nr)

    def _check_signature(
        self, node: Any, nr: str, chain: _Chain, line: int, say: Callable[[int, str], None]
    ) -> None:
        signature = child_text(node, "signature")
        version = child_text(node, "keyVersion")
        before, chain.previous = chain.previous, signature
        key = self._keys.get(version)
        if key is None:
            if self._keys:
                self._findings.remark(f"No key of version {version!r} was given (--key).")
            return
        parts = [
            child_text(node, name)
            for name in ("transDate", "transTime", "nr", "transAmntIn", "transAmntEx")
        ]
        try:
            text = signed_text(before or FIRST, *parts)
        except ValueError as error:
            say(line, f"it cannot have been signed: {error}")
            return
        if key.verify(text, signature):
            self._findings.signatures += 1
        elif not before and nr != "1":
            self._findings.remark(
                f"The signature of sale {nr}, the first here, was not checked: "
                "it covers the one before it (--after)."
            )
        else:
            say(
                line,
                "its signature does not fit: the sale was changed, or the one before it was "
                "taken out or exchanged, or it was signed with another key",
            )

    def _say(self, file: Path, line: int, what: str) -> None:
        self._findings.add(file, line, what)
