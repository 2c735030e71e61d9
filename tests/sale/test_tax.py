"""VAT: per line, half up, and it adds up to the øre."""

import pytest

from kiosk.sale.invariant import InvariantBroken
from kiosk.sale.tax import TaxedAmount, tax_split, tax_within
from tests.sale.given import BAG, MILK, SODA, Shop, n_for_m, product


@pytest.mark.parametrize(
    ("gross", "rate_bp", "tax"),
    [
        (1640, 1500, 214),  # 213.91
        (115, 1500, 15),
        (125, 2500, 25),
        (3, 2000, 1),  # 0.5 goes up
        (2, 2500, 0),  # 0.4
        (1000, 1111, 100),
        (1000, 0, 0),
        (0, 2500, 0),
    ],
)
def test_vat_inside_a_price_is_rounded_half_up(gross: int, rate_bp: int, tax: int) -> None:
    assert tax_within(gross, rate_bp) == tax


def test_a_rate_sums_its_rounded_lines() -> None:
    # Three lines of 28,80 kr at 15 %: 3.76 each (3.7565), 11.28 in all; 86.40 at once gives 11.27.
    shop = Shop()
    for name in "abc":
        shop.add(product(name, 2880))
    (amount,) = tax_split(shop.sale)
    assert (amount.gross_minor, amount.net_minor, amount.tax_minor) == (8640, 7512, 1128)
    assert tax_within(8640, 1500) == 1127


def test_rates_stand_apart_the_highest_first_and_without_deposit() -> None:
    shop = Shop()
    shop.add(MILK)
    shop.add(SODA)
    shop.add(BAG)
    shop.add(product("book", 19_900, vat_code="5", vat_rate_bp=0))
    split = tax_split(shop.sale)
    assert [(x.code, x.gross_minor) for x in split] == [("3", 450), ("31", 4680), ("5", 19_900)]


def test_an_offer_over_two_rates_lowers_both() -> None:
    shop, offer = Shop(), n_for_m("o", 2, 1, "milk", "bag")
    shop.add(MILK, promotions=(offer,))
    shop.add(BAG, promotions=(offer,))
    # 450 off, in proportion to 2190 and 450: 373 and 77.
    assert [(x.code, x.gross_minor) for x in tax_split(shop.sale)] == [("3", 373), ("31", 1817)]


def test_an_amount_that_does_not_add_up_cannot_be_made() -> None:
    with pytest.raises(InvariantBroken):
        TaxedAmount(code="3", rate_bp=2500, gross_minor=125, net_minor=100, tax_minor=24)
