"""The bag scale and the shopper: what is asked, what goes away by itself, who is called."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.engine import messages as m
from kiosk.engine import staff_messages as s
from kiosk.engine.bag_watch import BagWatch
from kiosk.engine.staff_view import BagState, StaffStep, Tool
from kiosk.engine.view import Screen, Tone
from kiosk.sale import events as e
from kiosk.sale.bagging import Learnt
from kiosk.sale.state import Phase
from tests.engine.bench import BEER, CHEESE_LABEL, COLA, MILK, Bench
from tests.engine.conftest import cheap_hashes


def known(grams: float) -> Learnt:
    """Return a product of which ten pieces weighed just about so much."""
    learnt = Learnt()
    for off in (-1, 0, 1, 0, -1, 1, 0, 0, 1, -1):
        learnt = learnt.after(grams + off)
    return learnt


@pytest.fixture
def bagged(folder: Path, catalog_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """A kiosk with a bag scale that knows milk (1035 g) and cola (1560 g)."""
    cheap_hashes(monkeypatch)
    bench = Bench(folder, catalog_path, staffed=True, bagging=True)
    watch(bench).learnt.update({"100": known(1035), "101": known(1560)})
    return bench.bag_weighs(0)


def watch(bench: Bench) -> BagWatch:
    return bench.engine._till.bags


def test_who_scans_and_bags_is_never_asked(bagged: Bench) -> None:
    bagged.scan(MILK).bag_weighs(1036).scan(COLA).bag_weighs(2597).wait(50)
    assert bagged.view.screen is Screen.SCAN
    bagged.pay_by_card()
    assert bagged.view.screen is Screen.RECEIPT
    assert "InterventionRaised" not in bagged.kinds()


def test_something_else_is_asked_about_after_three_seconds_and_not_before(bagged: Bench) -> None:
    bagged.scan(MILK).bag_weighs(1035).bag_weighs(1735).wait(2.9)
    assert bagged.view.screen is Screen.SCAN
    bagged.wait(0.1)
    assert bagged.view.screen is Screen.BAG_WEIGHT
    assert bagged.view.bagging is not None
    assert bagged.view.bagging.state is BagState.SOMETHING_ELSE
    assert bagged.view.bagging.name == "Lettmelk 1 l"


def test_taking_it_up_again_ends_the_question_with_no_tap(bagged: Bench) -> None:
    bagged.scan(MILK).bag_weighs(1735).wait(3)
    assert bagged.view.screen is Screen.BAG_WEIGHT
    bagged.bag_weighs(1035)
    assert bagged.view.screen is Screen.SCAN


def test_scanning_what_was_forgotten_ends_it_too(bagged: Bench) -> None:
    bagged.scan(MILK).bag_weighs(1035).bag_weighs(2595).wait(3)
    assert bagged.view.screen is Screen.BAG_WEIGHT
    bagged.scan(COLA)
    assert bagged.view.screen is Screen.SCAN


def test_a_hand_that_leans_on_the_scale_is_forgiven(bagged: Bench) -> None:
    bagged.scan(MILK).bag_weighs(1035)
    for _ in range(5):
        bagged.bag_weighs(4000).wait(2).bag_weighs(1035).wait(5)
    assert bagged.view.screen is Screen.SCAN


def test_a_weight_that_moves_says_nothing(bagged: Bench) -> None:
    bagged.scan(MILK).bag_weighs(1035).bag_weighs(9000, stable=False).wait(10)
    assert bagged.view.screen is Screen.SCAN


def test_what_is_not_put_down_is_asked_about_late_or_when_it_is_to_be_paid(bagged: Bench) -> None:
    bagged.scan(MILK).bag_weighs(0).wait(19)
    assert bagged.view.screen is Screen.SCAN
    bagged.send(m.PayPressed())
    assert bagged.view.screen is Screen.BAG_WEIGHT
    assert bagged.view.bagging is not None
    assert bagged.view.bagging.state is BagState.NOT_YET_PLACED
    bagged.send(s.SkipBaggingPressed())
    assert bagged.view.screen is Screen.BAGS


def test_nothing_is_charged_while_the_bag_is_asked_about(bagged: Bench) -> None:
    bagged.scan(MILK).bag_weighs(1035).send(m.PayPressed(), m.BagsConfirmed())
    bagged.bag_weighs(2000).send(m.MethodChosen(e.Method.CARD))
    assert bagged.sale.phase is Phase.OPEN
    assert bagged.view.screen is Screen.BAG_WEIGHT


def test_an_own_bag_is_believed(bagged: Bench) -> None:
    bagged.scan(MILK).bag_weighs(1035).bag_weighs(1335).wait(3).send(s.OwnBagPressed())
    assert bagged.view.screen is Screen.SCAN
    bagged.scan(COLA).bag_weighs(1335 + 1560).wait(30)
    assert bagged.view.screen is Screen.SCAN


def test_a_bag_too_heavy_to_be_believed_calls_for_a_glance(bagged: Bench) -> None:
    bagged.scan(MILK).bag_weighs(1035).bag_weighs(4035).wait(3).send(s.OwnBagPressed())
    assert [one.kind for one in bagged.view.waiting] == [e.Interest.WEIGHT]
    assert bagged.view.bagging is not None
    assert bagged.view.bagging.called


def test_who_is_called_is_no_longer_needed_when_the_scale_shows_what_it_should(
    bagged: Bench,
) -> None:
    bagged.scan(MILK).bag_weighs(1735).wait(3).send(s.AllScannedPressed())
    bagged.bag_weighs(1035)
    assert bagged.view.waiting == ()
    assert bagged.view.screen is Screen.SCAN
    (resolved,) = [x for x in bagged.record() if isinstance(x, e.InterventionResolved)]
    assert resolved.where == "itself"


def test_a_call_about_the_bag_is_heard_and_so_is_the_yes(bagged: Bench) -> None:
    bagged.scan(MILK).bag_weighs(1735).wait(3).send(s.AllScannedPressed())
    assert bagged.view.tone is Tone.HELP_SENT
    (call,) = bagged.view.waiting
    bagged.send(m.StaffSettled(call.id, True, "s-1"))
    assert bagged.view.tone is Tone.APPROVED


def test_an_attendants_yes_is_a_false_call_and_the_sale_goes_on_from_there(bagged: Bench) -> None:
    bagged.scan(MILK).bag_weighs(1735).wait(3).send(s.AllScannedPressed()).sign_in()
    (one,) = bagged.desk.decisions
    assert (one.kind, one.detail, one.name) == (
        e.Interest.WEIGHT,
        "something_else",
        "Lettmelk 1 l",
    )
    bagged.send(s.DecisionPressed(one.id, True), s.StaffLeavePressed())
    assert bagged.view.screen is Screen.SCAN
    assert watch(bagged).figures.false_calls == 1
    bagged.scan(COLA).bag_weighs(1735 + 1560).wait(30)
    assert bagged.view.screen is Screen.SCAN


def test_a_look_over_scans_out_of_the_bag_and_counts_what_was_not_paid_for(bagged: Bench) -> None:
    bagged.scan(MILK).bag_weighs(1735).wait(3).send(s.AllScannedPressed()).sign_in()
    bagged.send(s.DecisionPressed(bagged.desk.decisions[0].id, False))
    assert bagged.desk.step is StaffStep.REVIEW
    bagged.scan(MILK, COLA, MILK)
    assert bagged.desk.review is not None
    assert (bagged.desk.review.checked, bagged.desk.review.missing) == ((1,), 2)
    bagged.send(s.StaffConfirmed())
    (resolved,) = [x for x in bagged.record() if isinstance(x, e.InterventionResolved)]
    assert resolved.reason == "checked:3,missing:2"
    assert watch(bagged).figures.false_calls == 0


def test_what_a_look_over_found_can_be_added_and_the_record_still_says_it_was_missing(
    bagged: Bench,
) -> None:
    bagged.scan(MILK).bag_weighs(1735).wait(3).send(s.AllScannedPressed()).sign_in()
    bagged.send(s.DecisionPressed(bagged.desk.decisions[0].id, False)).scan(MILK, COLA, MILK)
    bagged.send(s.AddMissingPressed())
    assert bagged.desk.review is not None
    assert (bagged.desk.review.missing, bagged.desk.review.missing_names) == (0, ())
    assert len(bagged.desk.review.checked) == 3
    assert sum(line.quantity for line in bagged.sale.live_lines) == 3
    added = [x for x in bagged.record() if isinstance(x, e.ItemAdded)][1:]
    assert {one.actor for one in added} == {e.Actor.STAFF}
    bagged.send(s.AddMissingPressed())  # a second press finds nothing to add
    assert sum(line.quantity for line in bagged.sale.live_lines) == 3
    bagged.send(s.StaffConfirmed())
    (resolved,) = [x for x in bagged.record() if isinstance(x, e.InterventionResolved)]
    assert resolved.reason == "checked:3,missing:2"


def test_weights_are_learnt_when_paid_for_and_outlive_the_program(bagged: Bench) -> None:
    bagged.scan(BEER).bag_weighs(530)
    age = next(one for one in bagged.view.waiting if one.kind is e.Interest.AGE)
    bagged.send(m.StaffSettled(age.id, True, "s-1"))
    assert "102" not in watch(bagged).learnt
    bagged.pay_by_card()
    assert watch(bagged).learnt["102"].mean_g == 530
    bagged.restart()
    assert watch(bagged).learnt["102"].mean_g == 530


def test_the_next_shopper_does_not_answer_for_what_the_last_one_left(bagged: Bench) -> None:
    bagged.scan(MILK).bag_weighs(1035).pay_by_card().take_receipt().bag_weighs(400).wait(12)
    bagged.scan(COLA).bag_weighs(400 + 1560).wait(30)
    assert bagged.view.screen is Screen.SCAN


def test_a_sale_that_begins_while_the_bag_before_is_taken_away_begins_with_what_is_left(
    bagged: Bench,
) -> None:
    bagged.scan(MILK).bag_weighs(1035).pay_by_card().take_receipt().wait(12)
    bagged.bag_weighs(500, stable=False).scan(COLA).bag_weighs(40).bag_weighs(1600).wait(30)
    assert bagged.view.screen is Screen.SCAN


def test_the_bag_scale_is_listened_to_between_sales(bagged: Bench) -> None:
    assert bagged.world.bag_scale.watched
    bagged.scan(MILK).bag_weighs(1035).pay_by_card().take_receipt().wait(12)
    assert bagged.world.bag_scale.watched


def test_a_bag_scale_that_is_gone_asks_nothing(bagged: Bench) -> None:
    from drivers.contracts import DeviceState

    bagged.scan(MILK).bag_weighs(1735)
    bagged.world.bag_scale.say(DeviceState.LOST)
    bagged.pump()
    bagged.wait(30)
    assert bagged.view.screen is Screen.SCAN


def test_a_label_with_a_price_is_expected_to_weigh_what_it_paid_for(bagged: Bench) -> None:
    bagged.scan(MILK, CHEESE_LABEL).bag_weighs(1035 + 15).wait(30)  # 2.99 at 199.00 a kilogram
    assert bagged.view.screen is Screen.SCAN
    bagged.bag_weighs(1035 + 15 + 300).wait(4)
    assert bagged.view.screen is Screen.BAG_WEIGHT


def test_a_bag_of_the_shops_is_sold_without_a_question_about_where_it_is(bagged: Bench) -> None:
    bagged.scan(MILK).bag_weighs(1035).send(m.PayPressed(), m.BagPressed("900", 1))
    bagged.send(m.BagsConfirmed()).wait(10)
    assert bagged.view.screen is Screen.PAY
    bagged.bag_weighs(1035 + 45).wait(10)
    assert bagged.view.screen is Screen.PAY


def test_what_an_attendant_adds_may_lie_in_the_bag_already_and_is_not_asked_for_twice(
    bagged: Bench,
) -> None:
    bagged.scan(MILK).bag_weighs(1035 + 1560).wait(4).send(s.AllScannedPressed()).sign_in()
    bagged.send(s.ToolPressed(Tool.ADD_ITEM)).scan(COLA).wait(1)
    assert bagged.desk.decisions == ()
    bagged.send(s.StaffLeavePressed()).wait(30)
    assert bagged.view.screen is Screen.SCAN
    assert bagged.engine._till.bags.figures.false_calls == 0


def test_the_bag_scale_never_prices(bagged: Bench) -> None:
    bagged.send(m.LookupPressed("fruit"), m.ProductPicked("4011")).bag_weighs(800)
    assert bagged.view.weigh is not None
    assert bagged.view.weigh.weight_g is None


def checking(make_bench: Callable[..., Bench], draw: float) -> Bench:
    bench = make_bench(staffed=True)
    bench.engine._till.config = replace(bench.config, random_checks=True)
    bench.engine._till.ids.draw = lambda: draw  # type: ignore[method-assign]
    return bench


def test_a_sale_that_is_drawn_waits_for_a_look_and_one_that_is_not_does_not(
    make_bench: Callable[..., Bench], monkeypatch: pytest.MonkeyPatch
) -> None:
    cheap_hashes(monkeypatch)
    bench = checking(make_bench, 0.0)
    bench.scan(MILK).send(m.PayPressed())
    assert [one.kind for one in bench.view.waiting] == [e.Interest.RANDOM_CHECK]
    assert bench.view.screen is Screen.NEEDS_STAFF
    bench.sign_in()
    bench.send(s.DecisionPressed(bench.desk.decisions[0].id, True))
    assert bench.desk.review is not None
    assert bench.desk.review.wanted == 5
    before = bench.engine._till.looks.rate
    bench.scan(MILK, COLA).send(s.StaffConfirmed(), s.StaffLeavePressed())
    assert bench.engine._till.looks.rate > before
    assert bench.view.screen is Screen.SCAN
    bench.send(m.PayPressed())
    assert bench.view.screen is Screen.BAGS


def test_a_sale_is_drawn_for_once(make_bench: Callable[..., Bench]) -> None:
    bench = checking(make_bench, 0.9)
    bench.scan(MILK).send(m.PayPressed(), m.BackPressed())
    bench.engine._till.ids.draw = lambda: 0.0  # type: ignore[method-assign]
    bench.send(m.PayPressed())
    assert bench.view.waiting == ()
