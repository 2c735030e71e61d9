"""X or Z: the figures on the sheet as on paper, printing and closing on the counter."""

from kiosk.engine.staff_messages import DayClosePressed, ReportPrintPressed
from kiosk.engine.staff_view import ReportRow
from kiosk.engine.view import View
from kiosk.ui.layouts.staff import staff_boxes, staff_sizes
from kiosk.ui.look import Look
from kiosk.ui.paint import Pen
from kiosk.ui.present.staff_report import present_staff_report
from kiosk.ui.screens.staff_base import StaffBase
from kiosk.ui.typeset import Face
from kiosk.ui.units import Box
from kiosk.ui.widgets import Sheet
from kiosk.ui.widgets.button import Ghost
from kiosk.ui.widgets.part import Part
from kiosk.ui.widgets.staff import GiveBack, StaffBar, ToolButton, staff_counter

ROW, STRONG = 34, 36
LEADING = 1.32
RULE = 20
MORE, MORE_GAP = 84, 8


class StaffReportScreen(StaffBase):
    """Laid out anew when there is a day to close."""

    def show(self, view: View) -> None:
        """Show a view."""
        model = present_staff_report(view, self.words)
        if self.shaped(bool(model.close)):
            self._lay_out(closes=bool(model.close))
        self.bar.show(model.frame)
        self.rows.show(model.rows)
        self.show_heading(model.heading, model.banner)
        self.print.show_tool(model.print, "printer", model.no_print)
        self.back.show_button(model.back)
        if self.close is not None:
            self.close.show_ready(model.close, ready=True)

    def _lay_out(self, *, closes: bool) -> None:
        look, measures = self.look, staff_sizes(self.look)
        heights = [measures.leave] * (3 if closes else 2)
        boxes = staff_boxes(look, heights, [measures.gap] * (len(heights) - 1))
        self.bar = self.add(StaffBar(look, boxes.bar))
        self.add(Sheet(look, boxes.sheet, open_below=True))
        inset = boxes.header.x - boxes.sheet.x
        self.rows = self.add(
            _Rows(look, boxes.sheet.inset(inset, 20), self.words("staff.report.more"),
                  self.words("staff.first_lines"))
        )  # fmt: skip
        self.add(staff_counter(look, boxes.counter))
        self.add_heading(boxes.heading)
        self.print = self.add(
            ToolButton(look, boxes.rows[0], name="print",
                       on_press=lambda: self.send(ReportPrintPressed()))
        )  # fmt: skip
        self.close: GiveBack | None = None
        if closes:
            self.close = self.add(
                GiveBack(look, boxes.rows[1], sign="moon", name="close-day",
                         on_press=lambda: self.send(DayClosePressed()))
            )  # fmt: skip
        self.back = self.add_back(boxes.rows[-1])


class _Rows(Part):
    """The report's rows; what has no room is a page away, by a button and not by dragging."""

    def __init__(self, look: Look, box: Box, more: str, first: str) -> None:
        super().__init__(look, box)
        self.rows: tuple[ReportRow, ...] = ()
        self.words = (more, first)
        self.start, self._next = 0, 0
        high = look.size(MORE)
        low = Box(box.x, box.bottom - high - MORE_GAP, box.width, high)
        self.more = Ghost(
            look, low, sign="caret-down", ground="rim", sign_size=40, name="more-lines",
            border="kant" if look.theme.high_contrast else "rim", on_press=self.page, repeats=True,
        )  # fmt: skip

    def show(self, rows: tuple[ReportRow, ...]) -> None:
        """Show another report, from its first row."""
        if rows != self.rows:
            self.rows, self.start = rows, 0
            self.repaint()

    def page(self) -> None:
        """Go on; after the last page to the first."""
        self.start = self._next
        self.repaint()

    def repaint(self) -> None:
        """Draw the page, and the button only where there is more than one."""
        super().repaint()
        if self._next == self.start == 0:
            self.remove_widget(self.more)
            return
        self.more.show(self.words[0 if self._next else 1],
                       sign="caret-down" if self._next else "arrow-up")  # fmt: skip
        if self.more.parent is None:
            self.add_widget(self.more)

    def paint(self, pen: Pen) -> None:
        """Draw the rows that fit: names at the left, figures at the right."""
        rows = [part for row in self.rows for part in _parted(pen, row, self.box.width)]
        heights = [self._height(row) for row in rows]
        whole = sum(heights) <= self.box.height
        bottom = self.box.bottom if whole else self.more.box.y - MORE_GAP
        y, index = self.box.y, self.start
        while index < len(rows) and y + heights[index] <= bottom:
            _paint_row(pen, Box(self.box.x, y, self.box.width, heights[index]), rows[index])
            y += heights[index]
            index += 1
        self._next = index if index < len(rows) else 0

    def _height(self, row: ReportRow) -> float:
        return self.look.size(STRONG if row.strong else ROW) * LEADING if row.cells else RULE


def _parted(pen: Pen, row: ReportRow, width: float) -> list[ReportRow]:
    """Return a row, or two where its cells have no room beside each other."""
    face, size = _type_of(row)
    wide = sum(pen.width(cell, face, size) + 26 for cell in row.cells)
    if len(row.cells) < 2 or wide <= width:
        return [row]
    first = ReportRow(cells=(row.cells[0], ""), strong=row.strong)
    return [first, ReportRow(cells=("", *row.cells[1:]), strong=row.strong)]


def _type_of(row: ReportRow) -> tuple[Face, float]:
    return (Face.BOLD, STRONG) if row.strong else (Face.REGULAR, ROW)


def _paint_row(pen: Pen, box: Box, row: ReportRow) -> None:
    if not row.cells:
        pen.rule(box.x, box.y + box.height / 2, box.width)
        return
    face, size = _type_of(row)
    name, *figures = row.cells
    for figure in reversed(figures):
        if not figure:
            continue
        right, box = box.take_right(pen.width(figure, face, size) + 2, 24)
        pen.text(right, figure, face, size, "skifer", align="right")
    pen.text(box, name, face, size, "skifer", align="left" if figures else "middle")
