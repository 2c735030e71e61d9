"""Deposit vouchers and paper coupons among the goods: what they pay, and that none pays twice."""

from pathlib import Path

import pytest

from kiosk.engine import messages as m
from kiosk.engine.view import Notice, Screen
from kiosk.sale.events import Interest
from kiosk.sale.state import Phase
from tests.engine.bench import MILK
from tests.engine.split_bench import MILK_MINOR, SplitBench, finish
from tests.engine.value_model import LARGE_SLIP, OTHER_SLIP, SLIP


@pytest.fixture
def bench(tmp_path: Path, catalog_path: Path) -> SplitBench:
    return SplitBench(tmp_path, catalog_path)


def test_a_voucher_among_the_goods_pays_when_the_shopper_does(bench: SplitBench) -> None:
    bench.scan(MILK)
    bench.scan(MILK)
    bench.scan(SLIP)
    assert bench.view.notice is Notice.VOUCHER_HELD
    assert bench.view.tenders.vouchers_minor == 3400
    assert bench.held_minor() == 0
    bench.shop(MILK)
    assert bench.left == 3 * MILK_MINOR - 3400
    finish(bench)
    assert bench.held_minor() == 3 * MILK_MINOR
    assert "Pantelapp" in bench.world.papers.texts()[-1]


def test_two_vouchers_pay_one_after_the_other(bench: SplitBench) -> None:
    bench.scan(MILK)
    bench.scan(SLIP)
    bench.scan(OTHER_SLIP)
    bench.shop(MILK)
    assert bench.left == 2 * MILK_MINOR - 3900
    assert [paid.amount_minor for paid in bench.view.tenders.paid] == [3400, 500]


def test_a_voucher_is_never_taken_twice(bench: SplitBench) -> None:
    bench.scan(MILK)
    bench.scan(SLIP)
    bench.scan(SLIP)
    assert bench.view.notice is Notice.VOUCHER_USED
    bench.shop(MILK)
    bench.scan(SLIP)
    assert bench.view.notice is Notice.VOUCHER_USED
    assert bench.slips.charges == 1
    finish(bench)
    bench.send(m.DonePressed()).pump()
    bench.scan(MILK)
    bench.scan(SLIP)
    assert bench.view.notice is Notice.VOUCHER_USED


def test_a_voucher_of_more_than_it_costs_is_not_taken(bench: SplitBench) -> None:
    bench.scan(MILK)
    bench.scan(LARGE_SLIP)
    bench.shop(MILK)
    assert bench.view.notice is Notice.VOUCHER_TOO_LARGE
    assert bench.slips.presented == {}
    assert bench.sale.attempts == ()


def test_a_voucher_that_nobody_can_vouch_for_calls_staff_and_takes_nothing(
    bench: SplitBench,
) -> None:
    bench.scan(MILK)
    bench.slips.answers = False
    bench.scan(SLIP)
    assert bench.view.notice is Notice.VOUCHER_NOT_TAKEN
    assert [call.kind for call in bench.sale.interventions] == [Interest.VOUCHER]
    assert bench.view.tenders.vouchers_minor == 0


def test_a_voucher_before_the_first_item_is_for_later(bench: SplitBench) -> None:
    bench.scan(SLIP)
    assert bench.view.notice is Notice.PAY_WITH_IT_LATER
    assert bench.sale.phase is Phase.NONE


def test_a_paper_coupon_is_looked_at_before_the_shopper_pays(
    tmp_path: Path, catalog_path: Path
) -> None:
    bench = SplitBench(tmp_path, catalog_path, coupon_prefixes=("99",))
    bench.scan("9912345678901")
    assert bench.view.notice is Notice.PAY_WITH_IT_LATER
    bench.scan(MILK)
    bench.scan("9912345678901")
    assert bench.view.notice is Notice.COUPON_SEEN
    bench.send(m.PayPressed())
    assert bench.view.screen is Screen.NEEDS_STAFF
    (call,) = bench.sale.interventions
    assert (call.kind, call.detail) == (Interest.VOUCHER, "coupon")
    bench.send(m.StaffSettled(call.id, approved=True, attendant_id="12"))
    bench.send(m.PayPressed(), m.BagsConfirmed())
    assert bench.view.screen is Screen.PAY
