"""ZVT over a serial cable: refused, broken and missing frames, and the cable itself."""

import pytest

from drivers.contracts import DeviceState, PaymentOutcome
from drivers.errors import DeviceTimeout, ProtocolError
from drivers.terminal import zvt_link
from drivers.terminal.zvt_apdu import POSITIVE, Apdu
from drivers.terminal.zvt_link import SerialLink
from drivers.terminal.zvt_serial import encode_frame
from tests.drivers.terminal.zvt_desk import make_zvt_desk, zvt_options_for, zvt_serial_sim

__all__ = ["make_zvt_desk", "zvt_serial_sim"]
PAY = Apdu(b"\x06\x01", bytes.fromhex("04000000014990"))


class Cable:
    """A transport whose other end is a list of what it says after each write, and on its own."""

    url = "/dev/cable"

    def __init__(self, *answers, speaks=()):
        self.written = []
        self._answers = list(answers)
        self._says = list(speaks)

    def write(self, data, timeout_s=2.0):
        self.written.append(bytes(data))
        if data[0] == 0x10 and self._answers:
            self._says.append(self._answers.pop(0))

    def read(self, max_bytes, timeout_s):
        return self._says.pop(0) if self._says else b""

    def flush_input(self):
        return 0

    def close(self):
        self._says.clear()


class Clock:
    """Each look at it is a tenth of a second later."""

    def __init__(self):
        self.now_ns = 0

    def monotonic_ns(self):
        self.now_ns += 100_000_000
        return self.now_ns


def frames(cable):
    return [data for data in cable.written if data[0] == 0x10]


def test_a_frame_that_is_refused_is_sent_again():
    cable = Cable(b"\x15", b"\x15", b"\x06")
    SerialLink(cable, Clock()).send(PAY)
    assert frames(cable) == [encode_frame(PAY.encode())] * 3


def test_a_frame_is_not_sent_a_fourth_time():
    cable = Cable(*[b"\x15"] * 9)
    with pytest.raises(DeviceTimeout, match="refused 3 times"):
        SerialLink(cable, Clock()).send(PAY)
    assert len(frames(cable)) == 3


def test_a_payment_whose_acknowledgement_is_missing_is_not_sent_again():
    cable = Cable()
    with pytest.raises(DeviceTimeout, match="no ACK"):
        SerialLink(cable, Clock()).send(PAY)
    assert len(frames(cable)) == 1


def test_a_frame_that_comes_before_the_acknowledgement_is_kept():
    status = Apdu(b"\x04\xff", b"\x0a")
    cable = Cable(encode_frame(status.encode()) + b"\x06")
    link = SerialLink(cable, Clock())
    link.send(PAY)
    assert link.receive(1.0) == status


def test_a_broken_frame_is_refused_and_the_next_one_taken():
    good = encode_frame(POSITIVE.encode())
    bad = good[:-1] + bytes([good[-1] ^ 1])
    cable = Cable(speaks=[bad, good])
    link = SerialLink(cable, Clock())
    assert [link.receive(1.0), link.receive(1.0)] == [None, POSITIVE]
    assert cable.written == [b"\x15", b"\x06"]


def test_a_frame_that_stops_in_the_middle_is_refused_after_t1():
    good = encode_frame(POSITIVE.encode())
    cable = Cable(speaks=[good[:4], b"", b"", good])
    link = SerialLink(cable, Clock())
    found = [link.receive(1.0) for _ in range(4)]
    assert found[-1] == POSITIVE
    assert cable.written == [b"\x15", b"\x06"]


def test_a_line_that_brings_only_broken_frames_is_given_up():
    bad = encode_frame(POSITIVE.encode())[:-1] + b"\x00"
    link = SerialLink(Cable(speaks=[bad] * 50), Clock())
    for _ in range(zvt_link.BAD_FRAMES_MAX):
        assert link.receive(1.0) is None
    with pytest.raises(ProtocolError, match="baud rate"):
        link.receive(1.0)


def test_a_payment_survives_refused_and_broken_frames(zvt_serial_sim, make_zvt_desk, tmp_path):
    desk = make_zvt_desk(zvt_serial_sim, zvt_options_for(zvt_serial_sim, tmp_path))
    desk.wait_for_state(DeviceState.READY)
    zvt_serial_sim.port.naks = 2
    desk.charge()
    zvt_serial_sim.port.corrupt = 1
    zvt_serial_sim.tap_card()
    assert desk.result().outcome is PaymentOutcome.APPROVED
    assert zvt_serial_sim.port.heard_naks == 1
    assert zvt_serial_sim.heard("0601") == 1
    assert len(zvt_serial_sim.books()) == 1


def test_a_cable_that_is_pulled_during_a_payment_is_asked_about(
    zvt_serial_sim, make_zvt_desk, tmp_path
):
    options = zvt_options_for(zvt_serial_sim, tmp_path, goods_questions=0)
    desk = make_zvt_desk(zvt_serial_sim, options)
    desk.pay(100, "000000000A")
    desk.charge()
    zvt_serial_sim.unplug()
    zvt_serial_sim.tap_card()
    zvt_serial_sim.plug_in()
    assert desk.result().outcome is PaymentOutcome.APPROVED
    assert [entry["amount_minor"] for entry in zvt_serial_sim.books()] == [100, 14_990]
