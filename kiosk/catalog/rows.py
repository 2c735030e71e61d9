"""One product of an import file: its columns and the rules between them.

The columns are described in `README.md` beside this file.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from kiosk.catalog import fields
from kiosk.catalog.categories import CATEGORIES
from kiosk.catalog.fields import Field, parse_row
from kiosk.catalog.fold import fold, own_words, with_joined
from kiosk.catalog.reading import BadRow, RawRow
from kiosk.rules.lookups import Rules, oddities, vat_codes
from kiosk.sale.product import Restriction, Unit

PRODUCT_FIELDS: Final[Mapping[str, Field]] = {
    "id": Field(fields.identifier, required=True),
    "name": Field(fields.text(fields.NAME_CHARS_MAX), required=True),
    "gtins": Field(fields.gtins, default=()),
    "references": Field(fields.references, default=()),
    "price": Field(fields.price, required=True),
    "unit": Field(
        fields.choice(piece=Unit.PIECE, stk=Unit.PIECE, kg=Unit.KILOGRAM, kilogram=Unit.KILOGRAM),
        default=Unit.PIECE,
    ),
    "vat": Field(fields.choice(**{code: code for code in vat_codes()}), required=True),
    "age": Field(fields.number, default=0),
    "deposit": Field(fields.amount, default=0),
    "category": Field(fields.choice(**{c.id: c.id for c in CATEGORIES}), default=""),
    "picture": Field(fields.picture, default=""),
    "keywords": Field(fields.text(400), default=""),
    "restrictions": Field(fields.words_of(Restriction), default=()),
    "quantity_limit": Field(fields.number, default=0),
    "article_group": Field(fields.article_group, default="04003"),
    "recalled_batches": Field(fields.text(400), default=""),
    "rank": Field(fields.number, default=0),
}
"""Column by column, in the order of the documentation."""

PRODUCT_COLUMNS: Final = frozenset(PRODUCT_FIELDS)
UNRANKED: Final = 1 << 30
"""Products without a rank come after all that have one, in the order of the file."""

_HIDDEN = {Restriction.NOT_FOR_SELF_SERVICE, Restriction.TOBACCO}


@dataclass(slots=True)
class Seen:
    """Where ids and codes of the file were met first, so that no two products share one."""

    ids: dict[str, int] = field(default_factory=dict)
    codes: dict[str, int] = field(default_factory=dict)
    without_offers: set[str] = field(default_factory=set)
    """Ids of products on which an offer is against the law or the shop's rule."""


@dataclass(frozen=True, slots=True)
class ProductRow:
    """A good row, as it goes into the tables."""

    product: dict[str, Any]
    codes: tuple[str, ...]
    name_words: str
    name_part: str
    keywords: str


def product_row(
    raw: RawRow, file: str, seen: Seen, rules: Rules
) -> tuple[ProductRow | None, list[BadRow]]:
    """Return the product of a row by the rules of the day, or all that is wrong with it."""
    values, bad = parse_row(PRODUCT_FIELDS, raw.values, file, raw.line)
    if not bad:
        bad = [
            BadRow(file=file, line=raw.line, column=column, value=value, reason=reason)
            for column, value, reason in (
                *_rule_faults(values, rules),
                *_repeats(values, seen, raw.line),
            )
        ]
    if bad:
        return None, bad
    return _row(values, raw.line, rules), []


def _rule_faults(values: Mapping[str, Any], rules: Rules) -> Iterator[tuple[str, str, str]]:
    restrictions = values["restrictions"]
    for restriction, age in rules.least_age.items():
        if restriction in restrictions and values["age"] < age:
            yield "age", str(values["age"]), f"must be at least {age} for {restriction}"
    if Restriction.TOBACCO in restrictions and Restriction.NOT_FOR_SELF_SERVICE not in restrictions:
        # tobakksskadeloven § 18: self-service is forbidden.
        yield "restrictions", " ".join(restrictions), "tobacco must be not_for_self_service too"
    if values["unit"] == Unit.KILOGRAM and values["deposit"]:
        yield "deposit", str(values["deposit"]), "is paid for pieces, not for kilograms"


def odd_row(row: ProductRow, file: str, line: int, rules: Rules) -> list[BadRow]:
    """Return what somebody should look at in a row that is taken all the same."""
    product = row.product
    found = oddities(
        rules,
        category=product["category"],
        price_minor=product["unit_price_minor"],
        deposit_minor=product["deposit_minor"],
    )
    return [
        BadRow(file=file, line=line, column=column, value=product["id"], reason=reason)
        for column, reason in found
    ]


def _repeats(values: Mapping[str, Any], seen: Seen, line: int) -> Iterator[tuple[str, str, str]]:
    first = seen.ids.setdefault(values["id"], line)
    if first != line:
        yield "id", values["id"], f"stands in line {first} too"
        return
    for column in ("gtins", "references"):
        for code in values[column]:
            first = seen.codes.setdefault(code, line)
            if first != line:
                yield column, code.lstrip("0"), f"belongs to the product in line {first}"
    if {Restriction.ALCOHOL, Restriction.TOBACCO, Restriction.NO_DISCOUNT} & set(
        values["restrictions"]
    ):
        seen.without_offers.add(values["id"])


def _row(values: Mapping[str, Any], line: int, rules: Rules) -> ProductRow:
    restrictions = values["restrictions"]
    name = fold(values["name"])
    product = {
        # Unique by the line, and in the order of what is bought most: see schema.py.
        "nr": (values["rank"] or UNRANKED) << 32 | line,
        "id": values["id"],
        "name": values["name"],
        "unit": str(values["unit"]),
        "unit_price_minor": values["price"],
        "vat_code": values["vat"],
        "vat_rate_bp": rules.vat_rate_bp[values["vat"]],
        "article_group": values["article_group"],
        "category": values["category"],
        "picture": values["picture"],
        "deposit_minor": values["deposit"],
        "age_limit": values["age"],
        "restrictions": " ".join(restrictions),
        "quantity_limit": values["quantity_limit"],
        "recalled_batches": " ".join(values["recalled_batches"].split()),
        "shown": int(not _HIDDEN & set(restrictions)),
    }
    codes = (*values["gtins"], *values["references"])
    name_words = " ".join([with_joined(name), *own_words(values["name"])])
    keywords = " ".join([fold(values["keywords"]), *own_words(values["keywords"])])
    return ProductRow(product, codes, name_words, name, keywords)
