"""Signing in: number and PIN, or a badge, with the lock-out that survives a restart."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from kiosk.staff.book import CODE_DIGITS, Person, StaffBook
from kiosk.staff.lockout import FREE_TRIES, Tries, after_failure, anchored, left_s

NS_PER_S: Final = 1_000_000_000
PAD: Final = "pad"
"""Key of all tries at this kiosk together: trying many numbers must not pay either."""
PAD_FREE_TRIES: Final = 15
BADGE: Final = "badge"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who it is; None in `person` for the one-time code, which only makes the first supervisor."""

    person: Person | None


@dataclass(frozen=True, slots=True)
class Refused:
    """Not let in. With `locked_s` it was not even looked at."""

    tries_left: int = 0
    locked_s: int = 0


class SignIn:
    """Looks at numbers, PINs and badges. Tells nobody which of number and PIN was wrong.

    Two clocks: what is written down has the wall clock's time, since it must outlive the program;
    within a life the monotonic clock counts too, so setting the wall clock forward helps nobody.
    """

    def __init__(
        self,
        book: StaffBook,
        utc_now: Callable[[], datetime],
        monotonic_ns: Callable[[], int],
    ) -> None:
        self._book = book
        self._utc_now = utc_now
        self._monotonic_ns = monotonic_ns
        self._until_ns: dict[str, int] = {}

    def with_pin(self, number: str, pin: str) -> SignedIn | Refused:
        """Try a number and a PIN."""
        return self._tried(f"number:{number}", lambda: self._book.with_pin(number, pin))

    def with_badge(self, badge: str) -> SignedIn | Refused:
        """Try what a badge reader read."""
        return self._tried(BADGE, lambda: self._book.with_badge(badge))

    def with_code(self, code: str) -> SignedIn | Refused:
        """Try the first start's one-time code; it is used up by `StaffBook.enrol_first`."""
        refused = self._begin("code")
        if refused is not None:
            return refused
        if not self._book.code_matches(code):
            return self._refused("code")
        self._forget("code")
        return SignedIn(None)

    def locked_s(self, key: str) -> int:
        """Return how many seconds tries under `key` are not looked at."""
        tries = self._book.tries(key)
        now = self._utc_now()
        moved = anchored(tries, now)
        if moved != tries:
            self._book.note_tries(key, moved)
        by_wall_s = left_s(moved, now)
        left_ns = self._until_ns.get(key, 0) - self._monotonic_ns()
        by_monotonic_s = -(-left_ns // NS_PER_S) if left_ns > 0 else 0
        if key in self._until_ns:
            return by_monotonic_s  # this life began the wait itself: its own clock is the true one
        return by_wall_s

    def _tried(self, key: str, look: Callable[[], Person | None]) -> SignedIn | Refused:
        refused = self._begin(key)
        if refused is not None:
            return refused
        person = look()
        if person is None:
            return self._refused(key)
        self._forget(key)
        return SignedIn(person)

    def _begin(self, key: str) -> Refused | None:
        """Refuse while locked; otherwise write the try down as a wrong one before looking."""
        wait_s = max(map(self.locked_s, _keys_of(key)))
        if wait_s > 0:
            return Refused(locked_s=wait_s)
        for each in _keys_of(key):
            self._count(each, PAD_FREE_TRIES if each == PAD else FREE_TRIES)
        return None

    def _count(self, key: str, free: int) -> None:
        tries = after_failure(self._book.tries(key), self._utc_now(), free)
        self._book.note_tries(key, tries)
        if tries.wait_s:
            self._until_ns[key] = self._monotonic_ns() + tries.wait_s * NS_PER_S

    def _refused(self, key: str) -> Refused:
        tries = self._book.tries(key)
        wait_s = max(map(self.locked_s, _keys_of(key)))
        return Refused(tries_left=max(0, FREE_TRIES - tries.failed), locked_s=wait_s)

    def _forget(self, key: str) -> None:
        for right in _keys_of(key):
            self._book.note_tries(right, Tries())
            self._until_ns.pop(right, None)


def _keys_of(key: str) -> tuple[str, ...]:
    """Return the keys that a try counts under: who floods the keys must not lock out badges."""
    return (key,) if key == BADGE else (key, PAD)


def is_code(digits: str) -> bool:
    """Return whether these digits are as long as a one-time code, longer than any number."""
    return len(digits) == CODE_DIGITS
