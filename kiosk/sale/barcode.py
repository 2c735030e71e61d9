"""What a code can turn out to be, and the labels that a shop's own scales print.

Reading itself is `kiosk.catalog.codes`, since it needs a library; these are its plain results.

References:
    GS1 General Specifications, section 2.1.11-2.1.12 (restricted circulation numbers)
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class BadCode(StrEnum):
    """Why a code is not taken. For logs and the choice of words, never shown as it is."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    CONTROL_CHARACTER = "control_character"
    NOT_A_PRODUCT = "not_a_product"
    """Whole, but something else: a loyalty number, a pallet, a web page."""
    CHECK_DIGIT = "check_digit"
    AMBIGUOUS = "ambiguous"
    """Eight digits that are right as EAN-8 and as UPC-E, from a scanner that does not say which."""
    MALFORMED = "malformed"
    CONTRADICTION = "contradiction"
    """Elements that must not stand together, or one twice with different values."""
    BAD_DATE = "bad_date"
    """A last day of sale or use that is no date: nobody knows whether it may be sold."""
    NO_VALUE = "no_value"
    """A label for a weight or price of nothing."""
    OTHER_CURRENCY = "other_currency"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductCode:
    """A plain number: 8, 12, 13 or 14 digits with a right check digit, as they were read.

    UPC-E is expanded to 12 digits. The catalog finds a product by any of its lengths.
    """

    gtin: str
    count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelCode:
    """A label of the shop's own scale: which item, and either its price or its weight."""

    item_reference: str
    """Digits as printed, with leading zeros."""
    price_minor: int | None = None
    weight_g: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementCode:
    """An element string or Digital Link with a GTIN; what it does not say is empty or None."""

    gtin: str
    """14 digits."""
    weight_g: int | None = None
    """AI 310n, net, half up to the gram."""
    count: int | None = None
    """AI 30."""
    price_minor: int | None = None
    """AI 392n or 393n, for the whole package."""
    currency: str = ""
    """ISO 4217 letters, only with AI 393n; without it the price is in the shop's currency."""
    batch: str = ""
    """AI 10."""
    best_before: str = ""
    """AI 15, ISO date."""
    expiry: str = ""
    """AI 17 or 16, whichever is earlier, ISO date: the last day on which it may be sold."""


@dataclass(frozen=True, slots=True)
class UnreadableCode:
    """Nothing that can be sold by."""

    reason: BadCode


Code = ProductCode | LabelCode | ElementCode | UnreadableCode


class LabelKind(StrEnum):
    """What the value on a label is."""

    PRICE = "price"
    WEIGHT = "weight"
    """In kilograms."""


_LABEL_LENGTHS: Final = (8, 12, 13)
_MINOR_DIGITS: Final = 2
_GRAM_DIGITS: Final = 3


@dataclass(frozen=True, slots=True)
class LabelTemplate:
    """How one kind of label is built.

    `pattern` has one letter for each digit: P prefix, R item reference, V value, K check digit
    of the value (only with `inner_check`), C check digit of the whole. `decimals` is the number
    of decimals of the value, in whole units of the currency or in kilograms.

    Raises:
        ValueError: when the parts do not fit together; the text says which and why.
    """

    prefix: str
    pattern: str
    kind: LabelKind
    decimals: int
    inner_check: bool = False

    def __post_init__(self) -> None:
        fault = _fault_in_template(self)
        if fault:
            raise ValueError(f"label template {self.prefix} {self.pattern!r}: {fault}")

    def fits(self, digits: str) -> bool:
        """Whether these digits are a label of this kind."""
        return len(digits) == len(self.pattern) and digits.startswith(self.prefix)

    def part(self, digits: str, letter: str) -> str:
        """Return the digits that stand where the pattern has `letter`."""
        return "".join(d for d, p in zip(digits, self.pattern, strict=True) if p == letter)

    def read(self, digits: str) -> LabelCode | UnreadableCode:
        """Return what the label says; check digits have been looked at before."""
        value = int(self.part(digits, "V"))
        if value == 0:
            return UnreadableCode(BadCode.NO_VALUE)
        reference = self.part(digits, "R")
        if self.kind is LabelKind.PRICE:
            price_minor = value * 10 ** (_MINOR_DIGITS - self.decimals)
            return LabelCode(item_reference=reference, price_minor=price_minor)
        weight_g = value * 10 ** (_GRAM_DIGITS - self.decimals)
        return LabelCode(item_reference=reference, weight_g=weight_g)


def _fault_in_template(template: LabelTemplate) -> str:
    prefix, pattern = template.prefix, template.pattern
    if len(pattern) not in _LABEL_LENGTHS:
        return f"Expected 8, 12 or 13 letters, got {len(pattern)}."
    if not (prefix.isascii() and prefix.isdigit()):
        return "Expected a prefix of digits."
    if not pattern.startswith("P" * len(prefix)) or pattern.count("P") != len(prefix):
        return f"Expected the pattern to begin with {len(prefix)} P and to have no other."
    if set(pattern) - set("PRVKC") or pattern.count("C") != 1 or not pattern.endswith("C"):
        return "Expected the letters P, R, V and K, and one C at the end."
    if "R" not in pattern or "V" not in pattern:
        return "Expected an item reference (R) and a value (V)."
    if pattern.count("K") != int(template.inner_check):
        return "Expected one K exactly when inner_check is on."
    if template.inner_check and pattern.count("V") not in (4, 5):
        return "Expected 4 or 5 V with inner_check: GS1 defines its check digit for these."
    most = _MINOR_DIGITS if template.kind is LabelKind.PRICE else _GRAM_DIGITS
    if not 0 <= template.decimals <= most:
        return f"Expected 0 to {most} decimals, got {template.decimals}."
    return ""


NORWEGIAN_LABELS: Final[tuple[LabelTemplate, ...]] = (
    # No public specification of GS1 Norway was found; products follow the Swedish rules:
    # https://gs1.se/en/support/how-do-i-create-my-variable-weight-numbers/
    # 26-29 and 02 are free for the shop. Try real labels of the shop's own scale first.
    LabelTemplate("20", "PPRRRRRRVVVVC", LabelKind.PRICE, 2),
    LabelTemplate("21", "PPRRRRRRVVVVC", LabelKind.PRICE, 1),
    LabelTemplate("22", "PPRRRRRRVVVVC", LabelKind.PRICE, 0),
    LabelTemplate("23", "PPRRRRRRVVVVC", LabelKind.WEIGHT, 3),
    LabelTemplate("24", "PPRRRRRRVVVVC", LabelKind.WEIGHT, 2),
    LabelTemplate("25", "PPRRRRRRVVVVC", LabelKind.WEIGHT, 1),
)
