"""Card facts: an allow-list of what a receipt may show, each in the form of its kind.

Everything else about a card (its number, the track, the expiry, what an acquirer put into free
text) is not read at all. PCI DSS 4.0, 3.3.1 and 3.4.1.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from drivers.terminal.nexo_fields import object_of, text_of
from drivers.terminal.nexo_model import Card

_FACTS = {
    "brand": re.compile(r"[A-Za-zÆØÅæøå][\w \-.]{0,39}"),
    "entry_mode": re.compile(r"[A-Za-z]{1,20}"),
    # ISO/IEC 7816-5: registered identifiers begin with a letter, so that none is a card number.
    "aid": re.compile(r"[A-F][0-9A-F]{9,31}"),
    "terminal_id": re.compile(r"[\w\-.]{1,40}"),
    "approval_code": re.compile(r"[A-Za-z0-9]{1,12}"),
    "reference": re.compile(r"[\w\-.]{1,64}"),
}
BRANDS: Final = {
    # PaymentBrand or application label, in small letters -> the name that the scheme itself uses.
    "visa": "Visa",
    "electron": "Visa",
    "vpay": "V PAY",
    "mc": "Mastercard",
    "mastercard": "Mastercard",
    "maestro": "Maestro",
    "bankaxept": "BankAxept",
    "dankort": "Dankort",
    "amex": "American Express",
    "american": "American Express",
    "diners": "Diners Club",
    "discover": "Discover",
    "jcb": "JCB",
    "cup": "UnionPay",
    "unionpay": "UnionPay",
}
# No payment card begins with 0 (ISO/IEC 7812-1), but serial numbers of terminals do.
_CARD_NUMBER = re.compile(r"(?<!\d)[1-9]\d{12,18}(?!\d)")


def card_of(result: dict[str, Any], printed: Mapping[str, str]) -> Card:
    """Read the card of a PaymentResult, and of what the terminal's receipt prints about it."""
    card = object_of(object_of(result.get("PaymentInstrumentData")).get("CardData"))
    acquirer = object_of(result.get("PaymentAcquirerData"))
    entry = card.get("EntryMode")
    masked = text_of(card, "MaskedPan") or text_of(card, "MaskedPAN")
    return Card(
        brand=brand_of(_fact("brand", _without_number(text_of(card, "PaymentBrand"))))
        or brand_of(_fact("brand", printed.get("brand", ""))),
        last_four=last_four(masked),
        entry_mode=_fact(
            "entry_mode", entry[0] if isinstance(entry, list) and entry else entry or ""
        ),
        aid=_fact("aid", printed.get("aid", "")),
        terminal_id=_fact(
            "terminal_id", printed.get("tid", "") or text_of(acquirer, "AcquirerPOIID")
        ),
        approval_code=_fact(
            "approval_code", text_of(acquirer, "ApprovalCode") or printed.get("authCode", "")
        ),
        reference=_fact(
            "reference",
            text_of(object_of(acquirer.get("AcquirerTransactionID")), "TransactionID")
            or printed.get("txRef", ""),
        ),
    )


def brand_of(text: str) -> str:
    """Return a brand as it is shown to people: "visa_debit" is Visa; an unknown one stays."""
    word = re.split(r"[ _\-.]", text.lower(), maxsplit=1)[0]
    return BRANDS.get(word, text)


def _without_number(brand: str) -> str:
    """Return "Mastercard Debit" of "01,Mastercard Debit", as some terminals number the brands."""
    number, _, name = brand.partition(",")
    return name.strip() if number.isdigit() else brand


def last_four(masked_pan: str) -> str:
    """Return the last four digits of a masked card number, "" when they are masked as well."""
    tail = masked_pan.strip()[-4:]
    return tail if len(tail) == 4 and tail.isascii() and tail.isdigit() else ""


def _fact(name: str, value: Any) -> str:
    """Return a fact that has the form of its kind, else nothing: no card number slips through."""
    text = value if isinstance(value, str) else ""
    if not _FACTS[name].fullmatch(text):
        return ""
    if name == "aid":
        return text
    return "" if any(_passes_luhn(digits) for digits in _CARD_NUMBER.findall(text)) else text


def _passes_luhn(digits: str) -> bool:
    """Whether digits could be a card number (ISO/IEC 7812-1, annex B)."""
    doubled = [int(d) * (1 + i % 2) for i, d in enumerate(reversed(digits))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0
