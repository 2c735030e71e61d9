"""Vipps MobilePay over the wire: what is sent, what the shopper sees, what the books say."""

import time
from dataclasses import replace

from drivers.contracts import (
    DeviceState,
    PaymentOutcome,
    WalletInputKind,
    WalletProblem,
    WalletShown,
    WalletStep,
)
from tests.drivers.wallet.desk import ATTEMPT, LINES


def created(sim, number=-1):
    sent = [e.request.json for e in sim.exchanges() if e.request.path.endswith("/v1/payments")]
    return sent[number]


def test_a_scanned_and_approved_payment_is_reserved_and_taken_at_hand_over(vipps):
    result = vipps.pay()
    assert result.outcome is PaymentOutcome.APPROVED
    assert (result.amount_minor, result.currency) == (14_990, "NOK")
    assert result.transaction_id == f"kiosk-{ATTEMPT}-1"
    assert result.reference == vipps.sim.payment().psp_reference
    assert vipps.sim.books()[0]["captured"] == 0
    assert vipps.capture(result).done
    assert vipps.sim.books()[0]["captured"] == 14_990
    assert vipps.answers() == 1


def test_the_code_on_the_screen_is_the_one_that_the_phone_must_read(vipps):
    before_ns = time.monotonic_ns()
    vipps.charge()
    shown = vipps.shown(WalletStep.SCAN_QR)
    assert shown.qr_text == vipps.sim.scan()
    assert shown.can_push
    assert before_ns <= shown.expires_monotonic_ns - 600 * 10**9 <= time.monotonic_ns()
    assert "vipps" not in repr(shown).replace("vipps-1", ""), "the link is a secret of the screen"


def test_fault_47_the_request_says_who_may_pay_that_the_shopper_stands_here_and_what_is_bought(
    vipps,
):
    vipps.pay(lines=LINES, min_age=18)
    body = created(vipps.sim)
    assert body["customerInteraction"] == "CUSTOMER_PRESENT"
    assert body["qrFormat"] == {"format": "TEXT/TARGETURL"}
    assert body["minimumUserAge"] == 18
    first, second = body["receipt"]["orderLines"]
    assert (first["totalAmount"], first["totalAmountExcludingTax"]) == (9_990, 8_687)
    assert second["unitInfo"] == {"unitPrice": 2_806, "quantity": "1.782", "quantityUnit": "KG"}
    assert body["receipt"]["bottomLine"] == {"currency": "NOK", "posId": "kasse-1"}


def test_a_part_of_a_sale_sends_no_lines_that_do_not_add_up(vipps):
    vipps.pay(10_000, lines=LINES)
    assert "receipt" not in created(vipps.sim)


def test_no_in_the_app_and_expiry_end_it_as_cancelled(make_vipps):
    desk = make_vipps()
    for end, reason, service_id in (("decline", "Aborted", "1"), ("expire", "Expired", "2")):
        desk.begin(service_id=service_id, attempt_id=f"attempt-{service_id}")
        getattr(desk.sim, end)()
        result = desk.result()
        assert (result.outcome, result.reason) == (PaymentOutcome.CANCELLED, reason)
    assert desk.sim.books() == []


def test_another_amount_than_asked_is_reported_as_it_is(vipps):
    vipps.begin()
    vipps.sim.approve(amount_minor=9_900)
    assert vipps.result().amount_minor == 9_900


def test_a_push_is_the_second_choice_and_begins_when_the_code_is_dead(vipps):
    vipps.begin()
    vipps.give(WalletInputKind.PHONE, "+47 912 34 567")
    shown = vipps.shown(WalletStep.PUSH_SENT)
    assert shown.masked_phone == "••• •• •67"
    assert created(vipps.sim)["customer"] == {"phoneNumber": "4791234567"}
    assert vipps.sim.payment(f"kiosk-{ATTEMPT}-1").state == "TERMINATED"
    vipps.sim.approve()
    result = vipps.result()
    assert result.outcome is PaymentOutcome.APPROVED
    assert result.transaction_id == f"kiosk-{ATTEMPT}-2"
    assert vipps.capture(result).done


def test_a_number_that_is_none_leaves_the_code_where_it_is(vipps):
    vipps.begin()
    vipps.give(WalletInputKind.PHONE, "22 33 44 55")
    shown = vipps.next(lambda e: isinstance(e, WalletShown) and e.problem)
    assert (shown.step, shown.problem) == (WalletStep.SCAN_QR, WalletProblem.BAD_PHONE)
    assert shown.qr_text == vipps.sim.scan()
    assert vipps.sim.state()["payments"] == 1


def test_a_number_that_the_provider_does_not_know_leads_back_to_a_code(vipps):
    vipps.begin()
    vipps.sim.fail_next(400, where="POST /epayment/v1/payments$")
    vipps.give(WalletInputKind.PHONE, "91234567")
    shown = vipps.next(lambda e: isinstance(e, WalletShown) and e.problem)
    assert (shown.step, shown.problem) == (WalletStep.SCAN_QR, WalletProblem.BAD_PHONE)


def test_a_reserved_payment_is_released_and_a_taken_one_refunded(make_vipps):
    desk = make_vipps()
    first = desk.pay(service_id="1", attempt_id="attempt-1")
    assert desk.reverse(first).done
    second = desk.pay(service_id="2", attempt_id="attempt-2")
    assert desk.capture(second).done
    assert desk.reverse(second).done
    assert desk.reverse(second).done, "said twice, done once"
    one, two = desk.sim.books()
    assert (one["cancelled"], one["captured"], one["refunded"]) == (14_990, 0, 0)
    assert (two["cancelled"], two["captured"], two["refunded"]) == (0, 14_990, 14_990)


def test_a_payment_that_was_given_back_is_not_found_approved(vipps):
    result = vipps.pay()
    assert vipps.reverse(result).done
    again = vipps.ask()
    assert (again.outcome, again.reason) == (PaymentOutcome.CANCELLED, "GivenBack")


def test_asking_ends_what_an_earlier_life_left_open(make_vipps):
    first = make_vipps()
    first.begin()
    first.wallet.stop()
    assert first.result().outcome is PaymentOutcome.UNKNOWN
    found = make_vipps().ask()
    assert (found.outcome, found.reason) == (PaymentOutcome.CANCELLED, "Terminated")


def test_asking_finds_the_turn_that_was_paid(make_vipps):
    first = make_vipps()
    first.begin()
    first.give(WalletInputKind.PHONE, "91234567")
    first.shown(WalletStep.PUSH_SENT)
    first.wallet.stop()
    first.sim.approve()
    found = make_vipps().ask()
    assert (found.outcome, found.transaction_id) == (
        PaymentOutcome.APPROVED,
        f"kiosk-{ATTEMPT}-2",
    )


def test_a_service_id_is_never_charged_twice(vipps):
    first = vipps.pay()
    vipps.charge()
    again = vipps.result()
    assert replace(again, transaction_at="") == replace(first, transaction_at="")
    assert len(vipps.sim.books()) == 1


def test_keys_that_the_provider_refuses_are_a_fault_and_nothing_is_created(make_vipps, tmp_path):
    wrong = tmp_path / "wrong"
    wrong.touch(mode=0o600)
    wrong.write_text(
        'environment = "test"\nclient_id = "a"\nclient_secret = "b"\nsubscription_key = "c"\n'
    )
    desk = make_vipps(keys_file=str(wrong), create_s=0.1)
    assert "KeysRefused" in desk.wait_for_state(DeviceState.LOST).reason
    desk.charge()
    assert desk.result().outcome is PaymentOutcome.CANCELLED
