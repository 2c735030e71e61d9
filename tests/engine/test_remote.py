"""Decisions from afar: late, twice, two at once, for another kiosk, and those not to be taken."""

from dataclasses import replace

from kiosk.engine import messages as m
from kiosk.engine.staff_messages import DecisionAnswered, RemoteDecision, StaffSeen, Verdict
from kiosk.sale import events as e
from tests.engine.bench import BEER, MILK, Bench


def word(bench: Bench, intervention_id: str = "", **more: object) -> RemoteDecision:
    waiting = bench.view.waiting
    facts: dict[str, object] = {
        "decision_id": "d1",
        "kiosk_id": bench.config.kiosk_id,
        "sale_id": bench.sale.id,
        "intervention_id": intervention_id or waiting[0].id,
        "approved": True,
        "attendant_id": "s-9",
        **more,
    }
    return RemoteDecision(**facts)  # type: ignore[arg-type]


def answer(bench: Bench, decision: RemoteDecision) -> DecisionAnswered:
    before = len(bench.answers)
    bench.send(decision)
    assert len(bench.answers) == before + 1, "each decision is answered, once"
    return bench.answers[-1]


def call(bench: Bench) -> Bench:
    """Begin a sale in which help is asked for."""
    return bench.scan(MILK).send(m.HelpPressed())


def test_a_decision_settles_the_thing_and_names_who_and_from_where(bench: Bench) -> None:
    said = answer(call(bench), word(bench))
    assert (said.verdict, said.settled, said.approved) == (Verdict.TAKEN, True, True)
    (resolved,) = [x for x in bench.record() if isinstance(x, e.InterventionResolved)]
    assert (resolved.attendant_id, resolved.where, resolved.decision_id) == ("s-9", "remote", "d1")
    assert not bench.view.help_called


def test_the_same_decision_again_changes_nothing_and_gets_the_same_answer(bench: Bench) -> None:
    decision = word(call(bench))
    first = answer(bench, decision)
    events = bench.record()
    assert answer(bench, decision) == first
    assert bench.record() == events


def test_the_same_decision_after_a_power_cut_is_known_again(bench: Bench) -> None:
    decision = word(call(bench))
    first = answer(bench, decision)
    bench.restart()
    assert answer(bench, decision) == first


def test_of_two_deciders_the_first_wins_and_the_second_is_told(bench: Bench) -> None:
    call(bench)
    second = word(bench, decision_id="d2", attendant_id="s-2", approved=False)
    answer(bench, word(bench))
    said = answer(bench, second)
    assert (said.verdict, said.approved, said.attendant_id) == (Verdict.STANDS, True, "s-9")


def test_what_went_away_by_itself_stands_so(bench: Bench) -> None:
    late = word(call(bench))
    bench.send(m.HelpCancelled())
    said = answer(bench, late)
    assert (said.verdict, said.where) == (Verdict.STANDS, "itself")


def test_a_decision_on_a_sale_that_is_over_is_told_how_it_ended(bench: Bench) -> None:
    late = word(call(bench))
    bench.send(m.HelpCancelled()).pay_by_card().take_receipt().wait(12).scan(BEER)
    assert answer(bench, late).verdict is Verdict.STANDS
    assert bench.view.waiting, "the next shopper's beer still waits"


def test_a_decision_for_another_kiosk_or_sale_or_thing_settles_nothing_here(bench: Bench) -> None:
    right = word(call(bench))
    events = bench.record()
    for wrong in (
        replace(right, kiosk_id="NT-0477-04"),
        replace(right, sale_id="sale-of-somebody"),
        replace(right, intervention_id="call-of-nobody"),
    ):
        assert answer(bench, wrong).verdict is Verdict.NO_SUCH
    assert answer(bench, replace(right, version=2)).verdict is Verdict.BAD_VERSION
    assert bench.record() == events


def test_alcohol_is_not_approved_from_afar_but_may_be_refused(bench: Bench) -> None:
    bench.scan(MILK, BEER)
    assert answer(bench, word(bench)).verdict is Verdict.ONLY_HERE
    assert len(bench.view.waiting) == 1
    said = answer(bench, word(bench, approved=False, reason="no_id", decision_id="d2"))
    assert said.verdict is Verdict.TAKEN
    assert [line.name for line in bench.view.lines] == ["Lettmelk 1 l"]


def test_approvals_out_of_order_each_find_their_own(bench: Bench) -> None:
    bench.scan(MILK, BEER).send(m.HelpPressed())
    age, help_call = (one.id for one in bench.view.waiting)
    first = word(bench, age, approved=False, decision_id="d-age")
    assert answer(bench, word(bench, help_call, decision_id="d-help")).verdict is Verdict.TAKEN
    assert answer(bench, first).verdict is Verdict.TAKEN
    assert bench.view.waiting == ()


def test_help_before_any_item_is_answered_from_afar(bench: Bench) -> None:
    bench.send(m.HelpPressed())
    decision = word(bench, bench.engine._till.session.help_id)
    assert answer(bench, decision).verdict is Verdict.TAKEN
    assert not bench.view.help_called


def test_who_comes_is_shown_until_the_next_shopper(bench: Bench) -> None:
    bench.scan(BEER).send(StaffSeen(name="Ingrid"))
    assert bench.view.seen_by == "Ingrid"
    bench.send(m.RemovePressed(1)).wait(200)
    assert bench.view.seen_by == ""
