"""Deltas between versions: made once, from what kiosks run now to what they shall run next."""

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import structlog
from sqlalchemy import select

from kiosk.fleet.api.more_types import Snapshot, SnapshotKind
from kiosk.fleet.releases.snapshots import Snapshots, keep
from kiosk.fleet.store import tables as t
from kiosk.fleet.store.database import Database
from kiosk.telemetry.deltas import BYTES_MAX, difference
from kiosk.telemetry.messages import Delta

log = structlog.get_logger(__name__)

BASES_MAX: Final = 4
"""Versions that deltas begin at: those that most kiosks run. The rest fetch the whole."""
WORTH: Final = 0.5
"""A delta that is longer than this share of the whole is not worth a second way."""

D: Final = t.delta.c


class Deltas:
    """Makes and finds deltas."""

    def __init__(
        self, database: Database, snapshots: Snapshots, url_of: Callable[[str], str]
    ) -> None:
        self._database = database
        self._snapshots = snapshots
        self._url_of = url_of

    def make(self, kind: SnapshotKind, version: str, rows: Sequence[dict[str, Any]]) -> int:
        """Make deltas to a version from those that kiosks run; return how many there are now.

        Some tenths of a second each, once: before a roll-out begins, so that nobody is told of the
        version before its deltas are there.
        """
        target = self._snapshots.find(kind, version)
        if target is None:
            return 0
        running = Counter(row[kind.value] for row in rows)
        bases = [self._snapshots.find(kind, one) for one, _ in running.most_common(BASES_MAX + 1)]
        known = {one.base_sha256 for one in self.to(target.sha256)}
        for base in bases:
            if base is not None and base.sha256 not in known | {target.sha256}:
                self._make(base, target)
        return len(self.to(target.sha256))

    def to(self, target_sha256: str) -> list[Delta]:
        """Return the ways to a version, the shortest first."""
        query = select(t.delta).where(D.target_sha256 == target_sha256).order_by(D.size_bytes)
        with self._database.read() as db:
            rows = db.execute(query.limit(BASES_MAX * 2)).all()
        return [
            Delta(
                base_sha256=row.base_sha256,
                url=self._url_of(row.sha256),
                sha256=row.sha256,
                size_bytes=row.size_bytes,
            )
            for row in rows
        ]

    def _make(self, base: Snapshot, target: Snapshot) -> None:
        paths = [self._snapshots.path(one.sha256) for one in (base, target)]
        if max(base.size_bytes, target.size_bytes) > BYTES_MAX or None in paths:
            return
        before, after = (path.read_bytes() for path in paths if isinstance(path, Path))
        try:
            body = difference(before, after)
        except ValueError:
            return  # too short to begin at
        if len(body) > WORTH * len(after):
            return
        sha256 = hashlib.sha256(body).hexdigest()
        keep(self._snapshots.folder, sha256, body)
        row = {
            "base_sha256": base.sha256,
            "target_sha256": target.sha256,
            "sha256": sha256,
            "size_bytes": len(body),
        }
        with self._database.write() as db:
            db.execute(self._database.insert(t.delta).values(**row).on_conflict_do_nothing())
        log.info(
            "delta made",
            base=base.version,
            version=target.version,
            size_bytes=len(body),
            whole_bytes=target.size_bytes,
        )
