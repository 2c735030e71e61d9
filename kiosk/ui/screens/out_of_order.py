"""15 out of order: what works, what does not, and where to go."""

from functools import partial

from kiosk.engine.messages import StartPressed
from kiosk.engine.view import View
from kiosk.ui import sizes
from kiosk.ui.layouts.stack import stacked, with_staff
from kiosk.ui.present.out_of_order import OutOfOrderModel, present_out_of_order
from kiosk.ui.present.parts import ChipModel
from kiosk.ui.screens.base import BaseScreen
from kiosk.ui.units import Box, Layout
from kiosk.ui.widgets import PrimaryButton
from kiosk.ui.widgets.cards import InfoCard
from kiosk.ui.widgets.story import Story, story_box, title
from kiosk.ui.widgets.way import Way

CARDS_GAP = 28


class OutOfOrderScreen(BaseScreen):
    """Draws the screen; laid out anew when the kiosk can, or no longer can, be started."""

    def build(self) -> None:
        """Wait for the first view: without a start the counter is lower."""
        self._can_start: bool | None = None

    def show(self, view: View) -> None:
        """Show a view."""
        model = present_out_of_order(view, self.words)
        can_start = model.start is not None
        if can_start != self._can_start:
            self._can_start = can_start
            self.clear_widgets()
            self._lay_out(can_start)
        self.show_frame(model.frame)
        self.story.show(*self._chip(model.chip), title(model.title))
        self.way.show(model.elsewhere, model.elsewhere_hint)
        if self.start is not None and model.start is not None:
            self.start.show(model.start.text)
        self._show_cards(model)

    def _show_cards(self, model: OutOfOrderModel) -> None:
        """Place the cards under the title, which leaves them room: first what works."""
        room = self._story_box
        high = sizes.STATE_CARD * (1.2 if self.look.big else 1)
        if self.look.layout is Layout.COMPACT:
            high = sizes.ADD
        told = [
            (card, label, text, card.height_for(text, room.width, high))
            for card, label, text in (
                (self.works, model.works_label, model.works),
                (self.works_not, model.works_not_label, model.works_not),
            )
        ]
        needed = sum(tall + CARDS_GAP for _, _, text, tall in told if text)
        self.story.move_to(Box(room.x, room.y, room.width, room.height - needed))
        y = self.story.bottom
        for card, label, text, tall in told:
            card.show(label, text)
            card.move_to(Box(room.x, y, room.width, tall))
            y += tall + CARDS_GAP if text else 0

    def _chip(self, chip: ChipModel) -> tuple[ChipModel, ...]:
        """The first thing to go where it is low and text is large: the title says it too."""
        crowded = self.look.big and self.look.layout is Layout.COMPACT
        return () if crowded else (chip,)

    def _lay_out(self, can_start: bool) -> None:
        look = self.look
        heights = [
            sizes.STATE_CARD if look.portrait else sizes.CARD,
            *([sizes.PRIMARY_END] if can_start else []),
        ]
        places, boxes = stacked(look, heights, first_on_top=False, counter_width=with_staff(look))
        self._story_box = story_box(look, places.sheet)
        self.story = self.add(Story(look, self._story_box))
        self.works = self.add(
            InfoCard(look, self._story_box, sign="check", ground="gran_lys", colour="gran3")
        )
        self.works_not = self.add(
            InfoCard(look, self._story_box, sign="x", ground="tyttebaer_lys", colour="tyttebaer")
        )
        self.add_frame(places, staff=True)
        self.way = self.add(Way(look, boxes[0], large=False))
        self.start: PrimaryButton | None = None
        if can_start:
            self.start = self.add(
                PrimaryButton(look, boxes[1], name="start",
                              on_press=partial(self.send, StartPressed()))
            )  # fmt: skip
