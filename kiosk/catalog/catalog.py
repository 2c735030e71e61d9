"""The catalog as the kiosk reads it: one file that never changes while it is open.

An import puts a new file in its place by renaming; who has the old one open keeps its prices
until it opens the new one (the kiosk is told by `kiosk.app.catalog_watch`). The thread that opens
a catalog and the one that uses it may differ, but only one thread uses it at a time.
"""

import sqlite3
from pathlib import Path
from typing import Final, Self

from kiosk.catalog.categories import BAGS, SINCE_FORMAT_1, Category
from kiosk.catalog.errors import CatalogError
from kiosk.catalog.keys import lookup_key
from kiosk.catalog.schema import APPLICATION_ID, SCHEMA_VERSION
from kiosk.catalog.search import Search
from kiosk.sale.product import Coupon, Product, Promotion, PromotionKind, Restriction, Unit

CACHE_KIB: Final = 4096
"""Pages kept in memory; the rest is the operating system's to keep."""

COLUMNS: Final = (
    "p.id, p.name, p.unit, p.unit_price_minor, p.vat_code, p.vat_rate_bp, p.article_group, "
    "p.category, p.picture, p.deposit_minor, p.age_limit, p.restrictions, p.quantity_limit, "
    "p.recalled_batches"
)
_BY_CODE: Final = (
    f"SELECT {COLUMNS} FROM code c JOIN product p ON p.nr = c.product_nr WHERE c.key = ?"  # noqa: S608
)
_BY_ID: Final = f"SELECT {COLUMNS} FROM product p WHERE p.id = ?"  # noqa: S608
_BY_NR: Final = f"SELECT {COLUMNS} FROM product p WHERE p.nr = ?"  # noqa: S608
_SHOWN: Final = f"SELECT {COLUMNS} FROM product p WHERE p.shown = 1"  # noqa: S608
_COUPON: Final = """SELECT c.id, c.title, c.amount_minor, c.percent_bp, c.products,
    c.minimum_minor, c.valid_from, c.valid_to
    FROM coupon_code k JOIN coupon c ON c.id = k.coupon_id WHERE k.code = ?"""
_HAS_COUPONS: Final = "SELECT 1 FROM sqlite_master WHERE name = 'coupon_code'"
_PROMOTIONS: Final = """SELECT m.id, m.kind, m.title, m.quantity, m.pay_quantity, m.percent_bp,
    m.price_minor, m.valid_from, m.valid_to
    FROM promotion_product pp JOIN promotion m ON m.id = pp.promotion_id
    WHERE pp.product_id = ? AND (m.valid_from = '' OR m.valid_from <= ?)
    AND (m.valid_to = '' OR m.valid_to >= ?) ORDER BY m.id"""


class Catalog:
    """All that the shop sells. Use `Catalog.open`, and `close` or `with`."""

    def __init__(self, path: Path, db: sqlite3.Connection) -> None:
        self.path = path
        self._db = db
        self._meta: dict[str, str] = dict(db.execute("SELECT name, value FROM meta"))
        self._search = Search(db)
        # Catalogs that were made before there were coupons have no table of them.
        self._has_coupons = db.execute(_HAS_COUPONS).fetchone() is not None

    @classmethod
    def open(cls, path: Path | str) -> Self:
        """Open the catalog at `path` for reading.

        Raises:
            CatalogError: if there is none, or it is not one that this program can read.
        """
        path = Path(path)
        try:
            path.stat()
        except OSError as error:
            raise CatalogError(
                f"{path}: there is no catalog here ({error.strerror}). "
                "Make one with 'kiosk catalog import products.csv'."
            ) from error
        # The file is never written again after its import, so SQLite need not lock or look.
        uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        try:
            db = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
            try:
                _recognise(db, path)
                return cls(path, db)
            except BaseException:
                db.close()
                raise
        except sqlite3.Error as error:
            raise CatalogError(
                f"{path}: the catalog cannot be read ({error}). Import it again."
            ) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file. May be called twice."""
        self._db.close()

    @property
    def version(self) -> str:
        """The time of its import in UTC, ISO 8601: sorts by age."""
        return self._meta["version"]

    def count(self) -> int:
        """Return how many products there are."""
        return int(self._meta["products"])

    def by_code(self, gtin_or_reference: str) -> Product | None:
        """Return the product that carries a code.

        A GTIN may come in 8, 12, 13 or 14 digits; item references of the shop's labels and PLU
        numbers are shorter. Its check digit is not looked at here.
        """
        key = lookup_key(gtin_or_reference)
        return None if key is None else self._one(_BY_CODE, key)

    def by_id(self, product_id: str) -> Product | None:
        """Return the product with the shop's article number `product_id`."""
        return self._one(_BY_ID, product_id)

    def promotions_of(self, product_id: str, today_iso: str) -> tuple[Promotion, ...]:
        """Return the promotions on a product that are valid on a local date, `YYYY-MM-DD`."""
        rows = self._db.execute(_PROMOTIONS, (product_id, today_iso, today_iso)).fetchall()
        return tuple(self._promotion(*row) for row in rows)

    def coupon_of(self, code: str) -> Coupon | None:
        """Return the coupon that carries a code, also one that is not valid yet or any more."""
        if not self._has_coupons:
            return None
        row = self._db.execute(_COUPON, (code,)).fetchone()
        if row is None:
            return None
        id_, title, amount_minor, percent_bp, products, minimum_minor, start, end = row
        return Coupon(
            id=str(id_),
            title=str(title),
            amount_minor=int(amount_minor),
            percent_bp=int(percent_bp),
            products=tuple(str(products).split()),
            minimum_minor=int(minimum_minor),
            valid_from=str(start),
            valid_to=str(end),
        )

    def categories(self) -> tuple[Category, ...]:
        """Return the categories, in their order on the screen."""
        rows = self._db.execute(
            "SELECT id, nb, nn, en, picture, shown FROM category ORDER BY position"
        )
        return tuple(
            Category(
                id=id_,
                names=(("nb", nb), ("nn", nn), ("en", en), *SINCE_FORMAT_1.get(id_, ())),
                picture=picture,
                shown=bool(shown),
            )
            for id_, nb, nn, en, picture, shown in rows
        )

    def tiles(
        self, category_id: str | None, *, offset: int, limit: int
    ) -> tuple[list[Product], int]:
        """Return a page of the products of a category, most bought first, and how many there are.

        None means all categories. What is not for self-service is never shown.
        """
        where, values = ("", ()) if category_id is None else (" AND p.category = ?", (category_id,))
        page = f"{_SHOWN}{where} ORDER BY p.nr LIMIT ? OFFSET ?"
        rows = self._db.execute(page, (*values, limit, offset)).fetchall()
        if category_id is None:
            return [_product(row) for row in rows], int(self._meta["shown"])
        return [_product(row) for row in rows], int(self._meta.get(f"shown:{category_id}", "0"))

    def search(
        self, query: str, *, category_id: str | None = None, limit: int = 12
    ) -> list[Product]:
        """Return the products whose name or keywords fit what was typed so far, best first.

        Finds beginnings of words, parts of names ("melk" in "Lettmelk") and misspellings, with or
        without æ, ø and å. Empty for an empty query.
        """
        found = (self._one(_BY_NR, nr) for nr in self._search.find(query, category_id, limit))
        return [product for product in found if product is not None]

    def bags(self) -> list[Product]:
        """Return the carrier bags to offer before payment, most bought first."""
        return self.tiles(BAGS, offset=0, limit=10)[0]

    def _one(self, sql: str, key: str | int) -> Product | None:
        row = self._db.execute(sql, (key,)).fetchone()
        return None if row is None else _product(row)

    def _promotion(self, *row: str | int) -> Promotion:
        products = self._db.execute(
            "SELECT product_id FROM promotion_product WHERE promotion_id = ? ORDER BY position",
            (row[0],),
        )
        id_, kind, title, quantity, pay_quantity, percent_bp, price_minor, start, end = row
        return Promotion(
            id=str(id_),
            kind=PromotionKind(str(kind)),
            title=str(title),
            products=tuple(str(product_id) for (product_id,) in products),
            quantity=int(quantity),
            pay_quantity=int(pay_quantity),
            percent_bp=int(percent_bp),
            price_minor=int(price_minor),
            valid_from=str(start),
            valid_to=str(end),
        )


def _recognise(db: sqlite3.Connection, path: Path) -> None:
    db.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    if db.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise CatalogError(f"{path}: this is no catalog but a file of another program.")
    version = db.execute("PRAGMA user_version").fetchone()[0]
    if version != SCHEMA_VERSION:
        raise CatalogError(
            f"{path}: the catalog has tables of version {version}, this program reads "
            f"{SCHEMA_VERSION}. Import it again with this program."
        )


def _product(row: tuple[str | int, ...]) -> Product:
    return Product(
        id=str(row[0]),
        name=str(row[1]),
        unit=Unit(str(row[2])),
        unit_price_minor=int(row[3]),
        vat_code=str(row[4]),
        vat_rate_bp=int(row[5]),
        article_group=str(row[6]),
        category=str(row[7]),
        picture=str(row[8]),
        deposit_minor=int(row[9]),
        age_limit=int(row[10]),
        restrictions=tuple(Restriction(word) for word in str(row[11]).split()),
        quantity_limit=int(row[12]),
        recalled_batches=tuple(str(row[13]).split()),
    )
