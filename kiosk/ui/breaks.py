"""Where a text breaks into lines. Pure: how wide words are is asked of whoever sets them.

1. A number stays with its unit ("213,95 kr", "500 ml"), and a masked number stays whole.
2. There are as few lines as fit.
3. They are about equally long, but a line rather ends where a sentence does.
4. Running text fills its lines instead, unless its last one would be a lonely word.
"""

import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import Final

Measure = Callable[[str], float]
"""How wide one line is, in any unit, as long as the room is in the same."""

TIE: Final = "\x1f"
"""Stands for a space where this module would rather not break."""
_UNITS: Final = "kr|kg|g|ml|dl|cl|l|cm|m|s|min|%|stk|år|кг|г|мл|л|хв|с"
_TIED: Final = re.compile(
    rf"(?<=\d) (?=(?:{_UNITS})(?!\w))|(?<=\d) (?=×)|(?<=×) (?=\d)|(?<=•) (?=[•\d])"
)
_SENTENCE_ENDS: Final = (".", "?", "!", ":")
SENTENCE_WORTH = 0.07
"""How uneven lines may be, as the sum of squared shares, for one of them to end a sentence."""
LONELY = 0.4
"""Share of the longest line under which the last one of running text is lonely."""


def filled(text: str, measure: Measure, room: float) -> tuple[str, ...]:
    """Return `text` with each line as full as it gets, as many lines as it takes.

    A single word that is too wide stays whole, and what a translator tied with a no-break space:
    the caller decides what gives way.
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines += _filled(_words(paragraph, measure, room), measure, room)
    return tuple(lines)


def running(text: str, measure: Measure, room: float) -> tuple[str, ...]:
    """Return `text` as `filled` does, but evened out where the last line would be a lonely word."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        words = _words(paragraph, measure, room)
        rows = _filled(words, measure, room)
        if len(rows) > 1 and measure(rows[-1]) < LONELY * max(map(measure, rows)):
            rows = _evened(words, measure, room, len(rows))
        lines += rows
    return tuple(lines)


def evened(text: str, measure: Measure, room: float) -> tuple[str, ...]:
    """Return `text` in as few lines as fit, the lines of a paragraph about equally long."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        words = _words(paragraph, measure, room)
        lines += _evened(words, measure, room, len(_filled(words, measure, room)))
    return tuple(lines)


def _words(paragraph: str, measure: Measure, room: float) -> list[str]:
    """Return what is not parted; what is too wide for a line of its own is parted after all."""
    words: list[str] = []
    for word in _TIED.sub(TIE, paragraph).split(" "):
        words += [word] if measure(_plain(word)) <= room else word.split(TIE)
    return words


def _plain(line: str) -> str:
    return line.replace(TIE, " ")


def _filled(words: Sequence[str], measure: Measure, room: float) -> list[str]:
    lines: list[str] = []
    line = words[0]
    for word in words[1:]:
        if measure(_plain(f"{line} {word}")) > room:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}"
    return [_plain(one) for one in (*lines, line)]


def _evened(words: Sequence[str], measure: Measure, room: float, count: int) -> list[str]:
    """Return the best way to break `words` into `count` lines: the least uneven one, by `_cost`."""
    words = [_plain(word) for word in words]
    whole = max(measure(" ".join(words)), 1)

    @cache
    def best(start: int, lines: int) -> tuple[float, tuple[str, ...]]:
        if lines == 1:
            last = " ".join(words[start:])
            return (_cost(last, measure(last), whole, room, count, last=True), (last,))
        found: tuple[float, tuple[str, ...]] = (float("inf"), ())
        for end in range(start + 1, len(words) - lines + 2):
            line = " ".join(words[start:end])
            wide = measure(line)
            if wide > room and end > start + 1:
                break
            cost = _cost(line, wide, whole, room, count, last=False)
            rest, rows = best(end, lines - 1)
            # In doubt the upper line is the longer one.
            if cost + rest <= found[0]:
                found = (cost + rest, (line, *rows))
        return found

    return list(best(0, count)[1])


def _cost(line: str, wide: float, whole: float, room: float, count: int, *, last: bool) -> float:
    too_wide = 1.0 if wide > room else 0.0
    worth = SENTENCE_WORTH if not last and line.endswith(_SENTENCE_ENDS) else 0.0
    return (wide / whole - 1 / count) ** 2 - worth + too_wide
