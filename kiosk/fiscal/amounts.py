"""How a Norwegian receipt writes amounts, weights, rates, dates and times.

Receipts are documents under Norwegian law and stay Norwegian whatever language the shopper chose,
so these are fixed rules in one place and not a locale: comma for decimals, a no-break space between
thousands, the true minus sign for reductions. The printer driver owns what its code page lacks.
"""

from datetime import datetime

from kiosk.sale.invariant import require

THOUSANDS = "\u00a0"
MINUS = "\u2212"


def amount(minor: int, *, digits: int = 2) -> str:
    """Return an amount in minor units as text, e.g. 21395 -> "213,95", -1490 -> "−14,90"."""
    require(digits >= 0, f"a currency cannot have {digits} digits")
    whole, part = divmod(abs(minor), 10**digits)
    text = f"{whole:,}".replace(",", THOUSANDS)
    if digits:
        text += f",{part:0{digits}d}"
    return f"{MINUS}{text}" if minor < 0 else text


def kilograms(weight_g: int) -> str:
    """Return grams as kilograms with three decimals, e.g. 842 -> "0,842 kg"."""
    return f"{amount(weight_g, digits=3)} kg"


def rate(rate_bp: int) -> str:
    """Return hundredths of a percent as a rate, e.g. 1500 -> "15 %", 1111 -> "11,11 %"."""
    whole, part = divmod(rate_bp, 100)
    decimals = f",{part:02d}".rstrip("0") if part else ""
    return f"{whole}{decimals} %"


def date(at_local: datetime) -> str:
    """Return a local date, e.g. "21.11.2026"."""
    return f"{at_local:%d.%m.%Y}"


def time_of_day(at_local: datetime) -> str:
    """Return a local time to the second, e.g. "kl. 14:32:41"."""
    return f"kl. {at_local:%H:%M:%S}"


def org_number(digits: str) -> str:
    """Return an organisation number in groups of three, e.g. "999 999 999"."""
    return " ".join(digits[at : at + 3] for at in range(0, len(digits), 3))
