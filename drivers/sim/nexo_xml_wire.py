"""The terminal's end of the XML dialect: reads tills strictly, in the order of the schema.

Written with the standard library and apart from drivers.terminal on purpose: a mistake in the
driver's codec must not be answered by the same mistake here. Both are held against the public
samples.
Source: developer.swedbankpay.com, PAX terminal, nexo Retailer: message format.
"""

from decimal import Decimal
from typing import Any, Final
from xml.etree import ElementTree

ORDER: Final = {
    # Children in the order of the schema, as far as tills use them.
    "SaleToPOIRequest": (
        "MessageHeader",
        *("LoginRequest", "LogoutRequest", "PaymentRequest", "ReversalRequest"),
        *("AbortRequest", "TransactionStatusRequest", "ReconciliationRequest"),
    ),
    "LoginRequest": ("DateTime", "SaleSoftware", "SaleTerminalData"),
    "SaleTerminalData": ("SaleCapabilities", "SaleProfile"),
    "SaleProfile": ("ServiceProfiles",),
    "PaymentRequest": ("SaleData", "PaymentTransaction", "PaymentData"),
    "SaleData": ("SaleTransactionID",),
    "PaymentTransaction": ("AmountsReq",),
    "ReversalRequest": ("OriginalPOITransaction",),
    "OriginalPOITransaction": ("POITransactionID",),
    "AbortRequest": ("MessageReference", "AbortReason"),
    "TransactionStatusRequest": ("MessageReference",),
}
REQUIRED: Final = {
    "MessageHeader": ("MessageClass", "MessageCategory", "MessageType", "SaleID", "POIID"),
    "LoginRequest": ("OperatorLanguage",),
    "SaleSoftware": ("ProviderIdentification", "ApplicationName", "SoftwareVersion"),
    "SaleTerminalData": ("TerminalEnvironment",),
    "SaleTransactionID": ("TransactionID", "TimeStamp"),
    "POITransactionID": ("TransactionID", "TimeStamp"),
    "AmountsReq": ("Currency", "RequestedAmount"),
    "OriginalPOITransaction": ("SaleID", "POIID"),
    "ReversalRequest": ("ReversalReason",),
    "ReconciliationRequest": ("ReconciliationType",),
}
TEXTS: Final = frozenset(
    {
        *("ApprovalCode", "AdditionalResponse", "OutputText", "DateTime", "POICapabilities"),
        *("EventDetails", "RejectedMessage", "POIReconciliationID"),
    }
)
SERVICE_ID_CHARS_MAX = 10


def read_xml(raw: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the header and the whole content of a till's request.

    Raises:
        ValueError: for all that a real terminal's parser refuses, elements in another order than
            the schema's included.
    """
    if b"<!" in raw:
        raise ValueError("document type")
    try:
        root = ElementTree.fromstring(raw)  # noqa: S314 - a till's message, without entities
    except ElementTree.ParseError as error:
        raise ValueError("not well-formed") from error
    if root.tag != "SaleToPOIRequest":
        raise ValueError("not a request")
    content = _content(root)
    header = content["MessageHeader"]
    body = f"{header['MessageCategory']}{header['MessageType']}"
    if [child.tag for child in root] != ["MessageHeader", body]:
        raise ValueError("body of another category")
    if not 1 <= len(header.get("ServiceID", "")) <= SERVICE_ID_CHARS_MAX:
        raise ValueError("ServiceID")
    return header, content


def write_xml(root: str, content: dict[str, Any]) -> bytes:
    """Write a message of the terminal's."""
    data: bytes = ElementTree.tostring(
        _element(root, content), encoding="UTF-8", xml_declaration=True
    )
    return data


def _content(element: ElementTree.Element) -> dict[str, Any]:
    known = ORDER.get(element.tag, ())
    places = [known.index(child.tag) if child.tag in known else -1 for child in element]
    if -1 in places or places != sorted(set(places)):
        raise ValueError(f"{element.tag}: elements unknown, repeated or out of order")
    if any(name not in element.attrib for name in REQUIRED.get(element.tag, ())):
        raise ValueError(f"{element.tag}: attribute missing")
    children = {
        child.tag: (child.text or "") if not len(child) and not child.attrib else _content(child)
        for child in element
    }
    # An empty element is an object without anything, unless it is a text.
    return {**element.attrib, **{tag: value or {} for tag, value in children.items()}}


def _element(name: str, content: Any) -> ElementTree.Element:
    element = ElementTree.Element(name)
    if not isinstance(content, dict):
        element.text = _text(content)
        return element
    for key, value in content.items():
        if key in TEXTS and not isinstance(value, list):
            ElementTree.SubElement(element, key).text = _text(value)
        elif isinstance(value, dict | list):
            items = value if isinstance(value, list) else [value]
            element.extend(_element(key, item) for item in items)
        else:
            element.set(key, _text(value))
    return element


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return format(value, "f") if isinstance(value, Decimal) else str(value)
