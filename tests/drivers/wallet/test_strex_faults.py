"""The fault list of payments, where it is about this wallet: each by its number."""

import gc

from drivers.contracts import (
    DeviceState,
    PaymentOutcome,
    WalletInput,
    WalletInputKind,
    WalletProblem,
    WalletShown,
    WalletStep,
)
from tests.drivers.wallet.desk import ATTEMPT
from tests.drivers.wallet.test_strex import sent


def test_fault_31_a_wrong_code_brings_a_new_one_with_a_new_transaction(strex):
    strex.begin()
    strex.give(WalletInputKind.CODE, "wrong")
    shown = strex.shown(WalletStep.ENTER_CODE)
    assert (shown.problem, shown.tries_left) == (WalletProblem.WRONG_CODE, 2)
    strex.approve()
    assert strex.result().transaction_id == f"kiosk-{ATTEMPT}-2"
    assert [body["transactionId"][-1] for body in sent(strex.sim, "/transactions")] == ["1", "2"]
    assert len(strex.sim.books()) == 1


def test_fault_31_an_expired_code_is_told_as_one(strex):
    strex.begin()
    strex.sim.expire_codes()
    strex.approve()
    assert strex.shown(WalletStep.ENTER_CODE).problem is WalletProblem.CODE_EXPIRED
    strex.approve()
    assert strex.result().outcome is PaymentOutcome.APPROVED


def test_fault_31_after_three_wrong_codes_it_is_declined(strex):
    strex.begin()
    for _ in range(2):
        strex.give(WalletInputKind.CODE, "wrong")
        strex.shown(WalletStep.ENTER_CODE)
    strex.give(WalletInputKind.CODE, "wrong")
    result = strex.result()
    assert (result.outcome, result.reason) == (PaymentOutcome.DECLINED, "TooManyCodes")
    assert strex.sim.books() == []


def test_fault_31_the_old_transaction_is_looked_at_before_a_new_code_is_sent(strex):
    strex.begin()
    strex.give(WalletInputKind.CODE, "wrong")
    strex.shown(WalletStep.ENTER_CODE)
    lines = [f"{e.request.method} {e.request.path}" for e in strex.sim.exchanges()]
    asked = lines.index(f"GET /api/strex/transactions/kiosk-{ATTEMPT}-1")
    codes = [i for i, line in enumerate(lines) if line == "POST /api/strex/one-time-passwords"]
    assert codes[0] < asked < codes[1]


def test_fault_32_pending_is_neither_paid_nor_failed_however_long_it_takes(strex):
    strex.sim.hold_transactions()
    strex.begin()
    strex.approve()
    strex.sim.wait_for("Sent")
    asked = strex.sim.heard("GET /api/strex/transactions/")
    strex.sim.wait_until(lambda: strex.sim.heard("GET /api/strex/transactions/") > asked + 3)
    assert strex.answers() == 0
    strex.sim.release_transactions()
    assert strex.result().outcome is PaymentOutcome.APPROVED


def test_fault_32_ok_without_billed_is_not_paid(strex):
    strex.sim.bill_late()
    strex.begin()
    strex.approve()
    strex.sim.wait_for("Ok")
    asked = strex.sim.heard("GET /api/strex/transactions/")
    strex.sim.wait_until(lambda: strex.sim.heard("GET /api/strex/transactions/") > asked + 3)
    assert strex.answers() == 0
    strex.sim.bill()
    assert strex.result().outcome is PaymentOutcome.APPROVED


def test_fault_32_what_stays_pending_is_unknown_and_a_later_life_asks_on(make_strex):
    first = make_strex(resolve_s=0.2)
    first.sim.hold_transactions()
    first.begin()
    first.approve()
    result = first.result()
    assert (result.outcome, result.reason) == (PaymentOutcome.UNKNOWN, "NotSettled")
    first.wallet.stop()
    first.sim.release_transactions()
    assert make_strex().ask().outcome is PaymentOutcome.APPROVED
    assert len(first.sim.books()) == 1


def test_fault_33_a_mistyped_number_is_seen_masked_and_typed_anew_before_any_code(strex):
    strex.charge()
    strex.shown(WalletStep.ENTER_PHONE)
    strex.give(WalletInputKind.PHONE, "91 23 45 66")
    assert strex.shown(WalletStep.CONFIRM_PHONE).masked_phone.endswith("66")
    strex.give(WalletInputKind.PHONE, "")
    assert strex.shown(WalletStep.ENTER_PHONE).problem is WalletProblem.NONE
    strex.give(WalletInputKind.PHONE, "91 23 45 67")
    assert strex.shown(WalletStep.CONFIRM_PHONE).masked_phone.endswith("67")
    strex.give(WalletInputKind.CONFIRM)
    strex.shown(WalletStep.ENTER_CODE)
    recipients = [body["recipient"] for body in sent(strex.sim, "/one-time-passwords")]
    assert recipients == ["+4791234567"]


def test_fault_33_another_number_after_the_code_leaves_the_first_uncharged(strex):
    strex.begin(phone="91 23 45 66")
    strex.give(WalletInputKind.PHONE, "91 23 45 67")
    strex.next(
        lambda e: (
            isinstance(e, WalletShown)
            and e.step is WalletStep.ENTER_CODE
            and e.masked_phone.endswith("67")
        )
    )
    strex.approve()
    result = strex.result()
    assert result.transaction_id == f"kiosk-{ATTEMPT}-2"
    assert [body["recipient"] for body in sent(strex.sim, "/transactions")] == ["+4791234567"]


def test_fault_33_one_number_gets_so_many_codes_and_no_more(make_strex):
    strex = make_strex(codes_per_number=1)
    strex.begin()
    strex.abort()
    strex.result()
    strex.charge(service_id="2", attempt_id="attempt-2")
    strex.shown(WalletStep.ENTER_PHONE)
    strex.give(WalletInputKind.PHONE, "41234568", "attempt-2")
    strex.shown(WalletStep.CONFIRM_PHONE)
    strex.give(WalletInputKind.CONFIRM, "", "attempt-2")
    assert strex.shown(WalletStep.ENTER_PHONE).problem is WalletProblem.TOO_MANY
    strex.type_number("91234567", "attempt-2")
    assert strex.sim.state()["codes"] == 2


def test_fault_33_a_kiosk_sends_so_many_codes_and_no_more(make_strex):
    strex = make_strex(codes_per_kiosk=1)
    strex.begin(phone="91234567")
    strex.give(WalletInputKind.CODE, "wrong")
    assert strex.shown(WalletStep.ENTER_PHONE).problem is WalletProblem.TOO_MANY
    assert strex.sim.state()["codes"] == 1


def test_fault_33_the_number_is_nowhere_in_memory_after_the_sale(strex):
    strex.pay(phone="91234567")
    gc.collect()
    left = [
        item
        for item in gc.get_objects()
        # Its type, not isinstance: that would ask what another test's dead proxy stands for.
        if type(item) is WalletInput and "91234567" in item.text
    ]
    assert left == []


def test_fault_25_a_code_whose_answer_is_lost_is_not_sent_twice(strex):
    strex.sim.lose_next_answer(where="/one-time-passwords$")
    strex.begin()
    assert strex.sim.state()["codes"] == 1
    assert len(sent(strex.sim, "/one-time-passwords")) == 1


def test_fault_25_a_transaction_whose_answer_is_lost_is_not_begun_twice(strex):
    strex.begin()
    strex.sim.lose_next_answer(where="POST /api/strex/transactions$")
    strex.approve()
    assert strex.result().outcome is PaymentOutcome.APPROVED
    assert len(strex.sim.books()) == 1


def test_fault_25_a_transaction_that_never_arrives_is_begun_again(strex):
    strex.begin()
    strex.sim.lose_next_request(where="POST /api/strex/transactions$")
    strex.approve()
    assert strex.result().outcome is PaymentOutcome.APPROVED
    assert len(strex.sim.books()) == 1


def test_fault_28_silence_and_errors_while_it_is_billed_decide_nothing(strex):
    strex.begin()
    strex.sim.fail_next(503, count=2, where="GET /api/strex/transactions")
    strex.sim.fail_next(401, where="GET /api/strex/transactions")
    strex.sim.answer_garbage(where="GET /api/strex/transactions")
    strex.approve()
    assert strex.result().outcome is PaymentOutcome.APPROVED


def test_fault_11_no_abort_stops_what_is_being_billed(strex):
    strex.sim.hold_transactions()
    strex.begin()
    strex.approve()
    strex.sim.wait_for("Sent")
    strex.abort()
    strex.sim.release_transactions()
    result = strex.result()
    assert result.outcome is PaymentOutcome.APPROVED, "the truth; the sale gives it back"
    assert strex.reverse(result).done


def test_fault_36_with_a_wrong_clock_no_signature_is_good_so_it_is_not_offered(strex):
    strex.wait_for_state(DeviceState.READY)
    strex.sim.set_clock_ahead(600)
    assert "behind" in strex.wait_for_state(DeviceState.FAULT).reason


def test_fault_48_the_next_shopper_is_asked_for_a_number_of_their_own(strex):
    strex.begin()
    strex.abort()
    strex.result()
    strex.charge(service_id="2", attempt_id="attempt-2")
    shown = strex.shown(WalletStep.ENTER_PHONE)
    assert (shown.masked_phone, shown.problem) == ("", WalletProblem.NONE)
