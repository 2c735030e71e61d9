"""The body that creates a Vipps MobilePay payment, with the goods as a digital receipt.

Source: vippsas/vipps-epayment-api docs/epayment.v1.yml, CreatePaymentRequest and Receipt.
"""

from dataclasses import dataclass
from typing import Any

from drivers.contracts import ChargeLine, ChargeRequest

DESCRIPTION_CHARS_MAX = 100
NAME_CHARS_MAX = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """What the shopper sees of us, and the sales unit that gets the money."""

    prefix: str
    merchant_serial_number: str
    description: str
    """What the app says is paid for, 3 to 100 characters."""
    pos_id: str = ""


def payment_body(
    shop: Shop, request: ChargeRequest, reference: str, *, phone: str = ""
) -> dict[str, Any]:
    """Return the body: by code, or by push when there is a phone number (MSISDN digits)."""
    body: dict[str, Any] = {
        "amount": {"currency": request.currency, "value": request.amount_minor},
        "paymentMethod": {"type": "WALLET"},
        "customerInteraction": "CUSTOMER_PRESENT",
        "reference": reference,
        "paymentDescription": shop.description[:DESCRIPTION_CHARS_MAX],
    }
    if phone:
        body["userFlow"] = "PUSH_MESSAGE"
        body["customer"] = {"phoneNumber": phone}
    else:
        body["userFlow"] = "QR"
        body["qrFormat"] = {"format": "TEXT/TARGETURL"}
    if request.min_age:
        # Newer than the description that we have: the app lets nobody younger approve.
        body["minimumUserAge"] = request.min_age
    if request.lines and sum(line.total_minor for line in request.lines) == request.amount_minor:
        body["receipt"] = {
            "orderLines": [_order_line(line) for line in request.lines],
            "bottomLine": {
                "currency": request.currency,
                **({"posId": shop.pos_id} if shop.pos_id else {}),
            },
        }
    return body


def _order_line(line: ChargeLine) -> dict[str, Any]:
    return {
        "id": line.id,
        "name": line.name[:NAME_CHARS_MAX],
        "totalAmount": line.total_minor,
        "totalAmountExcludingTax": line.total_minor - line.tax_minor,
        "totalTaxAmount": line.tax_minor,
        "taxRate": line.tax_rate_bp,
        "unitInfo": {
            "unitPrice": line.unit_price_minor,
            "quantity": line.quantity,
            "quantityUnit": line.unit,
        },
    }
