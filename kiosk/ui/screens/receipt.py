"""08 receipt: equal answers, none yellow; silence prints, and the screen says when."""

from functools import partial

from kiosk.engine.messages import ReceiptChosen
from kiosk.engine.view import View
from kiosk.sale.events import ReceiptChoice
from kiosk.ui import sizes
from kiosk.ui.layouts.stack import stacked
from kiosk.ui.present.receipt import ReceiptModel, present_receipt
from kiosk.ui.screens.base import BaseScreen
from kiosk.ui.units import Box, Layout
from kiosk.ui.widgets import Slot, Tile
from kiosk.ui.widgets.remarks import Silence
from kiosk.ui.widgets.story import Disc, Paragraph, Story, story_box, title


class ReceiptScreen(BaseScreen):
    """Draws the receipt question; laid out anew when the answers change."""

    staff_once_called = True

    def build(self) -> None:
        """Wait for the first view: how many answers there are decides the layout."""
        self._choices: tuple[ReceiptChoice, ...] | None = None
        self._noticed = False

    def show(self, view: View) -> None:
        """Show a view."""
        model = present_receipt(view, self.words)
        choices = tuple(answer.choice for answer in model.answers)
        noticed = model.notice is not None
        if (choices, noticed) != (self._choices, self._noticed):
            self._choices, self._noticed = choices, noticed
            self.clear_widgets()
            self._lay_out(choices, noticed)
        self._show(model)

    def _show(self, model: ReceiptModel) -> None:
        self.show_frame(model.frame)
        self.story.show(Disc(), title(model.title), Paragraph(text=model.paid))
        if self.notice is not None and model.notice is not None:
            self.notice.show(model.notice)
        for tile, answer in zip(self.tiles, model.answers, strict=True):
            tile.show_tile(
                answer.text, note=answer.detail, sign=answer.sign, available=answer.available
            )
        self.silence.show(model.silence)

    def _lay_out(self, choices: tuple[ReceiptChoice, ...], noticed: bool) -> None:
        look = self.look
        answer = sizes.ANSWER * (1.1 if look.big else 1)
        silence = sizes.SILENCE if look.portrait else sizes.SLOT
        heights = [*([sizes.SLOT] if noticed else []), *[answer] * len(choices),
                   silence]  # fmt: skip
        places, boxes = stacked(
            look, heights, first_on_top=noticed,
            counter_width=sizes.COUNTER_WIDER if look.layout is Layout.COMPACT else None,
        )  # fmt: skip
        self.story = self.add(Story(look, story_box(look, places.sheet)))
        self.add_frame(places)
        self.notice = self.add(Slot(look, boxes[0])) if noticed else None
        answers = boxes[1 if noticed else 0 : -1]
        self.tiles = tuple(
            self._answer(choice, box) for choice, box in zip(choices, answers, strict=True)
        )
        self.silence = self.add(Silence(look, boxes[-1]))

    def _answer(self, choice: ReceiptChoice, box: Box) -> Tile:
        return self.add(
            Tile(
                self.look, box, square=116, name=choice.value,
                on_press=partial(self.send, ReceiptChosen(choice)),
            )
        )  # fmt: skip
