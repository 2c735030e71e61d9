"""A sale that is paid in part, and then: doubt, walking away, a power cut, another hour."""

from pathlib import Path

import pytest

from kiosk.engine import messages as m
from kiosk.engine.remote_messages import Errand, RemoteOrder
from kiosk.engine.view import Screen
from kiosk.sale.events import Actor, Interest, Method, Outcome, SaleAborted
from kiosk.sale.state import Phase
from tests.engine.bench import BEER, MILK
from tests.engine.models import World
from tests.engine.split_bench import MILK_MINOR, SplitBench, finish, recorded
from tests.engine.value_model import SLIP, SMALL_CARD, ValueModel, gift_cards


@pytest.fixture
def bench(tmp_path: Path, catalog_path: Path) -> SplitBench:
    return SplitBench(tmp_path, catalog_path)


def test_the_second_part_in_doubt_keeps_the_first_and_pays_once(bench: SplitBench) -> None:
    bench.shop(MILK, MILK)
    bench.use(SMALL_CARD)
    bench.send(m.MethodChosen(Method.CARD))
    bench.world.terminal.reachable = False
    bench.world.terminal.tap(silent=True)
    bench.wait(250)
    assert bench.view.screen is Screen.IN_DOUBT
    bench.send(m.TenderRemoved(bench.sale.attempts[0].id))
    assert bench.sale.attempts[0].reversal_service_id == ""
    bench.world.terminal.reachable = True
    bench.wait(30)
    assert bench.sale.phase is Phase.COMPLETED
    assert bench.held_minor() == 2 * MILK_MINOR


def test_who_walks_away_after_the_first_part_gets_it_back(bench: SplitBench) -> None:
    bench.shop(MILK, MILK)
    bench.use(SMALL_CARD)
    bench.wait(61).wait(31)
    bench.pump()
    assert bench.sale.phase is Phase.NONE
    assert bench.held_minor() == 0
    (ended,) = recorded(bench, SaleAborted)
    assert isinstance(ended, SaleAborted)
    assert ended.reason == "walked_away"


def test_staff_who_void_a_sale_that_is_paid_in_part_give_it_back_first(bench: SplitBench) -> None:
    bench.shop(MILK, MILK)
    bench.use(SMALL_CARD)
    void = RemoteOrder(
        order_id="o1",
        errand=Errand.VOID_SALE,
        attendant_id="12",
        sale_id=bench.sale.id,
        reason="customer_left",
    )
    bench.send(void)
    bench.pump()
    assert bench.sale.phase is Phase.NONE
    assert bench.held_minor() == 0
    (ended,) = recorded(bench, SaleAborted)
    assert isinstance(ended, SaleAborted)
    assert (ended.reason, ended.actor) == ("customer_left", Actor.STAFF)
    assert (ended.attendant_id, ended.where) == ("12", "remote")


def test_a_reversal_that_fails_holds_the_kiosk_until_staff_have_seen_to_it(
    bench: SplitBench,
) -> None:
    bench.shop(MILK, MILK)
    bench.use(SMALL_CARD)
    bench.cards.reversal_works = False
    bench.wait(61).wait(31)
    bench.pump()
    assert bench.view.screen is Screen.NEEDS_STAFF
    assert bench.sale.phase is Phase.OPEN
    assert not recorded(bench, SaleAborted)
    kind = Interest.PAYMENT_IN_DOUBT
    (call,) = [one for one in bench.sale.interventions if one.open and one.kind is kind]
    bench.cards.reversal_works = True
    bench.send(m.StaffSettled(call.id, approved=True, attendant_id="12"))
    bench.pump()
    assert bench.sale.phase is Phase.NONE
    assert len(recorded(bench, SaleAborted)) == 1


def test_the_first_part_is_there_after_a_power_cut(bench: SplitBench) -> None:
    bench.shop(MILK, MILK)
    bench.use(SMALL_CARD)
    bench.restart()
    assert bench.view.screen is Screen.SCAN
    bench.send(m.PayPressed())
    assert bench.view.tenders.left_minor == 2 * MILK_MINOR - 1000
    finish(bench)
    assert bench.held_minor() == 2 * MILK_MINOR
    assert bench.cards.charges == 1


def test_a_power_cut_while_the_card_pays_asks_and_never_charges_again(bench: SplitBench) -> None:
    bench.shop(MILK, MILK)
    bench.send(m.MethodChosen(Method.GIFT_CARD))
    bench.scan(SMALL_CARD)
    bench.engine.handle(m.ValueConfirmed())  # the answer is on the wire when the power goes
    bench.restart()
    bench.pump()
    assert bench.cards.charges == 1
    assert [one.outcome for one in bench.sale.attempts] == [Outcome.APPROVED]
    assert bench.left == 2 * MILK_MINOR - 1000


def test_a_power_cut_while_parts_go_back_ends_the_sale_without_money(bench: SplitBench) -> None:
    bench.shop(MILK, MILK)
    bench.use(SMALL_CARD)
    bench.scan(SLIP)  # on the pay screen it pays at once
    assert len(bench.view.tenders.paid) == 2
    bench.send(m.LeavePressed())
    bench.wait(61).clock.advance(31)
    bench.engine.handle(m.Tick())  # given up, and the first reversal is on its way
    bench.restart()
    bench.pump()
    assert bench.sale.phase is Phase.NONE
    assert bench.held_minor() == 0


def test_fault_14_a_part_that_was_approved_goes_back_unless_parts_are_wanted(
    bench: SplitBench,
) -> None:
    bench.shop(MILK)
    bench.send(m.MethodChosen(Method.CARD))
    bench.world.terminal.tap(charged_minor=1000)
    bench.pump()
    assert (bench.held_minor(), bench.left) == (0, MILK_MINOR)


def test_fault_14_a_part_that_is_wanted_is_a_tender_and_the_rest_is_asked_for(
    tmp_path: Path, catalog_path: Path
) -> None:
    bench = SplitBench(tmp_path, catalog_path, partial_approval=True)
    bench.shop(MILK)
    bench.send(m.MethodChosen(Method.CARD))
    bench.world.terminal.tap(charged_minor=1000)
    bench.pump()
    assert bench.view.screen is Screen.PAY
    assert [paid.amount_minor for paid in bench.view.tenders.paid] == [1000]
    finish(bench)
    assert bench.held_minor() == MILK_MINOR


def test_beer_whose_hour_ends_between_two_parts_cannot_be_paid_any_more(bench: SplitBench) -> None:
    bench.scan(BEER)
    (call,) = bench.sale.interventions
    bench.send(m.StaffSettled(call.id, approved=True, attendant_id="12"))
    bench.shop(MILK)
    bench.use(SMALL_CARD)
    bench.clock.advance(12 * 3600)
    bench.send(m.StillHerePressed(), m.MethodChosen(Method.CARD))
    assert bench.view.screen is Screen.NEEDS_STAFF
    stop = next(one for one in bench.sale.interventions if one.open)
    bench.send(m.StaffSettled(stop.id, approved=False, attendant_id="12"))
    bench.pump()
    assert BEER not in [line.code for line in bench.sale.live_lines]
    assert bench.left == MILK_MINOR - 1000


def test_models_keep_the_promise_that_the_engine_relies_on() -> None:
    """A number that nobody presented pays nothing: after a power cut all drivers are like that."""
    world = World()
    model: ValueModel = gift_cards(world.events)
    model.forget_all()
    assert model.presented == {}
