"""Keys of the letter and number keyboards: white; the wide ones have a word."""

from collections.abc import Callable

from kiosk.ui.look import Look
from kiosk.ui.paint import Pen
from kiosk.ui.typeset import Face
from kiosk.ui.units import Box
from kiosk.ui.widgets.button import Pressable


class Key(Pressable):
    """One letter or digit."""

    radius = 22
    repeats = True

    def __init__(
        self, look: Look, box: Box, text: str, *, size: float = 48,
        on_press: Callable[[], None] | None = None, name: str = "",
    ) -> None:  # fmt: skip
        self.size_units = size
        super().__init__(look, box, text, on_press=on_press, name=name)

    def paint(self, pen: Pen) -> None:
        """Draw the letter in the middle."""
        if self.look.theme.high_contrast:
            pen.framed(self.box, "gran_ned" if self.pressed else "sno", "paa_gran", self.radius)
        else:
            pen.fill(self.box, "mint" if self.pressed else "sno", self.radius)
        # A key has room for its letter, not for 1.4 times.
        pen.text(self.box, self.text, Face.SEMIBOLD, min(self.size_units, self.box.height / 2),
                 "skifer", align="middle", scaled=False)  # fmt: skip


class WideKey(Pressable):
    """Delete (on the counter's green, with a word) or the yellow check that confirms."""

    radius = 22
    repeats = True

    def __init__(
        self, look: Look, box: Box, text: str, *, sign: str, confirm: bool = False,
        on_press: Callable[[], None] | None = None, name: str = "",
    ) -> None:  # fmt: skip
        self.confirm = confirm
        if confirm:
            self.next_step, self.repeats = True, False
        super().__init__(look, box, text, sign=sign, on_press=on_press, name=name)

    def paint(self, pen: Pen) -> None:
        """Draw sign and word."""
        if self.confirm:
            pen.fill(self.box, "multe_ned" if self.pressed else "multe", self.radius)
            colour = "multe_tekst"
        else:
            ground = "gran_ned" if self.pressed else "gran2"
            pen.framed(self.box, ground, "gran2_kant", self.radius)
            colour = "paa_gran"
        if self.text:
            pen.sign_and_text(self.box.inset(16, 0), self.sign, self.text, Face.SEMIBOLD, 40,
                              colour, sign_size=52, gap=20)  # fmt: skip
        else:
            x, y = self.box.middle
            pen.sign(Box(x - 28, y - 28, 56, 56), self.sign, colour)
