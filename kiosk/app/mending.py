"""A kiosk that cannot start until a person has mended something tries again, but not in a frenzy.

systemd starts it anew two seconds after it ends, for ever, which is right for a crash. A mistake in
the configuration would fill the log with the same sentence all night. So the kiosk says it once,
stays a while with the sentence as its status, and ends sooner when its file has changed: whoever
mends it sees it open at once.
"""

from pathlib import Path
from typing import Final

from drivers.deadline import SYSTEM_CLOCK, Clock, Deadline, ready
from kiosk.app.watchdog import Notifier

STAY_S: Final = 60.0
LOOK_S: Final = 0.5
STATUS_CHARACTERS: Final = 200


def stay_until_mended(
    path: Path,
    reason: str,
    notifier: Notifier,
    *,
    stay_s: float = STAY_S,
    clock: Clock = SYSTEM_CLOCK,
) -> bool:
    """Wait under systemd until the file at `path` changes; say whether it did."""
    before = _mark(path)
    first_line = reason.partition("\n")[0][:STATUS_CHARACTERS]
    if not notifier.tell(f"STATUS=Does not start: {first_line}"):
        return False
    deadline = Deadline(clock, stay_s)
    while not deadline.passed():
        ready((), LOOK_S)
        if _mark(path) != before:
            return True
    return False


def _mark(path: Path) -> tuple[int, int] | None:
    try:
        facts = path.stat()
    except OSError:
        return None
    return facts.st_ino, facts.st_mtime_ns
