"""07 wallet: a code as large as a hand, what to do with it, and the way back."""

from functools import partial

from kiosk.engine.messages import (
    AbortPaymentPressed,
    WalletConfirmed,
    WalletPhonePressed,
    WalletScanPressed,
)
from kiosk.engine.view import View
from kiosk.ui import sizes
from kiosk.ui.layout import Areas
from kiosk.ui.layouts.stack import stacked
from kiosk.ui.present.wallet import Other, WalletModel, present_wallet
from kiosk.ui.screens.base import BaseScreen
from kiosk.ui.units import Box, Layout
from kiosk.ui.widgets import PrimaryButton, SecondaryButton, Slot
from kiosk.ui.widgets.amounts import AmountRow
from kiosk.ui.widgets.story import Paragraph, Story, story_box, title
from kiosk.ui.widgets.wallet import SignDisc, Steps, WalletCode

CODE = 676
"""The code's frame: 130 mm of modules, and its quiet zone (look.md, 07)."""
STEP = 92
STEP_NARROW = 120
"""Beside the sheet a step takes two lines."""
DISC = 320
SHARES = (1, 1)
"""Of the row at the counter's foot: the second choice, and the way back."""
SIGNS = {Other.PHONE: "device-mobile", Other.SCAN: "qr-code"}

Shape = tuple[bool, int, bool, bool, bool]


class WalletScreen(BaseScreen):
    """Draws the wallet's screen; laid out anew when what there is to do changes."""

    staff_once_called = True

    def build(self) -> None:
        """Wait for the first view: what there is to do decides the layout."""
        self._shape: Shape | None = None

    def show(self, view: View) -> None:
        """Show a view."""
        model = present_wallet(view, self.words)
        shape = (bool(model.code), len(model.steps), bool(model.confirm), model.other is not None,
                 bool(model.notice))  # fmt: skip
        if shape != self._shape:
            self._shape = shape
            self.clear_widgets()
            self._lay_out(model)
        self._show(model)

    def _show(self, model: WalletModel) -> None:
        self.show_frame(model.frame)
        self.story.show(
            title(model.title, self._title_size(model), lines=4, gap=36),
            Paragraph(text=model.phone, size=sizes.TITLE, colour="gran3", lines=1, gap=36),
            Paragraph(text=model.lead, size=sizes.LEAD_LARGE, lines=4),
        )
        if self.code is not None:
            self.code.show_code(model.code, model.method)
        if self.disc is not None:
            self.disc.show(model.sign, calm=not model.asks)
        self.amount.show(model.name, model.amount.figures, model.amount.unit)
        if self.steps is not None:
            self.steps.show(model.steps)
        if self.notice is not None and model.notice is not None:
            self.notice.show(model.notice)
        if self.confirm is not None:
            self.confirm.show(model.confirm)
        if self.other is not None and model.other is not None:
            self.other.on_press = partial(self.send, self._intent(model.other))
            self.other.show(model.other_text, sign=SIGNS[model.other])
        self.stop.show(
            model.stop.text, sign="arrow-left" if model.stop.enabled else "clock",
            enabled=model.stop.enabled,
        )  # fmt: skip

    @staticmethod
    def _intent(other: Other) -> WalletPhonePressed | WalletScanPressed:
        return WalletScanPressed() if other is Other.SCAN else WalletPhonePressed()

    def _title_size(self, model: WalletModel) -> float:
        """A code beside the title comes first: the words give way to it."""
        low = self.look.layout is Layout.COMPACT or (model.code and not self.look.portrait)
        return sizes.SUBTITLE if low else sizes.TITLE

    def _lay_out(self, model: WalletModel) -> None:
        look = self.look
        secondary = sizes.SECONDARY if look.portrait else sizes.SECONDARY_LOW
        beside = look.portrait and not look.big
        rows: list[tuple[str, float]] = [("amount", sizes.AMOUNT_ROW)]
        if model.notice:
            rows.append(("notice", sizes.SLOT))
        if model.steps:
            rows.append(("steps", (STEP if look.portrait else STEP_NARROW) * len(model.steps)))
        if model.confirm:
            rows.append(("confirm", sizes.PRIMARY))
        if model.other is not None and not beside:
            rows.append(("other", secondary))
        rows.append(("stop", secondary))
        places, boxes = stacked(
            look, [high for _, high in rows],
            counter_width=sizes.COUNTER_HELP if look.layout is Layout.COMPACT else None,
        )  # fmt: skip
        named = dict(zip((name for name, _ in rows), boxes, strict=True))
        if model.other is not None and beside:
            named["other"], named["stop"] = named["stop"].split(SHARES, sizes.GAP)
        self._lay_out_sheet(places, code=bool(model.code))
        self.add_frame(places)
        self._lay_out_counter(named)

    def _lay_out_counter(self, named: dict[str, Box]) -> None:
        look = self.look
        self.amount = self.add(AmountRow(look, named["amount"], size=sizes.AMOUNT))
        steps, notice = named.get("steps"), named.get("notice")
        self.steps = self.add(Steps(look, steps)) if steps else None
        self.notice = self.add(Slot(look, notice)) if notice else None
        self.confirm: PrimaryButton | None = None
        if confirm := named.get("confirm"):
            self.confirm = self.add(
                PrimaryButton(look, confirm, sign="check", sign_after=False, name="confirm",
                              on_press=partial(self.send, WalletConfirmed()))
            )  # fmt: skip
        self.other: SecondaryButton | None = None
        if other := named.get("other"):
            self.other = self.add(
                SecondaryButton(look, other, name="other",
                                on_press=partial(self.send, WalletPhonePressed()))
            )  # fmt: skip
        self.stop = self.add(
            SecondaryButton(look, named["stop"], sign="arrow-left", name="stop",
                            on_press=partial(self.send, AbortPaymentPressed()))
        )  # fmt: skip

    def _lay_out_sheet(self, places: Areas, *, code: bool) -> None:
        """The code stands as high as the words leave room for: eye-high, sitting and standing."""
        look = self.look
        room = story_box(look, places.sheet)
        self.code: WalletCode | None = None
        self.disc: SignDisc | None = None
        if code:
            words = look.size(sizes.TITLE if look.portrait else sizes.SUBTITLE) * 1.06
            lines = 2 if look.portrait else 1
            top = room.y + words * lines + sizes.GAP_LARGE
            free = places.sheet.bottom - top - sizes.EDGE
            side = min(CODE, free, room.width)
            # Between words and counter, nearer the words: as in picture 07.
            y = top + min((free - side) / 2, sizes.EDGE)
            self.code = self.add(WalletCode(look, Box(room.x, y, room.width, side)))
            room = Box(room.x, room.y, room.width, y - room.y)
        elif look.layout is not Layout.COMPACT:
            side = min(DISC, room.height * 0.3)
            foot = places.sheet.bottom - sizes.APART
            self.disc = self.add(SignDisc(look, Box(room.x, foot - side, side, side)))
            room = Box(room.x, room.y, room.width, foot - side - room.y - sizes.GAP)
        self.story = self.add(Story(look, room))
