"""12 the bag scale: what it saw, with a picture; two answers that both lead on."""

from functools import partial

from kiosk.engine.messages import Intent
from kiosk.engine.staff_messages import AllScannedPressed, OwnBagPressed, SkipBaggingPressed
from kiosk.engine.view import View
from kiosk.ui import sizes
from kiosk.ui.layouts.stack import stacked
from kiosk.ui.present.bag_weight import BagWeightModel, present_bag_weight
from kiosk.ui.screens.base import BaseScreen
from kiosk.ui.units import Box, Layout
from kiosk.ui.widgets import Slot, Tile
from kiosk.ui.widgets.bagging import BaggingPicture
from kiosk.ui.widgets.story import Paragraph, Story, story_box, title

ANSWER = 188
PICTURE = {Layout.PORTRAIT: 420, Layout.LANDSCAPE: 420, Layout.COMPACT: 250}
PICTURE_LEAST = 150
FOOT = 56
COUNTER_WIDE = 820
INTENTS: dict[str, Intent] = {
    "own-bag": OwnBagPressed(),
    "all-scanned": AllScannedPressed(),
    "skip": SkipBaggingPressed(),
}


class BagWeightScreen(BaseScreen):
    """Laid out anew once somebody has been called: then there is nothing to answer."""

    def build(self) -> None:
        """Wait for the first view."""
        self._shape: tuple[int, bool] | None = None

    def show(self, view: View) -> None:
        """Show a view."""
        model = present_bag_weight(view, self.words)
        shape = (len(model.answers), model.staff)
        if shape != self._shape:
            self._shape = shape
            self.clear_widgets()
            self._lay_out(*shape)
        self._show(model)

    def _lay_out(self, answers: int, staff: bool) -> None:
        look = self.look
        places, boxes = stacked(
            look, [sizes.SLOT, *[ANSWER] * answers], counter_width=self._counter_wide()
        )
        room = story_box(look, places.sheet)
        self._room = Box(room.x, room.y, room.width, room.height - self._foot())
        self.story = self.add(Story(look, self._room))
        self.picture = self.add(BaggingPicture(look, self._room))
        self.add_frame(places, staff=staff)
        self.prompt = self.add(Slot(look, boxes[0]))
        self.tiles = tuple(self.add(self._tile(box)) for box in boxes[1:])

    def _counter_wide(self) -> float:
        return sizes.COUNTER_HELP if self.look.layout is Layout.COMPACT else COUNTER_WIDE

    def _tile(self, box: Box) -> Tile:
        if self.look.layout is Layout.COMPACT:
            return Tile(self.look, box, name_size=40, square=64, pad=20)
        return Tile(self.look, box, square=84 if self.look.big else 116)

    def _foot(self) -> float:
        return FOOT if self.look.layout is not Layout.COMPACT else 20

    def _show(self, model: BagWeightModel) -> None:
        self.show_frame(model.frame)
        chip = (model.chip,) if model.chip else ()
        # Words before the picture: it gets what they leave.
        wanted = PICTURE[self.look.layout]
        story = Box(self._room.x, self._room.y, self._room.width, self._room.height - PICTURE_LEAST)
        self.story.move_to(story)
        self.story.show(
            *chip,
            title(model.title, gap=36),
            Paragraph(text=model.lead, size=sizes.LEAD, gap=28, lines=4),
        )
        free = self._room.bottom - self.story.bottom
        high = min(wanted, free)
        self.picture.show(
            Box(self._room.x, self._room.bottom - high, self._room.width, high),
            model.picture, model.last,
        )  # fmt: skip
        self.prompt.show(model.prompt)
        for tile, answer in zip(self.tiles, model.answers, strict=True):
            tile.name = answer.name
            tile.on_press = partial(self.send, INTENTS[answer.name])
            tile.show_tile(answer.text, note=answer.note, sign=answer.sign)
