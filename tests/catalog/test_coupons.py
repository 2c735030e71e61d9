"""Coupons in the import file and in the catalog."""

import sqlite3
from pathlib import Path

import pytest

from kiosk.catalog import Catalog
from kiosk.catalog.importer import ImportReport, import_file
from kiosk.sale.product import Coupon

from .shop import NOW, PRODUCTS, csv_file

HEADER = "id;codes;title;amount;percent;products;minimum;valid_from;valid_to"


def import_coupons(folder: Path, *rows: str) -> ImportReport:
    coupons = csv_file(folder, *rows, header=HEADER, name="coupons.csv")
    products = csv_file(folder, PRODUCTS)
    return import_file(products, folder / "catalog.sqlite", coupons=coupons, now=NOW)


def test_a_coupon_is_found_by_each_of_its_codes_also_on_other_days(tmp_path: Path) -> None:
    report = import_coupons(
        tmp_path,
        "frukt;9912345678901 KUPONG-25;25 kr på frukt;25;;4011 4082;100,50;2026-11-01;2026-11-30",
        "alt;992;10 %;;10;;;;",
    )
    assert report.imported, report.bad_rows
    assert report.coupons == 2
    assert "2 coupons" in report.in_words()
    with Catalog.open(tmp_path / "catalog.sqlite") as catalog:
        fruit = Coupon(
            id="frukt",
            title="25 kr på frukt",
            amount_minor=2500,
            products=("4011", "4082"),
            minimum_minor=10_050,
            valid_from="2026-11-01",
            valid_to="2026-11-30",
        )
        assert catalog.coupon_of("9912345678901") == fruit
        assert catalog.coupon_of("KUPONG-25") == fruit
        assert catalog.coupon_of("992") == Coupon(id="alt", title="10 %", percent_bp=1000)
        assert catalog.coupon_of("99") is None
        assert catalog.coupon_of("") is None


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ("a;991;t;;;;;;", "amount", "either amount or percent"),
        ("a;991;t;5;5;;;;", "amount", "either amount or percent"),
        ("a;991;t;;101;;;;", "percent", "at most 100"),
        ("a;;t;5;;;;;", "codes", "is missing"),
        ("a;991;t;5;;3;;;", "products", "must not have a coupon"),
        ("a;991;t;5;;77;;;", "products", "is no product of this import"),
        ("a;7038010001659;t;5;;;;;", "codes", "belongs to the product in line 2"),
        ("a;991;t;5;;;;;\nb;991;t;5;;;;;", "codes", "belongs to the coupon in line 2"),
        ("a;991;t;5;;;;;\na;992;t;5;;;;;", "id", "stands in line 2 too"),
        ("a;991;t;5;;;;2026-12-01;2026-11-01", "valid_to", "is before valid_from"),
    ],
)
def test_a_bad_coupon_stops_the_whole_import(
    tmp_path: Path, row: str, column: str, reason: str
) -> None:
    report = import_coupons(tmp_path, row)
    assert not report.imported
    assert [bad.column for bad in report.bad_rows] == [column]
    assert reason in report.bad_rows[0].reason
    assert report.bad_rows[0].file == "coupons.csv"
    assert not (tmp_path / "catalog.sqlite").exists()


def test_a_catalog_from_before_there_were_coupons_has_none(tmp_path: Path) -> None:
    assert import_coupons(tmp_path, "a;991;t;5;;;;;").imported
    with sqlite3.connect(tmp_path / "catalog.sqlite") as db:
        db.execute("DROP TABLE coupon")
        db.execute("DROP TABLE coupon_code")
    db.close()
    with Catalog.open(tmp_path / "catalog.sqlite") as catalog:
        assert catalog.coupon_of("991") is None
        assert catalog.by_code("7038010001659") is not None
