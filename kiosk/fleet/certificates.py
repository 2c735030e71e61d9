"""The parts of a certificate, as the fleet's authority puts them together."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

BACKDATED: Final = timedelta(hours=1)
"""A kiosk whose clock is a little behind shall not refuse a new certificate."""
NAME_CHARS_MAX: Final = 64


class AuthorityError(Exception):
    """No authority there, one already there, or nothing known by that name."""


def own_certificate(
    name: str, public: ec.EllipticCurvePublicKey, now: datetime, days: int
) -> x509.CertificateBuilder:
    """Return what an authority signs for itself."""
    subject = subject_of(f"{name} certificate authority")
    return (
        _builder(subject, subject, public, now, timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )


def leaf_certificate(
    name: str,
    hosts: Iterable[str],
    public: ec.EllipticCurvePublicKey,
    issuer: x509.Certificate,
    now: datetime,
    life: timedelta,
) -> x509.CertificateBuilder:
    """Return what an authority signs for a kiosk, or with host names for a server."""
    named = [_host(host) for host in hosts]
    usages = [
        ExtendedKeyUsageOID.CLIENT_AUTH,
        *([ExtendedKeyUsageOID.SERVER_AUTH] if named else ()),
    ]
    key_of_issuer = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    builder = (
        _builder(subject_of(name), issuer.subject, public, now, life)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(), critical=True)
        .add_extension(x509.ExtendedKeyUsage(usages), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(key_of_issuer),
            critical=False,
        )
    )
    if named:
        builder = builder.add_extension(x509.SubjectAlternativeName(named), critical=False)
    return builder


def asked_key(request_pem: bytes) -> ec.EllipticCurvePublicKey:
    """Return the key of a request (PKCS #10), which has proved that it is the sender's.

    Raises:
        AuthorityError: it is no request, its signature is wrong, or its key is of another kind.
    """
    try:
        request = x509.load_pem_x509_csr(request_pem)
        # Whatever else it asks for (a name, to be an authority) is not looked at.
        key = request.public_key()
        if not request.is_signature_valid:
            raise InvalidSignature
    except (ValueError, TypeError, InvalidSignature) as error:
        raise AuthorityError("that is no valid request for a certificate") from error
    if not (isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1)):
        raise AuthorityError("the key of the request is not one on P-256")
    return key


def hosts_in(certificate: x509.Certificate) -> list[str]:
    """Return the host names and addresses that a certificate is for."""
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    addresses = [str(one) for one in found.get_values_for_type(x509.IPAddress)]
    return [*found.get_values_for_type(x509.DNSName), *addresses]


def subject_of(common: str) -> x509.Name:
    """Return a certificate's subject; AuthorityError when the name cannot be one."""
    if not 0 < len(common) <= NAME_CHARS_MAX:
        raise AuthorityError(f"{common!r}: a certificate's name has 1 to 64 characters")
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def pem_of(key: ec.EllipticCurvePrivateKey) -> bytes:
    """Return a private key as PEM."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    public: ec.EllipticCurvePublicKey,
    now: datetime,
    life: timedelta,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BACKDATED)
        .not_valid_after(now + life)
    )


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
