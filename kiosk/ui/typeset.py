"""Set text: which font file a face is, how wide words are, where lines break, cached textures.

Kivy's own Label widget is not used: a kiosk's texts sit in fixed boxes, and a cached texture that
is tinted when drawn costs microseconds where a Label costs a property tree.
"""

from collections import OrderedDict
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from kiosk.ui import breaks

from kiosk.ui import kivy_setup  # noqa: F401  # isort: skip  (before Kivy)

from kivy.core.text import Label as CoreLabel  # isort: skip
from kivy.graphics.texture import Texture  # isort: skip

_FOLDER = Path(__file__).parent / "assets" / "fonts"
_TEXTURES_MAX = 400
ELLIPSIS = "…"


class Face(StrEnum):
    """A font file. Sans has tabular figures; Display is for titles and one number at a time."""

    REGULAR = "SelvkasseSans-Regular"
    MEDIUM = "SelvkasseSans-Medium"
    SEMIBOLD = "SelvkasseSans-SemiBold"
    BOLD = "SelvkasseSans-Bold"
    FIGURES = "SelvkasseFigures-Bold"
    """Proportional figures: for one large number that stands alone."""
    DISPLAY_SEMIBOLD = "SelvkasseDisplay-SemiBold"
    DISPLAY = "SelvkasseDisplay-Bold"


_textures: OrderedDict[tuple[str, Face, int], Texture] = OrderedDict()


@lru_cache(maxsize=200)
def _setter(face: Face, size_px: int) -> CoreLabel:
    return CoreLabel(
        font_name=str(_FOLDER / f"{face.value}.otf"), font_size=size_px, font_hinting=None
    )


@lru_cache(maxsize=8000)
def width_px(text: str, face: Face, size_px: int) -> int:
    """Return how wide one line is, in pixels."""
    return int(_setter(face, size_px).get_extents(text)[0]) if text else 0


def texture(text: str, face: Face, size_px: int) -> Texture:
    """Return one line in white, to be tinted. The least used are forgotten."""
    key = (text, face, size_px)
    found = _textures.get(key)
    if found is None:
        label = CoreLabel(
            text=text,
            font_name=str(_FOLDER / f"{face.value}.otf"),
            font_size=size_px,
            font_hinting=None,
        )
        label.refresh()
        found = _textures[key] = label.texture
        if len(_textures) > _TEXTURES_MAX:
            _textures.popitem(last=False)
    else:
        _textures.move_to_end(key)
    return found


def shortened(text: str, face: Face, size_px: int, room_px: float) -> str:
    """Return `text`, shortened at its end with an ellipsis until it fits `room_px`."""
    if width_px(text, face, size_px) <= room_px:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if width_px(text[:middle].rstrip() + ELLIPSIS, face, size_px) <= room_px:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + ELLIPSIS


@lru_cache(maxsize=8000)
def fitted(
    text: str, face: Face, size_px: int, floor_px: int, room_px: int, height_px: int, lines: int,
    leading: float, balance: bool = True,
) -> tuple[tuple[str, ...], int, bool]:  # fmt: skip
    """Return rows and size of `text` in a room, and whether it had to be shortened.

    It breaks into at most `lines`, about equally long unless `balance` is False (running text);
    it gets smaller down to `floor_px`, and is shortened last.
    """
    broken = balanced if balance else running_lines
    while True:
        # As many lines as when each is full, and none wider.
        rows = (text,) if lines == 1 else lines_of(text, face, size_px, room_px)
        wide = max(width_px(row, face, size_px) for row in rows)
        # One line may stand in a room that is lower than its line, not lower than its letters.
        tall = len(rows) * size_px * (min(leading, 1.15) if lines > 1 else 1) > height_px
        if len(rows) <= lines and wide <= room_px and not tall:
            rows = rows if len(rows) == 1 else broken(text, face, size_px, room_px)
            return rows, size_px, False
        if size_px <= floor_px:
            break
        size_px -= 1
    # What is shortened anyway fills its lines.
    rows = lines_of(text, face, size_px, room_px) if lines > 1 else rows
    kept = list(rows[:lines])
    if len(rows) > lines:
        kept[-1] = " ".join(rows[lines - 1 :])
    return tuple(shortened(row, face, size_px, room_px) for row in kept), size_px, True


@lru_cache(maxsize=4000)
def balanced(text: str, face: Face, size_px: int, room_px: float) -> tuple[str, ...]:
    """Return `text` in as few lines as fit, evened out. See `kiosk.ui.breaks`."""
    return breaks.evened(text, _measure(face, size_px), room_px)


@lru_cache(maxsize=4000)
def running_lines(text: str, face: Face, size_px: int, room_px: float) -> tuple[str, ...]:
    """Return `text` in as few lines as fit, without a lonely word at the end."""
    return breaks.running(text, _measure(face, size_px), room_px)


@lru_cache(maxsize=4000)
def lines_of(text: str, face: Face, size_px: int, room_px: float) -> tuple[str, ...]:
    """Return `text` broken so that each line is full, as many as it takes.

    A single word that is too wide stays whole: the caller decides what gives way.
    """
    return breaks.filled(text, _measure(face, size_px), room_px)


def _measure(face: Face, size_px: int) -> breaks.Measure:
    return lambda text: width_px(text, face, size_px)
