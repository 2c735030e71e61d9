"""What each role may do. The configuration may give and take rights; these are the defaults."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Role(StrEnum):
    """What a person is at this kiosk."""

    ATTENDANT = "attendant"
    SUPERVISOR = "supervisor"
    TECHNICIAN = "technician"


class Right(StrEnum):
    """One thing that staff may do."""

    DECIDE = "decide"
    """Approve and refuse interventions."""
    DECIDE_AGE = "decide_age"
    """Approve age and alcohol: whoever sells alcohol must be 18 themselves."""
    DECIDE_MONEY = "decide_money"
    """Settle a payment in doubt."""
    CHANGE_LINE = "change_line"
    """Quantity down, out with a line, add an item by hand."""
    CHANGE_PRICE = "change_price"
    DISCOUNT = "discount"
    VOID_SALE = "void_sale"
    SUSPEND = "suspend"
    COPY = "copy"
    RETURN = "return"
    """Take goods back, and give the money for them back."""
    RETURN_ALONE = "return_alone"
    """The same while the store cannot say what its other kiosks took back of the receipt."""
    OPEN_CLOSE = "open_close"
    REPORT = "report"
    """See and print the figures so far (X)."""
    CLOSE_DAY = "close_day"
    """Make the Z before its hour."""
    TRAIN = "train"
    """Switch training mode on and off."""
    CHECK_DEVICES = "check_devices"
    """Try the devices, and set volume and touch."""
    SEE_KIOSK = "see_kiosk"
    """Version, address, disk, the last interventions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleRules:
    """The rights of a role, and how much it may give away."""

    rights: frozenset[Right]
    price_off_bp: int = 0
    """How far below its own price an item may be sold, in hundredths of a percent."""
    discount_bp: int = 0
    """The largest discount, in hundredths of a percent."""

    def may(self, right: Right) -> bool:
        """Return whether the role has this right."""
        return right in self.rights


_AT_THE_KIOSK: Final = frozenset(
    {
        Right.DECIDE,
        Right.DECIDE_AGE,
        Right.CHANGE_LINE,
        Right.CHANGE_PRICE,
        Right.VOID_SALE,
        Right.SUSPEND,
        Right.COPY,
        Right.OPEN_CLOSE,
    }
)

DEFAULT_ROLES: Final[Mapping[Role, RoleRules]] = MappingProxyType(
    {
        Role.ATTENDANT: RoleRules(rights=_AT_THE_KIOSK, price_off_bp=5000),
        Role.SUPERVISOR: RoleRules(
            rights=frozenset(Right), price_off_bp=10_000, discount_bp=10_000
        ),
        Role.TECHNICIAN: RoleRules(
            rights=frozenset({Right.OPEN_CLOSE, Right.CHECK_DEVICES, Right.SEE_KIOSK})
        ),
    }
)
