"""Parts of the payment screen: what it is about, the short list in landscape, the ways to pay."""

from collections.abc import Callable

from kiosk.sale.events import Method
from kiosk.ui.look import Look
from kiosk.ui.paint import Pen
from kiosk.ui.present.lines import LineModel
from kiosk.ui.present.pay import MethodModel
from kiosk.ui.typeset import Face
from kiosk.ui.units import Box, Layout
from kiosk.ui.widgets.bars import CHIP_PAD
from kiosk.ui.widgets.lines import paint_name, paint_picture, paint_rows, row_height, row_sizes
from kiosk.ui.widgets.part import Part
from kiosk.ui.widgets.tiles import Tile

SQUARES = {
    # Where the owners' official marks go: ground and sign.
    Method.CARD: ("gran_lys", "gran3"),
    Method.VIPPS: ("#FF5B24", "#FFFFFF"),
    Method.KLARNA: ("#FFA8CD", "#10211B"),
}
CHIPS_GAP = 22
HEADER = 82
HEADER_PAD = 40
LINES_MOST = 2
"""How many of the newest lines stand beside the ways to pay."""


class MethodTile(Tile):
    """A way to pay, its square in the owner's colour."""

    def __init__(
        self, look: Look, box: Box, method: Method, *, large: bool,
        on_press: Callable[[], None] | None = None,
    ) -> None:  # fmt: skip
        self.method = method
        name_size, square, note_size, pad = (66, 150, 40, 36) if large else (46, 116, 36, 28)
        if look.big:
            name_size, square, note_size, pad = (50 if large else 46, 96, 36, 36)
        if look.layout is Layout.COMPACT:
            name_size, square, note_size, pad = (60, 96, 36, 36) if large else (40, 0, 34, 20)
        super().__init__(
            look, box, name_size=name_size, square=square, note_size=note_size, pad=pad,
            on_press=on_press, name=method.value,
        )  # fmt: skip

    def show_method(self, model: MethodModel) -> None:
        """Show name, what it is like or why it cannot be used."""
        self.show_tile(model.name, note=model.detail, sign=model.sign, available=model.available)

    def _paint_square(self, pen: Pen, square: Box) -> None:
        if not self.available or self.look.theme.high_contrast or self.method not in SQUARES:
            super()._paint_square(pen, square)
            return
        ground, colour = SQUARES[self.method]
        pen.fill(square, ground, 28)
        pen.sign(square.inset(square.width * 0.16), self.sign, colour)


class PayChips(Part):
    """How many items, and what is saved: two pills beside each other, or under if narrow."""

    def __init__(self, look: Look, box: Box, *, height: float) -> None:
        super().__init__(look, box)
        self.height_units = height
        self.items, self.saved = "", ""

    def show(self, items: str, saved: str) -> None:
        """Change the words; an empty one has no pill."""
        if (items, saved) != (self.items, self.saved):
            self.items, self.saved = items, saved
            self.repaint()

    def paint(self, pen: Pen) -> None:
        """Draw the pills."""
        row = Box(self.box.x, self.box.y, self.box.width, self.height_units)
        high_contrast = self.look.theme.high_contrast
        for sign, text, ground, colour in (
            ("basket", self.items, "sno", "skifer"),
            ("tag", self.saved, "gran_lys", "gran3"),
        ):
            if not text:
                continue
            wide = self._width(pen, text)
            if wide > row.width:
                row = Box(self.box.x, row.bottom + CHIPS_GAP, self.box.width, row.height)
            pill = Box(row.x, row.y, min(wide, row.width), row.height)
            if high_contrast:
                pen.framed(pill, ground, "kant", pill.height / 2)
            else:
                pen.fill(pill, ground, pill.height / 2)
            size, sign_size = self._sizes()
            pen.sign_and_text(pill.inset(CHIP_PAD - 1, 0), sign, text, Face.SEMIBOLD, size, colour,
                              sign_size=sign_size, gap=16, align="left")  # fmt: skip
            left = pill.right + CHIPS_GAP
            row = Box(left, row.y, self.box.right - left, row.height)

    def _sizes(self) -> tuple[float, float]:
        """Text and sign: beside each other also with large text, which is then 38 units."""
        return (27, 28) if self.look.big else (39, 46)

    def _width(self, pen: Pen, text: str) -> float:
        size, sign_size = self._sizes()
        words = pen.width(text, Face.SEMIBOLD, size)
        return words + pen.look.size(sign_size) + 16 + 2 * CHIP_PAD


class PayList(Part):
    """The newest lines under a count and the deposit, on a sheet that runs off the glass (22)."""

    def __init__(self, look: Look, box: Box) -> None:
        super().__init__(look, box)
        self.count, self.deposit = "", ""
        self.lines: tuple[LineModel, ...] = ()

    @staticmethod
    def newest(look: Look, lines: tuple[LineModel, ...]) -> tuple[tuple[LineModel, ...], float]:
        """Return the newest lines that are listed, and how high the list is with them."""
        shown = lines[-LINES_MOST:]
        sizes = row_sizes(look)
        return shown, HEADER + sum(row_height(sizes, line) for line in shown)

    def show(self, count: str, deposit: str, lines: tuple[LineModel, ...]) -> None:
        """Change what is listed."""
        if (count, deposit, lines) != (self.count, self.deposit, self.lines):
            self.count, self.deposit, self.lines = count, deposit, lines
            self.repaint()

    def paint(self, pen: Pen) -> None:
        """Draw the header and the lines."""
        sizes = row_sizes(self.look)
        header = self.box.inset(HEADER_PAD, 0).take_top(HEADER)[0]
        half = header.width / 2
        pen.text(Box(header.x, header.y, half, HEADER), self.count, Face.BOLD, 36, "skifer")
        pen.text(Box(header.x + half, header.y, half, HEADER), self.deposit, Face.MEDIUM, 36,
                 "skifer2", align="right")  # fmt: skip
        shown = self.lines
        y = self.box.y + HEADER
        inside = self.box.inset(HEADER_PAD, 0)
        for index, line in enumerate(shown):
            high = row_height(sizes, line)
            words = inside
            if sizes.picture:
                square = Box(inside.x, y + sizes.pad, sizes.picture, sizes.picture)
                paint_picture(pen, square, line, "rim")
                _, words = inside.take_left(sizes.picture, 28)
            top = y + sizes.pad if line.rows else y + (high - sizes.name) / 2 - 1
            paint_name(pen, Box(words.x, top, words.width, sizes.name), line, 42, Face.SEMIBOLD)
            rest = Box(words.x, top + sizes.name, words.width, high)
            paint_rows(pen, rest, line.rows)
            y += high
            if index + 1 < len(shown):
                pen.rule(inside.x, y - 2, inside.width)
