"""The list held to the bottom: newest line next to the total and the hand.

Only the rows that are seen exist, and a row is painted again only when its line or its place
changed. So a sale of 200 lines costs what one of 10 does.
"""

from collections.abc import Callable
from typing import Any

from kiosk.engine.messages import Intent, LinePressed
from kiosk.ui.look import Look
from kiosk.ui.pace import Pace
from kiosk.ui.paint import Pen
from kiosk.ui.present.lines import LineModel
from kiosk.ui.units import Box
from kiosk.ui.widgets.button import Ghost
from kiosk.ui.widgets.lines import GoingRow, LineRow, OpenRow
from kiosk.ui.widgets.part import Part
from kiosk.ui.widgets.row_sizes import name_lines, row_height, row_sizes

from kivy.animation import Animation  # isort: skip
from kivy.graphics import ScissorPop, ScissorPush  # isort: skip
from kivy.properties import NumericProperty  # isort: skip

DRAG_FROM = 24
"""A finger that moved less has tapped, in units."""
MORE_HEIGHT, MORE_HEIGHT_BIG = 84, 112
MORE_GAP = 12
LINE_IN_S = 0.18
LINE_OUT_S = 0.14


class LineList(Part):
    """Shows lines in a box. Drag it, or use the button at its top."""

    offset = NumericProperty(0.0)
    """How far the list is moved back from its newest line, in units."""
    slide = NumericProperty(0.0)
    """How far the rows still have to come up from the counter's edge, in units."""

    rise = NumericProperty(0.0)
    """How far a raised counter lifts the rows, in units."""

    def __init__(
        self, look: Look, box: Box, send: Callable[[Intent], None], *, side: float,
        more_words: Callable[[int], str], newest_words: str, pace: Pace | None = None,
    ) -> None:  # fmt: skip
        super().__init__(look, box)
        self.send = send
        self.sizes = row_sizes(look)
        self.covered = False
        self.pace = pace or Pace()
        self.more_words = more_words
        self.lines: tuple[LineModel, ...] = ()
        self.heights: list[float] = []
        self.rows: dict[int, LineRow] = {}
        self.open_row: OpenRow | None = None
        self._touch_y: float | None = None
        self._moved = False
        whole = Box(0, box.y, look.glass.box.width, box.height) if look.portrait else box
        x, y, width, height = look.glass.rect_px(whole)
        self.canvas.before.add(ScissorPush(x=x, y=y, width=width, height=height))
        self.canvas.after.add(ScissorPop())
        high = MORE_HEIGHT_BIG if look.big else MORE_HEIGHT
        inset = box.inset(side, 0)
        self.more = Ghost(
            look, Box(inset.x, box.y + MORE_GAP, inset.width, high), sign="caret-up",
            ground="rim", border="kant" if look.theme.high_contrast else "rim",
            on_press=self.page_back, name="more-lines", repeats=True, sign_size=44, gap=24,
        )  # fmt: skip
        self.newest = Ghost(
            look, Box(inset.x, box.bottom - high - MORE_GAP, inset.width, high), newest_words,
            sign="arrow-down", on_press=self.to_newest, name="newest", sign_size=44, gap=24,
        )  # fmt: skip
        self.bind(
            offset=lambda *_: self._lay_out(),
            slide=lambda *_: self._lay_out(),
            rise=lambda *_: self._lay_out(),
        )

    def paint(self, pen: Pen) -> None:
        """Draw nothing itself: the rows do."""

    @property
    def whole_height(self) -> float:
        """How high all rows are together."""
        return sum(self.heights)

    @property
    def furthest(self) -> float:
        """The offset at which the oldest line stands under the top."""
        return max(self.whole_height - self.box.height, 0)

    def show(self, lines: tuple[LineModel, ...]) -> None:
        """Show lines, oldest first. A new newest line brings the list back to the bottom."""
        before = self.lines
        if lines == before:
            return
        going = self._going(lines)
        look, width = self.look, self.box.width
        # Lines that did not change are the same objects: their heights are known.
        known = {id(line): high for line, high in zip(self.lines, self.heights, strict=True)}
        self.lines = lines
        self.heights = [
            known.get(id(line))
            or row_height(self.sizes, line, name_lines(look, self.sizes, width, line))
            for line in lines
        ]
        newest_before = before[-1].line_id if before else 0
        Animation.cancel_all(self, "slide")
        grown = bool(lines) and lines[-1].line_id > newest_before
        if grown:
            self.offset = 0
        else:
            self.offset = min(self.offset, self.furthest)
        if grown and before and self.pace.moves and self.look.motion:
            # The new line slides up from the counter's edge and takes the others along.
            self.slide = self.heights[-1]
            Animation(slide=0, duration=LINE_IN_S, transition="out_quad").start(self)
        else:
            self.slide = 0
        self._lay_out()
        for line, box in going:
            self._let_go(line, box)

    def _going(self, lines: tuple[LineModel, ...]) -> list[tuple[LineModel, Box]]:
        """Return a seen line that goes, and its place. When many go at once, none is shown."""
        if not (lines and self.pace.moves and self.look.motion):
            return []
        kept = {line.line_id for line in lines}
        gone = [line for line in self.lines if line.line_id not in kept]
        if len(gone) != 1:
            return []
        if self.open_row is not None and self.open_row.line.line_id == gone[0].line_id:
            return [(gone[0], self.open_row.box)]
        row = self.rows.get(gone[0].line_id)
        return [(row.line, row.box)] if row is not None else []

    def _let_go(self, line: LineModel, box: Box) -> None:
        row = GoingRow(self.look, box, line)
        self.add_widget(row)
        leaving = Animation(gone=1, duration=LINE_OUT_S, transition="out_quad")
        leaving.bind(on_complete=lambda *_: self.remove_widget(row))
        leaving.start(row)

    def cover(self, covered: bool) -> None:
        """Hide the button at the top while something lies over it."""
        if covered != self.covered:
            self.covered = covered
            self._show_buttons()

    def page_back(self) -> None:
        """Move back by most of what is seen."""
        self.offset = min(self.offset + self.box.height * 0.7, self.furthest)

    def to_newest(self) -> None:
        """Go to the newest line."""
        self.offset = 0

    def hidden_above(self) -> int:
        """Return how many lines are not wholly seen at the top."""
        room = self.box.height - self._more_room()
        seen = -self.offset
        for index in range(len(self.heights) - 1, -1, -1):
            seen += self.heights[index]
            if seen > room + 1:
                return index + 1
        return 0

    def _more_room(self) -> float:
        if self.whole_height - self.offset <= self.box.height:
            return 0
        room = self.more.box.height + 2 * MORE_GAP
        # The newest line comes before the button where there is room for one only.
        return room if self.heights[-1] + room <= self.box.height else 0

    def _lay_out(self) -> None:
        """Put the rows that are seen in their places; drop those that are not."""
        top = self.box.y + self._more_room()
        bottom = self.box.bottom + self.offset + self.slide - self.rise
        seen: set[int] = set()
        open_line: tuple[LineModel, Box] | None = None
        for index in range(len(self.lines) - 1, -1, -1):
            line, height = self.lines[index], self.heights[index]
            box = Box(self.box.x, bottom - height, self.box.width, height)
            bottom -= height
            # A row that would be cut by the button is not shown at all.
            if box.bottom <= self.box.y:
                break
            if box.y >= self.box.bottom:
                continue
            if top > self.box.y and box.y < top - 1 and not self.rise:
                continue
            if line.is_open:
                open_line = (line, box)
                continue
            seen.add(line.line_id)
            rule = index + 1 < len(self.lines) and not self.lines[index + 1].is_open
            if line.line_id in self.rows:
                self.rows[line.line_id].show(line, box, rule=rule or self.look.big)
            else:
                row = self.rows[line.line_id] = LineRow(self.look, box, line)
                row.show(line, box, rule=rule or self.look.big)
                self.add_widget(row)
        for line_id in self.rows.keys() - seen:
            self.remove_widget(self.rows.pop(line_id))
        self._show_open(open_line)
        self._show_buttons()

    def _show_open(self, open_line: tuple[LineModel, Box] | None) -> None:
        if open_line is None:
            if self.open_row is not None:
                self.remove_widget(self.open_row)
                self.open_row = None
        elif self.open_row is None:
            self.open_row = OpenRow(self.look, open_line[1], open_line[0], self.send)
            self.add_widget(self.open_row)
        else:
            self.open_row.show(*open_line)

    def _show_buttons(self) -> None:
        hidden = 0 if self.rise else self.hidden_above()
        if hidden and not self._more_room():
            hidden = 0
        if hidden:
            self.more.show(self.more_words(hidden))
        self._keep(self.more, bool(hidden) and not self.covered)
        self._keep(self.newest, self.offset > 1)

    def _keep(self, button: Ghost, wanted: bool) -> None:
        if wanted and button.parent is None:
            self.add_widget(button)
        elif not wanted and button.parent is not None:
            self.remove_widget(button)

    # Touches: a tap on a row, or a drag of the list

    def on_touch_down(self, touch: Any) -> bool:
        """Begin a tap or a drag, unless a control takes it."""
        if not self.collide_point(*touch.pos):
            return False
        if super().on_touch_down(touch):
            return True
        touch.grab(self)
        self._touch_y, self._moved = touch.y, False
        return True

    def on_touch_move(self, touch: Any) -> bool:
        """Drag the list with the finger."""
        if touch.grab_current is not self or self._touch_y is None:
            return False
        way = (touch.y - self._touch_y) / self.look.glass.unit_px
        if not self._moved and abs(way) < DRAG_FROM:
            return True
        self._moved = True
        self._touch_y = touch.y
        # Down with the finger shows older lines.
        self.offset = max(0.0, min(self.offset - way, self.furthest))
        return True

    def on_touch_up(self, touch: Any) -> bool:
        """A finger that did not drag has tapped a row."""
        if touch.grab_current is not self:
            return False
        touch.ungrab(self)
        self._touch_y = None
        if not self._moved:
            self._tap(touch)
        return True

    def _tap(self, touch: Any) -> None:
        _, y = self.look.glass.at_units(*touch.pos)
        for row in self.rows.values():
            if row.box.y <= y < row.box.bottom:
                self.send(LinePressed(row.line.line_id))
                return
        if self.open_row is not None and self.open_row.box.y <= y < self.open_row.box.bottom:
            self.send(LinePressed(self.open_row.line.line_id))
