"""Offers: which pieces they take, whose price comes down, and that chance has no say."""

from dataclasses import replace

import pytest

from kiosk.sale import commands as c
from kiosk.sale.events import Actor
from kiosk.sale.product import Restriction, Unit
from kiosk.sale.promotion import discounts, line_offers
from kiosk.sale.promotion_search import EXACT_STEPS, PricedLine, best_combination, share
from kiosk.sale.totals import totals
from tests.sale.given import (
    AT,
    BANANA,
    BEER,
    BREAD,
    MILK,
    Shop,
    bundle,
    n_for_m,
    own_price,
    percent,
    product,
)


@pytest.mark.parametrize(
    ("amount", "prices", "shares"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (365, [1097, 1097, 1098], [122, 121, 122]),
        (5, [0, 5], [0, 5]),
        (7, [7], [7]),
        (1, [3, 5, 4], [0, 1, 0]),
    ],
)
def test_shares_add_up_by_largest_remainder(
    amount: int, prices: list[int], shares: list[int]
) -> None:
    assert share(amount, prices) == shares


def test_three_for_two_frees_the_cheapest() -> None:
    shop, offer = Shop(), n_for_m("o", 3, 2, "milk", "bread")
    shop.add(BREAD, 2, promotions=(offer,))
    assert discounts(shop.sale) == ()
    shop.add(MILK, promotions=(offer,))
    (discount,) = discounts(shop.sale)
    assert (discount.title, discount.amount_minor) == ("3 for 2", -2190)
    # 2190 in proportion to 2 x 3990 and 2190: 859.16, 859.16 and 471.68.
    assert discount.shares == ((1, -1718), (2, -472))


def test_pieces_are_grouped_the_best_way_for_the_shopper() -> None:
    shop, offer = Shop(), n_for_m("o", 2, 1, "a", "b")
    for name, price in (("a", 1000), ("b", 400)):
        shop.add(product(name, price), 2, promotions=(offer,))
    assert totals(shop.sale).saved_minor == 1000 + 400  # not 400 + 400


def test_an_offer_goes_with_the_line_and_comes_back_with_it() -> None:
    shop, offer = Shop(), n_for_m("o", 2, 1, "milk")
    shop.add(MILK, 2, promotions=(offer,))
    assert shop.total == 2190
    shop.do(c.ChangeQuantity(at_utc=AT, line_id=1, quantity=1))
    assert (shop.total, discounts(shop.sale)) == (2190, ())
    shop.do(c.ChangeQuantity(at_utc=AT, line_id=1, quantity=2))
    shop.do(c.RemoveLine(at_utc=AT, line_id=1))
    assert shop.total == 0
    shop.do(c.RestoreLine(at_utc=AT, line_id=1))
    assert shop.total == 2190


def test_percent_is_rounded_half_up_for_each_piece() -> None:
    shop = Shop()
    shop.add(product("a", 333), 3, promotions=(percent("o", 5000, "a"),))
    assert totals(shop.sale).saved_minor == 3 * 167  # 166.5 each


def test_a_weight_takes_percent_and_price_and_no_group() -> None:
    for offer, saved in (
        (percent("o", 1000, "4011"), 227),  # 10 % of 22,65 kr
        (own_price("o", 1990, "4011"), 2265 - 1676),  # 842 g at 19,90 kr/kg
        (n_for_m("o", 1, 0, "4011"), 0),
        (bundle("o", 1, 100, "4011"), 0),
    ):
        shop = Shop()
        shop.add(BANANA, weight_g=842, promotions=(offer,))
        assert totals(shop.sale).saved_minor == saved, offer


def test_a_price_per_kilogram_says_nothing_about_a_label_without_weight() -> None:
    shop = Shop()
    shop.add(BANANA, label_price_minor=2000, promotions=(own_price("o", 10, "4011"),))
    assert totals(shop.sale).saved_minor == 0


def test_an_offer_never_makes_anything_dearer() -> None:
    shop = Shop()
    offers = (own_price("a", 9999, "milk"), bundle("b", 2, 99_999, "milk"))
    shop.add(MILK, 2, promotions=offers)
    assert totals(shop.sale).saved_minor == 0


def test_each_piece_is_used_once_and_the_better_offer_wins() -> None:
    shop = Shop()
    offers = (n_for_m("a", 3, 2, "milk"), percent("b", 2500, "milk"))
    shop.add(MILK, 4, promotions=offers)
    # One free of three and a quarter off the fourth: 2190 + 548; not 4 x 548 = 2192.
    assert {d.promotion_id: d.amount_minor for d in discounts(shop.sale)} == {
        "a": -2190,
        "b": -548,
    }


def test_one_of_each_needs_one_of_each() -> None:
    shop, offer = Shop(), bundle("o", 0, 5000, "milk", "bread")
    shop.add(MILK, 2, promotions=(offer,))
    assert totals(shop.sale).saved_minor == 0
    shop.add(BREAD, promotions=(offer,))
    assert totals(shop.sale).saved_minor == 2190 + 3990 - 5000


@pytest.mark.parametrize(
    "restriction", [Restriction.ALCOHOL, Restriction.TOBACCO, Restriction.NO_DISCOUNT]
)
def test_some_products_take_no_part_not_even_as_the_paid_piece(restriction: Restriction) -> None:
    shop, offer = Shop(), n_for_m("o", 2, 1, "milk", "beer")
    shop.add(replace(BEER, restrictions=(restriction,)), 3, promotions=(offer,), actor=Actor.STAFF)
    shop.add(MILK, promotions=(offer,))
    assert discounts(shop.sale) == ()


def test_deposit_is_not_discounted() -> None:
    shop = Shop()
    soda = product("soda", 2490, deposit_minor=200)
    shop.add(soda, promotions=(percent("o", 10_000, "soda"),))
    assert shop.total == 200


def test_terms_stay_those_that_came_in_first() -> None:
    shop = Shop()
    shop.add(MILK, promotions=(percent("o", 1000, "milk", "bread"),))
    shop.add(BREAD, promotions=(percent("o", 9000, "milk", "bread"),))
    assert totals(shop.sale).saved_minor == 219 + 399


@pytest.mark.parametrize(
    "offer",
    [
        n_for_m("o", 2, 2, "milk"),
        n_for_m("o", 2, 3, "milk"),
        n_for_m("o", 0, 0, "milk"),
        n_for_m("o", 2, -1, "milk"),
        bundle("o", -1, 0, "milk"),
        percent("o", -5000, "milk"),
        percent("o", 0, "milk"),
    ],
)
def test_an_offer_that_makes_no_sense_does_nothing(offer: object) -> None:
    shop = Shop()
    shop.add(MILK, 4, promotions=(offer,))
    assert totals(shop.sale).saved_minor == 0


def test_more_than_all_is_all() -> None:
    shop = Shop()
    shop.add(MILK, promotions=(percent("o", 12_000, "milk"),))
    assert shop.total == 0


def test_two_offers_on_one_line_are_added_up() -> None:
    shop = Shop()
    shop.add(MILK, 3, promotions=(n_for_m("a", 2, 1, "milk"), percent("b", 1000, "milk")))
    assert line_offers(shop.sale) == {1: -(2190 + 219)}


def test_equal_offers_are_chosen_by_id_not_by_order() -> None:
    lines = (PricedLine(1, "a", 2, 2000), PricedLine(2, "b", 1, 1000))
    first, second = n_for_m("x", 2, 1, "a", "b"), n_for_m("y", 2, 1, "a", "b")
    taken = best_combination((first, second), lines)
    assert {t.promotion_id for t in taken} == {"x"}
    assert best_combination((first, second), tuple(reversed(lines))) == taken


def test_a_sale_too_large_to_search_still_gets_every_group() -> None:
    ids = [f"p{i}" for i in range(200)]
    offers = tuple(n_for_m(f"o{i}", 4 + i, 2, *ids) for i in range(4))
    lines = tuple(PricedLine(i, p, 1, 1000 + i) for i, p in enumerate(ids))
    assert 4 * 5 * 6 * 7 * len(lines) > EXACT_STEPS
    taken = best_combination(offers, lines)
    alone = max(sum(t.saving_minor for t in best_combination((o,), lines)) for o in offers)
    assert sum(t.saving_minor for t in taken) >= alone
    assert all(t.saving_minor <= 1000 + t.line_id for t in taken)


def test_a_label_priced_piece_takes_part_with_its_own_price() -> None:
    shop, offer = Shop(), n_for_m("o", 2, 1, "milk")
    shop.add(MILK, promotions=(offer,))
    shop.add(MILK, label_price_minor=1500, promotions=(offer,))
    assert totals(shop.sale).saved_minor == 1500
    assert MILK.unit is Unit.PIECE
