"""Who says what where: `selvkasse/v1/{tenant}/{store}/{kiosk}/{channel}`, one tree for each kiosk.

The address in the topic is the sender's, vouched for by the broker: a client writes only under the
name in its certificate. So no message repeats it, and what a body claims about its sender would
mean nothing.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

ROOT: Final = "selvkasse"
MAJOR: Final = 1
PREFIX: Final = f"{ROOT}/v{MAJOR}"
ID: Final = re.compile(r"[a-z0-9-]{1,40}")
"""A tenant, a store, a kiosk: no separators, no wildcards, the same on every file system."""
ADDRESS_MAX: Final = 64
"""Characters of the whole address, which is a certificate's common name (X.520, ub-common-name)."""
INTERVENTION_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,80}")


class Channel(StrEnum):
    """The last part of a topic. What a kiosk writes, then what it reads."""

    BIRTH = "birth"
    """Retained: versions and abilities, once for each connection."""
    STATE = "state"
    """Retained: how the kiosk stands now; the last will says that it is lost."""
    HEALTH = "health"
    EVENTS = "events"
    INTERVENTION = "intervention"
    """One retained topic for each that is open, with its id as one more level."""
    REPLY = "reply"
    SHELF = "shelf"
    """Requests to the store's shelf of sales set aside; answered, not stored."""
    COMMAND = "command"
    ANNOUNCE = "announce"
    """Retained; also one level higher, for all kiosks of a store."""
    SHELF_ANSWER = "shelf_answer"


FROM_KIOSK: Final = (
    Channel.BIRTH,
    Channel.STATE,
    Channel.HEALTH,
    Channel.EVENTS,
    Channel.INTERVENTION,
    Channel.REPLY,
    Channel.SHELF,
)
TO_KIOSK: Final = (Channel.COMMAND, Channel.ANNOUNCE, Channel.SHELF_ANSWER)
STORED: Final = tuple(channel for channel in FROM_KIOSK if channel is not Channel.SHELF)
"""What is told for good. Who listens to the shelf answers it: nobody else may seem to."""


class BadTopic(ValueError):
    """A topic that is not ours, or an id that cannot stand in one. The message says which."""


@dataclass(frozen=True, slots=True, order=True)
class Address:
    """One kiosk in the world.

    Raises:
        BadTopic: if a part is not 1 to 40 of a-z, 0-9 and "-", or all are over 64 together.
    """

    tenant: str
    store: str
    kiosk: str

    def __post_init__(self) -> None:
        for name, value in (("tenant", self.tenant), ("store", self.store), ("kiosk", self.kiosk)):
            if not ID.fullmatch(value):
                raise BadTopic(f"{name} {value!r}: expected 1 to 40 of a-z, 0-9 and -")
        if len(str(self)) > ADDRESS_MAX:
            raise BadTopic(f"{self}: expected at most {ADDRESS_MAX} characters in all")

    def __str__(self) -> str:
        return f"{self.tenant}/{self.store}/{self.kiosk}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the address that `str` made, which is also the name in the certificate."""
        parts = text.split("/")
        if len(parts) != 3:
            raise BadTopic(f"{text!r} is not tenant/store/kiosk")
        return cls(*parts)

    def topic(self, channel: Channel) -> str:
        """Return the topic of one of the kiosk's channels."""
        return f"{PREFIX}/{self}/{channel}"

    def intervention(self, intervention_id: str) -> str:
        """Return the topic of one intervention.

        Raises:
            BadTopic: if the id cannot stand in a topic.
        """
        if not INTERVENTION_ID.fullmatch(intervention_id):
            raise BadTopic(f"intervention {intervention_id!r} cannot stand in a topic")
        return f"{self.topic(Channel.INTERVENTION)}/{intervention_id}"

    def announcements(self) -> tuple[str, str]:
        """Return the topics where this kiosk hears of catalogs: its own, and its store's."""
        return self.topic(Channel.ANNOUNCE), store_announcements(self.tenant, self.store)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message came from."""

    address: Address
    channel: Channel
    intervention_id: str = ""


def store_announcements(tenant: str, store: str) -> str:
    """Return where all kiosks of a store hear of catalogs."""
    return f"{PREFIX}/{tenant}/{store}/{Channel.ANNOUNCE}"


def place_of(topic: str) -> Place:
    """Return whose topic this is and what comes there.

    Raises:
        BadTopic: if it is no kiosk's: another root, another major version, another shape.
    """
    parts = topic.split("/")
    if parts[:2] != PREFIX.split("/") or len(parts) not in (6, 7):
        raise BadTopic(f"{topic[:200]!r} is not a kiosk's topic")
    try:
        channel = Channel(parts[5])
    except ValueError:
        raise BadTopic(f"{topic[:200]!r} has no known channel") from None
    address = Address(*parts[2:5])
    if channel is Channel.INTERVENTION:
        if len(parts) != 7 or not INTERVENTION_ID.fullmatch(parts[6]):
            raise BadTopic(f"{topic[:200]!r} names no intervention")
        return Place(address, channel, parts[6])
    if len(parts) != 6:
        raise BadTopic(f"{topic[:200]!r} is longer than its channel")
    return Place(address, channel)


def shelf_requests() -> str:
    """Return the subscription of whoever keeps the stores' shelves."""
    return f"{PREFIX}/+/+/+/{Channel.SHELF}"


def filters(tenant: str = "+", store: str = "+", share: str = "") -> tuple[str, ...]:
    """Return the subscriptions of whoever stores what kiosks say.

    Args:
        tenant: One of them, or "+" for all.
        store: One of them, or "+" for all.
        share: A name under which several workers share the messages (`$share`), or "".
    """
    before = f"$share/{share}/" if share else ""
    tree = f"{before}{PREFIX}/{tenant}/{store}/+"
    return tuple(
        f"{tree}/{channel}/+" if channel is Channel.INTERVENTION else f"{tree}/{channel}"
        for channel in STORED
    )
