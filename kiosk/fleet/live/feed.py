"""What changed, for all streams: a ring of numbered changes that each stream reads at its own pace.

A browser that was away says where it stood; what the ring still holds it gets, else it is told to
begin anew. Changes of kiosks are gathered for a moment, field by field; calls for people are not.
"""

import asyncio
import secrets
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

RING: Final = 20_000
ITEMS_MAX: Final = 60_000
"""Frames, and changes in all of them, that are kept for browsers that come back: some 30 MB, of
however many kiosks the fleet has. In a large one that is less of the past."""
GATHER_S: Final = 0.05


@dataclass(frozen=True, slots=True)
class Frame:
    """One change, or one moment's changes of kiosks."""

    number: int
    kind: str
    items: tuple[dict[str, Any], ...]
    """Each with `key` or `store_key`."""


class Feed:
    """Takes changes from any thread, gives them to the loop's streams."""

    def __init__(self) -> None:
        self.epoch = secrets.token_hex(4)
        self._frames: deque[Frame] = deque()
        self._items = 0
        self._number = 0
        self._pending: dict[str, dict[str, Any]] = {}
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._wakers: set[asyncio.Event] = set()
        self._scheduled = False

    def attach(self, loop: asyncio.AbstractEventLoop) -> None:
        """Say which loop serves the streams."""
        self._loop = loop

    def position(self) -> str:
        """Return where the newest change stands, as an event id."""
        with self._lock:
            return f"{self.epoch}-{self._number}"

    @property
    def newest(self) -> int:
        """The number of the newest change."""
        with self._lock:
            return self._number

    def number_of(self, position: str) -> int | None:
        """Return the number behind a position; None when its changes are not all here any more."""
        epoch, _, number = position.partition("-")
        if epoch != self.epoch or not number.isdecimal() or len(number) > 15:
            return None
        with self._lock:
            oldest = self._frames[0].number if self._frames else self._number + 1
            fits = oldest - 1 <= int(number) <= self._number
        return int(number) if fits else None

    def changed(self, key: str, fields: Mapping[str, Any]) -> None:
        """Say that fields of a kiosk's row changed; told together with others in a moment."""
        with self._lock:
            self._pending.setdefault(key, {"key": key}).update(fields)
            if self._scheduled or self._loop is None:
                return
            self._scheduled = True
            loop = self._loop
        self._call(loop, lambda: loop.call_later(GATHER_S, self._flush))

    def say(self, kind: str, item: dict[str, Any]) -> None:
        """Say something at once."""
        with self._lock:
            self._add(kind, (item,))
            loop = self._loop
        if loop is not None:
            self._call(loop, self._wake)

    def after(self, number: int) -> list[Frame] | None:
        """Return the frames after a number; None when some of them are gone."""
        with self._lock:
            missed = self._number - number
            if missed <= 0:
                return []
            if missed > len(self._frames):
                return None
            if missed > len(self._frames) // 2:
                return [frame for frame in self._frames if frame.number > number]
            newest = [self._frames[-1 - back] for back in range(missed)]
        return newest[::-1]

    def listen(self) -> asyncio.Event:
        """Return an event that is set with each change; give it back with `leave`."""
        waker = asyncio.Event()
        self._wakers.add(waker)
        return waker

    def leave(self, waker: asyncio.Event) -> None:
        """Stop listening."""
        self._wakers.discard(waker)

    @property
    def listeners(self) -> int:
        """How many streams are open."""
        return len(self._wakers)

    def _flush(self) -> None:
        with self._lock:
            items, self._pending = tuple(self._pending.values()), {}
            self._scheduled = False
            if items:
                self._add("kiosks", items)
        self._wake()

    def _add(self, kind: str, items: tuple[dict[str, Any], ...]) -> None:
        self._number += 1
        self._frames.append(Frame(self._number, kind, items))
        self._items += len(items)
        # The newest stays, however much it says at once.
        while len(self._frames) > 1 and (self._items > ITEMS_MAX or len(self._frames) > RING):
            self._items -= len(self._frames.popleft().items)

    def _wake(self) -> None:
        for waker in self._wakers:
            waker.set()

    @staticmethod
    def _call(loop: asyncio.AbstractEventLoop, what: Callable[[], object]) -> None:
        try:
            loop.call_soon_threadsafe(what)
        except RuntimeError:
            return  # The loop is closed: the server stops, nobody listens.
