"""11 somebody from the shop is needed: which line, why, and that the sale goes on."""

from functools import partial

from kiosk.engine.messages import BackPressed, RemovePressed
from kiosk.engine.view import View
from kiosk.ui import sizes
from kiosk.ui.layouts.stack import stacked
from kiosk.ui.present.needs_staff import NeedsStaffModel, present_needs_staff
from kiosk.ui.present.parts import ChipModel
from kiosk.ui.screens.base import BaseScreen
from kiosk.ui.units import Box, Layout
from kiosk.ui.widgets import PrimaryButton, SecondaryButton, Slot
from kiosk.ui.widgets.cards import LineCard
from kiosk.ui.widgets.lines import row_height, row_sizes
from kiosk.ui.widgets.story import Paragraph, Story, story_box, title

CARD_GAP = 52
"""Over and under the line's card."""


class NeedsStaffScreen(BaseScreen):
    """Draws the waiting screen; laid out anew when it is about a line, or no longer."""

    def build(self) -> None:
        """Wait for the first view."""
        self._shape: tuple[bool, bool] | None = None
        self._line_id = 0

    def show(self, view: View) -> None:
        """Show a view."""
        model = present_needs_staff(view, self.words)
        shape = (bool(model.remove), bool(model.note or model.code))
        if shape != self._shape:
            self._shape = shape
            self.clear_widgets()
            self._lay_out(*shape)
        self._line_id = model.line.line_id if model.line else 0
        self._show(model)

    def _show(self, model: NeedsStaffModel) -> None:
        self.show_frame(model.frame)
        self.story.show(
            *self._chip(model.chip),
            title(model.title),
            Paragraph(text=model.lead, size=sizes.LEAD_LARGE),
        )
        self._show_line(model)
        self.prompt.show(model.prompt)
        self.onward.show(model.onward.text)
        if self.remove is not None:
            self.remove.show(model.remove)
        if self.note is not None:
            self.note.show(Paragraph(text=model.note or model.code, size=sizes.NOTE, colour="mint"))

    def _show_line(self, model: NeedsStaffModel) -> None:
        """Place the line under the words, which leave it room."""
        room = self._story_box
        self.card.opacity = 1 if model.line else 0
        if model.line is None:
            return
        high = row_height(row_sizes(self.look), model.line) + 34
        self.story.move_to(Box(room.x, room.y, room.width, room.height - high - CARD_GAP))
        self.card.show(model.line, Box(room.x, self.story.bottom, room.width, high))

    def _remove(self) -> None:
        self.send(RemovePressed(self._line_id))

    def _chip(self, chip: ChipModel) -> tuple[ChipModel, ...]:
        """The first thing to go where it is low and text is large: the title says it too."""
        crowded = self.look.big and self.look.layout is Layout.COMPACT
        return () if crowded else (chip,)

    def _lay_out(self, remove: bool, note: bool) -> None:
        look = self.look
        note_high = sizes.STEP if look.layout is not Layout.COMPACT else sizes.STATE_CARD
        places, boxes = stacked(
            look,
            [sizes.SLOT, sizes.PRIMARY, *([sizes.SECONDARY] if remove else []),
             *([note_high] if note else [])],
        )  # fmt: skip
        self._story_box = story_box(look, places.sheet)
        self.story = self.add(Story(look, self._story_box))
        self.card = self.add(LineCard(look, self._story_box))
        # On 1280 x 800 the line needs the room: there the way in is behind help.
        self.add_frame(places, staff=look.layout is not Layout.COMPACT)
        rest = list(boxes)
        self.prompt = self.add(Slot(look, rest.pop(0)))
        self.onward = self.add(
            PrimaryButton(look, rest.pop(0), sign="arrow-left", sign_after=False, name="onward",
                          on_press=partial(self.send, BackPressed()))
        )  # fmt: skip
        self.remove: SecondaryButton | None = None
        self.note: Story | None = None
        if remove:
            self.remove = self.add(
                SecondaryButton(look, rest.pop(0), sign="trash", name="remove",
                                on_press=self._remove)
            )  # fmt: skip
        if note:
            self.note = self.add(Story(look, rest.pop(0)))
