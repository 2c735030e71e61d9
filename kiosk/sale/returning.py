"""Goods that come back, and money that goes back for them.

A return is a sale like any other, with returned lines that count against it: alone it ends with
less than nothing to pay, together with goods it lowers what they cost. It names the sale that it
takes back, one for each return. What a line brings is what was paid for it, its share of the
offers and its deposit included, at the VAT rate of that day; parts of a line add up, to the minor
unit, to what the whole of it cost.

Money goes back to where it came from: each refund names the payment that it takes back, and no
payment gives back more than it took. Like a charge, a refund whose answer is lost is asked about
and never sent twice.

Source: Kassasystemforskriften (FOR-2015-12-18-1616) sections 2-8-4 and 2-8-5 (returns have a
receipt of their own; one for both is allowed when both are counted).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from kiosk.sale.attempts import counts
from kiosk.sale.events import Method, Outcome, Series
from kiosk.sale.money import divide_half_up
from kiosk.sale.promotion import line_offers
from kiosk.sale.return_events import PaidElsewhere
from kiosk.sale.return_state import Elsewhere, Refund
from kiosk.sale.state import Attempt, Line, Phase, Sale

MAY_BE_UNDERWAY = (None, Outcome.UNKNOWN, Outcome.APPROVED)
"""Ends of a refund after which the money is, or may be, back with the shopper."""

WHOLE_ONLY: Final = frozenset({Method.GIFT_CARD, Method.DEPOSIT_VOUCHER, Method.STREX})
"""Methods whose payments go back whole or not at all: issuers and the phone bill know no parts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Returnable:
    """What is left of a sold line to take back, and what the shopper gets for all of it."""

    line: Line
    quantity: int
    """Pieces; 1 for something weighed, which comes back whole."""
    price_minor: int
    """Before offers."""
    gross_minor: int
    """What was paid: after offers, without deposit."""
    deposit_minor: int


def series_of(sale: Sale) -> Series:
    """Return the series from which the sale's receipt is numbered."""
    if sale.training:
        return Series.TRAINING
    if not sale.returned:
        return Series.SALE
    return Series.COMBINED if sale.live_lines else Series.RETURN


def is_over(sale: Sale) -> bool:
    """Whether what it sold can come back: it has its receipt."""
    return sale.phase in (Phase.COMPLETED, Phase.CLOSED) and sale.receipt_number > 0


def came_back(original: Sale, returns: Sequence[Sale]) -> dict[int, int]:
    """Return by line of `original` how many pieces came back in these sales, aborted ones not."""
    pieces: dict[int, int] = {}
    for sale in returns:
        if sale.phase is Phase.ABORTED:
            continue
        for back in sale.returned:
            if back.original_sale_id == original.id:
                pieces[back.original_line_id] = pieces.get(back.original_line_id, 0) + back.quantity
    return pieces


def returnable(original: Sale, returns: Sequence[Sale]) -> tuple[Returnable, ...]:
    """Return what of a sale can still come back, in its order; lines that are back are left out."""
    back = came_back(original, returns)
    offers = line_offers(original)
    return tuple(
        _left_of(line, offers.get(line.id, 0), back.get(line.id, 0), line.quantity)
        for line in original.live_lines
        if line.quantity > back.get(line.id, 0)
    )


def part_of(original: Sale, returns: Sequence[Sale], line_id: int, quantity: int) -> Returnable:
    """Return the next `quantity` pieces of a line to come back.

    The shares are differences of rounded sums, so that all parts together are the whole.

    Raises:
        KeyError: there is no such line, or not so much of it is left.
    """
    back = came_back(original, returns).get(line_id, 0)
    line = next((one for one in original.live_lines if one.id == line_id), None)
    if line is None or not 1 <= quantity <= line.quantity - back:
        raise KeyError(line_id)
    return _left_of(line, line_offers(original).get(line_id, 0), back, back + quantity)


def _left_of(line: Line, offers_minor: int, from_piece: int, to_piece: int) -> Returnable:
    def share(amount_minor: int) -> int:
        until = divide_half_up(amount_minor * to_piece, line.quantity)
        return until - divide_half_up(amount_minor * from_piece, line.quantity)

    return Returnable(
        line=line,
        quantity=to_piece - from_piece,
        price_minor=share(line.price_minor),
        gross_minor=share(line.price_minor + offers_minor),
        deposit_minor=line.product.deposit_minor * (to_piece - from_piece),
    )


# --- another kiosk's receipt -------------------------------------------------------------------


def original_elsewhere(known: Elsewhere) -> Sale:
    """Return a sale of another kiosk's record, as far as its payments go: for refunds."""
    return Sale(
        id=known.sale_id,
        attempts=tuple(
            Attempt(
                id=paid.attempt_id,
                service_id=paid.service_id,
                method=paid.method,
                amount_minor=paid.approved_minor,
                currency="",
                requested_at="",
                outcome=Outcome.APPROVED,
                approved_minor=paid.approved_minor,
                transaction_id=paid.transaction_id,
                transaction_at=paid.transaction_at,
                card=paid.card,
            )
            for paid in known.payments
        ),
    )


def given_elsewhere(known: Elsewhere) -> Sale:
    """Return what other records gave back of its payments, as one sale with refunds."""
    return Sale(
        refunds=tuple(
            Refund(
                id=f"elsewhere-{paid.attempt_id}",
                service_id="",
                method=paid.method,
                amount_minor=paid.given_back_minor,
                currency="",
                requested_at="",
                of_attempt_id=paid.attempt_id,
                outcome=Outcome.APPROVED,
            )
            for paid in known.payments
            if paid.given_back_minor
        )
    )


def payments_elsewhere(original: Sale, returns: Sequence[Sale]) -> tuple[PaidElsewhere, ...]:
    """Return the payments of a sale, and what these returns gave back of them."""
    given = _given(returns)
    return tuple(
        PaidElsewhere(
            attempt_id=attempt.id,
            service_id=attempt.service_id,
            method=attempt.method,
            approved_minor=attempt.approved_minor,
            given_back_minor=given.get(attempt.id, 0),
            transaction_id=attempt.transaction_id,
            transaction_at=attempt.transaction_at,
            card=attempt.card,
        )
        for attempt in original.attempts
        if counts(attempt)
    )


def _given(returns: Sequence[Sale]) -> dict[str, int]:
    given: dict[str, int] = {}
    for sale in returns:
        for refund in sale.refunds:
            if refund.outcome in MAY_BE_UNDERWAY:
                given[refund.of_attempt_id] = (
                    given.get(refund.of_attempt_id, 0) + refund.amount_minor
                )
    return given


# --- money ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundPart:
    """So much of one payment goes back."""

    attempt_id: str
    """Of the original sale."""
    amount_minor: int


def refund_plan(original: Sale, returns: Sequence[Sale], owed_minor: int) -> tuple[RefundPart, ...]:
    """Return how `owed_minor` goes back to the payments of `original`; the last one first.

    A payment that goes back whole or not at all has no part in it, or all of it; as few of them as
    will do. Empty when no choice of payments gives exactly so much: then nothing may begin, for a
    return of which some money is back can neither go on nor be called off.
    """
    given: dict[str, int] = {}
    for refund in (one for sale in returns for one in sale.refunds):
        if refund.outcome in MAY_BE_UNDERWAY:
            given[refund.of_attempt_id] = given.get(refund.of_attempt_id, 0) + refund.amount_minor
    paid = [one for one in reversed(original.attempts) if counts(one)]
    whole = [one for one in paid if one.method in WHOLE_ONLY and one.id not in given]
    in_parts = [
        RefundPart(attempt_id=one.id, amount_minor=one.approved_minor - given.get(one.id, 0))
        for one in paid
        if one.method not in WHOLE_ONLY
    ]
    for chosen in (some for n in range(len(whole) + 1) for some in combinations(whole, n)):
        left_minor = owed_minor - sum(one.approved_minor for one in chosen)
        parts = _give(in_parts, left_minor)
        if left_minor >= 0 and sum(part.amount_minor for part in parts) == left_minor:
            rest = (RefundPart(attempt_id=a.id, amount_minor=a.approved_minor) for a in chosen)
            return (*parts, *rest)
    return ()


def _give(most: Sequence[RefundPart], owed_minor: int) -> list[RefundPart]:
    """Return what of `owed_minor` these payments give, in their order, each at most so much."""
    parts: list[RefundPart] = []
    for one in most:
        amount = min(one.amount_minor, owed_minor - sum(part.amount_minor for part in parts))
        if amount > 0:
            parts.append(RefundPart(attempt_id=one.attempt_id, amount_minor=amount))
    return parts


def refund_of(sale: Sale, refund_id: str) -> Refund | None:
    """Return the refund with this id."""
    return next((refund for refund in sale.refunds if refund.id == refund_id), None)


def refund_running(sale: Sale) -> Refund | None:
    """Return the refund that has no outcome yet."""
    return next((refund for refund in sale.refunds if refund.outcome is None), None)


def refund_in_doubt(sale: Sale) -> Refund | None:
    """Return the refund whose end is unknown."""
    return next((r for r in sale.refunds if r.outcome is Outcome.UNKNOWN), None)


def refund_may_have_moved(sale: Sale) -> bool:
    """Whether money of this sale is, or may be, back with the shopper."""
    return any(refund.outcome in MAY_BE_UNDERWAY for refund in sale.refunds)


def refund_is_news(refund: Refund, outcome: Outcome) -> bool:
    """Whether `outcome` tells something about the refund that is not known yet.

    A refund that was called declined may still turn out to have been made.
    """
    if refund.outcome in (None, Outcome.UNKNOWN):
        return outcome is not refund.outcome
    return refund.outcome is not Outcome.APPROVED and outcome is Outcome.APPROVED


def refunded_minor(sale: Sale) -> int:
    """Return what surely went back for this sale."""
    return sum(one.amount_minor for one in sale.refunds if one.outcome is Outcome.APPROVED)
