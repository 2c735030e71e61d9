"""Numbers that a restored record leaves out, as an event's text says so and as a check reads it.

The law wants series without a gap, so that nobody can take something out. A gap that the record
states where it arises takes nothing out: it is told as a remark, and not as a fault.
"""

import re
from collections.abc import Iterable
from typing import Final

from kiosk.fiscal.events import LeftOut

_START: Final = "left out: "
_PART: Final = re.compile(r"([a-z]+) (\d{1,18}) to (\d{1,18})")
_SEPARATOR: Final = "; "


def words(left_out: Iterable[LeftOut]) -> str:
    """Return the text, e.g. "left out: sale 121 to 2120; z 8 to 9"."""
    parts = [f"{one.series} {one.last + 1} to {one.next - 1}" for one in left_out]
    return _START + _SEPARATOR.join(parts) if parts else "nothing is left out"


def read(text: str) -> dict[str, range]:
    """Return by series the numbers that an event's text says are left out; mostly none."""
    _, found, rest = text.partition(_START)
    if not found:
        return {}
    parts = (_PART.fullmatch(part) for part in rest.split(_SEPARATOR))
    return {part[1]: range(int(part[2]), int(part[3]) + 1) for part in parts if part}
