"""Random sales: totals, VAT, promotions and removal agree with a model that shares no code."""

from decimal import Decimal
from typing import Any
from unittest import mock

from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.sale import commands as c
from kiosk.sale import promotion_search
from kiosk.sale.commands import Rejected
from kiosk.sale.evolve import replay
from kiosk.sale.product import Product, Promotion
from kiosk.sale.promotion import STAFF_DISCOUNT, discounts, line_offers
from kiosk.sale.promotion_search import PricedLine, best_combination
from kiosk.sale.tax import tax_split
from kiosk.sale.totals import totals
from tests.sale.given import (
    AT,
    BANANA,
    BEER,
    Shop,
    add,
    bundle,
    n_for_m,
    own_price,
    percent,
    product,
)
from tests.sale.slow_model import kroner, rounded, slow_sale, vat_of

A = product("a", 1000)
B = product("b", 1550, vat_code="3", vat_rate_bp=2500)
C = product("c", 333, deposit_minor=200)
D = product("d", 4990, vat_code="5", vat_rate_bp=0)
PRODUCTS = [A, B, C, D, BEER]
IDS = ["a", "b", "c", "d", "beer", "4011"]
PIECES_MAX = 7

some_ids = st.lists(st.sampled_from(IDS), min_size=1, max_size=4, unique=True).map(tuple)
amounts = st.integers(min_value=0, max_value=6000)


@st.composite
def promotions(draw: st.DrawFn) -> tuple[Promotion, ...]:
    found = []
    for number in range(draw(st.integers(min_value=0, max_value=4))):
        ids = draw(some_ids)
        kind = draw(st.sampled_from(["n_for_m", "percent", "bundle", "each", "price"]))
        promotion_id = f"{draw(st.integers(min_value=0, max_value=9))}{number}"
        size = draw(st.integers(min_value=2, max_value=4))
        if kind == "n_for_m":
            pay = draw(st.integers(min_value=0, max_value=size - 1))
            found.append(n_for_m(promotion_id, size, pay, *ids))
        elif kind == "percent":
            bp = draw(st.sampled_from([1, 999, 1000, 2500, 3333, 10_000]))
            found.append(percent(promotion_id, bp, *ids))
        elif kind == "bundle":
            found.append(bundle(promotion_id, size, draw(amounts), *ids))
        elif kind == "each":
            twice = draw(st.booleans())
            found.append(bundle(promotion_id, 0, draw(amounts), *ids, *(ids[:1] if twice else ())))
        else:
            found.append(own_price(promotion_id, draw(amounts), *ids))
    return tuple(found)


def touching(offers: tuple[Promotion, ...], what: Product) -> tuple[Promotion, ...]:
    return tuple(offer for offer in offers if what.id in offer.products)


step = st.one_of(
    st.tuples(st.just("add"), st.sampled_from(PRODUCTS), st.integers(1, 3)),
    st.tuples(st.just("label"), st.sampled_from([A, B]), st.integers(1, 3000)),
    st.tuples(st.just("weigh"), st.just(BANANA), st.integers(1, 3000)),
    st.tuples(st.just("priced"), st.just(BANANA), st.integers(1, 3000)),
    st.tuples(st.just("change"), st.integers(1, 6), st.integers(0, 3)),
    st.tuples(st.just("remove"), st.integers(1, 6), st.just(0)),
    st.tuples(st.just("restore"), st.integers(1, 6), st.just(0)),
    st.tuples(st.just("reprice"), st.integers(1, 6), st.integers(0, 3000)),
    st.tuples(st.just("discount"), st.integers(0, 6), st.sampled_from([0, 1000, 3333, 10_000])),
)


def command_of(offers: tuple[Promotion, ...], what: Any) -> c.Command:
    verb, subject, number = what
    match verb:
        case "add":
            return add(subject, number, promotions=touching(offers, subject))
        case "label" | "priced":
            return add(subject, label_price_minor=number, promotions=touching(offers, subject))
        case "weigh":
            return add(subject, weight_g=number, promotions=touching(offers, subject))
        case "change":
            return c.ChangeQuantity(at_utc=AT, line_id=subject, quantity=number)
        case "reprice":
            return c.ChangePrice(
                at_utc=AT,
                line_id=subject,
                unit_price_minor=number,
                reason=c.PRICE_ON_SHELF,
                attendant_id="s-1",
            )
        case "discount":
            return c.GiveDiscount(
                at_utc=AT,
                line_id=subject or None,
                percent_bp=number,
                reason="damaged",
                attendant_id="s-1",
            )
        case "remove":
            return c.RemoveLine(at_utc=AT, line_id=subject)
    return c.RestoreLine(at_utc=AT, line_id=subject)


def shop_after(offers: tuple[Promotion, ...], steps: list[Any]) -> Shop:
    """Return a sale after those steps that it takes, with few enough pieces to try everything."""
    shop = Shop(limits=c.Limits(lines=6, quantity=3))
    for what in steps:
        before = (shop.sale, list(shop.events))
        try:
            shop.do(command_of(offers, what))
        except Rejected:
            assert (shop.sale, shop.events) == before
        if totals(shop.sale).item_count > PIECES_MAX:
            shop.sale, shop.events = before
            break
    return shop


def slow_staff(shop: Shop) -> Decimal:
    """Return what staff's percentages take off, after the offers' shares of each line."""
    off: dict[int, int] = {}
    for discount in discounts(shop.sale):
        if discount.promotion_id != STAFF_DISCOUNT:
            for line_id, amount in discount.shares:
                off[line_id] = off.get(line_id, 0) + amount
    return sum(
        (
            rounded((line.price + kroner(off.get(line_id, 0))) * line.percent_bp / 10_000)
            for line_id, line in slow_sale(shop.events).lines.items()
            if not line.removed
        ),
        Decimal(0),
    )


@settings(derandomize=True, max_examples=250, deadline=None)
@given(offers=promotions(), steps=st.lists(step, max_size=9))
def test_totals_and_offers_are_those_of_the_slow_model(
    offers: tuple[Promotion, ...], steps: list[Any]
) -> None:
    shop = shop_after(offers, steps)
    sums, slow = totals(shop.sale), slow_sale(shop.events)
    assert kroner(sums.goods_minor) == slow.goods()
    assert kroner(sums.deposit_minor) == slow.deposit()
    assert sums.item_count == slow.item_count()
    saved = slow.saved() + slow_staff(shop)
    assert kroner(sums.saved_minor) == saved, (offers, shop.events)
    assert kroner(sums.total_minor) == slow.goods() + slow.deposit() - saved


@settings(derandomize=True, max_examples=250, deadline=None)
@given(offers=promotions(), steps=st.lists(step, max_size=9))
def test_vat_of_each_rate_is_the_sum_of_its_rounded_lines(
    offers: tuple[Promotion, ...], steps: list[Any]
) -> None:
    shop = shop_after(offers, steps)
    slow, off = slow_sale(shop.events), line_offers(shop.sale)
    gross: dict[tuple[str, int], Decimal] = {}
    vat: dict[tuple[str, int], Decimal] = {}
    for line_id, line in slow.lines.items():
        if not line.removed:
            key = (line.product.vat_code, line.product.vat_rate_bp)
            price = line.price + kroner(off.get(line_id, 0))
            assert 0 <= price <= line.price
            gross[key] = gross.get(key, Decimal(0)) + price
            vat[key] = vat.get(key, Decimal(0)) + vat_of(price, line.product.vat_rate_bp)
    split = tax_split(shop.sale)
    assert {(x.code, x.rate_bp): kroner(x.gross_minor) for x in split} == gross
    assert {(x.code, x.rate_bp): kroner(x.tax_minor) for x in split} == vat
    sums = totals(shop.sale)
    assert sum(x.gross_minor for x in split) == sums.total_minor - sums.deposit_minor


@settings(derandomize=True, max_examples=150, deadline=None)
@given(offers=promotions(), steps=st.lists(step, max_size=9))
def test_each_share_lies_on_a_line_that_the_promotion_is_for(
    offers: tuple[Promotion, ...], steps: list[Any]
) -> None:
    shop = shop_after(offers, steps)
    lines = {line.id: line for line in shop.sale.live_lines}
    by_id = {offer.id: offer for offer in shop.sale.promotions}
    for discount in discounts(shop.sale):
        assert discount.amount_minor == sum(amount for _, amount in discount.shares) < 0
        for line_id, amount in discount.shares:
            assert amount < 0
            if discount.promotion_id == STAFF_DISCOUNT:
                assert lines[line_id].discount_bp
                assert lines[line_id].product.id != "beer"
                continue
            assert lines[line_id].staff_unit_minor is None
            assert lines[line_id].product.id in by_id[discount.promotion_id].products
            assert lines[line_id].product.id != "beer"


@settings(derandomize=True, max_examples=150, deadline=None)
@given(offers=promotions(), steps=st.lists(step, max_size=9), seed=st.randoms())
def test_removal_and_restoring_give_the_same_amounts_again(
    offers: tuple[Promotion, ...], steps: list[Any], seed: Any
) -> None:
    shop = shop_after(offers, steps)
    before = totals(shop.sale)
    ids = [line.id for line in shop.sale.live_lines]
    seed.shuffle(ids)
    for line_id in ids:
        shop.do(c.RemoveLine(at_utc=AT, line_id=line_id))
        saved = slow_sale(shop.events).saved() + slow_staff(shop)
        assert kroner(totals(shop.sale).saved_minor) == saved
    assert totals(shop.sale).total_minor == 0
    for line_id in ids:
        shop.do(c.RestoreLine(at_utc=AT, line_id=line_id))
    assert totals(shop.sale) == before
    assert replay(shop.events) == shop.sale


@settings(derandomize=True, max_examples=200, deadline=None)
@given(
    offers=promotions(),
    lines=st.lists(
        st.tuples(st.sampled_from(IDS[:4]), st.integers(1, 2), st.sampled_from([333, 1000, 1550])),
        max_size=4,
    ),
)
def test_greedy_is_between_the_best_single_promotion_and_the_best_of_all(
    offers: tuple[Promotion, ...], lines: list[tuple[str, int, int]]
) -> None:
    ordered = tuple(sorted(offers, key=lambda offer: offer.id))
    priced = tuple(
        PricedLine(number, product_id, quantity, price * quantity)
        for number, (product_id, quantity, price) in enumerate(lines, 1)
    )
    best = sum(taken.saving_minor for taken in best_combination(ordered, priced))
    alone = [
        sum(taken.saving_minor for taken in best_combination((offer,), priced)) for offer in ordered
    ]
    with mock.patch.object(promotion_search, "EXACT_STEPS", -1):
        greedy = sum(taken.saving_minor for taken in best_combination(ordered, priced))
        assert [
            sum(taken.saving_minor for taken in best_combination((offer,), priced))
            for offer in ordered
        ] == alone
    assert max(alone, default=0) <= greedy <= best


def test_the_slow_model_rounds_half_up() -> None:
    assert rounded(Decimal("2.145")) == Decimal("2.15")
