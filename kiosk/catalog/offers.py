"""One promotion of an import file: its columns and what each kind needs.

The columns are described in `README.md` beside this file.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from kiosk.catalog import fields
from kiosk.catalog.fields import Field, parse_row
from kiosk.catalog.reading import BadRow, RawRow
from kiosk.catalog.rows import Seen
from kiosk.sale.product import PromotionKind

PROMOTION_FIELDS: Final[Mapping[str, Field]] = {
    "id": Field(fields.identifier, required=True),
    "kind": Field(
        fields.choice(**{kind.value: kind.value for kind in PromotionKind}), required=True
    ),
    "title": Field(fields.text(fields.NAME_CHARS_MAX), required=True),
    "products": Field(fields.identifiers, required=True),
    "quantity": Field(fields.number, default=0),
    "pay_quantity": Field(fields.number, default=0),
    "percent": Field(fields.percent, default=0),
    "price": Field(fields.price, default=0),
    "valid_from": Field(fields.iso_date, default=""),
    "valid_to": Field(fields.iso_date, default=""),
}
"""Column by column, in the order of the documentation."""

PROMOTION_COLUMNS: Final = frozenset(PROMOTION_FIELDS)

_NEEDED: Final = {
    PromotionKind.N_FOR_M: {"quantity", "pay_quantity"},
    PromotionKind.PERCENT: {"percent"},
    PromotionKind.FIXED_BUNDLE: {"price"},
    PromotionKind.PRICE: {"price"},
}
_POSSIBLE: Final = {PromotionKind.FIXED_BUNDLE: {"quantity"}}
_FIGURES: Final = ("quantity", "pay_quantity", "percent", "price")


def promotion_row(
    raw: RawRow, file: str, products: Seen, promotions: dict[str, int]
) -> tuple[dict[str, Any] | None, list[BadRow]]:
    """Return the promotion of a row, or all that is wrong with it.

    Args:
        raw: The row.
        file: Name of its file, for the faults.
        products: What the product file holds.
        promotions: Line of each promotion so far, by id; the row's own is added.
    """
    values, bad = parse_row(PROMOTION_FIELDS, raw.values, file, raw.line)
    if not bad:
        bad = [
            BadRow(file=file, line=raw.line, column=column, value=str(value), reason=reason)
            for column, value, reason in _faults(values, raw.line, products, promotions)
        ]
    return (None, bad) if bad else (values, [])


def _faults(
    values: Mapping[str, Any], line: int, products: Seen, promotions: dict[str, int]
) -> Iterator[tuple[str, object, str]]:
    first = promotions.setdefault(values["id"], line)
    if first != line:
        yield "id", values["id"], f"stands in line {first} too"
    kind = PromotionKind(values["kind"])
    needed = _NEEDED[kind]
    for column in _FIGURES:
        value = values[column]
        if column in needed and not value:
            yield column, value or "", f"is needed for {kind}"
        elif value and column not in needed | _POSSIBLE.get(kind, set()):
            yield column, value, f"means nothing for {kind}"
    if kind is PromotionKind.N_FOR_M and 0 < values["quantity"] <= values["pay_quantity"]:
        yield "pay_quantity", values["pay_quantity"], "must be less than quantity"
    if values["valid_to"] and values["valid_to"] < values["valid_from"]:
        yield "valid_to", values["valid_to"], "is before valid_from"
    if len(set(values["products"])) < len(values["products"]):
        yield "products", " ".join(values["products"]), "names a product twice"
    for product_id in values["products"]:
        if product_id not in products.ids:
            yield "products", product_id, "is no product of this import"
        elif product_id in products.without_offers:
            # alkoholforskriften § 8-12 and tobakksskadeloven § 23 forbid offers on them.
            yield "products", product_id, "must not have an offer (alcohol, tobacco, no_discount)"
