"""The result of a payment is not known (text 20): no button, people are on their way."""

from kiosk.engine.view import View
from kiosk.ui import sizes
from kiosk.ui.layouts.stack import stacked, with_staff
from kiosk.ui.present.in_doubt import present_in_doubt
from kiosk.ui.screens.base import BaseScreen
from kiosk.ui.widgets import Slot
from kiosk.ui.widgets.amounts import AmountRow
from kiosk.ui.widgets.cards import StateCard
from kiosk.ui.widgets.story import Paragraph, Story, story_box, title


class InDoubtScreen(BaseScreen):
    """Draws the screen."""

    def build(self) -> None:
        """Make the parts."""
        look = self.look
        places, (prompt, amount, card) = stacked(
            look, [sizes.SLOT, sizes.AMOUNT_ROW if look.portrait else sizes.PRIMARY,
                   sizes.STATE_CARD],
            counter_width=with_staff(look),
        )  # fmt: skip
        self.story = self.add(Story(look, story_box(look, places.sheet)))
        self.add_frame(places, staff=True)
        self.prompt = self.add(Slot(look, prompt))
        self.amount = self.add(AmountRow(look, amount, size=sizes.AMOUNT))
        self.card = self.add(StateCard(look, card))

    def show(self, view: View) -> None:
        """Show a view."""
        model = present_in_doubt(view, self.words)
        self.show_frame(model.frame)
        self.story.show(
            model.chip,
            title(model.title, lines=5),
            Paragraph(text=model.lead, size=sizes.LEAD_LARGE),
        )
        self.prompt.show(model.prompt)
        self.amount.show(model.total.label, model.total.amount.figures, model.total.amount.unit)
        self.card.show(model.code_label, model.code, "identification-card")
