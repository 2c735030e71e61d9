"""The connection to the broker: one at a time, thrown away whole, and tried again later and later.

It is asked for at `due_ns`, has `LETTING_IN_S` to let us in, and is told of once when it is lost.
"""

import logging
import random
from collections.abc import Callable
from typing import Final

from kiosk.engine.clock import NS_PER_S, Clock
from kiosk.telemetry.backoff import Backoff
from kiosk.telemetry.link import Endpoint, Link, LinkError

logger = logging.getLogger(__name__)

LETTING_IN_S: Final = 10.0
"""How long the broker may take to let us in."""


class Connection:
    """The link of now, if there is one, and when to try the next. Of one thread."""

    def __init__(
        self, endpoint: Endpoint, client_id: str, clock: Clock, chance: random.Random
    ) -> None:
        self.link: Link | None = None
        self.is_in = False
        """Whether the broker has let us in."""
        self.was_lost = False
        self._endpoint = endpoint
        self._client_id = client_id
        self._clock = clock
        self._backoff = Backoff(chance)
        self._due_ns = 0
        """When to try again, or until when the broker may take to let us in."""

    def open_when_due(self, will_topic: str, will: Callable[[], bytes]) -> None:
        """Begin to connect when it is time; `will` is what the broker says when we are gone."""
        if self.link is not None or not self._is_due():
            return
        link = Link(self._endpoint, self._client_id)
        try:
            link.open(will_topic, will())
        except LinkError as error:
            self.drop(str(error))
            return
        self.link = link
        self._due_ns = self._in(LETTING_IN_S)

    def let_in(self) -> None:
        """The broker has let us in: waits begin small again."""
        self.is_in, self.was_lost = True, False
        self._backoff.reset()

    def drop(self, why: str, *, again_s: float | None = None) -> None:
        """Forget the link, say so once, and try again after `again_s`, or as the backoff has it."""
        if not self.was_lost:
            logger.warning("telemetry: no broker: %s", why)
        self.was_lost = True
        self.forget()
        self._due_ns = self._in(self._backoff.next_s() if again_s is None else again_s)

    def forget(self) -> None:
        """Let go of the link without a word."""
        self.link, self.is_in = None, False

    @property
    def is_late(self) -> bool:
        """Whether the broker has taken too long to let us in."""
        return self.link is not None and not self.is_in and self._is_due()

    @property
    def due_ns(self) -> int | None:
        """When to look at it again; None while it is up."""
        return None if self.is_in else self._due_ns

    def _is_due(self) -> bool:
        return self._clock.monotonic_ns() >= self._due_ns

    def _in(self, seconds: float) -> int:
        return self._clock.monotonic_ns() + round(seconds * NS_PER_S)
