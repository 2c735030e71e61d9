"""The small parts: pace, references, notes, limits, lines, and the wire by itself."""

import os
import re
import threading

import pytest

from drivers.contracts import ChargeLine, WalletInput, WalletInputKind
from drivers.errors import ProtocolError
from drivers.sim.wallet_wire import Reply, WalletServer
from drivers.wallet.klarna_api import session_body
from drivers.wallet.notes import Notes, NotesLost
from drivers.wallet.phone import CodeLimits
from drivers.wallet.reference import key_of, reference_of
from drivers.wallet.run import Pace
from drivers.wallet.wire import AnswerLost, NeverSent, Wire
from tests.drivers.wallet.desk import charge_of


class ManualClock:
    def __init__(self):
        self.now_ns = 0

    def monotonic_ns(self):
        return self.now_ns

    def forward(self, seconds):
        self.now_ns += round(seconds * 1e9)


# --- pace -----------------------------------------------------------------------------------------


def test_questions_come_after_5_s_and_then_every_2_s():
    pace = Pace(5.0, 2.0, 30.0)
    assert [pace.next_s() for _ in range(3)] == [5.0, 2.0, 2.0]


def test_fault_28_each_failure_doubles_the_pause_up_to_its_limit_and_an_answer_ends_it():
    pace = Pace(2.0, 2.0, 30.0)
    waits = []
    for _ in range(6):
        pace.failed()
        waits.append(pace.next_s())
    assert waits == [4.0, 8.0, 16.0, 30.0, 30.0, 30.0]
    pace.answered()
    assert pace.next_s() == 2.0


def test_fault_28_a_provider_that_says_when_to_come_back_is_obeyed():
    pace = Pace(2.0, 2.0, 30.0)
    pace.failed(retry_after_s=90.0)
    assert pace.next_s() == 90.0


# --- references -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "attempt_id", ["0f8fad5bd9cb469fa16570867728950e", "a", "æ/../x", "x" * 99]
)
def test_a_reference_is_one_that_every_provider_takes(attempt_id):
    reference = reference_of("kiosk12345", attempt_id, 3)
    assert re.fullmatch(r"[a-zA-Z0-9-]{8,50}", reference)
    assert reference == reference_of("kiosk12345", attempt_id, 3)
    assert reference != reference_of("kiosk12345", attempt_id, 2)


def test_each_action_on_a_payment_has_a_key_of_its_own_and_always_the_same():
    keys = [key_of("kiosk-1", action) for action in ("create", "capture", "refund", "cancel")]
    assert len(set(keys)) == 4
    assert keys[1] == key_of("kiosk-1", "capture")
    assert all(len(key) <= 50 for key in keys)


# --- notes ----------------------------------------------------------------------------------------


def test_notes_are_there_in_the_next_life(tmp_path):
    notes = Notes(tmp_path / "notes")
    notes.open()
    assert notes.began_empty
    notes.write("a1", session="s1", result_path="/r1")
    later = Notes(tmp_path / "notes")
    later.open()
    assert not later.began_empty
    assert later.of("a1") == {"session": "s1", "result_path": "/r1"}
    assert later.of("a2") is None
    assert (tmp_path / "notes").stat().st_mode & 0o077 == 0


def test_a_torn_last_note_goes_and_the_next_is_whole(tmp_path):
    path = tmp_path / "notes"
    notes = Notes(path)
    notes.open()
    notes.write("a1", session="s1")
    with path.open("ab") as file:
        file.write(b'{"attempt": "a2", "ses')
    torn = Notes(path)
    torn.open()
    torn.write("a3", session="s3")
    last = Notes(path)
    last.open()
    assert [last.of(f"a{number}") for number in (1, 2, 3)] == [
        {"session": "s1"},
        None,
        {"session": "s3"},
    ]


def test_notes_on_a_full_disk_are_refused_and_leave_no_half_a_line(tmp_path, monkeypatch):
    notes = Notes(tmp_path / "notes")
    notes.open()
    notes.write("a1", session="s1")
    write = os.write
    monkeypatch.setattr(os, "write", lambda handle, data: write(handle, data[:7]))
    with pytest.raises(NotesLost):
        notes.write("a2", session="s2")
    monkeypatch.undo()
    notes.write("a3", session="s3")
    later = Notes(tmp_path / "notes")
    later.open()
    assert (later.of("a2"), later.of("a3")) == (None, {"session": "s3"})


def test_a_file_that_is_no_notes_is_lost_notes(tmp_path):
    (tmp_path / "notes").write_text("something else\n")
    with pytest.raises(NotesLost, match="not a note"):
        Notes(tmp_path / "notes").open()


# --- limits, inputs, lines ------------------------------------------------------------------------


def test_fault_33_the_limit_of_codes_ends_with_its_hour():
    clock = ManualClock()
    limits = CodeLimits(clock, per_number=2, per_kiosk=3)
    assert [limits.allow("4791234567") for _ in range(3)] == [True, True, False]
    assert [limits.allow("4741234567") for _ in range(2)] == [True, False]
    clock.forward(3601)
    assert limits.allow("4791234567")


def test_fault_33_no_number_is_kept_to_count_it():
    limits = CodeLimits(ManualClock(), per_number=2, per_kiosk=3)
    limits.allow("4791234567")
    assert b"4791234567" not in b"".join(who for _, who in limits._sent)


def test_what_a_shopper_types_has_no_repr():
    given = WalletInput(attempt_id="a", kind=WalletInputKind.PHONE, text="91234567")
    assert "91234567" not in repr(given)


@pytest.mark.parametrize("minor", [1, 99, 9_990, 14_990, 1_000_003])
@pytest.mark.parametrize("rate_bp", [0, 1200, 1500, 2500])
def test_the_tax_of_a_line_is_within_one_of_what_the_provider_reckons(minor, rate_bp):
    line = ChargeLine(id="1", name="x", total_minor=minor, tax_rate_bp=rate_bp)
    body = session_body(
        charge_of(minor, lines=(line,)), "r-12345678", country="NO", locale="nb-NO", name="n"
    )
    (told,) = body["order_lines"]
    exact = minor - minor * 10_000 / (10_000 + rate_bp)
    assert abs(told["total_tax_amount"] - exact) <= 0.5
    assert told["unit_price"] * told["quantity"] - told["total_discount_amount"] == minor


# --- the wire -------------------------------------------------------------------------------------


@pytest.fixture
def server():
    server = WalletServer(
        lambda request: Reply(200, {"path": request.path}), host="127.0.0.1", port=0
    )
    server.plug_in()
    yield server
    server.unplug()


@pytest.fixture
def wire(server):
    wire = Wire(server.url, timeout_s=2.0)
    yield wire
    wire.hang_up()


def test_nobody_there_means_never_sent(server, wire):
    server.unplug()
    with pytest.raises(NeverSent):
        wire.call("GET", "/x")


def test_a_connection_that_breaks_after_the_request_means_lost(server, wire):
    server.order("lose_answer", "", 1)
    with pytest.raises(AnswerLost):
        wire.call("GET", "/x")
    assert wire.call("GET", "/y").body == {"path": "/y"}


def test_a_late_answer_is_given_up_in_time(server):
    server.order("late", "", 1, 30)
    with pytest.raises(AnswerLost):
        Wire(server.url, timeout_s=0.1).call("GET", "/x")


def test_too_much_and_half_an_answer_are_refused(server, wire):
    server.order("too_much", "", 1, 1_000_000)
    with pytest.raises(ProtocolError, match="exceeds"):
        wire.call("GET", "/x")
    server.order("garbage", "", 1)
    with pytest.raises(ProtocolError, match="not JSON"):
        wire.call("GET", "/x")


def test_a_redirect_is_an_answer_and_followed_nowhere(server, wire):
    server.order("redirect", "", 1, f"{server.url}/elsewhere")
    assert wire.call("GET", "/x").status == 302
    assert len(server.exchanges) == 0


def test_hanging_up_ends_a_running_call_and_all_later_ones(server, wire):
    server.order("late", "", 1, 30)
    failed = []

    def call():
        try:
            wire.call("GET", "/x", timeout_s=60)
        except AnswerLost as error:
            failed.append(error)

    thread = threading.Thread(target=call, daemon=True)
    thread.start()
    while not server.exchanges:
        thread.join(0.01)
    wire.hang_up()
    thread.join(5.0)
    assert failed
    with pytest.raises(NeverSent, match="stopped"):
        wire.call("GET", "/x")


def test_no_error_of_the_wire_has_an_address_in_it(server, wire):
    server.order("lose_answer", "", 1)
    with pytest.raises(AnswerLost) as caught:
        wire.call("GET", "/validity?recipient=%2B4791234567")
    assert "4791234567" not in repr(caught.value)
    assert caught.value.__cause__ is None
