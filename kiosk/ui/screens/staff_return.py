"""Which goods of a receipt come back: the receipt on the sheet, the sum on the counter."""

from kiosk.engine.staff_messages import ReturnAllPressed, ReturnPressed, ReturnQuantityPressed
from kiosk.engine.view import View
from kiosk.ui.layouts.staff import staff_boxes, staff_sizes
from kiosk.ui.present.staff_return import present_staff_return
from kiosk.ui.screens.staff_base import StaffBase
from kiosk.ui.widgets.staff import GiveBack, StaffButton


class StaffReturnScreen(StaffBase):
    """A tap on a line chooses one more of it."""

    pieces: dict[int, int]
    """By line, how many pieces the next tap chooses."""

    def show(self, view: View) -> None:
        """Show a view."""
        model = present_staff_return(view, self.words)
        if self.shaped("return"):
            self._lay_out()
        self.pieces = model.pieces
        self.bar.show(model.frame)
        self.show_list(model.list)
        self.show_heading(model.heading, model.banner)
        self.all.show_button(model.all)
        self.onward.show_ready(model.onward, ready=model.can_go_on)
        self.back.show_button(model.back)

    def _lay_out(self) -> None:
        look, measures = self.look, staff_sizes(self.look)
        heights = [measures.tool, measures.leave, measures.leave]
        boxes = staff_boxes(look, heights, [measures.gap, measures.gap])
        self.add_staff_frame(boxes)
        self.add_heading(boxes.heading)
        self.all = self.add(
            StaffButton(look, boxes.rows[0], sign="list-checks", name="all",
                        on_press=lambda: self.send(ReturnAllPressed()))
        )  # fmt: skip
        self.onward = self.add(
            GiveBack(look, boxes.rows[1], sign="arrow-right", name="take-back",
                     on_press=lambda: self.send(ReturnPressed()))
        )  # fmt: skip
        self.back = self.add_back(boxes.rows[2])

    def _line_pressed(self, line_id: int) -> None:
        if line_id in self.pieces:
            self.send(ReturnQuantityPressed(line_id=line_id, quantity=self.pieces[line_id]))
