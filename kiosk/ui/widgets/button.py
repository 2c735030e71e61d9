"""Buttons: what a finger, a keypad and the remote bench can press.

A button fires when the finger lifts within it. It looks pressed for 80 ms at least. A forward
button ignores a second press within half a second: shaking hands and impatient ones mean one.
"""

import time
from collections.abc import Callable

from kiosk.ui.look import Look
from kiosk.ui.paint import Pen
from kiosk.ui.typeset import Face
from kiosk.ui.units import Box
from kiosk.ui.widgets.part import Part

from kivy.clock import Clock  # isort: skip

PRESS_SHOWN_S = 0.08
DOUBLE_STRIKE_S = 0.5
TIGHT = 280
"""A button narrower than this has a smaller sign and less air, in units."""


class Pressable(Part):
    """Something to press. `on_press` is called without arguments."""

    ring_colour = "paa_gran"
    """White on the counter; skifer on light grounds."""
    radius: float = 38
    repeats = False
    """Whether quick presses in a row are all meant: keys, plus and minus."""
    next_step = False
    """Whether the focus starts here."""

    def __init__(
        self, look: Look, box: Box, text: str = "", *, sign: str = "",
        on_press: Callable[[], None] | None = None, name: str = "",
    ) -> None:  # fmt: skip
        super().__init__(look, box)
        self.text, self.sign = text, sign
        self.on_press = on_press
        self.on_down: Callable[[], None] | None = None
        """Called when the finger comes down: for what the shopper saw at that moment."""
        self.name = name
        self.pressed = False
        self.focused = False
        self.enabled = True
        self._fired_at_s = float("-inf")
        self.repaint()

    def show(self, text: str, *, sign: str | None = None, enabled: bool = True) -> None:
        """Change words, sign and whether it can be pressed."""
        wanted = (text, self.sign if sign is None else sign, enabled)
        if wanted != (self.text, self.sign, self.enabled):
            self.text, self.sign, self.enabled = wanted
            self.repaint()

    def repaint(self) -> None:
        """Draw the button and, when it has the focus, its ring."""
        super().repaint()
        if self.focused:
            Pen(self.ink, self.look).ring(self.box, self.radius, self.ring_colour, 10, 6)

    def set_focus(self, focused: bool) -> None:
        """Show or hide the ring."""
        if focused != self.focused:
            self.focused = focused
            self.repaint()

    def press(self) -> None:
        """Press it from code: keypad, remote bench."""
        if self.on_down is not None:
            self.on_down()
        self._set_pressed(True)
        self._release()
        self.fire()

    def fire(self) -> None:
        """Tell what was pressed, unless it is a double strike or nothing can be done."""
        now_s = time.monotonic()
        if not self.repeats and now_s - self._fired_at_s < DOUBLE_STRIKE_S:
            return
        self._fired_at_s = now_s
        if self.enabled and self.on_press is not None:
            self.on_press()

    def on_touch_down(self, touch: object) -> bool:
        """Look pressed while the finger is down."""
        if not self.enabled or self.on_press is None or not self.collide_point(*touch.pos):  # type: ignore[attr-defined]
            return False
        if self.on_down is not None:
            self.on_down()
        touch.grab(self)  # type: ignore[attr-defined]
        self._set_pressed(True)
        return True

    def on_touch_move(self, touch: object) -> bool:
        """Let go when the finger slides off."""
        if touch.grab_current is not self:  # type: ignore[attr-defined]
            return False
        self._set_pressed(self.collide_point(*touch.pos))  # type: ignore[attr-defined]
        return True

    def on_touch_up(self, touch: object) -> bool:
        """Fire when the finger lifts within."""
        if touch.grab_current is not self:  # type: ignore[attr-defined]
            return False
        touch.ungrab(self)  # type: ignore[attr-defined]
        self._release()
        if self.collide_point(*touch.pos):  # type: ignore[attr-defined]
            self.fire()
        return True

    def _set_pressed(self, pressed: bool) -> None:
        if pressed != self.pressed:
            self.pressed = pressed
            self.repaint()

    def _release(self) -> None:
        Clock.schedule_once(lambda _: self._set_pressed(False), PRESS_SHOWN_S)


class PrimaryButton(Pressable):
    """The next step: the one warm thing. While it waits it is an outline that says for what."""

    radius: float = 48
    next_step = True

    def __init__(
        self, look: Look, box: Box, text: str = "", *, sign: str = "", sign_after: bool = True,
        on_press: Callable[[], None] | None = None, name: str = "", size: float = 76,
    ) -> None:  # fmt: skip
        self.waiting = False
        self.sign_after = sign_after
        self.size_units = size
        super().__init__(look, box, text, sign=sign, on_press=on_press, name=name)

    def wait(self, text: str) -> None:
        """Become an outline with a clock that says what we wait for."""
        if (self.waiting, self.text) != (True, text):
            self.waiting, self.text, self.enabled = True, text, False
            self.repaint()

    def ready(self, text: str) -> None:
        """Become the next step again."""
        if (self.waiting, self.text) != (False, text):
            self.waiting, self.text, self.enabled = False, text, True
            self.repaint()

    def paint(self, pen: Pen) -> None:
        """Draw in one of the states of picture 25."""
        if self.waiting:
            pen.framed(self.box, "gran", "gran2_kant", self.radius)
            pen.sign_and_text(
                self.box.inset(36, 0), "clock", self.text, Face.DISPLAY, 62, "paa_gran",
                sign_size=62, gap=28, lines=2, leading=1.1,
            )  # fmt: skip
            return
        pen.fill(self.box, "multe_ned" if self.pressed else "multe", self.radius)
        inside = self.box.moved(0, 4) if self.pressed else self.box
        words = pen.width(self.text, Face.DISPLAY, self.size_units)
        # Where words and sign do not fit side by side at full size, the sign gives way first.
        tight = words + self.look.size(76) + 28 + 72 > self.box.width
        pen.sign_and_text(
            inside.inset(20 if tight else 36, 0), self.sign, self.text, Face.DISPLAY,
            self.size_units, "multe_tekst", sign_size=48 if tight else 76,
            gap=16 if tight else 28, sign_after=self.sign_after,
        )  # fmt: skip


class SecondaryButton(Pressable):
    """Another thing that can be done, on the counter."""

    face = Face.SEMIBOLD
    size_units: float = 46
    sign_size: float = 50
    gap: float = 24

    def paint(self, pen: Pen) -> None:
        """Draw sign and words in the middle."""
        pen.framed(self.box, "gran_ned" if self.pressed else "gran2", "gran2_kant", self.radius)
        tight = self.box.width < TIGHT
        pen.sign_and_text(
            self.box.inset(12 if tight else 24, 0), self.sign, self.text, self.face,
            self.size_units, "paa_gran", sign_size=36 if tight else self.sign_size,
            gap=12 if tight else self.gap, lines=2,
        )  # fmt: skip


class UtilityButton(Pressable):
    """One of the strip at the very bottom: quiet, Hjelp outlined and always first."""

    radius: float = 30

    def __init__(
        self, look: Look, box: Box, text: str = "", *, sign: str = "", outlined: bool = False,
        stacked: bool = False, on_press: Callable[[], None] | None = None, name: str = "",
    ) -> None:  # fmt: skip
        self.outlined = outlined
        self.stacked = stacked
        super().__init__(look, box, text, sign=sign, on_press=on_press, name=name)

    def paint(self, pen: Pen) -> None:
        """Draw sign beside words, or over them in the compact layout."""
        ground = "gran2" if self.pressed else "gran_ned"
        if self.look.theme.high_contrast:
            pen.framed(self.box, "gran_ned" if self.pressed else "gran", "paa_gran", self.radius)
        elif self.outlined:
            pen.framed(self.box, ground, "gran2_kant", self.radius)
        else:
            pen.fill(self.box, ground, self.radius)
        if not self.stacked:
            narrow = self.box.width < 250
            side, gap, pad = (40, 8, 4) if narrow else (46, 20, 16)
            pen.sign_and_text(
                self.box.inset(pad, 0), self.sign, self.text, Face.SEMIBOLD,
                36 if narrow else 40, "paa_gran", sign_size=side, gap=gap,
            )  # fmt: skip
            return
        top, low = self.box.inset(4, 8).take_top(self.box.height * 0.4)
        high = min(top.height, 40.0)
        x, y = top.middle
        pen.sign(Box(x - high / 2, y - high / 2, high, high), self.sign, "paa_gran")
        pen.text(low, self.text, Face.SEMIBOLD, 36, "paa_gran", align="middle")


class Ghost(Pressable):
    """A white control on a light ground: minus, plus, Fjern, "Se 3 linjer til"."""

    ring_colour = "skifer"
    radius: float = 28

    def __init__(
        self, look: Look, box: Box, text: str = "", *, sign: str = "", size: float = 40,
        sign_size: float = 46, face: Face = Face.SEMIBOLD, ground: str = "sno",
        border: str = "kant", radius: float = 28, repeats: bool = False, gap: float = 20,
        on_press: Callable[[], None] | None = None, name: str = "",
    ) -> None:  # fmt: skip
        self.face, self.size_units, self.sign_size = face, size, sign_size
        self.ground, self.border, self.radius, self.gap = ground, border, radius, gap
        self.repeats = repeats
        super().__init__(look, box, text, sign=sign, on_press=on_press, name=name)

    def paint(self, pen: Pen) -> None:
        """Draw sign and words in the middle, or the sign alone."""
        ground = "gran_ned" if self.look.theme.high_contrast else "mint"
        pen.framed(self.box, ground if self.pressed else self.ground, self.border, self.radius)
        if not self.text:
            side = self.sign_size
            x, y = self.box.middle
            pen.sign(Box(x - side / 2, y - side / 2, side, side), self.sign, "skifer")
            return
        pen.sign_and_text(
            self.box.inset(16, 0), self.sign, self.text, self.face, self.size_units, "skifer",
            sign_size=self.sign_size, gap=self.gap,
        )  # fmt: skip
