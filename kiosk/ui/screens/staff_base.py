"""What staff mode's screens have in common: blueberry bar and counter, and no shopper's strip."""

from kiosk.engine.staff_messages import StaffBackPressed, StaffLinePressed
from kiosk.ui import sizes
from kiosk.ui.layouts.staff import StaffBoxes
from kiosk.ui.paint import Pen
from kiosk.ui.present.parts import BannerModel, PromptModel
from kiosk.ui.present.staff_lines import StaffListModel
from kiosk.ui.screens.base import BaseScreen
from kiosk.ui.typeset import Face
from kiosk.ui.units import Box
from kiosk.ui.widgets import Sheet, Slot, Words
from kiosk.ui.widgets.staff import StaffBar, StaffButton, staff_counter
from kiosk.ui.widgets.staff_list import StaffList


class StaffBase(BaseScreen):
    """A page of staff mode. It is laid out anew when its counter's rows change."""

    def build(self) -> None:
        """Wait for the first view: what stands on the counter depends on it."""
        self._shape: object = None

    def shaped(self, shape: object) -> bool:
        """Return whether the page must be laid out anew; everything is then taken off."""
        if shape == self._shape:
            return False
        self._shape = shape
        self.clear_widgets()
        return True

    def add_staff_frame(self, boxes: StaffBoxes) -> None:
        """Add the bar, the sheet with the list, and the counter."""
        self.bar = self.add(StaffBar(self.look, boxes.bar))
        self.add(Sheet(self.look, boxes.sheet, open_below=True))
        self.items = self.add(Words(self.look, boxes.header, face=Face.BOLD, size=sizes.SECOND))
        self.hint = self.add(
            Words(self.look, boxes.header, face=Face.REGULAR, size=sizes.SECOND, colour="skifer2",
                  align="right")
        )  # fmt: skip
        kept = getattr(self, "list", None)
        self.list = self.add(StaffList(self.look, boxes.list, self._line_pressed, self._more_words))
        if kept is not None:
            self.list.first = kept.first
        self.add(staff_counter(self.look, boxes.counter))

    def show_list(self, model: StaffListModel) -> None:
        """Fill the sheet."""
        self.items.show(model.items)
        room = self.items.box.width - self.items.painted[0].box.width - 24 if model.items else 0
        hints = (model.hint, model.hint_short, "")
        self.hint.show(next(hint for hint in hints if self._hint_width(hint) <= room or not hint))
        self.list.show(model.lines)

    def add_heading(self, box: Box) -> None:
        """Add the counter's first row: words, or in their place a prompt or a problem."""
        self.heading = self.add(
            Words(
                self.look, box, face=Face.DISPLAY, size=48, colour="paa_gran", lines=2, leading=1.05
            )
        )
        # A banner is a box of its own and may be two lines: it takes the room around the words.
        self.slot = self.add(Slot(self.look, box.inset(0, -6)))

    def show_heading(self, text: str, instead: PromptModel | BannerModel | None) -> None:
        """Fill the counter's first row."""
        self.heading.opacity = 0 if instead else 1
        self.slot.opacity = 1 if instead else 0
        self.heading.show(text)
        if instead is not None:
            self.slot.show(instead)
        else:
            self.slot.clear_widgets()
            self.slot.model = None

    def add_back(self, box: Box) -> StaffButton:
        """Add the way one step back."""
        return self.add(
            StaffButton(self.look, box, sign="arrow-left", name="back",
                        on_press=lambda: self.send(StaffBackPressed()))
        )  # fmt: skip

    def _line_pressed(self, line_id: int) -> None:
        self.send(StaffLinePressed(line_id))

    def _more_words(self, rest: int) -> str:
        return (
            self.words.many("staff.more_lines", rest) if rest else self.words("staff.first_lines")
        )

    def _hint_width(self, hint: str) -> float:
        return Pen(self.hint.ink, self.look).width(hint, Face.REGULAR, sizes.SECOND) + 2
