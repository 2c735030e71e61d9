"""Tiles: an answer to a question, a picture to pick, a language, a look-up over the total."""

from collections.abc import Callable

from kiosk.ui.look import Look
from kiosk.ui.paint import FLOOR, Pen
from kiosk.ui.typeset import Face
from kiosk.ui.units import Box
from kiosk.ui.widgets.button import Pressable


class Tile(Pressable):
    """An answer with a sign in a square, a name and a line under it (pay, receipt, help).

    Not available: an outline with the reason. It still answers a tap: `on_press` is called all
    the same, so the screen can read the reason aloud or show it larger.
    """

    def __init__(
        self, look: Look, box: Box, text: str = "", *, note: str = "", sign: str = "",
        picture: str = "", available: bool = True, name_size: float = 48, square: float = 124,
        note_size: float = 36, pad: float = 36, on_press: Callable[[], None] | None = None,
        name: str = "",
    ) -> None:  # fmt: skip
        self.note, self.picture, self.available = note, picture, available
        self.name_size, self.square, self.note_size, self.pad = name_size, square, note_size, pad
        super().__init__(look, box, text, sign=sign, on_press=on_press, name=name)

    def show_tile(
        self, text: str, *, note: str = "", sign: str = "", picture: str = "",
        available: bool = True,
    ) -> None:  # fmt: skip
        """Change everything that it tells."""
        wanted = (text, note, sign, picture, available)
        if wanted != (self.text, self.note, self.sign, self.picture, self.available):
            self.text, self.note, self.sign, self.picture, self.available = wanted
            self.repaint()

    def paint(self, pen: Pen) -> None:
        """Draw the square, the name and the note."""
        if not self.available:
            pen.framed(self.box, "gran", "av_kant", self.radius)
        elif self.look.theme.high_contrast:
            pen.framed(self.box, "gran_ned" if self.pressed else "sno", "kant", self.radius)
        else:
            pen.fill(self.box, "mint" if self.pressed else "sno", self.radius)
        side = min(self.square, self.box.height - 32)
        pad = min(self.pad, (self.box.height - side) / 2 + 8)
        left = self.box.x + pad
        gap, margin, inset = (32, 28, 12) if pad > 30 else (24, 12, 8)
        if side > 0:
            square = Box(left, self.box.y + (self.box.height - side) / 2, side, side)
            self._paint_square(pen, square)
            left = square.right + gap
        words = Box(
            left, self.box.y + inset, self.box.right - left - margin, self.box.height - 2 * inset
        )
        self._paint_words(pen, words)

    def _paint_square(self, pen: Pen, square: Box) -> None:
        inner = square.inset(square.width * 0.16)
        if not self.available:
            pen.framed(square, "gran", "av_kant", 28)
            pen.sign(inner, "prohibit", "mint")
            return
        if not self.look.theme.high_contrast:
            pen.fill(square, "rim", 28)
        if not (self.picture and pen.picture(square.inset(square.width * 0.12), self.picture)):
            pen.sign(inner, self.sign, "skifer")

    def _paint_words(self, pen: Pen, words: Box) -> None:
        name_colour, note_colour = ("skifer", "skifer2") if self.available else ("paa_gran", "mint")
        if not self.note:
            pen.text(words, self.text, Face.BOLD, self.name_size, name_colour, lines=2,
                     leading=1.15)  # fmt: skip
            return
        size = pen.look.size
        name_high, note_high = size(self.name_size) * 1.2, size(self.note_size) * 1.25
        rows = 1
        wide = pen.width(self.note, Face.REGULAR, self.note_size)
        roomy = words.height >= name_high + 2 * note_high
        if wide > words.width and (roomy or wide * FLOOR / size(self.note_size) > words.width):
            # Two lines, if need be at the smallest size, come before a large name.
            rows = 2
            note_high = min(2 * note_high, max(words.height - name_high, 2.4 * FLOOR))
            name_high = min(name_high, words.height - note_high)
        top = words.y + (words.height - name_high - note_high) / 2
        pen.text(Box(words.x, top, words.width, name_high), self.text, Face.BOLD, self.name_size,
                 name_colour)  # fmt: skip
        pen.text(Box(words.x, top + name_high, words.width, note_high), self.note, Face.REGULAR,
                 self.note_size, note_colour, lines=rows, leading=1.2, valign="top")  # fmt: skip


class PictureTile(Pressable):
    """A product to pick: picture, name, price with its unit; or "Flere varer" with its page."""

    ring_colour = "skifer"

    def __init__(
        self, look: Look, box: Box, text: str = "", *, note: str = "", picture: str = "",
        sign: str = "", onward: bool = False, on_press: Callable[[], None] | None = None,
        name: str = "",
    ) -> None:  # fmt: skip
        self.note, self.picture, self.onward = note, picture, onward
        super().__init__(look, box, text, sign=sign, on_press=on_press, name=name)

    def show_tile(self, text: str, *, note: str, picture: str, sign: str) -> None:
        """Change everything that it tells."""
        wanted = (text, note, picture, sign)
        if wanted != (self.text, self.note, self.picture, self.sign):
            self.text, self.note, self.picture, self.sign = wanted
            self.repaint()

    def paint(self, pen: Pen) -> None:
        """Draw the picture over the words; the onward tile has an arrow on green-light."""
        ground = "gran_lys" if self.onward else "sno"
        pressed = "gran_ned" if self.look.theme.high_contrast else "mint"
        pen.raised(self.box, pressed if self.pressed else ground, self.radius)
        inside = self.box.inset(12 if self.box.width > 240 else 5, 12)
        note_high = self.look.size(36) * 1.25
        name_high = self.look.size(40) * 1.25
        note, rest = inside.take_bottom(min(note_high, inside.height * 0.3))
        name, top = rest.take_bottom(min(name_high, inside.height * 0.3))
        side = min(112, top.height)
        square = Box(self.box.x + (self.box.width - side) / 2, top.y, side, side)
        if self.onward:
            # An arrow is lower than a picture: the words follow it up.
            name, note = name.moved(0, -12), note.moved(0, -12)
            pen.sign(square.inset(10).moved(0, -8), self.sign, "gran3")
        elif not pen.picture(square, self.picture):
            pen.sign(square.inset(12), self.sign, "skifer2")
        pen.text(name, self.text, Face.BOLD, 40, "gran3" if self.onward else "skifer",
                 align="middle")  # fmt: skip
        pen.text(note, self.note, Face.MEDIUM, 36, "skifer" if self.onward else "skifer2",
                 align="middle")  # fmt: skip


class LanguageTile(Pressable):
    """A language in its own words, left in a white tile."""

    chosen = False

    def paint(self, pen: Pen) -> None:
        """Draw the name and, for the language in use, a check."""
        if self.look.theme.high_contrast:
            pen.framed(self.box, "gran_ned" if self.pressed else "sno", "kant", self.radius)
        else:
            pen.fill(self.box, "mint" if self.pressed else "sno", self.radius)
        inside = self.box.inset(36, 0)
        if self.chosen:
            mark, inside = inside.take_right(56, 12)
            x, y = mark.middle
            pen.sign(Box(x - 28, y - 28, 56, 56), "check-circle", "gran3")
        pen.text(inside, self.text, Face.BOLD, 48, "skifer")


class AddButton(Pressable):
    """One of the look-ups over the total: picture or sign over a word."""

    radius = 34

    def __init__(
        self, look: Look, box: Box, text: str = "", *, sign: str = "", picture: str = "",
        on_press: Callable[[], None] | None = None, name: str = "",
    ) -> None:  # fmt: skip
        self.picture = picture
        super().__init__(look, box, text, sign=sign, on_press=on_press, name=name)

    def paint(self, pen: Pen) -> None:
        """Draw the picture over the word."""
        pen.framed(self.box, "gran_ned" if self.pressed else "gran2", "gran2_kant", self.radius)
        room = self.box.inset(10, 10)
        one_line = pen.width(self.text, Face.SEMIBOLD, 36) <= room.width
        word_high = self.look.size(36) * (1.25 if one_line else 2.1)
        word, top = room.take_bottom(min(word_high, room.height * (0.5 if one_line else 0.66)))
        side = min(68, top.height)
        x, y = top.middle
        square = Box(x - side / 2, y - side / 2, side, side)
        if not (self.picture and pen.picture(square, self.picture)):
            pen.sign(square.inset(4), self.sign, "paa_gran")
        pen.text(word, self.text, Face.SEMIBOLD, 36, "paa_gran", align="middle",
                 lines=1 if one_line else 2, leading=1.05)  # fmt: skip
