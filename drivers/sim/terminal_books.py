"""The simulated terminal's books: what was really charged, whoever crashed meanwhile.

An append-only file of JSON lines, each on disk before the till hears of it. The whole-kiosk tests
compare a sale with these books and with nothing else.
"""

import json
import os
import threading
from pathlib import Path
from typing import Any


class Books:
    """Entries are `approved`, `reversed` and `answer` (what a status request repeats)."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._entries: list[dict[str, Any]] = []
        if path.exists():
            # The last line may be torn by a crash: it was then never answered for, and goes.
            whole, end, _ = path.read_bytes().rpartition(b"\n")
            os.truncate(path, len(whole + end))
            self._entries = [json.loads(line) for line in whole.splitlines()]
        self._file = path.open("a", encoding="utf-8")

    def write(self, kind: str, **facts: Any) -> None:
        """Append one entry; on disk when this returns."""
        entry = {"kind": kind, **facts}
        with self._lock:
            self._file.write(json.dumps(entry) + "\n")
            self._file.flush()
            os.fsync(self._file.fileno())
            self._entries.append(entry)

    def entries(self, kind: str) -> list[dict[str, Any]]:
        """Return the entries of one kind, oldest first."""
        with self._lock:
            return [entry for entry in self._entries if entry["kind"] == kind]

    def transactions(self) -> list[dict[str, Any]]:
        """Return each approved transaction with `reversed` true or false."""
        reversed_ids = {entry["transaction_id"] for entry in self.entries("reversed")}
        return [
            {**entry, "reversed": entry["transaction_id"] in reversed_ids}
            for entry in self.entries("approved")
        ]

    def left_of(self, transaction_id: str) -> int:
        """Return how much of an approved transaction has not gone back yet."""
        (taken,) = (t for t in self.transactions() if t["transaction_id"] == transaction_id)
        if taken["reversed"]:
            return 0
        parts: list[int] = [
            entry["amount_minor"]
            for entry in self.entries("refunded")
            if entry.get("of") == transaction_id
        ]
        amount_minor: int = taken["amount_minor"]
        return amount_minor - sum(parts)

    def close(self) -> None:
        """Close the file."""
        self._file.close()
