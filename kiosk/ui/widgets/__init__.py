"""The parts that screens are made of (picture 25). See kiosk/ui/README.md."""

from kiosk.ui.widgets.bars import Banner, Chip, TopBar
from kiosk.ui.widgets.button import Ghost, Pressable, PrimaryButton, SecondaryButton, UtilityButton
from kiosk.ui.widgets.countdown import Countdown
from kiosk.ui.widgets.counter import Counter, Dim, Prompt, Sheet, Toast, Total
from kiosk.ui.widgets.keys import Key, WideKey
from kiosk.ui.widgets.part import Part, Words
from kiosk.ui.widgets.slot import Slot
from kiosk.ui.widgets.tiles import AddButton, LanguageTile, PictureTile, Tile

__all__ = [
    "AddButton",
    "Banner",
    "Chip",
    "Countdown",
    "Counter",
    "Dim",
    "Ghost",
    "Key",
    "LanguageTile",
    "Part",
    "PictureTile",
    "Pressable",
    "PrimaryButton",
    "Prompt",
    "SecondaryButton",
    "Sheet",
    "Slot",
    "Tile",
    "Toast",
    "TopBar",
    "Total",
    "UtilityButton",
    "WideKey",
    "Words",
]  # fmt: skip
