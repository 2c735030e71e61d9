"""Norwegian mobile numbers: read, masked, and counted without being kept."""

import hashlib
import os
import re
from collections import deque
from typing import Final

from drivers.deadline import Clock

_MOBILE: Final = re.compile(r"(?:\+|00)?(?:47)?([49]\d{7})")
_FAKE: Final = re.compile(r"(?:\+|00)?47(000000\d{2})")
"""The provider's own numbers for tests; nobody has them."""
_DIGITS: Final = re.compile(r"[\s.()-]")


def msisdn(text: str, *, fake: bool = False) -> str:
    """Return "4791234567" for "912 34 567" or "+47 91234567", "" for what is no mobile number.

    `fake` lets numbers for tests (+47 000000xx) through.
    """
    plain = _DIGITS.sub("", text.strip())
    found = _MOBILE.fullmatch(plain) or (_FAKE.fullmatch(plain) if fake else None)
    return f"47{found[1]}" if found else ""


def mask(number: str) -> str:
    """Return a number as the screen may show it: "••• •• •67"."""
    return f"••• •• •{number[-2:]}"


class CodeLimits:
    """How many codes a number, and this kiosk, may still get: a wrong number is a stranger's.

    Numbers are remembered for the window only, and as hashes under a key that dies with the
    process: nobody can read them out of memory dumps or compare them with other kiosks.
    """

    def __init__(
        self, clock: Clock, *, per_number: int, per_kiosk: int, window_s: float = 3600.0
    ) -> None:
        self._clock = clock
        self._per_number = per_number
        self._per_kiosk = per_kiosk
        self._window_ns = round(window_s * 1e9)
        self._key = os.urandom(32)
        self._sent: deque[tuple[int, bytes]] = deque()

    def allow(self, number: str) -> bool:
        """Whether one more code may go to `number` now; if so, it is counted."""
        now_ns = self._clock.monotonic_ns()
        while self._sent and now_ns - self._sent[0][0] > self._window_ns:
            self._sent.popleft()
        who = hashlib.blake2b(number.encode(), key=self._key, digest_size=16).digest()
        if len(self._sent) >= self._per_kiosk:
            return False
        if sum(sent_to == who for _, sent_to in self._sent) >= self._per_number:
            return False
        self._sent.append((now_ns, who))
        return True
