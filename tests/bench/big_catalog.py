"""Catalogs far larger than a shop's, made once by the importer itself and kept in bench-out/."""

import csv
from pathlib import Path

from biip.checksums import gs1_standard_check_digit

from kiosk.catalog.importer import import_file

KINDS = ("melk", "brød", "ost", "kaffe", "saft", "grønnsakssuppe", "sjokolade", "såpe", "ris", "te")
TASTES = ("lett", "grov", "mild", "mørk", "økologisk", "rød", "søt", "salt", "ekstra", "vanlig")
SIZES = ("250 g", "500 g", "1 kg", "0,5 l", "1 l", "2 stk", "6 stk", "12 stk")


def gtin13(number: int) -> str:
    """Return the GTIN of the `number`-th product, check digit included."""
    body = f"7099{number:08d}"
    return f"{body}{gs1_standard_check_digit(body)}"


def name_of(number: int) -> str:
    """Return a name that a search has to tell from many like it."""
    kind, taste = KINDS[number % 10], TASTES[number // 10 % 10]
    return f"{taste.capitalize()} {kind} {SIZES[number // 100 % 8]} nr. {number}"


def big_catalog(folder: Path, count: int) -> Path:
    """Return a catalog of `count` products, imported from CSV if it is not there yet."""
    target = folder / f"catalog-{count}.sqlite"
    if target.exists():
        return target
    source = folder / f"catalog-{count}.csv"
    with source.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["id", "name", "gtins", "price", "unit", "vat", "category"])
        for number in range(count):
            price = f"{10 + number % 90},90"
            writer.writerow(
                [str(number + 1), name_of(number), gtin13(number), price, "piece", "31", "pantry"]
            )
    report = import_file(source, target)
    source.unlink()
    if not report.imported:
        raise RuntimeError(report.in_words())
    return target
