"""What coupons take off, what they leave alone, and what they wait for."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.sale import commands as c
from kiosk.sale import events as e
from kiosk.sale.commands import Reason
from kiosk.sale.product import Coupon, Restriction
from kiosk.sale.promotion import discounts, line_offers
from kiosk.sale.tax import tax_split
from kiosk.sale.totals import totals
from tests.sale.given import (
    AT,
    BAG,
    BANANA,
    BEER,
    BREAD,
    MILK,
    SNUS,
    SODA,
    TODAY,
    Shop,
    n_for_m,
)

KRONER_25 = Coupon(id="k25", title="25 kr", amount_minor=2500)
TENTH = Coupon(id="p10", title="10 %", percent_bp=1000)


def take(coupon: Coupon, today: str = TODAY) -> c.TakeCoupon:
    return c.TakeCoupon(at_utc=AT, coupon=coupon, today=today)


@pytest.fixture
def shop() -> Shop:
    return Shop()


def shares(shop: Shop) -> dict[str, dict[int, int]]:
    return {d.promotion_id: dict(d.shares) for d in discounts(shop.sale) if d.is_coupon}


def test_an_amount_is_shared_in_proportion_and_to_the_last_ore(shop: Shop) -> None:
    shop.add(MILK)  # 21,90
    shop.add(BREAD)  # 39,90
    shop.do(take(KRONER_25))
    # 2500 * 2190 / 6180 = 885.9, 2500 * 3990 / 6180 = 1614.1: the remainder goes to the first.
    assert shares(shop) == {"k25": {1: -886, 2: -1614}}
    assert shop.total == 6180 - 2500


def test_per_cent_are_rounded_half_up_on_each_line(shop: Shop) -> None:
    shop.add(replace(MILK, unit_price_minor=2195))
    shop.add(replace(BREAD, unit_price_minor=2194))
    shop.do(take(TENTH))
    assert shares(shop) == {"p10": {1: -220, 2: -219}}


def test_an_amount_takes_at_most_what_its_goods_cost_and_never_their_deposit(shop: Shop) -> None:
    shop.add(SODA)  # 24,90 and 2,00 deposit
    shop.do(take(KRONER_25))
    assert shop.total == SODA.deposit_minor


def test_beer_tobacco_and_what_the_shop_marks_take_no_part_and_make_no_minimum(shop: Shop) -> None:
    marked = replace(MILK, id="formula", restrictions=(Restriction.NO_DISCOUNT,))
    shop.add(BEER, 10)
    shop.add(SNUS, actor=e.Actor.STAFF, attendant_id="s-1")
    shop.add(marked, 5)
    before = shop.total
    shop.do(take(replace(KRONER_25, minimum_minor=10_000)))
    shop.do(take(TENTH))
    assert shares(shop) == {}
    shop.add(BREAD)
    assert shares(shop) == {"p10": {6: -399}}, "coupons are lines too"
    assert shop.total == before + 3990 - 399


def test_it_waits_for_its_minimum_and_for_its_goods(shop: Shop) -> None:
    for_bread = Coupon(id="b", title="b", percent_bp=5000, products=("bread",), minimum_minor=7000)
    shop.add(MILK, 9)
    shop.do(take(for_bread))
    assert shares(shop) == {}
    shop.add(BREAD)
    assert shares(shop) == {}, "39,90 of bread is less than 70"
    shop.do(c.ChangeQuantity(at_utc=AT, line_id=3, quantity=2))
    assert shares(shop) == {"b": {3: -3990}}
    shop.do(c.RemoveLine(at_utc=AT, line_id=3))
    assert shares(shop) == {}, "and lets go when the goods go"


def test_it_comes_after_offers_staffs_percentages_and_the_coupons_before_it(shop: Shop) -> None:
    offer = n_for_m("3for2", 3, 2, "milk")
    shop.add(MILK, 3, promotions=(offer,))  # 65,70 less 21,90
    shop.do(
        c.GiveDiscount(at_utc=AT, line_id=1, percent_bp=1000, reason="damaged", attendant_id="s-1")
    )  # less 4,38
    shop.do(take(KRONER_25))
    shop.do(take(TENTH))
    left = 6570 - 2190 - 438 - 2500
    assert shares(shop) == {"k25": {1: -2500}, "p10": {1: -round(left / 10)}}
    assert shop.total == left - round(left / 10)


def test_what_staff_set_a_price_for_is_left_alone(shop: Shop) -> None:
    shop.add(MILK)
    shop.do(
        c.ChangePrice(
            at_utc=AT, line_id=1, unit_price_minor=1000, reason="damaged", attendant_id="s-1"
        )
    )
    shop.do(take(TENTH))
    assert shop.total == 1000


def test_one_slip_of_a_campaign_for_each_sale_until_it_is_taken_back(shop: Shop) -> None:
    shop.add(MILK)
    (taken,) = shop.do(take(TENTH))
    shop.refuses(take(TENTH), Reason.COUPON_USED)
    shop.do(c.RemoveLine(at_utc=AT, line_id=taken.line_id))  # type: ignore[attr-defined]
    assert shop.total == 2190
    shop.do(take(TENTH))
    assert shop.total == 1971


@pytest.mark.parametrize(
    ("today", "is_taken"),
    [("2026-11-20", False), ("2026-11-21", True), ("2026-11-22", True), ("2026-11-23", False)],
)
def test_its_first_and_last_day_count(shop: Shop, today: str, is_taken: bool) -> None:
    shop.add(MILK)
    dated = replace(TENTH, valid_from="2026-11-21", valid_to="2026-11-22")
    if is_taken:
        shop.do(take(dated, today))
    else:
        shop.refuses(take(dated, today), Reason.COUPON_NOT_VALID)


@pytest.mark.parametrize(
    "wrong",
    [
        Coupon(id="x", title="x"),
        Coupon(id="x", title="x", amount_minor=-1),
        Coupon(id="x", title="x", percent_bp=10_001),
        Coupon(id="x", title="x", amount_minor=1, percent_bp=1),
    ],
)
def test_one_that_makes_no_sense_is_refused(shop: Shop, wrong: Coupon) -> None:
    shop.refuses(take(wrong), Reason.BAD_PRICE)


def test_nothing_is_taken_off_once_a_part_is_paid(shop: Shop) -> None:
    shop.add(MILK, 2)
    shop.answer(shop.ask(1000), e.Outcome.APPROVED, 1000)
    shop.refuses(take(TENTH), Reason.PART_PAID)


COUPONS = st.builds(
    Coupon,
    id=st.sampled_from(["a", "b", "c"]),
    title=st.just("t"),
    amount_minor=st.integers(1, 9000),
    products=st.sampled_from([(), ("milk",), ("bread", "4011")]),
    minimum_minor=st.sampled_from([0, 0, 3000, 8000]),
) | st.builds(
    Coupon,
    id=st.sampled_from(["a", "b", "c"]),
    title=st.just("t"),
    percent_bp=st.integers(1, 10_000),
    products=st.sampled_from([(), ("milk", "beer"), ("bag",)]),
)


@settings(derandomize=True, max_examples=150, deadline=None)
@given(
    goods=st.lists(st.tuples(st.sampled_from([MILK, BREAD, SODA, BAG, BEER]), st.integers(1, 3))),
    grams=st.integers(1, 4000),
    coupons=st.lists(COUPONS, max_size=3, unique_by=lambda one: one.id),
)
def test_no_line_goes_below_nothing_and_all_sums_agree(
    goods: list, grams: int, coupons: list[Coupon]
) -> None:
    shop = Shop()
    shop.add(BANANA, weight_g=grams)
    for what, count in goods:
        shop.add(what, count)
    for coupon in coupons:
        shop.do(take(coupon))
    off = line_offers(shop.sale)
    for line in shop.sale.live_lines:
        assert line.price_minor + off.get(line.id, 0) >= 0
        assert line.product.id != "beer" or line.id not in off
    for found in discounts(shop.sale):
        amount = next(one.amount_minor for one in coupons if one.id == found.promotion_id)
        assert found.amount_minor < 0
        assert not amount or -found.amount_minor <= amount
    sums = totals(shop.sale)
    assert sums.total_minor == sums.goods_minor + sums.deposit_minor + sum(off.values())
    taxed = sum(row.gross_minor for row in tax_split(shop.sale))
    assert taxed == sums.total_minor - sums.deposit_minor
