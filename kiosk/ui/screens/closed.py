"""15b closed: the word, when it opens, where to go. Help, and the way in for staff who open it."""

from functools import partial

from kiosk.engine.messages import HelpPressed
from kiosk.engine.staff_messages import StaffPressed
from kiosk.engine.view import View
from kiosk.ui import sizes
from kiosk.ui.layout import areas
from kiosk.ui.present.closed import present_closed
from kiosk.ui.screens.base import BaseScreen
from kiosk.ui.units import Layout
from kiosk.ui.widgets import Counter, SecondaryButton, TopBar, UtilityButton
from kiosk.ui.widgets.story import Paragraph, Story, story_box, title
from kiosk.ui.widgets.way import Way


class ClosedScreen(BaseScreen):
    """Draws the closed screen."""

    def build(self) -> None:
        """Make the parts: no strip, for there is nothing to adjust."""
        look = self.look
        words = sizes.WAY_TALL * (1.15 if look.big else 1)
        places = areas(look, counter_height=words, strip=sizes.SECONDARY)
        self.story = self.add(Story(look, story_box(look, places.sheet)))
        self._top = self.add(TopBar(look, places.top))
        self.add(Counter(look, places.counter))
        self.way = self.add(Way(look, places.inside, large=True))
        help_box, staff_box = places.strip.split([3, 2], sizes.GAP)
        self.help = self.add(
            SecondaryButton(look, help_box, sign="question", name="help",
                            on_press=partial(self.send, HelpPressed()))
        )  # fmt: skip
        self.staff = self.add(
            UtilityButton(look, staff_box, sign="lock-simple", name="staff",
                          stacked=not look.portrait,
                          on_press=partial(self.send, StaffPressed()))
        )  # fmt: skip

    def show(self, view: View) -> None:
        """Show a view."""
        model = present_closed(view, self.words)
        self.show_frame(model.frame)
        size = sizes.CLOSED if self.look.layout is not Layout.COMPACT else sizes.PAY_TOTAL
        self.story.show(
            title(model.title, size if not self.look.big else size * 0.8, lines=1, gap=50),
            Paragraph(text=model.lead, size=sizes.CLOSED_LEAD, colour="skifer", leading=1.32),
        )
        self.way.show(model.elsewhere, model.cash)
        self.help.show(model.frame.help)
        self.staff.show(model.frame.staff)
        if bool(model.frame.staff) is (self.staff.parent is None):
            # Only where somebody can sign in at all.
            (self.add_widget if model.frame.staff else self.remove_widget)(self.staff)
