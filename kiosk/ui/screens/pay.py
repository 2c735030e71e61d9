"""05 pay, 22 in landscape: the amount on the sheet, the ways to pay on the counter."""

from functools import partial

from kiosk.engine.messages import BackPressed, MethodChosen, TenderRemoved
from kiosk.engine.view import View
from kiosk.sale.events import Method
from kiosk.ui import sizes
from kiosk.ui.layout import Areas
from kiosk.ui.layouts.stack import gap_of, stacked
from kiosk.ui.present.pay import PayModel, TenderModel, present_pay
from kiosk.ui.screens.base import BaseScreen
from kiosk.ui.units import Box, Layout
from kiosk.ui.widgets import SecondaryButton, Sheet, Slot
from kiosk.ui.widgets.amounts import BigAmount
from kiosk.ui.widgets.paying import MethodTile, PayChips, PayList
from kiosk.ui.widgets.story import story_box
from kiosk.ui.widgets.tenders import TenderRow, rows_of


class PayScreen(BaseScreen):
    """Draws the payment screen; laid out anew when the ways to pay change."""

    def build(self) -> None:
        """Wait for the first view: how many ways there are decides the layout."""
        self._shape: tuple[tuple[Method, ...], tuple[str, ...]] | None = None

    def show(self, view: View) -> None:
        """Show a view."""
        model = present_pay(view, self.words)
        methods = tuple(method.method for method in model.methods)
        shape = (methods, tuple(tender.attempt_id for tender in model.paid))
        if shape != self._shape:
            self._shape = shape
            self.clear_widgets()
            self._lay_out(methods, model.paid)
        self.show_frame(model.frame)
        self.amount.show(model.total.label, model.total.amount.figures, model.total.amount.unit)
        self.slot.show(model.slot)
        for tile, method in zip(self.tiles, model.methods, strict=True):
            tile.show_method(method)
        self.back.show(model.back_short if model.paid else model.back)
        if self.remove is not None:
            self.remove.show(model.remove)
        self._show_about(model)

    def _show_about(self, model: PayModel) -> None:
        """In landscape the list tells the count and the deposit, so the pill need not.

        What is paid already takes the place of both.
        """
        if model.paid:
            for row, tender in zip(self.rows, model.paid[-len(self.rows) :], strict=True):
                row.show(tender)
            return
        if self.list is not None:
            lines, high = PayList.newest(self.look, model.lines)
            box = self._list_box
            box = Box(box.x, box.bottom - high, box.width, high)
            self.sheet.move_to(box)
            self.list.move_to(box)
            self.list.show(model.count, model.total.deposit, lines)
        self.chips.show("" if self.list else model.items, model.total.saved)

    def _lay_out(self, methods: tuple[Method, ...], paid: tuple[TenderModel, ...]) -> None:
        places, (slot, *rows, back) = self._places(len(methods))
        self._lay_out_sheet(places, paid)
        self.add_frame(places)
        self.slot = self.add(Slot(self.look, slot))
        boxes = self._tile_boxes(rows, len(methods))
        self.tiles = tuple(
            self.add(
                MethodTile(
                    self.look,
                    box,
                    method,
                    large=index == 0,
                    on_press=partial(self.send, MethodChosen(method)),
                )
            )
            for index, (method, box) in enumerate(zip(methods, boxes, strict=True))
        )
        self.remove: SecondaryButton | None = None
        if paid:
            # Near the hand, not in the rows: those are out of reach for who sits.
            back, remove = back.columns(2, gap_of(self.look))
            last = TenderRemoved(paid[-1].attempt_id)
            self.remove = self.add(
                SecondaryButton(self.look, remove, sign="x", name="remove",
                                on_press=partial(self.send, last))
            )  # fmt: skip
        self.back = self.add(
            SecondaryButton(
                self.look, back, sign="arrow-left", name="back",
                on_press=partial(self.send, BackPressed()),
            )
        )  # fmt: skip

    def _single_column(self) -> bool:
        """Large text needs the whole width for a name and its note."""
        return self.look.big and self.look.portrait

    def _places(self, count: int) -> tuple[Areas, tuple[Box, ...]]:
        column = self._single_column()
        others = max(count - 1, 0)
        rows = others if column else (others + 1) // 2
        first = sizes.CARD * 0.6 if column else sizes.CARD
        other = sizes.METHOD * 0.62 if column else sizes.METHOD
        back = sizes.SECONDARY if self.look.portrait else sizes.SECONDARY_LOW
        if self.look.layout is Layout.COMPACT:
            first, other, back = sizes.ADD, sizes.TILE, sizes.TOUCH + sizes.GAP
        slot = sizes.SLOT
        if self.look.layout is Layout.LANDSCAPE:
            slot, back = sizes.SLOT_LOW, sizes.BACK_LOW
        heights = [slot, *([first] if count else []), *[other] * rows, back]
        return stacked(self.look, heights, counter_width=sizes.COUNTER_WIDER)

    def _tile_boxes(self, rows: list[Box], count: int) -> list[Box]:
        if self._single_column():
            return rows
        boxes = rows[:1]
        for row in rows[1:]:
            boxes += row.columns(2, gap_of(self.look))
        return boxes[:count]

    def _lay_out_sheet(self, places: Areas, paid: tuple[TenderModel, ...]) -> None:
        look = self.look
        room = story_box(look, places.sheet)
        landscape = look.layout is Layout.LANDSCAPE and not look.big
        size = sizes.PAY_TOTAL if look.portrait else sizes.PAY_TOTAL_LANDSCAPE
        if look.layout is Layout.COMPACT:
            size = sizes.AMOUNT
        elif look.big:
            size = sizes.PAY_TOTAL_BIG
        high = look.size(48) * 1.3 + 8 + look.size(size) * 1.12
        close = look.big or look.layout is Layout.COMPACT or bool(paid)
        amount, rest = room.take_top(high, 20 if close else 58)
        self.amount = self.add(BigAmount(look, amount, size=size))
        if paid:
            self._lay_out_paid(rest, paid)
            return
        chip = min(look.size(sizes.CHIP), 100)
        self.chips = self.add(PayChips(look, rest, height=chip))
        self.list: PayList | None = None
        if landscape:
            edge = sizes.SHEET_EDGE
            self._list_box = Box(
                edge, places.sheet.y, places.sheet.width - 2 * edge, places.sheet.height
            )
            self.sheet = self.add(Sheet(look, self._list_box, open_below=True))
            self.list = self.add(PayList(look, self._list_box))

    def _lay_out_paid(self, room: Box, paid: tuple[TenderModel, ...]) -> None:
        """A row for each part; where they do not all fit, the newest."""
        room = Box(room.x, room.y, room.width, room.height - sizes.GAP)
        self.rows = [
            self.add(TenderRow(self.look, row)) for row in rows_of(self.look, room, len(paid))
        ]
