"""What a finger does with gift cards, vouchers and parts that are paid."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ValueDigitTyped:
    """One digit of a gift card's number, or "\\b" for delete."""

    digit: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ValueConfirmed:
    """The check key, or "use it" once its balance is shown."""


@dataclass(frozen=True, slots=True)
class TenderRemoved:
    """Give one part back, to pay it by other means."""

    attempt_id: str


TenderIntent = ValueDigitTyped | ValueConfirmed | TenderRemoved
