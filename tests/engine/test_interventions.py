"""Every kind of intervention by its rule: what raises it, what it stops, what settles it."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from drivers.light.contract import Lamp
from kiosk.engine import messages as m
from kiosk.engine import staff_messages as s
from kiosk.engine.view import Notice, Screen
from kiosk.sale import events as e
from kiosk.sale.commands import Limits
from kiosk.sale.events import Interest, Policy
from kiosk.sale.policy import chosen
from kiosk.sale.state import Phase
from tests.engine.bench import BEER, COLA, MILK, RECALLED_SALAD, UNKNOWN, Bench, config

OLD_MILK = "010703801000165917260301"
"""GS1: milk that was to be used by 1 March 2026, the day before the bench's."""
PARACETAMOL = "7046260000018"


def under(**policies: Policy) -> Limits:
    return Limits(policies=chosen({Interest(name): one for name, one in policies.items()}))


def open_kinds(bench: Bench) -> list[Interest]:
    return [call.kind for call in bench.view.waiting]


# --- unknown codes ------------------------------------------------------------------------------


def test_the_second_unknown_code_in_a_row_is_noted_and_the_next_item_forgives_it(
    bench: Bench,
) -> None:
    bench.scan(MILK, UNKNOWN)
    assert open_kinds(bench) == []
    bench.scan(UNKNOWN)
    assert open_kinds(bench) == [Interest.UNKNOWN_ITEM]
    assert UNKNOWN not in repr(bench.record()), "it may be a badge, or a loyalty card"
    bench.scan(COLA)
    assert open_kinds(bench) == []
    assert bench.pay_by_card().view.screen is Screen.RECEIPT


def test_an_unknown_code_and_a_known_one_by_turns_call_nobody(bench: Bench) -> None:
    bench.scan(UNKNOWN, MILK, UNKNOWN, COLA, UNKNOWN, MILK)
    assert "InterventionRaised" not in bench.kinds()


def test_a_shop_may_let_unknown_codes_stop_the_shopper(make_bench: Callable[..., Bench]) -> None:
    bench = make_bench(config=config(limits=under(unknown_item=Policy.BLOCKS_NOW)))
    bench.scan(MILK, UNKNOWN, UNKNOWN)
    assert bench.view.screen is Screen.NEEDS_STAFF
    assert bench.world.light.shown[-1].lamp is Lamp.RED


# --- prices -------------------------------------------------------------------------------------


def test_help_about_a_price_is_a_price_query_about_the_line_that_is_open(staffed: Bench) -> None:
    staffed.scan(MILK, COLA).send(m.LinePressed(1), m.HelpPressed(), m.HelpReasonChosen("price"))
    (call,) = staffed.view.waiting
    assert (call.kind, call.line_id, call.policy) == (Interest.PRICE_QUERY, 1, Policy.NOTED)
    assert staffed.view.help_called
    staffed.sign_in()
    (card,) = staffed.desk.decisions
    assert (card.kind, card.name) == (Interest.PRICE_QUERY, "Lettmelk 1 l")
    staffed.send(s.DecisionPressed(card.id, True), s.StaffLeavePressed())
    assert not staffed.view.help_called
    assert staffed.view.waiting == ()


def test_a_no_to_a_price_query_takes_the_line_out(staffed: Bench) -> None:
    staffed.scan(MILK, COLA).send(m.HelpPressed(), m.HelpReasonChosen("price")).sign_in()
    staffed.send(s.DecisionPressed(staffed.desk.decisions[0].id, False))
    assert [line.name for line in staffed.view.lines] == ["Lettmelk 1 l"]


def test_a_shopper_who_needs_no_help_after_all_ends_the_price_query(bench: Bench) -> None:
    bench.scan(MILK).send(m.HelpPressed(), m.HelpReasonChosen("price"), m.HelpCancelled())
    assert bench.view.waiting == ()
    assert bench.pay_by_card().view.screen is Screen.RECEIPT


def test_a_price_without_goods_is_help(bench: Bench) -> None:
    bench.send(m.StartPressed(), m.HelpPressed(), m.HelpReasonChosen("price"))
    assert (bench.view.help_called, bench.view.help_reason) == (True, "price")
    assert Interest.PRICE_QUERY not in open_kinds(bench)


# --- what is refused, and known -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "aim_id", "notice", "kind", "detail"),
    [
        (RECALLED_SALAD, "", Notice.RECALLED, Interest.RECALLED, "Tilbakekalt salat"),
        (OLD_MILK, "]C1", Notice.EXPIRED, Interest.EXPIRED, "Lettmelk 1 l 2026-03-01"),
    ],
)
def test_what_must_leave_the_shelf_is_refused_and_staff_hear_of_it_once(
    bench: Bench, code: str, aim_id: str, notice: Notice, kind: Interest, detail: str
) -> None:
    bench.scan(code, aim_id=aim_id)
    assert bench.view.notice is notice
    bench.scan(code, aim_id=aim_id)
    raised = [x for x in bench.record() if isinstance(x, e.InterventionRaised)]
    assert [(x.kind, x.detail) for x in raised] == [(kind, detail)]
    assert bench.view.lines == ()


def test_a_recalled_item_may_stop_the_shopper_until_somebody_has_it(
    make_bench: Callable[..., Bench],
) -> None:
    bench = make_bench(config=config(limits=under(recalled=Policy.BEFORE_PAYMENT)))
    bench.scan(MILK, RECALLED_SALAD).send(m.PayPressed())
    assert bench.view.screen is Screen.NEEDS_STAFF


def test_more_than_the_limit_is_refused_and_noted_and_staff_cannot_lift_it(staffed: Bench) -> None:
    staffed.scan(PARACETAMOL, PARACETAMOL, PARACETAMOL)
    assert staffed.view.notice is Notice.QUANTITY_LIMIT
    assert Interest.QUANTITY_LIMIT in open_kinds(staffed)
    staffed.sign_in().send(s.StaffLinePressed(1), s.StaffQuantityPressed(1, 3))
    assert staffed.view.lines[0].quantity == 2


def test_an_age_may_stop_the_shopper_at_once(make_bench: Callable[..., Bench]) -> None:
    bench = make_bench(config=config(limits=under(age=Policy.BLOCKS_NOW)))
    bench.scan(BEER)
    assert bench.view.screen is Screen.NEEDS_STAFF
    bench.scan(MILK)
    assert len(bench.view.lines) == 1
    assert not bench.world.scanner.enabled


# --- who has walked away ------------------------------------------------------------------------


def test_a_sale_walked_away_from_is_noted_and_ends_by_itself(bench: Bench) -> None:
    bench.scan(MILK).wait(60 + 30)
    assert bench.view.screen is Screen.START
    raised, resolved, aborted = bench.record()[-3:]
    assert isinstance(raised, e.InterventionRaised)
    assert isinstance(resolved, e.InterventionResolved)
    assert isinstance(aborted, e.SaleAborted)
    assert (raised.kind, resolved.where) == (Interest.WALKED_AWAY, "itself")
    assert (aborted.reason, aborted.actor) == ("walked_away", e.Actor.KIOSK)


@pytest.mark.parametrize("back", [True, False])
def test_a_shop_may_have_somebody_look_before_the_sale_ends(staffed: Bench, back: bool) -> None:
    till = staffed.engine._till
    till.config = replace(staffed.config, limits=under(walked_away=Policy.BLOCKS_NOW))
    staffed.scan(MILK).wait(60 + 30)
    assert (staffed.view.screen, staffed.sale.phase) == (Screen.NEEDS_STAFF, Phase.OPEN)
    staffed.wait(3600)
    assert staffed.sale.phase is Phase.OPEN
    staffed.sign_in()
    staffed.send(s.DecisionPressed(staffed.desk.decisions[0].id, back), s.StaffLeavePressed())
    assert staffed.view.screen is (Screen.SCAN if back else Screen.START)
    ended = [x for x in staffed.record() if isinstance(x, e.SaleAborted)]
    assert len(ended) == (0 if back else 1)
    assert all(x.actor is e.Actor.STAFF and x.attendant_id for x in ended)


# --- who did it ---------------------------------------------------------------------------------


def test_an_undone_removal_says_who_undid_it(bench: Bench) -> None:
    bench.scan(MILK).send(m.RemovePressed(1), m.UndoPressed())
    restored = bench.record()[-1]
    assert isinstance(restored, e.LineRestored)
    assert (restored.actor, restored.attendant_id) == (e.Actor.SHOPPER, "")
