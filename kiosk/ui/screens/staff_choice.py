"""A choice in staff mode: a reason, or how much discount. Answers of one size, one tap."""

from functools import partial

from kiosk.engine.view import View
from kiosk.ui.layouts.staff import staff_boxes, staff_sizes
from kiosk.ui.present.staff_choice import present_staff_choice
from kiosk.ui.screens.staff_base import StaffBase
from kiosk.ui.widgets.staff import StaffChoiceTile

COLUMNS = 2


class StaffChoiceScreen(StaffBase):
    """Laid out anew when the number of answers changes."""

    def show(self, view: View) -> None:
        """Show a view."""
        model = present_staff_choice(view, self.words)
        if self.shaped(len(model.choices)):
            self._lay_out(len(model.choices))
        self.bar.show(model.frame)
        self.show_list(model.list)
        self.show_heading(model.heading, model.banner)
        for tile, choice in zip(self.tiles, model.choices, strict=True):
            tile.name = choice.name
            tile.on_press = partial(self.send, choice.intent)
            tile.show(choice.text)
        self.back.show_button(model.back)

    def _lay_out(self, count: int) -> None:
        look, measures = self.look, staff_sizes(self.look)
        rows = -(-count // COLUMNS)
        heights = [measures.tool] * rows + [measures.leave]
        gaps = [measures.tool_gap] * max(rows - 1, 0) + [measures.gap] * min(rows, 1)
        boxes = staff_boxes(look, heights, gaps)
        self.add_staff_frame(boxes)
        self.add_heading(boxes.heading)
        places = [
            box for row in boxes.rows[:rows] for box in row.columns(COLUMNS, measures.tool_gap)
        ]
        self.tiles = tuple(self.add(StaffChoiceTile(look, box)) for box in places[:count])
        self.back = self.add_back(boxes.rows[-1])
