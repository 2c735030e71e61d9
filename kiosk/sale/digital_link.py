"""Whether a text is an address that names a product as the GS1 Digital Link standard writes it.

The address is only taken apart, never opened. Values are read by `kiosk.catalog.codes`.

References:
    GS1 Digital Link Standard: URI Syntax, sections 4.2-4.9
    RFC 3986, section 2 and 3 (which characters an address has)
"""

import re
from typing import Final
from urllib.parse import unquote

_URI: Final = re.compile(
    r"https?://"
    r"(?:[a-z0-9](?:[a-z0-9.-]*)|\[[0-9a-f:.]+\])(?::\d{1,5})?"
    r"(?P<path>/[a-z0-9\-._~!$&'()*+,;=:@%/]*)"
    r"(?:\?(?P<query>[a-z0-9\-._~!$&'()*,;=:@%/?]*))?"
    r"(?:#[a-z0-9\-._~!$&'()*+,;=:@%/?]*)?",
    re.IGNORECASE,
)
_GTIN_LINK: Final = re.compile(r"(?:/[^/]*)*?/01/\d{14}(?:/(?:22|10|21|235)/[^/]+)*/?")
_NUMBER: Final = re.compile(r"\d{2,4}")


def is_link(text: str) -> bool:
    """Whether a text begins like a web address, in either case."""
    return text[:8].lower().startswith(("http://", "https://"))


def keys_of_gtin_link(text: str) -> frozenset[str] | None:
    """Return the application identifiers that an address names, None when it names no product.

    That is: its key is not a GTIN of 14 digits, or it is not well formed. Shortened GTINs, short
    names (/gtin/), compressed links and an AI that stands twice are refused: the standard no
    longer has the first two, and the rest would be guesses. Whether each number in the query is
    an AI at all is for the caller to look up.
    """
    match = _URI.fullmatch(text)
    if match is None or _GTIN_LINK.fullmatch(match["path"]) is None:
        return None
    if any(not " " <= char <= "~" for char in unquote(text)):
        return None
    keys = ["01", *match["path"].rpartition("/01/")[2].split("/")[1::2]]
    for part in (match["query"] or "").split("&"):
        key, _, value = part.partition("=")
        if _NUMBER.fullmatch(key):
            if not value:
                return None
            keys.append(key)
    found = frozenset(key for key in keys if key)
    return found if len(found) == len([key for key in keys if key]) else None
