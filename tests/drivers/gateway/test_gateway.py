"""Links by SMS and by mail, over real sockets: what is sent, told, and what nobody hears."""

import logging
import queue
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from drivers.contracts.gateway import LinkOrder, LinkSent, Reach, SendOutcome
from drivers.errors import DeviceConfigError
from drivers.gateway import LinkSender, MailOptions, MailRoute, Route, SmsOptions, SmsRoute
from drivers.gateway.sender import PER_NUMBER
from drivers.sim.mail_server import MailServerSim
from drivers.sim.sms_gateway import Message, SmsGatewaySim
from drivers.sim.terminal_wire import make_certificates

NUMBER = "91234567"
NOBODY = "99999999"
SECRET = "k3y-of-the-gateway"
TEXT = "Kvitteringen din fra Nærmat: https://kvittering.example/r/" + "3k9fXcLw" * 25

Ask = Callable[..., SendOutcome]


@pytest.fixture
def key(tmp_path: Path) -> str:
    path = tmp_path / "key"
    path.touch(mode=0o600)
    path.write_text(SECRET + "\n", encoding="utf-8")
    return str(path)


@pytest.fixture
def certificates(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return make_certificates(tmp_path_factory.mktemp("tls"), "localhost")


@pytest.fixture
def sms() -> Iterator[SmsGatewaySim]:
    far_end = SmsGatewaySim(SECRET, refuses=frozenset({f"+47{NOBODY}"}))
    yield far_end
    far_end.stop()


@pytest.fixture
def mail(certificates: tuple[Path, Path]) -> Iterator[MailServerSim]:
    far_end = MailServerSim(
        certificates[1], user="shop", password=SECRET, refuses=frozenset({NOBODY})
    )
    yield far_end
    far_end.stop()


@pytest.fixture
def sms_options(sms: SmsGatewaySim, key: str) -> SmsOptions:
    return SmsOptions(url=sms.url, sender="Naermat", key=key, timeout_s=5)


@pytest.fixture
def mail_options(mail: MailServerSim, certificates: tuple[Path, Path], key: str) -> MailOptions:
    return MailOptions(
        host="localhost", port=mail.port, to="{number}@sms.example", sender="shop@naermat.example",
        subject="Kvittering", user="shop", key=key, ca=certificates[0], timeout_s=5,
    )  # fmt: skip


@pytest.fixture
def sending() -> Iterator[Callable[[Route], Ask]]:
    """Return what starts a sender on a route and asks it, one answer for each order."""
    started: list[LinkSender] = []

    def start(route: Route, reach: Reach = Reach.NUMBER) -> Ask:
        answers: queue.Queue[LinkSent] = queue.Queue()
        sender = LinkSender(route, reach=reach)
        sender.start(answers.put)
        started.append(sender)

        def ask(number: str = NUMBER) -> SendOutcome:
            assert sender.send(LinkOrder(send_id="s.1", address=number, text=TEXT))
            answer = answers.get(timeout=20)
            assert answer.send_id == "s.1"
            return answer.outcome

        return ask

    yield start
    for sender in started:
        sender.stop()


# --- SMS ---------------------------------------------------------------------------------------


def test_an_sms_has_the_number_the_shop_and_the_whole_link(sms, sms_options, sending) -> None:
    assert sending(SmsRoute(sms_options))() is SendOutcome.SENT
    assert sms.messages == [Message(f"+47{NUMBER}", "Naermat", TEXT)]


@pytest.mark.parametrize("typed", ["12345678", "9123456", "4791234567890"])
def test_what_is_no_mobile_number_never_leaves_the_kiosk(sms, sms_options, sending, typed) -> None:
    assert sending(SmsRoute(sms_options))(typed) is SendOutcome.BAD_ADDRESS
    assert not sms.server.exchanges


def test_a_number_that_the_gateway_refuses_is_a_wrong_number(sms_options, sending) -> None:
    assert sending(SmsRoute(sms_options))(NOBODY) is SendOutcome.BAD_ADDRESS


@pytest.mark.parametrize(
    ("fault", "value"),
    [("status", (500, 0)), ("status", (429, 3)), ("status", (401, 0)), ("garbage", None),
     ("redirect", "https://elsewhere.example/"), ("too_much", 2_000_000), ("lose_answer", None),
     ("lose_request", None)],
)  # fmt: skip
def test_anything_but_a_yes_is_told_as_not_sent_and_never_tried_twice(
    sms, sms_options, sending, fault: str, value: object
) -> None:
    sms.server.order(fault, "", 1, value)
    assert sending(SmsRoute(sms_options))() is SendOutcome.FAILED
    assert len(sms.messages) <= 1


def test_a_gateway_that_is_gone_is_told_and_one_that_is_back_sends(
    sms, sms_options, sending
) -> None:
    ask = sending(SmsRoute(sms_options))
    sms.server.unplug()
    assert ask() is SendOutcome.FAILED
    sms.server.plug_in()
    assert ask() is SendOutcome.SENT


def test_nobody_can_fill_a_strangers_phone(sms, sms_options, sending) -> None:
    ask = sending(SmsRoute(sms_options))
    assert [ask() for _ in range(PER_NUMBER)] == [SendOutcome.SENT] * PER_NUMBER
    assert ask(f"+47{NUMBER}") is SendOutcome.TOO_MANY
    assert len(sms.messages) == PER_NUMBER
    assert ask("41234567") is SendOutcome.SENT


@pytest.mark.parametrize(
    "change",
    [{"url": "http://sms.example/x"}, {"url": "sms.example"}, {"sender": "Nærmat Torshov AS"},
     {"sender": "Ab"}, {"key": "/nowhere"}],
)  # fmt: skip
def test_what_cannot_be_meant_stops_the_start(sms_options, change: dict[str, str]) -> None:
    with pytest.raises(DeviceConfigError):
        SmsRoute(replace(sms_options, **change))


# --- mail --------------------------------------------------------------------------------------


def test_a_mail_goes_to_the_numbers_box_and_nothing_was_said_in_the_clear(
    mail, mail_options, sending
) -> None:
    assert sending(MailRoute(mail_options))() is SendOutcome.SENT
    (got,) = mail.mails
    assert (got["To"], got["From"]) == (f"47{NUMBER}@sms.example", "shop@naermat.example")
    assert got.get_content().replace("\r\n", "\n").strip() == TEXT
    assert [line.split()[0].upper() for line in mail.in_the_clear] == ["EHLO", "STARTTLS"]


def test_a_box_that_is_refused_is_a_wrong_number(mail, mail_options, sending) -> None:
    assert sending(MailRoute(mail_options))(NOBODY) is SendOutcome.BAD_ADDRESS
    assert not mail.mails


def test_a_server_that_nobody_vouches_for_hears_no_password(mail, mail_options, sending) -> None:
    assert sending(MailRoute(replace(mail_options, ca=None)))() is SendOutcome.FAILED
    assert not mail.mails
    assert [line.split()[0].upper() for line in mail.in_the_clear[:2]] == ["EHLO", "STARTTLS"]


def test_a_server_without_encryption_hears_no_password_and_no_number(
    mail, mail_options, sending
) -> None:
    mail.starttls = False
    assert sending(MailRoute(mail_options))() is SendOutcome.FAILED
    assert not mail.mails
    assert not any(NUMBER in line or "AUTH" in line for line in mail.in_the_clear)


def test_a_wrong_password_and_a_server_that_is_gone_are_told(mail, mail_options, sending) -> None:
    assert sending(MailRoute(replace(mail_options, user="x")))() is SendOutcome.FAILED
    mail.stop()
    assert sending(MailRoute(mail_options))() is SendOutcome.FAILED


@pytest.mark.parametrize("change", [{"to": "box@sms.example"}, {"sender": "shop"}, {"key": "/no"}])
def test_mail_that_could_reach_nobody_stops_the_start(mail_options, change: dict[str, str]) -> None:
    with pytest.raises(DeviceConfigError):
        MailRoute(replace(mail_options, **change))


# --- both --------------------------------------------------------------------------------------


def test_no_log_has_a_number_a_text_or_a_key(
    sms, mail, sms_options, mail_options, sending, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        for ask in (sending(SmsRoute(sms_options)), sending(MailRoute(mail_options))):
            assert ask() is SendOutcome.SENT
            assert ask(NOBODY) is SendOutcome.BAD_ADDRESS
        sms.server.order("status", "", 1, (500, 0))
        assert sending(SmsRoute(sms_options))() is SendOutcome.FAILED
    assert "failed" in caplog.text
    for secret in (NUMBER, NOBODY, SECRET, "3k9fXcLw"):
        assert secret not in caplog.text
    assert NUMBER not in repr(LinkOrder(send_id="s", address=NUMBER, text=TEXT))


def test_what_is_asked_after_the_end_is_not_taken(sms_options) -> None:
    sender = LinkSender(SmsRoute(sms_options))
    sender.start(lambda _sent: None)
    sender.stop()
    sender.stop()
    assert not sender.send(LinkOrder(send_id="s", address=NUMBER, text=TEXT))
