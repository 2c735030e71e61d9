"""Versions of catalog and configuration: files named by their SHA-256, and a table of them."""

import hashlib
import io
import os
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Row, insert, select

from kiosk.fleet.access.audit import record
from kiosk.fleet.access.rights import Caller
from kiosk.fleet.api.more_types import Snapshot, SnapshotKind
from kiosk.fleet.live.picture import Picture
from kiosk.fleet.store import tables as t
from kiosk.fleet.store.database import Database
from kiosk.fleet.times import text_of, us_of
from kiosk.telemetry.release_bundle import BadBundle, demand_whole
from kiosk.telemetry.settings import SETTINGS_BYTES_MAX, parsed

SIZE_MAX: Final = 512 * 1024 * 1024
SQLITE_MAGIC: Final = b"SQLite format 3\x00"
SHA256: Final = re.compile(r"[0-9a-f]{64}")


class SnapshotRefused(Exception):
    """It is not what it says. The message says what was expected."""


class SnapshotExists(Exception):
    """The version is there with another content: a version never changes."""


class Snapshots:
    """Keeps versions and gives them out."""

    def __init__(
        self, database: Database, folder: Path, picture: Picture, now: Callable[[], datetime]
    ) -> None:
        self._database = database
        self.folder = folder
        self._picture = picture
        self._now = now

    def add(
        self, kind: SnapshotKind, version: str, body: bytes, note: str, *, by: Caller
    ) -> Snapshot:
        """Keep a version; the same again changes nothing.

        Raises:
            SnapshotRefused: the content is not a catalog, or not a configuration.
            SnapshotExists: that version has another content.
        """
        _check(kind, version, body)
        sha256 = hashlib.sha256(body).hexdigest()
        keep(self.folder, sha256, body)
        s, at_us = t.snapshot.c, us_of(self._now())
        which = select(t.snapshot).where(s.kind == kind.value, s.version == version)
        with self._database.write() as db:
            row = db.execute(which).one_or_none()
            if row is not None and row.sha256 != sha256:
                raise SnapshotExists(f"{kind.value} {version} is there with another content")
            if row is None:
                values = {
                    "kind": kind.value,
                    "version": version,
                    "sha256": sha256,
                    "size_bytes": len(body),
                    "note": note,
                    "uploaded_by": by.user.name,
                    "uploaded_us": at_us,
                }
                db.execute(insert(t.snapshot).values(**values))
                record(db, at_us, f"{kind.value}_uploaded", version, by=by, sha256=sha256)
                row = db.execute(which).one()
        return self._snapshot(row)

    def find(self, kind: SnapshotKind, version: str) -> Snapshot | None:
        """Return a version."""
        s = t.snapshot.c
        query = select(t.snapshot).where(s.kind == kind.value, s.version == version)
        with self._database.read() as db:
            row = db.execute(query).one_or_none()
        return self._snapshot(row) if row else None

    def newest(self, kind: SnapshotKind | None, limit: int) -> list[Snapshot]:
        """Return versions, newest first."""
        query = select(t.snapshot).order_by(t.snapshot.c.uploaded_us.desc()).limit(limit)
        if kind is not None:
            query = query.where(t.snapshot.c.kind == kind.value)
        with self._database.read() as db:
            return [self._snapshot(row) for row in db.execute(query)]

    def path(self, sha256: str) -> Path | None:
        """Return the file with this sum."""
        if not SHA256.fullmatch(sha256):
            return None
        path = self.folder / sha256
        return path if path.is_file() else None

    def _snapshot(self, row: Row[Any]) -> Snapshot:
        running = sum(one[row.kind] == row.version for one in self._picture.rows())
        return Snapshot(
            version=row.version,
            kind=SnapshotKind(row.kind),
            sha256=row.sha256,
            size_bytes=row.size_bytes,
            note=row.note,
            uploaded_by=row.uploaded_by,
            uploaded_at=text_of(row.uploaded_us),
            running=running,
        )


def _check(kind: SnapshotKind, version: str, body: bytes) -> None:
    if not 0 < len(body) <= SIZE_MAX:
        raise SnapshotRefused(f"{len(body)} bytes: expected 1 to {SIZE_MAX}")
    if kind is SnapshotKind.CATALOG and not body.startswith(SQLITE_MAGIC):
        raise SnapshotRefused("no catalog: expected the file that `kiosk catalog import` makes")
    if kind is SnapshotKind.CONFIG:
        _check_settings(body)
    if kind is SnapshotKind.SOFTWARE:
        try:
            demand_whole(io.BytesIO(body), version)
        except BadBundle as error:
            raise SnapshotRefused(str(error)) from error


def _check_settings(body: bytes) -> None:
    if len(body) > SETTINGS_BYTES_MAX:
        raise SnapshotRefused(f"{len(body)} bytes: expected {SETTINGS_BYTES_MAX} at most")
    try:
        _, mistakes = parsed(body.decode())
    except UnicodeDecodeError as error:
        raise SnapshotRefused("it is not UTF-8 text") from error
    if mistakes:
        raise SnapshotRefused("\n".join(mistakes))


def keep(folder: Path, sha256: str, body: bytes) -> None:
    """Write a file under its SHA-256, whole or not at all, durable."""
    if (folder / sha256).exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f"{sha256}.{os.getpid()}.new"
    with draft.open("wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(folder / sha256)
