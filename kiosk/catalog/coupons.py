"""One coupon of an import file: its columns and the rules between them.

The columns are described in `README.md` beside this file.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from kiosk.catalog import fields
from kiosk.catalog.fields import Field, parse_row
from kiosk.catalog.keys import lookup_key
from kiosk.catalog.reading import BadRow, RawRow
from kiosk.catalog.rows import Seen

COUPON_FIELDS: Final[Mapping[str, Field]] = {
    "id": Field(fields.identifier, required=True),
    "codes": Field(fields.identifiers, required=True),
    "title": Field(fields.text(fields.NAME_CHARS_MAX), required=True),
    "amount": Field(fields.price, default=0),
    "percent": Field(fields.percent, default=0),
    "products": Field(fields.identifiers, default=()),
    "minimum": Field(fields.amount, default=0),
    "valid_from": Field(fields.iso_date, default=""),
    "valid_to": Field(fields.iso_date, default=""),
}
"""Column by column, in the order of the documentation."""

COUPON_COLUMNS: Final = frozenset(COUPON_FIELDS)


def coupon_row(
    raw: RawRow, file: str, products: Seen, coupons: dict[str, int], codes: dict[str, int]
) -> tuple[dict[str, Any] | None, list[BadRow]]:
    """Return the coupon of a row, or all that is wrong with it.

    Args:
        raw: The row.
        file: Name of its file, for the faults.
        products: What the product file holds.
        coupons: Line of each coupon so far, by id; the row's own is added.
        codes: The same by code.
    """
    values, bad = parse_row(COUPON_FIELDS, raw.values, file, raw.line)
    if not bad:
        bad = [
            BadRow(file=file, line=raw.line, column=column, value=str(value), reason=reason)
            for column, value, reason in (
                *_faults(values, raw.line, products, coupons),
                *_code_faults(values, raw.line, products, codes),
            )
        ]
    return (None, bad) if bad else (values, [])


def _faults(
    values: Mapping[str, Any], line: int, products: Seen, coupons: dict[str, int]
) -> Iterator[tuple[str, object, str]]:
    first = coupons.setdefault(values["id"], line)
    if first != line:
        yield "id", values["id"], f"stands in line {first} too"
    if bool(values["amount"]) is bool(values["percent"]):
        yield "amount", values["amount"] or "", "either amount or percent is needed, not both"
    if values["valid_to"] and values["valid_to"] < values["valid_from"]:
        yield "valid_to", values["valid_to"], "is before valid_from"
    for product_id in values["products"]:
        if product_id not in products.ids:
            yield "products", product_id, "is no product of this import"
        elif product_id in products.without_offers:
            yield "products", product_id, "must not have a coupon (alcohol, tobacco, no_discount)"


def _code_faults(
    values: Mapping[str, Any], line: int, products: Seen, codes: dict[str, int]
) -> Iterator[tuple[str, object, str]]:
    for code in values["codes"]:
        first = codes.setdefault(code, line)
        if first != line:
            yield "codes", code, f"belongs to the coupon in line {first}"
        key = lookup_key(code) if code.isdigit() else None
        if key is not None and key in products.codes:
            yield "codes", code, f"belongs to the product in line {products.codes[key]}"
