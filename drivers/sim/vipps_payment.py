"""What the simulated Vipps MobilePay keeps of a payment, and how it tells of it.

Source of the bodies: vippsas/vipps-epayment-api docs/epayment.v1.yml.
"""

import secrets
from dataclasses import dataclass, field
from typing import Any

from drivers.sim.wallet_wire import Reply


@dataclass(slots=True)
class Payment:
    """One payment as the provider has it; amounts in minor units."""

    reference: str
    amount: int
    currency: str
    body: dict[str, Any]
    created_at: float
    state: str = "CREATED"
    scanned: bool = False
    cancelled: int = 0
    captured: int = 0
    refunded: int = 0
    psp_reference: str = ""
    redirect_url: str = ""
    keys: dict[str, tuple[bytes, Reply]] = field(default_factory=dict)


def told(payment: Payment) -> dict[str, Any]:
    """What GET answers."""
    link = {"redirectUrl": payment.redirect_url} if payment.redirect_url else {}
    return {
        "aggregate": _aggregate(payment),
        "amount": {"currency": payment.currency, "value": payment.amount},
        "state": payment.state,
        "paymentMethod": {"type": "WALLET"},
        "profile": {},
        "pspReference": payment.psp_reference,
        "reference": payment.reference,
        **link,
    }


def adjusted(payment: Payment) -> Reply:
    """What a cancel, capture or refund answers."""
    body = {
        "amount": {"currency": payment.currency, "value": payment.amount},
        "state": payment.state,
        "aggregate": _aggregate(payment),
        "pspReference": payment.psp_reference,
        "reference": payment.reference,
    }
    # The description gives even a success this type.
    return Reply(200, body, content_type="application/problem+json")


def _aggregate(payment: Payment) -> dict[str, Any]:
    sums = {
        "authorizedAmount": payment.amount if payment.state == "AUTHORIZED" else 0,
        "cancelledAmount": payment.cancelled,
        "capturedAmount": payment.captured,
        "refundedAmount": payment.refunded,
    }
    return {name: {"currency": payment.currency, "value": value} for name, value in sums.items()}


def problem(status: int, title: str, code: str = "") -> Reply:
    """A refusal (RFC 7807), with the provider's own code where it has one."""
    body: dict[str, Any] = {
        "type": "https://developer.vippsmobilepay.com/docs/knowledge-base/errors",
        "title": title,
        "status": status,
        "traceId": secrets.token_hex(8),
    }
    if code:
        body["extraDetails"] = [{"name": code, "reason": title}]
    return Reply(status, body, content_type="application/problem+json")
