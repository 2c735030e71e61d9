"""What is known about the kiosk, for staff: facts, devices with their state, past decisions."""

from kiosk.ui.look import Look
from kiosk.ui.paint import Pen
from kiosk.ui.present.staff_more import DeviceModel, PastModel, StaffMoreModel
from kiosk.ui.typeset import Face
from kiosk.ui.units import Box, Layout
from kiosk.ui.widgets.bars import ChipKind, paint_small_chip, small_chip_width
from kiosk.ui.widgets.part import Part

TITLE, HEADING, ROW, SMALL = 48, 42, 36, 34
LEADING = 1.4
GAP = 16


class FactsSheet(Part):
    """From the top: title, facts, devices, past decisions; the oldest of these give way."""

    def __init__(self, look: Look, box: Box) -> None:
        super().__init__(look, box)
        self.model: StaffMoreModel | None = None

    def show(self, model: StaffMoreModel) -> None:
        """Show other facts; the seconds of the bar are none of them."""
        now = self.model
        kept = ("title", "facts", "devices", "past_title", "past")
        if now is None or any(getattr(now, name) != getattr(model, name) for name in kept):
            self.model = model
            self.repaint()

    def paint(self, pen: Pen) -> None:
        """Draw one block under another, as far as there is room."""
        model = self.model
        if model is None:
            return
        rest = self._line(pen, self.box, model.title, TITLE, Face.DISPLAY)
        rest = self._paint_facts(pen, rest, model.facts)
        rest = self._paint_devices(pen, rest, model.devices)
        self._paint_past(pen, rest, model.past_title, model.past)

    def _line(self, pen: Pen, room: Box, text: str, size: float, face: Face) -> Box:
        """Write a heading and return the room under it."""
        high = self.look.size(size) * LEADING
        if not text or room.height < high:
            return room
        row, rest = room.take_top(high)
        pen.text(row, text, face, size, "skifer")
        return rest

    def _paint_facts(self, pen: Pen, room: Box, facts: tuple[tuple[str, str], ...]) -> Box:
        """Two facts on a row where there is room, label over nothing: "Versjon 1.2.0"."""
        columns = 1 if self.look.big or self.look.layout is Layout.COMPACT else 2
        high = self.look.size(ROW) * LEADING
        for start in range(0, len(facts), columns):
            if room.height < high:
                break
            row, room = room.take_top(high)
            cells = row.columns(columns, 24)
            for cell, (label, value) in zip(cells, facts[start : start + columns], strict=False):
                wide = min(pen.width(label, Face.REGULAR, ROW) + 2, cell.width * 0.5)
                left, right = cell.take_left(wide, 16)
                pen.text(left, label, Face.REGULAR, ROW, "skifer2")
                pen.text(right, value, Face.SEMIBOLD, ROW, "skifer")
        return room.take_top(0, GAP)[1]

    def _paint_devices(self, pen: Pen, room: Box, devices: tuple[DeviceModel, ...]) -> Box:
        columns = 2 if self.look.portrait and not self.look.big else 1
        high = self.look.size(SMALL) * 1.25 + 24
        for start in range(0, len(devices), columns):
            if room.height < high:
                break
            row, room = room.take_top(high)
            cells = row.columns(columns, 24)
            for cell, device in zip(cells, devices[start : start + columns], strict=False):
                self._paint_device(pen, cell.inset(0, 6), device)
        return room.take_top(0, GAP)[1]

    def _paint_device(self, pen: Pen, box: Box, device: DeviceModel) -> None:
        chip_wide = small_chip_width(pen, device.chip.text)
        chip, words = box.take_right(min(chip_wide, box.width * 0.55), 12)
        sign = "" if self.look.big else device.sign
        pen.sign_and_text(words, sign, device.text, Face.MEDIUM, ROW, "skifer", sign_size=40,
                          gap=12, align="left")  # fmt: skip
        kind = ChipKind(device.chip.kind.value)
        paint_small_chip(pen, chip, kind, device.chip.sign, device.chip.text)

    def _paint_past(self, pen: Pen, room: Box, heading: str, past: tuple[PastModel, ...]) -> None:
        high = self.look.size(ROW) * LEADING
        if not heading or room.height < self.look.size(HEADING) * LEADING + high:
            return
        room = self._line(pen, room, heading, HEADING, Face.BOLD)
        for one in past:
            if room.height < high:
                break
            row, room = room.take_top(high)
            clock_wide = pen.width(one.at, Face.MEDIUM, ROW) + 2
            clock, row = row.take_left(clock_wide, 24)
            pen.text(clock, one.at, Face.MEDIUM, ROW, "skifer2")
            need = pen.width(one.note, Face.REGULAR, ROW) + 2
            side = pen.width(one.text, Face.SEMIBOLD, ROW) + self.look.size(36) + 16
            if need + side + 20 <= row.width:
                note, row = row.take_right(need, 20)
                pen.text(note, one.note, Face.REGULAR, ROW, "skifer2", align="right")
            pen.sign_and_text(row, one.sign, one.text, Face.SEMIBOLD, ROW, "skifer", sign_size=36,
                              gap=16, align="left")  # fmt: skip
