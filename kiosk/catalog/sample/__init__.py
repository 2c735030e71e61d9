"""A sample catalog: a Norwegian grocer's, with made-up companies, to try the kiosk with.

Goods of all kinds: loose fruit and vegetables by PLU, packed goods with GTIN-13, one with GTIN-8
and one with UPC-A, goods of the counter by the references on their labels, a recalled batch, age
limits, deposits, and offers of all four kinds.
"""

from pathlib import Path

_HERE = Path(__file__).parent


def sample_catalog_path() -> Path:
    """Return the file of products, to be imported like any other."""
    return _HERE / "products.csv"


def sample_promotions_path() -> Path:
    """Return the file of promotions on these products."""
    return _HERE / "promotions.csv"


def build_sample(target: Path) -> None:
    """Make the sample catalog at `target`.

    Raises:
        CatalogError: if the sample does not import, with its faults.
    """
    from kiosk.catalog.errors import CatalogError
    from kiosk.catalog.importer import import_file

    report = import_file(sample_catalog_path(), target, promotions=sample_promotions_path())
    if not report.imported:
        raise CatalogError("\n".join([report.in_words(), *map(str, report.bad_rows)]))
