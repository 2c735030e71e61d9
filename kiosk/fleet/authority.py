"""The fleet's own certificate authority: who may speak to the broker, under which name.

Files in its folder: `ca.pem` and `crl.pem` (public; the broker, the servers and the kiosks have
them), `ca.key` (0600; keep it off the server that is reached from outside), `issued.json` (serial
numbers and names, so that a kiosk can be struck off by name).

The name in a kiosk's certificate is its topics' middle, `tenant/store/kiosk`: the broker lets it
write there and nowhere else. Keys are P-256, because brokers and small machines all have it.

A person at the command line and the service that lets kiosks in write the same files: one at a
time, and what root writes belongs to whom the folder belongs to.
"""

import fcntl
import json
import os
import re
import threading
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key

from kiosk.fleet.certificates import (
    BACKDATED,
    AuthorityError,
    asked_key,
    leaf_certificate,
    own_certificate,
    pem_of,
)
from kiosk.telemetry.pairs import write_whole
from kiosk.telemetry.topics import Address

__all__ = ["Authority", "AuthorityError", "Issued", "Pair"]

SERVER_NAME: Final = re.compile(r"[a-z0-9.-]+|[a-z0-9-]{1,40}/[a-z0-9-]{1,40}")
AUTHORITY_DAYS: Final = 3650
LEAF_DAYS: Final = 397
CRL_DAYS: Final = 30
ISSUED: Final = "issued.json"


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
        write_whole(certificate, self.certificate, 0o644)
        write_whole(key, self.key, 0o600)
        return certificate, key


class Authority:
    """Gives certificates out and strikes them off."""

    def __init__(self, folder: Path, now: Callable[[], datetime] = lambda: datetime.now(UTC)):
        self.folder = folder
        self._now = now
        self._lock = _FolderLock(folder)
        try:
            self.certificate = x509.load_pem_x509_certificate(self.ca_path.read_bytes())
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
        builder = own_certificate(name, key.public_key(), clock(), AUTHORITY_DAYS)
        certificate = builder.sign(key, hashes.SHA256())
        write_whole(folder / "ca.pem", certificate.public_bytes(Encoding.PEM), 0o644)
        write_whole(folder / ISSUED, b"[]", 0o600)
        # Last: a folder with a key has the rest.
        write_whole(folder / "ca.key", pem_of(key), 0o600)
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

    def alone(self) -> "_FolderLock":
        """Return what keeps others, threads and processes, from changing the folder: for `with`."""
        return self._lock

    def issue_kiosk(self, address: Address, days: int = LEAF_DAYS) -> Pair:
        """Give a kiosk its certificate, with a key that is made here."""
        return self._issue(str(address), (), timedelta(days=days))

    def issue_server(self, name: str, hosts: Iterable[str] = (), days: int = LEAF_DAYS) -> Pair:
        """Give a broker, a fleet server or a bridge its certificate, for these host names."""
        return self.issue_for(name, hosts, timedelta(days=days))

    def issue_for(self, name: str, hosts: Iterable[str], life: timedelta) -> Pair:
        """Give a server a certificate that lives so long; AuthorityError as `issue_server`."""
        if len(name.split("/")) == 3:
            raise AuthorityError(f"{name!r} would be a kiosk's name")
        if not SERVER_NAME.fullmatch(name):
            # It becomes a part of topics and of a file's name.
            raise AuthorityError(
                f"{name!r} cannot be a name: expected a-z, 0-9, . and -, as broker or fleet, "
                "or tenant/store"
            )
        return self._issue(name, tuple(hosts), life)

    def sign_request(self, request_pem: bytes, address: Address, life: timedelta) -> bytes:
        """Give a kiosk a certificate for the key that it made itself; what it calls itself is not
        looked at.

        Raises:
            AuthorityError: it is no request that can be signed.
        """
        return self._sign(str(address), (), asked_key(request_pem), life)

    def revoke(self, name: str) -> int:
        """Strike off every certificate of that name and return how many there were.

        Raises:
            AuthorityError: none is known by that name. The broker must read `crl.pem` anew.
        """
        at = self._now().isoformat(timespec="seconds")
        with self.alone():
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

    def is_good(self, certificate: x509.Certificate) -> bool:
        """Whether it was given out here and was not struck off; its dates are TLS's matter."""
        serial = f"{certificate.serial_number:x}"
        return any(one.serial == serial and not one.revoked_at for one in self.issued())

    def renew_crl(self) -> Path:
        """Write the list of what was struck off anew; needed every 30 days."""
        now = self._now()
        builder = x509.CertificateRevocationListBuilder(
            issuer_name=self.certificate.subject,
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
        write_whole(self.crl_path, crl.public_bytes(Encoding.PEM), 0o644)
        return self.crl_path

    def issued(self) -> list[Issued]:
        """Return all that was ever given out."""
        return [Issued(**one) for one in json.loads((self.folder / ISSUED).read_bytes())]

    def _issue(self, name: str, hosts: tuple[str, ...], life: timedelta) -> Pair:
        key = ec.generate_private_key(ec.SECP256R1())
        return Pair(self._sign(name, hosts, key.public_key(), life), pem_of(key))

    def _sign(
        self, name: str, hosts: tuple[str, ...], public: ec.EllipticCurvePublicKey, life: timedelta
    ) -> bytes:
        builder = leaf_certificate(name, hosts, public, self.certificate, self._now(), life)
        certificate = builder.sign(self._key, hashes.SHA256())
        with self.alone():
            self._save([*self.issued(), _record(certificate, name)])
        return certificate.public_bytes(Encoding.PEM)

    def _save(self, issued: list[Issued]) -> None:
        body = json.dumps([asdict(one) for one in issued], indent=1).encode()
        write_whole(self.folder / ISSUED, body, 0o600)


class _FolderLock:
    """One writer at a time, of all threads and processes; may be taken again by who has it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._thread = threading.RLock()
        self._depth = 0
        self._fd = -1

    def __enter__(self) -> None:
        self._thread.acquire()
        if self._depth == 0:
            # The folder itself: a file of its own would belong to whoever came first.
            self._fd = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
            fcntl.flock(self._fd, fcntl.LOCK_EX)
        self._depth += 1

    def __exit__(self, *_: object) -> None:
        self._depth -= 1
        if self._depth == 0:
            os.close(self._fd)
        self._thread.release()


def _record(certificate: x509.Certificate, name: str) -> Issued:
    return Issued(
        serial=f"{certificate.serial_number:x}",
        name=name,
        expires_at=certificate.not_valid_after_utc.isoformat(),
    )
