import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kiosk.catalog import Catalog, CatalogError
from kiosk.catalog.commands import catalog_app
from kiosk.catalog.importer import import_file
from kiosk.catalog.offers import PROMOTION_FIELDS
from kiosk.catalog.reading import BadRow
from kiosk.catalog.rows import PRODUCT_FIELDS

from .shop import HEADER, NOW, PROMOTIONS, csv_file, import_shop, open_shop

REPOSITORY = Path(__file__).parents[2]
MINIMAL = "id;name;price;vat"


def faults(folder: Path, *rows: str, header: str = HEADER) -> list[tuple[int, str, str, str]]:
    """Import rows that are expected to be refused; return line, column, value and reason."""
    report = import_file(csv_file(folder, *rows, header=header), folder / "c.sqlite", now=NOW)
    assert not report.imported
    assert not (folder / "c.sqlite").exists()
    return [(bad.line, bad.column, bad.value, bad.reason) for bad in report.bad_rows]


BAD_FIELDS = [
    ("id", "", "is missing"),
    ("id", "a b", "is no id"),
    ("id", "x" * 36, "is no id"),
    ("name", "", "is missing"),
    ("name", "x" * 81, "81 characters"),
    ("name", "bell\x07", "cannot be printed"),
    ("gtins", "7038010001658", "has check digit 8, and 9 is right"),
    ("gtins", "123", "has 3 digits"),
    ("gtins", "703801000165X", "has other signs than digits"),
    ("references", "12345678", "is no reference"),
    ("references", "000", "is no reference"),
    ("price", "", "is missing"),
    ("price", "0", "must be more than 0"),
    ("price", "-5", "is no amount"),
    ("price", "1 000", "is no amount"),
    ("price", "12,345", "is no amount"),
    ("price", "9999999", "more than a million"),
    ("price", "kr 5", "is no amount"),
    ("unit", "liter", "is none of"),
    ("vat", "", "is missing"),
    ("vat", "25", "is none of"),
    ("age", "atten", "is no whole number"),
    ("age", "-1", "is no whole number"),
    ("deposit", "2,000", "is no amount"),
    ("category", "fruits", "is none of fruit, bakery"),
    ("picture", "../etc", "is no picture's name"),
    ("restrictions", "alcohol wine", "'wine' is none of"),
    ("quantity_limit", "1.5", "is no whole number"),
    ("article_group", "4006", "is no SAF-T article group"),
    ("rank", "first", "is no whole number"),
]


def row(**changed: str) -> str:
    values = {"id": "1", "name": "Vare", "price": "10", "vat": "31"} | changed
    return ";".join(values.get(name, "") for name in HEADER.split(";"))


@pytest.mark.parametrize(("column", "value", "reason"), BAD_FIELDS)
def test_a_bad_field_is_told_with_line_column_value_and_reason(
    tmp_path: Path, column: str, value: str, reason: str
) -> None:
    (fault,) = faults(tmp_path, row(id="good"), row(**{column: value}))
    assert fault[:3] == (3, column, value)
    assert reason in fault[3]


def test_all_bad_rows_are_listed_and_nothing_is_imported(tmp_path: Path) -> None:
    rows = [row(id=str(number), **{column: value}) if column != "id" else row(id=value)
            for number, (column, value, _) in enumerate(BAD_FIELDS)]  # fmt: skip
    rows[10:10] = [row(id="fine")]
    found = faults(tmp_path, *rows)
    lines = [line for line, *_ in found]
    assert lines == [line for line in range(2, 2 + len(rows)) if line != 12]


@pytest.mark.parametrize(
    ("changed", "column", "reason"),
    [
        ({"restrictions": "alcohol", "age": "16"}, "age", "at least 18 for alcohol"),
        ({"restrictions": "energy_drink"}, "age", "at least 16 for energy_drink"),
        ({"restrictions": "tobacco", "age": "18"}, "restrictions", "must be not_for_self_service"),
        ({"unit": "kg", "deposit": "2"}, "deposit", "for pieces"),
    ],
)
def test_what_the_law_forbids_is_refused(
    tmp_path: Path, changed: dict[str, str], column: str, reason: str
) -> None:
    (fault,) = faults(tmp_path, row(**changed))
    assert fault[:2] == (2, column)
    assert reason in fault[3]


def test_ids_and_codes_belong_to_one_product(tmp_path: Path) -> None:
    found = faults(
        tmp_path,
        row(id="1", gtins="7038010001659", references="77"),
        row(id="2", gtins="07038010001659"),
        row(id="3", references="0077"),
        row(id="1"),
    )
    assert found == [
        (3, "gtins", "7038010001659", "belongs to the product in line 2"),
        (4, "references", "77", "belongs to the product in line 2"),
        (5, "id", "1", "stands in line 2 too"),
    ]


def test_the_wrong_number_of_fields_is_told(tmp_path: Path) -> None:
    found = faults(tmp_path, "1;Vare;10", "1;Vare;10;31;;", header=MINIMAL)
    assert [(line, reason) for line, _, _, reason in found] == [
        (2, "has 3 fields, and the header has 4"),
        (3, "has 6 fields, and the header has 4"),
    ]


@pytest.mark.parametrize(
    ("header", "value", "reason"),
    [
        ("id;name;prise;vat", "prise", "is no column; there are age, article_group"),
        ("id;name;price;vat;price", "price", "stands twice"),
        ("", "", "has no header"),
    ],
)
def test_a_header_that_is_not_understood_is_told(
    tmp_path: Path, header: str, value: str, reason: str
) -> None:
    (fault,) = faults(tmp_path, "1;Vare;10;31", header=header)
    assert (fault[0], fault[2]) == (1, value)
    assert reason in fault[3]


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_csv_of_many_makes_is_read(
    tmp_path: Path, separator: str, start: bytes, end: bytes
) -> None:
    lines = ["ID|Name|Price|VAT", '1|"Blåbær, ""ville""; 1 l"|12.90|31', "", "2|Melk|5|31"]
    text = [line.replace("|", separator) for line in lines]
    source = tmp_path / "products.csv"
    source.write_bytes(start + end.join(line.encode() for line in text) + end)
    report = import_file(source, tmp_path / "c.sqlite")
    assert report.imported, report.bad_rows
    with Catalog.open(tmp_path / "c.sqlite") as catalog:
        product = catalog.by_id("1")
        assert product is not None
        assert product.name == 'Blåbær, "ville"; 1 l'
        assert product.unit_price_minor == 1290


def test_json_lines_are_read_and_their_faults_told(tmp_path: Path) -> None:
    source = tmp_path / "products.jsonl"
    good = {"id": "1", "name": "Melk", "price": 23.9, "vat": 31, "gtins": ["7038010001659"]}
    source.write_text(json.dumps(good) + "\n\n", encoding="utf-8")
    assert import_file(source, tmp_path / "c.sqlite").imported
    with Catalog.open(tmp_path / "c.sqlite") as catalog:
        milk = catalog.by_code("7038010001659")
        assert milk is not None
        assert milk.unit_price_minor == 2390
    bad = ["{", "[]", '{"id": true}', '{"colour": "red"}', json.dumps(good | {"price": 1.234})]
    source.write_text("\n".join(bad), encoding="utf-8")
    report = import_file(source, tmp_path / "c.sqlite")
    assert not report.imported
    assert [bad_row.line for bad_row in report.bad_rows] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("promotion", "column", "reason"),
    [
        ("m;n_for_m;t;1;2;2;;;;", "pay_quantity", "must be less than quantity"),
        ("m;n_for_m;t;1;;2;;;;", "quantity", "is needed for n_for_m"),
        ("m;percent;t;1;;;120;;;", "percent", "at most 100"),
        ("m;percent;t;1;;;20;5;;", "price", "means nothing for percent"),
        ("m;price;t;99;;;;5;;", "products", "is no product of this import"),
        ("m;price;t;3;;;;5;;", "products", "must not have an offer"),
        ("m;price;t;1 1;;;;5;;", "products", "names a product twice"),
        ("m;price;t;1;;;;5;2026-11-30;2026-11-01", "valid_to", "is before valid_from"),
        ("m;price;t;1;;;;5;30.11.2026;", "valid_from", "is no date"),
        ("m;gift;t;1;;;;5;;", "kind", "is none of n_for_m"),
        ("m;price;t;1;;;;5;;\nm;price;t;1;;;;6;;", "id", "stands in line 2 too"),
    ],
)
def test_a_bad_promotion_stops_the_whole_import(
    tmp_path: Path, promotion: str, column: str, reason: str
) -> None:
    assert import_shop(tmp_path).imported
    before = (tmp_path / "catalog.sqlite").read_bytes()
    promotions = tmp_path / "promotions.csv"
    promotions.write_text(PROMOTIONS.splitlines()[0] + "\n" + promotion + "\n", encoding="utf-8")
    report = import_file(
        tmp_path / "products.csv", tmp_path / "catalog.sqlite", promotions=promotions
    )
    assert not report.imported
    assert [bad.column for bad in report.bad_rows] == [column]
    assert reason in report.bad_rows[0].reason
    assert report.bad_rows[0].file == "promotions.csv"
    assert (tmp_path / "catalog.sqlite").read_bytes() == before


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("suffix", ["csv", "jsonl"])
def test_random_bytes_are_refused_in_words(tmp_path: Path, seed: int, suffix: str) -> None:
    chance = random.Random(seed)
    start = f"{MINIMAL}\n".encode() if suffix == "csv" and seed % 2 else b""
    source = tmp_path / f"products.{suffix}"
    source.write_bytes(start + chance.randbytes(chance.randrange(1, 5000)))
    report = import_file(source, tmp_path / "c.sqlite")
    assert not report.imported, f"seed={seed}"
    assert report.bad_rows, f"seed={seed}"
    assert all(str(bad) for bad in report.bad_rows)
    assert list(tmp_path.iterdir()) == [source], f"seed={seed}"


def test_text_that_is_not_utf_8_is_told_with_its_place(tmp_path: Path) -> None:
    source = tmp_path / "products.csv"
    source.write_bytes(MINIMAL.encode() + b"\n1;Bl\xe5b\xe6r;10;31\n")  # Latin-1
    report = import_file(source, tmp_path / "c.sqlite")
    (bad,) = report.bad_rows
    assert (bad.line, bad.value[:2]) == (2, "e5")
    assert "is not UTF-8, at byte 5 of the line; save the file as UTF-8" in bad.reason


@pytest.mark.parametrize("content", ["", MINIMAL + "\n", "\n\n"])
def test_a_file_without_products_is_no_catalog(tmp_path: Path, content: str) -> None:
    source = tmp_path / "products.csv"
    source.write_text(content, encoding="utf-8")
    report = import_file(source, tmp_path / "c.sqlite")
    assert not report.imported
    assert report.bad_rows


def test_two_imports_at_once_do_not_mix(tmp_path: Path) -> None:
    source = csv_file(tmp_path, row())
    script = (
        "import fcntl,os,sys\n"
        f"fd = os.open({str(tmp_path / 'c.sqlite.new')!r}, os.O_RDWR | os.O_CREAT)\n"
        "fcntl.flock(fd, fcntl.LOCK_EX)\nprint('held', flush=True)\nsys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(CatalogError, match="another import is running"):
            import_file(source, tmp_path / "c.sqlite")
        holder.communicate(b"")
    assert import_file(source, tmp_path / "c.sqlite").imported


def test_an_import_that_was_killed_leaves_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "catalog.sqlite.new").write_bytes(os.urandom(9000))
    with open_shop(tmp_path) as catalog:
        assert catalog.count() == 8
    assert not (tmp_path / "catalog.sqlite.new").exists()


def test_progress_ends_at_the_end_of_the_file(tmp_path: Path) -> None:
    heard: list[tuple[int, int]] = []
    source = csv_file(tmp_path, *[row(id=str(number)) for number in range(2500)])
    import_file(
        source, tmp_path / "c.sqlite", progress=lambda done, total: heard.append((done, total))
    )
    size = source.stat().st_size
    assert heard[-1] == (size, size)
    assert len(heard) == 4
    assert heard == sorted(heard)


def test_every_column_is_documented() -> None:
    text = (REPOSITORY / "kiosk" / "catalog" / "README.md").read_text(encoding="utf-8")
    for name in (*PRODUCT_FIELDS, *PROMOTION_FIELDS):
        assert f"| `{name}` |" in text, name


def test_a_long_value_is_shortened_in_the_report() -> None:
    bad = BadRow(file="f", line=3, column="name", value="x" * 500, reason="is long")
    assert len(str(bad)) < 100


def test_the_command_lists_every_fault_and_fails(tmp_path: Path) -> None:
    source = csv_file(tmp_path, row(), row(id="2", price="x"), row(id="3", vat="9"))
    target = tmp_path / "c.sqlite"
    result = CliRunner().invoke(catalog_app, ["import", str(source), "--catalog", str(target)])
    assert result.exit_code == 1
    assert "products.csv, line 3, price: 'x' is no amount" in result.output
    assert "products.csv, line 4, vat: '9' is none of" in result.output
    assert "Nothing was imported from products.csv; faults found: 2." in result.output
    source = csv_file(tmp_path, row())
    result = CliRunner().invoke(catalog_app, ["import", str(source), "--catalog", str(target)])
    assert result.exit_code == 0
    assert "1 products with 0 codes and 0 promotions are in place." in result.output
    result = CliRunner().invoke(catalog_app, ["import", str(tmp_path / "none.csv")])
    assert result.exit_code == 1
    assert "No such file or directory. Nothing was imported." in result.output
