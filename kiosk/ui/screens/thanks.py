"""09 thanks: what is easily forgotten, a bag that smiles, and the phone's receipt as a code."""

from functools import partial

from kiosk.engine.messages import DonePressed, ReceiptChosen, SendLinkPressed
from kiosk.engine.view import View
from kiosk.sale.events import ReceiptChoice
from kiosk.ui import sizes
from kiosk.ui.layout import Areas
from kiosk.ui.layouts.stack import stacked
from kiosk.ui.present.thanks import ThanksModel, present_thanks
from kiosk.ui.screens.base import BaseScreen
from kiosk.ui.units import Box, Layout
from kiosk.ui.widgets import PrimaryButton, SecondaryButton, Slot
from kiosk.ui.widgets.drawings import Illustration, QrCard
from kiosk.ui.widgets.remarks import Reminder
from kiosk.ui.widgets.story import Paragraph, Story, story_box, title

BAG = (640, 652)
QR = 524
"""130 mm, as eye-high as the sheet allows (07)."""


class ThanksScreen(BaseScreen):
    """Draws the last screen; laid out anew when what there is to say changes."""

    staff_once_called = True

    def build(self) -> None:
        """Wait for the first view: how much there is to say decides the layout."""
        self._shape: tuple[int, bool, bool, bool, bool] | None = None

    def show(self, view: View) -> None:
        """Show a view."""
        model = present_thanks(view, self.words)
        shape = (len(model.reminders), bool(model.notice), bool(model.print_anyway),
                 bool(model.phone_code), bool(model.send))  # fmt: skip
        if shape != self._shape:
            self._shape = shape
            self.clear_widgets()
            self._lay_out(model)
        self._show(model)

    def _show(self, model: ThanksModel) -> None:
        self.show_frame(model.frame)
        self.story.show(
            title(model.title, self._title_size(), gap=30),
            Paragraph(text=model.saved, size=sizes.LEAD_LARGE + 2, colour="skifer", lines=2),
        )
        if self.code is not None:
            self.code.show(model.phone_code)
        if self.notice is not None and model.notice is not None:
            self.notice.show(model.notice)
        for part, reminder in zip(self.reminders, model.reminders, strict=True):
            part.show(reminder.sign, reminder.text)
        if self.paper is not None:
            self.paper.show(model.print_anyway)
        if self.number is not None:
            self.number.show(model.send)
        self.done.show(model.done.text)

    def _title_size(self) -> float:
        if self.look.layout is Layout.COMPACT:
            return sizes.TITLE
        return sizes.THANKS if self.look.portrait and not self.look.big else sizes.TITLE

    def _lay_out(self, model: ThanksModel) -> None:
        look = self.look
        reminder = sizes.REMINDER if look.portrait else sizes.REMINDER_TALL
        heights = [
            *([sizes.SLOT] if model.notice else []),
            len(model.reminders) * reminder + 8,
            *([sizes.SECONDARY] if model.send else []),
            *([sizes.SECONDARY] if model.print_anyway else []),
            sizes.PRIMARY_END,
        ]
        # Without a notice nothing stands at the head: what to remember is beside the hand.
        places, boxes = stacked(look, heights, first_on_top=bool(model.notice))
        self._lay_out_sheet(places, code=bool(model.phone_code))
        self.add_frame(places)
        rest = list(boxes)
        self.notice = self.add(Slot(look, rest.pop(0))) if model.notice else None
        self.reminders = tuple(
            self.add(Reminder(look, box)) for box in rest.pop(0).rows(len(model.reminders), 0)
        )
        self.number: SecondaryButton | None = None
        if model.send:
            self.number = self.add(
                SecondaryButton(look, rest.pop(0), sign="device-mobile", name="send",
                                on_press=partial(self.send, SendLinkPressed()))
            )  # fmt: skip
        self.paper: SecondaryButton | None = None
        if model.print_anyway:
            self.paper = self.add(
                SecondaryButton(
                    look, rest.pop(0), sign="receipt", name="print",
                    on_press=partial(self.send, ReceiptChosen(ReceiptChoice.PAPER)),
                )
            )  # fmt: skip
        self.done = self.add(
            PrimaryButton(look, rest.pop(0), sign="check", sign_after=False, name="done",
                          on_press=partial(self.send, DonePressed()))
        )  # fmt: skip

    def _lay_out_sheet(self, places: Areas, *, code: bool) -> None:
        look = self.look
        room = story_box(look, places.sheet)
        words = look.size(self._title_size()) * 2.2 + look.size(sizes.LEAD_LARGE) * 2
        free = room.height - words
        self.code: QrCard | None = None
        if code:
            side = min(QR, free - 40, room.width) if free > QR * 0.6 else room.height / 2
            box = Box(room.x, places.sheet.bottom - side - 40, room.width, side)
            self.code = self.add(QrCard(look, box))
            room = Box(room.x, room.y, room.width, box.y - room.y - sizes.GAP)
        elif free > BAG[1] * 0.4:
            # The foot goes under the counter's edge, or off the glass.
            high = min(BAG[1], free + 40)
            box = Box(room.x, places.sheet.bottom - high, room.width, high)
            self.add(Illustration(look, box, "bag", align="middle"))
            # The groceries reach into the words' room where nothing is written.
            room = Box(room.x, room.y, room.width, box.y - room.y + sizes.EDGE)
        self.story = self.add(Story(look, room))
