"""The rows of the receipt that grows: a line, and a line with its controls open."""

from collections.abc import Callable
from dataclasses import replace

from kiosk.engine.messages import Intent, QuantityPressed, RemovePressed
from kiosk.ui import kivy_setup  # noqa: F401  (before Kivy)
from kiosk.ui.look import Look
from kiosk.ui.paint import Pen
from kiosk.ui.present.lines import LineModel, RowKind, RowModel
from kiosk.ui.present.parts import ChipModel, Kind
from kiosk.ui.typeset import Face
from kiosk.ui.units import Box
from kiosk.ui.widgets.bars import paint_chip
from kiosk.ui.widgets.button import Ghost
from kiosk.ui.widgets.part import Part
from kiosk.ui.widgets.row_sizes import (
    AMOUNT_GAP,
    BIG_OPEN_SIDE,
    CONTROLS_GAP,
    FLAGS,
    NAME,
    NORMAL,
    name_lines,
)
from kiosk.ui.widgets.row_sizes import row_height as row_height
from kiosk.ui.widgets.row_sizes import row_sizes as row_sizes

from kivy.graphics import PopMatrix, PushMatrix, Translate  # isort: skip
from kivy.properties import NumericProperty  # isort: skip


SIGN_GAP = 12
BIG_BLEED = 60


class LineRow(Part):
    """A line: picture, name, price, second lines. The whole row is the target."""

    def __init__(self, look: Look, box: Box, line: LineModel) -> None:
        super().__init__(look, box)
        self.line = line
        self.rule = True
        # A row that only moves up is moved, not painted again: most do at each scan.
        self._shift = Translate(0, 0)
        self._painted_y = box.y
        self.canvas.before.add(PushMatrix())
        self.canvas.before.add(self._shift)
        self.canvas.after.add(PopMatrix())
        self.repaint()

    def show(self, line: LineModel, box: Box, *, rule: bool) -> None:
        """Show a line in a box; painted again only if more than its place differs."""
        if (line, box, rule) == (self.line, self.box, self.rule):
            return
        same = (line, rule) == (self.line, self.rule) and box.height == self.box.height
        down = box.y - self.box.y
        self.line, self.box, self.rule = line, box, rule
        self._place()
        if not same:
            self.repaint()
            return
        px = self.look.glass.px
        self._shift.y = round(px(self._painted_y)) - round(px(box.y))
        self.painted = tuple(
            replace(text, box=text.box.moved(0, down), room=text.room.moved(0, down))
            for text in self.painted
        )

    def repaint(self) -> None:
        """Draw the row where it stands."""
        self._shift.y = 0
        self._painted_y = self.box.y
        super().repaint()

    def paint(self, pen: Pen) -> None:
        """Draw the row and the hairline under it."""
        sizes = row_sizes(self.look)
        inside = self.box.inset(sizes.side, 0)
        words = inside
        if sizes.picture:
            square = Box(inside.x, self.box.y + sizes.pad, sizes.picture, sizes.picture)
            paint_picture(pen, square, self.line, "rim")
            _, words = inside.take_left(sizes.picture, sizes.gap)
        seconds = sum(sizes.flag if row.kind in FLAGS else sizes.row for row in self.line.rows)
        top = self.box.y + sizes.pad
        name = sizes.name * name_lines(self.look, sizes, self.box.width, self.line)
        if not self.line.rows:
            top = self.box.y + (self.box.height - name) / 2 - 1
        paint_name(pen, Box(words.x, top, words.width, name), self.line, NAME, Face.SEMIBOLD)
        paint_rows(pen, Box(words.x, top + name, words.width, seconds), self.line.rows)
        if self.rule:
            # With large texts the hairlines run from edge to edge: the list's box cuts them.
            bleed = BIG_BLEED if self.look.big else 0
            pen.rule(inside.x - bleed, self.box.bottom - 1, inside.width + 2 * bleed)


class GoingRow(LineRow):
    """A line on its way out: struck through, it folds to the left."""

    gone = NumericProperty(0.0)
    """0 when it stands, 1 when it has gone."""

    def __init__(self, look: Look, box: Box, line: LineModel) -> None:
        super().__init__(look, box, line)
        self.from_x = box.x
        self.bind(gone=lambda *_: self._go())

    def _go(self) -> None:
        self.opacity = 1 - self.gone
        self.move_to(Box(self.from_x - self.gone * self.box.width, self.box.y, self.box.width,
                         self.box.height))  # fmt: skip

    def paint(self, pen: Pen) -> None:
        """Draw name and amount, struck through, over whatever is under it."""
        sizes = row_sizes(self.look)
        pen.fill(self.box, "sno")
        inside = self.box.inset(sizes.side, 0)
        if sizes.picture:
            inside = inside.take_left(sizes.picture, sizes.gap)[1]
        name = Box(inside.x, self.box.y + sizes.pad, inside.width, sizes.name)
        paint_name(pen, name, self.line, NAME, Face.SEMIBOLD, strike=True)


class OpenRow(Part):
    """The newest line, or the one tapped, with minus, count, plus and Fjern."""

    def __init__(
        self, look: Look, box: Box, line: LineModel, send: Callable[[Intent], None]
    ) -> None:
        super().__init__(look, box)
        self.line = line
        self.send = send
        self.minus = self._control("minus", lambda: self._count(-1))
        self.plus = self._control("plus", lambda: self._count(+1))
        self.remove = Ghost(
            look, box, line.remove, sign="trash", border="kant", on_press=self._remove,
            name="remove", size=40,
        )  # fmt: skip
        self.add_widget(self.remove)
        self._lay_out()
        self.repaint()

    def show(self, line: LineModel, box: Box) -> None:
        """Show a line in a box; painted again only if something differs."""
        if (line, box) != (self.line, self.box):
            self.line, self.box = line, box
            self._place()
            self._lay_out()
            self.repaint()

    def _control(self, sign: str, press: Callable[[], None]) -> Ghost:
        button = Ghost(
            self.look, self.box, sign=sign, on_press=press, name=sign, repeats=True, sign_size=50
        )
        self.add_widget(button)
        return button

    def _count(self, change: int) -> None:
        self.send(QuantityPressed(self.line.line_id, self.line.quantity + change))

    def _remove(self) -> None:
        self.send(RemovePressed(self.line.line_id))

    def _lay_out(self) -> None:
        sizes = row_sizes(self.look)
        words = self._words()
        y = self.box.bottom - sizes.open_foot - sizes.control
        x = words.x
        if self.line.countable:
            self.minus.move_to(Box(x, y, sizes.control_wide, sizes.control))
            self.plus.move_to(
                Box(x + sizes.control_wide + sizes.count_wide, y, sizes.control_wide,
                    sizes.control)
            )  # fmt: skip
        for button in (self.minus, self.plus):
            button.opacity = 1 if self.line.countable else 0
            button.enabled = self.line.countable
        if self.look.big:
            left = self.plus.box.right + CONTROLS_GAP * 2.5 if self.line.countable else x
            self.remove.move_to(Box(left, y, words.right - left, sizes.control))
        else:
            pen = Pen(self.ink, self.look)
            wide = pen.width(self.line.remove, Face.SEMIBOLD, 40) + 46 + 20 + 2 * 32
            wide = max(wide, 226)
            self.remove.move_to(Box(words.right - wide, y, wide, sizes.control))

    def _words(self) -> Box:
        sizes = row_sizes(self.look)
        if self.look.big:
            return self.box.inset(BIG_OPEN_SIDE, 0)
        inside = self.box.inset(sizes.side, 0)
        _, words = inside.take_left(sizes.open_picture, sizes.gap)
        return words

    def paint(self, pen: Pen) -> None:
        """Draw ground, bar, picture, words and the count."""
        sizes = row_sizes(self.look)
        self._paint_ground(pen)
        words = self._words()
        if sizes.open_picture:
            square = Box(
                self.box.x + sizes.side, self.box.y + sizes.open_pad, sizes.open_picture,
                sizes.open_picture,
            )  # fmt: skip
            paint_picture(pen, square, self.line, "sno")
        y = self.box.y + sizes.open_pad
        if self.line.added:
            colour = "multe" if self.look.theme.high_contrast else "gran3"
            pen.sign_and_text(
                Box(words.x, y, words.width, sizes.added), "check-circle", self.line.added,
                Face.SEMIBOLD, 36, colour, sign_size=38, gap=SIGN_GAP, align="left",
            )  # fmt: skip
            y += sizes.added
        high = sizes.open_name * name_lines(self.look, sizes, self.box.width, self.line)
        name = Box(words.x, y, words.width, high)
        if self.look.big:
            lines = round(high / sizes.open_name)
            pen.text(name, self.line.name, Face.BOLD, sizes.added_size, "skifer", lines=lines,
                     fit=False, leading=1.15)  # fmt: skip
            price = Box(name.x, name.bottom, name.width, sizes.open_name)
            pen.text(price, f"{self.line.amount} kr", Face.BOLD, sizes.added_size, "skifer")
            y += sizes.open_name
        else:
            paint_name(pen, name, self.line, sizes.added_size, Face.BOLD)
        rows = sum(sizes.flag if row.kind in FLAGS else sizes.row for row in self.line.rows)
        y += high
        paint_rows(pen, Box(words.x, y, words.width, rows), self.line.rows)
        if self.line.countable:
            left, right = self.minus.box, self.plus.box
            count = Box(left.right, left.y, right.x - left.right, left.height)
            pen.text(count, str(self.line.quantity), Face.BOLD, 50, "skifer", align="middle")

    def _paint_ground(self, pen: Pen) -> None:
        if self.look.theme.high_contrast:
            pen.framed(self.box.inset(0, 12), "gran_lys", "multe", 32, 8)
            return
        pen.fill(self.box, "gran_lys")
        bar = row_sizes(self.look).bar or NORMAL.bar
        pen.fill(Box(self.box.x, self.box.y, bar, self.box.height), "gran3")


def paint_picture(pen: Pen, square: Box, line: LineModel, ground: str) -> None:
    """Draw a line's picture on its ground; without one, the sign of its kind."""
    pen.fill(square, ground, square.width * 0.25)
    if not pen.picture(square.inset(square.width * 0.09), line.picture):
        pen.sign(square.inset(square.width * 0.25), line.sign, "skifer2")


def paint_name(
    pen: Pen, box: Box, line: LineModel, size: float, face: Face, *, strike: bool = False
) -> None:
    """Draw the name at the left, on two lines in a box for two, and the amount at the right."""
    wide = pen.width(line.amount, face, size) + 1
    amount, name = box.take_right(wide, AMOUNT_GAP)
    lines = 2 if box.height > 2 * pen.look.size(size) else 1
    amount = Box(amount.x, amount.y, amount.width, box.height / lines)
    colour = "kant" if strike else "skifer"
    pen.text(amount, line.amount, face, size, colour, align="right", strike=strike)
    pen.text(name, line.name, face, size, colour, strike=strike, lines=lines,
             fit=lines == 1, leading=1.15)  # fmt: skip


def paint_rows(pen: Pen, box: Box, rows: tuple[RowModel, ...]) -> None:
    """Draw the second lines under each other."""
    sizes = row_sizes(pen.look)
    y = box.y
    for row in rows:
        high = sizes.flag if row.kind in FLAGS else sizes.row
        line = Box(box.x, y, box.width, high)
        y += high
        if row.kind in FLAGS:
            chip = Box(line.x, line.y + 4, line.width, high - 10)
            paint_chip(
                pen, chip, ChipModel(kind=Kind.PEOPLE, sign=row.sign, text=row.text), size=34
            )
            continue
        offer = row.kind is RowKind.OFFER
        colour, face = (
            ("gran3", Face.SEMIBOLD)
            if offer
            else ("skifer2", Face.MEDIUM if pen.look.big else Face.REGULAR)
        )
        strong = Face.SEMIBOLD if offer else Face.MEDIUM
        words = line
        if row.amount:
            wide = pen.width(row.amount, strong, 36) + 1
            amount, words = line.take_right(wide, 12)
            pen.text(amount, row.amount, strong, 36, "gran3" if offer else "skifer", align="right")
        sign = "" if pen.look.big else row.sign
        pen.sign_and_text(words, sign, row.text, face, 36, colour, sign_size=36, gap=SIGN_GAP,
                          align="left")  # fmt: skip
