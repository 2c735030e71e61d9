"""One line of the receipt that grows: name, amount, and the second lines under it."""

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from kiosk.engine.view import Flag, LineView
from kiosk.sale.product import Unit
from kiosk.ui.i18n import Translator, money, weight


class RowKind(StrEnum):
    """What a second line tells; each but DETAIL has its own sign."""

    DETAIL = "detail"
    DEPOSIT = "deposit"
    OFFER = "offer"
    AGE = "age"
    STAFF = "staff"


@dataclass(frozen=True, slots=True, kw_only=True)
class RowModel:
    """A second line: sign, text, and an amount at the right where it has one of its own."""

    kind: RowKind
    sign: str
    text: str
    amount: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineModel:
    """One line. `is_open` shows its controls; `added` is "Lagt til nå" on the newest."""

    line_id: int
    name: str
    picture: str
    category: str
    amount: str
    rows: tuple[RowModel, ...]
    is_open: bool
    added: str
    """Empty unless the line has just been added."""
    quantity: int
    countable: bool
    """Whether minus and plus apply."""
    remove: str
    sign: str = "basket"
    """In place of a picture."""


# A scan changes one line of many; the others come from here, already worded.
@lru_cache(maxsize=1024)
def present_line(line: LineView, is_open: bool, just_added: bool, words: Translator) -> LineModel:
    """Return a line with its words."""
    return LineModel(
        line_id=line.line_id,
        name=line.name,
        picture=line.picture,
        category=line.category,
        amount=money(line.amount_minor) if line.amount_minor or not line.is_coupon else "",
        rows=tuple(_rows(line, words)),
        is_open=is_open,
        added=words("scan.added") if just_added else "",
        quantity=line.quantity,
        countable=line.countable,
        remove=words("scan.remove"),
        sign="ticket" if line.is_coupon else "basket",
    )


def _rows(line: LineView, words: Translator) -> list[RowModel]:
    """Return the second lines in the receipt's order: how many, deposit, offers, flag."""
    if line.is_coupon:
        return [_coupon(line, words)]
    rows = []
    if line.came_back:
        text = words("scan.came_back")
        rows.append(RowModel(kind=RowKind.DETAIL, sign="arrow-counter-clockwise", text=text))
    if detail := _detail(line):
        rows.append(RowModel(kind=RowKind.DETAIL, sign="", text=detail))
    if line.deposit_minor:
        rows.append(_deposit(line, words))
    rows += [
        RowModel(
            kind=RowKind.OFFER,
            sign="tag",
            text=words("line.offer", title=offer.title),
            amount=money(offer.amount_minor),
        )
        for offer in line.offers
    ]
    if line.flag is Flag.AGE:
        rows.append(
            RowModel(kind=RowKind.AGE, sign="identification-card", text=words("line.age_check"))
        )
    elif line.flag is Flag.STAFF:
        rows.append(RowModel(kind=RowKind.STAFF, sign="user-check", text=words("line.staff_check")))
    return rows


def _detail(line: LineView) -> str:
    """Return "0,842 kg × 26,90 kr/kg" or "2 × 29,90 kr", or nothing for one piece."""
    if line.weight_g is not None and line.unit is Unit.KILOGRAM:
        return f"{weight(line.weight_g)} × {money(line.unit_price_minor)} kr/kg"
    if line.quantity != 1:
        return f"{line.quantity} × {money(line.unit_price_minor)} kr"
    return ""


def _coupon(line: LineView, words: Translator) -> RowModel:
    """Say what a coupon is, or what it waits for."""
    if line.amount_minor:
        return RowModel(kind=RowKind.OFFER, sign="", text=words("line.coupon"))
    if line.minimum_minor:
        text = words("line.coupon_minimum", amount=money(line.minimum_minor))
    else:
        text = words("line.coupon_no_goods")
    return RowModel(kind=RowKind.DETAIL, sign="", text=text)


def _deposit(line: LineView, words: Translator) -> RowModel:
    """Return the deposit's own line: an amount of its own, never part of the price."""
    text = words("line.deposit")
    if line.quantity > 1:
        each = line.deposit_minor // line.quantity
        text = words("line.deposit_each", n=line.quantity, price=money(each))
    return RowModel(
        kind=RowKind.DEPOSIT, sign="recycle", text=text, amount=money(line.deposit_minor)
    )


def with_age_limit(model: LineModel, age: int, words: Translator) -> LineModel:
    """Return the line with its age limit in years, told plainly, in place of its flag (11)."""
    row = RowModel(
        kind=RowKind.DETAIL, sign="identification-card", text=words("line.age_limit", age=age)
    )
    rows = [old for old in model.rows if old.kind is not RowKind.AGE]
    return replace(model, rows=(*rows, row))
