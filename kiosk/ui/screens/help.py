"""11b help: it is on the way; a reason may be given, the sale may go on."""

from functools import partial

from kiosk.engine.messages import BackPressed, HelpCancelled, HelpReasonChosen
from kiosk.engine.view import View
from kiosk.ui import sizes
from kiosk.ui.layouts.stack import gap_of, stacked
from kiosk.ui.present.help import REASONS, present_help
from kiosk.ui.screens.base import BaseScreen
from kiosk.ui.units import Box, Layout
from kiosk.ui.widgets import PrimaryButton, SecondaryButton, Slot
from kiosk.ui.widgets.cards import ReasonTile
from kiosk.ui.widgets.story import Paragraph, Story, story_box, title


class HelpScreen(BaseScreen):
    """Draws the help screen."""

    def build(self) -> None:
        """Make the parts."""
        look = self.look
        compact = look.layout is Layout.COMPACT
        places, (prompt, upper, lower, onward, cancel) = stacked(
            look,
            [sizes.SLOT, sizes.TILE, sizes.TILE, sizes.PRIMARY, sizes.SECONDARY],
            counter_width=sizes.COUNTER_HELP if compact else sizes.COUNTER_WIDER,
        )
        self.story = self.add(Story(look, story_box(look, places.sheet)))
        self.add_frame(places, staff=True)
        self.prompt = self.add(Slot(look, prompt))
        boxes = (*upper.columns(2, gap_of(look)), *lower.columns(2, gap_of(look)))
        self.tiles = tuple(
            self._tile(reason, box) for reason, box in zip(REASONS, boxes, strict=True)
        )
        self.onward = self.add(
            PrimaryButton(look, onward, sign="arrow-left", sign_after=False, name="onward",
                          on_press=partial(self.send, BackPressed()))
        )  # fmt: skip
        self.cancel = self.add(
            SecondaryButton(look, cancel, name="cancel",
                            on_press=partial(self.send, HelpCancelled()))
        )  # fmt: skip

    def _tile(self, reason: str, box: Box) -> ReasonTile:
        look = self.look
        name_size, square, pad = (48, 84 if look.big else 104, 36)
        if look.layout is Layout.COMPACT:
            name_size, square, pad = 40, 48, 20
        return self.add(
            ReasonTile(
                look, box, name=reason, name_size=name_size, square=square, pad=pad,
                on_press=partial(self.send, HelpReasonChosen(reason)),
            )
        )  # fmt: skip

    def show(self, view: View) -> None:
        """Show a view."""
        model = present_help(view, self.words)
        self.show_frame(model.frame)
        self.story.show(
            model.chip, title(model.title), Paragraph(text=model.lead, size=sizes.LEAD_LARGE)
        )
        self.prompt.show(model.prompt)
        for tile, reason in zip(self.tiles, model.reasons, strict=True):
            tile.show_reason(reason.text, reason.sign, chosen=reason.chosen)
        self.onward.show(model.onward.text)
        self.cancel.show(model.cancel)
