"""Ed25519 over the bytes of an order or an announcement, as they stand in the message.

What is signed begins with a word for what it is, so that an announcement can never be passed off
as an order, nor either as anything else that such a key may sign one day.

Reference:
    RFC 8032, section 5.1 (Ed25519).
"""

import base64
import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from kiosk.telemetry.messages import (
    Announce,
    Command,
    Notice,
    Order,
    ShelfAnswer,
    ShelfWord,
    Signed,
)

ABOUT: Final = {
    Command: b"selvkasse command v1\n",
    Announce: b"selvkasse announce v1\n",
    ShelfAnswer: b"selvkasse shelf answer v1\n",
}
_encoder = msgspec.json.Encoder()
_order = msgspec.json.Decoder(Order)
_shelf_word = msgspec.json.Decoder(ShelfWord)
_notices = msgspec.json.Decoder(list[Notice])

T = TypeVar("T", bound=Signed)


class BadSignature(Exception):
    """Not signed by a key that is trusted here, or not what was signed."""


class BadKey(Exception):
    """A file that holds no Ed25519 key. The message says which file."""


def key_id(key: Ed25519PublicKey) -> str:
    """Return the name of a key in messages: 16 hex digits of the SHA-256 of its 32 bytes."""
    return hashlib.sha256(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()[:16]


class OrderSigner:
    """Signs what goes to kiosks. Only the fleet's server has the private key."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self.public_key = key.public_key()
        self.key_id = key_id(self.public_key)

    def command(self, order: Order, at_utc: str = "") -> Command:
        """Return the order as a message."""
        return self._signed(Command, order, at_utc or order.issued_at)

    def announce(self, notices: Iterable[Notice], at_utc: str = "") -> Announce:
        """Return an announcement as a message; the best version first."""
        now = datetime.now(UTC).isoformat(timespec="microseconds")
        return self._signed(Announce, list(notices), at_utc or now)

    def shelf_answer(self, word: ShelfWord, at_utc: str) -> ShelfAnswer:
        """Return what the store's shelf says as a message."""
        return self._signed(ShelfAnswer, word, at_utc)

    def _signed(self, kind: type[T], body: Any, at_utc: str) -> T:
        content = _encoder.encode(body)
        signature = base64.b64encode(self._key.sign(ABOUT[kind] + content)).decode()
        return kind(
            at_utc=at_utc,
            body=msgspec.Raw(content),
            key_id=self.key_id,
            signature=signature,
        )


class Trust:
    """The public keys whose word counts at this kiosk: two while one takes over from another."""

    def __init__(self, keys: Iterable[Ed25519PublicKey]) -> None:
        self._keys = {key_id(key): key for key in keys}

    def order(self, message: Command) -> Order:
        """Return what a command orders.

        Raises:
            BadSignature: no trusted key signed these bytes.
            msgspec.ValidationError: signed, but no order as this program knows them.
        """
        return _order.decode(self._checked(message))

    def notices(self, message: Announce) -> list[Notice]:
        """Return what an announcement says; raises as `order` does."""
        return _notices.decode(self._checked(message))

    def shelf_word(self, message: ShelfAnswer) -> ShelfWord:
        """Return what the store's shelf says; raises as `order` does."""
        return _shelf_word.decode(self._checked(message))

    def _checked(self, message: Signed) -> bytes:
        key = self._keys.get(message.key_id)
        if key is None:
            raise BadSignature(f"no key {message.key_id[:16]} is trusted here")
        content = bytes(message.body)
        try:
            key.verify(base64.b64decode(message.signature), ABOUT[type(message)] + content)
        except (InvalidSignature, ValueError):
            raise BadSignature("the signature does not belong to these bytes") from None
        return content


def load_signer(pem: bytes, where: str) -> OrderSigner:
    """Read a private key in PEM.

    Raises:
        BadKey: it is none, or of another kind.
    """
    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError) as error:
        raise BadKey(f"{where}: no private key ({error})") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise BadKey(f"{where}: expected an Ed25519 key, found {type(key).__name__}")
    return OrderSigner(key)


def load_public(pem: bytes, where: str) -> Ed25519PublicKey:
    """Read a public key in PEM.

    Raises:
        BadKey: it is none, or of another kind.
    """
    try:
        key = load_pem_public_key(pem)
    except ValueError as error:
        raise BadKey(f"{where}: no public key ({error})") from error
    if not isinstance(key, Ed25519PublicKey):
        raise BadKey(f"{where}: expected an Ed25519 key, found {type(key).__name__}")
    return key
