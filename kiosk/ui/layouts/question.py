"""Where what is asked stands on the sheet of a screen with keys."""

from dataclasses import dataclass

from kiosk.ui import sizes
from kiosk.ui.look import Look
from kiosk.ui.units import Box, Layout

EDGE = 72
EDGE_COMPACT = 40
TOP = 16
GAP = 28
FOOT = 12


@dataclass(frozen=True, slots=True)
class QuestionBoxes:
    """Boxes of what is asked, from the top, in units."""

    title: Box
    lead: Box
    field: Box
    slot: Box


@dataclass(frozen=True, slots=True)
class QuestionSizes:
    """How high each may be, in units, and of what is left the share that it may take."""

    title: float
    title_share: float
    lead_share: float
    field: float
    slot_lines: int


def question_boxes(look: Look, sheet: Box, measures: QuestionSizes) -> QuestionBoxes:
    """Return the boxes on a sheet: what stands low gives way first."""
    edge = EDGE if look.layout is not Layout.COMPACT else EDGE_COMPACT
    _, room = sheet.inset(edge, 0).take_top(TOP)
    title, room = room.take_top(min(measures.title, room.height * measures.title_share))
    lead_high = look.size(sizes.LEAD) * 1.3 * (2 if look.portrait else 3) + 8
    lead, room = room.take_top(min(lead_high, room.height * measures.lead_share), GAP)
    field, room = room.take_top(min(measures.field, room.height * 0.5), GAP)
    slot_high = look.size(sizes.BODY) * 1.25 * measures.slot_lines + 16
    slot, _ = room.take_top(min(slot_high, room.height - FOOT))
    return QuestionBoxes(title, lead, field, slot)
