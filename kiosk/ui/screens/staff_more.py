"""The tools that the desk has no room for; version, network, devices, the last interventions."""

from functools import partial

from kiosk.engine.staff_messages import ToolPressed
from kiosk.engine.view import View
from kiosk.ui.layouts.staff import TOOL_COLUMNS, staff_boxes, staff_sizes
from kiosk.ui.present.staff_more import present_staff_more
from kiosk.ui.screens.staff_base import StaffBase
from kiosk.ui.widgets import Sheet
from kiosk.ui.widgets.facts import FactsSheet
from kiosk.ui.widgets.staff import StaffBar, ToolButton, staff_counter


class StaffMoreScreen(StaffBase):
    """Facts on the sheet, tools on the counter. Laid out anew when the number of tools changes."""

    def show(self, view: View) -> None:
        """Show a view."""
        model = present_staff_more(view, self.words)
        if self.shaped(len(model.tools)):
            self._lay_out(len(model.tools))
        self.bar.show(model.frame)
        self.facts.show(model)
        self.show_heading(model.heading, model.banner)
        for button, tool in zip(self.tools, model.tools, strict=True):
            button.name = f"tool-{tool.tool.value}"
            button.on_press = partial(self.send, ToolPressed(tool.tool))
            button.show_tool(tool.text, tool.sign, tool.reason)
        self.back.show_button(model.back)

    def _lay_out(self, count: int) -> None:
        look, measures = self.look, staff_sizes(self.look)
        rows = -(-count // TOOL_COLUMNS)
        heights = [measures.tool] * rows + [measures.leave]
        gaps = [measures.tool_gap] * max(rows - 1, 0) + [measures.gap] * min(rows, 1)
        boxes = staff_boxes(look, heights, gaps)
        self.bar = self.add(StaffBar(look, boxes.bar))
        self.add(Sheet(look, boxes.sheet, open_below=True))
        inset = boxes.header.x - boxes.sheet.x
        self.facts = self.add(
            FactsSheet(look, boxes.sheet.inset(inset, 16), self.words("staff.more.more"),
                       self.words("staff.first_lines"))
        )  # fmt: skip
        self.add(staff_counter(look, boxes.counter))
        self.add_heading(boxes.heading)
        places = [
            box for row in boxes.rows[:rows] for box in row.columns(TOOL_COLUMNS, measures.tool_gap)
        ]
        self.tools = tuple(self.add(ToolButton(look, box)) for box in places[:count])
        self.back = self.add_back(boxes.rows[-1])
