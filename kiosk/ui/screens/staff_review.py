"""A look over the goods: scanned out of the bag one by one; what was not paid for stands out."""

from kiosk.engine.staff_messages import StaffConfirmed
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
from kiosk.ui.widgets import Banner, BannerKind, Part
from kiosk.ui.widgets.staff import GiveBack, StaffBar, staff_counter
from kiosk.ui.widgets.story import Paragraph, Story, story_box, title

BANNER = 100
STORY_SHARE = 0.6


class StaffReviewScreen(StaffBase):
    """What to do on the sheet, how far it is on the counter."""

    def build(self) -> None:
        """Make the parts."""
        look, measures = self.look, staff_sizes(self.look)
        boxes = staff_boxes(look, [measures.leave, measures.leave], [measures.gap])
        rim = Box(0, boxes.bar.bottom, boxes.bar.width, boxes.list.bottom - boxes.bar.bottom)
        room = story_box(look, rim)
        banner_high = BANNER if not look.big else 140
        banner, room = room.take_bottom(banner_high + 12, 12)
        self._room = room
        self.bar = self.add(StaffBar(look, boxes.bar))
        self.story = self.add(Story(look, room.take_top(room.height * STORY_SHARE)[0]))
        self.found = self.add(_Found(look, room))
        self.banner = self.add(Banner(look, banner.take_top(banner_high)[0], BannerKind.FAILED))
        self.add(staff_counter(look, boxes.counter))
        self.add_heading(boxes.heading)
        self.ready = self.add(
            GiveBack(look, boxes.rows[0], sign="check", name="ready",
                     on_press=lambda: self.send(StaffConfirmed()))
        )  # fmt: skip
        self.back = self.add_back(boxes.rows[1])

    def show(self, view: View) -> None:
        """Show a view."""
        model = present_staff_review(view, self.words)
        self.bar.show(model.frame)
        self.story.show(title(model.title), Paragraph(text=model.lead, size=sizes.LEAD))
        room, top = self._room, self.story.bottom
        self.found.show(model.found, Box(room.x, top, room.width, room.bottom - top))
        banner = model.banner
        self.banner.show(
            BannerKind(banner.kind.value) if banner else BannerKind.FAILED,
            banner.text if banner else "", sign=banner.sign if banner else "",
        )  # fmt: skip
        self.show_heading("", PromptModel(sign="barcode", text=model.progress))
        self.ready.show_ready(model.ready, ready=model.ready_is_next)
        self.back.show_button(model.back)


class _Found(Part):
    """The goods found in the sale, newest last; as many of the last ones as there is room for."""

    def __init__(self, look: Look, box: Box) -> None:
        super().__init__(look, box)
        self.names: tuple[str, ...] = ()

    def show(self, names: tuple[str, ...], box: Box) -> None:
        """Change the goods, and where they stand."""
        if (names, box) != (self.names, self.box):
            self.names, self.box = names, box
            self._place()
            self.repaint()

    def paint(self, pen: Pen) -> None:
        """Draw a check and a name on each row."""
        high = self.look.size(42) * 1.5
        seen = max(int(self.box.height / high), 0)
        for index, name in enumerate(self.names[-seen:] if seen else ()):
            row = Box(self.box.x, self.box.y + index * high, self.box.width, high)
            pen.sign_and_text(row, "check-circle", name, Face.MEDIUM, 42, "skifer", sign_size=46,
                              gap=20, align="left", sign_colour="gran3")  # fmt: skip
