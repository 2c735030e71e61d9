"""A line, chosen by staff: how many, what price, a discount, or out; a coupon only out."""

from functools import partial

from kiosk.engine.staff_messages import PricePressed, StaffQuantityPressed, ToolPressed
from kiosk.engine.staff_view import Tool
from kiosk.engine.view import View
from kiosk.ui.layouts.staff import staff_boxes, staff_sizes
from kiosk.ui.look import Look
from kiosk.ui.paint import Pen
from kiosk.ui.present.staff_line import StaffLineStepModel, present_staff_line_step
from kiosk.ui.screens.staff_base import StaffBase
from kiosk.ui.typeset import Face
from kiosk.ui.units import Box
from kiosk.ui.widgets import Ghost, Part
from kiosk.ui.widgets.staff import StaffButton

CONTROL_WIDE = 0.3
"""Share of the count's row that minus and plus take each."""


class StaffLineScreen(StaffBase):
    """The line is marked in the list; what can be done with it stands on the counter."""

    def show(self, view: View) -> None:
        """Show a view."""
        model = present_staff_line_step(view, self.words)
        if self.shaped((model.countable, model.is_coupon)):
            self._lay_out(countable=model.countable, is_coupon=model.is_coupon)
        self._show(model)

    def _lay_out(self, *, countable: bool, is_coupon: bool) -> None:
        look, measures = self.look, staff_sizes(self.look)
        rows_of_tools = 1 if is_coupon else 3 if countable else 2
        heights = [measures.tool] * rows_of_tools + [measures.leave]
        boxes = staff_boxes(look, heights, [measures.gap] * (len(heights) - 1))
        self.add_staff_frame(boxes)
        self.add_heading(boxes.heading)
        rows = list(boxes.rows)
        self.minus: Ghost | None = None
        if countable:
            self._add_count(rows.pop(0))
        self.price: StaffButton | None = None
        if not is_coupon:
            self._add_prices(rows.pop(0))
        self.remove = self.add(StaffButton(look, rows[0], sign="trash", name="remove"))
        self.back = self.add_back(rows[1])

    def _add_prices(self, row: Box) -> None:
        left, right = row.columns(2, staff_sizes(self.look).tool_gap)
        self.price = self.add(
            StaffButton(self.look, left, sign="tag", name="price",
                        on_press=lambda: self.send(PricePressed()))
        )  # fmt: skip
        self.discount = self.add(
            StaffButton(self.look, right, sign="percent", name="discount",
                        on_press=lambda: self.send(ToolPressed(Tool.DISCOUNT)))
        )  # fmt: skip

    def _add_count(self, row: Box) -> None:
        wide = row.width * CONTROL_WIDE
        left, rest = row.take_left(wide)
        right, middle = rest.take_right(wide)
        self.minus = self.add(Ghost(self.look, left, sign="minus", name="minus", repeats=True))
        self.plus = self.add(Ghost(self.look, right, sign="plus", name="plus", repeats=True))
        self.count = self.add(_Count(self.look, middle))

    def _show(self, model: StaffLineStepModel) -> None:
        self.bar.show(model.frame)
        self.show_list(model.list)
        name = model.chosen.line.name if model.chosen else model.heading
        self.show_heading(name, model.banner)
        line_id, quantity = model.line_id, model.quantity
        if self.minus is not None:
            self.minus.on_press = partial(self._quantity, line_id, max(quantity - 1, 0))
            self.plus.on_press = partial(self._quantity, line_id, quantity + 1)
            self.count.show(str(quantity), model.count_label)
        if self.price is not None:
            self.price.show_button(model.price)
            self.discount.show_button(model.discount, model.discount_reason)
        self.remove.on_press = partial(self._quantity, line_id, 0)
        self.remove.show_button(model.remove)
        self.back.show_button(model.back)

    def _quantity(self, line_id: int, quantity: int) -> None:
        self.send(StaffQuantityPressed(line_id=line_id, quantity=quantity))


class _Count(Part):
    """How many, large, with its word."""

    def __init__(self, look: Look, box: Box) -> None:
        super().__init__(look, box)
        self.number, self.label = "", ""

    def show(self, number: str, label: str) -> None:
        """Change the number."""
        if (number, label) != (self.number, self.label):
            self.number, self.label = number, label
            self.repaint()

    def paint(self, pen: Pen) -> None:
        """Draw the word over the number."""
        word, number = self.box.inset(12, 2).split([1], 0)[0].take_top(self.box.height * 0.4)
        pen.text(word, self.label, Face.MEDIUM, 34, "blaabaer9_svak", align="middle")
        pen.text(number, self.number, Face.BOLD, 52, "paa_gran", align="middle")
