"""The bytes of what was announced: as a delta where one begins at the file in place, else whole.

The announcement is signed and names address, size and SHA-256, so the way it comes need not be
trusted with its content; it is HTTPS all the same, but for an address on this machine. A delta is
held against its own sum before it is unpacked, and what it makes against that of the whole. One
that does not fit, does not come, or makes something else is no reason to stay behind: the whole
version is fetched instead.
"""

import hashlib
import logging
import os
import ssl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import httpx

from kiosk.telemetry.deltas import BadDelta, patched
from kiosk.telemetry.link import Endpoint
from kiosk.telemetry.messages import Delta, Notice

logger = logging.getLogger(__name__)

TIMEOUT_S: Final = 30.0
SIZE_MAX: Final = 1_000_000_000
ROOM_FACTOR: Final = 3
"""Of its size must be free before a catalog is fetched: selling needs the disk more."""
PART_BYTES: Final = 65_536
_HERE: Final = ("127.0.0.1", "localhost", "::1")


class FetchFailed(Exception):
    """Nothing was put in place. The message says why."""


class Downloads:
    """Fetches with the kiosk's own certificate."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint

    def obtain(self, notice: Notice, draft: Path, base: bytes, most: int = SIZE_MAX) -> None:
        """Write what is announced to `draft`, durable; `base` is what is in place, b"" for none.

        Raises:
            FetchFailed, OSError, httpx.HTTPError: it cannot be had, or is not what was announced.
        """
        if not 0 < notice.size_bytes <= most:
            raise FetchFailed(f"{notice.size_bytes} bytes: expected 1 to {most}")
        room = os.statvfs(draft.parent)
        if room.f_bavail * room.f_frsize < ROOM_FACTOR * notice.size_bytes:
            raise FetchFailed("the disk has no room for it")
        made = self._by_delta(notice, base) if base and notice.deltas else b""
        parts = [made] if made else self._parts(notice.url)
        _write(parts, draft, notice.sha256, notice.size_bytes)

    def _by_delta(self, notice: Notice, base: bytes) -> bytes:
        """Return the announced bytes made of those in place; b"" when no delta does that."""
        here = hashlib.sha256(base).hexdigest()
        delta = next((one for one in notice.deltas if one.base_sha256 == here), None)
        if delta is None:
            return b""
        try:
            made = patched(base, self._whole_of(delta), notice.size_bytes)
            if hashlib.sha256(made).hexdigest() != notice.sha256:
                raise BadDelta("it makes something else")
        except (FetchFailed, BadDelta, httpx.HTTPError) as error:
            logger.warning("telemetry: %s by delta: %s; fetched whole", notice.version, error)
            return b""
        logger.info("telemetry: %s by a delta of %d bytes", notice.version, delta.size_bytes)
        return made

    def _whole_of(self, delta: Delta) -> bytes:
        found = bytearray()
        for part in self._parts(delta.url):
            found += part
            if len(found) > delta.size_bytes:
                break
        if hashlib.sha256(found).hexdigest() != delta.sha256:
            raise FetchFailed(f"what came ({len(found)} bytes) is not what was announced")
        return bytes(found)

    def _parts(self, url: str) -> Iterator[bytes]:
        with self._answer(url) as answer:
            yield from answer.iter_bytes(PART_BYTES)

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


def _write(parts: Iterable[bytes], draft: Path, sha256: str, size_bytes: int) -> None:
    digest, size = hashlib.sha256(), 0
    with draft.open("wb") as file:
        for part in parts:
            size += len(part)
            if size > size_bytes:
                raise FetchFailed(f"longer than the {size_bytes} bytes announced")
            digest.update(part)
            file.write(part)
        file.flush()
        os.fsync(file.fileno())
    if size != size_bytes or digest.hexdigest() != sha256:
        raise FetchFailed(f"what came ({size} bytes) is not what was announced")
