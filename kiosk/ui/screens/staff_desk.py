"""13 and 23 the desk: the sale with flagged lines first, pairs of answers, tools, the way back."""

from functools import partial

from kiosk.engine.staff_messages import DecisionPressed, StaffLeavePressed, ToolPressed
from kiosk.engine.staff_view import Tool
from kiosk.engine.view import View
from kiosk.ui.layouts.staff import CARDS, TOOL_COLUMNS, staff_boxes, staff_sizes
from kiosk.ui.present.staff_desk import StaffDeskModel, present_staff_desk
from kiosk.ui.screens.staff_base import StaffBase
from kiosk.ui.units import Box
from kiosk.ui.widgets.staff import DecisionCard, GiveBack, StaffButton, ToolButton

CORNER_SHARE = 0.25
"""Share of the heading's row that a button beside it takes."""
CORNER_GAP = 28
"""Under the upper 40 % of a portrait screen, for lower controls."""


class StaffDeskScreen(StaffBase):
    """Laid out anew when the number of cards or tools changes."""

    def build(self) -> None:
        """Begin with the oldest decisions."""
        super().build()
        self._first = 0
        self._ids: tuple[str, ...] = ()

    def show(self, view: View) -> None:
        """Show a view."""
        model = present_staff_desk(view, self.words)
        self._model = model
        ids = tuple(decision.id for decision in model.decisions)
        if ids != self._ids or self._first >= len(ids):
            # Another list begins at its oldest: what was decided made room for the next.
            self._ids, self._first = ids, 0
        cards = min(CARDS, len(ids) - self._first)
        rows = -(-len(model.tools) // TOOL_COLUMNS)
        self._lay_out_for(cards, rows)
        self._show(model)

    def _lay_out_for(self, cards: int, rows: int) -> None:
        """Lay the desk out anew if something else must stand on it."""
        more, pages = self._model.more is not None, len(self._model.decisions) > CARDS
        if self.shaped((cards, rows, more, pages)):
            self._lay_out(cards, rows, more=more, pages=pages)

    def _lay_out(self, cards: int, tool_rows: int, *, more: bool, pages: bool) -> None:
        look, measures = self.look, staff_sizes(self.look)
        heights = [measures.card] * cards + [measures.tool] * tool_rows + [measures.leave]
        gaps = [measures.gap] * max(cards - 1, 0)
        if cards and tool_rows:
            gaps.append(measures.gap)
        gaps += [measures.tool_gap] * max(tool_rows - 1, 0)
        gaps.append(measures.gap)
        boxes = staff_boxes(look, heights, gaps[: len(heights) - 1])
        self.add_staff_frame(boxes)
        rows = list(self._risen(boxes.heading, boxes.rows, cards))
        heading = self._add_corner(boxes.heading, more=more, pages=pages)
        self.add_heading(heading)
        # A card's pair keeps its height where the card gets lower.
        self.cards = tuple(
            self.add(
                DecisionCard(look, rows[index], self._decide, pad=measures.card_pad,
                             answer=measures.answer, name=f"decision-{index}")
            )
            for index in range(cards)
        )  # fmt: skip
        places = [
            box
            for row in rows[cards : cards + tool_rows]
            for box in row.columns(TOOL_COLUMNS, measures.tool_gap)
        ]
        self.tools = tuple(
            self.add(ToolButton(look, box, name=f"tool-{index}"))
            for index, box in enumerate(places)
        )
        self.leave = self.add(
            GiveBack(look, rows[-1], name="leave", on_press=lambda: self.send(StaffLeavePressed()))
        )

    def _add_corner(self, heading: Box, *, more: bool, pages: bool) -> Box:
        """Add what stands at the right of the heading; return the room that is left for it."""
        look = self.look
        wide = heading.width * CORNER_SHARE
        self.more: StaffButton | None = None
        if more:
            right, heading = heading.take_right(wide, CORNER_GAP)
            self.more = self.add(
                StaffButton(look, right, name="more",
                            on_press=partial(self.send, ToolPressed(Tool.MORE)))
            )  # fmt: skip
        if pages:
            right, heading = heading.take_right(wide, CORNER_GAP)
            self.add(
                StaffButton(look, right, self.words("staff.next_page"),
                            name="next-decisions", on_press=self._page)
            )  # fmt: skip
        return heading

    def _risen(self, heading: Box, rows: tuple[Box, ...], cards: int) -> tuple[Box, ...]:
        """In landscape the cards stand under their heading, the tools at the foot."""
        if self.look.portrait or not cards:
            return rows
        up = rows[0].y - heading.bottom - staff_sizes(self.look).under_heading
        return (*(row.moved(0, -up) for row in rows[:cards]), *rows[cards:])

    def _show(self, model: StaffDeskModel) -> None:
        self.bar.show(model.frame)
        self.show_list(model.list)
        self.show_heading(model.heading, model.prompt)
        shown = model.decisions[self._first : self._first + CARDS]
        for card, decision in zip(self.cards, shown, strict=True):
            card.show(decision)
        for button, tool in zip(self.tools, model.tools, strict=False):
            button.on_press = partial(self.send, ToolPressed(tool.tool))
            button.show_tool(tool.text, tool.sign, tool.reason)
        for button in self.tools[len(model.tools) :]:
            button.opacity, button.on_press = 0, None
        if self.more is not None and model.more is not None:
            self.more.show_button(model.more.text)
        self.leave.show_ready(model.leave, ready=model.ready)

    def _decide(self, intervention_id: str, approved: bool) -> None:
        self.send(DecisionPressed(intervention_id=intervention_id, approved=approved))

    def _page(self) -> None:
        """Show the next two; after the last ones the oldest again."""
        count = len(self._model.decisions)
        self._first = self._first + CARDS if self._first + CARDS < count else 0
        cards = min(CARDS, count - self._first)
        rows = -(-len(self._model.tools) // TOOL_COLUMNS)
        self._lay_out_for(cards, rows)
        self._show(self._model)
