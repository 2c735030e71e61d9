"""What is known about the kiosk, for staff: facts, devices, money not taken, past decisions.

One row under another; what has no room is a page away, by a button and not by dragging.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from kiosk.ui.look import Look
from kiosk.ui.paint import Pen
from kiosk.ui.present.staff_more import DeviceModel, PastModel, StaffMoreModel, UntakenModel
from kiosk.ui.typeset import Face
from kiosk.ui.units import Box
from kiosk.ui.widgets.bars import paint_small_chip, small_chip_width
from kiosk.ui.widgets.button import Ghost
from kiosk.ui.widgets.part import Part

TITLE, HEADING, ROW, SMALL = 48, 42, 36, 34
LEADING = 1.4
GAP, COLUMN_GAP = 16, 24
MORE, MORE_BIG, MORE_GAP = 84, 104, 8
SHOWN = ("title", "facts", "devices", "untaken_title", "untaken", "past_title", "past")
"""What of the model stands here: the seconds of the bar are none of it."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A row's height in units, and what draws it."""

    height: float
    paint: Callable[[Pen, Box], None]


class FactsSheet(Part):
    """From the top: title, facts, devices, money not taken, past decisions."""

    def __init__(self, look: Look, box: Box, more: str, first: str) -> None:
        super().__init__(look, box)
        self.model: StaffMoreModel | None = None
        self.words = (more, first)
        self.start = 0
        """Index of the page's first row."""
        self._next = 0
        high = MORE_BIG if look.big else MORE
        low = Box(box.x, box.bottom - high - MORE_GAP, box.width, high)
        self.more = Ghost(
            look, low, sign="caret-down", ground="rim", sign_size=40, name="more-lines",
            border="kant" if look.theme.high_contrast else "rim", on_press=self.page, repeats=True,
        )  # fmt: skip

    def show(self, model: StaffMoreModel) -> None:
        """Show other facts."""
        now = self.model
        if now is None or any(getattr(now, name) != getattr(model, name) for name in SHOWN):
            self.model = model
            self.repaint()

    def page(self) -> None:
        """Go on to the rows that had no room; after the last ones to the first."""
        self.start = self._next
        self.repaint()

    def repaint(self) -> None:
        """Draw the page, and the button only where there is more than one."""
        super().repaint()
        if self._next == self.start == 0:
            self.remove_widget(self.more)
            return
        self.more.show(self.words[0 if self._next else 1],
                       sign="caret-down" if self._next else "arrow-up")  # fmt: skip
        if self.more.parent is None:
            self.add_widget(self.more)

    def paint(self, pen: Pen) -> None:
        """Draw the rows of this page."""
        rows = self._rows(pen)
        whole = sum(row.height for row in rows) <= self.box.height
        bottom = self.box.bottom if whole else self.more.box.y - MORE_GAP
        self.start = 0 if whole or self.start >= len(rows) else self.start
        y, index = self.box.y, self.start
        while index < len(rows) and (y + rows[index].height <= bottom or index == self.start):
            row = rows[index]
            row.paint(pen, Box(self.box.x, y, self.box.width, row.height))
            y += row.height
            index += 1
        self._next = index if index < len(rows) else 0

    def _rows(self, pen: Pen) -> list[_Row]:
        model = self.model
        if model is None:
            return []
        size = self.look.size
        wide = self.look.portrait and not self.look.big
        columns = 2 if wide else 1
        rows = [_Row(size(TITLE) * LEADING, partial(_heading, model.title, TITLE))]
        for start in range(0, len(model.facts), columns):
            cells = model.facts[start : start + columns]
            rows.append(_Row(size(ROW) * LEADING, partial(_facts, cells, columns)))
        rows.append(_Row(GAP, _nothing))
        for start in range(0, len(model.devices), columns):
            some = model.devices[start : start + columns]
            rows.append(_Row(size(SMALL) * 1.25 + 24, partial(_devices, some, columns)))
        if model.untaken:
            rows.append(_Row(size(HEADING) * 1.7, partial(_heading, model.untaken_title, HEADING)))
        rows += [_Row(size(ROW) * LEADING * 3, partial(_untaken, one)) for one in model.untaken]
        if model.past:
            rows.append(_Row(size(HEADING) * 1.7, partial(_heading, model.past_title, HEADING)))
        notes = self._noted(pen, model.past)
        rows += [_Row(size(ROW) * LEADING, partial(_past, past, notes)) for past in model.past]
        return rows

    def _noted(self, pen: Pen, past: tuple[PastModel, ...]) -> bool:
        """Return whether who and how fast have room beside every past decision."""
        side = self.look.size(36) + 16 + COLUMN_GAP + 20
        return all(
            pen.width(f"{one.at}{one.text}", Face.SEMIBOLD, ROW)
            + pen.width(one.note, Face.REGULAR, ROW)
            + side
            <= self.box.width
            for one in past
        )


def _nothing(pen: Pen, box: Box) -> None:
    """Leave a gap."""


def _heading(text: str, size: float, pen: Pen, box: Box) -> None:
    pen.text(box, text, Face.DISPLAY, size, "skifer")


def _facts(facts: tuple[tuple[str, str], ...], columns: int, pen: Pen, box: Box) -> None:
    for cell, (label, value) in zip(box.columns(columns, COLUMN_GAP), facts, strict=False):
        wide = min(pen.width(label, Face.REGULAR, ROW) + 2, cell.width * 0.5)
        left, right = cell.take_left(wide, GAP)
        pen.text(left, label, Face.REGULAR, ROW, "skifer2")
        pen.text(right, value, Face.SEMIBOLD, ROW, "skifer")


def _devices(devices: tuple[DeviceModel, ...], columns: int, pen: Pen, box: Box) -> None:
    for cell, device in zip(box.columns(columns, COLUMN_GAP), devices, strict=False):
        room = cell.inset(0, 6)
        wide = min(small_chip_width(pen, device.chip.text), room.width * 0.55)
        chip, words = room.take_right(wide, 12)
        sign = "" if pen.look.big else device.sign
        pen.sign_and_text(words, sign, device.text, Face.MEDIUM, ROW, "skifer", sign_size=40,
                          gap=12, align="left")  # fmt: skip
        paint_small_chip(pen, chip, device.chip)


def _untaken(one: UntakenModel, pen: Pen, box: Box) -> None:
    for line, row in enumerate(box.rows(3, 0)):
        if line == 0:
            pen.sign_and_text(row, one.sign, one.text, Face.SEMIBOLD, ROW, "skifer", sign_size=36,
                              gap=16, align="left")  # fmt: skip
        else:
            text = one.note if line == 1 else one.reference
            pen.text(row, text, Face.REGULAR, ROW, "skifer2")


def _past(past: PastModel, noted: bool, pen: Pen, box: Box) -> None:
    clock, row = box.take_left(pen.width(past.at, Face.MEDIUM, ROW) + 2, COLUMN_GAP)
    pen.text(clock, past.at, Face.MEDIUM, ROW, "skifer2")
    if noted:
        note, row = row.take_right(pen.width(past.note, Face.REGULAR, ROW) + 2, 20)
        pen.text(note, past.note, Face.REGULAR, ROW, "skifer2", align="right")
    pen.sign_and_text(row, past.sign, past.text, Face.SEMIBOLD, ROW, "skifer", sign_size=36,
                      gap=16, align="left")  # fmt: skip
