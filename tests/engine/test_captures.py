"""Money that a wallet reserved is taken once, at hand-over, through every silence and power cut."""

import logging
from collections.abc import Callable

import pytest

from drivers.contracts import DeviceState
from kiosk.engine import messages as m
from kiosk.engine import staff_messages as s
from kiosk.engine.staff_view import Tool, Untaken
from kiosk.engine.view import Screen
from kiosk.fiscal.events import REGISTER
from kiosk.journal import Journal
from kiosk.payments.reconcile import booked
from kiosk.sale.events import CaptureRefused, Method, PaymentCaptured, ReceiptChoice
from kiosk.sale.evolve import replay
from tests.engine.bench import MILK, Bench, config
from tests.engine.conftest import cheap_hashes
from tests.engine.test_returns import choose as choose_goods
from tests.engine.test_returns import find
from tests.engine.wallet_shop import (
    METHODS,
    choose,
    wallet,
    world_with_wallets,
)


def pay(shop: Bench, method: Method = Method.VIPPS) -> Bench:
    choose(shop, method)
    wallet(shop, method).tap()
    shop.pump()
    return shop


def leave(shop: Bench) -> Bench:
    """Take the receipt and go."""
    shop.take_receipt(ReceiptChoice.PAPER).send(m.DonePressed())
    assert shop.view.screen is Screen.START
    return shop


def captured_minor(shop: Bench) -> int:
    return sum(entry.captured_minor for entry in shop.world.books.entries.values())


def still_owed(shop: Bench) -> list[str]:
    return shop.journal.sales_to_capture()


def test_what_was_reserved_is_taken_as_soon_as_the_sale_has_its_number(shop: Bench) -> None:
    pay(shop)
    assert captured_minor(shop) == 2390
    kinds = shop.kinds()
    assert kinds.index("CaptureRequested") == kinds.index("SaleCompleted") + 1
    assert kinds.index("PaymentCaptured") > kinds.index("CaptureRequested")
    assert still_owed(shop) == []


def test_a_card_and_a_phone_bill_take_their_money_themselves(shop: Bench) -> None:
    pay(shop, Method.STREX)
    leave(shop).scan(MILK).pay_by_card()
    assert "CaptureRequested" not in shop.kinds()
    assert wallet(shop, Method.STREX).captures == 0


def test_nothing_is_taken_while_the_sale_is_not_paid(shop: Bench) -> None:
    choose(shop, Method.VIPPS).send(m.AbortPaymentPressed())
    shop.wait(300)
    assert wallet(shop).captures == 0


def test_the_next_shopper_does_not_wait_for_a_provider_that_is_silent(shop: Bench) -> None:
    wallet(shop).capture_answers.extend([(False, False), (False, False)])
    leave(pay(shop))
    assert still_owed(shop) != []
    shop.scan(MILK)
    assert shop.view.screen is Screen.SCAN
    shop.wait(30)
    assert wallet(shop).captures == 3
    assert captured_minor(shop) == 2390
    assert still_owed(shop) == []


def test_a_driver_that_never_answers_is_asked_again_after_its_own_time_outs(shop: Bench) -> None:
    wallet(shop).capture_answers.append(None)
    leave(pay(shop))
    shop.wait(899)
    assert wallet(shop).captures == 1
    shop.wait(30)
    assert (wallet(shop).captures, captured_minor(shop)) == (2, 2390)


def test_a_capture_that_is_owed_survives_a_power_cut_and_any_number_of_them(shop: Bench) -> None:
    wallet(shop).capture_answers.extend([None, None, None])
    leave(pay(shop))
    for _ in range(2):
        shop.restart()
        assert still_owed(shop) != []
    shop.restart()
    assert captured_minor(shop) == 2390
    assert still_owed(shop) == []
    shop.restart()
    assert wallet(shop).captures == 4


def test_it_waits_for_a_wallet_that_is_down_and_goes_on_when_it_is_back(shop: Bench) -> None:
    choose(shop, Method.VIPPS)
    vipps = wallet(shop)
    vipps.say(DeviceState.LOST)
    vipps.tap()
    shop.pump()
    leave(shop).wait(3600)
    assert vipps.captures == 0
    vipps.say(DeviceState.READY)
    shop.pump()
    assert captured_minor(shop) == 2390


def test_a_refusal_is_written_down_once_told_to_people_and_tried_again(
    shop: Bench,
    caplog: pytest.LogCaptureFixture,
) -> None:
    wallet(shop).capture_answers.extend([(False, True), (False, True), (False, True)])
    pay(shop)
    assert [call.detail.split(":")[0] for call in shop.view.waiting] == ["not_taken"]
    leave(shop).wait(100)
    refused = [event for event in shop.record() if isinstance(event, CaptureRefused)]
    taken = [event for event in shop.record() if isinstance(event, PaymentCaptured)]
    assert (len(refused), len(taken)) == (1, 1)
    assert captured_minor(shop) == 2390
    assert len([r for r in caplog.records if r.levelno == logging.ERROR]) == 1


def test_one_that_waits_for_a_day_is_told(
    shop: Bench,
    caplog: pytest.LogCaptureFixture,
) -> None:
    wallet(shop).capture_answers.extend([(False, False)] * 500)
    leave(pay(shop)).wait(24 * 3600 + 1000)
    late = [record for record in caplog.records if "late" in record.message]
    assert len(late) == 1


def test_staff_can_look_up_what_a_wallet_has_not_given_until_it_has(
    make_bench: Callable[..., Bench], monkeypatch: pytest.MonkeyPatch
) -> None:
    cheap_hashes(monkeypatch)
    till = make_bench(config=config(methods=METHODS), world=world_with_wallets(), staffed=True)
    wallet(till).capture_answers.extend([(False, True)] * 3)
    pay(till)
    (attempt,) = till.sale.attempts
    due = Untaken(
        method=Method.VIPPS,
        amount_minor=2390,
        receipt="1",
        reference=attempt.transaction_id,
        since="2026-03-02T10:00+01:00",
        refused=True,
    )
    assert attempt.transaction_id
    assert till.engine.untaken == (due,)
    till.restart()
    assert till.engine.untaken == (due,)
    leave(till).sign_in().send(s.ToolPressed(Tool.MORE))
    assert till.desk.facts is not None
    assert till.desk.facts.untaken == (due,)
    till.wait(600)
    assert captured_minor(till) == 2390
    assert till.engine.untaken == ()


@pytest.fixture
def till(make_bench: Callable[..., Bench], monkeypatch: pytest.MonkeyPatch) -> Bench:
    """With wallets, staff and signatures."""
    cheap_hashes(monkeypatch)
    return make_bench(
        config=config(methods=METHODS), world=world_with_wallets(), staffed=True, signed=True
    )


def bought_and_not_taken_yet(till: Bench) -> str:
    """A sale of two by Vipps whose capture does not come about; returns its id."""
    wallet(till).capture_answers.extend([(False, False)] * 8)
    pay(till.scan(MILK))
    sale_id = till.sale.id
    leave(till).wait(5)
    assert captured_minor(till) == 0
    return sale_id


def test_goods_that_all_come_back_before_the_capture_are_let_go_and_nothing_is_taken(
    till: Bench,
) -> None:
    wallet(till).lets_go = True
    sale_id = bought_and_not_taken_yet(till)
    choose_goods(find(till), Lettmelk=2).send(s.RefundPressed())
    till.wait(6 * 3600)
    assert (captured_minor(till), still_owed(till)) == (0, [])
    (event,) = (e for e in till.journal.events_of(sale_id) if isinstance(e, PaymentCaptured))
    assert event.released
    assert till.kinds().count("CaptureRefused") == 0
    assert till.engine.untaken == ()
    ours = list(booked(replay(till.journal.events_of(one)) for one in sales_of(till)))
    assert [row.amount_minor for row in ours] == [2 * 2390, -2 * 2390]


def test_what_was_let_go_is_no_refusal_while_the_refund_is_still_asked_about(till: Bench) -> None:
    model = wallet(till)
    model.lets_go, model.refund_answer = True, "silent"
    bought_and_not_taken_yet(till)
    model.capture_answers.clear()
    choose_goods(find(till), Lettmelk=2).send(s.RefundPressed())
    till.wait(600)
    assert till.kinds().count("CaptureRefused") == 0
    assert still_owed(till) != []
    model.refund_answer = ""
    till.restart()
    till.wait(6 * 3600)
    assert (captured_minor(till), still_owed(till)) == (0, [])
    assert till.kinds().count("CaptureRefused") == 0


def test_a_reservation_that_somebody_else_let_go_is_told_to_people(till: Bench) -> None:
    sale_id = bought_and_not_taken_yet(till)
    (entry,) = till.world.books.entries.values()
    wallet(till).let_go.add(entry.transaction_id)
    wallet(till).capture_answers.clear()
    till.wait(6 * 3600)
    assert still_owed(till) == [sale_id]
    assert till.kinds().count("CaptureRefused") == 1
    assert [one.refused for one in till.engine.untaken] == [True]


def sales_of(till: Bench) -> list[str]:
    ids = dict.fromkeys(record.sale_id for record in till.journal.after(0, till.journal.count()))
    return [one for one in ids if one != REGISTER]


@pytest.mark.parametrize("pieces", [1, 2])
def test_goods_that_come_back_before_the_capture_are_taken_once_and_given_back(
    make_bench: Callable[..., Bench], monkeypatch: pytest.MonkeyPatch, pieces: int
) -> None:
    cheap_hashes(monkeypatch)
    till = make_bench(
        config=config(methods=METHODS), world=world_with_wallets(), staffed=True, signed=True
    )
    wallet(till).capture_answers.extend([(False, False)] * 8)
    leave(pay(till.scan(MILK))).wait(5)
    assert captured_minor(till) == 0
    choose_goods(find(till), Lettmelk=pieces).send(s.RefundPressed())
    back = [entry.charged_minor for entry in till.world.books.refunds()]
    assert (captured_minor(till), back) == (2 * 2390, [pieces * 2390])
    till.wait(6 * 3600)
    assert till.kinds().count("PaymentCaptured") == 1
    assert still_owed(till) == []
    assert (captured_minor(till), len(till.world.books.refunds())) == (2 * 2390, 1)


def test_what_a_wallet_is_silent_about_is_shown_to_staff_after_a_day(shop: Bench) -> None:
    wallet(shop).capture_answers.extend([(False, False)] * 500)
    leave(pay(shop)).wait(23 * 3600)
    assert shop.engine.untaken == ()
    shop.wait(3600 + 1000)
    (due,) = shop.engine.untaken
    assert (due.amount_minor, due.refused) == (2390, False)


def test_the_same_answer_twice_and_one_to_nobody_change_nothing(shop: Bench) -> None:
    pay(shop)
    (answer,) = [e for e in shop.record() if isinstance(e, PaymentCaptured)]
    from drivers.contracts import CaptureAnswered

    for attempt_id in (answer.attempt_id, "nobody"):
        for done in (True, False):
            shop.send(
                CaptureAnswered(device="vipps-1", attempt_id=attempt_id, done=done, refused=True)
            )
    assert shop.kinds().count("PaymentCaptured") == 1
    assert "CaptureRefused" not in shop.kinds()


def test_the_sale_replays_with_what_came_after_its_end(shop: Bench) -> None:
    wallet(shop).capture_answers.append((False, False))
    leave(pay(shop)).wait(10)
    (sale_id,) = {e.sale_id for e in shop.record() if type(e).__name__ == "SaleStarted"}
    with Journal.open(shop.folder / "journal.sqlite", read_only=True) as journal:
        sale = replay(journal.events_of(sale_id))
    assert sale.attempts[0].captured is True
    assert sale.phase == "closed"


def in_doubt_until_staff_say(shop: Bench, *, approved: bool) -> Bench:
    """The provider is silent until an attendant has looked into the app with the shopper."""
    choose(shop, Method.VIPPS)
    vipps = wallet(shop)
    vipps.reachable = False
    if approved:
        vipps.tap(silent=True)
    else:
        vipps.decline(silent=True)
    shop.restart()
    shop.wait(60)
    (call,) = shop.view.waiting
    return shop.send(m.StaffSettled(call.id, approved=True, attendant_id="A7"))


def test_what_an_attendant_calls_paid_is_asked_about_before_it_is_taken(shop: Bench) -> None:
    in_doubt_until_staff_say(shop, approved=True)
    assert (shop.view.screen, wallet(shop).captures) == (Screen.RECEIPT, 0)
    wallet(shop).reachable = True
    leave(shop).wait(30)
    assert captured_minor(shop) == 2390
    assert still_owed(shop) == []


def test_what_an_attendant_called_paid_and_was_not_is_told_and_never_taken(
    shop: Bench,
    caplog: pytest.LogCaptureFixture,
) -> None:
    in_doubt_until_staff_say(shop, approved=False)
    wallet(shop).reachable = True
    leave(shop).wait(30)
    assert (wallet(shop).captures, captured_minor(shop)) == (0, 0)
    assert [e.reason for e in shop.record() if isinstance(e, CaptureRefused)] == ["Refusal"]
    assert "not taken" in caplog.text
