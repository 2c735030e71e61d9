"""How long one has to wait after wrong tries. Pure: a record, and the rule about it.

Five tries are free. The fifth wrong one locks for 30 s, each further one twice as long as the last,
at most an hour; the right PIN begins anew. The record is written down before a try is looked at,
so pulling the plug gains no try. A clock that was set back makes nobody wait less, nor for years:
then the whole wait begins again.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

FREE_TRIES: Final = 5
FIRST_WAIT_S: Final = 30
LONGEST_WAIT_S: Final = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Tries:
    """Wrong tries in a row under one key, and the wait that follows from them."""

    failed: int = 0
    wait_s: int = 0
    since: datetime | None = None
    """When the wait began, by the wall clock."""


def after_failure(tries: Tries, now: datetime, free: int = FREE_TRIES) -> Tries:
    """Return the record after one more wrong try."""
    failed = tries.failed + 1
    if failed < free:
        return Tries(failed=failed)
    wait_s = min(FIRST_WAIT_S * 2 ** min(failed - free, 20), LONGEST_WAIT_S)
    return Tries(failed=failed, wait_s=wait_s, since=now)


def left_s(tries: Tries, now: datetime) -> int:
    """Return the whole seconds that are still to wait, 0 for none."""
    if tries.since is None or tries.wait_s == 0:
        return 0
    passed = now - tries.since
    if passed < timedelta():
        return tries.wait_s
    return max(0, tries.wait_s - int(passed.total_seconds()))


def anchored(tries: Tries, now: datetime) -> Tries:
    """Return the record for a clock that was set back: its wait begins now."""
    if tries.since is not None and now < tries.since:
        return replace(tries, since=now)
    return tries
