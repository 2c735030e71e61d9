"""A clock that stands behind the record when the kiosk starts: no beer is sold on its word.

The newest time in the record is the least that it can be. A clock behind that was set back, or has
lost its battery; how far it is wrong nobody here knows. So the doubt is written down, outlives the
program, and ends in two ways only: in the life that found it, when the clock is set to at least
what it must be by now (as the network's time does); or when an attendant, here, says that it is
right. Everything but alcohol is sold meanwhile.
"""

import logging
from datetime import datetime

from kiosk.engine import attention
from kiosk.engine.hours import CLOCK, TOLERANCE
from kiosk.engine.till import JournalFailed, Till
from kiosk.fiscal.events import REGISTER, ClockDoubted, ClockTrusted
from kiosk.journal import JournalError

logger = logging.getLogger(__name__)


class ClockDoubt:
    """What one life of the program knows about its clock."""

    def __init__(self, till: Till) -> None:
        self._till = till
        self._may_catch_up = False
        """In this life the clock began behind the record, so that putting it right shows."""

    def begin(self) -> None:
        """Hold the clock against the record, before anything is sold.

        Raises:
            JournalFailed: the record cannot be read or written.
        """
        till = self._till
        try:
            trusted = till.journal.newest_of(REGISTER, ClockTrusted.__name__)
            doubted = till.journal.newest_of(REGISTER, ClockDoubted.__name__)
            latest_utc = till.journal.latest_time(trusted.seq if trusted else 0)
        except JournalError as error:
            logger.error("journal: what time it must be cannot be read: %s", error)
            raise JournalFailed from error
        was_doubted = doubted is not None and (trusted is None or doubted.seq > trusted.seq)
        if not latest_utc:
            return
        latest = datetime.fromisoformat(latest_utc)
        is_behind = till.clock.utc_now() + TOLERANCE < latest
        if not (is_behind or was_doubted):
            return
        self._may_catch_up = is_behind
        till.hours.doubt(latest)
        logger.warning("clock: behind the record of %s, so no alcohol is sold", latest_utc)
        if not was_doubted:
            till.note(ClockDoubted(at_utc=till.now_utc(), latest_utc=latest_utc))

    def look_at_the_time(self) -> None:
        """End the doubt when the clock was put right; raises as `begin`."""
        if self._till.hours.in_doubt and self._may_catch_up and self._till.hours.caught_up():
            self._till.trust_clock("")
            attention.works_again(self._till, CLOCK)
