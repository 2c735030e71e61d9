"""What staff do from afar beside deciding: as at the kiosk, with who and where in the record."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from kiosk.engine import messages as m
from kiosk.engine.clock import utc_text
from kiosk.engine.remote_messages import Errand, OrderAnswered
from kiosk.engine.staff_messages import RemoteDecision, Verdict
from kiosk.engine.view import Screen
from kiosk.fiscal import events as r
from kiosk.journal import JournalUnwritable
from kiosk.sale import events as e
from tests.engine.bench import BEER, MILK, Bench, config


def order(bench: Bench, errand: Errand, **more: object) -> OrderAnswered:
    facts: dict[str, object] = {"order_id": "o1", "attendant_id": "s-9", **more}
    before = len(bench.answers)
    bench.send(m.RemoteOrder(errand=errand, **facts))  # type: ignore[arg-type]
    assert len(bench.answers) == before + 1, "each order is answered, once"
    answer = bench.answers[-1]
    assert isinstance(answer, OrderAnswered)
    return answer


def register_events(bench: Bench) -> list[object]:
    return [*bench.journal.events_of(r.REGISTER)]


def test_a_line_is_voided_by_who_and_from_where_the_record_says(bench: Bench) -> None:
    bench.scan(MILK, BEER)
    said = order(bench, Errand.VOID_LINE, sale_id=bench.view.sale_id, line_id=2, reason="mistake")
    assert said.verdict is Verdict.DONE
    (gone,) = [x for x in bench.record() if isinstance(x, e.LineRemoved)]
    assert (gone.line_id, gone.actor, gone.attendant_id) == (2, e.Actor.STAFF, "s-9")
    assert (gone.where, gone.reason) == ("remote", "mistake")
    assert [line.name for line in bench.view.lines] == ["Lettmelk 1 l"]
    assert bench.view.waiting == (), "nobody need see who buys the beer that is gone"


def test_a_sale_is_voided_and_the_kiosk_is_free(bench: Bench) -> None:
    sale_id = bench.scan(MILK, BEER).view.sale_id
    assert order(bench, Errand.VOID_SALE, sale_id=sale_id, reason="customer_left").verdict == "done"
    aborted = bench.journal.events_of(sale_id)[-1]
    assert isinstance(aborted, e.SaleAborted)
    assert (aborted.actor, aborted.attendant_id, aborted.where) == ("staff", "s-9", "remote")
    assert (bench.view.screen, bench.view.sale_id) == (Screen.START, "")


@pytest.mark.parametrize("errand", [Errand.VOID_LINE, Errand.VOID_SALE])
def test_an_order_about_another_sale_touches_nobody(bench: Bench, errand: Errand) -> None:
    old = bench.scan(MILK).view.sale_id
    bench.pay_by_card().take_receipt().wait(12).scan(MILK)
    events = bench.record()
    assert order(bench, errand, sale_id=old, line_id=1).verdict is Verdict.NO_SUCH
    assert order(bench, errand, sale_id="", line_id=1).verdict is Verdict.NO_SUCH
    assert bench.record() == events


def test_a_line_that_is_not_there_is_no_such(bench: Bench) -> None:
    sale_id = bench.scan(MILK).view.sale_id
    assert order(bench, Errand.VOID_LINE, sale_id=sale_id, line_id=7).verdict is Verdict.NO_SUCH


def test_nothing_is_voided_while_it_is_being_paid(bench: Bench) -> None:
    sale_id = bench.scan(MILK).to_terminal().view.sale_id
    for errand in (Errand.VOID_LINE, Errand.VOID_SALE):
        said = order(bench, errand, sale_id=sale_id, line_id=1)
        assert said.verdict is Verdict.NOT_NOW, said


def test_pause_and_open_say_in_the_record_who_did_it_from_afar(
    make_bench: Callable[..., Bench],
) -> None:
    bench = make_bench(signed=True)
    assert order(bench, Errand.PAUSE).verdict is Verdict.DONE
    assert bench.view.screen is Screen.CLOSED
    assert bench.view.paused
    assert order(bench, Errand.PAUSE, on=False).verdict is Verdict.DONE
    assert bench.view.screen is Screen.START
    order(bench, Errand.CLOSE, opens_at="07.00")
    assert (bench.view.screen, bench.view.opens_at) == (Screen.CLOSED, "07.00")
    order(bench, Errand.OPEN)
    assert bench.view.screen is Screen.START
    told = [x for x in register_events(bench) if isinstance(x, r.KioskOpened | r.KioskClosed)]
    assert [(x.attendant_id, x.where) for x in told] == [("s-9", "remote")] * 4


def test_who_is_shopping_goes_on_when_the_kiosk_is_closed_from_afar(bench: Bench) -> None:
    bench.scan(MILK)
    order(bench, Errand.CLOSE)
    assert bench.view.screen is Screen.SCAN
    bench.pay_by_card().take_receipt().wait(12)
    assert bench.view.screen is Screen.CLOSED


def test_the_day_is_closed_from_afar_but_not_over_an_open_sale(
    make_bench: Callable[..., Bench],
) -> None:
    bench = make_bench(signed=True)
    bench.scan(MILK)
    assert order(bench, Errand.CLOSE_DAY).verdict is Verdict.NOT_NOW
    bench.pay_by_card().take_receipt().wait(12)
    said = order(bench, Errand.CLOSE_DAY)
    assert (said.verdict, said.detail) == (Verdict.DONE, "Z 1")


def test_what_the_configuration_keeps_for_those_who_stand_here_stays_here(
    make_bench: Callable[..., Bench],
) -> None:
    kept = config(orders_only_here=frozenset({Errand.VOID_SALE}))
    bench = make_bench(config=kept).scan(MILK)
    said = order(bench, Errand.VOID_SALE, sale_id=bench.view.sale_id)
    assert said.verdict is Verdict.ONLY_HERE
    assert bench.view.screen is Screen.SCAN


def test_an_order_that_cannot_be_written_down_has_not_happened(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    sale_id = bench.scan(MILK).view.sale_id

    def full(*_: object) -> None:
        raise JournalUnwritable("the disk is full")

    monkeypatch.setattr(bench.journal, "append", full)
    assert order(bench, Errand.VOID_SALE, sale_id=sale_id).verdict is Verdict.FAILED
    assert order(bench, Errand.VOID_SALE, sale_id=sale_id).verdict is Verdict.FAILED


def test_rights_that_come_with_a_decision_are_held_against_its_kind(bench: Bench) -> None:
    bench.scan(MILK).send(m.HelpPressed())
    word = RemoteDecision(
        decision_id="d1",
        kiosk_id=bench.config.kiosk_id,
        sale_id=bench.view.sale_id,
        intervention_id=bench.view.waiting[0].id,
        approved=True,
        attendant_id="s-9",
        rights=frozenset({"open_close"}),
    )
    bench.send(word)
    assert bench.answers[-1].verdict is Verdict.NO_RIGHT
    assert bench.view.help_called
    bench.send(replace(word, rights=frozenset({"decide"})))
    assert bench.answers[-1].verdict is Verdict.TAKEN


def test_a_call_before_the_first_scan_waits_in_view_with_its_time(bench: Bench) -> None:
    bench.send(m.HelpPressed())
    (call,) = bench.view.waiting
    assert (call.kind, bench.view.sale_id) == (e.Interest.HELP, "")
    assert call.raised_at == utc_text(bench.clock.utc_now())
    bench.send(m.HelpCancelled())
    assert bench.view.waiting == ()
