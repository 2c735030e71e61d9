"""Time as the database keeps it: whole microseconds since 1970, UTC. And as messages have it."""

from datetime import UTC, datetime, timedelta
from typing import Final

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
SECOND_US: Final = 1_000_000
HOUR_US: Final = 3600 * SECOND_US


def us_of(when: datetime) -> int:
    """Return the microseconds of a time that knows its zone."""
    return (when - EPOCH) // timedelta(microseconds=1)


def us_of_text(text: str) -> int:
    """Return the microseconds of an ISO 8601 time.

    Raises:
        ValueError: it is none, or does not say its zone.
    """
    when = datetime.fromisoformat(text)
    if when.tzinfo is None:
        raise ValueError(f"{text!r} does not say its zone")
    return us_of(when)


def text_of(us: int | None) -> str:
    """Return ISO 8601 with microseconds and +00:00; "" for never."""
    if us is None:
        return ""
    return (EPOCH + timedelta(microseconds=us)).isoformat(timespec="microseconds")


def utc_now() -> datetime:
    """Return the machine's time."""
    return datetime.now(UTC)
