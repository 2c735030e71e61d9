"""Byte lines: pseudo-terminals, sockets and character devices, and how each of them is lost."""

import errno
import os
import pty
import socket
import threading
import tty
from collections.abc import Iterator
from contextlib import closing

import pytest

from drivers.deadline import Flag
from drivers.errors import (
    DeviceBusy,
    DeviceClosed,
    DeviceConfigError,
    DeviceLost,
    DeviceTimeout,
)
from drivers.sockets import parse_tcp_url
from drivers.transport import (
    FdTransport,
    SerialSettings,
    is_pseudo_terminal,
    open_transport,
)

WAIT_S = 60.0


@pytest.fixture
def terminal() -> Iterator[tuple[int, str]]:
    master, slave = pty.openpty()
    tty.setraw(slave)
    path = os.ttyname(slave)
    yield master, path
    for fd in (master, slave):
        try:
            os.close(fd)
        except OSError:
            continue


@pytest.fixture
def server() -> Iterator[socket.socket]:
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        yield listening


def url_of(server: socket.socket) -> str:
    return f"tcp://127.0.0.1:{server.getsockname()[1]}"


def test_a_serial_line_carries_bytes_both_ways(terminal: tuple[int, str]) -> None:
    master, path = terminal
    with closing(open_transport(path)) as line:
        os.write(master, b"7038\r")
        assert line.read(100, WAIT_S) == b"7038\r"
        line.write(b"\x00W\xff")
        assert os.read(master, 100) == b"\x00W\xff"


def test_seven_bits_with_parity_work_on_a_pseudo_terminal_too(terminal: tuple[int, str]) -> None:
    master, path = terminal
    settings = SerialSettings(bytesize=7, parity="E")
    with closing(open_transport(path, settings=settings)) as line:
        os.write(master, b"\x82")
        assert line.read(1, WAIT_S) == b"\x82"


def test_only_pseudo_terminals_are_excused(terminal: tuple[int, str]) -> None:
    assert is_pseudo_terminal(terminal[1])
    assert not is_pseudo_terminal("/dev/ttyS0")


def test_a_read_takes_at_most_what_was_asked_for(terminal: tuple[int, str]) -> None:
    master, path = terminal
    with closing(open_transport(path)) as line:
        os.write(master, b"abcdef")
        assert line.read(4, WAIT_S) == b"abcd"
        assert line.read(4, WAIT_S) == b"ef"
        assert line.read(4, 0) == b""


def test_a_read_ends_with_the_stop_flag(terminal: tuple[int, str]) -> None:
    stop = Flag()
    with closing(open_transport(terminal[1], stop=stop)) as line:
        threading.Timer(0.01, stop.set).start()
        assert line.read(1, WAIT_S) == b""
        assert stop.is_set()


def test_a_wake_ends_one_read_and_only_one(terminal: tuple[int, str]) -> None:
    wake = Flag()
    with closing(open_transport(terminal[1], wake=wake)) as line:
        wake.set()
        assert line.read(1, WAIT_S) == b""
        assert not wake.is_set()


def test_a_second_opener_is_told_that_the_port_is_busy(terminal: tuple[int, str]) -> None:
    with (
        closing(open_transport(terminal[1])),
        pytest.raises(DeviceBusy, match="another program"),
    ):
        open_transport(terminal[1])


def test_a_pulled_cable_is_lost_for_reading_and_writing() -> None:
    master, slave = pty.openpty()
    line = open_transport(os.ttyname(slave))
    os.close(slave)
    os.close(master)
    with pytest.raises(DeviceLost):
        line.read(1, WAIT_S)
    with pytest.raises(DeviceLost):
        line.write(b"W")
    line.close()


def test_flushing_says_how_much_was_thrown_away(terminal: tuple[int, str]) -> None:
    master, path = terminal
    with closing(open_transport(path)) as line:
        os.write(master, b"abcdef")
        assert line.flush_input() == 6
        assert line.flush_input() == 0


def test_a_closed_line_refuses_and_closes_again() -> None:
    master, slave = pty.openpty()
    line = open_transport(os.ttyname(slave))
    line.close()
    line.close()
    with pytest.raises(DeviceClosed):
        line.read(1, 0)
    with pytest.raises(DeviceClosed):
        line.write(b"x")
    os.close(master)
    os.close(slave)


def test_what_is_not_there_is_lost() -> None:
    with pytest.raises(DeviceLost, match="ttyNothing"):
        open_transport("/dev/ttyNothing")
    with pytest.raises(DeviceLost, match="lpNothing"):
        open_transport("char:/dev/usb/lpNothing")


def test_a_port_that_nobody_listens_on_is_lost(server: socket.socket) -> None:
    url = url_of(server)
    server.close()
    with pytest.raises(DeviceLost):
        open_transport(url)


def test_stopping_ends_connecting(monkeypatch: pytest.MonkeyPatch) -> None:
    class Unanswered(socket.socket):
        """As to a host behind a firewall that drops what it does not like."""

        def connect_ex(self, address: object) -> int:
            return errno.EINPROGRESS

        def fileno(self) -> int:
            return silent

    silent = os.eventfd(0)
    os.eventfd_write(silent, 2**64 - 2)  # full: never writable
    monkeypatch.setattr(socket, "socket", Unanswered)
    stop = Flag()
    threading.Timer(0.01, stop.set).start()
    with pytest.raises(DeviceClosed, match="stopped while connecting"):
        open_transport("tcp://127.0.0.1:9100", stop=stop)
    os.close(silent)


@pytest.mark.parametrize(
    "url", ["", "ttyUSB0", "tcp://", "tcp://host", "tcp://host:x", "tcp://h:1/x", "http://h:1"]
)
def test_a_url_of_no_known_form_is_refused(url: str) -> None:
    with pytest.raises(DeviceConfigError):
        open_transport(url)


def test_addresses_are_taken_apart() -> None:
    assert parse_tcp_url("tcp://10.0.0.7:9100") == ("10.0.0.7", 9100)
    assert parse_tcp_url("tcp://[::1]:9100") == ("::1", 9100)


def test_a_socket_carries_bytes_and_is_lost_when_the_other_end_closes(
    server: socket.socket,
) -> None:
    with closing(open_transport(url_of(server))) as line:
        peer, _ = server.accept()
        with peer:
            line.write(b"hello")
            assert peer.recv(10) == b"hello"
            peer.sendall(b"hei")
            assert line.read(10, WAIT_S) == b"hei"
        with pytest.raises(DeviceLost, match="closed the line"):
            line.read(10, WAIT_S)


def test_a_name_with_several_addresses_is_tried_one_by_one(server: socket.socket) -> None:
    # "localhost" is often ::1 first, where nobody listens here.
    with closing(open_transport(f"tcp://localhost:{server.getsockname()[1]}")) as line:
        peer, _ = server.accept()
        with peer:
            line.write(b"x")
            assert peer.recv(1) == b"x"


def test_a_peer_that_takes_nothing_is_a_time_out_and_not_a_hang(server: socket.socket) -> None:
    with closing(open_transport(url_of(server))) as line:
        peer, _ = server.accept()
        with peer, pytest.raises(DeviceTimeout, match="bytes not taken"):
            line.write(bytes(50_000_000), timeout_s=0.05)


def test_stopping_ends_a_write(server: socket.socket) -> None:
    stop = Flag()
    with closing(open_transport(url_of(server), stop=stop)) as line:
        peer, _ = server.accept()
        threading.Timer(0.01, stop.set).start()
        with peer, pytest.raises(DeviceClosed, match="unwritten"):
            line.write(bytes(50_000_000), timeout_s=WAIT_S)


def test_a_long_write_arrives_whole(server: socket.socket) -> None:
    data = os.urandom(3_000_000)
    with closing(open_transport(url_of(server))) as line:
        peer, _ = server.accept()
        received = bytearray()

        def receive() -> None:
            while len(received) < len(data):
                received.extend(peer.recv(65536))

        reader = threading.Thread(target=receive)
        reader.start()
        line.write(data, timeout_s=WAIT_S)
        reader.join(WAIT_S)
        peer.close()
        assert bytes(received) == data


def test_a_character_device_is_read_and_written(terminal: tuple[int, str]) -> None:
    master, path = terminal
    with closing(open_transport(f"char:{path}")) as line:
        line.write(b"\x10\x04\x01")
        assert os.read(master, 10) == b"\x10\x04\x01"
        os.write(master, b"\x12")
        assert line.read(10, WAIT_S) == b"\x12"


def test_a_file_is_no_device(tmp_path: os.PathLike[str]) -> None:
    path = os.path.join(tmp_path, "printer")  # noqa: PTH118
    with open(path, "wb"):  # noqa: PTH123
        pass
    with pytest.raises(DeviceConfigError, match="not a character device"):
        open_transport(f"char:{path}")


def test_a_back_channel_that_answers_nothing_is_not_lost() -> None:
    # A printer's back channel: readable, and empty. /dev/null is just that.
    fd = os.open("/dev/null", os.O_RDWR)
    line = FdTransport(fd, url="lp", close=lambda: os.close(fd), empty_read_is_lost=False)
    assert line.read(10, 0.01) == b""
    line.close()
