"""XML from a wire that anybody may have written: parsed without trust, turned into plain objects.

Attributes and children of an element become the keys of one object, as in the JSON form of the
same schema; text alone becomes a text. No DTD, no entities, no network, bounded size and count.
Reference: OWASP XML External Entity Prevention; libxml2's own limits (depth 256) stay on.
"""

from decimal import Decimal
from typing import Any

from lxml import etree

from drivers.errors import ProtocolError

MESSAGE_BYTES_MAX = 256 * 1024
ELEMENTS_MAX = 2000
LISTS = frozenset(
    {"PaymentReceipt", "OutputText", "DisplayOutput", "TransactionTotals", "PaymentTotals"}
)
"""Elements that may repeat: always a list, so that one is read like two."""
TEXTS = frozenset({"AbortReason", "DateTime", "SaleCapabilities", "ServiceProfiles"})
"""What leaves as the text of an element; every other plain value is an attribute."""


def parse(data: bytes) -> tuple[str, dict[str, Any]]:
    """Return the root's name and its content.

    Raises:
        ProtocolError: if it is too large, not well-formed, not UTF-8, has a DOCTYPE, more elements
            than a message may have, or an attribute and a child of one name.
    """
    if len(data) > MESSAGE_BYTES_MAX:
        raise ProtocolError(f"terminal: message exceeds {MESSAGE_BYTES_MAX} bytes")
    if b"<!DOCTYPE" in data:
        # Before the parser sees it. Other encodings are found out below, by the parsed document.
        raise ProtocolError("terminal: XML message with a document type")
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        dtd_validation=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        # The parser's own words would quote the message.
        raise ProtocolError(f"terminal: {len(data)} bytes are not an XML message") from error
    document = root.getroottree().docinfo
    if document.doctype or document.internalDTD is not None:
        raise ProtocolError("terminal: XML message with a document type")
    if (document.encoding or "UTF-8").upper() not in ("UTF-8", "US-ASCII", "ASCII"):
        raise ProtocolError(f"terminal: XML message in {document.encoding}, expected UTF-8")
    if sum(1 for _ in root.iter()) > ELEMENTS_MAX:
        raise ProtocolError(f"terminal: XML message with more than {ELEMENTS_MAX} elements")
    content = _content_of(root)
    return _name_of(root), content if isinstance(content, dict) else {}


def dump(name: str, content: dict[str, Any]) -> bytes:
    """Write a message; the order of the keys is the order of the elements."""
    data: bytes = etree.tostring(_element(name, content), xml_declaration=True, encoding="UTF-8")
    return data


def _content_of(element: Any) -> Any:
    text = (element.text or "").strip()
    if not len(element) and not element.attrib:
        return [{"Text": text}] if _name_of(element) == "OutputText" else text or {}
    content: dict[str, Any] = {
        etree.QName(key).localname: value for key, value in element.attrib.items()
    }
    attributes = set(content)
    for child in element:
        name = _name_of(child)
        value = _content_of(child)
        if name in attributes:
            raise ProtocolError(f"terminal: {name} is an attribute and an element")
        if name in LISTS or name in content:
            before = content.get(name, [])
            both = before if isinstance(before, list) else [before]
            content[name] = [*both, *(value if isinstance(value, list) else [value])]
        else:
            content[name] = value
    if text:
        content.setdefault("Text", text)
    return [content] if _name_of(element) == "OutputText" else content


def _name_of(element: Any) -> str:
    return str(etree.QName(element).localname)


def _element(name: str, content: dict[str, Any]) -> Any:
    element = etree.Element(name)
    for key, value in content.items():
        if isinstance(value, dict):
            element.append(_element(key, value))
        elif key in TEXTS:
            etree.SubElement(element, key).text = value
        else:
            element.set(key, format(value, "f") if isinstance(value, Decimal) else value)
    return element
