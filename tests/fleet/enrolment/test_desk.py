"""Who gets a certificate, and how often somebody may ask."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from kiosk.fleet.access.audit import audit_page
from kiosk.fleet.authority import Authority
from kiosk.fleet.enrolment.codes import CodeBook
from kiosk.fleet.enrolment.desk import TRIES_AT_ONCE, EnrolmentDesk, Refused
from kiosk.fleet.enrolment.told import Teller, take_in
from kiosk.fleet.keys import PUBLIC_NAME, signer_in
from kiosk.fleet.store.database import Database
from kiosk.telemetry.enrolment import EnrolRequest, RenewRequest
from kiosk.telemetry.pairs import name_in, new_key, request_for
from kiosk.telemetry.topics import Address

WHO = Address("naermat", "torshov", "kasse-3")
HERE = "192.0.2.7"


@dataclass
class Bench:
    """A desk with hands on its clocks."""

    folder: Path
    at: datetime = datetime(2026, 3, 4, 12, tzinfo=UTC)
    seconds: float = 0.0
    authority: Authority = field(init=False)
    desk: EnrolmentDesk = field(init=False)

    def __post_init__(self) -> None:
        self.authority = Authority.create(self.folder / "authority", now=self.now)
        signer_in(self.folder)
        self.desk = EnrolmentDesk(
            self.authority,
            Teller(self.told, self.now),
            broker=("broker.example.org", 8883),
            fleet_keys=(self.folder / PUBLIC_NAME,),
            life=timedelta(days=180),
            now=self.now,
            clock=lambda: self.seconds,
        )

    @property
    def told(self) -> Path:
        return self.folder / "told"

    def now(self) -> datetime:
        return self.at

    def code(self) -> str:
        return str(CodeBook(self.authority, self.now).make(WHO, by="olga"))

    def refusal(self, code: str, request: str = "", address: str = HERE) -> Refused:
        with pytest.raises(Refused) as caught:
            self.enrol(code, request, address)
        return caught.value

    def enrol(self, code: str, request: str = "", address: str = HERE) -> x509.Certificate:
        asked = EnrolRequest(code=code, request=request or request_for(new_key(), "me"))
        welcome = self.desk.enrol(asked, address)
        return x509.load_pem_x509_certificate(welcome.certificate.encode())


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    return Bench(tmp_path)


def test_the_code_says_who_comes_and_not_the_request(bench: Bench) -> None:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "naermat/torshov/kasse-1")])
    key = ec.generate_private_key(ec.SECP256R1())
    greedy = (
        x509.CertificateSigningRequestBuilder()
        .subject_name(name)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("broker")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    made = bench.enrol(bench.code(), greedy.public_bytes(Encoding.PEM).decode())
    assert name_in(made) == str(WHO)
    assert made.extensions.get_extension_for_class(x509.BasicConstraints).value.ca is False
    with pytest.raises(x509.ExtensionNotFound):
        made.extensions.get_extension_for_class(x509.SubjectAlternativeName)


@pytest.mark.parametrize("kind", ["nothing", "another kind of key", "a forged signature"])
def test_a_request_that_is_none_leaves_the_code_good(bench: Bench, kind: str) -> None:
    code, request = bench.code(), "no request"
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "me")])
    builder = x509.CertificateSigningRequestBuilder().subject_name(name)
    if kind == "another kind of key":
        weak = rsa.generate_private_key(65537, 2048)
        request = builder.sign(weak, hashes.SHA256()).public_bytes(Encoding.PEM).decode()
    elif kind == "a forged signature":
        made = builder.sign(ec.generate_private_key(ec.SECP256R1()), hashes.SHA256())
        der = bytearray(made.public_bytes(Encoding.DER))
        der[-1] ^= 1
        request = x509.load_der_x509_csr(bytes(der)).public_bytes(Encoding.PEM).decode()
    assert bench.refusal(code, request).status == 422
    assert name_in(bench.enrol(code)) == str(WHO)


def test_who_guesses_must_wait_and_nobody_else(bench: Bench) -> None:
    code = bench.code()
    for _ in range(TRIES_AT_ONCE):
        assert bench.refusal("no code at all").status == 422
    refused = bench.refusal(code)
    assert (refused.status, refused.code) == (429, "too_many")
    bench.seconds += refused.wait_s
    assert bench.refusal("no code at all").status == 422
    assert name_in(bench.enrol(code, address="198.51.100.1")) == str(WHO)


def test_a_code_is_good_once_for_an_hour_and_is_kept_as_nothing_that_helps(bench: Bench) -> None:
    code = bench.code()
    kept = (bench.authority.folder / "codes.json").read_text()
    assert not any(part in kept for part in code.split("-"))
    bench.enrol(code)
    assert bench.refusal(code).code == "code_used"
    late = bench.code()
    bench.at += timedelta(hours=1)
    assert bench.refusal(late).code == "code_expired"
    bench.at += timedelta(days=31)
    assert bench.refusal(late).code == "wrong_code", "after a month nobody remembers it"


def test_the_next_certificate_is_had_by_the_old_one_and_by_nothing_else(bench: Bench) -> None:
    old = bench.enrol(bench.code())
    asked = RenewRequest(request=request_for(new_key(), "me"))

    def refused(peer: bytes | None) -> str:
        with pytest.raises(Refused) as caught:
            bench.desk.renew(asked, peer, HERE)
        return caught.value.code

    der = old.public_bytes(Encoding.DER)
    welcome = bench.desk.renew(asked, der, HERE)
    new = x509.load_pem_x509_certificate(welcome.certificate.encode())
    assert name_in(new) == str(WHO)
    assert new.public_key() != old.public_key()
    server = x509.load_pem_x509_certificate(bench.authority.issue_server("fleet").certificate)
    assert refused(None) == "no_certificate"
    assert refused(server.public_bytes(Encoding.DER)) == "no_kiosk"
    bench.authority.revoke(str(WHO))
    assert refused(der) == "revoked"


def test_what_was_done_stands_in_the_audit_log_without_a_code(
    bench: Bench, database: Database
) -> None:
    code = bench.code()
    bench.enrol(code)
    bench.refusal(code)
    assert take_in(database, bench.told) == 2
    assert take_in(database, bench.told) == 0, "once"
    entries = audit_page(database, 0, 10, actor="", target="", action="").entries
    assert [(one.action, one.target, one.address) for one in entries] == [
        ("enrolment_refused", "", HERE),
        ("kiosk_enrolled", str(WHO), HERE),
    ]
    assert code not in json.dumps([one.model_dump() for one in entries])


def test_rubbish_in_the_folder_stops_nothing(bench: Bench, database: Database) -> None:
    bench.told.mkdir()
    (bench.told / "0.json").write_text("[")
    (bench.told / "1.json").write_text('{"at_us": 1}')
    Teller(bench.told, bench.now).tell("enrol_code_made", str(WHO), actor="olga")
    assert take_in(database, bench.told) == 1


def test_without_the_fleets_key_a_code_is_not_used_up(bench: Bench) -> None:
    code = bench.code()
    kept = (bench.folder / PUBLIC_NAME).read_bytes()
    (bench.folder / PUBLIC_NAME).unlink()
    assert bench.refusal(code).status == 503
    (bench.folder / PUBLIC_NAME).write_bytes(kept)
    bench.enrol(code)
