"""A receipt as one HTML page: no script, nothing from elsewhere, readable when it was saved.

The rows are those of the paper (`kiosk.fiscal.layout`), so a receipt says the same everywhere. The
style stands in the page; a server allows exactly it by `STYLE_HASH` and nothing else.
"""

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import Final

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from kiosk.fiscal.layout import (
    CodeRow,
    ColumnsRow,
    CutRow,
    Row,
    RuleRow,
    SpaceRow,
    TextRow,
    lay_out,
)
from kiosk.fiscal.receipt import Receipt

FOLDER: Final = Path(__file__).parent
STYLE: Final = (FOLDER / "receipt.css").read_text("utf-8")
STYLE_HASH: Final = f"'sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'"
"""For a content security policy: `style-src` with this allows the page's own style only."""
_STYLE: Final = Markup(STYLE)  # noqa: S704 - our own file
_KINDS: Final = {
    TextRow: "text",
    ColumnsRow: "columns",
    RuleRow: "rule",
    SpaceRow: "space",
    CodeRow: "code",
    CutRow: "cut",
}


def receipt_page(receipt: Receipt, *, pdf: str = "") -> str:
    """Return the page of a receipt; `pdf` is the address of the same as PDF, if there is one."""
    title = f"Kvittering {receipt.number_text} – {receipt.shop.name}"
    return _template("receipt.html").render(
        title=title, rows=lay_out(receipt), pdf=pdf, style=_STYLE
    )


def word_page(title: str, words: str, *, again_s: int = 0) -> str:
    """Return a page that says why there is no receipt to see; it asks again by itself if told."""
    return _template("word.html").render(title=title, words=words, again_s=again_s, style=_STYLE)


@cache
def _template(name: str) -> Template:
    environment = Environment(
        loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters["kind"] = _kind
    environment.filters["qr"] = _qr
    return environment.get_template(name)


def _kind(row: Row) -> str:
    return _KINDS[type(row)]


def _qr(data: str) -> Markup:
    """Draw a code as SVG inside the page."""
    drawn = segno.make(data, error="m", micro=False).svg_inline(border=0, omitsize=True)
    return Markup(drawn)  # noqa: S704 - segno's own drawing: the data is in its pixels
