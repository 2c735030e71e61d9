"""The simulated terminal's own day: what it took since its last end of day, from its own books."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final

from drivers.sim.terminal_books import Books

FIRST_PERIOD: Final = 1000


def end_day(books: Books, *, sale_id: str, poi_id: str, off_by_minor: int = 0) -> dict[str, Any]:
    """Close the period in the books and return a ReconciliationResponse about it.

    `off_by_minor` is added to the first sum, as by a terminal that counts wrongly.
    """
    ended = books.entries("batch")
    seen = {kind: sum(entry[kind] for entry in ended) for kind in _KINDS}
    new = {kind: books.entries(kind)[seen[kind] :] for kind in _KINDS}
    number = FIRST_PERIOD + len(ended)
    books.write("batch", number=number, **{kind: len(rows) for kind, rows in new.items()})
    taken = {entry["transaction_id"]: entry for entry in books.entries("approved")}
    movements = {
        "Debit": new["approved"],
        "ReverseDebit": [taken[entry["transaction_id"]] for entry in new["reversed"]],
        "Credit": new["refunded"],
    }
    currencies = sorted({row.get("currency", "NOK") for rows in movements.values() for row in rows})
    totals = [
        {
            "PaymentInstrumentType": "Card",
            "AcquirerID": 1,
            "SaleID": sale_id,
            "POIID": poi_id,
            "PaymentCurrency": currency,
            "PaymentTotals": _sums(movements, currency),
        }
        for currency in currencies
    ]
    if totals and off_by_minor:
        first = totals[0]["PaymentTotals"][0]
        first["TransactionAmount"] += Decimal(off_by_minor) / 100
    return {
        "Response": {"Result": "Success"},
        "ReconciliationType": "SaleReconciliation",
        "POIReconciliationID": number,
        "TransactionTotals": totals,
    }


_KINDS: Final = ("approved", "reversed", "refunded")


def _sums(movements: dict[str, list[dict[str, Any]]], currency: str) -> list[dict[str, Any]]:
    sums = []
    for of_type, rows in movements.items():
        mine = [row for row in rows if row.get("currency", "NOK") == currency]
        if mine:
            sums.append(
                {
                    "TransactionType": of_type,
                    "TransactionCount": len(mine),
                    "TransactionAmount": _major(row["amount_minor"] for row in mine),
                }
            )
    return sums


def _major(amounts: Iterable[int]) -> Decimal:
    return (Decimal(sum(amounts)) / 100).quantize(Decimal("0.01"))
