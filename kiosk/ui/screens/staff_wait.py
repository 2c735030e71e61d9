"""Waiting for the store: what for, and the way back. Nothing turns, nothing blinks."""

from kiosk.engine.view import View
from kiosk.ui import sizes
from kiosk.ui.layouts.staff import staff_boxes, staff_sizes
from kiosk.ui.present.staff_wait import present_staff_wait
from kiosk.ui.screens.staff_base import StaffBase
from kiosk.ui.widgets import Sheet
from kiosk.ui.widgets.staff import StaffBar, staff_counter
from kiosk.ui.widgets.story import Paragraph, Story, story_box, title


class StaffWaitScreen(StaffBase):
    """Two sentences on the sheet."""

    def build(self) -> None:
        """Make the parts."""
        look = self.look
        boxes = staff_boxes(look, [staff_sizes(look).leave], [])
        self.bar = self.add(StaffBar(look, boxes.bar))
        self.add(Sheet(look, boxes.sheet, open_below=True))
        self.story = self.add(Story(look, story_box(look, boxes.sheet)))
        self.add(staff_counter(look, boxes.counter))
        self.back = self.add_back(boxes.rows[0])

    def show(self, view: View) -> None:
        """Show what is waited for."""
        model = present_staff_wait(view, self.words)
        self.bar.show(model.frame)
        self.story.show(title(model.title), Paragraph(text=model.lead, size=sizes.LEAD))
        self.back.show_button(model.back)
