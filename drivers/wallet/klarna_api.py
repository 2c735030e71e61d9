"""The calls of Klarna's in-store payments and order management.

Sources: docs.klarna.com "In-store API integration" (initiate, monitor the status, cancel);
Klarna's published descriptions of the Payments API and the Order Management API. The distribution
result is asked by GET: the guide's "empty body" means that, a POST is refused.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote, urlsplit

from drivers.contracts import ChargeLine, ChargeRequest
from drivers.errors import ProtocolError
from drivers.wallet.reference import key_of
from drivers.wallet.wire import Answer, Wire

NAME_CHARS_MAX = 255
NOBODYS_SESSION: Final = "00000000-0000-0000-0000-000000000000"
STATUSES: Final = frozenset(
    ("WAITING", "DISTRIBUTED", "ACCESSED", "COMPLETED", "CANCELED", "FAILED")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class KlarnaSession:
    """A session as the create answered it."""

    id: str
    result_path: str
    """Where its result is asked, on the provider's own address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KlarnaResult:
    """How a session stands."""

    status: str
    payment_link: str = field(default="", repr=False)
    order_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KlarnaOrder:
    """An order that a completed session made. Amounts in minor units."""

    id: str
    status: str
    fraud_status: str
    reference: str
    """Ours: merchant_reference1."""
    klarna_reference: str
    currency: str
    amount: int
    captured: int
    refunded: int

    @property
    def released(self) -> bool:
        """Whether it was let go before anything was taken."""
        return self.status in ("CANCELLED", "EXPIRED") and not self.captured


class KlarnaApi:
    """One merchant's calls. Safe from several threads."""

    def __init__(self, wire: Wire, *, username: str, password: str) -> None:
        self._wire = wire
        basic = base64.b64encode(f"{username}:{password}".encode()).decode()
        self._headers = {"Authorization": f"Basic {basic}"}

    def create(self, body: Mapping[str, Any]) -> Answer:
        """Begin a session."""
        key = key_of(str(body["merchant_reference1"]), "create")
        return self._call("POST", "/payments/v1/sessions", body, key)

    def session(self, session_id: str) -> Answer:
        """Ask about a session."""
        return self._call("GET", f"/payments/v1/sessions/{quote(session_id, safe='')}")

    def cancel_session(self, session_id: str) -> Answer:
        """End a session that nobody completed."""
        return self._call("DELETE", f"/payments/v1/sessions/{quote(session_id, safe='')}")

    def result(self, result_path: str) -> Answer:
        """Ask how a session stands."""
        return self._call("GET", result_path)

    def order(self, order_id: str) -> Answer:
        """Ask about an order."""
        return self._call("GET", _order_path(order_id))

    def capture(self, order_id: str, minor: int, reference: str) -> Answer:
        """Take the money; always under the same key."""
        body = {"captured_amount": minor, "reference": reference}
        return self._adjust(order_id, "captures", body)

    def refund(self, order_id: str, minor: int, reference: str, part: str = "") -> Answer:
        """Give taken money back; always under the same key, one for each part."""
        body = {"refunded_amount": minor, "reference": reference}
        return self._adjust(order_id, "refunds", body, part)

    def cancel_order(self, order_id: str) -> Answer:
        """Let go of an order of which nothing was taken."""
        return self._adjust(order_id, "cancel", None)

    def result_path_of(self, url: str) -> str:
        """Return the path of the result's address, which must be the provider's own.

        Raises:
            ProtocolError: an address elsewhere. Our password goes nowhere else.
        """
        given, ours = urlsplit(url), urlsplit(self._wire.base_url)
        if (given.scheme, given.netloc) != (ours.scheme, ours.netloc) or not given.path:
            raise ProtocolError("wallet: result address is not the provider's")
        return given.path + (f"?{given.query}" if given.query else "")

    def _adjust(
        self, order_id: str, what: str, body: Mapping[str, Any] | None, part: str = ""
    ) -> Answer:
        key = key_of(order_id, f"{what}/{part}" if part else what)
        return self._call("POST", f"{_order_path(order_id)}/{what}", body, key)

    def _call(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, key: str = ""
    ) -> Answer:
        headers = {**self._headers, **({"Klarna-Idempotency-Key": key} if key else {})}
        return self._wire.call(method, path, headers=headers, body=body)


def session_body(
    request: ChargeRequest, reference: str, *, country: str, locale: str, name: str
) -> dict[str, Any]:
    """Return the body that begins a session; `name` stands for lines that do not add up."""
    fits = request.lines and sum(li.total_minor for li in request.lines) == request.amount_minor
    whole = ChargeLine(id="1", name=name, total_minor=request.amount_minor)
    lines = [_order_line(line) for line in (request.lines if fits else (whole,))]
    return {
        "acquiring_channel": "IN_STORE",
        "intent": "buy",
        "purchase_country": country,
        "purchase_currency": request.currency,
        "locale": locale,
        "order_amount": request.amount_minor,
        "order_tax_amount": sum(line["total_tax_amount"] for line in lines),
        "order_lines": lines,
        "merchant_reference1": reference,
        "merchant_reference2": request.sale_id[:NAME_CHARS_MAX],
        "distribution": {"method": "one_qr"},
    }


def read_session(api: KlarnaApi, answer: Answer) -> KlarnaSession:
    """Return the session that was created; ProtocolError when that cannot be read."""
    body = answer.body
    try:
        url = _text(body["distribution"]["result_url"])
        return KlarnaSession(id=_text(body["session_id"]), result_path=api.result_path_of(url))
    except (KeyError, TypeError, ValueError) as error:
        raise ProtocolError(f"wallet: session not believable ({type(error).__name__})") from None


def read_result(answer: Answer) -> KlarnaResult:
    """Return how a session stands; ProtocolError when that cannot be read."""
    body = answer.body
    try:
        result = KlarnaResult(
            status=_text(body["status"]),
            payment_link=_text(body.get("payment_link") or ""),
            order_id=_text(body.get("order_id") or ""),
        )
    except (KeyError, TypeError) as error:
        raise ProtocolError(f"wallet: result not believable ({type(error).__name__})") from None
    if result.status not in STATUSES or (result.status == "COMPLETED" and not result.order_id):
        raise ProtocolError("wallet: session in an unknown state")
    return result


def read_order(answer: Answer, order_id: str) -> KlarnaOrder:
    """Return the order; ProtocolError when it is another, or cannot be read."""
    body = answer.body
    try:
        if body["order_id"] != order_id:
            raise ValueError("another order")
        return KlarnaOrder(
            id=order_id,
            status=_text(body["status"]),
            fraud_status=_text(body.get("fraud_status") or ""),
            reference=_text(body.get("merchant_reference1") or ""),
            klarna_reference=_text(body.get("klarna_reference") or ""),
            currency=_text(body["purchase_currency"]),
            amount=_minor(body["order_amount"]),
            captured=_minor(body["captured_amount"]),
            refunded=_minor(body["refunded_amount"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ProtocolError(f"wallet: order not believable ({type(error).__name__})") from None


def code_of(answer: Answer) -> str:
    """Return the code of a refusal for logs and staff: "CAPTURE_NOT_ALLOWED"."""
    code = answer.body.get("error_code")
    good = isinstance(code, str) and code.isascii() and code.replace("_", "").isalpha()
    return str(code)[:40] if good else f"Http{answer.status}"


def _order_line(line: ChargeLine) -> dict[str, Any]:
    """One line. Quantities are whole here, so what is weighed is one piece with its weight."""
    whole = line.quantity.isascii() and line.quantity.isdigit() and line.unit == "PCS"
    count = int(line.quantity) if whole else 1
    discount = line.unit_price_minor * count - line.total_minor
    if not whole or discount < 0 or not line.unit_price_minor:
        count, discount = 1, 0
    name = line.name if whole else f"{line.name} {line.quantity} {line.unit.lower()}"
    price = line.unit_price_minor if count > 1 or discount else line.total_minor
    return {
        "type": "physical",
        "reference": line.id,
        "name": name[:NAME_CHARS_MAX],
        "quantity": count,
        "quantity_unit": "pcs",
        "unit_price": price,
        "tax_rate": line.tax_rate_bp,
        "total_amount": line.total_minor,
        "total_discount_amount": discount,
        "total_tax_amount": _tax_in(line.total_minor, line.tax_rate_bp),
    }


def _tax_in(gross_minor: int, rate_bp: int) -> int:
    """The tax in a gross amount as Klarna checks it, rounded half up."""
    return (2 * gross_minor * rate_bp + 10_000 + rate_bp) // (2 * (10_000 + rate_bp))


def _order_path(order_id: str) -> str:
    return f"/ordermanagement/v1/orders/{quote(order_id, safe='')}"


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("text")
    return value


def _minor(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError("amount")
    return value
