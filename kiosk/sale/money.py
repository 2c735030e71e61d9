"""Money as integers of the currency's minor unit, and divisions that name their rounding."""

from dataclasses import dataclass

from kiosk.sale.invariant import require


def divide_half_up(numerator: int, denominator: int) -> int:
    """Return numerator / denominator rounded to the nearest integer, halves away from zero.

    Example: 15 / 10 gives 2, -15 / 10 gives -2, so a return mirrors its sale to the minor unit.
    """
    require(denominator > 0, f"denominator {denominator} is not positive")
    quotient, remainder = divmod(abs(numerator), denominator)
    rounded = quotient + (2 * remainder >= denominator)
    return rounded if numerator >= 0 else -rounded


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency by its ISO 4217 codes and the digits of its minor unit."""

    code: str
    numeric: str
    digits: int


NOK = Currency("NOK", "578", 2)


def price_of_weight(unit_price_minor: int, weight_g: int) -> int:
    """Return the price in minor units of `weight_g` grams at a price per kilogram, half up.

    Example: 26,90 kr/kg and 842 g give 22,65 kr (22.6498 before rounding).
    """
    return divide_half_up(unit_price_minor * weight_g, 1000)
