"""The durable, append-only record of every event."""

from kiosk.journal.errors import (
    JournalBusy,
    JournalDamaged,
    JournalError,
    JournalTooNew,
    JournalUnwritable,
    OutOfStep,
)
from kiosk.journal.journal import Journal, Record
from kiosk.journal.verify import VerifyReport

__all__ = [
    "Journal",
    "JournalBusy",
    "JournalDamaged",
    "JournalError",
    "JournalTooNew",
    "JournalUnwritable",
    "OutOfStep",
    "Record",
    "VerifyReport",
]
