"""The sale as staff see it: from the top, flagged lines first, a page at a time. A row is a target.

It is not dragged: who stands beside a shopper taps once, and what is flagged stands on top.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from kiosk.ui.look import Look
from kiosk.ui.paint import Pen
from kiosk.ui.present.lines import LineModel
from kiosk.ui.present.staff_lines import StaffLineModel
from kiosk.ui.typeset import Face
from kiosk.ui.units import Box
from kiosk.ui.widgets.bars import paint_small_chip
from kiosk.ui.widgets.button import Ghost, Pressable
from kiosk.ui.widgets.lines import paint_picture, paint_rows
from kiosk.ui.widgets.part import Part
from kiosk.ui.widgets.row_sizes import AMOUNT_GAP, NAME, name_lines, row_sizes

ROW_BESIDE_CHIP = 52
"""Height of a second line, with or without a chip: the same, so that rows of a kind are alike."""
MORE, MORE_BIG = 84, 104
MORE_GAP = 8
CHIP_GAP = 16
ROW_SIGN = 36 + 2 * 12


@dataclass(frozen=True, slots=True)
class _Measures:
    """Heights within a row, in units."""

    pad: float
    name: float
    row: float


def _measures(look: Look) -> _Measures:
    if look.big:
        return _Measures(pad=16, name=72, row=66)
    return _Measures(pad=12, name=50, row=ROW_BESIDE_CHIP)


def staff_row_height(look: Look, model: StaffLineModel, width: float) -> float:
    """Return how high a line's row is."""
    measures = _measures(look)
    names = name_lines(look, row_sizes(look), width, model.line)
    seconds = len(model.line.rows) + (1 if model.chip or model.note else 0)
    least = row_sizes(look).least if not look.big else 112
    high = 2 * measures.pad + measures.name * names + measures.row * seconds
    return max(least, high)


class StaffRow(Pressable):
    """One line: picture, name, price; a chip with a note beside it; deposit and offers."""

    radius: float = 28
    ring_colour = "skifer"

    def __init__(
        self, look: Look, box: Box, model: StaffLineModel, *, rule: bool,
        on_press: Callable[[], None],
    ) -> None:  # fmt: skip
        self.model, self.rule = model, rule
        super().__init__(look, box, on_press=on_press, name=f"line-{model.line.line_id}")

    def paint(self, pen: Pen) -> None:
        """Draw the row and the hairline under it."""
        model, line = self.model, self.model.line
        sizes, measures = row_sizes(self.look), _measures(self.look)
        inside = self.box.inset(sizes.side, 0)
        self._paint_ground(pen)
        words = inside
        if sizes.picture:
            square = Box(inside.x, self.box.y + measures.pad, sizes.picture, sizes.picture)
            paint_picture(pen, square, line, "sno" if model.chosen else "rim")
            _, words = inside.take_left(sizes.picture, sizes.gap)
        second = bool(model.chip or model.note)
        names = name_lines(self.look, sizes, self.box.width, line)
        high = measures.name * names
        top = self.box.y + measures.pad
        if not (second or line.rows):
            top = self.box.y + (self.box.height - high) / 2 - 1
        _paint_name(pen, Box(words.x, top, words.width, high), line, lines=names)
        y = top + high
        if second:
            self._paint_second(pen, Box(words.x, y, words.width, measures.row))
            y += measures.row
        for row in line.rows:
            room = Box(words.x, y, words.width, measures.row)
            need = pen.width(f"{row.text}{row.amount}", Face.MEDIUM, 36) + ROW_SIGN
            # The word comes before its sign where there is room for one.
            paint_rows(pen, room, (row if need <= room.width else replace(row, sign=""),))
            y += measures.row
        if self.rule:
            pen.rule(inside.x, self.box.bottom - 1, inside.width)

    def _paint_ground(self, pen: Pen) -> None:
        if self.model.chosen and self.look.theme.high_contrast:
            pen.framed(self.box.inset(0, 4), "sno", "multe", 28, 8)
        elif self.model.chosen or self.pressed:
            pressed = "blaabaer_ned" if self.look.theme.high_contrast else "blaabaer_lys"
            pen.fill(self.box.inset(4, 2), pressed, 24)

    def _paint_second(self, pen: Pen, box: Box) -> None:
        left = box.x
        if self.model.chip is not None:
            pill = Box(box.x, box.y + 3, box.width, box.height - 6)
            left = paint_small_chip(pen, pill, self.model.chip) + CHIP_GAP
        if self.model.note:
            room = Box(left, box.y, box.right - left, box.height)
            pen.text(room, self.model.note, Face.REGULAR, 36, "skifer2")


def _paint_name(pen: Pen, box: Box, line: LineModel, *, lines: int) -> None:
    """Draw name and amount; staff may have to read a long name whole, so it gets smaller first."""
    wide = pen.width(line.amount, Face.SEMIBOLD, NAME) + 1
    amount, name = box.take_right(wide, AMOUNT_GAP)
    amount = Box(amount.x, amount.y, amount.width, box.height / lines)
    pen.text(amount, line.amount, Face.SEMIBOLD, NAME, "skifer", align="right")
    pen.text(name, line.name, Face.SEMIBOLD, NAME, "skifer", lines=lines, leading=1.15)


class StaffList(Part):
    """As many whole rows as there is room for, and a button to the next ones."""

    def __init__(
        self, look: Look, box: Box, on_line: Callable[[int], None],
        more_words: Callable[[int], str],
    ) -> None:  # fmt: skip
        super().__init__(look, box)
        self.on_line = on_line
        self.more_words = more_words
        self.models: tuple[StaffLineModel, ...] = ()
        self.first = 0
        """Index of the first row on the page."""
        self._next = 0
        high = MORE_BIG if look.big else MORE
        side = max(row_sizes(look).side, 20)
        inner = box.inset(side, 0)
        self.more = Ghost(
            look, Box(inner.x, box.bottom - high - MORE_GAP, inner.width, high), ground="rim",
            sign="caret-down", border="kant" if look.theme.high_contrast else "rim", sign_size=40,
            on_press=self.page, name="more-lines", repeats=True,
        )  # fmt: skip

    def paint(self, pen: Pen) -> None:
        """Draw nothing itself: the rows do."""

    def show(self, models: tuple[StaffLineModel, ...]) -> None:
        """Show lines in the order given; a line that is new to the list brings it to the top."""
        if models == self.models:
            return
        known = {model.line.line_id for model in self.models}
        if not {model.line.line_id for model in models} <= known or self.first >= len(models):
            self.first = 0
        self.models = models
        self._lay_out()

    def page(self) -> None:
        """Go on to the rows that had no room; after the last page to the first."""
        self.first = self._next
        self._lay_out()

    def _lay_out(self) -> None:
        self.clear_widgets()
        heights = [staff_row_height(self.look, model, self.box.width) for model in self.models]
        whole = sum(heights) <= self.box.height
        first = 0 if whole else self.first
        room = self.box.height if whole else self.more.box.y - MORE_GAP - self.box.y
        y, index = self.box.y, first
        while index < len(self.models) and y + heights[index] <= self.box.y + room + 0.5:
            model = self.models[index]
            box = Box(self.box.x, y, self.box.width, heights[index])
            y += heights[index]
            index += 1
            last = index == len(self.models) or y + heights[index] > self.box.y + room + 0.5
            self.add_widget(
                StaffRow(self.look, box, model, rule=not last,
                         on_press=partial(self.on_line, model.line.line_id))
            )  # fmt: skip
        if whole:
            return
        # A row too high for the room is passed over: there is always a way on.
        index = max(index, first + 1)
        rest = len(self.models) - index
        self._next = index if rest else 0
        self.more.show(self.more_words(rest), sign="caret-down" if rest else "arrow-up")
        self.add_widget(self.more)
