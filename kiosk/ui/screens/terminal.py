"""06 terminal: one sentence, a picture, an arrow, and the terminal's own state."""

from functools import partial

from kiosk.engine.messages import AbortPaymentPressed
from kiosk.engine.view import View
from kiosk.ui import sizes
from kiosk.ui.layout import Areas
from kiosk.ui.layouts.stack import stacked
from kiosk.ui.present.terminal import TerminalModel, present_terminal
from kiosk.ui.screens.base import BaseScreen
from kiosk.ui.units import Box, Layout
from kiosk.ui.widgets import SecondaryButton, Slot
from kiosk.ui.widgets.amounts import AmountRow
from kiosk.ui.widgets.cards import StateCard
from kiosk.ui.widgets.drawings import ArrowDisc, Illustration
from kiosk.ui.widgets.story import TITLE_COMPACT, Paragraph, Story, story_box, title

DRAWING = (480.0, 646.0)
"""Room for terminal and card; the foot goes under the counter's edge."""
DISC = 260
DISC_SHARE, DISC_GAP = 0.45, 14


class TerminalScreen(BaseScreen):
    """Draws the terminal screen."""

    staff_once_called = True

    def build(self) -> None:
        """Make the parts."""
        look = self.look
        abort = sizes.SECONDARY if look.portrait else sizes.SECONDARY_LOW
        row = sizes.AMOUNT_ROW if look.portrait else sizes.PRIMARY
        places, (amount, card, hint, secondary) = stacked(
            look,
            [row, sizes.STATE_CARD, sizes.AMOUNT_ROW, abort],
            counter_width=sizes.COUNTER_HELP if look.layout is Layout.COMPACT else None,
        )
        self._lay_out_sheet(places)
        self.add_frame(places)
        self.amount = self.add(AmountRow(look, amount, size=sizes.AMOUNT))
        self.card = self.add(StateCard(look, card))
        self.hint = self.add(Story(look, hint))
        self.notice = self.add(Slot(look, hint))
        self.abort = self.add(
            SecondaryButton(look, secondary, sign="x", name="abort",
                            on_press=partial(self.send, AbortPaymentPressed()))
        )  # fmt: skip

    def _lay_out_sheet(self, places: Areas) -> None:
        look = self.look
        room = story_box(look, places.sheet)
        self.disc: ArrowDisc | None = None
        width, height = DRAWING
        compact = look.layout is Layout.COMPACT
        left = room.height - look.size(sizes.TITLE) * (TITLE_COMPACT if compact else 1) * 1.06 * 2
        if compact:
            # Terminal and arrow share the narrow sheet's width.
            left = min(left - sizes.GAP, (room.width - DISC_GAP) / (width / height + DISC_SHARE))
        if left > height * 0.55:
            height = min(height, left)
            width = width * height / DRAWING[1]
            x = room.x + (0 if compact else min(146, room.width * 0.156))
            foot = places.sheet.bottom
            self.add(Illustration(look, Box(x, foot - height, width, height), "terminal"))
            side = min(DISC, height * DISC_SHARE)
            disc = Box(x + width + DISC_GAP, foot - side - side * 0.2, side, side)
            self.disc = self.add(ArrowDisc(look, disc))
        elif compact:
            foot = places.sheet.bottom - sizes.EDGE
            self.disc = self.add(ArrowDisc(look, Box(room.x, foot - DISC / 2, DISC / 2, DISC / 2)))
        self.story = self.add(Story(look, room))

    def show(self, view: View) -> None:
        """Show a view."""
        model = present_terminal(view, self.words)
        self.show_frame(model.frame)
        self.story.show(title(model.title))
        if self.disc is not None:
            self.disc.show(model.arrow)
        self.amount.show(model.to_pay, model.amount.figures, model.amount.unit)
        self.card.show(model.state_label, model.state, model.state_sign)
        self._show_hint(model)
        self.abort.show(
            model.abort.text, sign="x" if model.abort.enabled else "clock",
            enabled=model.abort.enabled,
        )  # fmt: skip

    def _show_hint(self, model: TerminalModel) -> None:
        """A notice takes the hint's place."""
        words = "" if model.notice else model.hint
        self.hint.show(Paragraph(text=words, size=sizes.BODY, colour="paa_gran", gap=0))
        self.notice.opacity = 1 if model.notice else 0
        if model.notice:
            self.notice.show(model.notice)
