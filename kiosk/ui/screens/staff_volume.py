"""Volume: ten steps on the sheet, louder and quieter on the counter. Each step is heard."""

from kiosk.engine.staff_messages import VolumePressed
from kiosk.engine.view import View
from kiosk.ui import sizes
from kiosk.ui.layouts.staff import staff_boxes, staff_sizes
from kiosk.ui.look import Look
from kiosk.ui.paint import Pen
from kiosk.ui.present.staff_volume import STEP, present_staff_volume
from kiosk.ui.screens.staff_base import StaffBase
from kiosk.ui.units import Box
from kiosk.ui.widgets import Sheet
from kiosk.ui.widgets.part import Part
from kiosk.ui.widgets.staff import StaffBar, ToolButton, staff_counter
from kiosk.ui.widgets.story import Paragraph, Story, story_box, title

STEPS_HIGH = 220
STEP_GAP = 14


class StaffVolumeScreen(StaffBase):
    """One figure, drawn and told."""

    def build(self) -> None:
        """Make the parts."""
        look, measures = self.look, staff_sizes(self.look)
        boxes = staff_boxes(look, [measures.leave, measures.leave], [measures.gap])
        self.bar = self.add(StaffBar(look, boxes.bar))
        self.add(Sheet(look, boxes.sheet, open_below=True))
        room = story_box(look, boxes.sheet)
        self.story = self.add(Story(look, room))
        self.steps = self.add(_Steps(look, room))
        self.add(staff_counter(look, boxes.counter))
        self.add_heading(boxes.heading)
        left, right = boxes.rows[0].columns(2, measures.tool_gap)
        self.down = self.add(
            ToolButton(look, left, name="quieter", on_press=lambda: self._set(-STEP))
        )
        self.up = self.add(ToolButton(look, right, name="louder", on_press=lambda: self._set(STEP)))
        self.back = self.add_back(boxes.rows[1])
        self._percent = 0

    def show(self, view: View) -> None:
        """Show the loudness."""
        model = present_staff_volume(view, self.words)
        self._percent = model.percent
        self.bar.show(model.frame)
        self.story.show(title(model.title), Paragraph(text=model.lead, size=sizes.LEAD))
        room = self.story.box
        self.steps.show(
            model.percent, Box(room.x, self.story.bottom, room.width, self.look.size(STEPS_HIGH))
        )
        self.show_heading(model.figure, None)
        self.down.show_tool(model.down, "minus", "")
        self.up.show_tool(model.up, "plus", "")
        self.back.show_button(model.back)

    def _set(self, by: int) -> None:
        self.send(VolumePressed(percent=self._percent + by))


class _Steps(Part):
    """Ten bars that grow to the right; those up to the loudness are filled, the rest outlined."""

    def __init__(self, look: Look, box: Box) -> None:
        super().__init__(look, box)
        self.percent = -1

    def show(self, percent: int, box: Box) -> None:
        """Change the loudness, and where it stands."""
        if (percent, box) != (self.percent, self.box):
            self.percent, self.box = percent, box
            self._place()
            self.repaint()

    def paint(self, pen: Pen) -> None:
        """Draw the bars."""
        for index, column in enumerate(self.box.columns(10, STEP_GAP)):
            high = column.height * (index + 2) / 11
            bar = Box(column.x, column.bottom - high, column.width, high)
            if self.percent > index * STEP:
                pen.fill(bar, "blaabaer", 12)
            else:
                pen.framed(bar, "sno", "kant", 12)
