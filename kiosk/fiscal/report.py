"""The figures of X and Z as a fold over the journal: events in, figures out, nothing else.

A fold begins where the last Z ended, with that Z's grand totals. Training sales count as training
and nowhere else. What happens to a sale that began before the fold (a late answer about a sale
that is over) is in no figure.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from kiosk.fiscal import codes
from kiosk.fiscal.events import RegisterEvent
from kiosk.fiscal.figures import Count, Figures, GrandTotals, KeyedCount, VatFigure, checked
from kiosk.fiscal.sold import SoldLine, sold_lines
from kiosk.sale import events as e
from kiosk.sale.attempts import counts
from kiosk.sale.commands import SUSPENDED
from kiosk.sale.evolve import evolve
from kiosk.sale.promotion import discounts
from kiosk.sale.state import NO_SALE, Sale
from kiosk.sale.totals import gross_of, totals

ALWAYS_SHOWN_VAT: Final = ("3", "31")
"""Rates that a grocer's report shows even when nothing was sold at them."""


class Fold:
    """X and Z in the making: give it every event once, in the journal's order."""

    def __init__(self, grand: GrandTotals | None = None) -> None:
        self._opening = grand or GrandTotals()
        self._open: dict[str, Sale] = {}
        self.first_at_utc = ""
        """When the first sale since the last Z began; empty when there was none."""
        self._total = 0
        self._receipts = 0
        self._copies = Count()
        self._provisional = Count()
        self._returns = Count()
        self._aborted = Count()
        self._aside: dict[str, int] = {}
        """What was in the sales that were set aside and not taken up again, by their id."""
        self._training = Count()
        self._discounts = Count()
        self._groups: dict[str, Count] = defaultdict(Count)
        self._payments: dict[str, Count] = defaultdict(Count)
        self._corrections: dict[str, Count] = defaultdict(Count)
        self._other: dict[str, Count] = defaultdict(Count)
        self._lookups: dict[str, Count] = defaultdict(Count)
        self._vat: dict[tuple[str, int], list[int]] = defaultdict(lambda: [0, 0])
        for code in ALWAYS_SHOWN_VAT:
            self._vat[code, codes.VAT_CODES[code][0]] = [0, 0]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was registered since the last Z: then no Z is owed."""
        return not self.first_at_utc

    def take(self, sale_id: str, event: e.Event) -> None:
        """Count one event of the sale `sale_id`; events of the register itself count nothing."""
        if isinstance(event, RegisterEvent):
            return
        if isinstance(event, e.SaleStarted):
            self.first_at_utc = self.first_at_utc or event.at_utc
            self._open[sale_id] = evolve(NO_SALE, event)
            return
        if isinstance(event, e.SaleResumed):
            self._aside.pop(sale_id, None)
        before = self._open.get(sale_id)
        if before is None:
            self._count_late(event)
            return
        after = evolve(before, event)
        self._open[sale_id] = after
        if isinstance(event, e.SaleCompleted):
            self._complete(after, event)
        elif not after.training:
            self._count(before, after, event)
        if isinstance(event, e.SaleAborted | e.SaleClosed):
            del self._open[sale_id]

    def _count(self, before: Sale, after: Sale, event: e.Event) -> None:
        match event:
            case e.LineRemoved() | e.QuantityChanged():
                kind, lowered = lowered_by(before, event)
                if lowered > 0:
                    self._add(self._corrections, kind, lowered)
            case e.PriceLookedUp(article_group=group, price_minor=price):
                self._add(self._lookups, codes.article_group(group), price)
            case e.SaleAborted(amount_minor=amount, reason=reason) if reason == SUSPENDED:
                self._aside[before.id] = amount
            case e.ProvisionalGiven(total_minor=total):
                self._provisional = self._provisional.plus(total)
            case e.SaleAborted(amount_minor=amount) if before.lines or before.returned:
                self._aborted = self._aborted.plus(abs(amount))  # a return that was cancelled too
            case e.PrintSettled():
                # A copy that is in doubt may be on paper; it may prove to have never been.
                news = _copies(after) - _copies(before)
                amount = news * totals(after).total_minor
                self._copies = self._copies.plus(amount, news)

    def _count_late(self, event: e.Event) -> None:
        """Count a copy of a sale that is closed, perhaps on a day whose Z is made."""
        match event:
            case e.PrintSettled(late_copy_minor=int(late_minor)) if event.printed or event.in_doubt:
                self._copies = self._copies.plus(late_minor)

    def _complete(self, sale: Sale, event: e.SaleCompleted) -> None:
        if sale.training:
            self._training = self._training.plus(event.total_minor)
            return
        self._total += event.total_minor
        # A receipt for both is counted as both; one without any line was for a sale.
        self._receipts += bool(sale.live_lines) or not sale.returned
        if sale.returned:
            self._returns = self._returns.plus(totals(sale).returned_minor)
        lines = sold_lines(sale)
        self._count_lines([line for line in lines if not line.came_back], 1)
        self._count_lines([line for line in lines if line.came_back], -1)
        self._count_money(sale)
        for discount in discounts(sale):
            if discount.is_coupon:
                self._discounts = self._discounts.plus(-discount.amount_minor)

    def _count_money(self, sale: Sale) -> None:
        paid: dict[str, int] = defaultdict(int)
        for attempt in sale.attempts:
            if counts(attempt):
                paid[codes.payment_type(attempt)] += attempt.approved_minor
        for key, amount in paid.items():
            self._add(self._payments, key, amount)
        back: dict[str, int] = defaultdict(int)
        for refund in sale.refunds:
            if refund.outcome is e.Outcome.APPROVED:
                back[codes.payment_type(refund)] -= refund.amount_minor
        for key, amount in back.items():
            self._add(self._payments, key, amount, -1)

    def _count_lines(self, lines: Sequence[SoldLine], number: int) -> None:
        """Count lines of one kind; `number` is 1 for what was sold and -1 for what came back."""
        groups: dict[str, int] = defaultdict(int)
        for line in lines:
            groups[line.group] += line.gross_minor
            sums = self._vat[line.vat_code, line.rate_bp]
            sums[0] += line.net_minor
            sums[1] += line.tax_minor
            if line.staff_minor:
                self._discounts = self._discounts.plus(-line.staff_minor)
            if line.lowered_minor:
                self._add(self._other, codes.PRICE_LOWERED, line.lowered_minor)
        for group, amount in groups.items():
            self._add(self._groups, group, amount, number)

    @staticmethod
    def _add(into: dict[str, Count], key: str, amount_minor: int, number: int = 1) -> None:
        into[key] = into[key].plus(amount_minor, number)

    def figures(self) -> Figures:
        """Return what has been counted so far."""
        figures = Figures(
            total_minor=self._total,
            groups=_rows(self._groups),
            payments=_rows(self._payments),
            vat=tuple(
                VatFigure(code=code, rate_bp=rate, net_minor=net, tax_minor=tax)
                for (code, rate), (net, tax) in sorted(self._vat.items(), key=_by_rate)
            ),
            receipts=self._receipts,
            copies=self._copies,
            provisional=self._provisional,
            returns=self._returns,
            discounts=self._discounts,
            aborted=self._aborted.plus(sum(self._aside.values()), len(self._aside)),
            corrections=_rows(self._corrections),
            price_lookups=_rows(self._lookups),
            other_corrections=_rows(self._other),
            training=self._training,
            grand=GrandTotals(
                sales_minor=self._opening.sales_minor + self._total + self._returns.amount_minor,
                returns_minor=self._opening.returns_minor + self._returns.amount_minor,
            ),
        )
        return checked(figures)


def lowered_by(before: Sale, event: e.LineRemoved | e.QuantityChanged) -> tuple[str, int]:
    """Return kind and amount of a line correction, deposit included, before offers.

    The amount is zero or negative when nothing was lowered: then it is no correction.
    """
    line = next((one for one in before.lines if one.id == event.line_id), None)
    removes = isinstance(event, e.LineRemoved)
    kind = codes.LINE_DELETED if removes else codes.QUANTITY_LOWERED
    if line is None or line.removed:
        return kind, 0
    if isinstance(event, e.LineRemoved):
        return kind, gross_of(line)
    changed = evolve(before, event)
    after = next(one for one in changed.lines if one.id == event.line_id)
    return kind, gross_of(line) - gross_of(after)


def _copies(sale: Sale) -> int:
    return sum(one.copy and bool(one.printed or one.in_doubt) for one in sale.prints)


def _rows(counted: dict[str, Count]) -> tuple[KeyedCount, ...]:
    return tuple(
        KeyedCount(key=key, number=count.number, amount_minor=count.amount_minor)
        for key, count in sorted(counted.items())
    )


def _by_rate(row: tuple[tuple[str, int], list[int]]) -> tuple[int, str]:
    (code, rate_bp), _ = row
    return -rate_bp, code
