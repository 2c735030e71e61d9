"""Our books held against those of a terminal or a provider, payment by payment, by reference.

Differences are listed and nothing else is done about them: which side is right only people can
find out, and a correction that a program makes hides the fault that caused the difference. Plain
functions over values; amounts in minor units, what went back counts negative.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from kiosk.sale.attempts import counts
from kiosk.sale.events import Method, Outcome
from kiosk.sale.state import Sale


class Difference(StrEnum):
    """In what the two books differ about one reference."""

    NOT_REPORTED = "not_reported"
    """We sold for it, and they know nothing of it: goods are gone, money may not come."""
    NOT_BOOKED = "not_booked"
    """They took it, and no sale of ours has it: somebody may have paid for nothing."""
    OTHER_AMOUNT = "other_amount"
    OTHER_CURRENCY = "other_currency"
    TWICE = "twice"
    """They list the same money more than once, where we took it once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """One movement of money in our journal."""

    reference: str
    """The provider's transaction id, as its approval said."""
    amount_minor: int
    currency: str
    method: Method
    sale_id: str
    at_utc: str
    """When it was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """One movement of money in a provider's report."""

    reference: str
    amount_minor: int
    currency: str


Row = TypeVar("Row", Booked, Reported)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One difference, with what both say; 0 where one side says nothing."""

    difference: Difference
    reference: str
    ours_minor: int
    theirs_minor: int
    currency: str
    sale_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation:
    """How two books compare."""

    ours_minor: int
    theirs_minor: int
    matched: int
    """How many references both have with the same sum."""
    findings: tuple[Finding, ...]

    @property
    def agrees(self) -> bool:
        """Whether nothing differs."""
        return not self.findings


def booked(sales: Iterable[Sale]) -> Iterator[Booked]:
    """Yield what was taken for these sales and what went back; practice moved no money.

    A payment that was taken back whole is left out, as a provider may do or may list twice with
    both signs; either way its sum is nothing. What staff gave back by hand no provider lists.
    """
    for sale in sales:
        if sale.training:
            continue
        for attempt in sale.attempts:
            if counts(attempt):
                yield Booked(
                    reference=attempt.transaction_id,
                    amount_minor=attempt.approved_minor,
                    currency=attempt.approved_currency,
                    method=attempt.method,
                    sale_id=sale.id,
                    at_utc=attempt.requested_at,
                )
        for refund in sale.refunds:
            if refund.outcome is Outcome.APPROVED and refund.by_hand is None:
                yield Booked(
                    reference=refund.transaction_id or refund.of_transaction_id,
                    amount_minor=-refund.amount_minor,
                    currency=refund.currency,
                    method=refund.method,
                    sale_id=sale.id,
                    at_utc=refund.requested_at,
                )


def reconcile(ours: Iterable[Booked], theirs: Iterable[Reported]) -> Reconciliation:
    """Compare, reference by reference, and return every difference in the order of references.

    Several movements of one reference are held together by their sum: one side may list a refund
    under the payment's reference that the other lists in one net row.
    """
    our_rows, their_rows = _by_reference(ours), _by_reference(theirs)
    findings: list[Finding] = []
    matched = 0
    for reference in sorted(our_rows.keys() | their_rows.keys()):
        here = our_rows.get(reference, [])
        there = their_rows.get(reference, [])
        difference = _difference(here, there)
        if difference is None:
            matched += bool(here and there)
            continue
        findings.append(
            Finding(
                difference=difference,
                reference=reference,
                ours_minor=_sum(here),
                theirs_minor=_sum(there),
                currency=(here or there)[0].currency,
                sale_ids=tuple(dict.fromkeys(row.sale_id for row in here)),
            )
        )
    return Reconciliation(
        ours_minor=sum(_sum(rows) for rows in our_rows.values()),
        theirs_minor=sum(_sum(rows) for rows in their_rows.values()),
        matched=matched,
        findings=tuple(findings),
    )


def _difference(ours: list[Booked], theirs: list[Reported]) -> Difference | None:
    here, there = _sum(ours), _sum(theirs)
    if {row.currency for row in ours} != {row.currency for row in theirs} and here and there:
        return Difference.OTHER_CURRENCY
    if here == there:
        return None
    if not theirs or there == 0:
        return Difference.NOT_REPORTED
    if not ours or here == 0:
        return Difference.NOT_BOOKED
    repeated = len(theirs) > 1 and len({row.amount_minor for row in theirs}) == 1
    if repeated and theirs[0].amount_minor == here:
        return Difference.TWICE
    return Difference.OTHER_AMOUNT


def _by_reference(rows: Iterable[Row]) -> Mapping[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.reference, []).append(row)
    return found


def _sum(rows: Iterable[Booked] | Iterable[Reported]) -> int:
    return sum(row.amount_minor for row in rows)
