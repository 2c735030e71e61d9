"""Faults 1-3, 7, 8, 10-14, 41-43 of the payment checklist: the answer that does not come, or lies.

Whatever the wire does, the books of the terminal and the one PaymentAnswered must agree.
"""

import pytest

from drivers.contracts import DeviceState, PaymentOutcome, TerminalStep
from drivers.sim.terminal import NexoTerminalSim
from tests.drivers.terminal.desk import charged

APPROVED, DECLINED, CANCELLED, UNKNOWN = (
    PaymentOutcome.APPROVED,
    PaymentOutcome.DECLINED,
    PaymentOutcome.CANCELLED,
    PaymentOutcome.UNKNOWN,
)


@pytest.fixture(params=["nexo-json", "nexo-xml"], autouse=True)
def dialect(request):
    return request.param


def test_fault_01_a_lost_approval_is_found_by_asking_and_charged_once(desk):
    desk.sim.lose_next_answer()
    result = desk.pay()
    assert (result.outcome, result.amount_minor) == (APPROVED, 14_990)
    assert result.last_four == "4123"
    assert charged(desk) == [14_990]
    assert desk.sim.heard("Payment") == 1


def test_fault_01_an_approval_that_comes_after_the_time_out_is_found_by_asking(
    make_desk, make_options
):
    desk = make_desk(make_options(request_timeout_s=0.5))
    desk.sim.never_answer()
    assert desk.pay().outcome is APPROVED
    assert charged(desk) == [14_990]
    assert desk.sim.heard("Payment") == 1


def test_fault_01_the_time_out_of_a_payment_still_running_waits_for_its_end(
    make_desk, make_options
):
    desk = make_desk(make_options(request_timeout_s=0.3))
    desk.charge()
    desk.sim.wait_until(lambda: desk.sim.heard("TransactionStatus") >= 2)
    assert desk.answers() == 0  # it said InProgress: nobody may guess
    desk.sim.tap_card()
    assert desk.result().outcome is APPROVED
    assert charged(desk) == [14_990]


def test_fault_02_a_lost_refusal_is_found_by_asking(desk):
    desk.sim.decline()
    desk.sim.lose_next_answer()
    result = desk.pay()
    assert (result.outcome, result.reason) == (DECLINED, "Refusal")
    assert charged(desk) == []


def test_fault_03_an_unreachable_terminal_after_sending_leaves_it_unknown(make_desk, make_options):
    desk = make_desk(make_options(silence_s=0.2))
    desk.charge()
    desk.sim.unplug()
    result = desk.result()
    assert (result.outcome, result.reason) == (UNKNOWN, "NoAnswer")
    assert desk.answers() == 1


def test_fault_03_asked_again_later_the_terminal_tells_what_it_did_meanwhile(
    make_desk, make_options
):
    desk = make_desk(make_options(silence_s=0.2))
    desk.charge()
    desk.sim.unplug()
    desk.sim.tap_card()  # the terminal goes on by itself
    assert desk.result().outcome is UNKNOWN
    assert desk.ask().outcome is UNKNOWN
    desk.sim.plug_in()
    assert desk.ask().outcome is APPROVED
    assert charged(desk) == [14_990]
    assert desk.sim.heard("Payment") == 1


def test_a_terminal_that_was_never_reached_was_not_charged(desk):
    desk.sim.unplug()
    desk.terminal.charge(desk.charge_request())
    result = desk.result()
    assert (result.outcome, result.reason) == (CANCELLED, "NotReached")
    assert desk.sim.heard("Payment") == 0


def test_fault_07_a_terminal_that_reboots_during_the_payment_has_the_last_word(desk):
    desk.charge()
    desk.sim.reboot()
    result = desk.result()
    assert (result.outcome, result.reason) == (CANCELLED, "NotFound")
    assert charged(desk) == []
    assert desk.pay(service_id="0000000002").outcome is APPROVED


def test_fault_07_an_approval_before_the_reboot_is_found_after_it(desk):
    desk.sim.lose_answers(3)
    desk.charge()
    desk.sim.tap_card()
    desk.sim.reboot()
    assert desk.result().outcome is APPROVED
    assert charged(desk) == [14_990]


def test_fault_08_not_found_of_a_busy_terminal_is_not_believed(make_desk, make_options):
    desk = make_desk(make_options(resolve_s=0.6, silence_s=5.0))
    desk.sim.busy()
    result = desk.ask()
    assert (result.outcome, result.reason) == (UNKNOWN, "NotSettled")
    desk.sim.busy(False)
    result = desk.ask()
    assert (result.outcome, result.reason) == (CANCELLED, "NotFound")


@pytest.mark.parametrize(
    ("dialect", "asked_when_idle"),
    [("nexo-json", "Diagnosis"), ("nexo-xml", "TransactionStatus")],
)
def test_fault_08_not_found_is_believed_only_when_it_stands(desk, asked_when_idle):
    before = desk.sim.heard(asked_when_idle)
    desk.ask()
    assert desk.sim.heard("TransactionStatus") >= 2
    # After each NotFound it is asked whether it is idle at all.
    own = 2 if asked_when_idle == "TransactionStatus" else 0
    assert desk.sim.heard(asked_when_idle) >= before + own + 2


@pytest.mark.parametrize("dialect", ["nexo-json"])
def test_fault_10_a_terminal_in_use_by_another_kiosk_is_told_and_not_charged(desk):
    desk.sim.busy()
    desk.terminal.charge(desk.charge_request())
    desk.wait_for_step(TerminalStep.BUSY)
    desk.sim.busy(False)
    result = desk.result()
    assert result.outcome is CANCELLED
    assert charged(desk) == []
    assert desk.sim.heard("Payment") == 1


@pytest.mark.parametrize("dialect", ["nexo-json"])
def test_fault_10_a_second_kiosk_on_the_same_terminal_takes_nothing_over(
    desk, make_desk, make_options
):
    other = make_desk(make_options(sale_id="KIOSK-02", listen="", resolve_s=1.0))
    desk.charge()
    other.terminal.charge(other.charge_request(5_000, "0000000001"))
    other.wait_for_step(TerminalStep.BUSY)
    desk.sim.tap_card()
    assert desk.result().amount_minor == 14_990
    assert other.result().outcome is not APPROVED
    assert charged(desk) == [14_990]


@pytest.mark.parametrize("form", ["204", "empty", "body"])
def test_fault_11_an_abort_is_answered_by_the_payment_itself(desk, form):
    desk.sim.answer_aborts_with(form)
    desk.charge()
    desk.terminal.abort("a-0000000001", "0000000001")
    result = desk.result()
    assert (result.outcome, result.reason) == (CANCELLED, "Aborted")
    assert desk.answers() == 1
    assert charged(desk) == []


def test_fault_11_a_late_abort_does_not_undo_an_approval(desk):
    desk.sim.hold_host()
    desk.charge()
    desk.sim.tap_card()
    desk.terminal.abort("a-0000000001", "0000000001")
    desk.sim.wait_until(lambda: desk.sim.heard("Abort") == 1)
    desk.sim.release_host()
    assert desk.result().outcome is APPROVED
    assert charged(desk) == [14_990]


def test_fault_11_an_aborted_payment_whose_answer_never_comes_is_asked_about(desk):
    desk.sim.stay_silent_after_abort()
    desk.charge()
    desk.terminal.abort("a-0000000001", "0000000001")
    result = desk.result()
    assert (result.outcome, result.reason) == (CANCELLED, "Aborted")
    assert desk.answers() == 1


def test_fault_11_an_abort_that_is_ignored_leaves_the_payment_to_the_shopper(desk):
    desk.sim.ignore_aborts()
    desk.charge()
    desk.terminal.abort("a-0000000001", "0000000001")
    desk.sim.wait_until(lambda: desk.sim.heard("TransactionStatus") >= 1)
    desk.sim.tap_card()
    assert desk.result().outcome is APPROVED


def test_fault_11_an_abort_in_line_stops_a_payment_that_has_not_left(desk):
    desk.charge(service_id="0000000001")
    desk.terminal.charge(desk.charge_request(service_id="0000000002"))
    desk.terminal.abort("a-0000000002", "0000000002")
    desk.sim.tap_card()
    assert desk.result().outcome is APPROVED
    second = desk.result()
    assert (second.service_id, second.outcome) == ("0000000002", CANCELLED)
    assert desk.sim.heard("Payment") == 1


def test_fault_13_another_amount_is_reported_as_the_terminal_has_it(desk):
    desk.sim.answer_with_amount(14_000)
    result = desk.pay(14_990)
    assert (result.outcome, result.amount_minor) == (APPROVED, 14_000)
    assert result.reason == "OtherAmount"


def test_fault_13_another_currency_is_reported_as_the_terminal_has_it(desk):
    desk.sim.answer_with_currency("SEK")
    result = desk.pay(14_990)
    assert (result.outcome, result.currency, result.reason) == (APPROVED, "SEK", "OtherAmount")


def test_fault_14_a_partial_approval_is_marked(desk):
    desk.sim.approve_partially(5_000)
    result = desk.pay(14_990)
    assert (result.outcome, result.amount_minor, result.partial) == (APPROVED, 5_000, True)


@pytest.mark.parametrize(
    "lie", ["answer_for_other_sale", "answer_for_other_service", "answer_for_other_terminal"]
)
def test_fault_41_an_answer_for_somebody_else_is_no_answer(desk, lie):
    getattr(desk.sim, lie)()
    result = desk.pay()
    assert result.outcome is APPROVED  # from the status request, not from the stranger's answer
    assert desk.sim.heard("TransactionStatus") >= 1
    assert desk.terminal.statistics().counters["refused_messages"] == 1


@pytest.mark.parametrize("dialect", ["nexo-json"])
def test_fault_41_a_device_with_another_certificate_never_gets_a_payment(
    tmp_path, make_desk, make_options
):
    rogue = NexoTerminalSim(directory=tmp_path / "rogue", passphrase="correct horse battery staple")
    rogue.start()
    try:
        desk = make_desk(make_options(url=rogue.url))
        desk.wait_for_state(DeviceState.LOST)
        desk.terminal.charge(desk.charge_request())
        result = desk.result()
        assert (result.outcome, result.reason) == (CANCELLED, "NotReached")
        assert rogue.state()["heard"] == []
    finally:
        rogue.stop()


@pytest.mark.parametrize("dialect", ["nexo-json"])
def test_fault_41_a_terminal_with_another_name_never_gets_a_payment(make_desk, make_options, sim):
    desk = make_desk(make_options(poi_id="S1F2-000000000000000"))
    desk.terminal.charge(desk.charge_request())
    assert desk.result().reason == "NotReached"
    assert sim.state()["heard"] == []


@pytest.mark.parametrize("dialect", ["nexo-json"])
@pytest.mark.parametrize(
    "forgery",
    ["answer_with_false_hmac", "answer_in_the_clear", "answer_with_other_header_outside"],
)
def test_fault_42_a_forged_answer_is_not_believed(desk, forgery):
    getattr(desk.sim, forgery)()
    desk.sim.decline()
    result = desk.pay()
    assert (result.outcome, result.reason) == (DECLINED, "Refusal")
    assert desk.terminal.statistics().counters["refused_messages"] == 1


def test_fault_42_a_replayed_approval_pays_for_nothing(desk):
    assert desk.pay(service_id="0000000001").outcome is APPROVED
    desk.sim.replay_last_answer()
    desk.sim.decline()
    result = desk.pay(service_id="0000000002")
    assert result.outcome is DECLINED
    assert charged(desk) == [14_990]


def test_fault_42_a_status_that_repeats_another_payment_is_not_believed(desk):
    desk.sim.lose_next_answer()
    desk.sim.repeat_other()
    assert desk.pay().outcome is APPROVED
    assert desk.sim.heard("TransactionStatus") >= 2


@pytest.mark.parametrize(
    ("fault", "arguments"),
    [
        ("answer_garbage", ()),
        ("answer_too_much", ()),
        ("answer_with_http_error", (500,)),
        ("answer_with_http_error", (401,)),
        ("answer_with_http_error", (302,)),
        ("answer_with_http_error", (204,)),
    ],
)
def test_fault_43_garbage_is_resolved_by_asking(desk, fault, arguments):
    getattr(desk.sim, fault)(*arguments)
    assert desk.pay().outcome is APPROVED
    assert charged(desk) == [14_990]
    assert desk.sim.heard("Payment") == 1


def test_an_answer_that_comes_twice_counts_once(desk):
    desk.sim.answer_twice()
    assert desk.pay().outcome is APPROVED
    assert desk.pay(service_id="0000000002").outcome is APPROVED
    assert desk.answers() == 2
