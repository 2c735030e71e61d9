"""A message as it came, and what it says; junk is counted and named."""

from collections import Counter
from dataclasses import dataclass
from typing import Final

from kiosk.fleet.times import us_of_text
from kiosk.telemetry.messages import Junk, Message, OtherMajor, decode
from kiosk.telemetry.topics import BadTopic, Place, place_of

NUL = b"\\u0000"
"""No text of ours holds it, and PostgreSQL keeps no text with it."""


@dataclass(frozen=True, slots=True)
class Received:
    """One message, read."""

    place: Place
    message: Message | None
    """None: an empty payload, which takes a retained message away."""
    at_us: int
    """When it came here, by this machine's clock: kiosks' clocks may be wrong."""

    @property
    def key(self) -> str:
        """The kiosk's key."""
        return str(self.place.address)


TIMES: Final = ("at_utc", "raised_at", "certificate_expires_at", "journal_verified_at")


def _times_are_times(message: Message) -> bool:
    """Return whether what looks like a time is one: the 99th of November is not.

    Rules and screens reckon with these; those of rows are looked at where they are stored.
    """
    settled = getattr(message, "settled", None)
    given = [getattr(message, name, None) for name in TIMES]
    given.append(getattr(settled, "resolved_at", None))
    try:
        for text in filter(None, given):
            us_of_text(text)
    except ValueError:
        return False
    return True


def read(topic: str, payload: bytes, at_us: int, counts: Counter[str]) -> Received | None:
    """Read a message; None for junk, counted by what is wrong with it."""
    try:
        place = place_of(topic)
    except BadTopic:
        counts["bad_topic"] += 1
        return None
    if not payload:
        return Received(place, None, at_us)
    if NUL in payload or b"\x00" in payload:
        counts["junk"] += 1
        return None
    try:
        message = decode(place.channel, payload)
    except OtherMajor:
        counts["other_major"] += 1
        return None
    except Junk:
        counts["junk"] += 1
        return None
    if not _times_are_times(message):
        counts["junk"] += 1
        return None
    counts[place.channel.value] += 1
    return Received(place, message, at_us)
