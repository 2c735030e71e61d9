"""Rules between GS1 elements: which must not stand together, which need each other.

Only the rules that bear on what is sold and for how much; the numbers of a rule are its AIs.

References:
    GS1 General Specifications, chapter 4 (data relationships: invalid pairs, associations)
    GS1 Barcode Syntax Dictionary, columns ex= and req=
"""

from collections.abc import Sequence
from typing import Final

GTIN_AI: Final = "01"

# With a GTIN of the thing itself, these make it a pallet, a coupon or a made-to-order part.
_NOT_BESIDE_GTIN: Final = frozenset({"02", "03", "255", "37"})

# What carries its number of decimals in its fourth digit may stand once, whatever the decimals.
_WITH_DECIMALS: Final = ("31", "32", "33", "34", "35", "36", "39")

# Source: syntax dictionary, 392n, 393n and 395n: req=30,31nn,32nn,35nn,36nn.
_PRICES: Final = ("392", "393", "395")
_MEASURES: Final = ("30", "31", "32", "35", "36")


def is_contradiction(elements: Sequence[tuple[str, str]]) -> bool:
    """Whether elements, as (AI, value), cannot all be true of one thing that is sold."""
    values: dict[str, str] = {}
    for ai, value in elements:
        family = ai[:3] if ai[:2] in _WITH_DECIMALS else ai
        said = f"{ai}={value}"
        if values.setdefault(family, said) != said:
            return True
    if GTIN_AI in values and not _NOT_BESIDE_GTIN.isdisjoint(values):
        return True
    prices = [family for family in values if family in _PRICES]
    measured = any(_is_measure(ai) for ai, _ in elements)
    return len(prices) > 1 or (bool(prices) and not measured)


def _is_measure(ai: str) -> bool:
    return ai == "30" or (len(ai) == 4 and ai[:2] in _MEASURES)


def is_well_separated(
    text: str, elements: Sequence[tuple[str, str]], ends_itself: Sequence[bool]
) -> bool:
    """Whether a string is exactly these elements, each ended as it must be.

    `ends_itself` says for each element whether its AI has a fixed length; others need FNC1 (GS)
    before the next. A missing one is not made up for: the next element would be a guess.
    """
    at = 0
    for (ai, value), fixed in zip(elements, ends_itself, strict=True):
        whole = ai + value
        if not text.startswith(whole, at):
            return False
        at += len(whole)
        if at == len(text):
            continue
        if text[at] == "\x1d":
            at += 1
        elif not fixed:
            return False
    return at == len(text)
