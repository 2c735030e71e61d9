"""Countdowns as a shopper sees them."""

from kiosk.engine.clock import NS_PER_S


def seconds_left(until_ns: int | None, now_ns: int) -> int:
    """Return the whole seconds that a countdown shows: the last one is 1, over is 0."""
    if until_ns is None or until_ns <= now_ns:
        return 0
    return -(-(until_ns - now_ns) // NS_PER_S)


def next_second_ns(until_ns: int, now_ns: int) -> int:
    """Return when the countdown to `until_ns` shows another number."""
    return until_ns - max(seconds_left(until_ns, now_ns) - 1, 0) * NS_PER_S
