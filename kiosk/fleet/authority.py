"""The fleet's own certificate authority: who may speak to the broker, under which name.

Files in its folder: `ca.pem` and `crl.pem` (public; the broker, the servers and the kiosks have
them), `ca.key` (0600; keep it off the server that is reached from outside), `issued.json` (serial
numbers and names, so that a kiosk can be struck off by name).

The name in a kiosk's certificate is its topics' middle, `tenant/store/kiosk`: the broker lets it
write there and nowhere else. Keys are P-256, because brokers and small machines all have it.
"""

import json
import os
import re
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Final, Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from kiosk.telemetry.topics import Address

SERVER_NAME: Final = re.compile(r"[a-z0-9.-]+|[a-z0-9-]{1,40}/[a-z0-9-]{1,40}")
AUTHORITY_DAYS: Final = 3650
LEAF_DAYS: Final = 397
CRL_DAYS: Final = 30
BACKDATED: Final = timedelta(hours=1)
"""A kiosk whose clock is a little behind shall not refuse a new certificate."""


class AuthorityError(Exception):
    """No authority there, one already there, or nothing known by that name."""


@dataclass(frozen=True, slots=True)
class Issued:
    """One certificate that was given out."""

    serial: str
    name: str
    expires_at: str
    revoked_at: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """A certificate and its private key, both PEM."""

    certificate: bytes
    key: bytes

    def write(self, folder: Path, stem: str) -> tuple[Path, Path]:
        """Write `stem`.pem and `stem`.key (0600) and return both paths."""
        folder.mkdir(parents=True, exist_ok=True)
        certificate, key = folder / f"{stem}.pem", folder / f"{stem}.key"
        _write(certificate, self.certificate, 0o644)
        _write(key, self.key, 0o600)
        return certificate, key


class Authority:
    """Gives certificates out and strikes them off."""

    def __init__(self, folder: Path, now: Callable[[], datetime] = lambda: datetime.now(UTC)):
        self.folder = folder
        self._now = now
        try:
            self._certificate = x509.load_pem_x509_certificate(self.ca_path.read_bytes())
            key = load_pem_private_key((folder / "ca.key").read_bytes(), password=None)
        except (OSError, ValueError) as error:
            raise AuthorityError(
                f"{folder} holds no authority ({error}). Make one: kiosk fleet authority init"
            ) from error
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise AuthorityError(f"{folder / 'ca.key'} is not one of ours")
        self._key = key

    @classmethod
    def create(
        cls, folder: Path, name: str = "Selvkasse", now: Callable[[], datetime] | None = None
    ) -> Self:
        """Make a new authority; refuses a folder that has one."""
        clock = now or (lambda: datetime.now(UTC))
        if (folder / "ca.key").exists():
            raise AuthorityError(f"{folder} already holds an authority")
        folder.mkdir(parents=True, exist_ok=True)
        key = ec.generate_private_key(ec.SECP256R1())
        subject = _name(f"{name} certificate authority")
        public = key.public_key()
        builder = (
            _builder(subject, subject, public, clock(), AUTHORITY_DAYS)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(signs_certificates=True), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        )
        _write(folder / "ca.key", _pem(key), 0o600)
        certificate = builder.sign(key, hashes.SHA256())
        _write(folder / "ca.pem", certificate.public_bytes(Encoding.PEM), 0o644)
        _write(folder / "issued.json", b"[]", 0o600)
        made = cls(folder, clock)
        made.renew_crl()
        return made

    @property
    def ca_path(self) -> Path:
        """The authority's certificate."""
        return self.folder / "ca.pem"

    @property
    def crl_path(self) -> Path:
        """The list of certificates that were struck off."""
        return self.folder / "crl.pem"

    def issue_kiosk(self, address: Address, days: int = LEAF_DAYS) -> Pair:
        """Give a kiosk its certificate; also how one is renewed."""
        return self._issue(str(address), (), days)

    def issue_server(self, name: str, hosts: Iterable[str] = (), days: int = LEAF_DAYS) -> Pair:
        """Give a broker, a fleet server or a bridge its certificate, for these host names."""
        if len(name.split("/")) == 3:
            raise AuthorityError(f"{name!r} would be a kiosk's name")
        if not SERVER_NAME.fullmatch(name):
            # It becomes a part of topics and of a file's name.
            raise AuthorityError(
                f"{name!r} cannot be a name: expected a-z, 0-9, . and -, as broker or fleet, "
                "or tenant/store"
            )
        return self._issue(name, tuple(hosts), days)

    def revoke(self, name: str) -> int:
        """Strike off every certificate of that name and return how many there were.

        Raises:
            AuthorityError: none is known by that name. The broker must read `crl.pem` anew.
        """
        at = self._now().isoformat(timespec="seconds")
        before = self.issued()
        struck = [one for one in before if one.name == name and not one.revoked_at]
        if not struck:
            raise AuthorityError(f"no certificate is out under {name!r}")
        serials = {one.serial for one in struck}
        after = [
            Issued(one.serial, one.name, one.expires_at, at) if one.serial in serials else one
            for one in before
        ]
        self._save(after)
        self.renew_crl()
        return len(struck)

    def renew_crl(self) -> Path:
        """Write the list of what was struck off anew; needed every 30 days."""
        now = self._now()
        builder = x509.CertificateRevocationListBuilder(
            issuer_name=self._certificate.subject,
            last_update=now - BACKDATED,
            next_update=now + timedelta(days=CRL_DAYS),
        )
        for one in self.issued():
            if one.revoked_at:
                revoked = x509.RevokedCertificateBuilder(
                    int(one.serial, 16), datetime.fromisoformat(one.revoked_at)
                ).build()
                builder = builder.add_revoked_certificate(revoked)
        crl = builder.sign(self._key, hashes.SHA256())
        _write(self.crl_path, crl.public_bytes(Encoding.PEM), 0o644)
        return self.crl_path

    def issued(self) -> list[Issued]:
        """Return all that was ever given out."""
        return [Issued(**one) for one in json.loads((self.folder / "issued.json").read_bytes())]

    def _issue(self, name: str, hosts: tuple[str, ...], days: int) -> Pair:
        key = ec.generate_private_key(ec.SECP256R1())
        public = key.public_key()
        usages = [ExtendedKeyUsageOID.CLIENT_AUTH]
        if hosts:
            usages.append(ExtendedKeyUsageOID.SERVER_AUTH)
        issuer = self._key.public_key()
        builder = (
            _builder(_name(name), self._certificate.subject, public, self._now(), days)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(), critical=True)
            .add_extension(x509.ExtendedKeyUsage(usages), critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer), critical=False
            )
        )
        if hosts:
            names = x509.SubjectAlternativeName([_host(host) for host in hosts])
            builder = builder.add_extension(names, critical=False)
        certificate = builder.sign(self._key, hashes.SHA256())
        self._save([*self.issued(), _record(certificate, name)])
        return Pair(certificate.public_bytes(Encoding.PEM), _pem(key))

    def _save(self, issued: list[Issued]) -> None:
        body = json.dumps([asdict(one) for one in issued], indent=1).encode()
        _write(self.folder / "issued.json", body, 0o600)


def _record(certificate: x509.Certificate, name: str) -> Issued:
    return Issued(
        serial=f"{certificate.serial_number:x}",
        name=name,
        expires_at=certificate.not_valid_after_utc.isoformat(),
    )


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    public: ec.EllipticCurvePublicKey,
    now: datetime,
    days: int,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BACKDATED)
        .not_valid_after(now + timedelta(days=days))
    )


def _name(common: str) -> x509.Name:
    if not 0 < len(common) <= 64:
        raise AuthorityError(f"{common!r}: a certificate's name has 1 to 64 characters")
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _usage(*, signs_certificates: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _host(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _write(path: Path, body: bytes, mode: int) -> None:
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)
