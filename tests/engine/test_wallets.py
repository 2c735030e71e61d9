"""Paying by phone: which method goes where, how it is stopped, and that nobody keeps a number."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from drivers.contracts import (
    DeviceState,
    PaymentOutcome,
    PaymentResult,
    TerminalProgress,
    TerminalStep,
    WalletStep,
)
from kiosk.engine import messages as m
from kiosk.engine.view import Notice, Screen, Unavailable
from kiosk.sale.events import Method, Outcome
from tests.engine.bench import BEER, CHEESE_LABEL, MILK, YOGHURT, Bench, config
from tests.engine.wallet_shop import (
    METHODS,
    NUMBER,
    choose,
    shown,
    type_digits,
    wallet,
    world_with_wallets,
)
from tests.engine.wallets import LINK

# --- which method goes where -----------------------------------------------------------------


@pytest.mark.parametrize("method", [Method.VIPPS, Method.KLARNA, Method.STREX])
def test_a_wallet_gets_its_own_payment_and_the_card_terminal_hears_of_none(
    shop: Bench, method: Method
) -> None:
    choose(shop, method)
    assert [model.charges for model in shop.world.payers.values()].count(1) == 1
    wallet(shop, method).tap()
    shop.pump()
    assert shop.view.screen is Screen.RECEIPT
    assert shop.view.receipt is not None
    assert shop.view.receipt.method is method
    assert shop.world.terminal.charges == 0


def test_a_wallet_in_doubt_is_asked_itself_and_settled_before_the_shop_opens(shop: Bench) -> None:
    choose(shop, Method.KLARNA)
    wallet(shop, Method.KLARNA).tap(silent=True)
    shop.restart()
    assert (wallet(shop, Method.KLARNA).asks, shop.world.terminal.asks) == (1, 0)
    assert shop.view.screen is Screen.RECEIPT
    assert wallet(shop, Method.KLARNA).charges == 1


def test_a_wallet_that_comes_back_is_asked_at_once_and_another_that_comes_back_is_not(
    shop: Bench,
) -> None:
    choose(shop, Method.VIPPS)
    vipps = wallet(shop)
    vipps.reachable = False
    assert vipps.running is not None
    service_id = vipps.running.service_id
    vipps.tap(silent=True)
    shop.restart()
    assert shop.view.screen is Screen.IN_DOUBT
    asked = vipps.asks
    vipps.reachable = True
    wallet(shop, Method.STREX).say(DeviceState.READY)
    shop.world.terminal.say(DeviceState.READY)
    shop.pump()
    assert vipps.asks == asked
    vipps.say(DeviceState.READY)
    shop.pump()
    assert shop.view.screen is Screen.RECEIPT
    assert [entry.service_id for entry in shop.world.books.taken()] == [service_id]


def test_an_attempt_of_a_method_that_this_kiosk_has_no_more_calls_somebody(shop: Bench) -> None:
    choose(shop, Method.VIPPS)
    del shop.world.payers[Method.VIPPS]
    shop.restart()
    assert shop.view.screen is Screen.IN_DOUBT
    assert [call.kind for call in shop.view.waiting] == ["payment_in_doubt"]


# --- what works now --------------------------------------------------------------------------


def test_what_is_down_is_shown_with_its_reason_and_cannot_be_chosen(shop: Bench) -> None:
    wallet(shop).say(DeviceState.LOST)
    shop.pump()
    choose(shop, Method.VIPPS)
    reasons = {one.method: one.unavailable for one in shop.view.methods}
    assert reasons[Method.VIPPS] is Unavailable.OFFLINE
    assert reasons[Method.CARD] is reasons[Method.STREX] is Unavailable.NONE
    assert shop.view.screen is Screen.PAY
    assert wallet(shop).charges == 0


def test_what_is_down_is_known_before_the_first_scan(shop: Bench) -> None:
    wallet(shop).say(DeviceState.LOST)
    shop.pump()
    assert shop.view.screen is Screen.START
    offline = [one.method for one in shop.view.methods if one.unavailable is Unavailable.OFFLINE]
    assert offline == [Method.VIPPS]


def test_a_phone_bill_carries_no_more_than_its_cap(shop: Bench) -> None:
    shop.scan(*[MILK] * 9).send(m.PayPressed(), m.BagsConfirmed())
    strex = next(one for one in shop.view.methods if one.method is Method.STREX)
    assert (strex.unavailable, strex.limit_minor) == (Unavailable.OVER_LIMIT, 20_000)
    shop.send(m.MethodChosen(Method.STREX))
    assert wallet(shop, Method.STREX).charges == 0


def test_in_training_no_wallet_is_reached(make_bench: Callable[..., Bench]) -> None:
    shop = make_bench(config=config(methods=METHODS, training=True), world=world_with_wallets())
    choose(shop, Method.VIPPS)
    assert wallet(shop).charges == 0
    assert shop.sale.training
    assert shop.view.screen is Screen.RECEIPT


# --- silence and stopping --------------------------------------------------------------------


def test_silence_of_the_provider_is_shown_and_the_digits_are_still_there_after(
    shop: Bench,
) -> None:
    choose(shop, Method.VIPPS).send(m.WalletPhonePressed())
    type_digits(shop, "9123")
    vipps = wallet(shop)
    vipps.show(WalletStep.NO_ANSWER)
    shop.pump()
    assert (shop.view.screen, shown(shop).step) == (Screen.WALLET, WalletStep.NO_ANSWER)
    vipps.show(WalletStep.SCAN_QR, qr_text=LINK, can_push=True)
    shop.pump()
    assert shop.view.screen is Screen.WALLET_KEYS
    assert len(shown(shop).typed.replace(" ", "")) == 4


def test_stopping_is_a_wish_that_the_wallet_answers(shop: Bench) -> None:
    choose(shop, Method.VIPPS).send(m.AbortPaymentPressed())
    assert shop.view.screen is Screen.PAY
    assert shop.view.notice is Notice.CANCELLED
    assert wallet(shop).running is None


def test_stopping_from_the_number_keys_stops_it_too(shop: Bench) -> None:
    choose(shop, Method.STREX)
    type_digits(shop, "912").send(m.AbortPaymentPressed())
    assert shop.view.screen is Screen.PAY
    assert shop.engine._till.session.typed == ""


def test_what_is_on_its_way_cannot_be_stopped_any_more(shop: Bench) -> None:
    choose(shop, Method.VIPPS)
    wallet(shop).show(WalletStep.WORKING)
    shop.pump()
    assert not shown(shop).can_stop
    shop.send(m.AbortPaymentPressed())
    assert "PaymentAbortRequested" not in shop.kinds()


def test_a_card_payment_that_the_terminal_calls_approved_cannot_be_stopped(shop: Bench) -> None:
    shop.scan(MILK).to_terminal()
    terminal = shop.world.terminal
    assert terminal.running is not None
    progress = shop.view.terminal
    assert progress is not None
    assert progress.can_stop
    shop.send(
        TerminalProgress(
            device=terminal.name,
            attempt_id=terminal.running.attempt_id,
            step=TerminalStep.APPROVED,
        ),
        m.AbortPaymentPressed(),
    )
    assert shop.view.terminal is not None
    assert not shop.view.terminal.can_stop
    assert "PaymentAbortRequested" not in shop.kinds()


def test_an_approval_that_came_before_the_stop_pays_for_the_sale(shop: Bench) -> None:
    choose(shop, Method.VIPPS)
    vipps = wallet(shop)
    vipps.abort = lambda *_: None  # type: ignore[method-assign]
    shop.send(m.AbortPaymentPressed())
    assert shown(shop).aborting
    vipps.tap()
    shop.pump()
    assert shop.view.screen is Screen.RECEIPT
    assert [one.outcome for one in shop.sale.attempts] == [Outcome.APPROVED]
    assert shop.view.notice is Notice.PAID_ANYWAY


@pytest.mark.parametrize(
    ("outcome", "reason", "notice"),
    [
        ("cancelled", "Expired", Notice.PAYMENT_EXPIRED),
        ("cancelled", "Terminated", Notice.PAYMENT_EXPIRED),
        ("cancelled", "NoInput", Notice.PAYMENT_EXPIRED),
        ("cancelled", "Aborted", Notice.CANCELLED),
        ("cancelled", "NotReached", Notice.NOT_REACHED),
        ("declined", "Unregistered", Notice.NUMBER_CANNOT_PAY),
        ("declined", "InsufficientFunds", Notice.DECLINED),
    ],
)
def test_each_bad_end_is_told_in_a_sentence_of_its_own(
    shop: Bench, outcome: str, reason: str, notice: Notice
) -> None:
    choose(shop, Method.STREX)
    strex = wallet(shop, Method.STREX)
    assert strex.running is not None
    request, strex.running = strex.running, None
    result = PaymentResult(
        service_id=request.service_id, outcome=PaymentOutcome(outcome), reason=reason
    )
    strex.answer(request.attempt_id, result)
    shop.pump()
    assert (shop.view.screen, shop.view.notice) == (Screen.PAY, notice)
    shop.send(m.MethodChosen(Method.VIPPS))
    assert shop.view.screen is Screen.WALLET


# --- nobody keeps it -------------------------------------------------------------------------


def test_number_and_code_are_in_no_record_view_or_text_and_gone_with_the_sale(
    shop: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    choose(shop, Method.STREX)
    strex = wallet(shop, Method.STREX)
    type_digits(shop, NUMBER).send(m.WalletConfirmed())
    strex.show(WalletStep.CONFIRM_PHONE, masked_phone="••• •• •67")
    shop.pump()
    shop.send(m.WalletConfirmed())
    strex.show(WalletStep.ENTER_CODE, masked_phone="••• •• •67")
    shop.pump()
    type_digits(shop, "481516").send(m.WalletConfirmed())
    strex.tap()
    shop.pump()
    written = (shop.folder / "journal.sqlite").read_bytes()
    views = repr([replace(view, tone_seq=0) for view in shop.published])
    for secret in (NUMBER, "481516"):
        assert secret.encode() not in written
        assert secret not in views
        assert secret not in caplog.text
        assert secret not in repr(shop.engine._till.session)
        assert secret not in repr(strex.given)
    assert shop.engine._till.session.wallet is None


# --- what the wallet is told of the goods ----------------------------------------------------


def test_a_wallet_gets_the_goods_for_its_receipt_and_the_age_and_they_add_up(shop: Bench) -> None:
    shop.scan(YOGHURT, YOGHURT, YOGHURT, BEER, CHEESE_LABEL).send(
        m.PayPressed(), *(approve(call.id) for call in shop.view.waiting)
    )
    shop.send(m.PayPressed(), m.BagsConfirmed(), m.MethodChosen(Method.VIPPS))
    (request,) = wallet(shop).requests
    assert sum(line.total_minor for line in request.lines) == request.amount_minor
    assert request.min_age == 18
    by_name = {line.name: line for line in request.lines}
    assert by_name["Yoghurt blåbær"].total_minor == 2 * 1490, "three for two"
    assert (by_name["Pant"].total_minor, by_name["Pant"].tax_minor) == (200, 0)
    assert by_name["Pilsner 0.5 l"].tax_rate_bp == 2500


def test_a_card_terminal_is_told_nothing_of_the_goods(shop: Bench) -> None:
    shop.scan(MILK).to_terminal()
    assert shop.world.terminal.running is not None
    assert (shop.world.terminal.running.lines, shop.world.terminal.running.min_age) == ((), 0)


def approve(intervention_id: str) -> m.StaffSettled:
    return m.StaffSettled(intervention_id, approved=True, attendant_id="A7")
