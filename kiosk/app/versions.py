"""What this kiosk runs and sells by, as the store hears of it with each birth."""

import hashlib
import platform
import ssl
from collections.abc import Callable, Iterable
from typing import Final

from kiosk.app.config import Config
from kiosk.app.update.announced import ReleaseNote
from kiosk.catalog import Catalog, CatalogError

TEXT_CHARS: Final = 80


class Versions:
    """Versions by what they are of: software, catalog, settings, and what lies under them.

    `announced_catalog` says which announced version of the catalog is in place, or nothing.
    """

    def __init__(
        self, config: Config, release: ReleaseNote, announced_catalog: Callable[[], str]
    ) -> None:
        self._config = config
        self._release = release
        self._announced_catalog = announced_catalog
        self._catalog_seen: tuple[object, str] = (None, "")
        """Which file was looked into, and the version that it says it has."""
        self._own_file_seen: str | None = None

    def now(self, terminals: Iterable[str]) -> dict[str, str]:
        """Return them all; `terminals` say of their programs what they like."""
        return {
            "software": self._release.running,
            "software_failed": self._release.failed(),
            "python": platform.python_version(),
            "os": _operating_system(),
            "catalog": self._catalog(),
            "config": self._config.settings_version or self._own_file(),
            "terminal": ", ".join(terminals)[:TEXT_CHARS],
            "openssl": ssl.OPENSSL_VERSION,
        }

    def _own_file(self) -> str:
        """Return `own:1f2e3d4c`: what tells one file from another where the store set nothing.

        No version of the store's has a colon. Of the file as it was read at the start.
        """
        if self._own_file_seen is None:
            try:
                content = self._config.source.read_bytes() if self._config.source else b""
            except OSError:
                content = b""
            digest = hashlib.sha256(content).hexdigest()[:8]
            self._own_file_seen = f"own:{digest}" if content else ""
        return self._own_file_seen

    def _catalog(self) -> str:
        """Return the version of the catalog in place: as announced, or else its own."""
        path = self._config.catalog_path
        try:
            facts = path.stat()
            seen = (facts.st_ino, facts.st_mtime_ns)
            if version := self._announced_catalog():
                return version
            if self._catalog_seen[0] != seen:
                catalog = Catalog.open(path)
                self._catalog_seen = (seen, catalog.version)
                catalog.close()
        except (OSError, CatalogError):
            return ""
        return self._catalog_seen[1]


def _operating_system() -> str:
    try:
        name = platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        name = platform.system()
    return f"{name}, {platform.machine()}"[:TEXT_CHARS]
