"""Views are cheap: what did not change is the same object, and what is equal is not sent."""

from dataclasses import replace

from kiosk.engine import messages as m
from kiosk.engine.view import View
from tests.engine.bench import COLA, MILK, YOGHURT, Bench


def test_rows_that_did_not_change_are_the_same_objects(bench: Bench) -> None:
    bench.scan(MILK, COLA)
    milk, cola = bench.view.lines
    bench.scan(YOGHURT)
    assert bench.view.lines[0] is milk
    assert bench.view.lines[1] is cola


def test_an_offer_that_comes_true_makes_a_new_row(bench: Bench) -> None:
    bench.scan(YOGHURT, YOGHURT)
    before = bench.view.lines[0]
    assert before.offers == ()
    bench.scan(YOGHURT)
    assert bench.view.lines[0].offers != ()


def test_a_screen_drawn_anew_from_the_last_view_loses_nothing(bench: Bench) -> None:
    bench.scan(MILK).send(m.LookupPressed("fruit"), m.LetterTyped("b"))
    rebuilt = bench.engine._builder.build(View())
    assert replace(rebuilt, seq=bench.view.seq) == bench.view


def test_sums_of_the_view_are_those_of_its_rows(bench: Bench) -> None:
    bench.scan(MILK, COLA, YOGHURT, YOGHURT, YOGHURT, COLA)
    rows, sums = bench.view.lines, bench.view.totals
    offers = sum(offer.amount_minor for row in rows for offer in row.offers)
    assert sums.saved_minor == -offers
    assert sums.deposit_minor == sum(row.deposit_minor for row in rows)
    goods = sum(row.amount_minor for row in rows)
    assert sums.to_pay_minor == goods + sums.deposit_minor + offers
