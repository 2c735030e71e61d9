"""The fault list of payments, where it is about this wallet: each by its number."""

from drivers.contracts import DeviceState, PaymentOutcome, WalletStep


def test_fault_29_a_session_that_is_left_is_deleted(klarna):
    klarna.begin()
    klarna.abort()
    result = klarna.result()
    assert (result.outcome, result.reason) == (PaymentOutcome.CANCELLED, "Canceled")
    assert klarna.sim.heard("DELETE /payments/v1/sessions/") == 1
    assert klarna.sim.state()["open_sessions"] == 0


def test_fault_29_a_session_completed_before_the_delete_is_an_order_and_can_be_cancelled(klarna):
    klarna.begin()
    klarna.sim.approve_on_delete()
    klarna.abort()
    result = klarna.result()
    assert result.outcome is PaymentOutcome.APPROVED, "the truth; the sale gives it back"
    assert klarna.reverse(result).done
    assert klarna.sim.state()["order"] == "CANCELLED"
    assert klarna.sim.books()[0]["cancelled"] == 14_990


def test_fault_29_a_delete_whose_answer_is_lost_is_made_again(klarna):
    klarna.begin()
    klarna.sim.lose_next_request(where="DELETE")
    klarna.abort()
    assert klarna.result().reason == "Canceled"
    assert klarna.sim.state()["open_sessions"] == 0


def test_fault_29_a_later_life_deletes_what_an_earlier_one_left_open(make_klarna):
    first = make_klarna()
    first.begin()
    first.wallet.stop()
    assert first.sim.state()["open_sessions"] == 1
    assert make_klarna().ask().outcome is PaymentOutcome.CANCELLED
    assert first.sim.state()["open_sessions"] == 0


def test_fault_29_a_later_life_finds_what_was_completed_meanwhile(make_klarna):
    first = make_klarna()
    first.begin()
    first.wallet.stop()
    first.sim.approve()
    second = make_klarna()
    result = second.ask()
    assert result.outcome is PaymentOutcome.APPROVED
    assert second.capture(result).done


def test_a_session_that_is_gone_after_days_stays_in_doubt(make_klarna):
    first = make_klarna()
    first.begin()
    first.wallet.stop()
    first.sim.approve()
    first.sim.forget_sessions()
    result = make_klarna(resolve_s=0.2).ask()
    assert result.outcome is PaymentOutcome.UNKNOWN


def test_fault_25_a_create_whose_answer_is_lost_leaves_one_session_and_one_order(klarna):
    klarna.sim.lose_next_answer(where="/payments/v1/sessions$")
    result = klarna.pay()
    assert result.outcome is PaymentOutcome.APPROVED
    assert klarna.sim.state()["sessions"] == 1
    assert len(klarna.sim.books()) == 1


def test_fault_28_silence_garbage_and_too_many_requests_decide_nothing(klarna):
    klarna.begin()
    klarna.sim.fail_next(429, where="/result")
    klarna.sim.fail_next(500, where="/result")
    klarna.sim.fail_next(401, where="/result")
    klarna.sim.answer_garbage(where="/result")
    klarna.sim.answer_too_much(where="/result")
    klarna.shown(WalletStep.NO_ANSWER)
    klarna.shown(WalletStep.SCAN_QR)
    klarna.sim.approve()
    assert klarna.result().outcome is PaymentOutcome.APPROVED


def test_fault_24_a_capture_whose_answers_are_lost_is_repeated_under_one_key(klarna):
    result = klarna.pay()
    klarna.sim.lose_next_answer(where="/captures")
    klarna.sim.lose_next_request(where="GET")
    assert klarna.capture(result).done
    keys = [
        e.request.headers["klarna-idempotency-key"]
        for e in klarna.sim.exchanges()
        if e.request.path.endswith("/captures")
    ]
    assert len(keys) > 1
    assert len(set(keys)) == 1
    assert klarna.sim.books()[0]["captured"] == 14_990


def test_fault_24_a_refused_capture_is_told_with_its_code(klarna):
    result = klarna.pay()
    klarna.sim.refuse_captures()
    answer = klarna.capture(result)
    assert (answer.done, answer.refused, answer.reason) == (False, True, "CAPTURE_NOT_ALLOWED")
    assert klarna.capture(result).done


def test_fault_36_a_wrong_clock_is_told_before_anybody_pays(klarna):
    klarna.wait_for_state(DeviceState.READY)
    klarna.sim.set_clock_ahead(-600)
    assert "ahead" in klarna.wait_for_state(DeviceState.FAULT).reason
