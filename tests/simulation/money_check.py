"""Is the money right? The providers' books against the journal, sale by sale and in sum.

Nobody is charged twice, no goods leave unpaid, no paid sale is lost; what a wallet reserved is
taken for goods that were handed over and for nothing else; what goes back goes back once, and no
payment gives more than it took.
"""

from collections import Counter
from collections.abc import Iterable

from kiosk.fiscal.events import REGISTER
from kiosk.journal import Journal
from kiosk.sale.attempts import counts
from kiosk.sale.capture import RESERVES
from kiosk.sale.events import Event, Outcome, PaymentCaptured, SaleCompleted, Series
from kiosk.sale.evolve import replay
from kiosk.sale.return_state import Refund
from kiosk.sale.returning import came_back
from kiosk.sale.state import Attempt, Phase, Sale
from kiosk.sale.totals import totals
from tests.engine.models import Books, Entry


def check_money(journal: Journal, books: Books) -> dict[str, Sale]:
    """Hold the books against the journal; return the sales.

    Raises:
        AssertionError: the money is wrong, and where.
    """
    assert journal.verify().ok
    assert journal.open_sales() == []
    assert journal.sales_to_capture() == []
    record = journal.after(0, 10**9)
    sales = replayed(record_of(record))
    by_sale: dict[str, list[Entry]] = {}
    for entry in books.entries.values():
        by_sale.setdefault(entry.sale_id, []).append(entry)
    assert by_sale.keys() <= sales.keys(), "a provider knows of a sale that the journal does not"
    let_go = released(event for _, event in record_of(record))
    for sale in sales.values():
        check_sale(sale, by_sale.get(sale.id, []), let_go)
    check_returns(sales)
    never_taken = {
        one.transaction_id for sale in sales.values() for one in sale.attempts if one.id in let_go
    }
    check_payments(books.entries.values(), never_taken)
    check_vouchers(books.entries.values())
    check_numbers(event for _, event in record_of(record))
    return sales


def record_of(records: Iterable[object]) -> list[tuple[str, Event]]:
    """Return each event with the sale that it belongs to."""
    return [(one.sale_id, one.event) for one in records]  # type: ignore[attr-defined]


def replayed(record: Iterable[tuple[str, Event]]) -> dict[str, Sale]:
    """Return every sale that was begun, from its events."""
    events: dict[str, list[Event]] = {}
    for sale_id, event in record:
        events.setdefault(sale_id, []).append(event)
    events.pop(REGISTER, None)
    sales = {sale_id: replay(events[sale_id]) for sale_id in sorted(events)}
    return {sale_id: sale for sale_id, sale in sales.items() if sale.phase is not Phase.NONE}


def released(record: Iterable[Event]) -> frozenset[str]:
    """Return the attempts whose reservation was let go because all of it came back."""
    taken = (event for event in record if isinstance(event, PaymentCaptured))
    return frozenset(event.attempt_id for event in taken if event.released)


def check_sale(sale: Sale, entries: list[Entry], let_go: frozenset[str] = frozenset()) -> None:
    """Each krone that a provider moved for this sale stands in the journal, under the same name."""
    assert sale.phase in (Phase.CLOSED, Phase.ABORTED), f"sale {sale.id} is {sale.phase}"
    taken_minor = sum(one.charged_minor for one in entries if one.state == "approved")
    given_minor = sum(one.charged_minor for one in entries if one.state == "refunded")
    due_minor = totals(sale).total_minor if sale.phase is Phase.CLOSED else 0
    moved = f"{taken_minor} taken, {given_minor} given back, {due_minor} due"
    assert taken_minor - given_minor == due_minor, f"sale {sale.id}: {moved}"
    assert not (taken_minor and given_minor), f"sale {sale.id}: {moved}"
    attempts = {attempt.service_id: attempt for attempt in sale.attempts}
    refunds = {refund.service_id: refund for refund in sale.refunds}
    assert len(attempts) == len(sale.attempts), f"sale {sale.id}: a service id came twice"
    assert len(refunds) == len(sale.refunds), f"sale {sale.id}: a service id came twice"
    for entry in entries:
        if entry.of_transaction_id:
            refund = refunds.pop(entry.service_id, None)
            assert refund is not None, f"sale {sale.id}: {entry.service_id} is not in the journal"
            check_refund(refund, entry)
        else:
            attempt = attempts.pop(entry.service_id, None)
            assert attempt is not None, f"sale {sale.id}: {entry.service_id} is not in the journal"
            check_attempt(attempt, entry, let_go=attempt.id in let_go)
    for attempt in attempts.values():
        assert not counts(attempt), f"{attempt.id}: paid in the record, and nobody was asked"
    for refund in refunds.values():
        assert refund.outcome is not Outcome.APPROVED, f"{refund.id}: nobody was asked"


def check_attempt(attempt: Attempt, entry: Entry, *, let_go: bool = False) -> None:
    """What the journal says of one attempt is what the provider did."""
    took_minor = entry.charged_minor if entry.state == "approved" else 0
    kept_minor = attempt.approved_minor if counts(attempt) else 0
    assert took_minor == kept_minor, f"{attempt.id}: {took_minor} taken, {kept_minor} in the record"
    due = attempt.capture_due
    assert not due or attempt.method in RESERVES
    assert not due or attempt.captured is True, f"{attempt.id}: reserved, and never taken"
    taken = due and not let_go
    assert entry.captured_minor == (attempt.approved_minor if taken else 0), attempt.id


def check_refund(refund: Refund, entry: Entry) -> None:
    """What the journal says of one refund is what the provider did."""
    gave_minor = entry.charged_minor if entry.state == "refunded" else 0
    noted_minor = refund.amount_minor if refund.outcome is Outcome.APPROVED else 0
    assert gave_minor == noted_minor, f"{refund.id}: {gave_minor} back, {noted_minor} in the record"
    assert entry.of_transaction_id == refund.of_transaction_id, refund.id


def check_returns(sales: dict[str, Sale]) -> None:
    """No goods come back more often than they were sold."""
    for sale in sales.values():
        back = came_back(sale, [sales[one] for one in sale.returned_in if one in sales])
        sold = {line.id: line.quantity for line in sale.live_lines}
        assert all(count <= sold.get(line, 0) for line, count in back.items()), sale.id


def check_payments(entries: Iterable[Entry], never_taken: set[str]) -> None:
    """No payment gives back more than it took, and none that was reversed gives anything.

    What was let go, and so never taken, has all come back.
    """
    entries = list(entries)
    paid = {one.transaction_id: one for one in entries if not one.of_transaction_id}
    given: Counter[str] = Counter()
    for one in entries:
        if one.of_transaction_id and one.state == "refunded":
            given[one.of_transaction_id] += one.charged_minor
    for transaction_id, minor in given.items():
        payment = paid[transaction_id]
        assert payment.state == "approved", f"{transaction_id}: {payment.state}, and refunded"
        assert minor <= payment.charged_minor, f"{transaction_id}: {minor} of what it took"
    assert all(given[one] == paid[one].charged_minor for one in never_taken), never_taken


def check_vouchers(entries: Iterable[Entry]) -> None:
    """No voucher pays for two sales."""
    entries = list(entries)
    back = {one.of_transaction_id for one in entries if one.state == "refunded"}
    slips = Counter(
        entry.transaction_id.split("/")[1]
        for entry in entries
        if entry.state == "approved"
        and "/980" in entry.transaction_id
        and entry.transaction_id not in back
    )
    assert all(count == 1 for count in slips.values()), slips


def check_numbers(record: Iterable[Event]) -> None:
    """The numbers of each series of receipts have no gap."""
    numbers: dict[Series, list[int]] = {}
    for event in record:
        if isinstance(event, SaleCompleted):
            numbers.setdefault(event.series, []).append(event.receipt_number)
    for series, given in numbers.items():
        assert given == list(range(1, len(given) + 1)), f"{series}: receipt numbers have a gap"
