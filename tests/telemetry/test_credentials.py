"""A request is a kiosk's when the key of its certificate signed it, and only then."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from kiosk.fleet.authority import Authority, Pair
from kiosk.telemetry.credentials import (
    CERTIFICATE,
    CLOCK_S_MAX,
    SIGNATURE,
    TIME,
    Asked,
    Authorities,
    BadCredentials,
    Credentials,
    KeyUnusable,
    WrongClock,
)
from kiosk.telemetry.topics import Address

NOW = datetime.now(UTC)
KIOSK = Address("naermat", "torshov", "kasse-3")
ASKED = Asked("POST", "/api/kiosk/journal/j1?after=7", b'{"rows":[]}', int(NOW.timestamp()))


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.create(tmp_path_factory.mktemp("pki"))


@pytest.fixture
def known(authority: Authority) -> Authorities:
    return Authorities.load(authority.ca_path, authority.crl_path)


def loaded(pair: Pair, folder: Path) -> Credentials:
    return Credentials.load(*pair.write(folder, "kiosk"))


@pytest.fixture
def ours(authority: Authority, tmp_path: Path) -> Credentials:
    return loaded(authority.issue_kiosk(KIOSK), tmp_path)


def caller(known: Authorities, headers: dict[str, str], asked: Asked = ASKED, now=NOW) -> Address:
    return known.caller(headers, asked.method, asked.target, asked.body, now)


def test_a_kiosk_is_known_by_its_certificate(known: Authorities, ours: Credentials) -> None:
    assert caller(known, ours.headers(ASKED)) == KIOSK


@pytest.mark.parametrize(
    "changes",
    [{"method": "GET"}, {"target": "/api/kiosk/journal/j2?after=7"}, {"body": b"{}"}],
    ids=["method", "target", "body"],
)
def test_a_signature_is_good_for_one_request(
    known: Authorities, ours: Credentials, changes: dict[str, object]
) -> None:
    with pytest.raises(BadCredentials, match="not signed"):
        caller(known, ours.headers(ASKED), replace(ASKED, **changes))  # type: ignore[arg-type]


def test_a_time_cannot_be_exchanged(known: Authorities, ours: Credentials) -> None:
    headers = ours.headers(ASKED) | {TIME: str(ASKED.at_s + 1)}
    with pytest.raises(BadCredentials, match="not signed"):
        caller(known, headers)


@pytest.mark.parametrize("off_s", [CLOCK_S_MAX + 5, -CLOCK_S_MAX - 5])
def test_a_clock_that_is_far_off_is_named_as_such(
    known: Authorities, ours: Credentials, off_s: int
) -> None:
    headers = ours.headers(ASKED)
    with pytest.raises(WrongClock):
        caller(known, headers, now=NOW + timedelta(seconds=off_s))
    assert caller(known, headers, now=NOW + timedelta(seconds=CLOCK_S_MAX - 5)) == KIOSK


def test_anothers_certificate_does_not_fit_our_key(
    known: Authorities, ours: Credentials, authority: Authority, tmp_path: Path
) -> None:
    other = loaded(authority.issue_kiosk(Address("naermat", "torshov", "kasse-4")), tmp_path / "o")
    headers = ours.headers(ASKED) | {CERTIFICATE: other.headers(ASKED)[CERTIFICATE]}
    with pytest.raises(BadCredentials, match="not signed"):
        caller(known, headers)


def test_a_certificate_of_another_authority_is_nobodys(known: Authorities, tmp_path: Path) -> None:
    stranger = Authority.create(tmp_path / "pki")
    with pytest.raises(BadCredentials, match="not signed by one of ours"):
        caller(known, loaded(stranger.issue_kiosk(KIOSK), tmp_path).headers(ASKED))


def test_a_certificate_that_was_struck_off_is_nobodys(tmp_path: Path) -> None:
    authority = Authority.create(tmp_path / "pki")
    headers = loaded(authority.issue_kiosk(KIOSK), tmp_path).headers(ASKED)
    before = Authorities.load(authority.ca_path, authority.crl_path)
    assert caller(before, headers) == KIOSK
    authority.revoke(str(KIOSK))
    with pytest.raises(BadCredentials, match="struck off"):
        caller(Authorities.load(authority.ca_path, authority.crl_path), headers)


def test_a_certificate_that_ran_out_is_nobodys(
    known: Authorities, authority: Authority, tmp_path: Path
) -> None:
    headers = loaded(authority.issue_kiosk(KIOSK, days=1), tmp_path).headers(ASKED)
    with pytest.raises(BadCredentials, match="not valid now"):
        caller(known, headers, now=NOW + timedelta(days=2))


def test_a_servers_certificate_is_no_kiosks(
    known: Authorities, authority: Authority, tmp_path: Path
) -> None:
    server = loaded(authority.issue_server("fleet", ["localhost"]), tmp_path)
    with pytest.raises(BadCredentials, match="not a kiosk's"):
        caller(known, server.headers(ASKED))


@pytest.mark.parametrize("name", [CERTIFICATE, TIME, SIGNATURE])
@pytest.mark.parametrize("value", ["", "?", "ÆØÅ", "A" * 5000, "-1", "1" * 13])
def test_junk_is_nobodys(known: Authorities, ours: Credentials, name: str, value: str) -> None:
    with pytest.raises(BadCredentials):
        caller(known, ours.headers(ASKED) | {name: value})


def test_a_key_of_another_kind_is_named(authority: Authority, tmp_path: Path) -> None:
    certificate, key = authority.issue_kiosk(KIOSK).write(tmp_path, "kiosk")
    other = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    key.write_bytes(other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    with pytest.raises(KeyUnusable, match=r"kiosk\.key: expected an elliptic curve"):
        Credentials.load(certificate, key)
    with pytest.raises(KeyUnusable, match=r"nothing\.pem"):
        Credentials.load(tmp_path / "nothing.pem", key)
