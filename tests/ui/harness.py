"""Finds parts and texts on the real screen, presses them with real touches."""

import time
from collections.abc import Callable
from dataclasses import replace

from kiosk.engine.messages import Intent
from kiosk.engine.view import Settings, View
from kiosk.ui.easel import Easel
from kiosk.ui.pace import Pace
from kiosk.ui.paint import PaintedText
from kiosk.ui.screens.base import BaseScreen
from kiosk.ui.stage import Stage
from kiosk.ui.widgets import Pressable

WAIT_MAX_S = 60.0


class Harness:
    """What a test sees of a kiosk."""

    def __init__(self, easel: Easel) -> None:
        self.easel = easel
        self.stage: Stage = easel.app.stage
        self.seq = 0
        self.reset()

    def reset(self) -> None:
        self.easel.sent.clear()
        self.stage.pace = Pace(wanted=False)
        self.easel.app.on_frame_shown = None
        # The next view builds everything anew.
        self.stage._built = None

    @property
    def sent(self) -> list[Intent]:
        """Every intent so far."""
        return self.easel.sent

    @property
    def screen(self) -> BaseScreen:
        assert self.stage.top is not None
        return self.stage.top

    def show(self, view: View, settings: Settings | None = None) -> BaseScreen:
        self.seq += 1
        view = replace(view, seq=self.seq)
        if settings is not None:
            view = replace(view, settings=settings)
        self.easel.show(view)
        return self.screen

    def texts(self) -> list[PaintedText]:
        """The texts really visible."""
        return self.screen.visible_texts()

    def words(self) -> list[str]:
        return [text.text for text in self.texts()]

    def button(self, name: str) -> Pressable:
        found = [
            part
            for part in self.screen.parts()
            if isinstance(part, Pressable) and part.name == name and part.opacity > 0
        ]
        assert found, f"no button {name!r} among {sorted(self.names())}"
        return found[0]

    def names(self) -> set[str]:
        return {part.name for part in self.screen.parts() if isinstance(part, Pressable)}

    def press(self, name: str) -> None:
        """Touch the middle of a button and lift."""
        # The guard against double strikes counts real time; a test has its own.
        self.button(name)._fired_at_s = float("-inf")
        self.easel.tap(*self.button(name).center)

    def tap_at(self, x: float, y: float) -> None:
        """Touch a place in units from the top left."""
        glass = self.stage.glass
        self.easel.tap(glass.px(x), glass.height_px - glass.px(y))

    def turn_until(self, condition: Callable[[], object], what: str) -> None:
        """Turn Kivy's loop until `condition()`; fail after WAIT_MAX_S."""
        end_s = time.monotonic() + WAIT_MAX_S
        while not condition():
            assert time.monotonic() < end_s, f"not within {WAIT_MAX_S} s: {what}"
            self.easel.turn(1)
