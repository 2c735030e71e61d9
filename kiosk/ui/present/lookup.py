"""03 pictures and typed look-up: most bought first; letters narrow, the best match comes lowest."""

from dataclasses import dataclass

from kiosk.engine.view import LookupView, View
from kiosk.ui.i18n import Translator
from kiosk.ui.present.notices import present_notice
from kiosk.ui.present.parts import (
    BannerModel,
    FrameModel,
    TileModel,
    localised,
    present_frame,
    present_tile,
)

KEY_ROWS = ("QWERTYUIOPÅ", "ASDFGHJKLØÆ", "ZXCVBNM")
"""The keys as they lie on a Norwegian keyboard, the same in every language: names are Norwegian."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LookupModel:
    """Everything on the look-up screen."""

    frame: FrameModel
    title: str
    tiles: tuple[TileModel, ...]
    more: str
    """The tile that turns the page; empty when there is one page."""
    page: str
    nothing: str
    """Said instead of tiles when no name matches, else empty."""
    nothing_hint: str
    query: str
    placeholder: str
    notice: BannerModel | None
    back: str
    delete: str
    keys: tuple[str, ...]


def present_lookup(view: View, words: Translator) -> LookupModel:
    """Return the look-up screen; the view must have `lookup`."""
    assert view.lookup is not None, "LOOKUP without lookup"
    lookup = view.lookup
    paged = lookup.pages > 1
    found = bool(lookup.tiles)
    return LookupModel(
        frame=present_frame(view, words),
        title=_title(lookup, words),
        tiles=tuple(present_tile(tile, words) for tile in lookup.tiles),
        more=words("lookup.more") if paged else "",
        page=words("lookup.page", page=lookup.page, pages=lookup.pages) if paged else "",
        nothing="" if found else words("lookup.nothing", query=lookup.query),
        nothing_hint="" if found else words("lookup.nothing_hint"),
        query=lookup.query,
        placeholder=words("lookup.type"),
        notice=present_notice(view, words),
        back=words("frame.back"),
        delete=words("lookup.delete"),
        keys=KEY_ROWS,
    )


def _title(lookup: LookupView, words: Translator) -> str:
    if lookup.category is None:
        return words("lookup.title")
    return localised(lookup.category.names, words)
