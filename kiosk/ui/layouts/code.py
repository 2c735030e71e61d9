"""Where things stand on the number keys."""

from dataclasses import dataclass

from kiosk.ui import sizes
from kiosk.ui.layout import Areas, areas
from kiosk.ui.layouts.question import QuestionBoxes, QuestionSizes, question_boxes
from kiosk.ui.look import Look
from kiosk.ui.units import Box, Layout

QUESTION = QuestionSizes(title=130, title_share=1, lead_share=0.46, field=200, slot_lines=2)
KEY_GAP_X, KEY_GAP_Y = 15, 13


@dataclass(frozen=True, slots=True)
class CodeBoxes:
    """Boxes of the number-key screen, in units."""

    areas: Areas
    question: QuestionBoxes
    keys: tuple[Box, ...]
    """Twelve: 1 to 9, delete, 0, check."""
    back: Box
    check: Box
    """Price check."""


def code_boxes(look: Look) -> CodeBoxes:
    """Return the boxes for a look."""
    compact = look.layout is Layout.COMPACT
    gap = sizes.GAP if not compact else sizes.KEY_GAP
    secondary = sizes.SECONDARY_LOW if not compact else 96
    keys_high = 4 * sizes.KEY_DIGIT + 3 * KEY_GAP_Y
    places = areas(look, counter_height=keys_high + gap + secondary)
    row, rest = places.inside.take_bottom(secondary, gap)
    if not look.portrait:
        rest = rest.take_bottom(min(keys_high, rest.height))[0]
    back, check = row.columns(2, gap)
    keys = tuple(box for line in rest.rows(4, KEY_GAP_Y) for box in line.columns(3, KEY_GAP_X))
    question = question_boxes(look, places.sheet, QUESTION)
    return CodeBoxes(places, question, keys, back, check)
