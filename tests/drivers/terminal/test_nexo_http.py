"""One exchange, on plain sockets: what was sent, what came back, and how much of it."""

import socket
import threading

import pytest

from drivers.errors import DeviceConfigError, ProtocolError
from drivers.terminal.nexo_http import ANSWER_BYTES_MAX, AnswerLost, Exchange, NeverSent, Wire


@pytest.fixture
def far_end():
    """A server that answers every connection with the bytes it was told, and counts requests."""
    server = socket.create_server(("127.0.0.1", 0))
    answers, requests = [], []

    def serve():
        while True:
            try:
                line, _ = server.accept()
            except OSError:
                return
            with line:
                request = b""
                while not request.endswith(b"hello") and (data := line.recv(65536)):
                    request += data
                requests.append(request)
                for part in answers:
                    line.sendall(part)

    threading.Thread(target=serve, daemon=True).start()
    url = f"http://127.0.0.1:{server.getsockname()[1]}/nexo"
    yield Wire(url, context=None, certificate_name=None), answers, requests
    server.shutdown(socket.SHUT_RDWR)
    server.close()


def answer(status, body=b"", *headers):
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


@pytest.mark.parametrize(("status", "body"), [(200, b"{}"), (200, b""), (204, b"")])
def test_a_good_answer_is_returned_whole(far_end, status, body):
    wire, answers, requests = far_end
    answers.append(answer(status, body))
    assert wire.post(b"hello", timeout_s=5) == body
    assert len(requests) == 1


@pytest.mark.parametrize("status", [201, 302, 400, 401, 404, 500, 503])
def test_any_other_status_is_no_answer_whatever_its_body_says(far_end, status):
    wire, answers, requests = far_end
    answers.append(answer(status, b"{}", "Location: http://127.0.0.1:1/"))
    with pytest.raises(AnswerLost):
        wire.post(b"hello", timeout_s=5)
    assert len(requests) == 1  # not sent again, not sent elsewhere


def test_fault_43_more_than_a_message_is_not_read(far_end):
    wire, answers, _ = far_end
    answers.append(answer(200, b" " * (ANSWER_BYTES_MAX + 1)))
    with pytest.raises(ProtocolError, match="exceeds"):
        wire.post(b"hello", timeout_s=5)


@pytest.mark.parametrize("part", [b"", b"HTTP/1.1 200 OK\r\nContent-Le", b"noise\r\n\r\n"])
def test_half_an_answer_is_none(far_end, part):
    wire, answers, _ = far_end
    answers.append(part)
    with pytest.raises(AnswerLost):
        wire.post(b"hello", timeout_s=5)


def test_half_a_body_is_no_answer(far_end):
    wire, answers, _ = far_end
    answers.append(answer(200, b'{"whole": true}')[:-5])
    with pytest.raises(AnswerLost):
        wire.post(b"hello", timeout_s=5)


def test_where_nobody_listens_nothing_was_sent():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    wire = Wire(f"http://127.0.0.1:{port}/", context=None, certificate_name=None)
    with pytest.raises(NeverSent):
        wire.post(b"hello", timeout_s=5)


def test_hanging_up_before_the_first_byte_sends_nothing(far_end):
    wire, answers, requests = far_end
    answers.append(answer(200))
    exchange = Exchange()
    exchange.drop_unsent()
    with pytest.raises(NeverSent):
        wire.post(b"hello", timeout_s=5, exchange=exchange)
    assert not exchange.sent
    assert b"hello" not in b"".join(requests)


def test_hanging_up_unsent_spares_what_has_left():
    exchange = Exchange()
    exchange.about_to_send()
    exchange.drop_unsent()
    assert not exchange.dropped


def test_after_hanging_up_for_good_nothing_is_sent(far_end):
    wire, answers, requests = far_end
    answers.append(answer(200))
    wire.hang_up()
    with pytest.raises(NeverSent):
        wire.post(b"hello", timeout_s=5)
    assert b"hello" not in b"".join(requests)


@pytest.mark.parametrize("url", ["http://192.0.2.7/nexo", "ftp://127.0.0.1/", "terminal", ""])
def test_plain_http_goes_to_this_computer_only(url):
    with pytest.raises(DeviceConfigError, match="https"):
        Wire(url, context=None, certificate_name=None)
