"""What stands on the bench's shelf, and the verbs that its page may send to each far end."""

import csv
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from biip.checksums import gs1_standard_check_digit

from kiosk.catalog.sample import sample_catalog_path

VERBS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "scanner": frozenset({"scan", "unplug", "plug_in"}),
        "scale": frozenset({"put_on", "take_off", "wobble", "overload", "unplug", "plug_in"}),
        "bag_scale": frozenset({"unplug", "plug_in"}),
        "badge": frozenset({"unplug", "plug_in"}),
        "light": frozenset({"unplug", "plug_in"}),
        "vipps": frozenset({"unplug", "plug_in"}),
        "klarna": frozenset({"unplug", "plug_in"}),
        "strex": frozenset({"unplug", "plug_in"}),
        "terminal": frozenset(
            {
                "tap_card", "insert_card", "type_pin", "wrong_pin", "press_red", "walk_away",
                "decline", "unplug", "plug_in", "reboot", "answer_late", "lose_next_answer",
                "answer_twice", "answer_with_amount", "approve_partially", "answer_garbage",
                "never_answer",
            }
        ),
        "printer": frozenset(
            {
                "paper_low", "paper_out", "paper_out_after", "load_paper", "open_cover",
                "close_cover", "jam_cutter", "free_cutter", "unplug", "plug_in", "lose_power",
                "power_on",
            }
        ),
    }
)  # fmt: skip


def _button(verb: str, label: str, *, next_step: bool = False, **arguments: Any) -> dict[str, Any]:
    return {"verb": verb, "label": label, "args": arguments, "next": next_step}


CARD_VERBS = [
    _button("tap_card", "Tap the card", next_step=True),
    _button("insert_card", "Insert the card"),
    _button("type_pin", "Right PIN", pin="1234"),
    _button("wrong_pin", "Wrong PIN"),
    _button("decline", "Bank will decline"),
    _button("press_red", "Red key"),
    _button("walk_away", "Walk away"),
]
CARD_FAULTS = [
    _button("lose_next_answer", "Lose the next answer"),
    _button("answer_late", "Answer 8 s late", seconds=8),
    _button("answer_twice", "Answer twice"),
    _button("answer_with_amount", "Charge 1 kr instead", minor=100),
    _button("approve_partially", "Approve 10 kr only", minor=1000),
    _button("answer_garbage", "Answer garbage"),
    _button("reboot", "Reboot"),
]
PRINTER_VERBS = [
    _button("paper_low", "Paper low"),
    _button("paper_out", "Paper out"),
    _button("paper_out_after", "Out after 10 lines", lines=10),
    _button("load_paper", "Load paper"),
    _button("open_cover", "Open the cover"),
    _button("close_cover", "Close the cover"),
]
FNC1 = "\x1d"
PRICE_ØRE = 8450
WEIGHT_G = 486
"""What the counter's own scale is taken to have weighed for the labels on the shelf."""


def shelf_goods() -> list[dict[str, Any]]:
    """Return what can be scanned: number on the shelf, product's id and name, picture, code.

    The code is `text`, its AIM identifier `aim`, and its `kind` in words. `grams` is what a label
    was made for, 0 for goods whose pieces weigh what their product weighs.
    """
    with sample_catalog_path().open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    goods = [(row, *code) for row in rows for code in _codes(row)]
    return [
        {
            "number": number,
            "id": row["id"],
            "name": row["name"],
            "picture": row["picture"],
            "text": text,
            "aim": aim,
            "kind": kind,
            "grams": _label_g(kind, row["price"]),
        }
        for number, (row, text, aim, kind) in enumerate(goods)
    ]


def _label_g(kind: str, price: str) -> int:
    if kind == "weight label":
        return WEIGHT_G
    return round(PRICE_ØRE * 10 / float(price.replace(",", "."))) if kind == "price label" else 0


def _codes(row: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    for gtin in row["gtins"].split():
        if row["recalled_batches"]:
            batches = ["K2647", row["recalled_batches"].split()[0]]
            yield datamatrix(gtin, batch=batches[0], expiry="271231"), "]d2", "DataMatrix"
            yield datamatrix(gtin, batch=batches[1], expiry="271231"), "]d2", "recalled batch"
            yield datamatrix(gtin, batch=batches[0], expiry="200101"), "]d2", "expired"
        kind = {8: "EAN-8", 12: "UPC-A"}.get(len(gtin), "EAN-13")
        yield gtin.zfill(13) if len(gtin) == 12 else gtin, "]E4" if kind == "EAN-8" else "]E0", kind
    for reference in row["references"].split():
        if len(reference) == 6:
            if reference.startswith("1"):
                yield label("20", reference, PRICE_ØRE), "]E0", "price label"
            else:
                yield label("23", reference, WEIGHT_G), "]E0", "weight label"


def label(prefix: str, reference: str, value: int) -> str:
    """Return a label of the shop's own scale: prefix, item reference, four digits, check digit."""
    body = f"{prefix}{reference}{value:04d}"
    return f"{body}{gs1_standard_check_digit(body)}"


def datamatrix(gtin: str, *, batch: str, expiry: str) -> str:
    """Return an element string: GTIN (01), expiry (17, YYMMDD) and batch (10)."""
    return f"01{gtin.zfill(14)}17{expiry}10{batch}{FNC1}"
