"""What a new kiosk and the store's authority say to each other, and the code between them.

A technician types twenty letters: `K7QF-2M9X-HD4B-TC8W-3NPA`. Eight are a secret that lets one
kiosk in, once; eleven are a fingerprint of the authority's key, by which it knows whom it talks to
before they ever met; the last finds a slip of the fingers before anything is sent.

Eleven letters are 54 bits, too few for a plain hash: an attacker would make keys until one fits. So
the fingerprint costs 16 MB and some 40 ms for each key that is tried (scrypt, RFC 7914), and the
secret is kept in the same way. There are 31 letters, none that looks like another; as that is a
prime, the check letter finds every wrong letter and every two that changed places.
"""

import hashlib
from dataclasses import dataclass
from typing import Annotated, Final, Self

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from msgspec import Meta

from kiosk.telemetry.base import Code, Text, Utc

LETTERS: Final = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
SECRET_LETTERS: Final = 8
PIN_LETTERS: Final = 11
CODE_LETTERS: Final = SECRET_LETTERS + PIN_LETTERS + 1
GROUP: Final = 4
PORT: Final = 8791
AUTHORITY_PATH: Final = "/authority"
ENROL_PATH: Final = "/enrol"
RENEW_PATH: Final = "/renew"
ANSWER_BYTES_MAX: Final = 64_000

Pem = Annotated[str, Meta(max_length=16_000)]


class BadCode(ValueError):
    """It cannot be a code. The message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class EnrolCode:
    """A one-time code: who comes, and whom to trust."""

    secret: str
    pin: str

    def __str__(self) -> str:
        letters = self.secret + self.pin
        letters += _check_letter(letters)
        return "-".join(letters[at : at + GROUP] for at in range(0, CODE_LETTERS, GROUP))

    @classmethod
    def parse(cls, typed: str) -> Self:
        """Return the code as it was typed, in small letters or with spaces too.

        Raises:
            BadCode: it has other letters, is of another length, or one letter is wrong.
        """
        letters = "".join(one for one in typed.upper() if one not in "- \t")
        if strange := sorted(set(letters) - set(LETTERS)):
            raise BadCode(f"no code has {', '.join(map(repr, strange))} in it (nor 0, 1, I, L, O)")
        if len(letters) != CODE_LETTERS:
            raise BadCode(f"{len(letters)} letters: a code has {CODE_LETTERS}")
        if _check_letter(letters[:-1]) != letters[-1]:
            raise BadCode("one letter is wrong, or two have changed places")
        return cls(letters[:SECRET_LETTERS], letters[SECRET_LETTERS:-1])

    def kept(self) -> str:
        """Return what is kept of it on the server; nobody makes the code of that in an hour."""
        return _stretched(self.secret.encode(), f"selvkasse code {self.pin}".encode()).hex()


def pin_of(authority: x509.Certificate) -> str:
    """Return the fingerprint of an authority's key, as it stands in codes."""
    key = authority.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    number = int.from_bytes(_stretched(key, b"selvkasse authority"))
    letters = []
    for _ in range(PIN_LETTERS):
        number, place = divmod(number, len(LETTERS))
        letters.append(LETTERS[place])
    return "".join(letters)


class ThisAuthority(msgspec.Struct, frozen=True, kw_only=True):
    """Who gives certificates out here. It is believed for the fingerprint in the code alone."""

    authority: Pem
    """Its certificate."""
    at_utc: Utc
    """The server's clock, for the words of an error."""


class EnrolRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A kiosk comes with its code. The name in its request does not count: the code has one."""

    code: Code
    request: Pem
    """PKCS #10; the key behind it never leaves the kiosk."""
    kiosk: Code = ""
    """Who the kiosk believes to be, the last part of its address; empty when it does not know."""


class RenewRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A kiosk whose certificate will end asks for the next, over TLS with the old one."""

    request: Pem
    """PKCS #10, of a new key."""


class Welcome(msgspec.Struct, frozen=True, kw_only=True):
    """A certificate, and all that a kiosk must know to report."""

    certificate: Pem
    authority: Pem
    tenant: Code
    store: Code
    kiosk: Code
    broker_host: Code
    broker_port: int
    fleet_keys: Annotated[list[Pem], Meta(max_length=8)]
    """Whose orders are to be believed."""
    at_utc: Utc
    server: Text = ""
    """Where the store's server is asked over HTTPS; empty where it has no public address yet."""


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """Why there is no certificate."""

    code: Code
    detail: Text = ""
    retry_after_s: int = 0


def _check_letter(letters: str) -> str:
    weighed = sum(place * LETTERS.index(one) for place, one in enumerate(letters, 1))
    return LETTERS[weighed % len(LETTERS)]


def _stretched(secret: bytes, salt: bytes) -> bytes:
    return hashlib.scrypt(secret, salt=salt, n=2**14, r=8, p=1, dklen=32)
