"""A sale's events as text for a person: what `kiosk journal show` prints."""

from collections.abc import Iterator, Sequence
from dataclasses import fields
from typing import Any

from kiosk.sale.events import Event, ItemAdded, SaleStarted

HIDDEN = {"at_utc", "sale_id", "promotions", "product"}


def sale_in_words(sale_id: str, events: Sequence[Event]) -> Iterator[str]:
    """Yield a heading and one line for each event: number, time, what happened, with what."""
    if events and isinstance(events[0], SaleStarted):
        start = events[0]
        training = ", training" if start.training else ""
        yield f"Sale {sale_id}, kiosk {start.kiosk_id}, {start.currency}{training}"
    for number, event in enumerate(events, 1):
        time = event.at_utc[:23].replace("T", " ")
        yield f"{number:>4}  {time}  {type(event).__name__:<22} {_facts(event)}".rstrip()


def _facts(event: Event) -> str:
    words = []
    if isinstance(event, ItemAdded):
        words.append(f"{event.product.name} [{event.product.id}]")
        words.append(f"unit price {kroner(event.product.unit_price_minor)}")
    for field in fields(event):
        value = getattr(event, field.name)
        if field.name not in HIDDEN and value not in ("", None, 0, (), False):
            words.append(_fact(field.name, value))
    return ", ".join(word for word in words if word)


def _fact(name: str, value: Any) -> str:
    if name.endswith("_minor"):
        return f"{name.removesuffix('_minor').replace('_', ' ')} {kroner(value)}"
    if hasattr(value, "__dataclass_fields__"):
        return ", ".join(
            f"{part.name.replace('_', ' ')} {getattr(value, part.name)}"
            for part in fields(value)
            if getattr(value, part.name)
        )
    return name.replace("_", " ") if value is True else f"{name.replace('_', ' ')} {value}"


def kroner(minor: int) -> str:
    """Return an amount with two decimals and a comma: -150 is "-1,50"."""
    sign = "-" if minor < 0 else ""
    return f"{sign}{abs(minor) // 100},{abs(minor) % 100:02d}"
