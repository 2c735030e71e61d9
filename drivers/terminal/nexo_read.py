"""What the terminal says: from the fields of a message to a frozen answer, in every dialect.

A codec turns its bytes into one object with the names of the published schema; the few things that
the dialects write differently come in as a `Dialect`. From card data only what a receipt may show
is read (an allow-list); the rest of a message is dropped unread.
Reference: Adyen TerminalAPI-v1 (the field names), nexo Retailer Protocol 3.0 and 3.1.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from drivers.errors import ProtocolError
from drivers.terminal import nexo_model as m
from drivers.terminal.nexo_card import card_of
from drivers.terminal.nexo_fields import TEXT_CHARS_MAX, flag_of, list_of, object_of, text_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """What a codec knows about the values in its messages."""

    minor_of: Callable[[Any, int], int]
    """An amount as it stands in a message, and the currency's digits, to minor units."""
    receipt_facts: Callable[[dict[str, Any]], dict[str, str]]
    """From a PaymentResponse to what its receipts print: aid, tid, authCode, txRef, brand."""


_BODIES = {
    "Payment": "PaymentResponse",
    "Reversal": "ReversalResponse",
    "TransactionStatus": "TransactionStatusResponse",
    "Diagnosis": "DiagnosisResponse",
    "Login": "LoginResponse",
    "Logout": "LogoutResponse",
    "Reconciliation": "ReconciliationResponse",
    "Abort": "AbortResponse",
    "Display": "DisplayRequest",
    "Input": "InputRequest",
    "Print": "PrintRequest",
    "Event": "EventNotification",
}


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


def answer_of(header: m.Header, body: dict[str, Any], *, digits: int, dialect: Dialect) -> m.Answer:
    """Read the body that belongs to `header`; `digits` is the currency's minor unit.

    Raises:
        ProtocolError: if the body is of another category, or lacks what its category must have.
    """
    name = _BODIES.get(header.category, "")
    if name not in body:
        raise ProtocolError(f"terminal: message of category {header.category!r} without its body")
    fields = object_of(body[name])
    match header.category:
        case "Payment":
            return _payment_response(fields, digits, dialect)
        case "Reversal":
            return _reversal_response(fields)
        case "TransactionStatus":
            return _status_response(fields, digits, dialect)
        case "Diagnosis":
            return _diagnosis_response(fields)
        case "Login":
            return _login_response(fields)
        case "Logout":
            return m.LogoutResponse(verdict=verdict_of(fields))
        case "Reconciliation":
            return _reconciliation_response(fields, digits, dialect)
        case "Display":
            return _display_request(fields)
        case "Input" | "Print":
            return m.DeviceRequest(wanted=_wanted(header, fields))
        case "Event":
            return m.EventNotification(
                event=text_of(fields, "EventToNotify"),
                maintenance_required=flag_of(fields, "MaintenanceRequiredFlag", default=False),
            )
    return m.AbortResponse()


def verdict_of(fields: dict[str, Any]) -> m.Verdict:
    """Read the Response of a body.

    Raises:
        ProtocolError: if its result is not one of the published ones. An unknown condition is
            read as none: the result alone decides then.
    """
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


def _payment_response(fields: dict[str, Any], digits: int, dialect: Dialect) -> m.PaymentResponse:
    verdict = verdict_of(fields)
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
        amount_minor=None if amount is None else dialect.minor_of(amount, digits),
        currency=text_of(amounts, "Currency"),
        card=card_of(result, dialect.receipt_facts(fields)),
        # JSON has a boolean, XML its words; what is left out was online.
        offline=result.get("OnlineFlag") in (False, "false", "0"),
    )


def _reversal_response(fields: dict[str, Any]) -> m.ReversalResponse:
    poi = object_of(object_of(fields.get("POIData")).get("POITransactionID"))
    transaction_id = text_of(poi, "TransactionID")
    return m.ReversalResponse(
        verdict=verdict_of(fields),
        transaction=m.TransactionId(id=transaction_id, at=text_of(poi, "TimeStamp"))
        if transaction_id
        else None,
    )


def _status_response(fields: dict[str, Any], digits: int, dialect: Dialect) -> m.StatusResponse:
    verdict = verdict_of(fields)
    if "RepeatedMessageResponse" not in fields:
        return m.StatusResponse(verdict=verdict)
    repeated = object_of(fields["RepeatedMessageResponse"])
    header = header_of(repeated.get("MessageHeader"))
    if header.category not in (m.Category.PAYMENT, m.Category.REVERSAL):
        raise ProtocolError("terminal: status repeats a message nobody asked about")
    answer = answer_of(
        header,
        # XML has the body beside the header, JSON wraps it.
        object_of(repeated.get("RepeatedResponseMessageBody", repeated)),
        digits=digits,
        dialect=dialect,
    )
    if not isinstance(answer, m.PaymentResponse | m.ReversalResponse):
        raise ProtocolError("terminal: status repeats a message nobody asked about")
    return m.StatusResponse(verdict=verdict, repeated_header=header, repeated=answer)


def _diagnosis_response(fields: dict[str, Any]) -> m.DiagnosisResponse:
    reachable = [
        flag_of(object_of(host), "IsReachableFlag", default=True)
        for host in list_of(fields.get("HostStatus"))
    ]
    return m.DiagnosisResponse(
        verdict=verdict_of(fields),
        global_status=text_of(object_of(fields.get("POIStatus")), "GlobalStatus"),
        host_reachable=any(reachable) or not reachable,
    )


def _login_response(fields: dict[str, Any]) -> m.LoginResponse:
    system = object_of(fields.get("POISystemData"))
    status = object_of(system.get("POIStatus"))
    software = object_of(system.get("POISoftware"))
    names = [text_of(software, name) for name in ("ApplicationName", "SoftwareVersion")]
    return m.LoginResponse(
        verdict=verdict_of(fields),
        software=" ".join(filter(None, names))[:TEXT_CHARS_MAX],
        serial_number=text_of(object_of(system.get("POITerminalData")), "POISerialNumber"),
        global_status=text_of(status, "GlobalStatus"),
        host_reachable=flag_of(status, "CommunicationOKFlag", default=True),
    )


def _reconciliation_response(
    fields: dict[str, Any], digits: int, dialect: Dialect
) -> m.ReconciliationResponse:
    rows = fields.get("TransactionTotals")
    number = fields.get("POIReconciliationID")
    return m.ReconciliationResponse(
        verdict=verdict_of(fields),
        # A number in JSON, the text of an element in XML.
        reference=str(number) if type(number) is int else text_of(fields, "POIReconciliationID"),
        totals=None
        if rows is None
        else tuple(
            total for row in list_of(rows) for total in _totals(object_of(row), digits, dialect)
        ),
    )


def _totals(row: dict[str, Any], digits: int, dialect: Dialect) -> Iterator[m.Total]:
    for each in list_of(row.get("PaymentTotals")):
        total = object_of(each)
        yield m.Total(
            type=text_of(total, "TransactionType"),
            amount_minor=dialect.minor_of(total.get("TransactionAmount"), digits),
            currency=text_of(row, "PaymentCurrency"),
            sale_id=text_of(row, "SaleID"),
        )


def _wanted(header: m.Header, fields: dict[str, Any]) -> m.Wanted | None:
    """Return where the answer to an input or print request belongs; None when none is wanted."""
    if header.category == "Print":
        output = object_of(fields.get("PrintOutput"))
        mode = text_of(output, "ResponseMode")
        qualify = text_of(output, "DocumentQualifier")
        return None if mode == "NotRequired" else m.Wanted(qualify=qualify)
    data = object_of(fields.get("InputData"))
    return m.Wanted(device=text_of(data, "Device"), qualify=text_of(data, "InfoQualify"))


def _display_request(fields: dict[str, Any]) -> m.DisplayRequest:
    outputs = fields.get("DisplayOutput")
    first = object_of(outputs[0] if isinstance(outputs, list) and outputs else outputs)
    content = object_of(first.get("OutputContent"))
    reference = text_of(object_of(content.get("PredefinedContent")), "ReferenceID", chars_max=500)
    lines = list_of(content.get("OutputText"))
    texts = [text_of(object_of(line), "Text") for line in lines]
    return m.DisplayRequest(
        event=dict(parse_qsl(reference)).get("event", ""),
        text=" ".join(text for text in texts if text)[:TEXT_CHARS_MAX],
        wanted=m.Wanted(device=text_of(first, "Device"), qualify=text_of(first, "InfoQualify"))
        if flag_of(first, "ResponseRequiredFlag", default=False)
        else None,
    )
