"""The JSON dialect of nexo: frozen messages to and from the objects on the wire.

Decimals live here and nowhere else: 14990 øre leave as the number 149.90 and come back exactly or
not at all. From card data only what a receipt may show is read (an allow-list); the rest of a
message is dropped unread.
Reference: Adyen TerminalAPI-v1; AdditionalResponse and OutputText are form-encoded, or base64 JSON.
"""

from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl

from drivers.errors import ProtocolError
from drivers.terminal import nexo_model as m
from drivers.terminal.nexo_card import card_of
from drivers.terminal.nexo_fields import TEXT_CHARS_MAX, object_of, text_of

PROTOCOL_VERSION = "3.0"
_BODY_KEYS = {
    "Payment": "PaymentResponse",
    "Reversal": "ReversalResponse",
    "TransactionStatus": "TransactionStatusResponse",
    "Diagnosis": "DiagnosisResponse",
    "Abort": "AbortResponse",
    "Display": "DisplayRequest",
    "Event": "EventNotification",
}


def decimal_of(minor: int, digits: int) -> Decimal:
    """Return minor units as a decimal: 14990 with 2 digits is 149.90."""
    return Decimal(minor).scaleb(-digits)


def minor_of(value: Any, digits: int) -> int:
    """Return a JSON number as minor units.

    Raises:
        ProtocolError: if it is no number, negative, beyond the schema's maximum, or finer than the
            currency's minor unit: an amount is never rounded.
    """
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise ProtocolError("terminal: amount is not a number")
    scaled = Decimal(value).scaleb(digits)
    if scaled != scaled.to_integral_value() or not 0 <= Decimal(value) < 100_000_000:
        raise ProtocolError(f"terminal: amount is not a whole number of minor units ({digits})")
    return int(scaled)


# --- header ---------------------------------------------------------------------------------------


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


def header_of(value: Any) -> m.Header:
    """Read a MessageHeader."""
    fields = object_of(value)
    return m.Header(
        category=text_of(fields, "MessageCategory"),
        service_id=text_of(fields, "ServiceID"),
        sale_id=text_of(fields, "SaleID"),
        poi_id=text_of(fields, "POIID"),
        message_class=text_of(fields, "MessageClass"),
        message_type=text_of(fields, "MessageType"),
        device_id=text_of(fields, "DeviceID"),
    )


# --- what the kiosk says --------------------------------------------------------------------------


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
            }
        case m.ReversalRequest():
            return "ReversalRequest", {
                "SaleData": {"SaleTransactionID": _transaction(request.sale)},
                "OriginalPOITransaction": {"POITransactionID": _transaction(request.original)},
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
                "MessageReference": _reference(request.reference),
            }
        case m.DiagnosisRequest():
            return "DiagnosisRequest", {"HostDiagnosisFlag": True}


def category_of(request: m.Request) -> m.Category:
    """Return the MessageCategory of a request."""
    match request:
        case m.PaymentRequest():
            return m.Category.PAYMENT
        case m.ReversalRequest():
            return m.Category.REVERSAL
        case m.AbortRequest():
            return m.Category.ABORT
        case m.StatusRequest():
            return m.Category.STATUS
        case m.DiagnosisRequest():
            return m.Category.DIAGNOSIS


def _transaction(transaction: m.TransactionId) -> dict[str, Any]:
    return {"TransactionID": transaction.id, "TimeStamp": transaction.at}


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


def answer_of(header: m.Header, body: dict[str, Any], *, digits: int) -> m.Answer:
    """Read the body that belongs to `header`; `digits` is the currency's minor unit.

    Raises:
        ProtocolError: if the body is of another category, or lacks what its category must have.
    """
    name = _BODY_KEYS.get(header.category, "")
    if name not in body:
        raise ProtocolError(f"terminal: message of category {header.category!r} without its body")
    fields = object_of(body[name])
    match header.category:
        case "Payment":
            return _payment_response(fields, digits)
        case "Reversal":
            return m.ReversalResponse(verdict=_verdict(fields))
        case "TransactionStatus":
            return _status_response(fields, digits)
        case "Diagnosis":
            return _diagnosis_response(fields)
        case "Display":
            return _display_request(fields)
        case "Event":
            return m.EventNotification(event=text_of(fields, "EventToNotify"))
    return m.AbortResponse()


def _verdict(fields: dict[str, Any]) -> m.Verdict:
    response = object_of(fields.get("Response"))
    try:
        result = m.Result(text_of(response, "Result"))
    except ValueError as error:
        raise ProtocolError("terminal: Response.Result is not one of the published ones") from error
    try:
        condition = m.Condition(text_of(response, "ErrorCondition"))
    except ValueError:
        condition = m.Condition.NONE
    return m.Verdict(result=result, condition=condition)


def _payment_response(fields: dict[str, Any], digits: int) -> m.PaymentResponse:
    verdict = _verdict(fields)
    sale = object_of(object_of(fields.get("SaleData")).get("SaleTransactionID"))
    poi = object_of(object_of(fields.get("POIData")).get("POITransactionID"))
    result = object_of(fields.get("PaymentResult"))
    amounts = object_of(result.get("AmountsResp"))
    amount = amounts.get("AuthorizedAmount")
    transaction_id = text_of(poi, "TransactionID")
    return m.PaymentResponse(
        verdict=verdict,
        sale_transaction_id=text_of(sale, "TransactionID"),
        transaction=m.TransactionId(id=transaction_id, at=text_of(poi, "TimeStamp"))
        if transaction_id
        else None,
        amount_minor=None if amount is None else minor_of(amount, digits),
        currency=text_of(amounts, "Currency"),
        card=card_of(fields, result),
    )


def _status_response(fields: dict[str, Any], digits: int) -> m.StatusResponse:
    verdict = _verdict(fields)
    if "RepeatedMessageResponse" not in fields:
        return m.StatusResponse(verdict=verdict)
    repeated = object_of(fields["RepeatedMessageResponse"])
    header = header_of(repeated.get("MessageHeader"))
    if header.category not in (m.Category.PAYMENT, m.Category.REVERSAL):
        raise ProtocolError("terminal: status repeats a message nobody asked about")
    answer = answer_of(
        header, object_of(repeated.get("RepeatedResponseMessageBody")), digits=digits
    )
    if not isinstance(answer, m.PaymentResponse | m.ReversalResponse):
        raise ProtocolError("terminal: status repeats a message nobody asked about")
    return m.StatusResponse(verdict=verdict, repeated_header=header, repeated=answer)


def _diagnosis_response(fields: dict[str, Any]) -> m.DiagnosisResponse:
    hosts = fields.get("HostStatus")
    hosts = hosts if isinstance(hosts, list) else []
    reachable = [object_of(host).get("IsReachableFlag", True) is not False for host in hosts]
    return m.DiagnosisResponse(
        verdict=_verdict(fields),
        global_status=text_of(object_of(fields.get("POIStatus")), "GlobalStatus"),
        host_reachable=any(reachable) or not reachable,
    )


def _display_request(fields: dict[str, Any]) -> m.DisplayRequest:
    outputs = fields.get("DisplayOutput")
    first = object_of(outputs[0] if isinstance(outputs, list) and outputs else outputs)
    content = object_of(first.get("OutputContent"))
    reference = text_of(object_of(content.get("PredefinedContent")), "ReferenceID", chars_max=500)
    lines = content.get("OutputText")
    texts = [text_of(object_of(line), "Text") for line in lines] if isinstance(lines, list) else []
    return m.DisplayRequest(
        event=dict(parse_qsl(reference)).get("event", ""),
        text=" ".join(text for text in texts if text)[:TEXT_CHARS_MAX],
    )
