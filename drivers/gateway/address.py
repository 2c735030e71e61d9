"""An e-mail address as a person types it on a glass: is it one, and how does a server want it?

What most mail servers take is taken: no quotes, no comments, no address literals. Letters outside
ASCII are fine after the @ (they become the domain's own form); before it they need a server with
SMTPUTF8, which says so itself.

References:
    RFC 5321, section 4.1.2 and 4.5.3.1 (lengths); RFC 5322, section 3.2.3 (atoms); RFC 5891 (IDNA).
"""

import re
from typing import Final

CHARS_MAX: Final = 254
LOCAL_CHARS_MAX: Final = 64
_LOCAL: Final = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*")
_LABEL: Final = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


def email_address(text: str) -> str:
    """Return the address as it is sent to; empty when it is none.

    Example: "kari@blåbær.no" gives "kari@xn--blbr-roah.no".
    """
    local, at, domain = text.strip().partition("@")
    if not at or not _LOCAL.fullmatch(local) or len(local) > LOCAL_CHARS_MAX:
        return ""
    try:
        labels = domain.lower().encode("idna").decode("ascii").split(".")
    except UnicodeError:
        return ""
    if len(labels) < 2 or not all(_LABEL.fullmatch(label) for label in labels):
        return ""
    if labels[-1].isdecimal():
        return ""
    address = f"{local}@{'.'.join(labels)}"
    return address if len(address) <= CHARS_MAX else ""
