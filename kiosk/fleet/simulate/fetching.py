"""How a simulated kiosk takes up what was announced: fetched over HTTP, held against the sum."""

import hashlib

import httpx
import msgspec

from kiosk.fleet.simulate.wire import Wire
from kiosk.telemetry import messages as m
from kiosk.telemetry.signing import BadSignature
from kiosk.telemetry.topics import Channel

TIMEOUT_S = 30.0


async def fetch(payload: bytes, wire: Wire, versions: dict[str, str]) -> bool:
    """Fetch what is announced and new; write its version into `versions`, return whether it is.

    What is not signed by the fleet, or is not what was signed, is counted and left alone.
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
                body = (await client.get(notice.url)).raise_for_status().content
            except httpx.HTTPError:
                wire.counts["fetches_failed"] += 1
                continue
            if hashlib.sha256(body).hexdigest() == notice.sha256:
                versions[notice.what] = notice.version
                wire.counts["fetched"] += 1
            else:
                wire.counts["fetches_failed"] += 1
    return versions != before
