"""How much VAT a sale contains, for each rate.

The rule: prices contain VAT. The VAT of a line is taken out of what the line costs after its
offers, rounded half up to the minor unit, and its net amount is the rest. The amounts of a rate
are the sums of its rounded lines, so that net + VAT = gross holds for each line, each rate and
the sale. Deposits are outside the base. Source: the official example file of SAF-T Cash Register
1.00 does it so (75.12 for three lines, not 86.40 / 1.15 = 75.13).
"""

from dataclasses import dataclass

from kiosk.sale.invariant import require
from kiosk.sale.money import divide_half_up
from kiosk.sale.promotion import line_offers
from kiosk.sale.state import Sale

BASIS_POINTS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxedAmount:
    """A gross amount with its VAT, in minor units; `code` is the SAF-T standard tax code."""

    code: str
    rate_bp: int
    gross_minor: int
    net_minor: int
    tax_minor: int

    def __post_init__(self) -> None:
        require(
            self.net_minor + self.tax_minor == self.gross_minor,
            f"net {self.net_minor} + tax {self.tax_minor} is not gross {self.gross_minor}",
        )


def tax_within(gross_minor: int, rate_bp: int) -> int:
    """Return the VAT inside a gross amount, rounded half up.

    Example: 16,40 kr at 15 % contain 2,14 kr (2.1391 before rounding).
    """
    return divide_half_up(gross_minor * rate_bp, BASIS_POINTS + rate_bp)


def tax_split(sale: Sale) -> tuple[TaxedAmount, ...]:
    """Return goods after offers by tax code and rate, the highest rate first.

    What came back is taken off, line by line, at the rates of the day it was sold.
    """
    offers = line_offers(sale)
    sums: dict[tuple[int, str], tuple[int, int]] = {}
    for line in sale.lines:
        if line.removed:
            continue
        gross = line.price_minor + offers.get(line.id, 0)
        key = (-line.product.vat_rate_bp, line.product.vat_code)
        gross_so_far, tax_so_far = sums.get(key, (0, 0))
        tax = tax_within(gross, line.product.vat_rate_bp)
        sums[key] = (gross_so_far + gross, tax_so_far + tax)
    for back in sale.returned:
        key = (-back.product.vat_rate_bp, back.product.vat_code)
        gross_so_far, tax_so_far = sums.get(key, (0, 0))
        tax = tax_within(back.gross_minor, back.product.vat_rate_bp)
        sums[key] = (gross_so_far - back.gross_minor, tax_so_far - tax)
    return tuple(
        TaxedAmount(
            code=code,
            rate_bp=-negative_rate,
            gross_minor=gross,
            net_minor=gross - tax,
            tax_minor=tax,
        )
        for (negative_rate, code), (gross, tax) in sorted(sums.items())
    )
