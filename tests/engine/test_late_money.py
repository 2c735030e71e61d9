"""Money that was taken for a sale that is over: written down there, and given back by itself.

Each test begins with a payment of which an attendant has said "not paid", and was wrong.
"""

import logging
from collections.abc import Callable

import pytest

from drivers.contracts import DeviceState, PaymentAnswered, PaymentOutcome, ReversalAnswered
from drivers.light.contract import Lamp, Signal
from kiosk.engine import messages as m
from kiosk.engine import staff_messages as s
from kiosk.engine.staff_messages import DECISION_VERSION, RemoteDecision, Verdict
from kiosk.engine.staff_view import Tool
from kiosk.engine.view import Screen
from kiosk.journal import JournalUnwritable
from kiosk.payments.late import GIVEN_BACK_LATE
from kiosk.payments.reconcile import booked
from kiosk.sale.events import (
    Interest,
    Method,
    Outcome,
    PaymentSettled,
    Policy,
    ReceiptChoice,
    ReversalRequested,
    ReversalSettled,
)
from kiosk.sale.evolve import replay
from kiosk.sale.state import Attempt, Phase, Sale
from tests.engine.bench import MILK, Bench, config
from tests.engine.models import Entry, TerminalModel, result_of, unknown
from tests.engine.wallet_shop import METHODS, choose, wallet, world_with_wallets

DAY_S = 24 * 3600


@pytest.fixture
def shop(make_bench: Callable[..., Bench]) -> Bench:
    return make_bench(config=config(methods=METHODS), world=world_with_wallets())


def payer_of(shop: Bench, method: Method) -> TerminalModel:
    return shop.world.terminal if method is Method.CARD else wallet(shop, method)


def said_not_paid(shop: Bench, method: Method = Method.CARD) -> Entry:
    """Let a payment end in doubt, and an attendant call it not paid; return it in their books."""
    choose(shop, method)
    payer = payer_of(shop, method)
    payer.reachable = False
    running = payer.running
    assert running is not None
    payer.answer(running.attempt_id, unknown(running.service_id))
    shop.pump()
    shop.wait(60)
    (call,) = [one for one in shop.sale.interventions if one.open]
    shop.send(m.StaffSettled(call.id, approved=False, attendant_id="A7"))
    assert (shop.sale.phase, shop.sale.attempts[-1].unconfirmed) == (Phase.OPEN, True)
    return shop.world.books.entries[running.service_id]


def taken_all_the_same(payer: TerminalModel, entry: Entry) -> None:
    """The shopper's money is gone, by the payer's own books, and nobody has told the kiosk."""
    payer.running = None
    entry.state, entry.charged_minor, entry.transaction_id = (
        "approved",
        entry.amount_minor,
        "T-LATE",
    )


def walk_away(shop: Bench) -> str:
    """Leave; return the sale that nobody paid."""
    sale_id = shop.sale.id
    shop.wait(200)
    assert shop.view.screen is Screen.START
    return sale_id


def pay_otherwise(shop: Bench) -> str:
    """Pay by the next card, take the receipt and go; return the sale."""
    sale_id = shop.sale.id
    shop.send(m.MethodChosen(Method.CARD))
    shop.world.terminal.tap()
    shop.pump()
    shop.take_receipt(ReceiptChoice.NONE).send(m.DonePressed())
    assert shop.view.screen is Screen.START
    return sale_id


def read(shop: Bench, sale_id: str) -> Sale:
    return replay(shop.journal.events_of(sale_id))


def first(shop: Bench, sale_id: str) -> Attempt:
    return read(shop, sale_id).attempts[0]


def held_minor(shop: Bench) -> int:
    entries = shop.world.books.entries.values()
    return sum(entry.charged_minor for entry in entries if entry.state == "approved")


def answer(shop: Bench, method: Method, entry: Entry, attempt_id: str) -> Bench:
    payer_of(shop, method).answer(attempt_id, result_of(entry))
    shop.pump()
    return shop


# --- the answer comes ---------------------------------------------------------------------------


@pytest.mark.parametrize("method", [Method.CARD, Method.VIPPS, Method.KLARNA, Method.STREX])
@pytest.mark.parametrize("leave", [walk_away, pay_otherwise])
def test_an_approval_for_a_sale_that_is_over_is_written_there_and_goes_back(
    shop: Bench, method: Method, leave: Callable[[Bench], str]
) -> None:
    entry = said_not_paid(shop, method)
    if leave is pay_otherwise and method is Method.CARD:
        payer_of(shop, method).running = None
    sale_id = leave(shop)
    taken_all_the_same(payer_of(shop, method), entry)
    answer(shop, method, entry, first(shop, sale_id).id)
    late = first(shop, sale_id)
    assert (late.outcome, late.reversed, late.approved_minor) == (Outcome.REVERSED, True, 2390)
    assert entry.state == "reversed"
    (wish,) = [one for one in shop.record() if isinstance(one, ReversalRequested)]
    assert (wish.attempt_id, wish.reason) == (late.id, GIVEN_BACK_LATE)
    paid = leave is pay_otherwise
    assert held_minor(shop) == sum(one.amount_minor for one in booked([read(shop, sale_id)]))
    assert held_minor(shop) == (2390 if paid else 0)
    assert read(shop, sale_id).phase is (Phase.CLOSED if paid else Phase.ABORTED)
    assert not shop.view.waiting


def test_the_approval_and_the_wish_to_give_it_back_are_one_commit(
    shop: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = said_not_paid(shop)
    sale_id = walk_away(shop)
    taken_all_the_same(shop.world.terminal, entry)
    commits: list[list[str]] = []
    append = shop.journal.append

    def watched(of: str, seq: int, events: list[object]) -> None:
        commits.append([type(event).__name__ for event in events])
        append(of, seq, events)  # type: ignore[arg-type]

    monkeypatch.setattr(shop.journal, "append", watched)
    answer(shop, Method.CARD, entry, first(shop, sale_id).id)
    assert commits == [["PaymentSettled", "ReversalRequested"], ["ReversalSettled"]]


def test_the_same_approval_twice_goes_back_once(shop: Bench) -> None:
    entry = said_not_paid(shop)
    sale_id = walk_away(shop)
    taken_all_the_same(shop.world.terminal, entry)
    for _ in range(3):
        answer(shop, Method.CARD, entry, first(shop, sale_id).id)
        entry.state = "reversed"
    assert shop.world.terminal.reversals == 1
    assert shop.kinds().count("ReversalRequested") == 1


def test_an_approval_that_comes_while_the_next_shopper_pays_waits_for_them(shop: Bench) -> None:
    entry = said_not_paid(shop)
    sale_id = walk_away(shop)
    taken_all_the_same(shop.world.terminal, entry)
    shop.scan(MILK).to_terminal()
    answer(shop, Method.CARD, entry, first(shop, sale_id).id)
    assert shop.world.terminal.reversals == 0
    assert first(shop, sale_id).reversal_service_id
    shop.world.terminal.tap()
    shop.pump()
    assert shop.world.terminal.reversals == 1
    assert (entry.state, held_minor(shop)) == ("reversed", 2390)
    assert shop.view.screen is Screen.RECEIPT


def test_an_approval_for_a_sale_that_was_set_aside_goes_back(staffed: Bench) -> None:
    shop = staffed
    entry = said_not_paid(shop)
    shop.world.terminal.running = None
    sale_id = shop.sale.id
    shop.sign_in("20", "2580").send(s.ToolPressed(Tool.SUSPEND), s.StaffLeavePressed())
    assert shop.sale.phase is Phase.NONE
    taken_all_the_same(shop.world.terminal, entry)
    answer(shop, Method.CARD, entry, first(shop, sale_id).id)
    assert (first(shop, sale_id).outcome, held_minor(shop)) == (Outcome.REVERSED, 0)


def test_another_amount_than_was_asked_goes_back_as_it_was_taken(shop: Bench) -> None:
    entry = said_not_paid(shop)
    sale_id = walk_away(shop)
    taken_all_the_same(shop.world.terminal, entry)
    entry.charged_minor = 999
    answer(shop, Method.CARD, entry, first(shop, sale_id).id)
    assert (first(shop, sale_id).approved_minor, entry.state) == (999, "reversed")


def test_an_approval_that_no_record_names_is_told_to_people(
    shop: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    entry = Entry("S1", "sale-x", 2390, "NOK", "approved", "T-X", 2390)
    answer(shop, Method.CARD, entry, "attempt-nobody-knows")
    assert [one.levelno for one in caplog.records if "another sale" in one.message] == [40]
    assert shop.world.terminal.reversals == 0


# --- nobody tells, so it is asked ---------------------------------------------------------------


@pytest.mark.parametrize("method", [Method.CARD, Method.VIPPS])
def test_what_staff_called_not_paid_is_asked_about_until_the_payer_says_so(
    shop: Bench, method: Method
) -> None:
    entry = said_not_paid(shop, method)
    sale_id = walk_away(shop)
    asked = payer_of(shop, method).asks
    shop.wait(3600)
    assert payer_of(shop, method).asks > asked
    payer_of(shop, method).reachable = True
    entry.state = "cancelled"
    shop.wait(3600)
    asked = payer_of(shop, method).asks
    assert (first(shop, sale_id).outcome, first(shop, sale_id).unconfirmed) == (
        Outcome.CANCELLED,
        False,
    )
    shop.wait(DAY_S)
    shop.restart()
    shop.wait(DAY_S)
    assert payer_of(shop, method).asks == asked


@pytest.mark.parametrize("restarts", [0, 1, 2])
def test_money_that_was_taken_silently_is_found_by_asking_and_goes_back(
    shop: Bench, restarts: int
) -> None:
    entry = said_not_paid(shop)
    sale_id = walk_away(shop)
    taken_all_the_same(shop.world.terminal, entry)
    for _ in range(restarts):
        shop.restart()
    shop.world.terminal.reachable = True
    shop.wait(3600)
    assert (first(shop, sale_id).outcome, entry.state) == (Outcome.REVERSED, "reversed")
    assert shop.kinds().count("ReversalRequested") == 1


def test_nobody_is_asked_while_somebody_is_at_the_glass(shop: Bench) -> None:
    said_not_paid(shop)
    asked = shop.world.terminal.asks
    shop.world.terminal.running = None
    shop.send(m.BackPressed()).wait(50)
    assert shop.sale.phase is Phase.OPEN
    assert shop.world.terminal.asks == asked


def test_a_terminal_that_never_answers_is_asked_for_two_days_and_no_longer(shop: Bench) -> None:
    said_not_paid(shop)
    walk_away(shop)
    shop.wait(3 * DAY_S)
    asked = shop.world.terminal.asks
    shop.wait(DAY_S)
    assert shop.world.terminal.asks == asked


def test_an_approval_while_the_shopper_still_stands_there_pays_for_the_sale(shop: Bench) -> None:
    entry = said_not_paid(shop)
    taken_all_the_same(shop.world.terminal, entry)
    answer(shop, Method.CARD, entry, shop.sale.attempts[0].id)
    assert shop.view.screen is Screen.RECEIPT
    assert held_minor(shop) == 2390


def test_a_payer_that_agrees_with_staff_disturbs_no_shopper(shop: Bench) -> None:
    entry = said_not_paid(shop)
    entry.state = "declined"
    shop.send(m.BackPressed())
    before = shop.view
    answer(shop, Method.CARD, entry, shop.sale.attempts[0].id)
    assert not shop.sale.attempts[0].unconfirmed
    assert (shop.view.screen, shop.view.notice) == (before.screen, before.notice)


# --- giving it back -----------------------------------------------------------------------------


def late_and_stuck(shop: Bench) -> tuple[str, Entry]:
    """An approval for a sale that is over, of a terminal that does not give back."""
    entry = said_not_paid(shop)
    sale_id = walk_away(shop)
    shop.world.terminal.reversal_works = False
    taken_all_the_same(shop.world.terminal, entry)
    answer(shop, Method.CARD, entry, first(shop, sale_id).id)
    return sale_id, entry


@pytest.mark.parametrize("cuts", [1, 2])
def test_a_reversal_whose_answer_is_lost_is_made_again_after_each_power_cut(
    shop: Bench, cuts: int
) -> None:
    entry = said_not_paid(shop)
    sale_id = walk_away(shop)
    shop.world.terminal.reversal_told = False
    taken_all_the_same(shop.world.terminal, entry)
    answer(shop, Method.CARD, entry, first(shop, sale_id).id)
    for _ in range(cuts - 1):
        shop.restart()
    shop.world.terminal.reversal_told = True
    shop.restart()
    assert (first(shop, sale_id).outcome, shop.world.terminal.reversals) == (
        Outcome.REVERSED,
        cuts + 1,
    )
    assert first(shop, sale_id).reversed is True


def test_it_waits_for_a_terminal_that_is_away_and_goes_on_when_it_is_back(shop: Bench) -> None:
    entry = said_not_paid(shop)
    sale_id = walk_away(shop)
    shop.world.terminal.say(DeviceState.LOST)
    shop.pump()
    taken_all_the_same(shop.world.terminal, entry)
    answer(shop, Method.CARD, entry, first(shop, sale_id).id)
    shop.wait(3600)
    assert shop.world.terminal.reversals == 0
    shop.world.terminal.say(DeviceState.READY)
    shop.pump()
    assert (first(shop, sale_id).outcome, shop.view.waiting) == (Outcome.REVERSED, ())


def test_a_terminal_that_stays_away_for_hours_becomes_a_call_for_staff(shop: Bench) -> None:
    entry = said_not_paid(shop)
    walk_away(shop)
    shop.world.terminal.say(DeviceState.LOST)
    taken_all_the_same(shop.world.terminal, entry)
    answer(shop, Method.CARD, entry, _attempt_id(shop))
    shop.wait(3 * 3600)
    assert not shop.view.waiting
    shop.wait(2 * 3600)
    (call,) = shop.view.waiting
    assert (call.kind, call.amount_minor) == (Interest.PAYMENT_IN_DOUBT, 2390)
    shop.world.terminal.say(DeviceState.READY)
    shop.pump()
    shop.wait(3600)
    assert shop.world.terminal.reversals == 0, "staff give it back now, and nobody else"


def _attempt_id(shop: Bench) -> str:
    return next(one.attempt_id for one in shop.record() if isinstance(one, PaymentSettled))


def test_a_refused_reversal_becomes_a_call_that_stops_no_shopper(
    shop: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    sale_id, _ = late_and_stuck(shop)
    shop.wait(60)
    (call,) = shop.view.waiting
    assert (call.sale_id, call.policy, call.amount_minor) == (sale_id, Policy.NOTED, 2390)
    assert shop.world.terminal.reversals == 3
    (settled,) = [one for one in shop.record() if isinstance(one, ReversalSettled)]
    assert not settled.done
    assert any(one.levelno == logging.ERROR for one in caplog.records)
    assert shop.world.light.shown[-1] == Signal(Lamp.AMBER)
    shop.scan(MILK).pay_by_card()
    assert shop.view.screen is Screen.RECEIPT


def test_the_call_outlives_power_cuts_and_ends_with_a_persons_word(shop: Bench) -> None:
    sale_id, entry = late_and_stuck(shop)
    shop.wait(60)
    shop.restart()
    shop.restart()
    (call,) = shop.view.waiting
    entry.state = "reversed"
    shop.send(m.StaffSettled(call.id, approved=True, attendant_id="A7"))
    assert not shop.view.waiting
    assert (first(shop, sale_id).outcome, first(shop, sale_id).reversed) == (Outcome.REVERSED, True)
    shop.restart()
    assert not shop.view.waiting
    assert shop.world.terminal.reversals == 3


def test_a_no_leaves_it_to_others_and_the_record_says_that_it_is_not_back(shop: Bench) -> None:
    sale_id, _ = late_and_stuck(shop)
    shop.wait(60)
    (call,) = shop.view.waiting
    shop.send(m.StaffSettled(call.id, approved=False, attendant_id="A7", reason="other"))
    shop.restart()
    assert not shop.view.waiting
    assert (first(shop, sale_id).outcome, first(shop, sale_id).reversed) == (
        Outcome.APPROVED,
        False,
    )


def test_at_the_kiosk_it_is_asked_on_the_desk_and_settled_with_the_attendants_name(
    staffed: Bench,
) -> None:
    sale_id, _ = late_and_stuck(staffed)
    staffed.wait(60)
    staffed.sign_in("20", "2580")
    (asked,) = staffed.desk.decisions
    assert asked.give_back is not None
    assert (asked.give_back.amount_minor, asked.give_back.reference) == (2390, "T-LATE")
    assert (asked.give_back.method, asked.give_back.last_four) == (Method.CARD, "4321")
    staffed.send(s.DecisionPressed(asked.id, True))
    assert staffed.desk.decisions == ()
    call = read(staffed, sale_id).interventions[-1]
    assert (call.approved, call.where) == (True, "kiosk")
    assert call.attendant_id


def test_a_no_at_the_kiosk_asks_why(staffed: Bench) -> None:
    sale_id, _ = late_and_stuck(staffed)
    staffed.wait(60)
    staffed.sign_in("20", "2580")
    staffed.send(s.DecisionPressed(staffed.desk.decisions[0].id, False))
    assert staffed.desk.reasons
    staffed.send(s.ReasonChosen("other"))
    assert not staffed.desk.decisions
    assert first(staffed, sale_id).reversed is False


def test_who_may_not_decide_about_money_cannot_settle_it(staffed: Bench) -> None:
    late_and_stuck(staffed)
    staffed.wait(60)
    staffed.sign_in()
    (asked,) = staffed.desk.decisions
    staffed.send(s.DecisionPressed(asked.id, True))
    assert staffed.desk.decisions[0].id == asked.id


def test_a_word_from_afar_settles_it_once(shop: Bench) -> None:
    sale_id, _ = late_and_stuck(shop)
    shop.wait(60)
    (call,) = shop.view.waiting
    word = RemoteDecision(
        version=DECISION_VERSION,
        kiosk_id=shop.config.kiosk_id,
        sale_id=sale_id,
        intervention_id=call.id,
        decision_id="d1",
        attendant_id="s-1",
        approved=True,
    )
    shop.send(word, word)
    assert [one.verdict for one in shop.answers] == [Verdict.TAKEN, Verdict.TAKEN]
    assert first(shop, sale_id).outcome is Outcome.REVERSED


def test_a_reversal_that_was_made_after_all_calls_staff_off(shop: Bench) -> None:
    sale_id, entry = late_and_stuck(shop)
    shop.wait(60)
    assert shop.view.waiting
    entry.state = "reversed"
    shop.send(ReversalAnswered(device="terminal-1", attempt_id=_attempt_id(shop), done=True))
    assert not shop.view.waiting
    assert first(shop, sale_id).reversed is True
    shop.send(ReversalAnswered(device="terminal-1", attempt_id=_attempt_id(shop), done=False))
    assert first(shop, sale_id).reversed is True


def test_a_full_disk_forgets_nothing(shop: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be written is not done; asked again, the terminal says it again."""
    entry = said_not_paid(shop)
    sale_id = walk_away(shop)
    taken_all_the_same(shop.world.terminal, entry)
    with monkeypatch.context() as full:
        for call in ("append", "next_service_id"):
            full.setattr(shop.journal, call, _no_room)
        answer(shop, Method.CARD, entry, first(shop, sale_id).id)
        assert shop.view.screen is Screen.OUT_OF_ORDER
    shop.world.terminal.reachable = True
    shop.wait(3600)
    assert (first(shop, sale_id).outcome, entry.state) == (Outcome.REVERSED, "reversed")


def _no_room(*_args: object) -> None:
    raise JournalUnwritable("the disk is full")


def test_an_answer_that_cannot_be_believed_moves_nothing(shop: Bench) -> None:
    entry = said_not_paid(shop)
    sale_id = walk_away(shop)
    taken_all_the_same(shop.world.terminal, entry)
    entry.transaction_id = ""
    answer(shop, Method.CARD, entry, first(shop, sale_id).id)
    assert first(shop, sale_id).outcome is Outcome.DECLINED
    other = PaymentAnswered(
        device="terminal-1", attempt_id=first(shop, sale_id).id, result=unknown("another")
    )
    assert other.result.outcome is PaymentOutcome.UNKNOWN
    shop.send(other)
    assert first(shop, sale_id).unconfirmed
