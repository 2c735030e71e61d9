"""The catalog's tables. A catalog is built once, never changed, and replaced as a whole.

`nr` of a product orders by how much it is bought, most first: whatever reads in the order of `nr`
reads the best-known first and can stop early.
"""

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:  # the kiosk itself only reads, and starts without the library
    import sqlite_utils

APPLICATION_ID: Final = 0x53564B43
"""Ours in the file's header: "SVKC"."""
SCHEMA_VERSION: Final = 1

CATEGORY_NAMES: Final = ("nb", "nn", "en")
"""Languages that this format has a column for; others stand beside the program's own categories."""

TABLES: Final[dict[str, tuple[dict[str, type], str | tuple[str, ...]]]] = {
    "product": (
        {
            "nr": int,
            "id": str,
            "name": str,
            "unit": str,
            "unit_price_minor": int,
            "vat_code": str,
            "vat_rate_bp": int,
            "article_group": str,
            "category": str,
            "picture": str,
            "deposit_minor": int,
            "age_limit": int,
            "restrictions": str,
            "quantity_limit": int,
            "recalled_batches": str,
            "shown": int,
        },
        "nr",
    ),
    "category": (
        {
            "position": int,
            "id": str,
            **dict.fromkeys(CATEGORY_NAMES, str),
            "picture": str,
            "shown": int,
        },
        "position",
    ),
    "promotion": (
        {
            "id": str,
            "kind": str,
            "title": str,
            "quantity": int,
            "pay_quantity": int,
            "percent_bp": int,
            "price_minor": int,
            "valid_from": str,
            "valid_to": str,
        },
        "id",
    ),
    "coupon": (
        {
            "id": str,
            "title": str,
            "amount_minor": int,
            "percent_bp": int,
            "products": str,
            "minimum_minor": int,
            "valid_from": str,
            "valid_to": str,
        },
        "id",
    ),
    "coupon_code": ({"code": str, "coupon_id": str}, "code"),
    "word": ({"text": str, "products": int}, "text"),
    "meta": ({"name": str, "value": str}, "name"),
}
"""Columns and primary key of the plain tables; `shown` is 0 for what a shopper may not pick."""

SQL_TABLES: Final = (
    "CREATE TABLE code (key TEXT PRIMARY KEY, product_nr INTEGER NOT NULL) STRICT, WITHOUT ROWID",
    """CREATE TABLE promotion_product (
        product_id TEXT NOT NULL,
        promotion_id TEXT NOT NULL,
        position INTEGER NOT NULL,
        PRIMARY KEY (product_id, promotion_id)
    ) STRICT, WITHOUT ROWID""",
    # Only the index is kept: the texts are in `product`. Prefixes of 1 to 3 letters are indexed.
    "CREATE VIRTUAL TABLE name_word USING fts5 (name, keywords, content='', columnsize=0, "
    "prefix='1 2 3', tokenize=\"unicode61 remove_diacritics 0 tokenchars '.,'\")",
    "CREATE VIRTUAL TABLE name_part USING fts5 "
    "(name, content='', columnsize=0, tokenize='trigram')",
)
"""Made by SQL, because they use what sqlite-utils has no words for."""

INDEXES: Final = (
    "CREATE UNIQUE INDEX product_id ON product (id)",
    "CREATE INDEX product_shown ON product (category, shown, nr)",
    "CREATE INDEX promotion_of ON promotion_product (promotion_id, position)",
)


def create_tables(db: "sqlite_utils.Database") -> None:
    """Make the empty tables of a new catalog."""
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    for name, (columns, primary_key) in TABLES.items():
        table: Any = db[name]
        table.create(columns, pk=primary_key, not_null=set(columns), strict=True)
    for sql in SQL_TABLES:
        db.execute(sql)


def create_indexes(db: "sqlite_utils.Database") -> None:
    """Make the indexes and pack the search tables, once all rows are in."""
    for sql in INDEXES:
        db.execute(sql)
    for name in ("name_word", "name_part"):
        db.execute(f"INSERT INTO {name} ({name}) VALUES ('optimize')")  # noqa: S608 (our own names)
    db.execute("ANALYZE")
