"""A new kiosk is let in by a code: over HTTPS, to a real broker; and kept out in clear words."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509

from kiosk.app.broker import Broker
from kiosk.app.config import load
from kiosk.telemetry.enrolment import EnrolCode
from kiosk.telemetry.pairs import name_in
from kiosk.telemetry.topics import Address
from tests.app.small_config import GOOD
from tests.fleet.enrolment.serving import KIOSK, Clock, Serving, serving

from .conftest import NewKiosk

Said = pytest.CaptureFixture[str]


def test_a_code_gives_a_certificate_a_broker_and_whom_to_obey(
    server: Serving, kiosk: NewKiosk, capsys: Said
) -> None:
    assert kiosk.enrol(server.url, server.code()) == 0, capsys.readouterr().err
    assert "lets it in" in capsys.readouterr().out
    config = load(kiosk.config)
    assert config.telemetry is not None
    assert config.telemetry.address(config.kiosk.id) == KIOSK
    certificate = x509.load_pem_x509_certificate(config.telemetry.certificate.read_bytes())
    assert name_in(certificate) == str(KIOSK)
    assert config.telemetry.key.stat().st_mode & 0o777 == 0o600
    assert config.telemetry.server == "https://localhost:8790", "asked before number 1 is given"
    [orders] = config.telemetry.fleet_keys
    assert orders.read_bytes() == Path(server.config.data_dir, "commands.pub").read_bytes()
    assert kiosk.config.read_text().startswith(GOOD), "what a person wrote stands"


def test_the_key_never_leaves_the_kiosk(server: Serving, kiosk: NewKiosk) -> None:
    assert kiosk.enrol(server.url, server.code()) == 0
    key = (kiosk.pki / "kiosk.key").read_bytes()
    body = b"".join(key.splitlines()[1:-1])
    for path in server.authority.folder.parent.rglob("*"):
        if path.is_file():
            assert body not in path.read_bytes().replace(b"\n", b"").replace(b"\\n", b""), path


def test_each_code_that_lets_nobody_in_says_why(
    server: Serving, kiosk: NewKiosk, capsys: Said
) -> None:
    good = server.code()
    assert kiosk.enrol(server.url, good) == 0
    used = good
    other = server.code(replace(KIOSK, kiosk="kasse-4"))
    server.clock.ahead = timedelta(hours=-2)
    expired = server.code(replace(KIOSK, store="bryggen"))
    server.clock.ahead = timedelta()
    first = server.code()
    server.code()
    wrong = str(replace(EnrolCode.parse(good), secret="AAAAAAAA"))
    slip = good[:-1] + ("A" if good[-1] != "A" else "B")
    (kiosk.pki / "kiosk.key.asked").unlink(missing_ok=True)
    for code, words in {
        used: "already, by another key",
        other: "is for naermat/torshov/kasse-4, and this kiosk is nt-0477-03",
        expired: "This code ended at",
        first: "A newer code was made",
        wrong: "does not know this code",
        slip: "one letter is wrong",
        good[:-2]: "18 letters: a code has 20",
        good[:-1] + "0": "no code has '0'",
    }.items():
        before = (kiosk.pki / "kiosk.pem").read_bytes()
        assert kiosk.enrol(server.url, code) == 1
        assert words in capsys.readouterr().err
        assert (kiosk.pki / "kiosk.pem").read_bytes() == before, "what was there stands"


def test_an_answer_that_got_lost_is_given_again_to_the_same_key_alone(
    server: Serving, kiosk: NewKiosk, monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    code = server.code()

    def power_cut(*_: object) -> None:
        raise OSError("the power is gone")

    with monkeypatch.context() as cut:
        cut.setattr("kiosk.app.enrol.keeping.Keeping.keep", power_cut)
        assert kiosk.enrol(server.url, code) == 1
    issued = len(server.authority.issued())
    assert kiosk.enrol(server.url, code) == 0, capsys.readouterr().err
    assert len(server.authority.issued()) == issued, "the same certificate, not a second one"


def test_another_authority_is_never_told_the_code(
    server: Serving, kiosk: NewKiosk, tmp_path: Path, capsys: Said
) -> None:
    with serving(tmp_path / "impostor") as impostor:
        assert kiosk.enrol(impostor.url, server.code()) == 1
        assert "The code was not sent" in capsys.readouterr().err
        told = list(impostor.config.told_folder.glob("*"))
        assert told == [], "it was asked for nothing"


def test_a_wrong_clock_is_called_so(kiosk: NewKiosk, tmp_path: Path, capsys: Said) -> None:
    with serving(tmp_path / "past", clock=Clock(timedelta(days=-400))) as server:
        assert kiosk.enrol(server.url, server.code()) == 1
    said = capsys.readouterr().err
    assert "One of the two clocks is wrong" in said
    assert server.clock().date().isoformat() in said


def test_a_broker_that_is_away_is_said_and_the_certificate_is_kept(
    kiosk: NewKiosk, tmp_path: Path, capsys: Said
) -> None:
    with serving(tmp_path / "alone", broker_port=1) as server:
        assert kiosk.enrol(server.url, server.code()) == 1
    assert "The certificate is here, but the broker at localhost:1" in capsys.readouterr().err
    assert load(kiosk.config).telemetry is not None


def test_what_a_person_wrote_about_the_broker_is_not_changed_but_held_against_it(
    server: Serving, kiosk: NewKiosk, capsys: Said
) -> None:
    assert kiosk.enrol(server.url, server.code()) == 0
    text = kiosk.config.read_text().replace('"torshov"', '"bryggen"')
    kiosk.config.write_text(text)
    assert kiosk.enrol(server.url, server.code()) == 0
    said = capsys.readouterr().out
    assert 'Change there:\nstore = "torshov"' in said.replace("[telemetry]\n", "")
    assert kiosk.config.read_text() == text


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://localhost:8791", "expected https"),
        ("https://localhost:8791/enrol", "expected https"),
        ("https://localhost:1", "cannot be reached"),
    ],
)
def test_an_address_that_is_none_is_said(
    kiosk: NewKiosk, server: Serving, capsys: Said, address: str, words: str
) -> None:
    assert kiosk.enrol(address, server.code()) == 1
    assert words in capsys.readouterr().err


def test_a_struck_off_certificate_is_refused_by_the_broker_that_is_told(
    server: Serving, broker: Broker, kiosk: NewKiosk, capsys: Said
) -> None:
    other = Address("naermat", "torshov", "kasse-9")
    kiosk.config.write_text(GOOD.replace("NT-0477-03", "KASSE-9"))
    assert kiosk.enrol(server.url, server.code(other)) == 0, capsys.readouterr().err
    server.authority.revoke(str(other))
    broker.stop()
    broker.start()
    assert kiosk.renew() == 1
    assert "was struck off" in capsys.readouterr().err
    assert kiosk.enrol(server.url, server.code(other)) == 0, "a new one for the same name is good"
