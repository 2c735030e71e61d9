"""People who may override: who they are, what their roles may do, and how they sign in.

Knows nobody but itself. Names and hashes stay in one file of its own; the journal gets the
person's id and nothing else.
"""

from kiosk.staff.book import Person, StaffBook, StaffError
from kiosk.staff.roles import DEFAULT_ROLES, Right, Role, RoleRules
from kiosk.staff.sign_in import Refused, SignedIn, SignIn

__all__ = [
    "DEFAULT_ROLES",
    "Person",
    "Refused",
    "Right",
    "Role",
    "RoleRules",
    "SignIn",
    "SignedIn",
    "StaffBook",
    "StaffError",
]
