"""How often somebody is looked over, and what that depends on."""

import random

from kiosk.sale import commands as c
from kiosk.sale.checks import BASE, LEAST, MOST, Looks, is_chosen, risk
from kiosk.sale.state import NO_SALE
from tests.sale.given import AT, MILK, Shop


def after(looks: int, every: int) -> Looks:
    numbers = Looks()
    for number in range(1, looks + 1):
        numbers = numbers.after(found=bool(every) and number % every == 0)
    return numbers


def test_it_begins_at_the_base_rate() -> None:
    assert Looks().rate == BASE


def test_finding_nothing_lowers_the_rate_and_never_to_nothing() -> None:
    assert LEAST <= after(100, 0).rate < BASE / 3
    assert after(5000, 0).rate >= LEAST


def test_finding_much_raises_it_and_never_to_everybody() -> None:
    assert after(100, 4).rate > 3 * BASE
    assert after(1000, 1).rate == MOST


def test_old_finds_fade() -> None:
    numbers = after(100, 2)
    for _ in range(400):
        numbers = numbers.after(found=False)
    assert numbers.rate < BASE


def test_removing_much_is_worth_a_second_look() -> None:
    shop = Shop()
    for line_id in (1, 2, 3):
        shop.add(MILK)
        shop.do(c.RemoveLine(at_utc=AT, line_id=line_id))
    assert risk(shop.sale, 0) == 1.5
    assert risk(shop.sale, 2) == 2.25
    assert risk(NO_SALE, 0) == 1


def test_the_draw_decides_and_the_rate_is_met_on_the_long_run() -> None:
    source = random.Random(11)
    chosen = sum(is_chosen(Looks(), NO_SALE, 0, source.random()) for _ in range(20_000))
    assert abs(chosen / 20_000 - BASE) < 0.005
