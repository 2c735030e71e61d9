"""How the money for a return goes back: the amount on the sheet, the one step on the counter."""

from kiosk.engine.staff_messages import RefundByHandPressed, RefundPressed, ToolPressed
from kiosk.engine.staff_view import Tool
from kiosk.engine.view import View
from kiosk.ui import sizes
from kiosk.ui.layouts.staff import staff_boxes, staff_sizes
from kiosk.ui.present.staff_return import present_staff_refund
from kiosk.ui.screens.staff_base import StaffBase
from kiosk.ui.units import Box, Layout
from kiosk.ui.widgets import Banner
from kiosk.ui.widgets.staff import GiveBack, StaffBar, StaffButton, staff_counter
from kiosk.ui.widgets.story import Paragraph, Story, story_box, title

BANNER, BANNER_NARROW, BANNER_BIG = 100, 150, 190
ABOVE_COUNTER = 36


class StaffRefundScreen(StaffBase):
    """Laid out anew when the return can no longer be cancelled, or staff may give it by hand."""

    def show(self, view: View) -> None:
        """Show a view."""
        model = present_staff_refund(view, self.words)
        if self.shaped((bool(model.by_hand), bool(model.cancel))):
            self._lay_out(by_hand=bool(model.by_hand), cancels=bool(model.cancel))
        self.bar.show(model.frame)
        self.story.show(title(model.title), Paragraph(text=model.lead, size=sizes.LEAD))
        self.banner.show(model.banner)
        self.show_heading(model.heading, None)
        if model.can_give:
            self.give.show_ready(model.give, ready=True)
        else:
            self.give.wait(model.give)
        if self.by_hand is not None:
            self.by_hand.show_button(model.by_hand)
        if self.cancel is not None:
            self.cancel.show_button(model.cancel)
        self.back.show_button(model.back)

    def _lay_out(self, *, by_hand: bool, cancels: bool) -> None:
        look, measures = self.look, staff_sizes(self.look)
        heights = [measures.leave] + [measures.tool] * (by_hand + cancels) + [measures.leave]
        boxes = staff_boxes(look, heights, [measures.gap] * (len(heights) - 1))
        rim = Box(0, boxes.bar.bottom, boxes.bar.width, boxes.list.bottom - boxes.bar.bottom)
        narrow = look.layout is Layout.COMPACT
        high = (BANNER_NARROW if narrow else BANNER) if not look.big else BANNER_BIG
        low, room = story_box(look, rim).take_bottom(high + ABOVE_COUNTER, 12)
        self.bar = self.add(StaffBar(look, boxes.bar))
        self.story = self.add(Story(look, room))
        self.banner = self.add(Banner(look, low.take_top(high)[0]))
        self.add(staff_counter(look, boxes.counter))
        self.add_heading(boxes.heading)
        self.give = self.add(
            GiveBack(look, boxes.rows[0], sign="arrow-counter-clockwise", name="refund",
                     on_press=lambda: self.send(RefundPressed()))
        )  # fmt: skip
        self.by_hand: StaffButton | None = None
        if by_hand:
            self.by_hand = self.add(
                StaffButton(look, boxes.rows[1], sign="money", name="by-hand",
                            on_press=lambda: self.send(RefundByHandPressed()))
            )  # fmt: skip
        self.cancel: StaffButton | None = None
        if cancels:
            self.cancel = self.add(
                StaffButton(look, boxes.rows[-2], sign="x", name="cancel-return",
                            on_press=lambda: self.send(ToolPressed(Tool.VOID_SALE)))
            )  # fmt: skip
        self.back = self.add_back(boxes.rows[-1])
