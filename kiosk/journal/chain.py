"""The hash chain: each row's SHA-256 covers its own content and the hash of the row before it.

So a row that is changed, taken out, put in or moved breaks the chain from there on. The chain
starts at a hash of the journal's own id: rows of another journal do not fit in.
"""

import hashlib
import struct
from typing import NamedTuple


class Row(NamedTuple):
    """One row of the table `event`, as stored."""

    seq: int
    sale_id: str
    sale_seq: int
    kind: str
    version: int
    body: bytes
    at_utc: str
    prev_hash: bytes
    hash: bytes


def first_hash(journal_id: str) -> bytes:
    """Return the `prev_hash` of a journal's first row."""
    return hashlib.sha256(b"selvkasse journal " + journal_id.encode()).digest()


def row_hash(
    prev_hash: bytes,
    seq: int,
    sale_id: str,
    sale_seq: int,
    kind: str,
    version: int,
    body: bytes,
    at_utc: str,
) -> bytes:
    """Return the hash of a row. Texts are preceded by their length, so no two rows look alike."""
    texts = (sale_id.encode(), kind.encode(), at_utc.encode(), body)
    lengths = struct.pack(">qqq4q", seq, sale_seq, version, *map(len, texts))
    return hashlib.sha256(b"".join((prev_hash, lengths, *texts))).digest()


def fault_in(row: Row) -> str:
    """Return what is wrong inside one row, in words; empty when it is as it was written."""
    try:
        expected = row_hash(row.prev_hash, *row[:7])
    except (TypeError, AttributeError, struct.error):
        return "the row's fields are not of the kind that was written"
    return "" if expected == row.hash else "its content is not what was written"


def fault_between(row: Row, before_seq: int, before_hash: bytes) -> str:
    """Return what is wrong between a row and the one before it; empty when it follows on."""
    if row.seq != before_seq + 1:
        return f"event {before_seq + 1} is missing"
    if row.prev_hash != before_hash:
        return "it does not follow from the event before it"
    return ""
