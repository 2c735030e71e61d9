"""Bags, asked once before payment: none is chosen, and both answers are the same button."""

from functools import partial

from kiosk.engine.messages import BackPressed, BagPressed, BagsConfirmed
from kiosk.engine.view import View
from kiosk.ui import sizes
from kiosk.ui.layouts.stack import stacked
from kiosk.ui.present.bags import present_bags
from kiosk.ui.screens.base import BaseScreen
from kiosk.ui.units import Box, Layout
from kiosk.ui.widgets import PrimaryButton, SecondaryButton, Slot
from kiosk.ui.widgets.bags import BagTile
from kiosk.ui.widgets.drawings import Illustration
from kiosk.ui.widgets.story import Paragraph, Story, story_box, title


class BagsScreen(BaseScreen):
    """Draws the bag question; laid out anew when the kinds of bags change."""

    def build(self) -> None:
        """Wait for the first view: how many kinds there are decides the layout."""
        self._kinds: tuple[str, ...] | None = None

    def show(self, view: View) -> None:
        """Show a view."""
        model = present_bags(view, self.words)
        kinds = tuple(bag.tile.product_id for bag in model.bags)
        if kinds != self._kinds:
            self._kinds = kinds
            self.clear_widgets()
            self._lay_out(kinds)
        self.show_frame(model.frame)
        self.story.show(title(model.title), Paragraph(text=model.lead, size=sizes.LEAD_LARGE))
        self.slot.show(model.slot)
        for tile, bag in zip(self.tiles, model.bags, strict=True):
            tile.show_bag(bag)
        self.onward.show(model.onward.text)
        self.back.show(model.back)

    def _count(self, product_id: str, quantity: int) -> None:
        self.send(BagPressed(product_id, quantity))

    def _lay_out(self, kinds: tuple[str, ...]) -> None:
        look = self.look
        primary = sizes.PRIMARY
        places, (slot, *bags, onward, back) = stacked(
            look,
            [sizes.SLOT, *[sizes.ANSWER] * len(kinds), primary, sizes.SECONDARY],
            counter_width=sizes.COUNTER_WIDER,
        )
        room = story_box(look, places.sheet)
        if look.layout is not Layout.COMPACT and not look.big:
            high = min(430.0, room.height - 330)
            drawing = Box(room.x, places.sheet.bottom - high, room.width, high)
            self.add(Illustration(look, drawing, "bag-open", align="middle"))
        self.story = self.add(Story(look, room))
        self.add_frame(places)
        self.slot = self.add(Slot(look, slot))
        self.tiles = tuple(
            self.add(
                BagTile(look, box, product_id,
                        on_count=partial(self._count, product_id))
            )
            for product_id, box in zip(kinds, bags, strict=True)
        )  # fmt: skip
        self.onward = self.add(
            PrimaryButton(look, onward, sign="arrow-right", name="onward",
                          on_press=partial(self.send, BagsConfirmed()))
        )  # fmt: skip
        self.back = self.add(
            SecondaryButton(look, back, sign="arrow-left", name="back",
                            on_press=partial(self.send, BackPressed()))
        )  # fmt: skip
