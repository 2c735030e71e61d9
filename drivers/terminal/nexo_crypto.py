"""Adyen's encryption of nexo messages between a till and a terminal in the same shop.

Key material is PBKDF2-HMAC-SHA1(passphrase, "AdyenNexoV1Salt", 4000 rounds), 80 bytes: HMAC key
[0:32], AES-256 key [32:64], IV [64:80]. Each message has a nonce of 16 random bytes; the IV in use
is the derived one XOR the nonce; the cipher is AES-256-CBC with PKCS7, and the HMAC-SHA256 is over
the *plain* text. The header travels in the clear as well and must equal the one inside.
Source: docs.adyen.com, "Protect local communications"; vectors from @adyen/api-library 32.1.0.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from drivers.errors import DeviceConfigError, ProtocolError

SALT = b"AdyenNexoV1Salt"
ROUNDS = 4000
NONCE_BYTES = 16
CRYPTO_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class NexoKey:
    """The derived keys and the name under which the terminal knows the passphrase."""

    identifier: str
    version: int
    hmac_key: bytes = field(repr=False)
    cipher_key: bytes = field(repr=False)
    iv: bytes = field(repr=False)

    @classmethod
    def derive(cls, passphrase: str, *, identifier: str, version: int) -> "NexoKey":
        """Derive the keys of a passphrase; takes some milliseconds.

        Raises:
            DeviceConfigError: if the passphrase is empty or not ASCII. Libraries disagree on the
                bytes of other characters, so both ends would have different keys.
        """
        if not passphrase or not passphrase.isascii():
            raise DeviceConfigError(
                "terminal passphrase: expected at least one character, all of them ASCII; "
                "set another one in the terminal's settings and in the passphrase file"
            )
        material = hashlib.pbkdf2_hmac("sha1", passphrase.encode("ascii"), SALT, ROUNDS, 80)
        return cls(
            identifier=identifier,
            version=version,
            hmac_key=material[:32],
            cipher_key=material[32:64],
            iv=material[64:],
        )


def seal(
    plaintext: bytes,
    key: NexoKey,
    *,
    nonce: Callable[[int], bytes] = secrets.token_bytes,
) -> dict[str, Any]:
    """Return the NexoBlob and SecurityTrailer of one message."""
    salt = nonce(NONCE_BYTES)
    padder = padding.PKCS7(128).padder()
    padded = padder.update(plaintext) + padder.finalize()
    encryptor = _cipher(key, salt).encryptor()
    blob = encryptor.update(padded) + encryptor.finalize()
    return {
        "NexoBlob": base64.b64encode(blob).decode("ascii"),
        "SecurityTrailer": {
            "AdyenCryptoVersion": CRYPTO_VERSION,
            "KeyIdentifier": key.identifier,
            "KeyVersion": key.version,
            "Nonce": base64.b64encode(salt).decode("ascii"),
            "Hmac": base64.b64encode(_mac(key, plaintext)).decode("ascii"),
        },
    }


def unseal(message: dict[str, Any], key: NexoKey) -> bytes:
    """Return the plain text of one sealed message.

    Raises:
        ProtocolError: for another key, version or form, or when the HMAC does not fit. One text
            for all of them: whoever forges messages learns nothing from it.
    """
    try:
        trailer = message["SecurityTrailer"]
        if (
            trailer["AdyenCryptoVersion"] != CRYPTO_VERSION
            or trailer["KeyIdentifier"] != key.identifier
            or trailer["KeyVersion"] != key.version
        ):
            raise ValueError("another key")
        nonce = base64.b64decode(trailer["Nonce"], validate=True)
        blob = base64.b64decode(message["NexoBlob"], validate=True)
        if len(nonce) != NONCE_BYTES:
            raise ValueError("nonce")
        decryptor = _cipher(key, nonce).decryptor()
        padded = decryptor.update(blob) + decryptor.finalize()
        unpadder = padding.PKCS7(128).unpadder()
        plaintext = unpadder.update(padded) + unpadder.finalize()
        theirs = base64.b64decode(trailer["Hmac"], validate=True)
    except (KeyError, TypeError, ValueError, binascii.Error) as error:
        raise ProtocolError("terminal: message does not decrypt with the configured key") from error
    if not hmac.compare_digest(theirs, _mac(key, plaintext)):
        raise ProtocolError("terminal: message does not decrypt with the configured key")
    return plaintext


def _cipher(key: NexoKey, nonce: bytes) -> Cipher[modes.CBC]:
    iv = bytes(a ^ b for a, b in zip(key.iv, nonce, strict=True))
    return Cipher(algorithms.AES256(key.cipher_key), modes.CBC(iv))


def _mac(key: NexoKey, plaintext: bytes) -> bytes:
    return hmac.digest(key.hmac_key, plaintext, "sha256")
