"""Lines: given a sale, when a command comes, then these events, or this refusal."""

from dataclasses import replace

import pytest

from kiosk.sale import commands as c
from kiosk.sale import events as e
from kiosk.sale.commands import Limits, Reason
from kiosk.sale.product import Restriction
from tests.sale.given import (
    AT,
    BANANA,
    BEER,
    BREAD,
    ENERGY,
    MILK,
    SNUS,
    SODA,
    SPIRIT,
    Shop,
    add,
    kinds,
    n_for_m,
    product,
)


def remove(line_id: int, **more: object) -> c.RemoveLine:
    return c.RemoveLine(at_utc=AT, line_id=line_id, **more)  # type: ignore[arg-type]


def change(line_id: int, quantity: int) -> c.ChangeQuantity:
    return c.ChangeQuantity(at_utc=AT, line_id=line_id, quantity=quantity)


def restore(line_id: int) -> c.RestoreLine:
    return c.RestoreLine(at_utc=AT, line_id=line_id)


def test_nothing_can_be_done_before_a_sale_has_started() -> None:
    shop = Shop(started=False)
    shop.refuses(add(MILK), Reason.NO_SALE)
    shop.refuses(c.CloseSale(at_utc=AT), Reason.NO_SALE)


def test_a_sale_does_not_start_twice() -> None:
    shop = Shop()
    shop.refuses(c.StartSale(at_utc=AT, sale_id="s2", kiosk_id="k1"), Reason.SALE_IS_OVER)


def test_an_item_becomes_a_line_with_price_and_deposit() -> None:
    shop = Shop()
    (event,) = shop.add(SODA, 2, code="7038010001659")
    assert isinstance(event, e.ItemAdded)
    assert (event.line_id, event.quantity, event.price_minor) == (1, 2, 4980)
    assert shop.total == 4980 + 400


def test_the_same_again_raises_the_quantity_of_the_newest_line() -> None:
    shop = Shop()
    shop.add(MILK)
    (event,) = shop.add(MILK, 2)
    assert event == e.QuantityChanged(at_utc=AT, line_id=1, quantity=3)
    assert shop.sale.lines[0].price_minor == 3 * 2190


def test_the_same_after_something_else_is_a_new_line() -> None:
    shop = Shop()
    shop.add(MILK)
    shop.add(BREAD)
    assert kinds(shop.add(MILK)) == ["ItemAdded"]
    assert [line.id for line in shop.sale.lines] == [1, 2, 3]


def test_a_removed_line_is_not_the_newest() -> None:
    shop = Shop()
    shop.add(MILK)
    shop.add(BREAD)
    shop.do(remove(2))
    assert kinds(shop.add(MILK)) == ["QuantityChanged"]


@pytest.mark.parametrize(
    "first_and_second",
    [
        (add(MILK), add(replace(MILK, unit_price_minor=1990))),
        (add(MILK), add(MILK, label_price_minor=2190)),
        (add(MILK, label_price_minor=1000), add(MILK)),
        (add(MILK), add(MILK, batch="A1")),
        (add(MILK, batch="A1"), add(MILK)),
        (add(MILK, batch="A1"), add(MILK, batch="A1")),
        (add(MILK), add(MILK, best_before="2027-01-01")),
        (add(MILK), add(MILK, expiry="2027-01-01")),
        (add(MILK), add(MILK, promotions=(n_for_m("new", 3, 2, "milk"),))),
        (add(BANANA, weight_g=100), add(BANANA, weight_g=100)),
    ],
)
def test_what_is_not_quite_the_same_is_a_line_of_its_own(
    first_and_second: tuple[c.AddItem, c.AddItem],
) -> None:
    shop = Shop()
    for command in first_and_second:
        shop.do(command)
    assert [line.quantity for line in shop.sale.lines] == [1, 1]


def test_a_weight_is_priced_half_up() -> None:
    shop = Shop()
    (event,) = shop.add(BANANA, weight_g=842, tare_g=4)
    assert isinstance(event, e.ItemAdded)
    assert (event.price_minor, event.weight_g, event.tare_g) == (2265, 842, 4)


def test_a_label_price_goes_before_weight_and_unit_price() -> None:
    shop = Shop()
    shop.add(BANANA, weight_g=842, label_price_minor=1999, entry=e.Entry.LABEL)
    shop.add(BANANA, label_price_minor=500)
    assert [line.price_minor for line in shop.sale.lines] == [1999, 500]


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (add(MILK, 0), Reason.BAD_QUANTITY),
        (add(MILK, -1), Reason.BAD_QUANTITY),
        (add(MILK, tare_g=-1), Reason.BAD_QUANTITY),
        (add(BANANA), Reason.BAD_QUANTITY),
        (add(BANANA, weight_g=0), Reason.BAD_QUANTITY),
        (add(BANANA, weight_g=-5), Reason.BAD_QUANTITY),
        (add(BANANA, 2, weight_g=100), Reason.BAD_QUANTITY),
        (add(MILK, label_price_minor=-1), Reason.BAD_PRICE),
        (add(MILK, label_price_minor=0), Reason.BAD_PRICE),
        (add(product("p", -1)), Reason.BAD_PRICE),
        (add(replace(BANANA, unit_price_minor=100), weight_g=4), Reason.BAD_PRICE),
        (add(SNUS), Reason.NOT_FOR_SELF_SERVICE),
        (
            add(replace(MILK, restrictions=(Restriction.NOT_FOR_SELF_SERVICE,))),
            Reason.NOT_FOR_SELF_SERVICE,
        ),
        (add(replace(MILK, restrictions=(Restriction.RECALLED,))), Reason.RECALLED),
        (add(replace(MILK, recalled_batches=("A1",)), batch="A1"), Reason.RECALLED),
        (add(MILK, expiry="2026-11-20"), Reason.EXPIRED),
        (add(replace(MILK, quantity_limit=2), 3), Reason.QUANTITY_LIMIT),
        (add(MILK, 100), Reason.QUANTITY_LIMIT),
        (add(product("gold", 2_000_001)), Reason.AMOUNT_LIMIT),
    ],
)
def test_what_must_not_be_sold_is_refused(command: c.AddItem, reason: Reason) -> None:
    Shop().refuses(command, reason)


def test_the_last_day_is_still_a_day() -> None:
    shop = Shop()
    shop.add(MILK, expiry="2026-11-21")
    shop.add(replace(MILK, recalled_batches=("A1",)), batch="A2")
    assert len(shop.sale.live_lines) == 2


def test_staff_may_hand_out_what_is_behind_the_counter() -> None:
    shop = Shop()
    shop.add(SNUS, actor=e.Actor.STAFF, attendant_id="a7")
    assert shop.sale.lines[0].product.id == "snus"


def test_a_product_limit_counts_all_lines_of_the_product() -> None:
    shop, pills = Shop(), replace(MILK, quantity_limit=2)
    shop.add(pills)
    shop.add(BREAD)
    shop.add(pills)
    shop.refuses(add(pills), Reason.QUANTITY_LIMIT)
    shop.refuses(change(1, 2), Reason.QUANTITY_LIMIT)
    shop.do(remove(3))
    shop.do(change(1, 2))
    shop.refuses(restore(3), Reason.QUANTITY_LIMIT)


def test_limits_of_a_sale_stop_at_the_limit_and_not_before() -> None:
    shop = Shop(limits=Limits(lines=2, quantity=3, total_minor=15_000))
    shop.add(MILK, 3)
    shop.refuses(add(MILK), Reason.QUANTITY_LIMIT)
    shop.add(BREAD, 2)
    shop.refuses(add(SODA), Reason.TOO_MANY_LINES)
    shop.refuses(change(2, 3), Reason.AMOUNT_LIMIT)
    shop.do(remove(1))
    shop.add(SODA)
    shop.refuses(restore(1), Reason.TOO_MANY_LINES)


def test_quantity_is_changed_and_zero_removes() -> None:
    shop = Shop()
    shop.add(MILK)
    assert kinds(shop.do(change(1, 4))) == ["QuantityChanged"]
    assert shop.do(change(1, 4)) == ()
    assert kinds(shop.do(change(1, 0))) == ["LineRemoved"]
    shop.refuses(change(1, 1), Reason.NO_SUCH_LINE)


def test_only_pieces_at_their_own_price_can_be_counted() -> None:
    shop = Shop()
    shop.add(BANANA, weight_g=500)
    shop.add(MILK, label_price_minor=100)
    shop.refuses(change(1, 2), Reason.NOT_COUNTABLE)
    shop.refuses(change(2, 2), Reason.NOT_COUNTABLE)
    shop.refuses(change(2, -1), Reason.BAD_QUANTITY)
    shop.refuses(change(9, 1), Reason.NO_SUCH_LINE)
    assert kinds(shop.do(change(1, 0))) == ["LineRemoved"]


def test_a_line_is_removed_once_and_comes_back_where_it_was() -> None:
    shop = Shop()
    shop.add(MILK)
    shop.add(BREAD)
    before = shop.sale
    shop.do(remove(1))
    assert shop.total == 3990
    shop.refuses(remove(1), Reason.NO_SUCH_LINE)
    shop.do(restore(1))
    assert shop.sale == before
    assert shop.do(restore(1)) == ()
    shop.refuses(restore(9), Reason.NO_SUCH_LINE)


def test_a_price_check_sells_nothing() -> None:
    shop = Shop()
    (event,) = shop.do(c.LookUpPrice(at_utc=AT, product=MILK))
    assert event == e.PriceLookedUp(
        at_utc=AT, product_id="milk", article_group="04003", price_minor=2190
    )
    assert shop.total == 0


def test_bags_are_answered_once() -> None:
    shop = Shop()
    assert kinds(shop.do(c.AnswerBags(at_utc=AT))) == ["BagsAnswered"]
    assert shop.do(c.AnswerBags(at_utc=AT)) == ()


# --- age and dates --------------------------------------------------------------------------


def open_ones(shop: Shop) -> list[tuple[str, int | None, str]]:
    return [(i.kind.value, i.line_id, i.detail) for i in shop.sale.interventions if i.open]


def test_one_age_check_stands_for_the_highest_limit() -> None:
    shop = Shop()
    shop.add(ENERGY)
    assert open_ones(shop) == [("age", 1, "16")]
    shop.add(BEER)
    assert open_ones(shop) == [("age", 2, "18")]
    shop.add(ENERGY)
    shop.add(BEER)
    assert open_ones(shop) == [("age", 2, "18")]


def approve(shop: Shop, approved: bool = True) -> tuple[e.Event, ...]:
    waiting = next(i for i in shop.sale.interventions if i.open)
    return shop.do(
        c.ResolveIntervention(
            at_utc=AT, intervention_id=waiting.id, approved=approved, attendant_id="a7"
        )
    )


def test_one_approval_serves_unless_a_higher_limit_comes() -> None:
    shop = Shop()
    shop.add(BEER)
    approve(shop)
    shop.add(ENERGY)
    shop.add(BEER)
    assert open_ones(shop) == []
    shop.add(SPIRIT)
    assert open_ones(shop) == [("age", 4, "20")]
    shop.do(remove(4))
    assert open_ones(shop) == []


def test_the_age_check_goes_with_its_line_and_comes_back_with_it() -> None:
    shop = Shop()
    shop.add(ENERGY)
    shop.add(BEER)
    shop.do(remove(2))
    assert open_ones(shop) == [("age", 1, "16")]
    shop.do(remove(1))
    assert open_ones(shop) == []
    shop.do(restore(2))
    assert open_ones(shop) == [("age", 2, "18")]
    ids = [i.id for i in shop.sale.interventions]
    assert len(set(ids)) == len(ids)


def test_a_check_that_went_away_by_itself_is_no_approval() -> None:
    shop = Shop()
    shop.add(BEER)
    shop.do(remove(1))
    shop.add(BEER)
    assert open_ones(shop) == [("age", 2, "18")]


def test_a_refusal_takes_out_everything_above_the_proven_age() -> None:
    shop = Shop()
    shop.add(ENERGY)
    approve(shop)
    shop.add(MILK)
    shop.add(BEER)
    shop.add(MILK)
    shop.add(BEER)
    events = approve(shop, approved=False)
    assert kinds(events) == ["InterventionResolved", "LineRemoved", "LineRemoved"]
    assert [line.product.id for line in shop.sale.live_lines] == ["energy", "milk", "milk"]
    assert open_ones(shop) == []
    shop.refuses(restore(3), Reason.NEEDS_STAFF)


def test_past_best_before_waits_for_somebody_and_goes_with_its_line() -> None:
    shop = Shop()
    shop.add(MILK, best_before="2026-11-21")
    assert open_ones(shop) == []
    shop.add(MILK, best_before="2026-11-20")
    assert open_ones(shop) == [("expired", 2, "2026-11-20")]
    shop.do(remove(2))
    assert open_ones(shop) == []
    shop.do(restore(2))
    assert open_ones(shop) == [("expired", 2, "2026-11-20")]
    approve(shop, approved=False)
    assert [line.id for line in shop.sale.live_lines] == [1]
    shop.refuses(restore(2), Reason.NEEDS_STAFF)


def test_what_both_age_and_date_call_for_is_refused_as_one() -> None:
    shop = Shop()
    shop.add(BEER, best_before="2026-01-01")
    assert open_ones(shop) == [("expired", 1, "2026-01-01"), ("age", 1, "18")]
    ids = [i.id for i in shop.sale.interventions]
    assert len(set(ids)) == 2
    approve(shop, approved=False)
    assert open_ones(shop) == []
    assert shop.total == 0


def test_a_block_stops_the_shopper_and_not_the_staff() -> None:
    shop = Shop()
    shop.add(MILK)
    check = c.RaiseIntervention(
        at_utc=AT,
        intervention_id="i1",
        kind=e.Interest.RANDOM_CHECK,
        policy=e.Policy.BLOCKS_NOW,
    )
    assert kinds(shop.do(check)) == ["InterventionRaised"]
    assert shop.do(check) == ()
    assert shop.do(replace(check, intervention_id="i2")) == ()
    for command in (add(MILK), remove(1), change(1, 2)):
        shop.refuses(command, Reason.NEEDS_STAFF)
    shop.do(remove(1, actor=e.Actor.STAFF, attendant_id="a7"))
    approve(shop)
    shop.add(MILK)


def test_a_late_or_unknown_decision_changes_nothing() -> None:
    shop = Shop()
    shop.add(BEER)
    approve(shop)
    late = c.ResolveIntervention(at_utc=AT, intervention_id="s1-1", approved=False)
    assert shop.do(late) == ()
    assert shop.do(replace(late, intervention_id="nobody's")) == ()
    assert shop.sale.interventions[0].approved is True
