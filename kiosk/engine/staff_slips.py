"""Slips that staff get on paper. None is a receipt, and each says so. In Norwegian."""

from collections.abc import Mapping
from datetime import datetime

from drivers.contracts import DeviceStateChanged
from kiosk.fiscal.amounts import amount, kilograms
from kiosk.fiscal.layout import CodeRow, ColumnsRow, CutRow, Row, RuleRow, Size, TextRow
from kiosk.fiscal.texts import items
from kiosk.sale.state import Line, Sale
from kiosk.sale.totals import totals

NOT_A_RECEIPT = "Dette er ikke en kvittering."
MOVED = "SK-M:"
"""What the code of a slip for a staffed till begins with; the sale's id follows."""


def suspended(sale: Sale, code: str, short: str, till: str) -> list[Row]:
    """Return the slip of a sale that was set aside: its code, how many goods, no prices."""
    count = totals(sale).item_count
    return [
        TextRow("Satt til side", Size.LARGE, centered=True),
        TextRow(NOT_A_RECEIPT, Size.NORMAL, centered=True),
        RuleRow(),
        TextRow(f"Kasse {till}", Size.NORMAL, centered=False),
        TextRow(f"{count} varer. Varene er ikke betalt.", Size.NORMAL, centered=False),
        CodeRow(code, f"Kode {short}"),
        CutRow(),
    ]


def moved(sale: Sale, till: str) -> list[Row]:
    """Return the slip that a staffed till keys in: each thing with its code, and all of it."""
    sums = totals(sale)
    rows: list[Row] = [
        TextRow("Til betjent kasse", Size.LARGE, centered=True),
        TextRow(NOT_A_RECEIPT, Size.NORMAL, centered=True),
        TextRow(f"Fra kasse {till}. Varene er ikke betalt.", Size.NORMAL, centered=False),
        RuleRow(),
    ]
    for line in sale.live_lines:
        rows += _moved_line(line)
    rows += [TextRow(f"Kupong: {shown.coupon.title}") for shown in sale.coupons]
    rows += [
        RuleRow(),
        ColumnsRow((items(sums.item_count), f"{amount(sums.total_minor)} kr"), Size.BOLD),
        CodeRow(f"{MOVED}{sale.id}", "Varene på denne lappen"),
        CutRow(),
    ]
    return rows


def _moved_line(line: Line) -> list[Row]:
    count = kilograms(line.weight_g) if line.weight_g is not None else f"{line.quantity} stk"
    return [
        ColumnsRow((line.product.name, count), Size.BOLD, 0),
        ColumnsRow((line.code or line.product.id, amount(line.price_minor)), Size.NORMAL, 2),
    ]


def device_check(
    states: Mapping[str, DeviceStateChanged | None], at_local: datetime, till: str
) -> list[Row]:
    """Return the result of a device check."""
    rows: list[Row] = [
        TextRow("Kontroll av enheter", Size.LARGE, centered=True),
        TextRow(NOT_A_RECEIPT, Size.NORMAL, centered=True),
        TextRow(f"Kasse {till}, {at_local:%d.%m.%Y %H.%M}", Size.NORMAL, centered=False),
        RuleRow(),
    ]
    for name, said in states.items():
        rows.append(ColumnsRow((name, said.state.value if said else "silent"), Size.NORMAL, 0))
        if said and said.reason:
            rows.append(TextRow(said.reason, Size.NORMAL, centered=False))
    return [*rows, CutRow()]
