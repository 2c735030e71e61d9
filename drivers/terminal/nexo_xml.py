"""The XML dialect of nexo Retailer 3.1, as Swedbank Pay's PAX terminals speak it over plain HTTP.

The terminal's parser wants elements in the order of the schema, so the order of the keys below is
part of the protocol. 14990 øre leave as "149.90" and come back exactly or not at all. Receipts are
base64 of JSON; of them only the facts of FACTS are read.
Source: developer.swedbankpay.com, PAX terminal, nexo Retailer, quick guide.
"""

import base64
import contextlib
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from drivers import json_strict
from drivers.errors import ProtocolError
from drivers.terminal import nexo_amounts, nexo_read, nexo_xml_tree
from drivers.terminal import nexo_model as m
from drivers.terminal.nexo_fields import list_of, object_of, text_of

PROTOCOL_VERSION = "3.1"
RECEIPT_CHARS_MAX = 64 * 1024
PROVIDER, APPLICATION = "Selvkasse", "Selvkasse"
_AMOUNT = re.compile(r"\d{1,9}(\.\d{1,6})?")

FACTS: Final[Mapping[str, tuple[str, ...]]] = {
    "aid": ("CardDetails", "ApplicationIdentifier"),
    "brand": ("CardDetails", "CardSchemeName", "ApplicationLabel"),
    "tid": ("Acquirer", "TerminalID"),
    "authCode": ("Outcome", "ApprovalCode"),
    "txRef": ("Payment", "ReceiptNumber"),
}
"""Where the facts are, inside the Mandatory part of a receipt. Nothing else of it is looked at."""


class XmlCodec:
    """The codec of this dialect. Nothing is signed: the network must be the shop's own."""

    content_type = "application/xml; charset=utf-8"
    names_payment = False
    reverses_parts = False
    silent_status = 204

    def encode(self, header: m.Header, request: m.Request) -> bytes:
        """Return the whole message."""
        name, body = body_of(request, header)
        return nexo_xml_tree.dump(
            "SaleToPOIRequest", {"MessageHeader": header_fields(header), name: body}
        )

    def open(self, raw: bytes) -> tuple[m.Header, dict[str, Any]]:
        """Parse one message and return its header and the object that holds its body."""
        name, message = nexo_xml_tree.parse(raw)
        if name not in ("SaleToPOIRequest", "SaleToPOIResponse"):
            raise ProtocolError(
                "terminal: message is neither SaleToPOIRequest nor SaleToPOIResponse"
            )
        return nexo_read.header_of(message.get("MessageHeader")), message

    def read(self, header: m.Header, body: dict[str, Any], *, digits: int) -> m.Answer:
        """Read the body that belongs to `header`."""
        return nexo_read.answer_of(header, body, digits=digits, dialect=DIALECT)

    def reply(self, header: m.Header, message: m.Answer) -> bytes:
        """Answer what wants an answer: yes to a text that was shown, no to input and prints."""
        if not isinstance(message, m.DisplayRequest | m.DeviceRequest) or message.wanted is None:
            return b""
        shown = isinstance(message, m.DisplayRequest)
        verdict: dict[str, Any] = {"Result": "Success"}
        if not shown:
            verdict = {"Result": "Failure", "ErrorCondition": m.Condition.UNAVAILABLE_DEVICE.value}
        place = {"Device": message.wanted.device, "InfoQualify": message.wanted.qualify}
        bodies: dict[str, dict[str, Any]] = {
            "Display": {"OutputResult": {**place, "Response": verdict}},
            "Input": {"InputResult": {**place, "Response": verdict}},
            "Print": {"DocumentQualifier": message.wanted.qualify, "Response": verdict},
        }
        return nexo_xml_tree.dump(
            "SaleToPOIResponse",
            {
                "MessageHeader": {**header_fields(header), "MessageType": "Response"},
                f"{header.category}Response": bodies[header.category],
            },
        )


def header_fields(header: m.Header) -> dict[str, Any]:
    """Return the attributes of a MessageHeader."""
    fields = {
        "ProtocolVersion": PROTOCOL_VERSION,
        "MessageClass": header.message_class,
        "MessageCategory": str(header.category),
        "MessageType": header.message_type,
        "ServiceID": header.service_id,
        "DeviceID": header.device_id,
        "SaleID": header.sale_id,
        "POIID": header.poi_id,
    }
    return {key: value for key, value in fields.items() if value}


def body_of(request: m.Request, header: m.Header) -> tuple[str, dict[str, Any]]:
    """Return the body's name and content, in the order of the schema."""
    match request:
        case m.PaymentRequest():
            return "PaymentRequest", _payment(request)
        case m.ReversalRequest():
            return "ReversalRequest", {
                "ReversalReason": request.reason,
                "OriginalPOITransaction": {
                    "SaleID": header.sale_id,
                    "POIID": header.poi_id,
                    "POITransactionID": _transaction(request.original),
                },
            }
        case m.AbortRequest():
            return "AbortRequest", {
                "MessageReference": _reference(request.reference, header),
                "AbortReason": request.reason,
            }
        case m.StatusRequest(reference=None):
            return "TransactionStatusRequest", {}
        case m.StatusRequest(reference=m.Reference() as reference):
            return "TransactionStatusRequest", {"MessageReference": _reference(reference, header)}
        case m.LoginRequest():
            return "LoginRequest", _login(request)
        case m.LogoutRequest():
            allowed = "true" if request.maintenance_allowed else "false"
            return "LogoutRequest", {"MaintenanceAllowed": allowed}
        case m.ReconciliationRequest():
            return "ReconciliationRequest", {"ReconciliationType": "SaleReconciliation"}
    raise TypeError("this dialect has no diagnosis")


def _payment(request: m.PaymentRequest) -> dict[str, Any]:
    amount = nexo_amounts.decimal_of(request.amount_minor, request.digits)
    return {
        "SaleData": {"SaleTransactionID": _transaction(request.sale)},
        "PaymentTransaction": {
            "AmountsReq": {"Currency": request.currency, "RequestedAmount": amount}
        },
        "PaymentData": {"PaymentType": "Refund" if request.refund else "Normal"},
    }


def _login(request: m.LoginRequest) -> dict[str, Any]:
    return {
        "OperatorLanguage": request.language,
        "DateTime": request.at,
        "SaleSoftware": {
            "ProviderIdentification": PROVIDER,
            "ApplicationName": APPLICATION,
            "SoftwareVersion": request.software_version,
        },
        # The interface knows no other environment; whether a shop may run this terminal without
        # staff is a matter of its contract.
        "SaleTerminalData": {
            "TerminalEnvironment": "Attended",
            "SaleCapabilities": " ".join(request.capabilities),
        },
    }


def _transaction(transaction: m.TransactionId) -> dict[str, Any]:
    return {"TransactionID": transaction.id, "TimeStamp": transaction.at}


def _reference(reference: m.Reference, header: m.Header) -> dict[str, Any]:
    return {
        "MessageCategory": reference.category.value,
        "ServiceID": reference.service_id,
        "SaleID": reference.sale_id,
        "POIID": reference.poi_id or header.poi_id,
    }


# --- what the terminal says -----------------------------------------------------------------------


def minor_of(value: Any, digits: int) -> int:
    """Return an amount's text ("56", "149.90") as minor units.

    Raises:
        ProtocolError: if it has another form, or as nexo_amounts.minor_of.
    """
    if not isinstance(value, str) or not _AMOUNT.fullmatch(value):
        raise ProtocolError("terminal: amount is not a number")
    return nexo_amounts.minor_of(Decimal(value), digits)


def receipt_facts(fields: dict[str, Any]) -> dict[str, str]:
    """Collect the facts of the receipts; one that cannot be read costs no more than its facts."""
    facts: dict[str, str] = {}
    for receipt in list_of(fields.get("PaymentReceipt")):
        with contextlib.suppress(ProtocolError):
            for copy in _copies(object_of(receipt)):
                found = {name: _fact_at(copy, path) for name, path in FACTS.items()}
                facts |= {name: fact for name, fact in found.items() if fact}
    return facts


def _copies(receipt: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield what stands under Cardholder and Merchant of the JSON in a receipt."""
    for line in list_of(object_of(receipt.get("OutputContent")).get("OutputText")):
        text = text_of(object_of(line), "Text", chars_max=RECEIPT_CHARS_MAX).replace(" ", "")
        try:
            copies = json_strict.parse(base64.b64decode(text, validate=True))
        except ValueError as error:
            raise ProtocolError("terminal: receipt is not base64") from error
        for copy in copies.values():
            yield object_of(copy)


def _fact_at(copy: dict[str, Any], path: tuple[str, ...]) -> str:
    place = object_of(copy.get("Mandatory"))
    for key in path[:-1]:
        place = object_of(place.get(key))
    return text_of(place, path[-1])


DIALECT: Final = nexo_read.Dialect(minor_of=minor_of, receipt_facts=receipt_facts)
