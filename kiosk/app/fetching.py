"""What the store has announced, a catalog or settings: fetched, held against what was signed.

What comes (`kiosk.app.downloads`), whole or as a delta, is the very file that was signed. It takes
the old one's place by a rename, after this program has opened it once: so a cut line, a full disk
or a power cut leaves the catalog that was there. The engine takes a new one up between two
messages, and lines of a sale under way keep their own prices.

Settings (`kiosk.app.store_settings`) are tried on the kiosk's own file before they take the place
of the old ones, and the program starts again with them when nobody is served. Those that do not fit
are told with all their mistakes, and not fetched again until others are announced.
"""

import json
import logging
import os
import random
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final, Protocol

import httpx
import msgspec

from kiosk.app.config import ConfigError
from kiosk.app.downloads import Downloads, FetchFailed
from kiosk.app.store_settings import (
    SettingsRefused,
    StoreSettings,
    keep,
    kept_in,
    with_settings,
)
from kiosk.catalog import Catalog, CatalogError
from kiosk.telemetry.deltas import BYTES_MAX as DELTA_BYTES_MAX
from kiosk.telemetry.errands import Errands
from kiosk.telemetry.messages import Announce, Notice
from kiosk.telemetry.settings import SETTINGS_BYTES_MAX
from kiosk.telemetry.signing import BadSignature, Trust

logger = logging.getLogger(__name__)

CATALOG: Final = "catalog"
CONFIG: Final = "config"
SOFTWARE: Final = "software"
SPREAD_S: Final = 60.0
"""Within so much time all kiosks begin that were told at once."""
AGAIN_S: Final = 600.0


class NotTaken(FetchFailed):
    """It came whole and does not fit here: trying again does not help."""


class Fetcher:
    """Fetches into one kiosk's data folder. Of one thread."""

    def __init__(self, catalog: Path, downloads: Downloads) -> None:
        self._catalog = catalog
        self._downloads = downloads
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
        draft = self._catalog.with_name(f"{self._catalog.name}.fetched")
        try:
            self._downloads.obtain(notice, draft, self._base())
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

    def _base(self) -> bytes:
        """Return the catalog in place, for a delta to change; nothing where there cannot be one."""
        try:
            short = self._catalog.stat().st_size <= DELTA_BYTES_MAX
            return self._catalog.read_bytes() if short else b""
        except OSError:
            return b""


class SettingsFetcher:
    """Fetches the store's settings into the data folder, once they fit the kiosk's own file."""

    def __init__(self, own_file: Path | None, folder: Path, downloads: Downloads) -> None:
        self._own_file = own_file
        self._folder = folder
        self._downloads = downloads

    def version(self) -> str:
        """Return the version in place, in use or not yet; empty for none."""
        kept = self._kept()
        return kept.version if kept is not None else ""

    def _kept(self) -> StoreSettings | None:
        try:
            return kept_in(self._folder)
        except SettingsRefused:
            return None

    def fetch(self, notice: Notice) -> str:
        """Put announced settings in place; return what came of it, in words.

        Raises:
            NotTaken: they do not fit this kiosk: every mistake, one a line. The old ones stand.
            FetchFailed: they cannot be had, or are not what was announced.
        """
        if notice.version == self.version():
            return f"config {notice.version} is in place already"
        if self._own_file is None:
            raise NotTaken("this kiosk has no file that settings could be laid over")
        draft = self._folder / "store-settings.fetched"
        try:
            kept = self._kept()
            base = kept.text.encode() if kept is not None else b""
            self._downloads.obtain(notice, draft, base, SETTINGS_BYTES_MAX)
            settings = StoreSettings(notice.version, draft.read_bytes().decode())
            with_settings(self._own_file, settings)
            keep(self._folder, settings)
        except (SettingsRefused, ConfigError, UnicodeDecodeError) as error:
            raise NotTaken(f"config {notice.version}: {error}") from error
        except (OSError, httpx.HTTPError) as error:
            raise FetchFailed(f"config {notice.version}: {error}") from error
        finally:
            with suppress(FileNotFoundError):
                draft.unlink()
        logger.info("telemetry: config %s is in place", notice.version)
        return f"config {notice.version} is in place, and in use when nobody is served"


class TakesNotices(Protocol):
    """One kind of what is announced."""

    def version(self) -> str:
        """Return the version that need not be fetched any more; empty for none."""

    def fetch(self, notice: Notice) -> str:
        """Put it in place, or see to it; FetchFailed, or NotTaken when trying again is no use."""


class Announced:
    """What the store has announced: fetched soon, each kiosk of a chain at a moment of its own."""

    def __init__(
        self,
        trust: Trust,
        fetchers: Mapping[str, TakesNotices],
        errands: Errands,
        chance: random.Random,
        *,
        settings_in_use: str = "",
    ) -> None:
        self._trust = trust
        self._fetchers = fetchers
        self._one_at_a_time = threading.Lock()
        self._errands = errands
        self._chance = chance
        self._settings_in_use = settings_in_use
        self._newest: dict[str, Notice] = {}
        self._not_taken: set[str] = set()
        """SHA-256 of what does not fit here."""
        self._timer: threading.Timer | None = None

    def version(self, what: str) -> str:
        """Return the announced version that is in place; empty when there is none."""
        return self._fetchers[what].version()

    def heard(self, announce: Announce) -> None:
        """Take an announcement; called from telemetry's thread, so nothing is fetched here."""
        try:
            notices = self._trust.notices(announce)
        except (BadSignature, msgspec.ValidationError) as error:
            logger.warning("telemetry: an announcement is not believed: %s", error)
            return
        self._newest = {notice.what: notice for notice in reversed(notices)}
        if self._wanted():
            self._later(self._chance.uniform(0, SPREAD_S))

    def fetch(self, what: str) -> str:
        """Fetch what was announced last, now; raises FetchFailed."""
        notice = self._newest.get(what)
        if notice is None or what not in self._fetchers:
            return f"nothing is announced for {what}"
        # An operator's order and our own timer may come at once, and write the same files.
        with self._one_at_a_time:
            before = self.version(what)
            try:
                words = self._fetchers[what].fetch(notice)
            except NotTaken:
                self._not_taken.add(notice.sha256)
                raise
            after = self.version(what)
        if what == CONFIG and after not in (before, self._settings_in_use):
            self._errands.restart_when_idle()
        return words

    def stop(self) -> None:
        """Fetch no more."""
        if self._timer is not None:
            self._timer.cancel()

    def _wanted(self) -> list[str]:
        """Return what is announced, not in place, and not known to be unfit."""
        return [
            what
            for what, notice in self._newest.items()
            if what in self._fetchers
            and notice.version != self.version(what)
            and notice.sha256 not in self._not_taken
        ]

    def _later(self, seconds: float) -> None:
        self.stop()
        self._timer = threading.Timer(seconds, lambda: self._errands.background(self._try))
        self._timer.daemon = True
        self._timer.start()

    def _try(self) -> None:
        for what in self._wanted():
            try:
                self.fetch(what)
            except NotTaken as error:
                logger.error("telemetry: %s", error)
            except FetchFailed as error:
                logger.warning("telemetry: %s; tried again later", error)
        if self._wanted():
            self._later(self._chance.uniform(AGAIN_S / 2, AGAIN_S))


def _open_once(path: Path) -> None:
    Catalog.open(path).close()


def _sync(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
