"""Where things stand on the letter keys for an e-mail address."""

from dataclasses import dataclass, replace

from kiosk.ui import sizes
from kiosk.ui.layout import Areas, areas
from kiosk.ui.layouts.question import QuestionBoxes, QuestionSizes, question_boxes
from kiosk.ui.look import Look
from kiosk.ui.units import Box, Layout

QUESTION = QuestionSizes(title=130, title_share=0.28, lead_share=0.4, field=150, slot_lines=2)
QUESTION_COMPACT = replace(QUESTION, slot_lines=3)
ROWS = 5
COMPACT_COUNTER = 860


@dataclass(frozen=True, slots=True)
class SendMailBoxes:
    """Boxes of the letter keys, in units."""

    areas: Areas
    question: QuestionBoxes
    keys: tuple[tuple[Box, ...], ...]
    """Rows of letters and signs, as the model has them."""
    back: Box
    ending: Box
    """".no", which most addresses here end with."""
    delete: Box
    confirm: Box


def send_mail_boxes(look: Look, rows: tuple[str, ...]) -> SendMailBoxes:
    """Return the boxes for a look and its rows of keys."""
    compact = look.layout is Layout.COMPACT
    gap = sizes.GAP if not compact else sizes.KEY_GAP
    high = ROWS * sizes.KEY_LETTER + (ROWS - 1) * gap
    wide: float = sizes.COUNTER_WIDER
    if compact:
        wide = COMPACT_COUNTER * sizes.COUNTER_WIDE / sizes.COUNTER_COMPACT
    places = areas(look, counter_height=high, counter_width=wide)
    room = places.inside
    if not look.portrait:
        each = min(sizes.KEY_LETTER + 24, (room.height - (ROWS - 1) * gap) / ROWS)
        room = room.take_bottom(ROWS * each + (ROWS - 1) * gap)[0]
    lines = room.rows(ROWS, gap)
    key_gap = sizes.LETTER_GAP if not compact else 6
    keys = tuple(
        line.columns(len(row), key_gap) for line, row in zip(lines[:-1], rows, strict=True)
    )
    back, ending, delete, confirm = lines[-1].split((34, 16, 20, 30), key_gap)
    question = question_boxes(look, places.sheet, QUESTION_COMPACT if compact else QUESTION)
    return SendMailBoxes(places, question, keys, back, ending, delete, confirm)
