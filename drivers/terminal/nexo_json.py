"""The JSON dialect of nexo: frozen messages to and from the objects on the wire.

Decimals exist on the wire only: 14990 øre leave as the number 149.90 and come back exactly or not
at all.
Reference: Adyen TerminalAPI-v1; AdditionalResponse and OutputText are form-encoded.
"""

from typing import Any
from urllib.parse import parse_qsl

from drivers.terminal import nexo_model as m
from drivers.terminal import nexo_read
from drivers.terminal.nexo_amounts import decimal_of, minor_of
from drivers.terminal.nexo_fields import list_of, object_of, text_of

PROTOCOL_VERSION = "3.0"

# --- what the kiosk says --------------------------------------------------------------------------


def header_to_json(header: m.Header) -> dict[str, Any]:
    """Return the MessageHeader."""
    fields = {
        "ProtocolVersion": PROTOCOL_VERSION,
        "MessageClass": header.message_class,
        "MessageCategory": header.category,
        "MessageType": header.message_type,
        "SaleID": header.sale_id,
        "ServiceID": header.service_id,
        "POIID": header.poi_id,
    }
    if header.device_id:
        fields["DeviceID"] = header.device_id
    return fields


def body_to_json(request: m.Request) -> tuple[str, dict[str, Any]]:
    """Return the body's name and object, as the published schema has them."""
    match request:
        case m.PaymentRequest():
            return "PaymentRequest", {
                "SaleData": {"SaleTransactionID": _transaction(request.sale)},
                "PaymentTransaction": {
                    "AmountsReq": {
                        "Currency": request.currency,
                        "RequestedAmount": decimal_of(request.amount_minor, request.digits),
                    }
                },
                **({"PaymentData": {"PaymentType": "Refund"}} if request.refund else {}),
            }
        case m.ReversalRequest():
            return "ReversalRequest", {
                "SaleData": {"SaleTransactionID": _transaction(request.sale)},
                "OriginalPOITransaction": {"POITransactionID": _transaction(request.original)},
                **_part_of(request),
                "ReversalReason": request.reason,
            }
        case m.AbortRequest():
            return "AbortRequest", {
                "AbortReason": request.reason,
                "MessageReference": _reference(request.reference),
            }
        case m.StatusRequest():
            return "TransactionStatusRequest", {
                "ReceiptReprintFlag": False,
                **_reference_of(request.reference),
            }
        case m.DiagnosisRequest():
            return "DiagnosisRequest", {"HostDiagnosisFlag": True}
        case m.ReconciliationRequest():
            return "ReconciliationRequest", {"ReconciliationType": "SaleReconciliation"}
        case m.LoginRequest() | m.LogoutRequest():
            raise TypeError("this dialect has no login")


def _part_of(request: m.ReversalRequest) -> dict[str, Any]:
    if request.amount_minor is None:
        return {}
    return {"ReversedAmount": decimal_of(request.amount_minor, request.digits)}


def _transaction(transaction: m.TransactionId) -> dict[str, Any]:
    return {"TransactionID": transaction.id, "TimeStamp": transaction.at}


def _reference_of(reference: m.Reference | None) -> dict[str, Any]:
    return {} if reference is None else {"MessageReference": _reference(reference)}


def _reference(reference: m.Reference) -> dict[str, Any]:
    fields = {
        "MessageCategory": reference.category.value,
        "SaleID": reference.sale_id,
        "ServiceID": reference.service_id,
    }
    if reference.poi_id:
        fields["POIID"] = reference.poi_id
    return fields


# --- what the terminal says -----------------------------------------------------------------------


def receipt_facts(fields: dict[str, Any]) -> dict[str, str]:
    """Collect key -> value of the terminal's receipt lines ("name=AID&value=A0..&key=aid")."""
    facts: dict[str, str] = {}
    for receipt in list_of(fields.get("PaymentReceipt")):
        lines = object_of(object_of(receipt).get("OutputContent")).get("OutputText")
        for line in list_of(lines):
            pairs = dict(parse_qsl(text_of(object_of(line), "Text")))
            if "key" in pairs and "value" in pairs:
                facts.setdefault(pairs["key"], pairs["value"])
    return facts


DIALECT = nexo_read.Dialect(minor_of=minor_of, receipt_facts=receipt_facts)


def answer_of(header: m.Header, body: dict[str, Any], *, digits: int) -> m.Answer:
    """Read the body that belongs to `header`; see nexo_read.answer_of."""
    return nexo_read.answer_of(header, body, digits=digits, dialect=DIALECT)
