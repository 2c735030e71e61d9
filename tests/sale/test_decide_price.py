"""What staff take off, and what they may not."""

import pytest

from kiosk.sale import commands as c
from kiosk.sale import events as e
from kiosk.sale.commands import PRICE_ON_SHELF, SUSPENDED, Reason
from kiosk.sale.promotion import STAFF_DISCOUNT, discounts
from kiosk.sale.tax import tax_split
from kiosk.sale.totals import totals
from tests.sale.given import AT, BANANA, BEER, BREAD, MILK, SNUS, SODA, Shop, add, kinds, n_for_m


@pytest.fixture
def shop() -> Shop:
    return Shop()


def price(line_id: int, minor: int, reason: str = "damaged", **more: object) -> c.ChangePrice:
    facts = {"attendant_id": "s-1", **more}
    return c.ChangePrice(at_utc=AT, line_id=line_id, unit_price_minor=minor, reason=reason, **facts)  # type: ignore[arg-type]


def discount(percent_bp: int, line_id: int | None = None, **more: object) -> c.GiveDiscount:
    facts = {"attendant_id": "s-1", "reason": "damaged", **more}
    return c.GiveDiscount(at_utc=AT, line_id=line_id, percent_bp=percent_bp, **facts)  # type: ignore[arg-type]


def test_a_lower_price_holds_for_all_pieces_and_names_who_gave_it(shop: Shop) -> None:
    shop.add(MILK, 2)
    (event,) = shop.do(price(1, 1000))
    assert shop.total == 2000
    assert isinstance(event, e.PriceChanged)
    assert (event.attendant_id, event.reason, event.actor) == ("s-1", "damaged", e.Actor.STAFF)
    assert shop.sale.lines[0].full_price_minor == 2 * MILK.unit_price_minor


def test_a_lower_price_per_kilogram_is_multiplied_with_the_weight(shop: Shop) -> None:
    shop.add(BANANA, weight_g=500)
    shop.do(price(1, 2000))
    assert shop.total == 1000


def test_a_price_label_is_lowered_as_one_package(shop: Shop) -> None:
    shop.add(BANANA, label_price_minor=4990)
    shop.do(price(1, 3000))
    assert shop.total == 3000


def test_the_deposit_is_never_lowered(shop: Shop) -> None:
    shop.add(SODA)
    shop.do(price(1, 0))
    assert shop.total == SODA.deposit_minor


@pytest.mark.parametrize("minor", [-1, MILK.unit_price_minor + 1])
def test_nothing_becomes_dearer_or_less_than_free(shop: Shop, minor: int) -> None:
    shop.add(MILK)
    shop.refuses(price(1, minor), Reason.BAD_PRICE)


def test_a_role_has_a_limit_to_the_last_minor_unit(shop: Shop) -> None:
    shop.add(MILK)
    shop.refuses(price(1, 1094, price_off_bp_max=5000), Reason.OVER_STAFF_LIMIT)
    shop.do(price(1, 1095, price_off_bp_max=5000))


def test_a_second_change_is_measured_against_the_products_own_price(shop: Shop) -> None:
    shop.add(MILK)
    shop.do(price(1, 1500, price_off_bp_max=5000))
    shop.refuses(price(1, 800, price_off_bp_max=5000), Reason.OVER_STAFF_LIMIT)
    shop.do(price(1, MILK.unit_price_minor))
    assert shop.total == MILK.unit_price_minor


@pytest.mark.parametrize("what", [BEER, SNUS])
def test_alcohol_and_tobacco_go_down_only_to_what_the_shelf_says(shop: Shop, what: object) -> None:
    shop.add(what, actor=e.Actor.STAFF, attendant_id="s-1")  # type: ignore[arg-type]
    shop.refuses(price(1, 100), Reason.NEVER_DISCOUNTED)
    shop.refuses(discount(1000, 1), Reason.NEVER_DISCOUNTED)
    shop.do(price(1, 100, PRICE_ON_SHELF))


@pytest.mark.parametrize("more", [{"attendant_id": ""}, {"reason": ""}])
def test_nothing_is_given_by_nobody_or_for_no_reason(shop: Shop, more: dict[str, str]) -> None:
    shop.add(MILK)
    shop.refuses(discount(1000, 1, **more), Reason.NEEDS_STAFF)


def test_a_price_that_staff_set_is_final_and_leaves_the_offer_to_the_others(shop: Shop) -> None:
    offer = (n_for_m("P1", 2, 1, "milk"),)
    shop.add(MILK, promotions=offer)
    shop.add(BREAD)
    shop.add(MILK, promotions=offer)
    assert totals(shop.sale).saved_minor == MILK.unit_price_minor
    shop.do(price(1, 500))
    assert totals(shop.sale).saved_minor == 0


def test_a_percentage_comes_after_the_offers_and_stands_by_itself(shop: Shop) -> None:
    shop.add(MILK, 2, promotions=(n_for_m("P1", 2, 1, "milk"),))
    shop.do(discount(1000))
    assert [one.promotion_id for one in discounts(shop.sale)] == ["P1", STAFF_DISCOUNT]
    assert shop.total == MILK.unit_price_minor - 219
    (row,) = tax_split(shop.sale)
    assert row.gross_minor == shop.total


def test_a_discount_on_everything_leaves_beer_out(shop: Shop) -> None:
    shop.add(MILK)
    shop.add(BEER)
    shop.do(discount(10_000))
    assert shop.total == BEER.unit_price_minor + BEER.deposit_minor
    assert [line.discount_bp for line in shop.sale.lines] == [10_000, 0]


def test_a_discount_is_taken_back_by_none(shop: Shop) -> None:
    shop.add(MILK)
    shop.do(discount(1000))
    shop.do(discount(0))
    assert shop.total == MILK.unit_price_minor
    assert shop.do(discount(0)) == ()


def test_a_discount_has_the_roles_limit(shop: Shop) -> None:
    shop.add(MILK)
    shop.refuses(discount(1001, percent_bp_max=1000), Reason.OVER_STAFF_LIMIT)


def test_the_next_piece_costs_its_own_price(shop: Shop) -> None:
    shop.add(MILK)
    shop.do(price(1, 100))
    assert kinds(shop.add(MILK)) == ["ItemAdded"]
    assert shop.total == 100 + MILK.unit_price_minor


def test_the_shopper_cannot_count_up_what_staff_gave_and_staff_can(shop: Shop) -> None:
    shop.add(MILK)
    shop.do(price(1, 100))
    shop.refuses(c.ChangeQuantity(at_utc=AT, line_id=1, quantity=5), Reason.NOT_COUNTABLE)
    shop.do(
        c.ChangeQuantity(at_utc=AT, line_id=1, quantity=3, actor=e.Actor.STAFF, attendant_id="s-1")
    )
    assert shop.total == 300
    assert shop.sale.lines[0].full_price_minor == 3 * MILK.unit_price_minor


def test_what_staff_took_out_the_shopper_cannot_put_back(shop: Shop) -> None:
    shop.add(MILK)
    shop.do(c.RemoveLine(at_utc=AT, line_id=1, actor=e.Actor.STAFF, attendant_id="s-1"))
    shop.refuses(c.RestoreLine(at_utc=AT, line_id=1), Reason.NEEDS_STAFF)


def test_beer_is_not_added_after_hours_not_even_by_staff(shop: Shop) -> None:
    shop.refuses(
        add(BEER, alcohol_closed=True, actor=e.Actor.STAFF, attendant_id="s-1"),
        Reason.ALCOHOL_HOURS,
    )
    shop.add(MILK, alcohol_closed=True)


def test_beer_scanned_in_time_is_not_paid_for_too_late(shop: Shop) -> None:
    shop.add(BEER)
    shop.do(c.ResolveIntervention(at_utc=AT, intervention_id="s1-1", approved=True))
    late = c.RequestPayment(
        at_utc=AT, attempt_id="p", service_id="1", method=e.Method.CARD, alcohol_closed=True
    )
    shop.refuses(late, Reason.ALCOHOL_HOURS)
    shop.do(c.RemoveLine(at_utc=AT, line_id=1))
    shop.add(MILK)
    shop.do(late)


def test_a_sale_that_was_set_aside_goes_on_once(shop: Shop) -> None:
    shop.add(MILK)
    shop.do(c.AbortSale(at_utc=AT, reason=SUSPENDED, actor=e.Actor.STAFF, attendant_id="s-1"))
    shop.do(c.MarkResumed(at_utc=AT, into="s2", attendant_id="s-1"))
    assert shop.sale.resumed_into == "s2"
    shop.refuses(c.MarkResumed(at_utc=AT, into="s3"), Reason.SALE_IS_OVER)


def test_a_sale_that_was_cancelled_does_not_go_on(shop: Shop) -> None:
    shop.do(c.AbortSale(at_utc=AT, reason="cancelled"))
    shop.refuses(c.MarkResumed(at_utc=AT, into="s2"), Reason.SALE_IS_OVER)
