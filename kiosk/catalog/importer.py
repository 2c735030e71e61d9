"""Imports a catalog: all of it or nothing, and never under the feet of who reads the old one.

A new database is built beside the old one, made durable and put in its place by renaming. One bad
row, and nothing is put in place: a shop that is short of a price must hear of it before it sells.
"""

import fcntl
import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import sqlite_utils

from kiosk.catalog.categories import CATEGORIES
from kiosk.catalog.coupons import COUPON_COLUMNS, coupon_row
from kiosk.catalog.errors import CatalogError
from kiosk.catalog.offers import PROMOTION_COLUMNS, promotion_row
from kiosk.catalog.reading import BadRow, read_rows
from kiosk.catalog.rows import PRODUCT_COLUMNS, ProductRow, Seen, odd_row, product_row
from kiosk.catalog.schema import CATEGORY_NAMES, create_indexes, create_tables
from kiosk.rules.lookups import rules_on

BATCH_ROWS: Final = 1_000
WORD_CHARS_MIN: Final = 3
"""Shorter words are not offered as the right spelling of another."""

ODD_ROWS_MAX: Final = 20
"""More odd rows than this have one cause; nobody reads on."""

Progress = Callable[[int, int], None]
"""Called with bytes read and bytes in all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """The files of one catalog: CSV or JSON Lines; the columns are in this package's README.md."""

    products: Path
    promotions: Path | None = None
    coupons: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What an import found, and whether it put a new catalog in place."""

    source: Path
    target: Path
    imported: bool
    version: str
    products: int = 0
    codes: int = 0
    promotions: int = 0
    coupons: int = 0
    bad_rows: tuple[BadRow, ...] = ()
    odd_rows: tuple[BadRow, ...] = ()
    """What was taken, but should be looked at: the first of them."""

    def in_words(self) -> str:
        """Return the report in one line; the bad rows are listed apart."""
        if self.imported:
            return (
                f"{self.target}: {self.products} products with {self.codes} codes and "
                f"{self.promotions} promotions are in place{self._and_coupons()}."
            )
        return (
            f"Nothing was imported from {self.source.name}; faults found: {len(self.bad_rows)}. "
            "The catalog in use is untouched. Correct them, then import again."
        )

    def _and_coupons(self) -> str:
        return f", {self.coupons} coupons too" if self.coupons else ""


def import_file(
    source: Path,
    target: Path,
    *,
    promotions: Path | None = None,
    coupons: Path | None = None,
    progress: Progress | None = None,
    now: datetime | None = None,
) -> ImportReport:
    """Make the catalog `target` from files of products, promotions and coupons, as far as given.

    Args:
        source: CSV or JSON Lines; the columns are in this package's README.md.
        target: The catalog's database, replaced in one step.
        promotions: CSV or JSON Lines of promotions on these products.
        coupons: The same of coupons.
        progress: Hears how far the reading is.
        now: Time of the import, UTC: the catalog's version, and the date of the VAT rates.

    Raises:
        CatalogError: another import of the same catalog runs.
        OSError: a file cannot be read or written; the old catalog stays.
    """
    now = now or datetime.now(UTC)
    report = ImportReport(
        source=source,
        target=target,
        imported=False,
        version=now.isoformat(timespec="microseconds"),
    )
    with _draft_beside(target) as draft:
        db = sqlite_utils.Database(draft)
        try:
            # A draft that does not get finished is thrown away, so it needs no journal of its own.
            db.execute("PRAGMA journal_mode = OFF")
            db.execute("PRAGMA synchronous = OFF")
            sources = Sources(products=source, promotions=promotions, coupons=coupons)
            build = _Build(db, sources, now.astimezone().date(), progress)
            with db.atomic():
                report = build.run(report)
        finally:
            db.close()
        if report.imported:
            _put_in_place(draft, target)
    return report


@contextmanager
def _draft_beside(target: Path) -> Iterator[Path]:
    """Give an empty file that only we write; take it away unless it was renamed."""
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(target.name + ".new")
    fd = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CatalogError(f"{target}: another import is running. Wait for its end.") from error
        os.ftruncate(fd, 0)
        try:
            yield draft
        finally:
            draft.unlink(missing_ok=True)
    finally:
        os.close(fd)


def _put_in_place(draft: Path, target: Path) -> None:
    _sync(draft)
    draft.rename(target)
    _sync(target.parent)


def _sync(path: Path) -> None:
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


class _Build:
    """One import under way."""

    def __init__(
        self,
        db: sqlite_utils.Database,
        sources: Sources,
        today: date,
        progress: Progress | None,
    ) -> None:
        self._db = db
        self._source = sources.products
        self._promotions = sources.promotions
        self._coupons = sources.coupons
        self._rules = rules_on(today)
        self._progress = progress
        self._seen = Seen()
        self._bad: list[BadRow] = []
        self._odd: list[BadRow] = []
        self._words: Counter[str] = Counter()
        self._shown: Counter[str] = Counter()

    def run(self, report: ImportReport) -> ImportReport:
        """Fill the tables and return the completed report."""
        create_tables(self._db)
        batch: list[ProductRow] = []
        for row in self._product_rows():
            batch.append(row)
            if len(batch) == BATCH_ROWS:
                self._insert(batch)
                batch = []
        self._insert(batch)
        if not self._seen.ids and not self._bad:
            reason = "has no products"
            self._bad.append(
                BadRow(file=self._source.name, line=1, column="", value="", reason=reason)
            )
        promotions = self._insert_promotions()
        coupons = self._insert_coupons()
        if self._bad:
            return replace(report, bad_rows=tuple(self._bad))
        report = replace(
            report,
            imported=True,
            products=len(self._seen.ids),
            codes=len(self._seen.codes),
            promotions=promotions,
            coupons=coupons,
            odd_rows=tuple(self._odd),
        )
        self._finish(report)
        return report

    def _product_rows(self) -> Iterator[ProductRow]:
        size = self._source.stat().st_size
        for count, raw in enumerate(read_rows(self._source, PRODUCT_COLUMNS)):
            if isinstance(raw, BadRow):
                self._bad.append(raw)
                continue
            row, bad = product_row(raw, self._source.name, self._seen, self._rules)
            self._bad += bad
            if row and len(self._odd) < ODD_ROWS_MAX:
                self._odd += odd_row(row, self._source.name, raw.line, self._rules)
            if row and not self._bad:
                yield row
            if self._progress and count % BATCH_ROWS == 0:
                self._progress(raw.end, size)
        if self._progress:
            self._progress(size, size)

    def _insert(self, rows: list[ProductRow]) -> None:
        if not rows:
            return
        self._table("product").insert_all([row.product for row in rows])
        self._table("code").insert_all(
            {"key": code, "product_nr": row.product["nr"]} for row in rows for code in row.codes
        )
        self._db.conn.executemany(
            "INSERT INTO name_word (rowid, name, keywords) VALUES (?, ?, ?)",
            [(row.product["nr"], row.name_words, row.keywords) for row in rows],
        )
        self._db.conn.executemany(
            "INSERT INTO name_part (rowid, name) VALUES (?, ?)",
            [(row.product["nr"], row.name_part) for row in rows],
        )
        for row in rows:
            if row.product["shown"]:
                self._shown[row.product["category"]] += 1
                self._words.update(f"{row.name_part} {row.keywords}".split())

    def _insert_promotions(self) -> int:
        lines: dict[str, int] = {}
        if self._promotions is None:
            return 0
        for raw in read_rows(self._promotions, PROMOTION_COLUMNS):
            if isinstance(raw, BadRow):
                self._bad.append(raw)
                continue
            values, bad = promotion_row(raw, self._promotions.name, self._seen, lines)
            self._bad += bad
            if values and not self._bad:
                self._insert_promotion(values)
        return len(lines)

    def _insert_promotion(self, values: dict[str, Any]) -> None:
        products = values.pop("products")
        values["percent_bp"] = values.pop("percent")
        values["price_minor"] = values.pop("price")
        self._table("promotion").insert(values)
        self._table("promotion_product").insert_all(
            {"product_id": product_id, "promotion_id": values["id"], "position": position}
            for position, product_id in enumerate(products)
        )

    def _insert_coupons(self) -> int:
        lines: dict[str, int] = {}
        codes: dict[str, int] = {}
        if self._coupons is None:
            return 0
        for raw in read_rows(self._coupons, COUPON_COLUMNS):
            if isinstance(raw, BadRow):
                self._bad.append(raw)
                continue
            values, bad = coupon_row(raw, self._coupons.name, self._seen, lines, codes)
            self._bad += bad
            if values and not self._bad:
                self._insert_coupon(values)
        return len(lines)

    def _insert_coupon(self, values: dict[str, Any]) -> None:
        codes = values.pop("codes")
        values["amount_minor"] = values.pop("amount")
        values["percent_bp"] = values.pop("percent")
        values["minimum_minor"] = values.pop("minimum")
        values["products"] = " ".join(values["products"])
        self._table("coupon").insert(values)
        self._table("coupon_code").insert_all(
            {"code": code, "coupon_id": values["id"]} for code in dict.fromkeys(codes)
        )

    def _finish(self, report: ImportReport) -> None:
        self._table("category").insert_all(
            {
                "position": position,
                "id": category.id,
                **{code: name for code, name in category.names if code in CATEGORY_NAMES},
                "picture": category.picture,
                "shown": int(category.shown),
            }
            for position, category in enumerate(CATEGORIES)
        )
        self._table("word").insert_all(
            {"text": text, "products": products}
            for text, products in self._words.items()
            if len(text) >= WORD_CHARS_MIN and text.isascii() and not text[0].isdigit()
        )
        meta: dict[str, object] = {
            "version": report.version,
            "products": report.products,
            "shown": self._shown.total(),
        }
        # Counted once here: the look-up asks how many pages there are at every key press.
        meta |= {f"shown:{category}": count for category, count in self._shown.items()}
        self._table("meta").insert_all(
            {"name": name, "value": str(value)} for name, value in meta.items()
        )
        create_indexes(self._db)

    def _table(self, name: str) -> Any:
        return self._db[name]
