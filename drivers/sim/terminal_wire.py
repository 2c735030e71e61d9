"""The terminal's end of the JSON dialect: Adyen's encryption, certificates made on the spot.

Written apart from drivers.terminal on purpose: a mistake in the driver's cryptography must not be
answered by the same mistake here. Both are held against the vectors of Adyen's own library.
"""

import base64
import hashlib
import hmac
import json
import os
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.x509.oid import NameOID

# --- encryption -----------------------------------------------------------------------------------


class TerminalCrypto:
    """Opens what tills send and seals what they get."""

    def __init__(self, passphrase: str, key_identifier: str, key_version: int) -> None:
        secret = hashlib.pbkdf2_hmac("sha1", passphrase.encode(), b"AdyenNexoV1Salt", 4000, 80)
        self._mac_key, self._aes_key, self._iv = secret[:32], secret[32:64], secret[64:]
        self._identifier, self._version = key_identifier, key_version

    def open(self, message: dict[str, Any]) -> bytes:
        """Return the plain text; ValueError for anything that is not sealed with this key."""
        trailer = message["SecurityTrailer"]
        if (trailer["KeyIdentifier"], trailer["KeyVersion"]) != (self._identifier, self._version):
            raise ValueError("unknown key")
        decryptor = self._cipher(base64.b64decode(trailer["Nonce"])).decryptor()
        padded = decryptor.update(base64.b64decode(message["NexoBlob"])) + decryptor.finalize()
        pad = padded[-1]
        if not 1 <= pad <= 16 or padded[-pad:] != bytes([pad]) * pad:
            raise ValueError("padding")
        plain = padded[:-pad]
        mac = hmac.new(self._mac_key, plain, hashlib.sha256).digest()
        if not hmac.compare_digest(mac, base64.b64decode(trailer["Hmac"])):
            raise ValueError("hmac")
        return plain

    def seal(self, name: str, header: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
        """Return the whole message `name` with its header in the clear."""
        plain = write_json({name: {"MessageHeader": header, **body}}).encode()
        nonce = os.urandom(16)
        pad = 16 - len(plain) % 16
        encryptor = self._cipher(nonce).encryptor()
        blob = encryptor.update(plain + bytes([pad]) * pad) + encryptor.finalize()
        mac = hmac.new(self._mac_key, plain, hashlib.sha256).digest()
        trailer = {
            "AdyenCryptoVersion": 1,
            "Hmac": base64.b64encode(mac).decode(),
            "KeyIdentifier": self._identifier,
            "KeyVersion": self._version,
            "Nonce": base64.b64encode(nonce).decode(),
        }
        blob_text = base64.b64encode(blob).decode()
        return {name: {"MessageHeader": header, "NexoBlob": blob_text, "SecurityTrailer": trailer}}

    def _cipher(self, nonce: bytes) -> Cipher[modes.CBC]:
        iv = int.from_bytes(self._iv, "big") ^ int.from_bytes(nonce, "big")
        return Cipher(algorithms.AES(self._aes_key), modes.CBC(iv.to_bytes(16, "big")))


def read_json(data: bytes) -> Any:
    """Parse JSON with exact decimals."""
    return json.loads(data, parse_float=Decimal)


def write_json(value: Any) -> str:
    """Write JSON; a Decimal becomes the number it is."""
    decimals: list[str] = []

    def mark(item: object) -> str:
        if not isinstance(item, Decimal):
            raise TypeError(type(item).__name__)
        decimals.append(str(item))
        return f"\0{len(decimals) - 1}\0"

    text = json.dumps(value, default=mark)
    for number, digits in enumerate(decimals):
        text = text.replace(f'"\\u0000{number}\\u0000"', digits)
    return text


# --- certificates ---------------------------------------------------------------------------------


def make_certificates(directory: Path, common_name: str) -> tuple[Path, Path]:
    """Make a root and a terminal's certificate in `directory`; return their PEM files.

    The second has the key too, mode 0600. Valid from yesterday for ten days. Those of an earlier
    life are used again: a till that pinned the root must know the terminal after its restart.
    """
    directory.mkdir(parents=True, exist_ok=True)
    ca_file, terminal_file = directory / "terminal-root.pem", directory / "terminal.pem"
    if ca_file.exists() and _still_good(terminal_file, common_name):
        return ca_file, terminal_file
    root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root_name, name = (
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])
        for text in ("Simulated terminal root", common_name)
    )
    root = _certificate(root_name, root_name, root_key, root_key, is_root=True)
    leaf = _certificate(name, root_name, key, root_key, is_root=False)
    pem = serialization.Encoding.PEM
    ca_file.write_bytes(root.public_bytes(pem))
    terminal_file.touch(mode=0o600)
    terminal_file.write_bytes(
        leaf.public_bytes(pem)
        + key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return ca_file, terminal_file


def _still_good(terminal_file: Path, common_name: str) -> bool:
    if not terminal_file.exists():
        return False
    certificate = x509.load_pem_x509_certificate(terminal_file.read_bytes())
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    in_time = certificate.not_valid_after_utc > datetime.now(UTC) + timedelta(days=1)
    return in_time and [name.value for name in names] == [common_name]


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    issuer_key: ec.EllipticCurvePrivateKey,
    *,
    is_root: bool,
) -> x509.Certificate:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=10))
        .add_extension(x509.BasicConstraints(ca=is_root, path_length=None), critical=True)
        .sign(issuer_key, hashes.SHA256())
    )
