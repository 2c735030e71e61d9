"""Amounts and weights in digits: the same in every language, as on the shelf (look.md, "Tone").

Written by hand rather than by Babel because the shop's way does not follow the reader's language,
and because a list of 200 lines formats some 600 amounts for each scan.
"""

MINUS = "\u2212"
NO_BREAK_SPACE = "\u00a0"


def money(minor: int) -> str:
    """Return an amount in øre as kroner: 21395 is "213,95", -1490 is "−14,90".

    Thousands stand apart by a no-break space, the minus sign is the real one (U+2212).
    """
    whole, rest = divmod(abs(minor), 100)
    sign = MINUS if minor < 0 else ""
    return f"{sign}{_grouped(whole)},{rest:02d}"


def whole_or_money(minor: int) -> str:
    """Return kroner without decimals where there are none: 20000 is "200", 19950 is "199,50"."""
    return money(minor).removesuffix(",00")


def kroner(minor: int) -> str:
    """Return an amount with its currency: 21395 is "213,95 kr"."""
    return f"{money(minor)} kr"


def weight(grams: int) -> str:
    """Return a weight in kilograms to the gram, with its unit: 842 is "0,842 kg"."""
    return f"{weight_figure(grams)} kg"


def weight_figure(grams: int) -> str:
    """Return a weight in kilograms to the gram, without unit: 842 is "0,842"."""
    whole, rest = divmod(abs(grams), 1000)
    sign = MINUS if grams < 0 else ""
    return f"{sign}{whole},{rest:03d}"


def _grouped(whole: int) -> str:
    """Return digits in groups of three with no-break spaces: 1234567 is "1 234 567"."""
    return f"{whole:,}".replace(",", NO_BREAK_SPACE)
