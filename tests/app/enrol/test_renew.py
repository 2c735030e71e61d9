"""The next certificate: before the old one ends, with a new key, and never half."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509

from kiosk.app.broker import Broker
from kiosk.app.enrol.command import run_renew
from kiosk.fleet.enrolment.told import FILE_BYTES_MAX
from kiosk.telemetry.pairs import fit_together
from tests.fleet.enrolment.serving import Clock, Serving, serving

from .conftest import NewKiosk

Said = pytest.CaptureFixture[str]


@pytest.fixture
def enrolled(server: Serving, kiosk: NewKiosk, capsys: Said) -> NewKiosk:
    assert kiosk.enrol(server.url, server.code()) == 0, capsys.readouterr().err
    capsys.readouterr()
    return kiosk


def certificate(kiosk: NewKiosk) -> x509.Certificate:
    return x509.load_pem_x509_certificate((kiosk.pki / "kiosk.pem").read_bytes())


def test_nothing_happens_before_it_is_due(enrolled: NewKiosk, capsys: Said) -> None:
    before = certificate(enrolled)
    assert enrolled.renew(at_once=False) == 0
    assert "nothing is due" in capsys.readouterr().out
    assert certificate(enrolled) == before


def test_when_it_is_due_there_is_a_new_one_with_a_new_key_that_the_broker_takes(
    enrolled: NewKiosk, server: Serving, capsys: Said
) -> None:
    before, key = certificate(enrolled), (enrolled.pki / "kiosk.key").read_bytes()
    soon = datetime.now(UTC) + timedelta(days=121)
    # The timer's own look at the calendar; the rest of the world is of today.
    looks = iter([soon, soon])
    assert run_renew(enrolled.pki, now=lambda: next(looks, datetime.now(UTC))) == 0
    assert "The broker takes it" in capsys.readouterr().out
    after = certificate(enrolled)
    assert after.public_key() != before.public_key()
    assert (enrolled.pki / "kiosk.key").read_bytes() != key
    assert fit_together(enrolled.pki / "kiosk.pem", enrolled.pki / "kiosk.key")
    assert enrolled.renew() == 0, "and the new one renews the next"
    told = [
        json.loads(path.read_bytes()[:FILE_BYTES_MAX])
        for path in server.config.told_folder.glob("*.json")
    ]
    assert "certificate_renewed" in {one["action"] for one in told}


def test_one_that_has_ended_asks_for_a_person(
    kiosk: NewKiosk, server: Serving, capsys: Said
) -> None:
    assert kiosk.enrol(server.url, server.code()) == 0
    late = datetime.now(UTC) + timedelta(days=181)
    assert run_renew(kiosk.pki, now=lambda: late) == 1
    assert "sudo kiosk enrol, with a code" in capsys.readouterr().err


def test_a_server_that_is_away_leaves_the_old_one(enrolled: NewKiosk, capsys: Said) -> None:
    before = certificate(enrolled)
    note = enrolled.pki / "enrolled.json"
    note.write_text(json.dumps({"server": "https://localhost:1"}))
    assert enrolled.renew() == 1
    assert "cannot be reached" in capsys.readouterr().err
    assert certificate(enrolled) == before


def test_a_new_one_that_the_broker_does_not_take_is_not_used(
    enrolled: NewKiosk, server: Serving, broker: Broker, capsys: Said
) -> None:
    """A broker whose list of revoked ones is too old lets nobody in: the old one stands."""
    before = certificate(enrolled)
    crl = server.authority.crl_path
    kept = crl.read_bytes()
    try:
        broker.stop()
        crl.write_bytes(b"")
        type(server.authority)(server.authority.folder, Clock(timedelta(days=-40))).renew_crl()
        broker.start()
        assert enrolled.renew() == 1
        assert "the old one stands" in capsys.readouterr().err
        assert certificate(enrolled) == before
    finally:
        broker.stop()
        crl.write_bytes(kept)
        broker.start()
    assert enrolled.renew() == 0, capsys.readouterr().err


def test_who_was_never_let_in_is_told_how(kiosk: NewKiosk, capsys: Said) -> None:
    assert kiosk.renew() == 1
    assert "Let the kiosk in: kiosk enrol" in capsys.readouterr().err


def test_another_authority_renews_nothing(
    enrolled: NewKiosk, capsys: Said, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with serving(tmp_path_factory.mktemp("impostor")) as impostor:
        (enrolled.pki / "enrolled.json").write_text(json.dumps({"server": impostor.url}))
        assert enrolled.renew() == 1
    assert "Not renewed, the old one stands" in capsys.readouterr().err
