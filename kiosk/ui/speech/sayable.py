"""Makes what is written sayable: "213,95 kr" becomes "213 kroner og 95 øre"."""

import re
from typing import Final

from kiosk.ui.i18n import Translator

AMOUNT: Final = re.compile(
    r"(?P<minus>[−-])?(?P<whole>\d[\d\u00a0 ]*),(?P<part>\d\d)(?!\d)(\s*kr)?\b"
)
UNITS: Final = (("/kg", "speech.per_kilogram"), ("/stk", "speech.per_piece"))
MASK: Final = re.compile(r"[•·…\u00a0]+")


def sayable(text: str, words: Translator) -> str:
    """Return `text` as one would say it; empty where there is nothing to say.

    An amount has two decimals on every screen, a weight three, so that a comma with two digits is
    money also where the unit stands apart from it.
    """
    for written, key in UNITS:
        text = text.replace(written, f" {words(key)}")
    text = AMOUNT.sub(lambda found: _amount(found, words), text)
    text = text.replace("×", f" {words('speech.times')} ")
    text = " ".join(MASK.sub(" ", text).split())
    return "" if text in {"kr", "kg", "–", "|"} else text


def _amount(found: re.Match[str], words: Translator) -> str:
    whole = re.sub(r"\D", "", found["whole"])
    key = "speech.amount_even" if found["part"] == "00" else "speech.amount"
    said = words(key, whole=whole, part=found["part"].lstrip("0"))
    return words("speech.minus", amount=said) if found["minus"] else said
