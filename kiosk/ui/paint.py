"""The pen: draw surfaces, signs, pictures and text in units onto one part's canvas.

A part is small and is painted again whole when its model changes; nothing is updated in place.
That is simple, and cheap because texts are cached textures (see typeset).
"""

import math
from dataclasses import dataclass

from kiosk.ui import (
    kivy_setup,  # noqa: F401  (before Kivy)
    pictures,
    typeset,
)
from kiosk.ui.corners import patch
from kiosk.ui.look import Look
from kiosk.ui.typeset import Face
from kiosk.ui.units import Box

from kivy.graphics import (  # isort: skip
    BorderImage,
    Color,
    InstructionGroup,
    Rectangle,
    SmoothLine,
)

FLOOR = 34
"""No text is smaller, in units."""
Corners = tuple[float, float, float, float]
"""Radii in units: top left, top right, bottom right, bottom left."""


@dataclass(frozen=True, slots=True)
class PaintedText:
    """A text as painted: `box` is what the glyphs take, `room` what they may take."""

    text: str
    box: Box
    room: Box
    shortened: bool = False


class Pen:
    """Draws on a canvas. All places and sizes are units; colours are theme tokens."""

    def __init__(self, canvas: InstructionGroup, look: Look) -> None:
        self.canvas = canvas
        self.look = look
        self.texts: list[PaintedText] = []

    # Surfaces

    def fill(self, box: Box, colour: str, radius: float | Corners = 0, alpha: float = 1) -> None:
        """Fill a rectangle, its corners rounded."""
        self._ink(colour, alpha)
        x, y, width, height = self.look.glass.rect_px(box)
        if radius == 0:
            self.canvas.add(Rectangle(pos=(x, y), size=(width, height)))
            return
        corners = radius if isinstance(radius, tuple) else (radius,) * 4
        most = int(min(width, height) / 2)
        top_left, top_right, bottom_right, bottom_left = (
            min(round(self.look.glass.px(corner)), most) for corner in corners
        )
        texture, border = patch((top_left, top_right, bottom_right, bottom_left))
        self.canvas.add(
            BorderImage(texture=texture, border=border, pos=(x, y), size=(width, height))
        )

    def framed(
        self, box: Box, fill: str, border: str, radius: float, stroke: float | None = None
    ) -> None:
        """Fill a rounded rectangle with a border inside its edge."""
        edge = self.look.theme.stroke if stroke is None else stroke
        self.fill(box, border, radius)
        self.fill(box.inset(edge), fill, max(radius - edge, 0))

    def raised(self, box: Box, colour: str, radius: float) -> None:
        """Fill with the two-unit lower edge of a sheet or tile; a border in high contrast."""
        if self.look.theme.high_contrast:
            self.framed(box, colour, "kant", radius)
            return
        self.fill(box.moved(0, 2), "linje", radius)
        self.fill(box, colour, radius)

    def shadow(self, box: Box, name: str, border_px: int) -> None:
        """Stretch a nine-patch shadow over `box`; nothing in high contrast."""
        if self.look.theme.high_contrast:
            return
        self._ink("#FFFFFF")
        x, y, width, height = self.look.glass.rect_px(box)
        self.canvas.add(
            BorderImage(
                texture=pictures.shadow(name),
                border=(border_px,) * 4,
                pos=(x, y),
                size=(width, height),
            )
        )

    def rule(self, x: float, y: float, width: float, colour: str = "linje") -> None:
        """Draw a hairline."""
        thick = 2 if not self.look.theme.high_contrast else 4
        self.fill(Box(x, y, width, thick), colour)

    def ring(self, box: Box, radius: float, colour: str, stroke: float, gap: float) -> None:
        """Draw the focus ring around `box`."""
        out = gap + stroke / 2
        x, y, width, height = self.look.glass.rect_px(box.inset(-out))
        self._ink(colour)
        self.canvas.add(
            SmoothLine(
                rounded_rectangle=(x, y, width, height, self.look.glass.px(radius + out)),
                width=self.look.glass.px(stroke) / 2,
            )
        )

    def arc(self, middle: tuple[float, float], radius: float, stroke: float, colour: str,
            turn: float = 1) -> None:  # fmt: skip
        """Draw `turn` of a circle, clockwise from the top, with round ends."""
        x, y = middle
        px = self.look.glass.px
        self._ink(colour)
        centre = (px(x), self.look.glass.height_px - px(y))
        angle = 360 * turn
        # Kivy's angle grows clockwise from the top.
        self.canvas.add(
            SmoothLine(circle=(*centre, px(radius), 0, angle, 180), width=px(stroke) / 2)
        )
        if turn < 1:
            for end in (0.0, math.radians(angle)):
                spot = (x + radius * math.sin(end), y - radius * math.cos(end))
                self.dot(spot, stroke / 2, colour)

    def dot(self, middle: tuple[float, float], radius: float, colour: str) -> None:
        """Draw a filled circle."""
        x, y = middle
        self.fill(Box(x - radius, y - radius, 2 * radius, 2 * radius), colour, radius)

    def line(self, points: list[tuple[float, float]], stroke: float, colour: str) -> None:
        """Draw a line with round ends through `points`."""
        px, height = self.look.glass.px, self.look.glass.height_px
        self._ink(colour)
        flat = [part for x, y in points for part in (px(x), height - px(y))]
        self.canvas.add(SmoothLine(points=flat, width=px(stroke) / 2, cap="round", joint="round"))

    # Signs and pictures

    def sign(self, box: Box, name: str, colour: str) -> None:
        """Draw a sign of the atlas, tinted; nothing without a name."""
        if not name:
            return
        self._ink(colour)
        self._image(pictures.sign(name), box)

    def picture(self, box: Box, name: str, alpha: float = 1) -> bool:
        """Draw a product's picture or an illustration; return whether there is one."""
        texture = pictures.picture(name)
        if texture is None:
            return False
        self._ink("#FFFFFF", alpha)
        side = min(box.width / texture.width, box.height / texture.height)
        width, height = texture.width * side, texture.height * side
        x, y = box.middle
        self._image(texture, Box(x - width / 2, y - height / 2, width, height))
        return True

    def picture_file(self, box: Box, path: str) -> None:
        """Draw a picture from a file: a shop's mark."""
        self._ink("#FFFFFF")
        self._image(pictures.picture_file(path), box)

    def dim(self, box: Box) -> None:
        """Lay the design's dimming over `box`; nothing in high contrast."""
        if self.look.theme.dimming == 0:
            return
        self.fill(box, "#10211B", alpha=self.look.theme.dimming)

    # Text

    def width(self, text: str, face: Face, size: float) -> float:
        """Return how wide one line is in units, with the shopper's text size."""
        size_px = self._size_px(size)
        return typeset.width_px(text, face, size_px) / self.look.glass.unit_px

    def text(
        self,
        box: Box,
        text: str,
        face: Face,
        size: float,
        colour: str,
        *,
        align: str = "left",
        valign: str = "middle",
        lines: int = 1,
        leading: float = 1.25,
        fit: bool = True,
        strike: bool = False,
        scaled: bool = True,
        balance: bool = True,
        alpha: float = 1,
    ) -> Box:
        """Write `text` into `box` and return what it took.

        It breaks into at most `lines`, about equally long unless `balance` is False. Text that
        does not fit gets smaller down to the floor (unless `fit` is False) and is then shortened
        with an ellipsis at the end.
        """
        if not text:
            return Box(box.x, box.y, 0, 0)
        rows, size_px, cut = self._fitted(
            box, text, face, size, lines, leading, fit, scaled, balance
        )
        line_px = size_px * leading
        px = self.look.glass.px
        height = len(rows) * line_px / self.look.glass.unit_px
        free = box.height - height
        y = box.y + {"top": 0.0, "middle": free / 2, "bottom": free}[valign]
        self._ink(colour, alpha)
        taken: list[Box] = []
        for index, row in enumerate(rows):
            texture = typeset.texture(row, face, size_px)
            wide = texture.width / self.look.glass.unit_px
            x = (
                box.x
                + {"left": 0.0, "middle": (box.width - wide) / 2, "right": box.width - wide}[align]
            )
            middle_px = px(y) + line_px * (index + 0.5)
            top_px = int(middle_px - texture.height / 2)
            self.canvas.add(
                Rectangle(
                    texture=texture,
                    pos=(round(px(x)), self.look.glass.height_px - top_px - texture.height),
                    size=texture.size,
                )
            )
            unit = self.look.glass.unit_px
            # The glyphs take about the em: the texture's head room is empty.
            em = size_px / unit
            taken.append(Box(x, middle_px / unit - em / 2, wide, em))
            if strike:
                self.fill(Box(x, middle_px / unit, wide, 3), colour)
        took = Box(
            min(part.x for part in taken),
            taken[0].y,
            max(part.width for part in taken),
            taken[-1].bottom - taken[0].y,
        )
        self.texts.append(PaintedText(text, took, box, cut))
        return took

    def sign_and_text(
        self, box: Box, sign: str, text: str, face: Face, size: float, colour: str,
        *, sign_size: float, gap: float, align: str = "middle", sign_after: bool = False,
        sign_colour: str = "", lines: int = 1, leading: float = 1.2,
    ) -> None:  # fmt: skip
        """Write a sign and words beside each other, together left or in the middle of `box`."""
        if not sign:
            self.text(box, text, face, size, colour, align=align, lines=lines, leading=leading)
            return
        side = self.look.size(sign_size)
        room = max(box.width - side - gap, 1)
        rows, size_px, _ = self._fitted(
            Box(box.x, box.y, room, box.height), text, face, size, lines, leading, True, True
        )
        unit = self.look.glass.unit_px
        words = max(typeset.width_px(row, face, size_px) for row in rows) / unit
        x = box.x if align == "left" else box.x + (box.width - side - gap - words) / 2
        middle = box.y + box.height / 2
        sign_x, text_x = (x + words + gap, x) if sign_after else (x, x + side + gap)
        self.sign(Box(sign_x, middle - side / 2, side, side), sign, sign_colour or colour)
        # One unit of room: a width in whole pixels may be a hair wider than in units.
        self.text(Box(text_x, box.y, words + 1, box.height), text, face, size_px / unit, colour,
                  lines=lines, leading=leading, scaled=False)  # fmt: skip

    # Inside

    def _fitted(
        self, box: Box, text: str, face: Face, size: float, lines: int, leading: float,
        fit: bool, scaled: bool, balance: bool = True,
    ) -> tuple[tuple[str, ...], int, bool]:  # fmt: skip
        px = self.look.glass.px
        size_px = self._size_px(size) if scaled else self.look.glass.whole_px(size)
        floor_px = min(size_px, self.look.glass.whole_px(FLOOR))
        return typeset.fitted(
            text, face, size_px, floor_px if fit else size_px, round(px(box.width)) + 1,
            round(px(box.height)) + 2, lines, leading, balance,
        )  # fmt: skip

    def _size_px(self, size: float) -> int:
        return self.look.glass.whole_px(self.look.size(size))

    def _ink(self, colour: str, alpha: float = 1) -> None:
        red, green, blue, own = self.look.theme[colour]
        self.canvas.add(Color(red, green, blue, own * alpha))

    def _image(self, texture: object, box: Box) -> None:
        x, y, width, height = self.look.glass.rect_px(box)
        self.canvas.add(Rectangle(texture=texture, pos=(x, y), size=(width, height)))


__all__ = ["FLOOR", "PaintedText", "Pen"]
