"""Finding money that may still move after its sale is over, in a journal of years.

A terminal's word about an old attempt is rare, so nothing is kept for it beside the record: the
newest events are looked through, over an index that holds only those about money.
"""

import sqlite3
from typing import Final

from kiosk.sale.events import PaymentRequested, PaymentSettled, ReversalRequested, ReversalSettled

LATE_INDEX: Final = f"""CREATE INDEX IF NOT EXISTS money_of_sale ON event (kind, seq, sale_id)
    WHERE kind IN ('{PaymentRequested.__name__}', '{PaymentSettled.__name__}',
                   '{ReversalRequested.__name__}', '{ReversalSettled.__name__}')"""
LOOKED_BACK: Final = 20_000
"""Events among which an attempt, or an attendant's word on one, is looked for: a busy kiosk's week.
Terminals remember their payments for some two days."""


def sale_of_attempt(db: sqlite3.Connection, attempt_id: str) -> str | None:
    """Return the newest sale in which this attempt was asked for; None where none is found."""
    query = """SELECT sale_id FROM event WHERE kind = 'PaymentRequested'
        AND seq > (SELECT max(seq) FROM event) - ? AND instr(body, ?) > 0
        ORDER BY seq DESC LIMIT 1"""
    named = f'"attempt_id":"{attempt_id}"'.encode()
    row = db.execute(query, (LOOKED_BACK, named)).fetchone()
    return None if row is None else str(row[0])


def sales_with_late_money(db: sqlite3.Connection) -> list[str]:
    """Return sales that may owe their shopper money, or an answer of who took it; oldest first.

    Those are sales with a reversal that was not answered or was refused, whenever that was, and
    those with a payment that an attendant settled, not long ago. Too many rather than too few: the
    sale itself says what is owed.
    """
    query = """
        SELECT sale_id, min(seq) AS first FROM event
            WHERE kind IN ('ReversalRequested', 'ReversalSettled') GROUP BY sale_id
            HAVING sum(kind = 'ReversalRequested') > sum(kind = 'ReversalSettled')
        UNION SELECT sale_id, min(seq) FROM event
            WHERE kind = 'ReversalSettled' AND instr(body, ?) > 0 GROUP BY sale_id
        UNION SELECT sale_id, min(seq) FROM event
            WHERE kind = 'PaymentSettled' AND seq > (SELECT max(seq) FROM event) - ?
            AND instr(body, ?) = 0 GROUP BY sale_id
        ORDER BY first"""
    rows = db.execute(query, (b'"done":false', LOOKED_BACK, b'"attendant_id":""'))
    return list(dict.fromkeys(str(sale_id) for sale_id, _ in rows))
