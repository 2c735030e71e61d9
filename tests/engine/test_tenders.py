"""Gift card first, the rest by card; vouchers; parts taken back; power cuts in between."""

from pathlib import Path

import pytest

from drivers.contracts import DeviceState, ValueState
from kiosk.engine import messages as m
from kiosk.engine.remote_messages import Errand, RemoteOrder
from kiosk.engine.tender_view import ValueStep
from kiosk.engine.view import Notice, Screen
from kiosk.sale.events import Actor, Event, Interest, Method, Outcome, ReceiptChoice, SaleAborted
from kiosk.sale.state import Phase
from kiosk.sale.totals import totals
from tests.engine.bench import BEER, MILK, Bench, config
from tests.engine.models import World
from tests.engine.value_model import (
    GIFT_CARD,
    LARGE_SLIP,
    OTHER_SLIP,
    SLIP,
    SMALL_CARD,
    ValueModel,
    gift_cards,
    vouchers,
)

METHODS = (Method.CARD, Method.GIFT_CARD, Method.DEPOSIT_VOUCHER)
PREFIXES = {Method.GIFT_CARD: ("6338",), Method.DEPOSIT_VOUCHER: ("980",)}
MILK_MINOR = 2390


class SplitBench(Bench):
    """A bench with an issuer of gift cards and a machine for empties."""

    def __init__(self, folder: Path, catalog_path: Path, **more: object) -> None:
        world = World()
        self.cards, self.slips = gift_cards(world.events), vouchers(world.events)
        world.payers = {Method.GIFT_CARD: self.cards, Method.DEPOSIT_VOUCHER: self.slips}
        given = {"methods": METHODS, "value_prefixes": PREFIXES, **more}
        super().__init__(folder, catalog_path, world=world, config=config(**given))

    def restart(self, down_s: float = 30) -> None:
        for model in (self.cards, self.slips):
            model.forget_all()
        super().restart(down_s)

    def shop(self, *codes: str) -> None:
        for code in codes:
            self.scan(code)
        self.send(m.PayPressed(), m.BagsConfirmed())
        assert self.view.screen is Screen.PAY

    def use(self, number: str) -> None:
        """Choose gift card, scan it, and say yes."""
        self.send(m.MethodChosen(Method.GIFT_CARD))
        self.scan(number)
        self.send(m.ValueConfirmed())

    def held_minor(self) -> int:
        """All that any provider has taken and not given back."""
        everybody = (self.world.books, self.cards.books, self.slips.books)
        return sum(entry.charged_minor for books in everybody for entry in books.taken())

    @property
    def left(self) -> int:
        return totals(self.sale).left_minor


@pytest.fixture
def bench(tmp_path: Path, catalog_path: Path) -> SplitBench:
    return SplitBench(tmp_path, catalog_path)


def finish(bench: SplitBench) -> None:
    """Pay the rest by card and go."""
    bench.send(m.MethodChosen(Method.CARD))
    bench.world.terminal.tap()
    bench.pump()
    assert bench.view.screen is Screen.RECEIPT
    bench.send(m.ReceiptChosen(ReceiptChoice.PAPER)).pump()


def recorded(bench: SplitBench, kind: type[Event]) -> list[Event]:
    return [event for event in bench.record() if isinstance(event, kind)]


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


# --- vouchers ----------------------------------------------------------------------------------


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


# --- faults in the middle ------------------------------------------------------------------------


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


# --- partial approval by the terminal ------------------------------------------------------------


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
