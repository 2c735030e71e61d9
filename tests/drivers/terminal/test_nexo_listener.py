"""The one port the kiosk opens: what strangers can do to it, which is nothing."""

import http.client
import json
import socket

import pytest

from drivers.contracts import DeviceState, TerminalProgress, TerminalStep
from drivers.errors import DeviceConfigError
from drivers.sim.terminal_display import DisplayPoster
from drivers.sim.terminal_wire import TerminalCrypto, write_json
from drivers.terminal.nexo_listener import BODY_BYTES_MAX, Listener
from drivers.terminal.nexo_progress import STEPS, step_of
from tests.drivers.terminal.desk import PASSPHRASE


def post(desk, body, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", desk.terminal.listen_port, timeout=5)
    connection.request("POST", "/", body, headers)
    status = connection.getresponse().status
    connection.close()
    return status


def steps(desk):
    return [event.step for event in desk.posted if isinstance(event, TerminalProgress)]


def display(desk, *, poi_id=None, passphrase=PASSPHRASE, sale_id="KIOSK-01", service_id=None):
    """A notification as some terminal would post it; returns when the driver has answered."""
    poster = DisplayPoster(
        f"http://127.0.0.1:{desk.terminal.listen_port}/",
        poi_id or desk.sim.poi_id,
        TerminalCrypto(passphrase, "kiosk", 1),
    )
    header = {"SaleID": sale_id, "ServiceID": service_id or "0000000001"}
    poster.show(header, "WRONG_PIN", "Feil PIN")
    poster.flush()
    poster.stop()


@pytest.mark.parametrize(
    "stranger",
    [
        {"poi_id": "S1F2-000000000000000"},
        {"passphrase": "guessed"},
        {"sale_id": "KIOSK-02"},
        {"service_id": "0000000099"},
    ],
)
def test_fault_41_a_notification_of_a_stranger_is_not_told(desk, stranger):
    desk.charge()
    display(desk, **stranger)
    assert TerminalStep.WRONG_PIN not in steps(desk)
    display(desk)  # and the same from our own terminal is: the test can fail
    assert TerminalStep.WRONG_PIN in steps(desk)


@pytest.mark.parametrize("body", [b"", b"{}", b"garbage", json.dumps({"a": 1}).encode()])
def test_fault_43_garbage_is_refused_and_the_next_notification_is_heard(desk, body):
    desk.charge()
    assert post(desk, body) == 400
    display(desk)
    assert TerminalStep.WRONG_PIN in steps(desk)
    assert desk.terminal.statistics().counters["refused_messages"] == 1


@pytest.mark.parametrize("length", [str(BODY_BYTES_MAX + 1), "9" * 30, "-1", "x", ""])
def test_fault_43_a_body_of_another_size_is_not_even_read(desk, length):
    with socket.create_connection(("127.0.0.1", desk.terminal.listen_port), timeout=5) as line:
        line.sendall(f"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n".encode())
        assert line.recv(100).split()[1] == b"413"


def test_an_address_that_is_taken_costs_the_progress_and_not_the_payment(make_desk, make_options):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        desk = make_desk(make_options(listen=f"127.0.0.1:{taken.getsockname()[1]}"))
        assert desk.terminal.listen_port == 0
        assert desk.pay().amount_minor == 14_990


@pytest.mark.parametrize("listen", ["", "8080", "host:", "host:x"])
def test_an_address_that_is_none_is_refused(listen):
    with pytest.raises(DeviceConfigError, match="ADDRESS:PORT"):
        Listener(listen, lambda body: None, cert_file="")


def test_an_event_of_the_terminal_is_looked_into_at_once(make_desk, make_options):
    desk = make_desk(make_options(health_interval_s=600.0))
    desk.wait_for_state(DeviceState.READY)
    desk.sim.out_of_order()
    header = {
        "MessageClass": "Event",
        "MessageCategory": "Event",
        "MessageType": "Notification",
        "SaleID": "KIOSK-01",
        "POIID": desk.sim.poi_id,
    }
    event = {"EventNotification": {"TimeStamp": "now", "EventToNotify": "OutOfOrder"}}
    sealed = TerminalCrypto(PASSPHRASE, "kiosk", 1).seal("SaleToPOIRequest", header, event)
    assert post(desk, write_json(sealed)) == 200
    desk.wait_for_state(DeviceState.FAULT)


def test_digits_of_a_pin_are_not_even_counted():
    assert step_of("PIN_DIGIT_ENTERED") is None
    assert step_of("SOMETHING_NEW") is TerminalStep.OTHER
    assert step_of("WAIT_FOR_PIN") is TerminalStep.ENTER_PIN
    assert TerminalStep.BUSY not in STEPS.values()
