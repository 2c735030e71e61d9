"""The login session: what it makes of a terminal's first words, with nobody on the wire."""

from datetime import UTC, datetime

import pytest

from drivers.contracts import DeviceState
from drivers.errors import DeviceTimeout
from drivers.terminal import nexo_model as m
from drivers.terminal.nexo_dialog import MessageRejected
from drivers.terminal.nexo_login import LoginSession
from drivers.terminal.nexo_model import Condition, Result
from drivers.terminal.nexo_session import NotReady


def status(condition=Condition.NONE):
    result = Result.FAILURE if condition else Result.SUCCESS
    return m.StatusResponse(verdict=m.Verdict(result=result, condition=condition))


def login(condition=Condition.NONE, **more):
    result = Result.FAILURE if condition else Result.SUCCESS
    verdict = m.Verdict(result=result, condition=condition)
    return m.LoginResponse(verdict=verdict, **{"global_status": "OK", **more})


class Terminal:
    """A dialog that answers by the kind of request, and notes what it was asked."""

    def __init__(self, status_answer=None, login_answer=None, logout_answer=None):
        self.answers = {
            m.StatusRequest: status_answer,
            m.LoginRequest: login_answer or login(),
            m.LogoutRequest: logout_answer,
        }
        self.asked = []
        self.session = LoginSession(
            self,
            language="no",
            listening=True,
            serial_number="1710000520",
            timeout_s=5.0,
            local_now=lambda: datetime(2026, 7, 1, 10, tzinfo=UTC),
            software_version="1.2",
        )

    def call(self, request, *, timeout_s):
        self.asked.append(request)
        answer = self.answers[type(request)]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def kinds(self):
        return [type(request).__name__ for request in self.asked]


KNOWN = login(serial_number="1710000520")


@pytest.mark.parametrize(
    "first_word",
    [status(), status(Condition.NOT_FOUND), status(Condition.LOGGED_OUT), None, MessageRejected()],
)
def test_a_terminal_that_is_not_at_work_is_logged_in(first_word):
    terminal = Terminal(first_word, KNOWN)
    terminal.session.open()
    terminal.session.open()
    assert terminal.kinds() == ["StatusRequest", "LoginRequest"]
    assert terminal.asked[1] == m.LoginRequest(
        at="2026-07-01T10:00:00+00:00",
        language="no",
        capabilities=("CashierStatus", "CashierError", "CashierDisplay", "PrinterReceipt"),
        software_version="1.2",
    )


@pytest.mark.parametrize("condition", [Condition.BUSY, Condition.IN_PROGRESS])
def test_fault_04_a_terminal_at_work_is_not_reset_by_a_login(condition):
    terminal = Terminal(status(condition), KNOWN)
    with pytest.raises(NotReady) as raised:
        terminal.session.open()
    assert raised.value.code == "Busy"
    assert terminal.session.health(5.0) == (DeviceState.FAULT, "Busy")
    assert "LoginRequest" not in terminal.kinds()


def test_fault_03_a_terminal_that_says_nothing_is_not_reset_by_a_login():
    terminal = Terminal(DeviceTimeout("no answer"), KNOWN)
    with pytest.raises(NotReady) as raised:
        terminal.session.open()
    assert raised.value.code == "NotReached"
    with pytest.raises(DeviceTimeout):
        terminal.session.health(5.0)
    assert "LoginRequest" not in terminal.kinds()


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (login(Condition.BUSY), "Busy"),
        (login(Condition.REFUSAL), "Refusal"),
        (login(serial_number="1710009999"), "OtherTerminal"),
        (login(), "OtherTerminal"),
        (login(serial_number="1710000520", global_status="Maintenance"), "Maintenance"),
        (login(serial_number="1710000520", host_reachable=False), "UnreachableHost"),
        (status(), "NoLogin"),
    ],
)
def test_a_login_that_does_not_make_our_terminal_ready_is_none(answer, code):
    terminal = Terminal(status(), answer)
    with pytest.raises(NotReady) as raised:
        terminal.session.open()
    assert raised.value.code == code
    assert terminal.session.health(5.0) == (DeviceState.FAULT, code)


@pytest.mark.parametrize(
    ("answer", "idle"),
    [
        (status(), True),
        (status(Condition.NOT_FOUND), True),
        (status(Condition.BUSY), False),
        (status(Condition.LOGGED_OUT), False),
        (status(Condition.UNAVAILABLE_SERVICE), False),
        (None, False),
        (DeviceTimeout("no answer"), False),
    ],
)
def test_fault_08_only_its_own_word_makes_a_terminal_idle(answer, idle):
    assert Terminal(answer).session.idle(5.0) is idle


def test_a_doubt_is_looked_into_by_a_new_login_once_it_is_idle():
    terminal = Terminal(status(), KNOWN)
    assert terminal.session.health(5.0) == (DeviceState.READY, "")
    terminal.session.doubt(Condition.UNREACHABLE_HOST)
    terminal.answers[m.StatusRequest] = status(Condition.BUSY)
    assert terminal.session.health(5.0) == (DeviceState.READY, "")
    assert terminal.kinds().count("LoginRequest") == 1
    terminal.answers[m.StatusRequest] = status()
    terminal.answers[m.LoginRequest] = login(serial_number="1710000520", host_reachable=False)
    assert terminal.session.health(5.0) == (DeviceState.FAULT, "UnreachableHost")


def test_fault_37_a_terminal_that_is_busy_at_night_is_logged_out_later():
    busy = m.LogoutResponse(verdict=m.Verdict(result=Result.FAILURE, condition=Condition.BUSY))
    gone = m.LogoutResponse(verdict=m.Verdict(result=Result.SUCCESS))
    terminal = Terminal(status(), KNOWN, busy)
    terminal.session.open()
    terminal.session.rest(True)
    assert terminal.session.health(5.0) == (DeviceState.FAULT, "maintenance")
    terminal.answers[m.LogoutRequest] = gone
    for _ in range(3):
        assert terminal.session.health(5.0) == (DeviceState.FAULT, "maintenance")
    assert terminal.kinds().count("LogoutRequest") == 2
    with pytest.raises(NotReady) as raised:
        terminal.session.open()
    assert raised.value.code == "Maintenance"
    terminal.session.rest(False)
    assert terminal.session.health(5.0) == (DeviceState.READY, "")
