"""A release that the store has announced, handed on to the one who fetches.

The till hears of it, signed by the fleet; who fetches is another user, who must not read what the
till keeps. So the till leaves a note, which systemd hands over as a credential
(kiosk-update-fetch.service), and a unit that watches the note begins at once. Whoever forges the
note gains nothing: the release has its supplier's signature.
"""

import os
from importlib import metadata
from pathlib import Path
from typing import IO, Final

import msgspec

from kiosk.app.downloads import FetchFailed as NotNoted
from kiosk.app.fetching import NotTaken
from kiosk.app.update.fetch import FetchFailed, Source, forget_all_but, is_it, sync, write_whole
from kiosk.app.update.guard import WORDS, Disk
from kiosk.app.update.manifest import Here, Manifest, demand_fit, read
from kiosk.app.update.waiting import installed_at
from kiosk.telemetry.messages import Notice
from kiosk.telemetry.release_bundle import BadBundle, copy_package, manifest_for

NOTE: Final = "announced.json"
CREDENTIAL: Final = f"announced_{NOTE}"
"""`LoadCredential=announced:` of a folder names each file so."""


class Announced(msgspec.Struct, frozen=True, kw_only=True):
    """The note: what to fetch, and whom to believe on the way."""

    version: str
    url: str
    sha256: str
    size_bytes: int
    authority: str = ""
    """PEM: whose certificate the server must have."""

    @property
    def package(self) -> str:
        """The file's name beside the address, as `Source` wants it."""
        return self.url.rpartition("/")[2]


class ReleaseNote:
    """The till's side: as a fetcher of announcements, but it only leaves the note."""

    def __init__(
        self, authority: Path, installed: tuple[Path, str] | None, words: Path = WORDS
    ) -> None:
        """`installed` is the folder of all versions and the one that runs; None: a source tree."""
        self._path = words / NOTE
        self._authority = authority
        self._disk = Disk(installed[0], words) if installed else None
        self.running = installed[1] if installed else metadata.version("selvkasse")

    def version(self) -> str:
        """Return the version that runs, waits, or was asked for: what need not be asked for."""
        noted = read_note(self._path)
        return noted.version if noted else self.running

    def failed(self) -> str:
        """Return the version that was tried here last and returned from; empty for none."""
        return next(reversed(self._disk.state().failed), "") if self._disk else ""

    def fetch(self, notice: Notice) -> str:
        """Leave the note; what comes of it is in the log of kiosk-update.

        Raises:
            NotTaken: this is a source tree, which nobody updates.
            kiosk.app.downloads.FetchFailed: the note cannot be written.
        """
        if self._disk is None:
            raise NotTaken("this program was not installed, so it cannot be updated")
        try:
            noted = Announced(
                version=notice.version,
                url=notice.url,
                sha256=notice.sha256,
                size_bytes=notice.size_bytes,
                authority=self._authority.read_text("utf-8"),
            )
            self._path.parent.mkdir(exist_ok=True)
            write_whole(self._path, msgspec.json.encode(noted))
        except OSError as error:
            raise NotNoted(f"release {notice.version}: {error}") from error
        return f"release {notice.version} is fetched in the background"


def release_note(authority: Path) -> ReleaseNote:
    """Return the note of the kiosk that runs here."""
    return ReleaseNote(authority, installed_at())


def read_note(path: Path) -> Announced | None:
    """Return what was announced; None when nothing was, or it cannot be read."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Announced)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None


def handed_over() -> Announced | None:
    """Return the note that systemd has handed over; None without one."""
    folder = os.environ.get("CREDENTIALS_DIRECTORY", "")
    return read_note(Path(folder) / CREDENTIAL) if folder else None


def fetch_announced(
    announced: Announced, folder: Path, keys: frozenset[str], at: Here
) -> tuple[Manifest, bytes]:
    """Fetch an announced release into `folder`; return its manifest, and as it was published.

    On from where a line broke. The package lies in the folder, checked.

    Raises:
        FetchFailed: it did not come this time.
        UpdateRefused: it is not to be taken here.
    """
    authority = folder / "announced-ca.pem"
    write_whole(authority, announced.authority.encode())
    source = Source(announced.url, authority if announced.authority else None)
    bundle = source.package(announced, folder)
    try:
        with bundle.open("rb") as file:
            published = manifest_for(file, at.machine)
            manifest = read(published, keys)
            demand_fit(manifest, at)
            _unpack(file, manifest, folder)
    except BadBundle as error:
        raise FetchFailed(f"release {announced.version}: {error}") from error
    forget_all_but(folder, frozenset({manifest.package, bundle.name}))
    return manifest, published


def _unpack(bundle: IO[bytes], manifest: Manifest, folder: Path) -> None:
    whole = folder / manifest.package
    if whole.exists() and is_it(whole, manifest):
        return
    draft = folder / f".{manifest.package}.new"
    with draft.open("wb") as file:
        found = copy_package(bundle, manifest.package, manifest.size_bytes, file)
        if found != manifest.sha256:
            raise BadBundle(f"{manifest.package} is not what was signed")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(whole)
    sync(folder)
