"""The signature chain of SAF-T Cash Register 1.00: one signature for each final sale.

What is signed is one line of text, `previous;date;time;nr;gross;net`: the signature before it (`0`
for a register's first), the local date and time, the running number, and the amounts with and
without VAT with a point and two decimals. So nobody changes, takes out or puts in a sale without
the key. Two algorithms are allowed, and they are fixed: RSA-SHA1-1024 (PKCS #1 v1.5) and
HMAC-SHA1-128. SHA-1 and 1024 bits are no choice of ours, so they stay inside this module; the
journal's own SHA-256 chain covers every event beside it.

References:
    Skatteetaten, Requirements and guidelines for implementing digital signatures in Cash Register
    Systems, version 3.0 (30.03.2021), and its validator, whose test vector the tests repeat.
"""

import base64
import binascii
import hashlib
import hmac
import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

FIRST: Final = "0"
"""What stands for the signature before a register's first sale."""
CREDENTIAL: Final = "credential:"
HMAC_KEY_BYTES: Final = 16
RSA_BITS: Final = 1024
KEY_FILE_BYTES_MAX: Final = 8192
_AMOUNT: Final = re.compile(r"-?[0-9]+\.[0-9]{2}")
_HEX_KEY: Final = re.compile(rb"[0-9a-fA-F]{32}\s*")
_SHA1 = hashes.SHA1()  # noqa: S303


class KeyRefused(Exception):
    """A signing key that must not be used. The message says which file, why, and what to do.

    Example scenarios: the file is readable for everybody; it is a 2048-bit key; it is not there.
    """


class Signer(Protocol):
    """Makes signatures with one version of a key."""

    @property
    def key_version(self) -> str:
        """Which key it is, as the product declaration names it."""

    def sign(self, text: str) -> str:
        """Return the signature of `text` in base64."""


class Verifier(Protocol):
    """Checks signatures of one version of a key."""

    def verify(self, text: str, signature: str) -> bool:
        """Whether `signature` (base64) was made for exactly this text."""


Keyring = Mapping[str, Verifier]
"""Verifiers by key version. Old ones are kept for ever: old files must stay checkable."""


def amount_text(minor: int) -> str:
    """Return an amount as it is signed and exported: -1640 is "-16.40"."""
    sign = "-" if minor < 0 else ""
    return f"{sign}{abs(minor) // 100}.{abs(minor) % 100:02d}"


def signed_text(previous: str, date: str, time: str, nr: str, gross: str, net: str) -> str:
    """Return the line that is signed.

    `date` is YYYY-MM-DD and `time` HH:MM:SS, both Norwegian local time; the amounts have a point
    and two decimals, and are negative for returns.

    Raises:
        ValueError: an amount is written in another way: its signature could never be checked.
    """
    for amount in (gross, net):
        if not _AMOUNT.fullmatch(amount):
            raise ValueError(f"amount {amount!r} is not written as -16.40")
    return f"{previous or FIRST};{date};{time};{nr};{gross};{net}"


@dataclass(frozen=True, slots=True)
class HmacKey:
    """HMAC-SHA1-128: a secret of 16 bytes signs and checks. The 20 bytes are not shortened."""

    secret: bytes = field(repr=False)
    key_version: str = "1"

    def __post_init__(self) -> None:
        if len(self.secret) != HMAC_KEY_BYTES:
            raise KeyRefused(
                f"HMAC-SHA1-128 needs a secret of {HMAC_KEY_BYTES} bytes, got {len(self.secret)}."
            )

    def sign(self, text: str) -> str:
        """Return the signature of `text` in base64 (28 characters)."""
        return base64.b64encode(hmac.digest(self.secret, text.encode(), hashlib.sha1)).decode()

    def verify(self, text: str, signature: str) -> bool:
        """Whether `signature` was made for exactly this text with this secret."""
        return hmac.compare_digest(self.sign(text).encode(), signature.encode())


@dataclass(frozen=True, slots=True)
class RsaSigner:
    """RSA-SHA1-1024: a private key signs; the public one goes with the declaration."""

    private_key: rsa.RSAPrivateKey = field(repr=False)
    key_version: str = "1"

    def __post_init__(self) -> None:
        _check_size(self.private_key.key_size)

    def sign(self, text: str) -> str:
        """Return the signature of `text` in base64 (172 characters).

        Raises:
            KeyRefused: the system's crypto policy forbids SHA-1.
        """
        try:
            signature = self.private_key.sign(text.encode(), padding.PKCS1v15(), _SHA1)
        except UnsupportedAlgorithm as error:
            raise KeyRefused(
                "This system forbids SHA-1 signatures, which SAF-T demands. Use an HMAC key, or "
                f"allow SHA-1 for this program ({error})."
            ) from error
        return base64.b64encode(signature).decode()

    @property
    def verifier(self) -> "RsaVerifier":
        """Who checks what this one signs."""
        return RsaVerifier(self.private_key.public_key())


@dataclass(frozen=True, slots=True)
class RsaVerifier:
    """The public half: checks, and cannot sign."""

    public_key: rsa.RSAPublicKey

    def __post_init__(self) -> None:
        _check_size(self.public_key.key_size)

    def verify(self, text: str, signature: str) -> bool:
        """Whether `signature` was made for exactly this text with this key's other half."""
        try:
            raw = base64.b64decode(signature, validate=True)
            self.public_key.verify(raw, text.encode(), padding.PKCS1v15(), _SHA1)
        except (InvalidSignature, binascii.Error, ValueError):
            return False
        return True


def _check_size(bits: int) -> None:
    if bits != RSA_BITS:
        raise KeyRefused(f"RSA-SHA1-1024 needs a key of {RSA_BITS} bits, this one has {bits}.")


def load_signer(path: Path, key_version: str) -> HmacKey | RsaSigner:
    """Read the signing key: a PEM private key, or 16 bytes (raw, or 32 hexadecimal digits).

    The shop must not be able to read it: the file has to belong to the user the kiosk runs as (or
    root) and be closed to all others (0600 or 0400). A file in systemd's credential folder
    ($CREDENTIALS_DIRECTORY) is guarded by systemd and may look otherwise.

    Raises:
        KeyRefused: not there, open to others, or not a key of the two lawful kinds.
    """
    content = _read_guarded(path)
    if content.lstrip().startswith(b"-----BEGIN"):
        return RsaSigner(_private_key(path, content), key_version)
    if len(content) == HMAC_KEY_BYTES:
        return HmacKey(content, key_version)
    if _HEX_KEY.fullmatch(content):
        return HmacKey(bytes.fromhex(content.decode("ascii")), key_version)
    if content.endswith(b"\n") and len(content) == HMAC_KEY_BYTES + 1:
        return HmacKey(content[:-1], key_version)
    raise KeyRefused(
        f"{path} is not a signing key. Expected an RSA private key of {RSA_BITS} bits in PEM, "
        f"or a secret of {HMAC_KEY_BYTES} bytes (or its 32 hexadecimal digits)."
    )


def configured_signer(
    setting: str, key_version: str, environment: Mapping[str, str]
) -> HmacKey | RsaSigner | None:
    """Return the signer that a configuration names; None for an empty setting: nothing is signed.

    Args:
        setting: A path, or "credential:" and the name of a systemd credential.
        key_version: The version under which the product declaration knows the key.
        environment: The process's environment variables.

    Raises:
        KeyRefused: the key is named and must not be used.
    """
    if not setting:
        return None
    if setting.startswith(CREDENTIAL):
        path = credential_path(setting.removeprefix(CREDENTIAL), environment)
    else:
        path = Path(setting)
    return load_signer(path, key_version)


def load_verifier(path: Path) -> HmacKey | RsaVerifier:
    """Read a key for checking: a PEM public key, which may be open to all, or an HMAC secret.

    Raises:
        KeyRefused: not there, or not a key of the two lawful kinds.
    """
    try:
        content = path.read_bytes()[: KEY_FILE_BYTES_MAX + 1]
    except OSError as error:
        raise KeyRefused(f"{path} cannot be read: {error.strerror}.") from error
    if b"-----BEGIN PUBLIC KEY-----" not in content:
        signer = load_signer(path, "")
        return signer.verifier if isinstance(signer, RsaSigner) else signer
    try:
        key = serialization.load_pem_public_key(content)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise KeyRefused(f"{path} is not a public key in PEM ({error}).") from error
    if not isinstance(key, rsa.RSAPublicKey):
        raise KeyRefused(f"{path} is not an RSA key.")
    return RsaVerifier(key)


def credential_path(name: str, environment: Mapping[str, str]) -> Path:
    """Return where systemd put the credential called `name` (LoadCredential=).

    Raises:
        KeyRefused: the program was not started by systemd with credentials.
    """
    folder = environment.get("CREDENTIALS_DIRECTORY", "")
    if not folder:
        raise KeyRefused(
            f"There is no credential {name!r}: CREDENTIALS_DIRECTORY is not set. "
            "Add LoadCredentialEncrypted= to the kiosk's systemd unit, or name a key file."
        )
    return Path(folder) / name


def _private_key(path: Path, content: bytes) -> rsa.RSAPrivateKey:
    try:
        key = serialization.load_pem_private_key(content, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise KeyRefused(f"{path} is not an unencrypted private key in PEM.") from error
    if not isinstance(key, rsa.RSAPrivateKey):
        raise KeyRefused(f"{path} is not an RSA key.")
    return key


def _read_guarded(path: Path) -> bytes:
    """Return the content of a key file; checked and read through one and the same opening."""
    try:
        # Not through a link: the link's target could be exchanged by somebody else.
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise KeyRefused(f"The signing key {path} cannot be read: {error.strerror}.") from error
    try:
        facts = os.fstat(fd)
        if not stat.S_ISREG(facts.st_mode):
            raise KeyRefused(f"The signing key {path} is not a file.")
        if not _is_credential(path):
            _refuse_open_file(path, facts)
        return os.read(fd, KEY_FILE_BYTES_MAX)
    finally:
        os.close(fd)


def _refuse_open_file(path: Path, facts: os.stat_result) -> None:
    if facts.st_uid not in (os.geteuid(), 0):
        raise KeyRefused(
            f"The signing key {path} belongs to another user. chown it to the kiosk's."
        )
    if facts.st_mode & 0o077:
        raise KeyRefused(
            f"The signing key {path} is open to others (mode {facts.st_mode & 0o777:o}). "
            f"Make it secret first: chmod 600 {path}; and if it was open for long, use a new key."
        )


def _is_credential(path: Path) -> bool:
    folder = os.environ.get("CREDENTIALS_DIRECTORY", "")
    return bool(folder) and path.resolve().parent == Path(folder).resolve()
