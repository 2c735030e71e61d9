"""The calls of the Vipps MobilePay ePayment API, with its access tokens.

Sources: vippsas/vipps-epayment-api docs/epayment.v1.yml (1.4.1); developer.vippsmobilepay.com,
"Access token API", "ePayment API guide" (cancelTransactionOnly).
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote

from drivers.deadline import Clock, Deadline
from drivers.errors import DeviceError, ProtocolError
from drivers.wallet.reference import key_of
from drivers.wallet.wire import Answer, NeverSent, Wire

RENEW_EARLY_S = 120.0
TOKEN_LIFE_MIN_S = 5.0
SYSTEM_NAME = "selvkasse"


KNOWN_CODES: Final = ("6060", "6080")
"""6060: cannot cancel what is approved; 6080: cannot capture what is not reserved."""


class KeysRefused(NeverSent):
    """The provider gives no token for these keys; whatever needed one did not leave."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VippsKeys:
    """What makes this shop itself; never shown."""

    client_id: str = field(repr=False)
    client_secret: str = field(repr=False)
    subscription_key: str = field(repr=False)
    merchant_serial_number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VippsPayment:
    """A payment as GET tells it. Amounts in minor units."""

    state: str
    """CREATED, ABORTED, EXPIRED, AUTHORIZED or TERMINATED."""
    currency: str
    authorized: int
    cancelled: int
    captured: int
    refunded: int
    psp_reference: str
    redirect_url: str = field(default="", repr=False)

    @property
    def open(self) -> bool:
        """Whether the shopper can still approve it."""
        return self.state == "CREATED"

    @property
    def released(self) -> bool:
        """Whether all that was reserved was let go."""
        return not self.open and not self.captured and self.cancelled >= self.authorized


class VippsApi:
    """One sales unit's calls. Safe from several threads."""

    def __init__(self, wire: Wire, keys: VippsKeys, *, clock: Clock, version: str) -> None:
        self._wire = wire
        self._keys = keys
        self._clock = clock
        self._lock = threading.Lock()
        self._token = ""
        self._token_good = Deadline(clock, 0)
        self._headers: Final = {
            "Ocp-Apim-Subscription-Key": keys.subscription_key,
            "Merchant-Serial-Number": keys.merchant_serial_number,
            "Vipps-System-Name": SYSTEM_NAME,
            "Vipps-System-Version": version,
        }

    def create(self, body: Mapping[str, Any]) -> Answer:
        """Create a payment; the body's reference makes the idempotency key."""
        return self._call("POST", "", body, key_of(str(body["reference"]), "create"))

    def get(self, reference: str) -> Answer:
        """Ask how a payment stands: 200 or 404."""
        return self._call("GET", f"/{quote(reference, safe='')}")

    def cancel(self, reference: str, *, only_open: bool) -> Answer:
        """Cancel. `only_open`: not if the shopper has approved meanwhile."""
        # Two keys: under one, the answer to the first would be given for the second.
        action = "cancel-open" if only_open else "cancel"
        body = {"cancelTransactionOnly": True} if only_open else None
        return self._adjust(reference, "cancel", body, key_of(reference, action))

    def capture(self, reference: str, minor: int, currency: str) -> Answer:
        """Take the money. Always under the same key: it is taken once."""
        body = {"modificationAmount": {"currency": currency, "value": minor}}
        return self._adjust(reference, "capture", body, key_of(reference, "capture"))

    def refund(self, reference: str, minor: int, currency: str, part: str = "") -> Answer:
        """Give taken money back. Always under the same key, one for each part: once."""
        body = {"modificationAmount": {"currency": currency, "value": minor}}
        action = f"refund/{part}" if part else "refund"
        return self._adjust(reference, "refund", body, key_of(reference, action))

    # --- calls and tokens -------------------------------------------------------------------------

    def _adjust(
        self, reference: str, what: str, body: Mapping[str, Any] | None, key: str
    ) -> Answer:
        return self._call("POST", f"/{quote(reference, safe='')}/{what}", body, key)

    def _call(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, key: str = ""
    ) -> Answer:
        answer = self._call_with(self._fresh_token(), method, path, body, key)
        if answer.status != 401:
            return answer
        # A token may end early. One new one; if that is refused too, it is not the token.
        return self._call_with(self._fresh_token(renew=True), method, path, body, key)

    def _call_with(
        self, token: str, method: str, path: str, body: Mapping[str, Any] | None, key: str
    ) -> Answer:
        headers = {**self._headers, "Authorization": f"Bearer {token}"}
        if key:
            headers["Idempotency-Key"] = key
        return self._wire.call(method, f"/epayment/v1/payments{path}", headers=headers, body=body)

    def _fresh_token(self, *, renew: bool = False) -> str:
        with self._lock:
            if renew or not self._token or self._token_good.passed():
                self._token = ""
                self._renew()
            return self._token

    def _renew(self) -> None:
        """Fetch a token.

        Raises:
            KeysRefused: the keys are not good.
            NeverSent: there is no token, so whatever needed one did not leave.
        """
        keys = self._keys
        try:
            answer = self._wire.call(
                "POST",
                "/accesstoken/get",
                headers={
                    **self._headers,
                    "client_id": keys.client_id,
                    "client_secret": keys.client_secret,
                },
            )
        except DeviceError as error:
            raise NeverSent(f"wallet: no access token ({type(error).__name__})") from None
        if answer.refused:
            raise KeysRefused(f"wallet: access token refused, HTTP {answer.status}")
        token, life_s = answer.body.get("access_token"), _seconds(answer.body.get("expires_in"))
        if not answer.ok or not isinstance(token, str) or not token:
            raise NeverSent(f"wallet: no access token, HTTP {answer.status}")
        self._token = token
        early_s = min(RENEW_EARLY_S, life_s / 4)
        self._token_good = Deadline(self._clock, max(life_s - early_s, TOKEN_LIFE_MIN_S))


def read_payment(answer: Answer, reference: str) -> VippsPayment:
    """Return the payment that GET answered.

    Raises:
        ProtocolError: if it is another payment's, or not what the description says.
    """
    body = answer.body
    try:
        if body["reference"] != reference:
            raise ValueError("another reference")
        sums = body["aggregate"]
        payment = VippsPayment(
            state=_text(body["state"]),
            currency=_text(body["amount"]["currency"]),
            authorized=_minor(sums["authorizedAmount"]),
            cancelled=_minor(sums["cancelledAmount"]),
            captured=_minor(sums["capturedAmount"]),
            refunded=_minor(sums["refundedAmount"]),
            psp_reference=_text(body["pspReference"]),
            redirect_url=_text(body.get("redirectUrl") or ""),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ProtocolError(f"wallet: payment not believable ({type(error).__name__})") from None
    if payment.state not in ("CREATED", "ABORTED", "EXPIRED", "AUTHORIZED", "TERMINATED"):
        raise ProtocolError("wallet: payment in an unknown state")
    return payment


def code_of(answer: Answer) -> str:
    """Return the code of a refusal for logs and staff: the provider's where we know it."""
    told = (
        f"{answer.body.get('extraDetails')} {answer.body.get('title')} {answer.body.get('detail')}"
    )
    known = [code for code in KNOWN_CODES if code in told]
    return known[0] if known else f"Http{answer.status}"


def _minor(amount: Any) -> int:
    value = amount["value"]
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError("amount")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("text")
    return value


def _seconds(value: Any) -> float:
    """Return `expires_in`, which is a number in a text."""
    text = str(value)
    return float(text) if text.isascii() and text.isdigit() else 0.0
