"""The calls of the open protocol for stored value: see README.md of this package.

Numbers travel in bodies only: an address is what proxies and servers write down.
"""

from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote

from drivers.contracts import ValueState
from drivers.errors import ProtocolError
from drivers.wallet.wire import Answer, Wire

STATES: Final = frozenset({"redeemed", "reversed", "refused", "closed"})
CODES: Final = {
    "empty": ValueState.EMPTY,
    "used": ValueState.USED,
    "unknown": ValueState.NOT_KNOWN,
    "blocked": ValueState.BLOCKED,
    "expired": ValueState.EXPIRED,
}
"""What an issuer may say of a number that pays for nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Redemption:
    """A redemption as the issuer tells it. Amounts in minor units."""

    state: str
    """redeemed, reversed, refused; closed: none was made, and none can be any more."""
    amount_minor: int = 0
    currency: str = ""
    transaction: str = ""
    at: str = ""
    last_four: str = ""
    """Of the number; empty for one that is too short to show a part of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """What lies on a number."""

    state: ValueState
    balance_minor: int = 0
    currency: str = ""


class ValueApi:
    """One merchant's calls. Safe from several threads."""

    def __init__(self, wire: Wire, api_key: str) -> None:
        self._wire = wire
        self._headers = {"Authorization": f"Bearer {api_key}"}

    def balance(self, number: str) -> Answer:
        """Ask what lies on a number."""
        return self._call("POST", "/v1/balance", {"number": number})

    def redeem(self, reference: str, order: "Order") -> Answer:
        """Take from a number; the same reference takes once, however often it is sent."""
        body = {
            "number": order.number,
            "amount": {"value": order.amount_minor, "currency": order.currency},
            "partial": order.partial,
        }
        return self._call("PUT", _path(reference), body)

    def close(self, reference: str) -> Answer:
        """Ask how a redemption ended; one that never came can never come after this."""
        return self._call("POST", f"{_path(reference)}/close")

    def get(self, reference: str) -> Answer:
        """Ask how a redemption stands: 200 or 404."""
        return self._call("GET", _path(reference))

    def reverse(self, reference: str) -> Answer:
        """Put all of it back. Done once, however often it is sent."""
        return self._call("POST", f"{_path(reference)}/reversal")

    def health(self) -> Answer:
        """Ask for nothing."""
        return self._call("GET", "/v1/health")

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Answer:
        return self._wire.call(method, path, headers=self._headers, body=body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to take, from which number."""

    number: str = field(repr=False)
    amount_minor: int
    currency: str
    partial: bool
    """Whether less will do, where there is less."""


def read_redemption(answer: Answer, reference: str) -> Redemption:
    """Return what an answer tells of a redemption.

    Raises:
        ProtocolError: it is another one's, or not as the protocol has it.
    """
    body = answer.body
    try:
        if body["reference"] != reference or body["state"] not in STATES:
            raise ValueError("reference or state")
        if body["state"] not in ("redeemed", "reversed"):
            return Redemption(state=body["state"])
        return Redemption(
            state=body["state"],
            amount_minor=_minor(body["amount"]),
            currency=_text(body["amount"]["currency"]),
            transaction=_text(body["transaction"]),
            at=_text(body["at"]),
            last_four=_digits(body.get("last_four", "")),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ProtocolError(f"redemption not believable ({type(error).__name__})") from None


def read_value(answer: Answer) -> Value:
    """Return what lies on a number, as the answer to `balance` tells it.

    Raises:
        ProtocolError: it is not as the protocol has it.
    """
    if not answer.ok:
        return Value(state=CODES.get(code_of(answer), ValueState.NO_ANSWER))
    try:
        value = Value(
            state=ValueState.GOOD,
            balance_minor=_minor(answer.body["balance"]),
            currency=_text(answer.body["balance"]["currency"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ProtocolError(f"balance not believable ({type(error).__name__})") from None
    return value if value.balance_minor else Value(state=ValueState.EMPTY)


def code_of(answer: Answer) -> str:
    """Return the code of a refusal for logs and staff, one of ours or the HTTP status."""
    code = answer.body.get("code")
    return code if isinstance(code, str) and code in CODES else f"Http{answer.status}"


def _path(reference: str) -> str:
    return f"/v1/redemptions/{quote(reference, safe='')}"


def _minor(amount: Any) -> int:
    value = amount["value"]
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError("amount")
    return value


def _digits(value: Any) -> str:
    """Never more than four, whatever an issuer sends: more could be the number."""
    if not isinstance(value, str) or len(value) > 4:
        raise ValueError("last_four")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError("text")
    return value
