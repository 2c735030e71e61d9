"""The link behind the code that a phone scans for its receipt: which sale, until when, and signed.

The kiosk signs it; the store's server, which has the sale from the kiosk's events, shows it to
whoever has the link. There is no account, no number, and nothing about a person in it. It cannot
be guessed (a sale's name is 128 random bits, and only its kiosk can sign for it), and it ends by
itself.

Reference:
    RFC 8032, section 5.1 (Ed25519); RFC 4648, section 5 (base64url).
"""

import base64
import binascii
import struct
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from kiosk.telemetry.topics import Address, BadTopic

ABOUT: Final = b"selvkasse receipt v1\n"
"""What is signed begins so: such a signature never passes for one over anything else."""
VERSION: Final = 1
TOKEN_CHARS_MAX: Final = 400
SALE_ID_CHARS_MAX: Final = 80
_HEAD: Final = struct.Struct(">BQB")
_SIGNATURE_BYTES: Final = 64


class BadLink(ValueError):
    """No link of ours, or not signed by its kiosk."""


class LinkExpired(BadLink):
    """Was a link; its time is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptLink:
    """What a link says."""

    address: Address
    sale_id: str
    expires_s: int
    """Seconds since 1970, UTC."""


def token_of(link: ReceiptLink, key: Ed25519PrivateKey) -> str:
    """Return a link as the last part of its address: some 200 characters of base64url."""
    content = _content(link)
    return _text(content + key.sign(ABOUT + content))


def whose(token: str) -> ReceiptLink:
    """Return what a token claims, before anybody has looked at its signature.

    Raises:
        BadLink: it is no token.
    """
    return _read(_bytes(token)[:-_SIGNATURE_BYTES])


def checked(token: str, key: Ed25519PublicKey, now_s: float) -> ReceiptLink:
    """Return what a token says, once it is known that its kiosk said so.

    Raises:
        BadLink: not signed by `key`.
        LinkExpired: signed, and too old.
    """
    content = _bytes(token)
    signed, signature = content[:-_SIGNATURE_BYTES], content[-_SIGNATURE_BYTES:]
    try:
        key.verify(signature, ABOUT + signed)
    except InvalidSignature:
        raise BadLink("not signed by its kiosk") from None
    link = _read(signed)
    if link.expires_s <= now_s:
        raise LinkExpired("its time is over")
    return link


def public_text(key: Ed25519PrivateKey | Ed25519PublicKey) -> str:
    """Return a public key as it stands in a kiosk's birth: 64 hexadecimal digits."""
    public = key.public_key() if isinstance(key, Ed25519PrivateKey) else key
    return public.public_bytes_raw().hex()


def public_key(text: str) -> Ed25519PublicKey:
    """Read a public key.

    Raises:
        BadLink: it is none.
    """
    try:
        return Ed25519PublicKey.from_public_bytes(bytes.fromhex(text))
    except ValueError:
        raise BadLink("the kiosk has no key for receipts") from None


def _content(link: ReceiptLink) -> bytes:
    address = str(link.address).encode("ascii")
    return (
        _HEAD.pack(VERSION, link.expires_s, len(address)) + address + link.sale_id.encode("ascii")
    )


def _read(content: bytes) -> ReceiptLink:
    try:
        version, expires_s, length = _HEAD.unpack_from(content)
        rest = content[_HEAD.size :].decode("ascii")
        address, sale_id = rest[:length], rest[length:]
        if version != VERSION or not 0 < len(sale_id) <= SALE_ID_CHARS_MAX:
            raise BadLink("of another version")
        return ReceiptLink(address=Address.parse(address), sale_id=sale_id, expires_s=expires_s)
    except (struct.error, UnicodeDecodeError, BadTopic):
        raise BadLink("no receipt's link") from None


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _bytes(token: str) -> bytes:
    if len(token) > TOKEN_CHARS_MAX:
        raise BadLink("too long")
    try:
        content = base64.b64decode(
            token.encode("ascii") + b"=" * (-len(token) % 4), altchars=b"-_", validate=True
        )
    except (UnicodeEncodeError, binascii.Error):
        raise BadLink("no receipt's link") from None
    if len(content) <= _SIGNATURE_BYTES or _text(content) != token:
        raise BadLink("no receipt's link")
    return content
