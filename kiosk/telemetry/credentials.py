"""A kiosk's request to the store's server over HTTPS, signed with the key of its certificate.

The broker knows a kiosk by its certificate, and so does the server: the request carries the
certificate, and a signature over what is asked, when, and with which body. TLS keeps it secret and
whole; the signature says who asks. It is not TLS's own client certificate, because the same port
serves browsers, which would be asked for one, and because a proxy in front would not pass it on.

References:
    RFC 5280, section 4.2.1.12 (clientAuth); FIPS 186-5, section 6 (ECDSA).
"""

import base64
import binascii
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Self

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from kiosk.telemetry.topics import Address, BadTopic

ABOUT: Final = "selvkasse request v1"
"""What is signed begins so: such a signature never passes for one over anything else."""
CERTIFICATE: Final = "selvkasse-certificate"
TIME: Final = "selvkasse-time"
SIGNATURE: Final = "selvkasse-signature"
CLOCK_S_MAX: Final = 900
"""How far kiosk and server may be apart. Requests may come twice, so it is no question of order."""
HEADER_CHARS_MAX: Final = 4_000


class BadCredentials(Exception):
    """Nobody is known by this request. The message says why, for the log."""


class WrongClock(BadCredentials):
    """The kiosk's clock and the server's are too far apart."""


class KeyUnusable(Exception):
    """The kiosk's own certificate or key cannot sign. The message says which and why."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a signature covers."""

    method: str
    target: str
    """Path and query, as they stand in the request."""
    body: bytes
    at_s: int
    """Seconds since 1970, UTC, by the kiosk's clock."""

    def text(self) -> bytes:
        """Return what is signed."""
        digest = hashlib.sha256(self.body).hexdigest()
        return "\n".join((ABOUT, self.method, self.target, str(self.at_s), digest)).encode()


@dataclass(frozen=True, slots=True)
class Credentials:
    """A kiosk's certificate and key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @classmethod
    def load(cls, certificate: Path, key: Path) -> Self:
        """Read both from PEM files.

        Raises:
            KeyUnusable: one is missing, or is not what `kiosk fleet authority issue` makes.
        """
        try:
            loaded = x509.load_pem_x509_certificate(certificate.read_bytes())
            private = load_pem_private_key(key.read_bytes(), password=None)
        except (OSError, ValueError, TypeError) as error:
            raise KeyUnusable(f"{certificate} or {key}: {error}") from error
        if not isinstance(private, ec.EllipticCurvePrivateKey):
            raise KeyUnusable(f"{key}: expected an elliptic curve's key, as the authority makes")
        return cls(loaded, private)

    def headers(self, asked: Asked) -> dict[str, str]:
        """Return the headers that say who asks."""
        signature = self.key.sign(asked.text(), ec.ECDSA(hashes.SHA256()))
        return {
            CERTIFICATE: _base64(self.certificate.public_bytes(Encoding.DER)),
            TIME: str(asked.at_s),
            SIGNATURE: _base64(signature),
        }


@dataclass(frozen=True, slots=True)
class Authorities:
    """Whose certificates count: the authority's, but for those it struck off."""

    ca: x509.Certificate
    revoked: x509.CertificateRevocationList | None = None

    @classmethod
    def load(cls, ca: Path, revoked: Path | None = None) -> Self:
        """Read the authority's certificate and its list.

        Raises:
            OSError, ValueError: one cannot be read. A list that is there and unreadable counts.
        """
        crl = x509.load_pem_x509_crl(revoked.read_bytes()) if revoked is not None else None
        return cls(x509.load_pem_x509_certificate(ca.read_bytes()), crl)

    def caller(
        self, headers: Mapping[str, str], method: str, target: str, body: bytes, now: datetime
    ) -> Address:
        """Return which kiosk asks.

        Raises:
            WrongClock: it may be who it says; its clock or ours is wrong.
            BadCredentials: nobody of ours.
        """
        asked = Asked(method, target, body, _seconds(headers.get(TIME, "")))
        certificate = _certificate(headers.get(CERTIFICATE, ""))
        public = certificate.public_key()
        if not isinstance(public, ec.EllipticCurvePublicKey):
            raise BadCredentials("a certificate of another kind")
        try:
            certificate.verify_directly_issued_by(self.ca)
            signature = _bytes(headers.get(SIGNATURE, ""))
            public.verify(signature, asked.text(), ec.ECDSA(hashes.SHA256()))
        except (InvalidSignature, ValueError, TypeError) as error:
            raise BadCredentials(f"not signed by one of ours: {error}") from error
        self._check_use(certificate, now)
        if abs(now.timestamp() - asked.at_s) > CLOCK_S_MAX:
            raise WrongClock(f"asked at {asked.at_s}, and it is {int(now.timestamp())}")
        return _address(certificate)

    def _check_use(self, certificate: x509.Certificate, now: datetime) -> None:
        at = now.astimezone(UTC)
        if not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
            raise BadCredentials("the certificate is not valid now")
        crl, serial = self.revoked, certificate.serial_number
        if crl is not None and crl.get_revoked_certificate_by_serial_number(serial) is not None:
            raise BadCredentials("the certificate was struck off")
        try:
            usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        except x509.ExtensionNotFound as error:
            raise BadCredentials("a certificate for nothing") from error
        if ExtendedKeyUsageOID.CLIENT_AUTH not in usage:
            raise BadCredentials("a certificate for something else")


def _certificate(text: str) -> x509.Certificate:
    try:
        return x509.load_der_x509_certificate(_bytes(text))
    except ValueError as error:
        raise BadCredentials("no certificate") from error


def _address(certificate: x509.Certificate) -> Address:
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    try:
        return Address.parse(str(names[0].value))
    except (IndexError, BadTopic) as error:
        raise BadCredentials("not a kiosk's certificate") from error


def _seconds(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 12):
        raise BadCredentials("no time")
    return int(text)


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _bytes(text: str) -> bytes:
    if len(text) > HEADER_CHARS_MAX:
        raise BadCredentials("too long")
    try:
        return base64.b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error) as error:
        raise BadCredentials("no base64") from error
