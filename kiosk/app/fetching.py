"""A catalog that the store has announced: fetched, held against what was signed, put in place.

The announcement is signed and names address, size and SHA-256, so the way it comes need not be
trusted with its content; it is HTTPS all the same, but for an address on this machine. The file
takes the old one's place by a rename, after this program has opened it once: so a cut line, a full
disk or a power cut leaves the catalog that was there. The engine takes a new one up between two
messages, and lines of a sale under way keep their own prices.

Configuration is not taken from afar: it belongs to root, and the kiosk's own user cannot write it.
"""

import hashlib
import json
import logging
import os
import random
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import httpx
import msgspec

from kiosk.catalog import Catalog, CatalogError
from kiosk.telemetry.errands import Errands
from kiosk.telemetry.link import Endpoint
from kiosk.telemetry.messages import Announce, Notice
from kiosk.telemetry.signing import BadSignature, Trust

logger = logging.getLogger(__name__)

CATALOG: Final = "catalog"
SPREAD_S: Final = 60.0
"""Within so much time all kiosks begin that were told at once."""
AGAIN_S: Final = 600.0
TIMEOUT_S: Final = 30.0
SIZE_MAX: Final = 1_000_000_000
ROOM_FACTOR: Final = 3
"""Of its size must be free before a catalog is fetched: selling needs the disk more."""
_HERE: Final = ("127.0.0.1", "localhost", "::1")


class FetchFailed(Exception):
    """Nothing was put in place. The message says why."""


class Fetcher:
    """Fetches into one kiosk's data folder. Of one thread."""

    def __init__(self, catalog: Path, endpoint: Endpoint) -> None:
        self._catalog = catalog
        self._endpoint = endpoint
        self._note = catalog.with_name("catalog-fetched.json")

    def version(self) -> str:
        """Return the version by which the catalog in place was announced; empty when by none."""
        try:
            noted = json.loads(self._note.read_bytes())
            facts = self._catalog.stat()
        except (OSError, ValueError):
            return ""
        is_it = noted.get("file") == [facts.st_ino, facts.st_mtime_ns]
        return str(noted.get("version", "")) if is_it else ""

    def fetch(self, notice: Notice) -> str:
        """Put an announced catalog in place; return what came of it, in words.

        Raises:
            FetchFailed: it cannot be had, or is not what was announced.
        """
        if notice.version == self.version():
            return f"catalog {notice.version} is in place already"
        if notice.base_version:
            raise FetchFailed("a delta was announced, and only whole catalogs are taken")
        draft = self._catalog.with_name(f"{self._catalog.name}.fetched")
        try:
            self._download(notice, draft)
            _open_once(draft)
            facts = draft.stat()
            note = {"version": notice.version, "file": [facts.st_ino, facts.st_mtime_ns]}
            # First the note, which names this very file: without the file it means nothing.
            self._note.write_text(json.dumps(note))
            draft.replace(self._catalog)
            _sync(self._catalog.parent)
        except (OSError, httpx.HTTPError, CatalogError) as error:
            raise FetchFailed(f"catalog {notice.version}: {error}") from error
        finally:
            with suppress(FileNotFoundError):
                draft.unlink()
        logger.info("telemetry: catalog %s is in place", notice.version)
        return f"catalog {notice.version} is in place"

    def _download(self, notice: Notice, draft: Path) -> None:
        """Write what is announced to `draft`, durable, or raise."""
        if not 0 < notice.size_bytes <= SIZE_MAX:
            raise FetchFailed(f"{notice.size_bytes} bytes are no catalog")
        room = os.statvfs(draft.parent)
        if room.f_bavail * room.f_frsize < ROOM_FACTOR * notice.size_bytes:
            raise FetchFailed("the disk has no room for it")
        digest, size = hashlib.sha256(), 0
        with draft.open("wb") as file:
            for part in self._parts(notice.url):
                size += len(part)
                if size > notice.size_bytes:
                    raise FetchFailed(f"longer than the {notice.size_bytes} bytes announced")
                digest.update(part)
                file.write(part)
            file.flush()
            os.fsync(file.fileno())
        if size != notice.size_bytes or digest.hexdigest() != notice.sha256:
            raise FetchFailed(f"what came ({size} bytes) is not what was announced")

    @contextmanager
    def _answer(self, url: str) -> Iterator[httpx.Response]:
        address = httpx.URL(url)
        if address.scheme != "https" and address.host not in _HERE:
            raise FetchFailed(f"{address.scheme}: only https leaves this machine")
        context = ssl.create_default_context(cafile=str(self._endpoint.ca))
        context.load_cert_chain(self._endpoint.certificate, self._endpoint.key)
        with (
            httpx.Client(verify=context, timeout=TIMEOUT_S, trust_env=False) as client,
            client.stream("GET", url) as answer,
        ):
            if answer.status_code != httpx.codes.OK:
                raise FetchFailed(f"the server answers {answer.status_code}")
            yield answer

    def _parts(self, url: str) -> Iterator[bytes]:
        with self._answer(url) as answer:
            yield from answer.iter_bytes(65_536)


class Announced:
    """What the store has announced: fetched soon, each kiosk of a chain at a moment of its own."""

    def __init__(
        self, trust: Trust, fetcher: Fetcher, errands: Errands, chance: random.Random
    ) -> None:
        self._trust = trust
        self._fetcher = fetcher
        self._errands = errands
        self._chance = chance
        self._newest: dict[str, Notice] = {}
        self._timer: threading.Timer | None = None

    def version(self) -> str:
        """Return the announced version that is in place; empty when there is none."""
        return self._fetcher.version()

    def heard(self, announce: Announce) -> None:
        """Take an announcement; called from telemetry's thread, so nothing is fetched here."""
        try:
            notices = self._trust.notices(announce)
        except (BadSignature, msgspec.ValidationError) as error:
            logger.warning("telemetry: an announcement is not believed: %s", error)
            return
        self._newest = {notice.what: notice for notice in reversed(notices)}
        notice = self._newest.get(CATALOG)
        if notice is not None and notice.version != self._fetcher.version():
            self._later(self._chance.uniform(0, SPREAD_S))

    def fetch(self, what: str) -> str:
        """Fetch what was announced last, now; raises FetchFailed."""
        notice = self._newest.get(what)
        if notice is None or what != CATALOG:
            return f"nothing is announced for {what}"
        return self._fetcher.fetch(notice)

    def stop(self) -> None:
        """Fetch no more."""
        if self._timer is not None:
            self._timer.cancel()

    def _later(self, seconds: float) -> None:
        self.stop()
        self._timer = threading.Timer(seconds, lambda: self._errands.background(self._try))
        self._timer.daemon = True
        self._timer.start()

    def _try(self) -> None:
        try:
            self.fetch(CATALOG)
        except FetchFailed as error:
            logger.warning("telemetry: %s; tried again later", error)
            self._later(self._chance.uniform(AGAIN_S / 2, AGAIN_S))


def _open_once(path: Path) -> None:
    Catalog.open(path).close()


def _sync(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
