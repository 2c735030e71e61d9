"""From the characters of a scan to what they name. biip parses; this decides what to believe.

A scan is untrusted input: capped in length, plain ASCII, no control characters but GS (FNC1), no
address is ever opened. A wrong check digit is refused, never repaired. What a code may be follows
from the scanner's AIM identifier; without one, from its form alone, and 8, 12, 13 or 14 digits
are then a GTIN and nothing else (biip would read some of them as element strings).

Wider than biip where its parser does not look (Digital Link behind ]Q1 and ]d1, composite parts),
and narrower where it is lenient (elements without their separator, repeated or contradicting
elements, Digital Links with stray characters).

References:
    GS1 General Specifications, chapters 3 (application identifiers), 5 (symbology identifiers)
    and 7 (element strings, check digits)
    GS1 Barcode Syntax Dictionary (which elements require or exclude which)
"""

from collections.abc import Sequence
from typing import Final, Protocol, TypeVar

from biip import ParseConfig
from biip.checksums import gs1_price_weight_check_digit
from biip.gs1_digital_link_uris import GS1DigitalLinkURI
from biip.gs1_element_strings import GS1ElementString
from biip.gs1_messages import GS1Message
from biip.gtin import Gtin
from biip.upc import Upc

from kiosk.sale.barcode import (
    NORWEGIAN_LABELS,
    BadCode,
    Code,
    ElementCode,
    LabelTemplate,
    ProductCode,
    UnreadableCode,
)
from kiosk.sale.digital_link import is_link, keys_of_gtin_link
from kiosk.sale.elements import is_contradiction, is_well_separated
from kiosk.sale.money import divide_half_up

CHARACTERS_MAX: Final = 400
"""Longer than any GS1-128 (48) or sensible Digital Link; a 2D code may hold thousands."""

_T_co = TypeVar("_T_co", covariant=True)

_GS: Final = "\x1d"
_GTIN_LENGTHS: Final = (8, 12, 13, 14)

# Dates are looked at here: biip would refuse the whole string for a harmless one (production).
_CONFIG: Final = ParseConfig(gs1_element_strings_verify_date=False, separator_chars=(_GS,))

# Source: symbology identifiers in chapter 5, and what scanners send for the rest.
_EAN: Final = frozenset({"]E0", "]E3"})
_EAN_8: Final = "]E4"
_ITF: Final = frozenset({"]I0", "]I1"})
_ELEMENTS: Final = frozenset({"]C1", "]e0", "]d2", "]Q3", "]J1"})
_PLAIN_2D: Final = frozenset({"]Q1", "]Q0", "]d1", "]d0", "]J0"})

# Source: ISO 4217. Others are refused by name of the reason, not converted.
_CURRENCIES: Final = {"578": "NOK"}


class _Bad(Exception):
    """Carries a reason out of the nested readers; never leaves this module."""

    def __init__(self, reason: BadCode) -> None:
        super().__init__(reason)
        self.reason = reason


def read_code(
    text: str, aim_id: str = "", templates: Sequence[LabelTemplate] = NORWEGIAN_LABELS
) -> Code:
    """Return what a scan names, or `UnreadableCode` with the reason. Never raises.

    `text` has FNC1 as GS. An AIM identifier still in front of it is recognised when `aim_id` is
    empty. `templates` are the shop's own labels; the longest prefix that fits is taken.
    """
    try:
        _refuse_unclean(text)
        if not aim_id and text.startswith("]"):
            aim_id, text = text[:3], text[3:]
        if not text:
            raise _Bad(BadCode.EMPTY)
        return _by_aim_id(text, aim_id, templates)
    except _Bad as bad:
        return UnreadableCode(bad.reason)


def _refuse_unclean(text: str) -> None:
    if not text:
        raise _Bad(BadCode.EMPTY)
    if len(text) > CHARACTERS_MAX:
        raise _Bad(BadCode.TOO_LONG)
    if any((char < " " and char != _GS) or char == "\x7f" for char in text):
        raise _Bad(BadCode.CONTROL_CHARACTER)
    if not text.isascii():
        raise _Bad(BadCode.MALFORMED)


def _by_aim_id(text: str, aim_id: str, templates: Sequence[LabelTemplate]) -> Code:
    if not aim_id:
        return _by_form(text, templates)
    if aim_id in _EAN or aim_id == _EAN_8:
        linear = text.partition("|]e")[0]  # what follows is the composite part: not for the till
        return _ean(linear, aim_id, templates)
    if aim_id in _ITF:
        return ProductCode(gtin=_gtin(text, (14,)))
    if aim_id in _ELEMENTS:
        return _element_string(text)
    if aim_id in _PLAIN_2D and is_link(text):
        return _digital_link(text)
    # Plain Code 128 (]C0), Code 39 and the like carry loyalty numbers that look like a GTIN.
    raise _Bad(BadCode.NOT_A_PRODUCT)


def _by_form(text: str, templates: Sequence[LabelTemplate]) -> Code:
    if text.isdigit() and len(text) in _GTIN_LENGTHS:
        return _eight(text, templates) if len(text) == 8 else _number(text, templates)
    if is_link(text):
        return _digital_link(text)
    if _GS in text or (text.startswith("01") and text[:16].isdigit() and len(text) >= 16):
        return _element_string(text)
    raise _Bad(BadCode.MALFORMED if text.isdigit() else BadCode.NOT_A_PRODUCT)


def _ean(text: str, aim_id: str, templates: Sequence[LabelTemplate]) -> Code:
    if aim_id == _EAN_8:
        return _labelled(_gtin(text, (8,)), templates)
    if aim_id == "]E3" and len(text) in (15, 18):
        text = text[:13]  # a magazine's add-on is its issue, not its price
    if aim_id == "]E0" and len(text) == 8 and text.isdigit():
        return ProductCode(gtin=_expanded(text))
    return _labelled(_gtin(text, (13,)), templates)


def _number(text: str, templates: Sequence[LabelTemplate]) -> Code:
    return _labelled(_gtin(text, _GTIN_LENGTHS), templates)


def _eight(text: str, templates: Sequence[LabelTemplate]) -> Code:
    """Eight digits from a scanner that does not say whether they are EAN-8 or UPC-E."""
    as_ean, as_upc = _parsed(Gtin, text) is not None, _parsed(Upc, text) is not None
    if as_ean and as_upc:
        raise _Bad(BadCode.AMBIGUOUS)
    return ProductCode(gtin=_expanded(text)) if as_upc else _number(text, templates)


def _gtin(text: str, lengths: Sequence[int]) -> str:
    """Return the digits of a GTIN of one of these lengths, its check digit verified."""
    if not text.isdigit() or len(text) not in lengths:
        raise _Bad(BadCode.MALFORMED)
    if _parsed(Gtin, text) is None:
        raise _Bad(BadCode.CHECK_DIGIT)
    return text


def _expanded(text: str) -> str:
    upc = _parsed(Upc, text)
    if upc is None:
        raise _Bad(BadCode.CHECK_DIGIT)
    return upc.as_upc_a()


def _labelled(digits: str, templates: Sequence[LabelTemplate]) -> Code:
    """Return the label that these digits are by the shop's templates, or a plain product."""
    forms = (digits, digits.zfill(13)) if len(digits) == 12 else (digits,)
    for template in sorted(templates, key=lambda template: -len(template.prefix)):
        for form in forms:
            if template.fits(form):
                _verify_inner(template, form)
                return template.read(form)
    return ProductCode(gtin=digits)


def _verify_inner(template: LabelTemplate, digits: str) -> None:
    """Check the value's own check digit. Source: GS1 General Specifications, section 7.9."""
    if template.inner_check:
        right = gs1_price_weight_check_digit(template.part(digits, "V"))
        if template.part(digits, "K") != str(right):
            raise _Bad(BadCode.CHECK_DIGIT)


def _element_string(text: str) -> Code:
    text = text.removeprefix(_GS)
    message = _parsed(GS1Message, text)
    if message is None:
        raise _Bad(BadCode.MALFORMED)
    elements = tuple(message.element_strings)
    pairs = [(element.ai.ai, element.value) for element in elements]
    fixed = [not element.ai.separator_required for element in elements]
    if not is_well_separated(text, pairs, fixed):
        raise _Bad(BadCode.MALFORMED)
    return _product(elements)


def _digital_link(text: str) -> Code:
    keys = keys_of_gtin_link(text)
    if keys is None:
        raise _Bad(BadCode.NOT_A_PRODUCT)
    link = _parsed(GS1DigitalLinkURI, text)
    # biip passes over a number in the query that is no AI: somebody meant something by it.
    if link is None or {element.ai.ai for element in link.element_strings} != keys:
        raise _Bad(BadCode.MALFORMED)
    return _product(tuple(link.element_strings))


def _product(elements: Sequence[GS1ElementString]) -> Code:
    """Return the product of parsed elements, when they name one and agree with each other."""
    by_ai = {element.ai.ai: element for element in elements}
    gtin = by_ai.get("01")
    if gtin is None:
        raise _Bad(BadCode.NOT_A_PRODUCT)
    if gtin.gtin is None:
        raise _Bad(BadCode.CHECK_DIGIT)
    if is_contradiction([(element.ai.ai, element.value) for element in elements]):
        raise _Bad(BadCode.CONTRADICTION)
    price_minor, currency = _price(by_ai)
    return ElementCode(
        gtin=gtin.value,
        weight_g=_weight_g(by_ai),
        count=_count(by_ai),
        price_minor=price_minor,
        currency=currency,
        batch=by_ai["10"].value if "10" in by_ai else "",
        best_before=_date(by_ai, "15"),
        expiry=_expiry(by_ai),
    )


def _expiry(by_ai: dict[str, GS1ElementString]) -> str:
    """Return the last day of sale: use by (17) or sell by (16), the earlier one.

    A date there that is none stops the product: it might be past.
    """
    dates = []
    for ai in ("16", "17"):
        date = _date(by_ai, ai)
        if ai in by_ai and not date:
            raise _Bad(BadCode.BAD_DATE)
        dates.append(date)
    return min((date for date in dates if date), default="")


def _date(by_ai: dict[str, GS1ElementString], ai: str) -> str:
    """Return an ISO date; day 00 is the last of the month. Empty where there is none."""
    element = by_ai.get(ai)
    return element.date.isoformat() if element is not None and element.date is not None else ""


def _weight_g(by_ai: dict[str, GS1ElementString]) -> int | None:
    """Return the net weight of AI 310n, whose fourth digit counts the decimals of a kilogram."""
    element = next((e for ai, e in by_ai.items() if len(ai) == 4 and ai.startswith("310")), None)
    if element is None:
        return None
    grams = divide_half_up(int(element.value) * 1000, 10 ** int(element.ai.ai[3]))
    if grams == 0:
        raise _Bad(BadCode.NO_VALUE)
    return grams


def _count(by_ai: dict[str, GS1ElementString]) -> int | None:
    if "30" not in by_ai:
        return None
    count = int(by_ai["30"].value)
    if count == 0:
        raise _Bad(BadCode.NO_VALUE)
    return count


def _price(by_ai: dict[str, GS1ElementString]) -> tuple[int | None, str]:
    """Return the package's price in minor units and its currency, if the code says so."""
    element = next((e for ai, e in by_ai.items() if ai[:3] in ("392", "393")), None)
    if element is None:
        return None, ""
    digits, currency = element.value, ""
    if element.ai.ai.startswith("393"):
        known = _CURRENCIES.get(digits[:3])
        if known is None:
            raise _Bad(BadCode.OTHER_CURRENCY)
        digits, currency = digits[3:], known
    minor, beyond = divmod(int(digits) * 100, 10 ** int(element.ai.ai[3]))
    if beyond:
        raise _Bad(BadCode.MALFORMED)  # a part of an øre: no till can charge it
    if minor == 0:
        raise _Bad(BadCode.NO_VALUE)
    return minor, currency


class _Parser(Protocol[_T_co]):
    """What biip's classes have in common."""

    def parse(self, value: str, *, config: ParseConfig | None = None) -> _T_co:
        """Return the parsed value or raise."""


def _parsed(parser: _Parser[_T_co], text: str) -> _T_co | None:
    """Return what biip makes of a text, None when it makes nothing of it.

    Any exception counts as that: besides ParseError, odd input brings out IndexError and others,
    and what a stranger holds under the scanner must not stop the kiosk.
    """
    try:
        return parser.parse(text, config=_CONFIG)
    except Exception:
        return None
