import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.catalog import Catalog, CatalogError
from kiosk.catalog.categories import CATEGORIES
from kiosk.sale.product import Product, Promotion, PromotionKind, Restriction, Unit

from .shop import csv_file, import_shop, open_shop


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with open_shop(tmp_path) as catalog:
        yield catalog


def test_a_product_comes_back_whole(catalog: Catalog) -> None:
    assert catalog.by_id("3") == Product(
        id="3",
        name="Pilsner 0,5 l",
        unit=Unit.PIECE,
        unit_price_minor=2490,
        vat_code="3",
        vat_rate_bp=2500,
        article_group="04007",
        category="drinks",
        picture="beer",
        deposit_minor=200,
        age_limit=18,
        restrictions=(Restriction.ALCOHOL,),
        quantity_limit=24,
    )
    chicken = catalog.by_id("5")
    assert chicken is not None
    assert chicken.recalled_batches == ("L1", "L2")
    assert catalog.by_id("none") is None


@pytest.mark.parametrize(
    ("code", "product_id"),
    [
        ("7038010001659", "1"),
        ("07038010001659", "1"),  # GTIN-14 of an element string
        ("70912340", "3"),  # GTIN-8
        ("0000070912340", "3"),
        ("036000291452", "3"),  # UPC-A, the same product's other code
        ("0036000291452", "3"),
        ("4011", "4011"),  # PLU
        ("004011", "4011"),  # the same on a label of six digits
        ("7038010001658", None),
        ("17038010001656", None),  # a case of it is not the piece
        ("", None),
        ("0", None),
        ("12345678901234567890", None),
        ("40-11", None),
        ("４０１１", None),
        ("123456789", None),
    ],
)
def test_any_way_to_write_a_code_finds_its_product(
    catalog: Catalog, code: str, product_id: str | None
) -> None:
    product = catalog.by_code(code)
    assert (product.id if product else None) == product_id


def test_promotions_are_those_of_the_day(catalog: Catalog) -> None:
    three_for_two = Promotion(
        id="m",
        kind=PromotionKind.N_FOR_M,
        title="3 for 2",
        products=("1", "5"),
        quantity=3,
        pay_quantity=2,
        valid_from="2026-11-01",
        valid_to="2026-11-30",
    )
    percent = Promotion(
        id="p", kind=PromotionKind.PERCENT, title="20 %", products=("1",), percent_bp=2000
    )
    assert catalog.promotions_of("1", "2026-11-01") == (three_for_two, percent)
    assert catalog.promotions_of("1", "2026-11-30") == (three_for_two, percent)
    assert catalog.promotions_of("1", "2026-12-01") == (percent,)
    assert catalog.promotions_of("1", "2026-10-31") == (percent,)
    assert [p.price_minor for p in catalog.promotions_of("4011", "2026-11-21")] == [1990]
    assert catalog.promotions_of("4011", "2026-11-22") == ()
    assert catalog.promotions_of("4082", "2026-11-21")[0].products == ("4665", "4082")
    assert catalog.promotions_of("3", "2026-11-21") == ()


def test_tiles_are_most_bought_first_and_never_what_is_not_for_self_service(
    catalog: Catalog,
) -> None:
    fruit, total = catalog.tiles("fruit", offset=0, limit=2)
    assert ([product.name for product in fruit], total) == (["Bananer", "Gul løk"], 3)
    rest, total = catalog.tiles("fruit", offset=2, limit=2)
    assert ([product.name for product in rest], total) == (["Rødløk"], 3)
    assert catalog.tiles("tobacco", offset=0, limit=9) == ([], 0)
    everything, total = catalog.tiles(None, offset=0, limit=99)
    assert total == len(everything) == catalog.count() - 1
    assert everything[-1].name == "Bærepose"  # no rank: after all that have one


def test_bags_and_categories(catalog: Catalog) -> None:
    assert [bag.id for bag in catalog.bags()] == ["9"]
    assert catalog.categories() == CATEGORIES
    fruit = catalog.categories()[0]
    assert (fruit.id, dict(fruit.names)["en"], fruit.picture) == (
        "fruit",
        "Fruit and veg",
        "red_apple",
    )
    assert dict(fruit.names)["uk"] == "Фрукти й овочі", "a language without a column of its own"


def test_a_new_catalog_swaps_in_while_the_old_one_is_read(tmp_path: Path) -> None:
    with open_shop(tmp_path) as old:
        import_shop(tmp_path)
        row = "1;Lettmelk 1 l;7038010001659;;99,00;piece;31;;;dairy;milk;melk;;;04006;;2"
        csv_file(tmp_path, row)
        from kiosk.catalog.importer import import_file

        assert import_file(tmp_path / "products.csv", tmp_path / "catalog.sqlite").imported
        milk = old.by_code("7038010001659")
        assert milk is not None
        assert (milk.unit_price_minor, old.count()) == (2390, 8)
        assert [product.id for product in old.search("lettm")] == ["1"]
        with Catalog.open(tmp_path / "catalog.sqlite") as new:
            milk = new.by_code("7038010001659")
            assert milk is not None
            assert (milk.unit_price_minor, new.count()) == (9900, 1)
            assert new.version > old.version


def test_a_catalog_that_is_taken_away_goes_on_working(catalog: Catalog) -> None:
    catalog.path.unlink()
    assert catalog.by_id("1") is not None


def test_what_is_no_catalog_is_refused_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "catalog.sqlite"
    with pytest.raises(CatalogError, match="Make one with 'kiosk catalog import"):
        Catalog.open(path)
    path.write_bytes(b"no database at all, but long enough to be one" * 100)
    with pytest.raises(CatalogError, match="Import it again"):
        Catalog.open(path)
    path.unlink()
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE t (a)")
    db.close()
    with pytest.raises(CatalogError, match="another program"):
        Catalog.open(path)


def test_a_catalog_of_other_tables_is_refused(tmp_path: Path) -> None:
    import_shop(tmp_path)
    path = tmp_path / "catalog.sqlite"
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 9")
    db.close()
    with pytest.raises(CatalogError, match="Import it again with this program"):
        Catalog.open(path)
