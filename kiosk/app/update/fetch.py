"""A release, fetched in the background: the manifest, then the package, on from where a line broke.

Nothing that comes is believed: the manifest by its signature, the package by its size and SHA-256.
A part that is there already may be of another file, or damaged; then the whole does not have the
right sum, and the next try begins anew.
"""

import hashlib
import os
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, Protocol

import httpx

from kiosk.app.update.manifest import MANIFEST_BYTES_MAX, UpdateRefused

TIMEOUT_S: Final = 30.0
ROOM_FACTOR: Final = 8
"""Of the package's size must be free: itself, unpacked, installed (measured: 373 MB of 86) and
selling's share."""
PART_BYTES: Final = 65_536
_HERE: Final = ("127.0.0.1", "localhost", "::1")


class Wanted(Protocol):
    """A file beside an address, and how it is known."""

    @property
    def package(self) -> str:
        """Its name."""

    @property
    def size_bytes(self) -> int:
        """How long it is."""

    @property
    def sha256(self) -> str:
        """Its sum, hexadecimal."""


class FetchFailed(Exception):
    """It did not come this time; what has come is kept for the next try."""


class Source:
    """Where a supplier's releases are: the address of a manifest, the package beside it."""

    def __init__(self, url: str, ca: Path | None = None) -> None:
        """`ca` is a PEM file of the only authority that is believed; by default Debian's list.

        Raises:
            UpdateRefused: the address is not https, nor on this machine.
        """
        self._url = httpx.URL(url)
        if self._url.scheme != "https" and self._url.host not in _HERE:
            raise UpdateRefused(f"{url}: only https leaves this machine")
        self._context = ssl.create_default_context(cafile=str(ca) if ca else None)

    def manifest(self) -> bytes:
        """Return the published manifest, unchecked.

        Raises:
            FetchFailed: it cannot be had.
        """
        body = b""
        try:
            with self._answer(self._url, {}) as answer:
                _demand_status(answer, httpx.codes.OK)
                for part in answer.iter_bytes(PART_BYTES):
                    body += part
                    if len(body) > MANIFEST_BYTES_MAX:
                        raise FetchFailed(f"{self._url}: too long for a manifest")
        except httpx.HTTPError as error:
            raise FetchFailed(f"{self._url}: {error}") from error
        return body

    def package(self, manifest: Wanted, folder: Path) -> Path:
        """Fetch the package into `folder`, on from what is there, and return it, checked.

        Raises:
            FetchFailed: it cannot be had, or there is no room.
            UpdateRefused: what came is not what was signed; it is thrown away.
        """
        whole = folder / manifest.package
        if whole.exists() and is_it(whole, manifest):
            return whole
        part = folder / f"{manifest.sha256[:16]}.part"
        _demand_room(folder, manifest, part)
        try:
            self._fetch_rest(manifest, part)
        except (httpx.HTTPError, OSError) as error:
            raise FetchFailed(f"{manifest.package}: {error}") from error
        if not is_it(part, manifest):
            part.unlink()
            raise UpdateRefused(f"{manifest.package}: what came is not what was signed")
        part.replace(whole)
        sync(folder)
        return whole

    def _fetch_rest(self, manifest: Wanted, part: Path) -> None:
        url = self._url.join(manifest.package)
        at = part.stat().st_size if part.exists() else 0
        if at >= manifest.size_bytes:
            return
        with self._answer(url, {"Range": f"bytes={at}-"} if at else {}) as answer:
            if at and answer.status_code == httpx.codes.PARTIAL_CONTENT:
                begins = answer.headers.get("Content-Range", "")
                if not begins.startswith(f"bytes {at}-"):
                    raise FetchFailed(f"{url}: another part came than was asked for: {begins!r}")
            else:
                _demand_status(answer, httpx.codes.OK)
                at = 0
            with part.open("r+b" if part.exists() else "wb") as file:
                file.seek(at)
                file.truncate()
                for data in answer.iter_raw(PART_BYTES):
                    at += len(data)
                    if at > manifest.size_bytes:
                        break  # the sum will say that this is not it
                    file.write(data)
                file.flush()
                os.fsync(file.fileno())
        if at < manifest.size_bytes:
            raise FetchFailed(f"{url}: the line broke after {at} of {manifest.size_bytes} bytes")

    @contextmanager
    def _answer(self, url: httpx.URL, headers: dict[str, str]) -> Iterator[httpx.Response]:
        # Not compressed on the way: a range counts the bytes of the file.
        headers = {**headers, "Accept-Encoding": "identity"}
        with (
            httpx.Client(verify=self._context, timeout=TIMEOUT_S, trust_env=False) as client,
            client.stream("GET", url, headers=headers) as answer,
        ):
            yield answer


def is_it(path: Path, manifest: Wanted) -> bool:
    """Whether the file is the very package of the manifest."""
    if path.stat().st_size != manifest.size_bytes:
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == manifest.sha256


def write_whole(path: Path, content: bytes) -> None:
    """Write a small file durably: the old one or the new one, never a part."""
    draft = path.with_name(f".{path.name}.new")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    sync(path.parent)


def forget_all_but(folder: Path, keep: frozenset[str]) -> None:
    """Delete what earlier releases left in the folder."""
    for path in folder.iterdir():
        if path.is_file() and path.name not in keep:
            with suppress(FileNotFoundError):
                path.unlink()


def _demand_status(answer: httpx.Response, wanted: int) -> None:
    if answer.status_code != wanted:
        raise FetchFailed(f"{answer.url}: the server answers {answer.status_code}")


def _demand_room(folder: Path, manifest: Wanted, part: Path) -> None:
    disk = os.statvfs(folder)
    there = part.stat().st_size if part.exists() else 0
    needed = ROOM_FACTOR * manifest.size_bytes - there
    if disk.f_bavail * disk.f_frsize < needed:
        raise FetchFailed(f"{folder}: {needed} bytes must be free for {manifest.package}")


def sync(folder: Path) -> None:
    """Make a folder's list of names durable."""
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
