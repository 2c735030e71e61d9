"""A gift card or a deposit voucher: keys for its number, then what lies on it and the next step."""

from functools import partial

from kiosk.engine.messages import BackPressed, ValueConfirmed, ValueDigitTyped
from kiosk.engine.view import View
from kiosk.ui import sizes
from kiosk.ui.layouts.stack import stacked
from kiosk.ui.layouts.wallet_keys import wallet_key_boxes
from kiosk.ui.present.value import ValueModel, present_value
from kiosk.ui.screens.base import BaseScreen
from kiosk.ui.screens.code import KEYS, Digits
from kiosk.ui.typeset import Face
from kiosk.ui.units import Box, Layout
from kiosk.ui.widgets import (
    Banner,
    Key,
    PrimaryButton,
    SecondaryButton,
    WideKey,
    Words,
)
from kiosk.ui.widgets.amounts import AmountRow
from kiosk.ui.widgets.story import Paragraph, Story, story_box, title
from kiosk.ui.widgets.wallet import SignDisc

DISC = 320

Shape = tuple[bool, bool, bool]


class ValueScreen(BaseScreen):
    """Draws the screen; laid out anew when what there is to do changes."""

    def build(self) -> None:
        """Wait for the first view: what there is to do decides the layout."""
        self._shape: Shape | None = None

    def show(self, view: View) -> None:
        """Show a view."""
        model = present_value(view, self.words)
        shape = (model.keys, model.confirm is not None, bool(model.back))
        if shape != self._shape:
            self._shape = shape
            self.clear_widgets()
            (self._lay_out_keys if model.keys else self._lay_out_story)(model)
        self.show_frame(model.frame)
        (self._show_keys if model.keys else self._show_story)(model)

    # --- a number is asked for ---------------------------------------------------------------

    def _lay_out_keys(self, model: ValueModel) -> None:  # noqa: ARG002 - as its sibling
        look = self.look
        boxes = wallet_key_boxes(look, other=False)
        keys = boxes.keys
        self.title = self.add(
            Words(look, keys.title, face=Face.DISPLAY, size=sizes.SUBTITLE + 8, lines=2,
                  leading=1.06)
        )  # fmt: skip
        lines = 2 if look.portrait else 3
        self.lead = self.add(Words(look, keys.lead, size=sizes.LEAD, lines=lines, valign="top"))
        self.field = self.add(Digits(look, keys.field))
        self.banner = self.add(Banner(look, keys.slot))
        self.add_frame(keys.areas)
        for box, key in zip(keys.keys, KEYS, strict=True):
            self._add_key(box, key)
        self.back = self._add_back(boxes.leave)

    def _show_keys(self, model: ValueModel) -> None:
        self.title.show(model.title)
        self.lead.show(model.lead)
        self.field.show(model.field, model.placeholder)
        self.banner.show(model.banner)
        if self.back is not None:
            self.back.show(model.back)

    def _add_key(self, box: Box, key: str) -> None:
        look = self.look
        if key == "<":
            self.add(
                WideKey(look, box, "", sign="backspace", name="delete",
                        on_press=partial(self.send, ValueDigitTyped("\b")))
            )  # fmt: skip
        elif key == ">":
            self.add(
                WideKey(look, box, "", sign="check", confirm=True, name="confirm",
                        on_press=partial(self.send, ValueConfirmed()))
            )  # fmt: skip
        else:
            self.add(
                Key(look, box, key, size=56, name=f"key-{key}",
                    on_press=partial(self.send, ValueDigitTyped(key)))
            )  # fmt: skip

    def key_typed(self, text: str) -> bool:
        """Type on a physical keypad."""
        if text == "\b" or (len(text) == 1 and text in "0123456789"):
            self.send(ValueDigitTyped(text))
            return True
        return False

    # --- what lies on it ---------------------------------------------------------------------

    def _lay_out_story(self, model: ValueModel) -> None:
        look = self.look
        secondary = sizes.SECONDARY if look.portrait else sizes.SECONDARY_LOW
        rows = [("amount", float(sizes.AMOUNT_ROW))]
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
