"""Server-sent events from the feed, for one caller and perhaps one store.

Reference:
    HTML Living Standard, "Server-sent events" (fields `id`, `event`, `data`; comments).
"""

import asyncio
from collections.abc import AsyncIterator, Iterable
from typing import Any, Final

import msgspec

from kiosk.fleet.access.rights import Caller, stores_of
from kiosk.fleet.live.feed import Frame
from kiosk.fleet.server import Fleet

PING_S: Final = 10.0
RECHECK_S: Final = 30.0
"""How often a stream asks whether its session still stands; at once when anybody's ended here."""


async def frames(
    fleet: Fleet, caller: Caller, token: str, store: str, position: str
) -> AsyncIterator[bytes]:
    """Yield events until the browser leaves or the session ends."""
    feed = fleet.feed
    own = (store,) if store else stores_of(caller.user)
    number = feed.number_of(position) if position else None
    lost = bool(position) and number is None
    if number is None:
        number = feed.number_of(feed.position()) or 0
    waker = feed.listen()
    try:
        hello = {"position": f"{feed.epoch}-{number}", "at": fleet.now().isoformat()}
        yield _event("hello", hello, hello["position"])
        if lost:
            yield _event("reset", {}, hello["position"])
        checked, changes = fleet.clock(), fleet.sessions.changes
        while not fleet.stopping:
            if fleet.clock() - checked > RECHECK_S or changes != fleet.sessions.changes:
                checked, changes = fleet.clock(), fleet.sessions.changes
                found = await asyncio.to_thread(fleet.sessions.find, token, caller.address)
                if found is None or found.user != caller.user:
                    return
            waker.clear()
            missed = feed.after(number)
            if missed is None:  # a browser that reads more slowly than the fleet changes
                number = feed.newest
                yield _event("reset", {}, f"{feed.epoch}-{number}")
                continue
            for frame in missed:
                number = frame.number
                if items := _visible(frame, own):
                    yield _event(frame.kind, items, f"{feed.epoch}-{number}")
            if missed:
                continue
            try:
                await asyncio.wait_for(waker.wait(), PING_S)
            except TimeoutError:
                yield b": still here\n\n"
    finally:
        feed.leave(waker)


def _visible(frame: Frame, own: Iterable[str] | None) -> list[dict[str, Any]]:
    if own is None:
        return list(frame.items)
    wanted = tuple(f"{one}/" for one in own)
    return [item for item in frame.items if _store_of(item).startswith(wanted)]


def _store_of(item: dict[str, Any]) -> str:
    return f"{item.get('key') or item.get('store_key') or ''}/"


def _event(kind: str, data: Any, position: str) -> bytes:
    # JSON of msgspec has no line breaks, so one data line is all of it.
    return b"id: %s\nevent: %s\ndata: %s\n\n" % (
        position.encode(),
        kind.encode(),
        msgspec.json.encode(data),
    )
