"""What a role may ask of which kiosk. Pure: tables and a few questions about them."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from kiosk.fleet.api.types import CommandKind, Role, User

RANK: Final[Mapping[Role, int]] = MappingProxyType({role: rank for rank, role in enumerate(Role)})

COMMAND_ROLE: Final[Mapping[CommandKind, Role]] = MappingProxyType(
    {
        CommandKind.DECIDE: Role.ATTENDANT,
        CommandKind.SEEN: Role.ATTENDANT,
        CommandKind.PAUSE: Role.ATTENDANT,
        CommandKind.OPEN: Role.ATTENDANT,
        CommandKind.CLOSE: Role.ATTENDANT,
        CommandKind.VOID_LINE: Role.ATTENDANT,
        CommandKind.VOID_SALE: Role.ATTENDANT,
        CommandKind.SCREENSHOT: Role.OPERATOR,
        CommandKind.LOGS: Role.OPERATOR,
        CommandKind.RESTART: Role.OPERATOR,
        CommandKind.FETCH_CATALOG: Role.OPERATOR,
        CommandKind.FETCH_CONFIG: Role.OPERATOR,
        CommandKind.VERIFY_JOURNAL: Role.OPERATOR,
        CommandKind.CLOSE_DAY: Role.OPERATOR,
        CommandKind.RESEND: Role.ADMIN,
    }
)
"""The least role for each command; a test holds that none is missing."""

_STAFF_RIGHTS: Final = ("decide", "change_line", "void_sale", "suspend", "open_close")
"""What an attendant may do at a kiosk (`kiosk.staff.roles.Right`), and therefore from the board."""
_OPERATOR_RIGHTS: Final = ("decide_money", "see_kiosk", "check_devices")


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who is signed in."""

    user: User
    csrf_token: str
    expires_at: str
    address: str = ""

    def has(self, role: Role) -> bool:
        """Return whether the caller's role is `role` or above it."""
        return RANK[self.user.role] >= RANK[role]


class NotAllowed(Exception):
    """The role or the store does not allow it. The message says which."""


def stores_of(user: User) -> tuple[str, ...] | None:
    """Return the stores that the user is limited to; None is no limit."""
    return tuple(user.stores) if user.stores or user.role is Role.ATTENDANT else None


def may_see(user: User, key: str) -> bool:
    """Return whether the user may see a store (`tenant/store`) or a kiosk of it."""
    own = stores_of(user)
    return own is None or "/".join(key.split("/")[:2]) in own


def check_command(user: User, kind: CommandKind, key: str) -> None:
    """Refuse a command that the user may not give to this kiosk.

    Raises:
        NotAllowed: role too low, or another store's kiosk.
    """
    needed = COMMAND_ROLE[kind]
    if RANK[user.role] < RANK[needed]:
        raise NotAllowed(f"{kind.value} is for {needed.value} and above")
    if not may_see(user, key):
        raise NotAllowed(f"{key} is not one of {user.name}'s stores")


def rights_for(user: User, kind: CommandKind) -> list[str]:
    """Return the rights that go into a signed order: the kiosk checks them once more."""
    rights = list(_STAFF_RIGHTS) if RANK[user.role] >= RANK[Role.ATTENDANT] else []
    if user.of_age and rights:
        rights.append("decide_age")
    if RANK[user.role] >= RANK[Role.OPERATOR]:
        rights.extend(_OPERATOR_RIGHTS)
    return [*rights, kind.value]
