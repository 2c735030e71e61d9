"""02 scanning, and 14, 21, 24: the receipt that grows out of the counter, total, next step."""

from functools import partial

from kiosk.engine.messages import (
    CodePressed,
    Intent,
    LookupPressed,
    PayPressed,
    PriceCheckPressed,
    UndoPressed,
)
from kiosk.engine.view import View
from kiosk.ui.layouts.scan import scan_boxes
from kiosk.ui.present.parts import PromptModel
from kiosk.ui.present.scan import ScanModel, more_lines, present_scan
from kiosk.ui.screens.base import BaseScreen
from kiosk.ui.typeset import Face
from kiosk.ui.units import Box, Layout
from kiosk.ui.widgets import AddButton, PrimaryButton, Sheet, Slot, Total, UtilityButton, Words
from kiosk.ui.widgets.line_list import LineList
from kiosk.ui.widgets.row_sizes import row_sizes


class ScanScreen(BaseScreen):
    """Newest line, look-ups, total and Betal stand nearest the hand."""

    def build(self) -> None:
        """Make the parts of the layout that fits."""
        boxes = self.boxes = scan_boxes(self.look)
        self.add(Sheet(self.look, boxes.sheet, open_below=True))
        self.list = self.add(
            LineList(
                self.look, boxes.lines, self.send, side=self._list_side(),
                more_words=self._more_words,
                newest_words=self.words("scan.newest"), pace=self.pace,
            )
        )  # fmt: skip
        self.empty = self.add(
            Words(self.look, boxes.lines.inset(40, 0), align="middle", colour="skifer2", lines=3)
        )
        if boxes.header is not None:
            self.count = self.add(Words(self.look, boxes.header, face=Face.BOLD, size=36))
            self.hint = self.add(
                Words(self.look, boxes.header, size=36, colour="skifer2", align="right",
                      face=Face.REGULAR)
            )  # fmt: skip
        self.add_frame(boxes.areas)
        self.slot = self.add(Slot(self.look, boxes.slot, on_undo=lambda: self.send(UndoPressed())))
        self.adds = tuple(
            self.add(AddButton(self.look, box, name=f"add-{index}"))
            for index, box in enumerate(boxes.adds)
        )
        if boxes.strip is not None:
            self.find = self.add(
                UtilityButton(
                    self.look,
                    boxes.strip[0],
                    sign="magnifying-glass",
                    name="find",
                    on_press=lambda: self.send(LookupPressed()),
                )
            )
        self.total = self.add(Total(self.look, boxes.total, size=boxes.total_size))
        self.pay = self.add(
            PrimaryButton(
                self.look, boxes.pay, sign="arrow-right", size=boxes.pay_size, name="pay",
                on_press=lambda: self.send(PayPressed()),
            )
        )  # fmt: skip

    def strip_boxes(self, areas: object, count: int) -> tuple[Box, ...]:
        """Stand in two rows beside "Finn vare" when texts are large."""
        if self.boxes.strip is not None:
            return self.boxes.strip[1 : 1 + count]
        return super().strip_boxes(areas, count)  # type: ignore[arg-type]

    def show(self, view: View) -> None:
        """Show lines, slot, look-ups and total."""
        model = present_scan(view, self.words)
        self._show_bar(model)
        self.list.show(model.lines)
        self.empty.show(model.empty)
        # With large texts the slot lies over the list: a prompt would only hide lines.
        prompt = isinstance(model.slot, PromptModel)
        if self.boxes.strip is None or not prompt:
            self.slot.show(model.slot)
        self.slot.opacity = 0 if prompt and self.boxes.strip is not None else 1
        self.list.cover(self.boxes.strip is not None and not prompt)
        self._show_adds(model)
        total = model.total
        notes = [("recycle", total.deposit), ("tag", total.saved)]
        if not self.look.portrait or self.look.big:
            roomy = len(self.adds) > 2
            notes = [("tag", total.saved if roomy else total.saved_short)]
        if total.paid:
            saved = notes[-1:] if self.look.portrait else []
            small = self.look.layout is Layout.COMPACT  # there the label says enough
            notes = [] if small else [("check-circle", total.paid), *saved]
        self.total.show(total.label, total.amount.figures, tuple(note for note in notes if note[1]))
        if model.pay.enabled:
            self.pay.ready(model.pay.text)
        elif model.leave:
            self.pay.wait(model.pay.text)

    def enter(self) -> None:
        """Begin at the newest line."""
        self.list.to_newest()

    def make_room(self, counter_top: float | None) -> None:
        """Let the list ride on the counter that rises."""
        rise = 0.0 if counter_top is None else max(self.boxes.lines.bottom - counter_top, 0)
        self.list.rise = rise
        if self.boxes.header is not None:
            self.hint.opacity = 0 if rise else 1

    def _show_bar(self, model: ScanModel) -> None:
        if self.boxes.header is not None:
            self.show_frame(model.frame)
            self.count.show(model.items)
            self.hint.show(model.hint)
        else:
            self.show_frame(model.frame, right=self._bar_words(model))

    def _bar_words(self, model: ScanModel) -> str:
        if self.look.portrait:
            return model.frame.till
        roomy = len(self.boxes.adds) > 2
        return (model.hint if roomy else model.items) or model.frame.till

    def _show_adds(self, model: ScanModel) -> None:
        wanted: list[tuple[str, str, str, Intent]]
        if self.boxes.strip is not None:
            self.find.show(model.find)
            return
        if len(self.adds) > 2:
            wanted = [
                (lookup.text, "", lookup.picture, LookupPressed(lookup.category))
                for lookup in model.lookups[:2]
            ]
            if not wanted:
                wanted = [(model.find, "magnifying-glass", "", LookupPressed())]
            wanted.append((model.code, "numpad", "", CodePressed()))
            wanted.append((model.price_check, "tag", "", PriceCheckPressed()))
        else:
            picture = model.lookups[0].picture if model.lookups else ""
            wanted = [
                (model.find, "magnifying-glass", picture, LookupPressed()),
                (model.code_short, "numpad", "", CodePressed()),
            ]
        for button, (text, sign, picture, intent) in zip(self.adds, wanted, strict=False):
            button.picture = picture
            button.on_press = partial(self.send, intent)
            button.show(text, sign=sign)

    def _more_words(self, hidden: int) -> str:
        if self.look.layout is Layout.COMPACT:
            return self.words.many("scan.more_lines_short", hidden)
        return more_lines(hidden, self.words)

    def _list_side(self) -> float:
        return 0 if self.look.big else row_sizes(self.look).side
