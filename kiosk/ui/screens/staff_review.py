"""A look over the goods: scanned out of the bag one by one; what was not paid for stands out."""

from kiosk.engine.staff_messages import AddMissingPressed, StaffConfirmed
from kiosk.engine.view import View
from kiosk.ui import sizes
from kiosk.ui.layouts.staff import staff_boxes, staff_sizes
from kiosk.ui.look import Look
from kiosk.ui.paint import Pen
from kiosk.ui.present.parts import PromptModel
from kiosk.ui.present.staff_review import present_staff_review
from kiosk.ui.screens.staff_base import StaffBase
from kiosk.ui.typeset import Face
from kiosk.ui.units import Box
from kiosk.ui.widgets import Banner, Part
from kiosk.ui.widgets.staff import GiveBack, StaffBar, StaffButton, staff_counter
from kiosk.ui.widgets.story import Paragraph, Story, story_box, title

BANNER = 100
AIR = 28
"""Between the banner and the counter, in units."""
STORY_SHARE = 0.6


class StaffReviewScreen(StaffBase):
    """What to do on the sheet, how far it is on the counter."""

    def _lay_out(self, rows: int) -> None:
        """Make the parts."""
        look, measures = self.look, staff_sizes(self.look)
        boxes = staff_boxes(look, [measures.leave] * rows, [measures.gap] * (rows - 1))
        rim = Box(0, boxes.bar.bottom, boxes.bar.width, boxes.list.bottom - boxes.bar.bottom)
        room = story_box(look, rim)
        banner_high = BANNER if not look.big else 140
        banner, room = room.take_bottom(banner_high + AIR, 12)
        self._room = room
        self.bar = self.add(StaffBar(look, boxes.bar))
        self.story = self.add(Story(look, room.take_top(room.height * STORY_SHARE)[0]))
        self.found = self.add(_Found(look, room))
        self.banner = self.add(Banner(look, banner.take_top(banner_high)[0]))
        self.add(staff_counter(look, boxes.counter))
        self.add_heading(boxes.heading)
        *first, ready, back = boxes.rows
        self.more = [self.add(self._adding(box)) for box in first]
        self.ready = self.add(
            GiveBack(look, ready, sign="check", name="ready",
                     on_press=lambda: self.send(StaffConfirmed()))
        )  # fmt: skip
        self.back = self.add_back(back)

    def _adding(self, box: Box) -> StaffButton:
        return StaffButton(
            self.look, box, sign="plus", name="add-missing",
            on_press=lambda: self.send(AddMissingPressed()),
        )  # fmt: skip

    def show(self, view: View) -> None:
        """Show a view."""
        model = present_staff_review(view, self.words)
        if self.shaped(rows := 3 if model.add else 2):
            self._lay_out(rows)
        for button in self.more:
            button.show_button(model.add)
        self.bar.show(model.frame)
        self.story.show(title(model.title), Paragraph(text=model.lead, size=sizes.LEAD))
        room, top = self._room, self.story.bottom
        self.found.show(model.found, model.missing, Box(room.x, top, room.width, room.bottom - top))
        self.banner.show(model.banner)
        self.show_heading("", PromptModel(sign="barcode", text=model.progress))
        self.ready.show_ready(model.ready, ready=model.ready_is_next)
        self.back.show_button(model.back)


class _Found(Part):
    """The goods looked at, those that nobody paid for last; as many of the last as find room."""

    def __init__(self, look: Look, box: Box) -> None:
        super().__init__(look, box)
        self.names: tuple[str, ...] = ()
        self.missing: tuple[str, ...] = ()

    def show(self, names: tuple[str, ...], missing: tuple[str, ...], box: Box) -> None:
        """Change the goods, and where they stand."""
        if (names, missing, box) != (self.names, self.missing, self.box):
            self.names, self.missing, self.box = names, missing, box
            self._place()
            self.repaint()

    def paint(self, pen: Pen) -> None:
        """Draw a sign and a name on each row: a check, or what is not in the sale."""
        signed = [("check-circle", "gran3", name) for name in self.names]
        signed += [("warning-circle", "tyttebaer", name) for name in self.missing]
        high = self.look.size(42) * 1.5
        seen = max(int(self.box.height / high), 0)
        for index, (sign, colour, name) in enumerate(signed[-seen:] if seen else ()):
            row = Box(self.box.x, self.box.y + index * high, self.box.width, high)
            pen.sign_and_text(row, sign, name, Face.MEDIUM, 42, "skifer", sign_size=46,
                              gap=20, align="left", sign_colour=colour)  # fmt: skip
