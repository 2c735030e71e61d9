"""A gift card or a deposit voucher: keys for its number, then what lies on it and the next step."""

from functools import partial

from kiosk.engine.messages import BackPressed, ValueConfirmed, ValueDigitTyped
from kiosk.engine.view import View
from kiosk.ui import sizes
from kiosk.ui.layouts.stack import stacked
from kiosk.ui.layouts.wallet_keys import wallet_key_boxes
from kiosk.ui.present.value import ValueModel, present_value
from kiosk.ui.screens.asking import Keypad, Question
from kiosk.ui.screens.base import BaseScreen
from kiosk.ui.units import Box, Layout
from kiosk.ui.widgets import PrimaryButton, SecondaryButton
from kiosk.ui.widgets.amounts import AmountRow
from kiosk.ui.widgets.story import Paragraph, Story, story_box, title
from kiosk.ui.widgets.typed import Digits
from kiosk.ui.widgets.wallet import SignDisc

DISC = 320

Shape = tuple[bool, bool, bool]


class ValueScreen(BaseScreen):
    """Draws the screen; laid out anew when what there is to do changes."""

    def build(self) -> None:
        """Wait for the first view: what there is to do decides the layout."""
        self._shape: Shape | None = None
        self.keypad: Keypad | None = None

    def show(self, view: View) -> None:
        """Show a view."""
        model = present_value(view, self.words)
        shape = (model.keys, model.confirm is not None, bool(model.back))
        if shape != self._shape:
            self._shape = shape
            self.clear_widgets()
            self.keypad = None
            (self._lay_out_keys if model.keys else self._lay_out_story)(model)
        self.show_frame(model.frame)
        (self._show_keys if model.keys else self._show_story)(model)

    # --- a number is asked for ---------------------------------------------------------------

    def _lay_out_keys(self, model: ValueModel) -> None:  # noqa: ARG002 - as its sibling
        boxes = wallet_key_boxes(self.look, other=False)
        asked = boxes.keys.question
        self.question = Question(self, asked, Digits(self.look, asked.field))
        self.add_frame(boxes.keys.areas)
        self.keypad = Keypad(
            self, boxes.keys.keys, typed=ValueDigitTyped, confirmed=ValueConfirmed()
        )
        self.back = self._add_back(boxes.leave)

    def _show_keys(self, model: ValueModel) -> None:
        self.question.show(model)
        if self.back is not None:
            self.back.show(model.back)

    def key_typed(self, text: str) -> bool:
        """Type on a physical keypad, while a number is asked for."""
        return self.keypad is not None and self.keypad.key_typed(text)

    # --- what lies on it ---------------------------------------------------------------------

    def _lay_out_story(self, model: ValueModel) -> None:
        look = self.look
        secondary = sizes.SECONDARY if look.portrait else sizes.SECONDARY_LOW
        rows = [("amount", float(sizes.AMOUNT_ROW if look.portrait else sizes.PRIMARY))]
        if model.confirm is not None:
            rows.append(("confirm", sizes.PRIMARY))
        if model.back:
            rows.append(("back", secondary))
        places, boxes = stacked(
            look, [high for _, high in rows],
            counter_width=sizes.COUNTER_HELP if look.layout is Layout.COMPACT else None,
        )  # fmt: skip
        named = dict(zip((name for name, _ in rows), boxes, strict=True))
        room = story_box(look, places.sheet)
        self.disc: SignDisc | None = None
        if look.layout is not Layout.COMPACT:
            side = min(DISC, room.height * 0.3)
            foot = places.sheet.bottom - sizes.APART
            self.disc = self.add(SignDisc(look, Box(room.x, foot - side, side, side)))
            room = Box(room.x, room.y, room.width, foot - side - room.y - sizes.GAP)
        self.story = self.add(Story(look, room))
        self.add_frame(places)
        self.amount = self.add(AmountRow(look, named["amount"], size=sizes.AMOUNT))
        self.confirm: PrimaryButton | None = None
        if "confirm" in named:
            self.confirm = self.add(
                PrimaryButton(look, named["confirm"], sign="arrow-right", name="confirm",
                              on_press=partial(self.send, ValueConfirmed()))
            )  # fmt: skip
        self.back = self._add_back(named["back"]) if "back" in named else None

    def _show_story(self, model: ValueModel) -> None:
        self.story.show(
            title(model.title, lines=4, gap=36),
            Paragraph(text=model.lead, size=sizes.LEAD_LARGE, lines=4),
        )
        if self.disc is not None:
            self.disc.show(model.sign, calm=model.calm)
        self.amount.show(model.label, model.amount.figures, model.amount.unit)
        if self.confirm is not None and model.confirm is not None:
            self.confirm.show(model.confirm.text)
        if self.back is not None:
            self.back.show(model.back)

    def _add_back(self, box: Box) -> SecondaryButton | None:
        return self.add(
            SecondaryButton(self.look, box, sign="arrow-left", name="back",
                            on_press=partial(self.send, BackPressed()))
        )  # fmt: skip
