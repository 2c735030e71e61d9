"""Does one sale of a SAF-T file agree with itself? Sums, signs, VAT, and codes that are defined."""

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from kiosk.fiscal.saft.reading import child_text, children

Say = Callable[[int, str], None]
"""Called with a line and what is wrong there."""

CENT: Final = Decimal("0.01")
_CODES: Final = {
    # element: the basicType that defines its codes
    "transType": "11",
    "ctLine/lineType": "05",
    "ctLine/artGroupID": "04",
    "payment/paymentType": "12",
}


def check_sale(node: Any, defined: Mapping[str, set[str]], say: Say) -> None:
    """Say what contradicts itself in a `cashtransaction`."""
    gross, net = amount(node, "transAmntIn", say), amount(node, "transAmntEx", say)
    _check_side(node, gross, say)
    lines = list(children(node, "ctLine"))
    for line in lines:
        _check_line(line, say)
    if lines:
        off = _sum(node, "ctLine/discount/dscAmnt") + _sum(node, "discount/dscAmnt")
        in_lines = _sum(node, "ctLine/lineAmntIn")
        # Some systems write lines before discounts, some after: both are in use.
        if gross not in (in_lines, in_lines - off):
            say(node.sourceline, f"its lines add up to {in_lines}, and transAmntIn is {gross}")
        ex = _sum(node, "ctLine/lineAmntEx")
        if in_lines == gross and ex != net:
            say(node.sourceline, f"its lines without VAT add up to {ex}, transAmntEx is {net}")
    tax = _sum(node, "vat/vatAmnt")
    if next(children(node, "vat"), None) is not None and tax != gross - net:
        say(node.sourceline, f"its VAT adds up to {tax}, and {gross} - {net} is {gross - net}")
    paid, rounding = _sum(node, "payment/paidAmnt"), _sum(node, "rounding/roundingAmnt")
    if next(children(node, "payment"), None) is not None and paid != gross + rounding:
        say(node.sourceline, f"{paid} was paid, and {gross} with rounding {rounding} was due")
    for path, basic_type in _CODES.items():
        for used in children(node, path):
            if used.text and used.text not in defined.get(basic_type, ()):
                name = path.rpartition("/")[2]
                say(used.sourceline, f"{name} {used.text!r} is not among the file's basics")


def _check_line(line: Any, say: Say) -> None:
    gross, net = amount(line, "lineAmntIn", say), amount(line, "lineAmntEx", say)
    _check_side(line, gross, say)
    for vat in children(line, "vat"):
        tax, rate = amount(vat, "vatAmnt", say), amount(vat, "vatPerc", say)
        if gross - tax != net:
            say(line.sourceline, f"line: {gross} less VAT {tax} is not {net}")
        if rate < 0:
            say(vat.sourceline, f"line: a VAT rate of {rate} %")
            continue
        expected = gross * rate / (100 + rate)
        if abs(expected - tax) > CENT:
            say(vat.sourceline, f"line: {rate} % VAT within {gross} is not {tax}")


def _check_side(node: Any, value: Decimal, say: Say) -> None:
    side = child_text(node, "amntTp")
    if value and side and (side == "D") != (value < 0):
        say(node.sourceline, f"amntTp is {side} and the amount is {value}: returns are D, negative")


def amount(node: Any, name: str, say: Say) -> Decimal:
    """Return an amount; zero, and words about it, when it is not a number."""
    text = child_text(node, name)
    value = number(text)
    if value is None:
        say(node.sourceline, f"{name} {text!r} is not an amount")
        return Decimal(0)
    return value


def number(text: str) -> Decimal | None:
    """Return a plain decimal number; None for anything else, as NaN and 1E9 are."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() and "E" not in text.upper() and len(text) <= 30 else None


def is_number(text: str) -> bool:
    """Whether a text is a running number: digits, and no more than any register will count to."""
    return text.isascii() and text.isdecimal() and len(text) <= 18


def _sum(node: Any, path: str) -> Decimal:
    values = (number((one.text or "").strip()) for one in children(node, path))
    return sum((value for value in values if value is not None), Decimal(0))
