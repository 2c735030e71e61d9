"""Do the Z reports of a SAF-T file agree with themselves, with each other, and with the sales?

Z reports stand before the sales in a file, so they are kept (one for each day) until the sales have
been counted into the days they close.
"""

from collections import deque
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from kiosk.fiscal.saft.check_sale import Say, amount, is_number, number
from kiosk.fiscal.saft.findings import Findings
from kiosk.fiscal.saft.reading import child_text, children

_HALF_KRONE: Final = Decimal("0.50")
"""How far cash rounding moves one payment at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ZFacts:
    """What is kept of a Z report."""

    file: Path
    line: int
    number: int
    at: str
    total: Decimal
    receipts: Decimal
    returns: Decimal
    net: Decimal


@dataclass(slots=True)
class ZSeries:
    """The Z reports of one register, and the sales counted since the newest that is settled."""

    findings: Findings
    waiting: deque[ZFacts]
    last: ZFacts | None = None
    total: Decimal = Decimal(0)
    receipts: int = 0
    returns: int = 0
    doubtful: bool = False
    """The clock went back among the sales: which day one belongs to cannot be told by its time."""
    complete: bool = False
    """Whether the sales counted so far begin where a Z ended, or where the register began."""
    left_out: range = range(0)
    """Numbers of Z reports that an event says are left out."""

    def report(self, file: Path, event: Any, node: Any) -> None:
        """Take a Z report in."""

        def say(line: int, what: str) -> None:
            self.findings.add(file, line, f"Z report {child_text(node, 'reportID')}: {what}")

        text = child_text(node, "reportID")
        if not is_number(text):
            say(node.sourceline, "its number is not a number")
            return
        facts = ZFacts(
            file=file,
            line=node.sourceline or 0,
            number=int(text),
            at=f"{child_text(event, 'eventDate')}T{child_text(event, 'eventTime')}",
            total=_inside(node, "reportTotalCashSales/totalCashSaleAmnt"),
            receipts=amount(node, "reportReceiptNum", say),
            returns=amount(node, "reportReturnNum", say),
            net=amount(node, "reportGrandTotalSalesNet", say),
        )
        _check_itself(node, facts, say)
        before = self.waiting[-1] if self.waiting else self.last
        if before is None:
            self.complete = facts.number == 1
        else:
            self._check_after(before, facts, say)
        self.waiting.append(facts)
        self.findings.z_reports += 1

    def _check_after(self, before: ZFacts, facts: ZFacts, say: Say) -> None:
        gap = range(before.number + 1, facts.number)
        if gap and gap == self.left_out:
            self.findings.remark(
                f"Z reports {gap[0]} to {gap[-1]} are left out: "
                "the record was restored, and says so."
            )
        elif facts.number != before.number + 1:
            say(facts.line, f"it comes after number {before.number}: a gap, or one twice")
            return
        grown = facts.net - before.net
        if grown != facts.total:
            say(facts.line, f"the grand total grew by {grown}, and its total is {facts.total}")

    def sale(self, at: str, gross: Decimal, *, sold: bool, back: bool) -> None:
        """Count a sale into the Z that closes it: `sold` or came `back`, or both at once."""
        while self.waiting and self.waiting[0].at < at:
            self._settle()
        self.total += gross
        self.receipts += sold
        self.returns += back

    def end(self) -> None:
        """All sales of a file are counted: those after its last Z wait for the next file."""
        while self.waiting:
            self._settle()

    def _settle(self) -> None:
        report = self.waiting.popleft()
        if self.complete:
            if report.total != self.total:
                what = f"its total is {report.total}, the sales before it come to {self.total}"
                self._differs(report, what)
            if report.receipts != self.receipts:
                what = f"it counts {report.receipts} sales receipts, and there are {self.receipts}"
                self._differs(report, what)
            if report.returns != self.returns:
                what = f"it counts {report.returns} returns, and there are {self.returns}"
                self._differs(report, what)
        else:
            self.findings.remark(
                f"Z report {report.number} was not compared with the sales: "
                "the file begins in the middle of what it closes."
            )
        self.last, self.complete = report, True
        self.total, self.receipts, self.returns = Decimal(0), 0, 0

    def _differs(self, report: ZFacts, what: str) -> None:
        words = f"Z report {report.number}: {what}"
        if self.doubtful:
            self.findings.remark(f"{words}; but the clock went back, so times do not tell.")
        else:
            self.findings.add(report.file, report.line, words)


def _check_itself(node: Any, facts: ZFacts, say: Say) -> None:
    for what, total in (
        ("article groups", _inside(node, "reportArtGroups/reportArtGroup/artGroupAmnt")),
        (
            "VAT rows",
            _inside(node, "reportCashSalesVat/reportCashSaleVat/cashSaleAmnt")
            + _inside(node, "reportCashSalesVat/reportCashSaleVat/vatAmnt"),
        ),
    ):
        if total != facts.total:
            say(facts.line, f"its {what} add up to {total}, its total is {facts.total}")
    paid = _inside(node, "reportPayments/reportPayment/paymentAmnt")
    if abs(paid - facts.total) > _HALF_KRONE * max(facts.receipts + facts.returns, Decimal(0)):
        say(facts.line, f"its payments add up to {paid}, its total is {facts.total}")
    sales = amount(node, "reportGrandTotalSales", say)
    returns = amount(node, "reportGrandTotalReturn", say)
    if sales - returns != facts.net:
        say(facts.line, f"grand totals: {sales} less {returns} is not {facts.net}")


def _inside(node: Any, path: str) -> Decimal:
    values = (number((one.text or "").strip()) for one in children(node, path))
    return sum((value for value in values if value is not None), Decimal(0))
