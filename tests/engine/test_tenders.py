"""Gift card first, the rest by card, and parts taken back."""

from pathlib import Path

import pytest

from drivers.contracts import DeviceState, ValueState
from kiosk.engine import messages as m
from kiosk.engine.tender_view import ValueStep
from kiosk.engine.view import Notice, Screen
from kiosk.sale.events import Interest, Method
from tests.engine.bench import MILK
from tests.engine.split_bench import MILK_MINOR, SplitBench, finish
from tests.engine.value_model import GIFT_CARD, SMALL_CARD


@pytest.fixture
def bench(tmp_path: Path, catalog_path: Path) -> SplitBench:
    return SplitBench(tmp_path, catalog_path)


def test_a_gift_card_pays_what_it_has_and_the_rest_goes_on_a_card(bench: SplitBench) -> None:
    bench.shop(MILK, MILK)
    bench.send(m.MethodChosen(Method.GIFT_CARD))
    assert bench.view.screen is Screen.VALUE
    bench.scan(SMALL_CARD)
    value = bench.view.tenders.value
    assert value is not None
    assert (value.step, value.balance_minor, value.pays_minor) == (ValueStep.SHOWN, 1000, 1000)
    assert (value.last_four, value.left_after_minor) == ("0022", 2 * MILK_MINOR - 1000)
    bench.send(m.ValueConfirmed())
    assert bench.view.screen is Screen.PAY
    (paid,) = bench.view.tenders.paid
    assert (paid.method, paid.amount_minor) == (Method.GIFT_CARD, 1000)
    assert bench.view.tenders.left_minor == 2 * MILK_MINOR - 1000
    finish(bench)
    (by_card,) = bench.world.books.taken()
    assert by_card.charged_minor == 2 * MILK_MINOR - 1000
    assert bench.held_minor() == 2 * MILK_MINOR
    paper = bench.world.papers.texts()[-1]
    assert "Gavekort" in paper
    assert "Bankkort" in paper


def test_a_card_with_more_than_it_costs_pays_all(bench: SplitBench) -> None:
    bench.shop(MILK)
    bench.use(GIFT_CARD)
    assert bench.view.screen is Screen.RECEIPT
    assert bench.cards.numbers[GIFT_CARD] == 5000 - MILK_MINOR


def test_a_number_may_be_typed_and_is_never_whole_in_a_view(bench: SplitBench) -> None:
    bench.shop(MILK)
    bench.send(m.MethodChosen(Method.GIFT_CARD))
    for digit in "633800000000000x0014":
        bench.send(m.ValueDigitTyped(digit))
    bench.send(m.ValueDigitTyped("9"), m.ValueDigitTyped("\b"))
    value = bench.view.tenders.value
    assert value is not None
    assert value.typed.endswith(" 0014")
    assert value.typed.count("•") == 15
    bench.send(m.ValueConfirmed())
    assert bench.view.tenders.value is not None
    assert bench.view.tenders.value.step is ValueStep.SHOWN
    seen = repr(bench.published) + repr(bench.record()) + repr(bench.engine._till.session)
    assert GIFT_CARD not in seen
    assert "63380000" not in seen


def test_too_few_digits_are_no_number(bench: SplitBench) -> None:
    bench.shop(MILK)
    bench.send(m.MethodChosen(Method.GIFT_CARD))
    for digit in "6338":
        bench.send(m.ValueDigitTyped(digit))
    bench.send(m.ValueConfirmed())
    assert bench.view.tenders.value is not None
    assert bench.view.tenders.value.step is ValueStep.ASK
    assert bench.cards.presented == {}


def test_a_card_that_pays_for_nothing_says_why(bench: SplitBench) -> None:
    bench.shop(MILK)
    bench.send(m.MethodChosen(Method.GIFT_CARD))
    for number, problem in (
        ("6338000000000000030", ValueState.EMPTY),
        ("6338000000000000099", ValueState.NOT_KNOWN),
    ):
        bench.scan(number)
        value = bench.view.tenders.value
        assert value is not None
        assert (value.step, value.problem) == (ValueStep.ASK, problem)
    assert bench.cards.presented == {}


def test_numbers_cannot_be_guessed_here(bench: SplitBench) -> None:
    bench.shop(MILK)
    bench.send(m.MethodChosen(Method.GIFT_CARD))
    for tail in range(9):
        bench.scan(f"63380000000009{tail:05d}")
    value = bench.view.tenders.value
    assert value is None or value.locked
    calls = [call for call in bench.sale.interventions if call.kind is Interest.VOUCHER]
    assert len(calls) == 1
    assert bench.cards.presented == {}


def test_back_puts_the_card_away_and_takes_nothing(bench: SplitBench) -> None:
    bench.shop(MILK)
    bench.send(m.MethodChosen(Method.GIFT_CARD))
    bench.scan(GIFT_CARD)
    bench.send(m.BackPressed())
    assert bench.view.screen is Screen.PAY
    assert bench.cards.presented == {}
    bench.send(m.ValueConfirmed())
    assert bench.sale.attempts == ()


def test_a_gift_card_among_the_goods_is_for_later(bench: SplitBench) -> None:
    bench.scan(MILK)
    bench.scan(GIFT_CARD)
    assert bench.view.notice is Notice.PAY_WITH_IT_LATER
    assert len(bench.view.lines) == 1


def test_a_card_scanned_where_one_pays_is_shown_at_once(bench: SplitBench) -> None:
    bench.shop(MILK)
    bench.scan(GIFT_CARD)
    assert bench.view.screen is Screen.VALUE
    bench.send(m.ValueConfirmed())
    assert bench.view.screen is Screen.RECEIPT


def test_an_issuer_that_is_gone_greys_out(bench: SplitBench) -> None:
    bench.cards.say(DeviceState.LOST)
    bench.pump()
    bench.shop(MILK)
    bench.send(m.MethodChosen(Method.GIFT_CARD))
    assert bench.view.screen is Screen.PAY


def test_what_the_card_lost_meanwhile_is_left_to_pay(bench: SplitBench) -> None:
    bench.shop(MILK)
    bench.send(m.MethodChosen(Method.GIFT_CARD))
    bench.scan(GIFT_CARD)
    bench.cards.numbers[GIFT_CARD] = 700  # another till was faster
    bench.send(m.ValueConfirmed())
    assert bench.left == MILK_MINOR - 700
    finish(bench)
    assert bench.held_minor() == MILK_MINOR


def test_an_issuer_that_takes_too_much_gives_it_back(bench: SplitBench) -> None:
    bench.shop(MILK)
    bench.cards.takes = MILK_MINOR + 100
    bench.use(GIFT_CARD)
    bench.pump()
    assert (bench.held_minor(), bench.left) == (0, MILK_MINOR)
    assert bench.cards.reversals == 1


def test_a_part_that_is_removed_goes_back_and_is_owed_again(bench: SplitBench) -> None:
    bench.shop(MILK, MILK)
    bench.use(SMALL_CARD)
    (paid,) = bench.view.tenders.paid
    bench.send(m.TenderRemoved(paid.attempt_id))
    assert bench.view.notice is Notice.TENDER_REMOVED
    bench.send(m.TenderRemoved(paid.attempt_id))
    assert bench.view.tenders.paid == ()
    assert (bench.held_minor(), bench.left) == (0, 2 * MILK_MINOR)
    assert bench.cards.reversals == 1
