"""10 still there: the counter rises over the dimmed list; the same place for the hand."""

from kiosk.engine.messages import LeavePressed, StillHerePressed
from kiosk.engine.view import View
from kiosk.ui.layouts.still_there import still_there_boxes
from kiosk.ui.present.parts import present_frame
from kiosk.ui.present.still_there import WHOLE_S, present_still_there
from kiosk.ui.screens.base import BaseScreen
from kiosk.ui.typeset import Face
from kiosk.ui.widgets import Countdown, Dim, PrimaryButton, SecondaryButton, Words


class StillThereScreen(BaseScreen):
    """Staying is yellow and large, leaving is possible; what comes after is said."""

    is_overlay = True

    def build(self) -> None:
        """Make the raised counter."""
        boxes = still_there_boxes(self.look)
        self.counter_top = boxes.areas.counter.y if self.look.portrait else None
        self.add(Dim(self.look))
        self.add_frame(boxes.areas, top_bar=False)
        self.ring = self.add(Countdown(self.look, boxes.ring, whole_s=WHOLE_S))
        self.title = self.add(
            Words(self.look, boxes.title, face=Face.DISPLAY, size=92, colour="paa_gran", lines=3,
                  leading=1.04)
        )  # fmt: skip
        self.lead = self.add(
            Words(self.look, boxes.lead, size=46, colour="paa_gran", lines=4, leading=1.35)
        )
        self.yes = self.add(
            PrimaryButton(self.look, boxes.yes, name="yes",
                          on_press=lambda: self.send(StillHerePressed()))
        )  # fmt: skip
        self.leave = self.add(
            SecondaryButton(self.look, boxes.leave, sign="x", name="leave",
                            on_press=lambda: self.send(LeavePressed()))
        )  # fmt: skip

    def show(self, view: View) -> None:
        """Step the countdown."""
        model = present_still_there(view, self.words)
        self.show_frame(present_frame(view, self.words))
        self.ring.show(int(model.seconds))
        self.title.show(model.title)
        self.lead.show(f"{model.lead}\n{model.nothing_taken}")
        self.yes.ready(model.yes)
        self.leave.show(model.leave)
