"""The calls of Target365's Strex API, each signed.

Sources: Target365/sdk-for-python USERGUIDE.md and its models; recorded calls of that SDK for the
signature.
"""

import base64
import hashlib
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final
from urllib.parse import quote

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from drivers.errors import DeviceConfigError, ProtocolError
from drivers.json_strict import dump
from drivers.wallet.wire import Answer, Wire

VALIDITIES: Final = ("Unregistered", "Partial", "Full", "Barred")
BLOCKS_S: Final = 20.0
"""So long may the question about a transaction take to answer."""


class Signer:
    """Signs calls with the merchant's key on P-256."""

    def __init__(
        self,
        key_name: str,
        key: ec.EllipticCurvePrivateKey,
        *,
        unix_time: Callable[[], float] = time.time,
        nonce: Callable[[], str] = lambda: str(uuid.uuid4()),
    ) -> None:
        self._key_name = key_name
        self._key = key
        self._unix_time = unix_time
        self._nonce = nonce

    def header(self, method: str, url: str, body: bytes | None) -> str:
        """Return the Authorization header of one call; `url` is whole, with its query."""
        at, nonce = str(int(self._unix_time())), self._nonce()
        der = self._key.sign(text_to_sign(method, url, at, nonce, body), ec.ECDSA(hashes.SHA256()))
        # Raw r and s of 32 bytes each, not ASN.1.
        r, s = decode_dss_signature(der)
        signature = base64.b64encode(r.to_bytes(32, "big") + s.to_bytes(32, "big")).decode()
        return f"ECDSA {self._key_name}:{at}:{nonce}:{signature}"


def text_to_sign(method: str, url: str, at: str, nonce: str, body: bytes | None) -> bytes:
    """Return what is signed: method and address in small letters, time, nonce, body's hash."""
    text = f"{method.lower()}{url.lower()}{at}{nonce}"
    if body:
        text += base64.b64encode(hashlib.sha256(body).digest()).decode()
    return text.encode()


def read_private_key(text: str, what: str) -> ec.EllipticCurvePrivateKey:
    """Return the key on P-256 from PEM, or from base64 of DER as the provider hands it out.

    Raises:
        DeviceConfigError: anything else; the message has nothing of it.
    """
    try:
        if text.lstrip().startswith("-----BEGIN"):
            key = serialization.load_pem_private_key(text.encode(), password=None)
        else:
            key = serialization.load_der_private_key(
                base64.b64decode(text, validate=True), password=None
            )
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.curve.name != "secp256r1":
        raise DeviceConfigError(f"{what}: private_key must be an EC key on P-256, PEM or base64")
    return key


@dataclass(frozen=True, slots=True, kw_only=True)
class StrexTransaction:
    """A transaction as GET tells it, without the number it is for."""

    status: str
    """Queued, Sent, Failed, Ok or Reversed."""
    detail: str
    billed: bool
    price_minor: int
    result: str = field(default="", repr=False)

    @property
    def paid(self) -> bool:
        """Whether the money is there: Ok alone is not enough."""
        return self.status == "Ok" and self.billed

    @property
    def over(self) -> bool:
        """Whether it will not change any more."""
        return self.paid or self.status in ("Failed", "Reversed")


class StrexApi:
    """One merchant's calls. Safe from several threads."""

    def __init__(self, wire: Wire, signer: Signer, *, merchant_id: str) -> None:
        self._wire = wire
        self._signer = signer
        self.merchant_id = merchant_id

    def ping(self) -> Answer:
        """Ask whether anybody is there."""
        return self._call("GET", "/api/ping")

    def validity(self, recipient: str) -> Answer:
        """Ask whether a number can pay so: one of VALIDITIES as text."""
        query = f"recipient={quote(recipient, safe='')}&merchantId={quote(self.merchant_id)}"
        return self._call("GET", f"/api/strex/validity?{query}")

    def send_code(self, body: Mapping[str, Any]) -> Answer:
        """Have a one-time code sent."""
        return self._call("POST", "/api/strex/one-time-passwords", body)

    def code(self, transaction_id: str) -> Answer:
        """Ask whether a code was sent for this transaction."""
        return self._call("GET", f"/api/strex/one-time-passwords/{quote(transaction_id, safe='')}")

    def begin(self, body: Mapping[str, Any]) -> Answer:
        """Begin a transaction; its id is the idempotency key."""
        return self._call("POST", "/api/strex/transactions", body)

    def transaction(self, transaction_id: str, *, timeout_s: float) -> Answer:
        """Ask how it stands; blocks up to BLOCKS_S while it is being processed."""
        path = f"/api/strex/transactions/{quote(transaction_id, safe='')}"
        return self._call("GET", path, timeout_s=timeout_s)

    def reverse(self, transaction_id: str) -> Answer:
        """Begin to give it back; the reversal has the id with a "-" before it."""
        return self._call("DELETE", f"/api/strex/transactions/{quote(transaction_id, safe='')}")

    def _call(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        timeout_s: float | None = None,
    ) -> Answer:
        content = dump(dict(body)) if body is not None else None
        signed = self._signer.header(method, self._wire.base_url + path, content)
        return self._wire.call_bytes(
            method,
            path,
            headers={"Authorization": signed},
            content=content,
            timeout_s=timeout_s,
        )


def price_of(minor: int, digits: int) -> Decimal | int:
    """Return an amount in kroner as the API takes it, exact: 4990 is 49.9, 4900 is 49."""
    price = Decimal(minor).scaleb(-digits)
    return int(price) if price == price.to_integral_value() else price.normalize()


def read_transaction(answer: Answer, transaction_id: str, *, digits: int) -> StrexTransaction:
    """Return how a transaction stands.

    Raises:
        ProtocolError: if it is another's, or not what the models say.
    """
    body = answer.body
    try:
        if body["transactionId"] != transaction_id:
            raise ValueError("another transaction")
        price = body["price"]
        if isinstance(price, bool) or not isinstance(price, int | Decimal):
            raise TypeError("price")
        minor = Decimal(price).scaleb(digits)
        if minor != minor.to_integral_value():
            raise ValueError("price")
        status, detail = body.get("statusCode"), body.get("detailedStatusCode")
        transaction = StrexTransaction(
            status=status if isinstance(status, str) else "",
            detail=detail if isinstance(detail, str) and detail.isalnum() else "",
            billed=body.get("billed") is True,
            price_minor=int(minor),
        )
    except (KeyError, TypeError, ValueError, ArithmeticError) as error:
        raise ProtocolError(
            f"wallet: transaction not believable ({type(error).__name__})"
        ) from None
    return transaction
