"""How a simulated kiosk takes up what was announced: by delta or whole, held against the sums."""

import asyncio
import hashlib

import httpx
import msgspec

from kiosk.fleet.simulate.wire import Wire
from kiosk.telemetry import messages as m
from kiosk.telemetry.deltas import BadDelta, patched
from kiosk.telemetry.signing import BadSignature
from kiosk.telemetry.topics import Channel

TIMEOUT_S = 30.0


class NotWhatWasSigned(Exception):
    """What came has another sum."""


async def fetch(payload: bytes, wire: Wire, versions: dict[str, str], held: dict[str, str]) -> bool:
    """Fetch what is announced and new; write its version into `versions`, return whether it is.

    `held` has the SHA-256 of what is in place. What is not signed by the fleet, or is not what was
    signed, is counted and left alone.
    """
    if not payload or wire.trust is None:
        return False
    try:
        message = m.decode(Channel.ANNOUNCE, payload)
        notices = wire.trust.notices(message) if isinstance(message, m.Announce) else []
    except (m.Junk, m.OtherMajor, BadSignature, msgspec.ValidationError):
        wire.counts["announcements_refused"] += 1
        return False
    before = dict(versions)
    async with httpx.AsyncClient(verify=wire.tls or True, timeout=TIMEOUT_S) as client:
        for notice in notices:
            if versions.get(notice.what) == notice.version:
                continue
            try:
                await _take(client, notice, wire, held.get(notice.what, ""))
            except (httpx.HTTPError, NotWhatWasSigned):
                wire.counts["fetches_failed"] += 1
                continue
            versions[notice.what], held[notice.what] = notice.version, notice.sha256
            wire.counts["fetched"] += 1
    return versions != before


async def _take(client: httpx.AsyncClient, notice: m.Notice, wire: Wire, base: str) -> None:
    delta = next((one for one in notice.deltas if one.base_sha256 == base), None)
    if delta is not None and base in wire.files:
        try:
            body = await _get(client, delta.url, delta.sha256, wire)
            if notice.sha256 not in wire.files:
                whole = await asyncio.to_thread(patched, wire.files[base], body, notice.size_bytes)
                _check(whole, notice.sha256)
                wire.files[notice.sha256] = whole
            wire.counts["fetched_by_delta"] += 1
        except (httpx.HTTPError, BadDelta, NotWhatWasSigned):
            wire.counts["deltas_failed"] += 1
        else:
            return
    wire.files[notice.sha256] = await _get(client, notice.url, notice.sha256, wire)


async def _get(client: httpx.AsyncClient, url: str, sha256: str, wire: Wire) -> bytes:
    body = (await client.get(url)).raise_for_status().content
    wire.counts["fetched_bytes"] += len(body)
    _check(body, sha256)
    return body


def _check(body: bytes, sha256: str) -> None:
    if hashlib.sha256(body).hexdigest() != sha256:
        raise NotWhatWasSigned
