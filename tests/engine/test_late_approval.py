"""An approval that comes when nobody waits any more, under both rules that a shop can choose."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from kiosk.engine import messages as m
from kiosk.engine.view import Notice, Screen
from kiosk.payments.late import GIVEN_BACK_LATE, Late, LateApproval
from kiosk.payments.reconcile import booked
from kiosk.sale.events import Method, ReversalRequested
from kiosk.sale.state import Phase
from tests.engine.bench import Bench, config
from tests.engine.wallet_shop import METHODS, choose, wallet, world_with_wallets

COMPLETE, GIVE_BACK = LateApproval.COMPLETE, LateApproval.GIVE_BACK


@pytest.fixture
def bench_that(make_bench: Callable[..., Bench]) -> Callable[[LateApproval], Bench]:
    def make(approval: LateApproval) -> Bench:
        usual = config(methods=METHODS)
        late = Late(approval=approval)
        return make_bench(config=replace(usual, late=late), world=world_with_wallets())

    return make


def held_minor(bench: Bench) -> int:
    """What terminal and wallets hold of the shopper's money by their own books."""
    entries = bench.world.books.entries.values()
    return sum(entry.charged_minor for entry in entries if entry.state == "approved")


@pytest.mark.parametrize("approval", [COMPLETE, GIVE_BACK])
def test_fault_11_a_card_approved_after_the_stop_is_completed_or_given_back_never_both(
    bench_that: Callable[[LateApproval], Bench], approval: LateApproval
) -> None:
    bench = bench_that(approval)
    choose(bench, Method.CARD)
    bench.world.terminal.stops = False
    bench.send(m.AbortPaymentPressed())
    bench.world.terminal.tap()
    bench.pump()
    if approval is COMPLETE:
        assert bench.view.screen is Screen.RECEIPT
        assert bench.view.notice is Notice.PAID_ANYWAY
        assert held_minor(bench) == 2390
    else:
        assert (bench.sale.phase, bench.view.screen) == (Phase.OPEN, Screen.PAY)
        assert bench.view.notice is Notice.REVERSED
        assert held_minor(bench) == 0
        (back,) = (e for e in bench.record() if isinstance(e, ReversalRequested))
        assert back.reason == GIVEN_BACK_LATE
        assert list(booked([bench.sale])) == []


@pytest.mark.parametrize("approval", [COMPLETE, GIVE_BACK])
@pytest.mark.parametrize("method", [Method.CARD, Method.VIPPS])
@pytest.mark.parametrize(("away_s", "late"), [(30, False), (3 * 3600, True)])
def test_fault_05_an_approval_of_the_life_before_is_late_when_the_cut_was_long(
    bench_that: Callable[[LateApproval], Bench],
    approval: LateApproval,
    method: Method,
    away_s: float,
    late: bool,
) -> None:
    bench = bench_that(approval)
    choose(bench, method)
    payer = bench.world.terminal if method is Method.CARD else wallet(bench, method)
    payer.tap(silent=True)
    bench.restart(away_s)
    bench.wait(60)
    given_back = late and approval is GIVE_BACK
    assert bench.kinds().count("SaleCompleted") == (not given_back)
    assert held_minor(bench) == (0 if given_back else 2390)
    assert bench.kinds().count("ReversalRequested") == given_back


def test_what_is_given_back_late_can_be_paid_anew(
    bench_that: Callable[[LateApproval], Bench],
) -> None:
    bench = bench_that(GIVE_BACK)
    choose(bench, Method.CARD)
    bench.world.terminal.stops = False
    bench.send(m.AbortPaymentPressed())
    bench.world.terminal.tap()
    bench.pump()
    bench.send(m.MethodChosen(Method.CARD))
    bench.world.terminal.tap()
    bench.pump()
    assert bench.view.screen is Screen.RECEIPT
    assert held_minor(bench) == 2390


def test_an_approval_in_time_is_never_given_back(
    bench_that: Callable[[LateApproval], Bench],
) -> None:
    bench = bench_that(GIVE_BACK)
    choose(bench, Method.CARD)
    bench.wait(120)
    bench.world.terminal.tap()
    bench.pump()
    assert bench.view.screen is Screen.RECEIPT
    assert "ReversalRequested" not in bench.kinds()
