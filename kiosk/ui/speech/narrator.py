"""Decides what is said, and when: a screen when it comes, then only what is new on it.

What is said is what is painted, so that no screen can be forgotten and no word can differ from the
one beside it. Staff mode is never read: it is not the shopper's.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from kiosk.engine.view import LineView, Screen, View
from kiosk.ui.i18n import Translator, money, translator
from kiosk.ui.present.parts import present_total
from kiosk.ui.speech.sayable import sayable
from kiosk.ui.speech.voice import Voice

BREAK: Final = ". "
DIGITS: Final = re.compile(r"\d+")
NAMES: Final = {
    "minus": "speech.fewer",
    "plus": "speech.more",
    "delete": "speech.delete",
    "confirm": "speech.confirm",
}
"""What a control is called that has only a sign, by its name."""


class Narrator:
    """Reads one screen to one shopper. Every method returns at once; the newest words win."""

    def __init__(self, voice: Voice) -> None:
        self._voice = voice
        self._view: View | None = None
        self._name: object = None
        self._texts: tuple[str, ...] = ()

    def show(self, view: View, name: object, texts: Sequence[str]) -> None:
        """Say what a view brought; `texts` are those that are not on controls, in their order."""
        if not view.settings.read_aloud or view.staff is not None:
            self._fall_silent()
            return
        before, self._view = self._view, view
        old, self._texts = self._texts, tuple(texts)
        came, self._name = name != self._name, name
        words = translator(view.settings.language)
        if before is None:
            self._say([words("speech.on")])
        elif came:
            self._say(texts)
        else:
            self._say([*_sale(before, view, words), *_new(old, texts)])

    def control(self, name: str, texts: Sequence[str]) -> None:
        """Say a control, or a text that was touched; one that has only a sign has a name."""
        if self._view is None:
            return
        words = translator(self._view.settings.language)
        self._say(texts or [words(NAMES[name])] if name in NAMES else texts)

    def _say(self, texts: Iterable[str]) -> None:
        if self._view is None:
            return
        settings = self._view.settings
        words = translator(settings.language)
        said = BREAK.join(filter(None, (sayable(text, words).rstrip(".") for text in texts)))
        if said:
            self._voice.say(said, settings.language, self._view.volume_percent / 100)

    def _fall_silent(self) -> None:
        if self._view is not None:
            self._voice.hush()
        self._view, self._name, self._texts = None, None, ()


def _new(old: Sequence[str], new: Sequence[str]) -> list[str]:
    """Return what was not there before. A countdown's next second is nothing new."""
    known = {DIGITS.sub("#", text) for text in old}
    return [text for text in new if DIGITS.sub("#", text) not in known]


def _sale(before: View, after: View, words: Translator) -> list[str]:
    """Return what changed in the list: each line that came or changed, then the sum."""
    if after.screen is not Screen.SCAN or after.totals == before.totals:
        return []
    known = set(before.lines)
    said = [_line(line) for line in after.lines if line not in known]
    total = present_total(after, words)
    return [*said, f"{total.label}: {total.amount.text}"]


def _line(line: LineView) -> str:
    count = f"{line.quantity} × " if line.quantity > 1 else ""
    return f"{count}{line.name}, {money(line.amount_minor)} kr"
