"""The sample shop is complete: what the demonstration and the design's pictures need is there."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from kiosk.catalog import Catalog
from kiosk.catalog.keys import fault_in_gtin
from kiosk.catalog.sample import build_sample, sample_catalog_path
from kiosk.sale.product import PromotionKind, Restriction, Unit

PICTURES = Path(__file__).parents[2] / "kiosk" / "ui" / "assets" / "pictures"


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalog]:
    path = tmp_path_factory.mktemp("sample") / "catalog.sqlite"
    build_sample(path)
    with Catalog.open(path) as catalog:
        yield catalog


def rows() -> list[dict[str, str]]:
    with sample_catalog_path().open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def test_there_are_goods_enough_of_every_kind(catalog: Catalog) -> None:
    assert catalog.count() >= 160
    lengths = {len(code) for row in rows() for code in row["gtins"].split()}
    assert lengths == {8, 12, 13}
    assert catalog.tiles("fruit", offset=0, limit=1)[1] == 44  # four pages of eleven
    assert catalog.tiles("bakery", offset=0, limit=1)[1] >= 20
    assert [bag.name for bag in catalog.bags()] == ["Bærepose papir", "Bærepose plast"]


def test_the_first_page_of_fruit_is_the_designs(catalog: Catalog) -> None:
    page, _ = catalog.tiles("fruit", offset=0, limit=11)
    assert [(tile.name, tile.unit_price_minor, tile.unit) for tile in page] == [
        ("Bananer", 2690, Unit.KILOGRAM),
        ("Røde epler", 3490, Unit.KILOGRAM),
        ("Grønne epler", 3490, Unit.KILOGRAM),
        ("Poteter", 1990, Unit.KILOGRAM),
        ("Gulrøtter", 2490, Unit.KILOGRAM),
        ("Gul løk", 2290, Unit.KILOGRAM),
        ("Tomater", 3990, Unit.KILOGRAM),
        ("Agurk", 2290, Unit.PIECE),
        ("Brokkoli", 2990, Unit.PIECE),
        ("Appelsiner", 3290, Unit.KILOGRAM),
        ("Avokado", 1690, Unit.PIECE),
    ]


@pytest.mark.parametrize(
    ("name", "price_minor", "deposit_minor", "age_limit"),
    [
        ("Lettmelk 1 l", 2390, 0, 0),
        ("Cola uten sukker 1,5 l", 2990, 300, 0),
        ("Kneippbrød 750 g", 3490, 0, 0),
        ("Halvgrovt brød 750 g", 3690, 0, 0),
        ("Yoghurt blåbær 150 g", 1490, 0, 0),
        ("Oppvaskmiddel 500 ml", 3690, 0, 0),
        ("Sjokolade 200 g", 5490, 0, 0),
        ("Pilsner 0,5 l", 2490, 200, 18),
        ("Energidrikk 0,5 l", 2990, 200, 16),
    ],
)
def test_goods_cost_what_the_designs_pictures_say(
    catalog: Catalog, name: str, price_minor: int, deposit_minor: int, age_limit: int
) -> None:
    product = next(product for product in catalog.search(name) if product.name == name)
    assert product.unit_price_minor == price_minor
    assert product.deposit_minor == deposit_minor
    assert product.age_limit == age_limit


def test_vat_is_that_of_food_or_not(catalog: Catalog) -> None:
    products, _ = catalog.tiles(None, offset=0, limit=999)
    for product in products:
        food = product.category not in ("household", "hygiene", "medicine", "tobacco", "bags")
        if product.category == "drinks" and Restriction.ALCOHOL in product.restrictions:
            food = False
        if product.name == "Morsmelkerstatning 700 g":
            food = True
        if product.name != "Dagsavis":
            assert product.vat_code == ("31" if food else "3"), product.name
    paper = next(product for product in products if product.name == "Dagsavis")
    assert (paper.vat_code, paper.vat_rate_bp) == ("5", 0)


def test_counter_goods_are_found_by_the_references_of_their_labels(catalog: Catalog) -> None:
    for reference, name in (("100101", "Gulost fra disk"), ("230215", "Kjøttdeig av storfe")):
        product = catalog.by_code(reference)
        assert product is not None
        assert (product.name, product.unit) == (name, Unit.KILOGRAM)
    chicken = catalog.by_code("07090099700014")
    assert chicken is not None
    assert "L2611A" in chicken.recalled_batches


def test_there_are_offers_of_all_four_kinds(catalog: Catalog) -> None:
    products, _ = catalog.tiles(None, offset=0, limit=999)
    kinds = {
        promotion.kind
        for product in products
        for promotion in catalog.promotions_of(product.id, "2026-11-21")
    }
    assert kinds == set(PromotionKind)
    yoghurt = catalog.search("yoghurt blåbær")[0]
    assert catalog.promotions_of(yoghurt.id, "2026-11-21")[0].title == "3 for 2"


def test_every_code_is_right_and_norwegian_or_said_to_be_imported() -> None:
    for row in rows():
        for code in row["gtins"].split():
            assert fault_in_gtin(code) == "", row["name"]
            assert code.startswith("70") or "import" in row["keywords"], row["name"]


def test_every_picture_that_is_named_is_there_and_clear(catalog: Catalog) -> None:
    names = {row["picture"] for row in rows()} | {c.picture for c in catalog.categories()}
    there = {path.stem for path in PICTURES.glob("*.png")}
    assert names - {""} == there
    for path in PICTURES.glob("*.png"):
        with Image.open(path) as picture:
            assert picture.size == (256, 256), path.name
            corner = picture.convert("RGBA").getpixel((0, 0))
            assert isinstance(corner, tuple)
            assert corner[3] == 0, f"{path.name} has no clear corner"
    assert sum(path.stat().st_size for path in PICTURES.glob("*.png")) < 3_000_000


def test_all_produce_and_bakery_has_a_picture(catalog: Catalog) -> None:
    for category in ("fruit", "bakery"):
        products, _ = catalog.tiles(category, offset=0, limit=99)
        assert all(product.picture for product in products)
