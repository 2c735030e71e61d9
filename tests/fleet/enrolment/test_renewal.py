"""Servers' certificates and the list of revoked ones are renewed; a real broker takes them up."""

import os
import signal
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from kiosk.app.broker import Broker, BrokerCertificates, mosquitto
from kiosk.app.enrol.trying import BrokerRefuses, try_broker
from kiosk.fleet.authority import Authority
from kiosk.fleet.certificates import hosts_in
from kiosk.fleet.enrolment.renewal import RELOAD, renew_due
from kiosk.telemetry.pairs import name_in
from kiosk.telemetry.topics import Address
from tests.fleet.words import until

HOSTS = ["localhost", "127.0.0.1"]
WHO = Address("naermat", "torshov", "kasse-3")
PATIENCE_S = 90.0


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    made = Authority.create(tmp_path / "authority")
    pki = tmp_path / "pki"
    made.issue_server("broker", HOSTS).write(pki, "broker")
    made.issue_server("fleet").write(pki, "fleet")
    made.issue_kiosk(WHO).write(pki, "kiosk")
    return made


def read(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


def test_what_is_due_is_renewed_as_it_is_and_the_rest_left_alone(
    authority: Authority, tmp_path: Path
) -> None:
    pki = tmp_path / "pki"
    (pki / "broker.key").chmod(0o640)
    now = datetime.now(UTC)
    assert renew_due(authority, pki, now) == ["the list of revoked certificates"], "published once"
    assert renew_due(authority, pki, now) == []
    before = {name: read(pki / f"{name}.pem") for name in ("broker", "fleet", "kiosk")}
    later = now + timedelta(days=270)
    made = Authority(authority.folder, lambda: later)
    done = renew_due(made, pki, later)
    assert done[1:] == ["the certificate of broker", "the certificate of fleet"]
    after = read(pki / "broker.pem")
    assert (name_in(after), set(hosts_in(after))) == ("broker", set(HOSTS))
    assert after.not_valid_after_utc - later >= timedelta(days=396)
    assert (pki / "broker.key").stat().st_mode & 0o777 == 0o640
    assert hosts_in(read(pki / "fleet.pem")) == []
    assert read(pki / "kiosk.pem") == before["kiosk"], "a kiosk renews its own"
    assert (pki / "crl.pem").read_bytes() == authority.crl_path.read_bytes()
    assert (pki / RELOAD).exists()


def test_two_halves_of_a_pair_are_mended(authority: Authority, tmp_path: Path) -> None:
    pki = tmp_path / "pki"
    renew_due(authority, pki, datetime.now(UTC))
    (pki / "broker.key").write_bytes((pki / "fleet.key").read_bytes())
    assert renew_due(authority, pki, datetime.now(UTC)) == ["the certificate of broker"]
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(pki / "broker.pem", pki / "broker.key")


@pytest.mark.skipif(mosquitto() is None, reason="mosquitto is not installed (Debian: mosquitto)")
def test_a_broker_that_is_told_to_reload_shows_the_new_certificate_and_knows_who_was_struck_off(
    authority: Authority, tmp_path: Path
) -> None:
    pki = tmp_path / "pki"
    renew_due(authority, pki, datetime.now(UTC))
    files = BrokerCertificates(
        ca=pki / "ca.pem",
        certificate=pki / "broker.pem",
        key=pki / "broker.key",
        revoked=pki / "crl.pem",
    )
    with Broker(tmp_path / "broker", files) as broker:
        where = ("localhost", broker.kiosk_port)
        shown = ssl.get_server_certificate(where)
        (pki / "broker.key").unlink()  # half a pair: it is renewed
        (pki / "broker.key").write_bytes(b"")
        authority.revoke(str(WHO))
        done = renew_due(authority, pki, datetime.now(UTC))
        assert "the certificate of broker" in done
        assert ssl.get_server_certificate(where) == shown, "not before it is told"
        os.kill(broker.pid, signal.SIGHUP)
        until(lambda: ssl.get_server_certificate(where) != shown, "the new one", PATIENCE_S)
        with pytest.raises(BrokerRefuses):
            try_broker(*where, pki / "ca.pem", pki / "kiosk.pem", pki / "kiosk.key")
        try_broker(*where, pki / "ca.pem", pki / "fleet.pem", pki / "fleet.key")
