"""The JSON dialect of nexo: frozen messages to and from the objects on the wire.

Decimals live here and nowhere else: 14990 øre leave as the number 149.90 and come back exactly or
not at all. From card data only what a receipt may show is read (an allow-list); the rest of a
message is dropped unread.
Reference: Adyen TerminalAPI-v1; AdditionalResponse and OutputText are form-encoded, or base64 JSON.
"""

import re
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl

from drivers.errors import ProtocolError
from drivers.terminal import nexo_model as m

PROTOCOL_VERSION = "3.0"
TEXT_CHARS_MAX = 200
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
    fields = _object(value)
    return m.Header(
        category=_text(fields, "MessageCategory"),
        service_id=_text(fields, "ServiceID"),
        sale_id=_text(fields, "SaleID"),
        poi_id=_text(fields, "POIID"),
        message_class=_text(fields, "MessageClass"),
        message_type=_text(fields, "MessageType"),
        device_id=_text(fields, "DeviceID"),
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
    fields = _object(body[name])
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
            return m.EventNotification(event=_text(fields, "EventToNotify"))
    return m.AbortResponse()


def _verdict(fields: dict[str, Any]) -> m.Verdict:
    response = _object(fields.get("Response"))
    try:
        result = m.Result(_text(response, "Result"))
    except ValueError as error:
        raise ProtocolError("terminal: Response.Result is not one of the published ones") from error
    try:
        condition = m.Condition(_text(response, "ErrorCondition"))
    except ValueError:
        condition = m.Condition.NONE
    return m.Verdict(result=result, condition=condition)


def _payment_response(fields: dict[str, Any], digits: int) -> m.PaymentResponse:
    verdict = _verdict(fields)
    sale = _object(_object(fields.get("SaleData")).get("SaleTransactionID"))
    poi = _object(_object(fields.get("POIData")).get("POITransactionID"))
    result = _object(fields.get("PaymentResult"))
    amounts = _object(result.get("AmountsResp"))
    amount = amounts.get("AuthorizedAmount")
    transaction_id = _text(poi, "TransactionID")
    return m.PaymentResponse(
        verdict=verdict,
        sale_transaction_id=_text(sale, "TransactionID"),
        transaction=m.TransactionId(id=transaction_id, at=_text(poi, "TimeStamp"))
        if transaction_id
        else None,
        amount_minor=None if amount is None else minor_of(amount, digits),
        currency=_text(amounts, "Currency"),
        card=_card(fields, result),
    )


def _status_response(fields: dict[str, Any], digits: int) -> m.StatusResponse:
    verdict = _verdict(fields)
    if "RepeatedMessageResponse" not in fields:
        return m.StatusResponse(verdict=verdict)
    repeated = _object(fields["RepeatedMessageResponse"])
    header = header_of(repeated.get("MessageHeader"))
    if header.category not in (m.Category.PAYMENT, m.Category.REVERSAL):
        raise ProtocolError("terminal: status repeats a message nobody asked about")
    answer = answer_of(header, _object(repeated.get("RepeatedResponseMessageBody")), digits=digits)
    if not isinstance(answer, m.PaymentResponse | m.ReversalResponse):
        raise ProtocolError("terminal: status repeats a message nobody asked about")
    return m.StatusResponse(verdict=verdict, repeated_header=header, repeated=answer)


def _diagnosis_response(fields: dict[str, Any]) -> m.DiagnosisResponse:
    hosts = fields.get("HostStatus")
    hosts = hosts if isinstance(hosts, list) else []
    reachable = [_object(host).get("IsReachableFlag", True) is not False for host in hosts]
    return m.DiagnosisResponse(
        verdict=_verdict(fields),
        global_status=_text(_object(fields.get("POIStatus")), "GlobalStatus"),
        host_reachable=any(reachable) or not reachable,
    )


def _display_request(fields: dict[str, Any]) -> m.DisplayRequest:
    outputs = fields.get("DisplayOutput")
    first = _object(outputs[0] if isinstance(outputs, list) and outputs else outputs)
    content = _object(first.get("OutputContent"))
    reference = _text(_object(content.get("PredefinedContent")), "ReferenceID", chars_max=500)
    lines = content.get("OutputText")
    texts = [_text(_object(line), "Text") for line in lines] if isinstance(lines, list) else []
    return m.DisplayRequest(
        event=dict(parse_qsl(reference)).get("event", ""),
        text=" ".join(text for text in texts if text)[:TEXT_CHARS_MAX],
    )


# --- card facts: an allow-list --------------------------------------------------------------------

_FACTS = {
    "brand": re.compile(r"[A-Za-zÆØÅæøå][\w \-.]{0,39}"),
    "entry_mode": re.compile(r"[A-Za-z]{1,20}"),
    "aid": re.compile(r"[0-9A-F]{10,32}"),
    "terminal_id": re.compile(r"[\w\-.]{1,40}"),
    "approval_code": re.compile(r"[A-Za-z0-9]{1,12}"),
    "reference": re.compile(r"[\w\-.]{1,64}"),
}
_LONG_DIGITS = re.compile(r"\d{13,19}")


def _card(fields: dict[str, Any], result: dict[str, Any]) -> m.Card:
    card = _object(_object(result.get("PaymentInstrumentData")).get("CardData"))
    acquirer = _object(result.get("PaymentAcquirerData"))
    entry = card.get("EntryMode")
    printed = _receipt_facts(fields)
    return m.Card(
        brand=_fact("brand", _text(card, "PaymentBrand")),
        last_four=last_four(_text(card, "MaskedPan")),
        entry_mode=_fact(
            "entry_mode", entry[0] if isinstance(entry, list) and entry else entry or ""
        ),
        aid=_fact("aid", printed.get("aid", "")),
        terminal_id=_fact(
            "terminal_id", printed.get("tid", "") or _text(acquirer, "AcquirerPOIID")
        ),
        approval_code=_fact(
            "approval_code", _text(acquirer, "ApprovalCode") or printed.get("authCode", "")
        ),
        reference=_fact(
            "reference",
            _text(_object(acquirer.get("AcquirerTransactionID")), "TransactionID")
            or printed.get("txRef", ""),
        ),
    )


def last_four(masked_pan: str) -> str:
    """Return the last four digits of a masked card number, "" when they are masked as well."""
    tail = masked_pan.strip()[-4:]
    return tail if len(tail) == 4 and tail.isascii() and tail.isdigit() else ""


def _fact(name: str, value: Any) -> str:
    """Return a fact that has the form of its kind, else nothing: no card number slips through."""
    text = value if isinstance(value, str) else ""
    if not _FACTS[name].fullmatch(text):
        return ""
    return "" if any(_passes_luhn(digits) for digits in _LONG_DIGITS.findall(text)) else text


def _passes_luhn(digits: str) -> bool:
    """Whether digits could be a card number (ISO/IEC 7812-1, annex B)."""
    doubled = [int(d) * (1 + i % 2) for i, d in enumerate(reversed(digits))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def _receipt_facts(fields: dict[str, Any]) -> dict[str, str]:
    """Collect key -> value of the terminal's receipt lines ("name=AID&value=A0..&key=aid")."""
    receipts = fields.get("PaymentReceipt")
    facts: dict[str, str] = {}
    for receipt in receipts if isinstance(receipts, list) else []:
        lines = _object(_object(receipt).get("OutputContent")).get("OutputText")
        for line in lines if isinstance(lines, list) else []:
            pairs = dict(parse_qsl(_text(_object(line), "Text")))
            if "key" in pairs and "value" in pairs:
                facts.setdefault(pairs["key"], pairs["value"])
    return facts


# --- small readers --------------------------------------------------------------------------------


def _object(value: Any) -> dict[str, Any]:
    """Return an object, {} for an absent one.

    Raises:
        ProtocolError: for anything else in an object's place.
    """
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ProtocolError("terminal: expected an object in the message")
    return value


def _text(fields: dict[str, Any], key: str, *, chars_max: int = TEXT_CHARS_MAX) -> str:
    """Return a printable text, "" when it is absent; a longer one than expected is refused."""
    value = fields.get(key)
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > chars_max:
        raise ProtocolError(f"terminal: {key} is not a text of at most {chars_max} characters")
    if not value.isprintable():
        # Control characters have no business on a screen, half a surrogate pair none in a journal.
        value = "".join(letter if letter.isprintable() else " " for letter in value)
    return value
