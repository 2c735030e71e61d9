"""The fault list of payments, where it is about this wallet: each by its number."""

from drivers.contracts import (
    RELEASED,
    DeviceState,
    PaymentOutcome,
    WalletInputKind,
    WalletShown,
    WalletStep,
)
from tests.drivers.wallet.desk import ATTEMPT


def creates(sim):
    return [
        exchange.request
        for exchange in sim.exchanges()
        if exchange.request.method == "POST" and exchange.request.path.endswith("/v1/payments")
    ]


def test_fault_23_a_shopper_who_walks_off_leaves_a_payment_that_nobody_can_approve(vipps):
    vipps.begin()
    vipps.abort()
    result = vipps.result()
    assert (result.outcome, result.reason) == (PaymentOutcome.CANCELLED, "Terminated")
    assert vipps.sim.payment().state == "TERMINATED"


def test_fault_23_an_approval_that_comes_before_the_cancel_stands(vipps):
    vipps.begin()
    vipps.sim.approve_on_cancel()
    vipps.abort()
    result = vipps.result()
    assert result.outcome is PaymentOutcome.APPROVED
    assert vipps.sim.books()[0]["cancelled"] == 0, "approved or cancelled, never both"
    assert vipps.reverse(result).done
    assert vipps.sim.books()[0]["cancelled"] == 14_990


def test_fault_23_a_lost_answer_to_the_cancel_is_asked_for(vipps):
    vipps.begin()
    vipps.sim.lose_next_answer(where="/cancel")
    vipps.abort()
    assert vipps.result().reason == "Terminated"


def test_fault_24_a_capture_whose_answers_are_lost_is_repeated_under_one_key(vipps):
    result = vipps.pay()
    vipps.sim.lose_next_answer(count=2, where="/capture")
    vipps.sim.lose_next_request(count=3, where="GET")
    assert vipps.capture(result).done
    captures = [e.request for e in vipps.sim.exchanges() if e.request.path.endswith("/capture")]
    assert len({request.headers["idempotency-key"] for request in captures}) == 1
    assert len(captures) > 1
    assert vipps.sim.books()[0]["captured"] == 14_990


def test_fault_24_a_capture_that_nobody_answers_is_owed_still_and_made_by_a_later_life(make_vipps):
    desk = make_vipps(capture_s=0.1, timeout_s=0.5)
    result = desk.pay()
    desk.sim.unplug()
    answer = desk.capture(result)
    assert (answer.done, answer.refused) == (False, False)
    desk.wallet.stop()
    desk.sim.plug_in()
    assert make_vipps().capture(result).done
    assert desk.sim.books()[0]["captured"] == 14_990


def test_fault_24_a_refused_capture_is_told_with_its_code(vipps):
    result = vipps.pay()
    vipps.sim.refuse_captures()
    answer = vipps.capture(result)
    assert (answer.done, answer.refused, answer.reason) == (False, True, "6080")
    assert vipps.reverse(result).done
    answer = vipps.capture(result)
    assert (answer.done, answer.refused, answer.reason) == (False, True, RELEASED)


def test_fault_25_a_create_whose_answer_is_lost_is_repeated_and_made_once(vipps):
    vipps.sim.lose_next_answer(count=2, where="POST /epayment/v1/payments$")
    assert vipps.pay().outcome is PaymentOutcome.APPROVED
    sent = creates(vipps.sim)
    assert len(sent) == 3
    assert len({(request.headers["idempotency-key"], request.body) for request in sent}) == 1
    assert len(vipps.sim.books()) == 1


def test_fault_25_a_conflict_is_looked_up(make_vipps):
    first = make_vipps()
    first.begin(10_000)
    first.wallet.stop()
    # The same attempt in another life, under another key or body: 409.
    second = make_vipps()
    second.charge(14_990)
    shown = second.shown(WalletStep.SCAN_QR)
    assert shown.qr_text == first.sim.scan()
    second.sim.approve()
    assert second.result().amount_minor == 10_000, "what was approved, for the sale to judge"


def test_fault_25_a_create_that_never_arrives_is_cancelled_with_no_doubt_left(make_vipps):
    desk = make_vipps(create_s=0.05)
    desk.wait_for_state(DeviceState.READY)
    desk.sim.unplug()
    desk.charge()
    result = desk.result()
    assert (result.outcome, result.reason) == (PaymentOutcome.CANCELLED, "NotReached")


def test_fault_25_a_create_that_may_have_arrived_is_asked_about_before_it_is_forgotten(make_vipps):
    desk = make_vipps(create_s=0.05)
    desk.sim.lose_next_request(count=9, where="POST /epayment/v1/payments$")
    desk.charge()
    result = desk.result()
    assert (result.outcome, result.reason) == (PaymentOutcome.CANCELLED, "NotFound")


def test_fault_25_a_create_that_was_made_behind_a_server_error_is_ended_and_not_forgotten(
    make_vipps,
):
    desk = make_vipps(create_s=0.05)
    desk.sim.replace_next_answer(502, count=500, where="POST /epayment/v1/payments$")
    desk.charge()
    result = desk.result()
    assert (result.outcome, result.reason) == (PaymentOutcome.CANCELLED, "Terminated")
    assert desk.sim.payment().state == "TERMINATED"


def test_fault_25_a_push_that_was_made_behind_a_server_error_and_approved_pays(make_vipps):
    desk = make_vipps(create_s=30.0)
    desk.begin()
    desk.sim.replace_next_answer(502, count=500, where="POST /epayment/v1/payments$")
    desk.give(WalletInputKind.PHONE, "91234567")
    desk.sim.wait_until(lambda: desk.sim.state()["pushes"] == 1)
    desk.sim.approve()
    desk.abort()
    assert desk.result().outcome is PaymentOutcome.APPROVED, "the phone showed it all the same"


def test_fault_26_a_push_that_does_not_arrive_brings_the_code_back_on_request(vipps):
    vipps.sim.lose_pushes()
    vipps.begin()
    vipps.give(WalletInputKind.PHONE, "91234567")
    vipps.next(lambda e: isinstance(e, WalletShown) and e.can_scan)
    vipps.give(WalletInputKind.SCAN)
    vipps.shown(WalletStep.SCAN_QR)
    assert vipps.sim.payment(f"kiosk-{ATTEMPT}-2").state == "TERMINATED", "one at a time"
    vipps.sim.approve()
    assert vipps.result().transaction_id == f"kiosk-{ATTEMPT}-3"
    assert len(vipps.sim.books()) == 1


def test_fault_26_a_code_approved_while_the_number_is_typed_pays(vipps):
    vipps.begin()
    vipps.sim.approve_on_cancel()
    vipps.give(WalletInputKind.PHONE, "91234567")
    result = vipps.result()
    assert (result.outcome, result.transaction_id) == (
        PaymentOutcome.APPROVED,
        f"kiosk-{ATTEMPT}-1",
    )
    assert len(creates(vipps.sim)) == 1


def test_fault_27_a_token_that_ends_while_polling_is_renewed_once(vipps):
    vipps.begin()
    before = vipps.sim.heard("/accesstoken/get")
    vipps.sim.expire_tokens()
    vipps.sim.approve()
    assert vipps.result().outcome is PaymentOutcome.APPROVED
    assert vipps.sim.heard("/accesstoken/get") == before + 1


def test_fault_28_too_many_requests_and_server_errors_slow_it_down_and_decide_nothing(vipps):
    vipps.begin()
    vipps.sim.fail_next(429, count=2, where="GET")
    vipps.sim.fail_next(503, count=3, where="GET")
    vipps.shown(WalletStep.NO_ANSWER)
    assert vipps.shown(WalletStep.SCAN_QR).qr_text == vipps.sim.scan(), "it is shown again"
    vipps.sim.approve()
    assert vipps.result().outcome is PaymentOutcome.APPROVED


def test_fault_28_garbage_floods_and_redirects_decide_nothing(vipps):
    vipps.begin()
    vipps.sim.answer_garbage(where="GET")
    vipps.sim.answer_too_much(where="GET")
    vipps.sim.redirect_next("http://127.0.0.1:9/", where="GET")
    vipps.shown(WalletStep.NO_ANSWER)
    vipps.sim.approve()
    assert vipps.result().outcome is PaymentOutcome.APPROVED


def test_fault_28_a_provider_that_stays_away_leaves_it_unknown_and_a_later_question_finds_it(
    make_vipps,
):
    desk = make_vipps(life_s=0.2, resolve_s=0.3, timeout_s=0.5)
    desk.begin()
    desk.sim.approve()
    desk.sim.unplug()
    assert desk.result().outcome in (PaymentOutcome.UNKNOWN, PaymentOutcome.APPROVED)
    desk.wait_for_state(DeviceState.LOST)
    desk.sim.plug_in()
    desk.wait_for_state(DeviceState.READY)
    assert desk.ask().outcome is PaymentOutcome.APPROVED


def test_fault_36_a_wrong_clock_is_told_before_anybody_pays(make_vipps):
    desk = make_vipps()
    desk.wait_for_state(DeviceState.READY)
    desk.sim.set_clock_ahead(600)
    assert "behind" in desk.wait_for_state(DeviceState.FAULT).reason
    desk.sim.set_clock_ahead(0)
    desk.wait_for_state(DeviceState.READY)


def test_fault_48_what_was_on_the_screen_is_gone_with_the_payment(vipps):
    vipps.begin()
    vipps.abort()
    vipps.result()
    vipps.give(WalletInputKind.PHONE, "91234567")
    vipps.charge(service_id="0000000002", attempt_id="another-attempt")
    shown = vipps.shown(WalletStep.SCAN_QR)
    assert shown.masked_phone == ""
    assert len(creates(vipps.sim)) == 2
