"""A tiny shop to import, for the catalog's tests."""

from datetime import UTC, datetime
from pathlib import Path

from kiosk.catalog import Catalog
from kiosk.catalog.importer import ImportReport, import_file

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)

HEADER = (
    "id;name;gtins;references;price;unit;vat;age;deposit;category;picture;keywords;restrictions;"
    "quantity_limit;article_group;recalled_batches;rank"
)
PRODUCTS = """\
1;Lettmelk 1 l;7038010001659;;23,90;piece;31;;;dairy;milk;melk;;;04006;;2
4011;Bananer;;4011;26.90;kg;31;;;fruit;banana;;;;04006;;1
4082;Rødløk;;4082;27,90;kg;31;;;fruit;red_onion;;;;04006;;5
4665;Gul løk;;4665;22,90;kg;31;;;fruit;onion;;;;04006;;4
3;Pilsner 0,5 l;70912340 036000291452;;24,90;stk;3;18;2;drinks;beer;øl;alcohol;24;04007;;6
4;Snus;7090099000374;;129;;3;18;;tobacco;;;tobacco not_for_self_service;;04013;;
5;Kyllingfilet;7090099700014;;129,90;;31;;;meat;;;;;;L1 L2;7
9;Bærepose;7090099000381;;6,90;;3;;;bags;paper_bag;;;;;;
"""
PROMOTIONS = """\
id;kind;title;products;quantity;pay_quantity;percent;price;valid_from;valid_to
m;n_for_m;3 for 2;1 5;3;2;;;2026-11-01;2026-11-30
p;percent;20 %;1;;;20;;;
b;fixed_bundle;Sammen;4665 4082;;;;40,00;;
u;price;Ukens;4011;;;;19,90;2026-11-21;2026-11-21
"""


def csv_file(folder: Path, *rows: str, header: str = HEADER, name: str = "products.csv") -> Path:
    path = folder / name
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def import_shop(folder: Path) -> ImportReport:
    source = csv_file(folder, PRODUCTS)
    promotions = folder / "promotions.csv"
    promotions.write_text(PROMOTIONS, encoding="utf-8")
    return import_file(source, folder / "catalog.sqlite", promotions=promotions, now=NOW)


def open_shop(folder: Path) -> Catalog:
    report = import_shop(folder)
    assert report.imported, report.bad_rows
    return Catalog.open(folder / "catalog.sqlite")
