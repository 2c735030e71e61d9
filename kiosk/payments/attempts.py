"""When the kiosk may try again, how long it waits first, and the code a doubt goes by.

Pure functions of the sale's attempts: they hold after a restart as they did before it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kiosk.sale.events import Outcome
from kiosk.sale.state import Attempt

NEW_ATTEMPT_ALLOWED: Final = frozenset({Outcome.DECLINED, Outcome.CANCELLED, Outcome.REVERSED})
"""Ends after which nothing of the shopper's money is, or may be, with us."""

# Without 0 and O, 1 and I: it is read from a screen and said into a telephone.
_CODE_LETTERS: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_CODE_LENGTH: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class CoolDown:
    """After this many declines in a row the card tile rests, so that nobody tries card by card."""

    declines: int = 3
    seconds: int = 60


def may_try_again(attempts: Sequence[Attempt]) -> bool:
    """Whether a new charge is safe: no attempt runs, and none is in doubt.

    A reversal that is under way or was refused is a doubt as well: the first money is not back.
    """
    return all(
        attempt.outcome in NEW_ATTEMPT_ALLOWED
        or (attempt.outcome is Outcome.APPROVED and not attempt.reversal_service_id)
        for attempt in attempts
    )


def declines_in_a_row(attempts: Sequence[Attempt]) -> int:
    """Return how many of the newest attempts were declined. A cancelled one neither counts nor
    ends the row: pressing the red key must not reset the count.
    """
    count = 0
    for attempt in reversed(attempts):
        if attempt.outcome is Outcome.DECLINED:
            count += 1
        elif attempt.outcome is not Outcome.CANCELLED:
            break
    return count


def cool_down_s(attempts: Sequence[Attempt], rule: CoolDown = CoolDown()) -> int:
    """Return how many seconds cards rest after the newest decline, 0 when they do not.

    At each further full count the rest is as long again, never longer: 60, 0, 0, 60, 0, 0, 60.
    """
    declines = declines_in_a_row(attempts)
    return rule.seconds if declines and declines % rule.declines == 0 else 0


def doubt_code(service_id: str) -> str:
    """Return the short code that the screen and the attendant's page show for an attempt in doubt.

    Four letters from the service id by FNV-1a (32 bits): the same on every screen and after every
    restart, neighbours far apart. It helps people to talk about one attempt; it identifies nothing,
    the service id does that.

    Example: the same service id gives the same code, "0000000001" and "0000000002" do not.
    """
    number = 0x811C9DC5
    for byte in service_id.encode("utf-8"):
        number = ((number ^ byte) * 0x01000193) & 0xFFFFFFFF
    # FNV's low bits alone are weak for short input: fold the high half in.
    number ^= number >> 12
    code = ""
    for _ in range(_CODE_LENGTH):
        number, letter = divmod(number, len(_CODE_LETTERS))
        code += _CODE_LETTERS[letter]
    return code
