"""XML as nested pairs, written piece by piece, so that a file of gigabytes needs no memory.

What is to be written is a `Node`: a name with its text, or with the nodes inside it. Pure functions
make nodes; only `write` here knows the XML library.
"""

import re
from collections.abc import Sequence
from typing import Any, Final

NAMESPACE: Final = "urn:StandardAuditFile-Taxation-CashRegister:NO"

Node = tuple[str, "str | Sequence[Node]"]

_NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML 1.0 file may hold, not even escaped. Source: XML 1.0, production 2."""


def text(value: str, length_max: int) -> str:
    """Return a text that fits: on one line, without forbidden characters, cut at `length_max`."""
    return " ".join(_NOT_XML.sub("\ufffd", value).split())[:length_max]


def identification(value: str) -> str:
    """Return an id of at most 35 characters (the schema's IdentificationString35)."""
    return text(value, 35)


def write(xf: Any, node: Node, depth: int) -> None:
    """Write one node and all inside it, indented, each leaf on a line of its own."""
    name, content = node
    xf.write("\n" + "\t" * depth)
    with xf.element(f"{{{NAMESPACE}}}{name}"):
        if isinstance(content, str):
            if content:
                xf.write(content)
            return
        for child in content:
            write(xf, child, depth + 1)
        xf.write("\n" + "\t" * depth)
