"""Where things stand on a wallet's number keys: as on the number-key screen, the way out below."""

from dataclasses import dataclass, replace

from kiosk.ui import sizes
from kiosk.ui.layouts.code import CodeBoxes, code_boxes
from kiosk.ui.look import Look
from kiosk.ui.units import Box, Layout


@dataclass(frozen=True, slots=True)
class WalletKeyBoxes:
    """Boxes of a wallet's keys, in units."""

    keys: CodeBoxes
    leave: Box
    other: Box | None
    """None where the way out has the whole row."""


def wallet_key_boxes(look: Look, *, other: bool) -> WalletKeyBoxes:
    """Return the boxes for a look, with or without a second button beside the way out."""
    boxes = code_boxes(look)
    row = replace(boxes.back, width=boxes.check.right - boxes.back.x)
    if not other:
        return WalletKeyBoxes(boxes, row, None)
    shares = (46, 54) if look.layout is Layout.COMPACT else (42, 58)
    small, large = row.split(shares, sizes.KEY_GAP)
    return WalletKeyBoxes(boxes, large, small)
