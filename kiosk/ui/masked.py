"""The view as somebody who is not at the kiosk may see it: nothing that a shopper typed or is.

Every text of the view is left out but those that are named here: a field that is added later is
private until somebody decides otherwise. What hangs in the shop for all to see (names of goods,
prices, the shop's own name) is not private.
"""

import dataclasses
from enum import Enum
from typing import Any, Final, TypeVar

from kiosk.engine.view import View

PUBLIC: Final = frozenset(
    {
        ("View", "shop_name"),
        ("View", "till"),
        ("View", "languages"),
        ("View", "opens_at"),
        ("View", "sold_again"),
        ("View", "help_reason"),
        ("Settings", "language"),
        ("LineView", "name"),
        ("LineView", "picture"),
        ("LineView", "category"),
        ("OfferView", "title"),
        ("ToastView", "name"),
        ("ToastView", "picture"),
        ("ToastView", "category"),
        ("TileView", "product_id"),
        ("TileView", "name"),
        ("TileView", "picture"),
        ("TileView", "category"),
        ("CategoryView", "id"),
        ("CategoryView", "names"),
        ("CategoryView", "picture"),
        ("PriceCheckView", "offers"),
        ("TerminalView", "direction"),
        ("OutOfOrderView", "fault"),
        ("BaggingView", "name"),
        ("BaggingView", "picture"),
        ("BaggingView", "category"),
    }
)
"""Texts that may be seen, by the class and the field they stand in."""

T = TypeVar("T")


def masked(view: View) -> View:
    """Return the view without private texts. Staff mode is left out whole."""
    return _masked(dataclasses.replace(view, staff=None), public=False)


def _masked(value: T, *, public: bool) -> T:
    made: Any = value
    if isinstance(value, Enum):
        return value
    if isinstance(value, str):
        return value if public else type(value)("")
    if isinstance(value, tuple):
        made = tuple(_masked(one, public=public) for one in value)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        kind = type(value).__name__
        changes = {
            spec.name: _masked(getattr(value, spec.name), public=(kind, spec.name) in PUBLIC)
            for spec in dataclasses.fields(value)
        }
        made = dataclasses.replace(value, **changes)
    elif value is not None and not isinstance(value, int | float | bool):
        raise TypeError(f"a view holds {type(value).__name__}, which cannot be masked")
    result: T = made
    return result
