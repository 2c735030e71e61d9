"""VAT codes of products and their rates, by date.

Codes are SAF-T standard tax codes. Rates: Stortingets vedtak om merverdiavgift, §§ 2 to 5,
unchanged since the dates below; the catalog is imported anew when one changes.
"""

from typing import Final, NamedTuple


class VatRate(NamedTuple):
    """The rate of a code from a local date on, in hundredths of a percent."""

    code: str
    valid_from: str
    rate_bp: int


VAT_RATES: Final = (
    VatRate("3", "2005-01-01", 2500),  # the general rate
    VatRate("31", "2012-01-01", 1500),  # food and drink without alcohol
    VatRate("32", "2006-01-01", 1111),  # raw fish, first sale
    VatRate("33", "2018-01-01", 1200),  # transport, cinema, rooms
    VatRate("5", "2001-07-01", 0),  # zero-rated: books, newspapers
    VatRate("6", "2001-07-01", 0),  # outside the Act
    VatRate("7", "2001-07-01", 0),  # no VAT treatment
)


def rate_bp(code: str, on_iso: str) -> int | None:
    """Return the rate of `code` on a local date, None when the code is not one for sales."""
    rates = [rate for rate in VAT_RATES if rate.code == code and rate.valid_from <= on_iso]
    return max(rates, key=lambda rate: rate.valid_from).rate_bp if rates else None
