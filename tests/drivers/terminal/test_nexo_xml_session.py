"""The XML dialect over its wire: the login, the wait while it is busy, the night, events."""

import http.client
import threading
from xml.etree import ElementTree

import pytest

from drivers.contracts import DeviceState, PaymentOutcome, TerminalProgress, TerminalStep
from drivers.errors import DeviceConfigError
from drivers.registry import build_device
from drivers.sim.nexo_xml_poster import XmlPoster
from drivers.sim.nexo_xml_terminal import NexoXmlTerminalSim
from drivers.terminal.nexo_xml_terminal import NexoXmlTerminal
from tests.drivers.terminal.desk import charged

APPROVED, CANCELLED, UNKNOWN = (
    PaymentOutcome.APPROVED,
    PaymentOutcome.CANCELLED,
    PaymentOutcome.UNKNOWN,
)


@pytest.fixture(params=["nexo-xml"], autouse=True)
def dialect(request):
    return request.param


def seen(desk, name):
    return desk.sim.state()[name]


# --- the login ------------------------------------------------------------------------------------


def test_a_login_comes_before_everything_about_money(desk):
    assert desk.pay().outcome is APPROVED
    heard = desk.sim.state()["heard"]
    assert heard.index("Login") < heard.index("Payment")
    assert heard.count("Login") == 1


def test_what_the_receipt_needs_is_read_from_the_terminals_own_receipts(desk):
    result = desk.pay(14_990)
    assert (result.brand, result.last_four, result.entry_mode) == ("Visa", "4123", "Contactless")
    assert (result.aid, result.terminal_id) == ("A0000000031010", "877888")
    assert result.approval_code == "083152"
    assert result.reference == result.transaction_id


@pytest.mark.parametrize("condition", ["Busy", "Refusal", "UnavailableService"])
def test_a_terminal_that_refuses_the_login_takes_no_payment_until_it_agrees(
    sim, make_desk, make_options, condition
):
    sim.refuse_login(condition)
    desk = make_desk(make_options(busy_wait_s=0.1))
    desk.wait_for_state(DeviceState.FAULT)
    desk.terminal.charge(desk.charge_request())
    result = desk.result()
    assert (result.outcome, result.reason) == (CANCELLED, condition)
    assert sim.heard("Payment") == 0
    sim.refuse_login("")
    desk.wait_for_state(DeviceState.READY)
    assert desk.pay(service_id="0000000002").outcome is APPROVED


def test_logged_out_before_a_payment_logs_in_and_sends_it_once_more(desk):
    desk.sim.log_out()
    assert desk.pay().outcome is APPROVED
    assert charged(desk) == [14_990]
    assert desk.sim.heard("Payment") == 2  # the refused one and the real one
    assert seen(desk, "logins") == 2


def test_logged_out_during_a_payment_is_no_reason_to_pay_again(desk):
    desk.sim.lose_next_answer()
    desk.charge()
    desk.sim.log_out()
    desk.sim.tap_card()
    assert desk.result().outcome is APPROVED
    assert charged(desk) == [14_990]
    assert desk.sim.heard("Payment") == 1
    assert seen(desk, "resets") == 0


def test_fault_04_a_kiosk_that_starts_during_its_own_payment_does_not_reset_the_terminal(
    desk, make_desk, make_options
):
    desk.charge()
    desk.terminal.stop()
    later = make_desk(make_options())
    later.terminal.ask(later.charge_request())
    later.sim.wait_until(lambda: later.sim.heard("TransactionStatus") >= 4)
    desk.sim.tap_card()
    assert later.result().outcome is APPROVED
    assert charged(desk) == [14_990]
    desk.sim.wait_until(lambda: desk.sim.state()["logins"] == 2)
    assert seen(desk, "resets") == 0


def test_fault_45_an_exchanged_terminal_takes_no_card(sim, make_desk, make_options):
    desk = make_desk(make_options(serial_number="1710000520"))
    assert desk.pay().outcome is APPROVED
    sim.exchange("1710009999")
    desk.wait_for_state(DeviceState.FAULT)
    desk.terminal.charge(desk.charge_request(service_id="0000000002"))
    result = desk.result()
    assert (result.outcome, result.reason) == (CANCELLED, "OtherTerminal")
    assert sim.heard("Payment") == 1


def test_a_terminal_without_its_bank_is_out_of_order_from_the_login_on(sim, make_desk, options):
    sim.host_down()
    desk = make_desk(options)
    desk.wait_for_state(DeviceState.FAULT)
    sim.host_down(False)
    desk.wait_for_state(DeviceState.READY)


# --- one at a time, and busy ----------------------------------------------------------------------


def test_busy_right_after_a_payment_is_waited_for(desk):
    desk.sim.busy_after_payments(3)
    assert desk.pay(service_id="0000000001").outcome is APPROVED
    assert desk.pay(5_000, service_id="0000000002").outcome is APPROVED
    assert charged(desk) == [14_990, 5_000]
    assert desk.sim.heard("Payment") == 5


def test_busy_before_a_reversal_is_waited_for(desk):
    desk.sim.busy_after_payments(3)
    result = desk.pay()
    assert desk.reverse(result).done
    assert charged(desk) == []


def test_fault_10_busy_for_too_long_is_told_and_nothing_was_charged(make_desk, make_options):
    desk = make_desk(make_options(busy_wait_s=0.2))
    desk.wait_for_state(DeviceState.READY)
    desk.sim.busy()
    desk.terminal.charge(desk.charge_request())
    desk.wait_for_step(TerminalStep.BUSY)
    result = desk.result()
    assert (result.outcome, result.reason) == (CANCELLED, "Busy")
    assert charged(desk) == []


def test_an_abort_ends_the_waiting_for_a_busy_terminal(desk):
    desk.sim.busy()
    desk.terminal.charge(desk.charge_request())
    desk.wait_for_step(TerminalStep.BUSY)
    desk.terminal.abort("a-0000000001", "0000000001")
    result = desk.result()
    assert (result.outcome, result.reason) == (CANCELLED, "Aborted")
    desk.sim.busy(False)
    assert charged(desk) == []


def test_an_old_busy_that_is_repeated_says_nothing_of_the_last_try(desk):
    """The terminal remembered its refusal, then was paid, and the answer was lost."""
    desk.sim._books.write(
        "answer",
        category="Payment",
        sale_id="KIOSK-01",
        service_id="0000000001",
        body='{"Response": {"Result": "Failure", "ErrorCondition": "Busy"}}',
    )
    result = desk.ask()
    assert (result.outcome, result.reason) == (UNKNOWN, "NotBelievable")


def test_only_aborts_logins_and_status_requests_ever_overlap(make_desk, make_options):
    desk = make_desk(make_options(health_interval_s=0.01))
    desk.charge(service_id="0000000001")
    for number in range(2, 6):
        desk.terminal.charge(desk.charge_request(service_id=f"000000000{number}"))
    desk.terminal.allow_maintenance(True)
    desk.terminal.abort("a-0000000001", "0000000001")
    results = [desk.result()]
    desk.terminal.allow_maintenance(False)
    for _ in range(4):
        desk.terminal.abort("", f"000000000{len(results) + 1}")
        results.append(desk.result())
    assert {result.outcome for result in results} == {CANCELLED}
    assert seen(desk, "overlaps") == 0


# --- what may go back -----------------------------------------------------------------------------


def test_fault_17_only_the_last_transaction_is_reversed_and_an_older_one_refunded(desk):
    first = desk.pay(14_990, "0000000001")
    desk.pay(5_000, "0000000002")
    answer = desk.reverse(first)
    assert (answer.done, answer.reason) == (False, "NotAllowed")
    desk.refund(first)
    desk.sim.tap_card()
    assert desk.refunded().outcome is PaymentOutcome.APPROVED
    assert [entry["amount_minor"] for entry in desk.sim.refunds()] == [14_990]


def test_fault_16_a_lost_refund_is_asked_about_and_made_once(desk):
    result = desk.pay()
    desk.sim.lose_next_answer()
    desk.refund(result)
    desk.sim.tap_card()
    assert desk.refunded().outcome is PaymentOutcome.APPROVED
    assert len(desk.sim.refunds()) == 1


def test_a_refund_that_the_shopper_does_not_want_is_not_done(desk):
    result = desk.pay()
    desk.refund(result)
    desk.sim.press_red()
    answer = desk.refunded()
    assert (answer.outcome, answer.reason) == (CANCELLED, "Cancel")
    assert desk.sim.refunds() == []


# --- the night ------------------------------------------------------------------------------------


def test_fault_37_at_night_it_is_logged_out_with_maintenance_and_back_in_the_morning(desk):
    desk.terminal.allow_maintenance(True)
    desk.wait_for_state(DeviceState.FAULT)
    desk.sim.wait_until(lambda: desk.sim.state()["rests"] == 1)
    desk.terminal.charge(desk.charge_request())
    result = desk.result()
    assert (result.outcome, result.reason) == (CANCELLED, "Maintenance")
    desk.terminal.allow_maintenance(False)
    desk.wait_for_state(DeviceState.READY)
    assert desk.pay(service_id="0000000002").outcome is APPROVED
    assert (seen(desk, "rests"), desk.sim.heard("Logout")) == (1, 1)


def test_fault_37_an_update_in_the_middle_of_the_day_ends_with_a_new_login(make_desk, make_options):
    desk = make_desk(make_options(health_interval_s=600.0))
    desk.wait_for_state(DeviceState.READY)
    desk.sim.log_out()
    desk.sim.send_event("EndMaintenance")
    desk.sim.wait_until(lambda: desk.sim.state()["logins"] == 2)
    assert desk.pay().outcome is APPROVED


# --- what it says on its own account --------------------------------------------------------------


def test_a_rejected_message_is_our_defect_and_charges_nobody(desk):
    desk.sim.reject_next()
    desk.terminal.charge(desk.charge_request())
    result = desk.result()
    assert (result.outcome, result.reason) == (CANCELLED, "MessageFormat")
    assert desk.terminal.statistics().counters["rejected_messages"] == 1
    assert charged(desk) == []
    desk.sim.send_event("Reject")
    desk.sim._display.flush()
    assert desk.terminal.statistics().counters["rejected_messages"] == 2


def test_the_terminals_own_words_are_told_without_a_step_that_it_did_not_name(desk):
    desk.charge(50_001)
    desk.sim.tap_card()
    texts = [desk.wait_for_step(TerminalStep.OTHER).text for _ in range(3)]
    assert texts == ["Vis kort", "Vennligst vent", "Tast PIN"]
    desk.sim.type_pin("1234")
    assert desk.result().outcome is APPROVED


def test_fault_18_remove_card_after_chip_is_told_in_the_terminals_words(desk):
    desk.charge()
    desk.sim.insert_card()
    desk.sim.type_pin("1234")
    assert desk.result().outcome is APPROVED
    texts = [event.text for event in desk.posted if isinstance(event, TerminalProgress)]
    assert texts[-1] == "Ta ut kortet"


def test_fault_20_a_card_that_must_be_inserted_goes_on_in_the_same_payment(desk):
    desk.sim.need_insert()
    desk.charge()
    desk.sim.tap_card()
    desk.sim.insert_card()
    desk.sim.type_pin("1234")
    assert desk.result().outcome is APPROVED
    assert "Sett inn kort" in [e.text for e in desk.posted if isinstance(e, TerminalProgress)]
    assert desk.sim.heard("Payment") == 1


@pytest.mark.parametrize("stranger", [{"poi_id": "OTHER"}, {"sale_id": "KIOSK-02"}])
def test_fault_41_a_text_of_another_terminal_or_for_another_kiosk_is_not_told(desk, stranger):
    desk.charge()
    url = f"http://127.0.0.1:{desk.terminal.listen_port}/"
    poster = XmlPoster(url, stranger.get("poi_id", desk.sim.poi_id))
    poster.show({"SaleID": stranger.get("sale_id", "KIOSK-01")}, "", "Feil PIN")
    poster.flush()
    poster.stop()
    assert [status for status, _ in poster.answers] == [400]
    assert "Feil PIN" not in [e.text for e in desk.posted if isinstance(e, TerminalProgress)]
    assert desk.terminal.statistics().counters["refused_messages"] == 1


def test_without_a_listener_the_terminal_is_told_to_keep_to_itself(make_desk, make_options):
    desk = make_desk(make_options(listen=""))
    assert desk.pay().outcome is APPROVED
    assert desk.sim._capabilities == ("PrinterReceipt",)
    assert not [event for event in desk.posted if isinstance(event, TerminalProgress)]


def test_a_text_that_wants_an_answer_gets_one_and_others_get_204(desk):
    desk.sim.want_display_answers()
    desk.pay()
    desk.sim.want_display_answers(False)
    desk.pay(service_id="0000000002")
    answers = list(desk.sim._display.answers)
    assert {status for status, _ in answers} == {200, 204}
    assert all(bool(body) == (status == 200) for status, body in answers)
    root = ElementTree.fromstring(next(body for _, body in answers if body))
    assert root.find("MessageHeader").get("DeviceID")
    assert root.find("DisplayResponse/OutputResult/Response").get("Result") == "Success"


def test_a_question_for_a_cashier_is_declined(desk):
    desk.sim.ask_for_input()
    desk.sim._display.flush()
    _, body = desk.sim._display.answers[-1]
    response = ElementTree.fromstring(body).find("InputResponse/InputResult/Response")
    assert (response.get("Result"), response.get("ErrorCondition")) == (
        "Failure",
        "UnavailableDevice",
    )


@pytest.mark.parametrize(
    "body", [b"", b"<a", b"<!DOCTYPE a><a/>", b"<SaleToPOIRequest/>", b"{}", b"\xff\xfe"]
)
def test_fault_43_garbage_to_the_listener_is_refused_and_the_payment_goes_on(desk, body):
    desk.charge()
    connection = http.client.HTTPConnection("127.0.0.1", desk.terminal.listen_port, timeout=5)
    connection.request("POST", "/", body)
    assert connection.getresponse().status == 400
    connection.close()
    desk.sim.tap_card()
    assert desk.result().outcome is APPROVED


# --- configuration --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"url": "http://203.0.113.9:11000/EPASSaleToPOI/3.1"}, "private"),
        ({"url": "http://terminal.example.com:11000/"}, "private"),
        ({"url": "https://192.168.1.9/"}, "private"),
        ({"poi_id": "x" * 33}, "32 bytes"),
        ({"poi_id": ""}, "poi_id"),
        ({"environment": "live", "request_timeout_s": 130.0}, "serial_number"),
        ({"environment": "live", "serial_number": "1"}, "request_timeout_s"),
    ],
)
def test_a_configuration_that_would_be_unsafe_is_refused(make_options, wrong, says):
    with pytest.raises(DeviceConfigError, match=says):
        NexoXmlTerminal(make_options(**wrong))


@pytest.mark.parametrize("address", ["192.168.78.5", "10.0.0.7", "127.0.0.1", "[fd00::7]"])
def test_an_address_of_the_shops_own_network_is_taken(make_options, address):
    NexoXmlTerminal(make_options(url=f"http://{address}:11000/EPASSaleToPOI/3.1"))


def test_the_registry_builds_a_terminal_from_configuration(sim):
    terminal = build_device(
        {
            "protocol": "nexo-xml",
            "name": "terminal-1",
            "url": "http://192.168.78.5:11000/EPASSaleToPOI/3.1",
            "poi_id": "NT-0477-03",
            "sale_id": "KIOSK-01",
            "serial_number": "1710000520",
            "operator_language": "no",
        }
    )
    assert isinstance(terminal, NexoXmlTerminal)


def test_stopping_leaves_no_thread(desk):
    desk.pay()
    desk.terminal.stop()
    names = [thread.name for thread in threading.enumerate()]
    assert not [name for name in names if name.startswith("terminal-1")]


def test_the_far_end_notices_requests_that_overlap(sim):
    """The check of one request at a time can fail."""
    assert isinstance(sim, NexoXmlTerminalSim)
    sim._running = 1
    sim._answer(
        b'<SaleToPOIRequest><MessageHeader MessageClass="Service" MessageCategory="Logout" '
        b'MessageType="Request" ServiceID="1" SaleID="K" POIID="NT-0477-03"/>'
        b'<LogoutRequest MaintenanceAllowed="true"/></SaleToPOIRequest>'
    )
    assert sim.state()["overlaps"] == 1
