"""A receipt as rows for a printer that has text in three sizes, columns, lines and a QR code.

The rows are neutral: they know neither the paper's width nor a printer's commands. Whoever prints
them wraps at words. Three sizes, no grey, no boxes, money on the right.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from kiosk.fiscal import amounts, texts
from kiosk.fiscal.receipt import Receipt, ReceiptLine, ReturnLine, Tender
from kiosk.fiscal.texts import ReceiptKind

VALUE_CHARS_BESIDE: Final = 28
"""A longer value stands in a row of its own: paper has 42 to 48 columns, a label up to 12."""


class Size(StrEnum):
    """How a row stands out. LARGE is twice the amounts' size: the law asks 1.5 for KOPI."""

    NORMAL = "normal"
    BOLD = "bold"
    LARGE = "large"


@dataclass(frozen=True, slots=True)
class TextRow:
    """A paragraph, on the left or in the middle."""

    text: str
    size: Size = Size.NORMAL
    centered: bool = False


@dataclass(frozen=True, slots=True)
class ColumnsRow:
    """Cells over the width: the first on the left, the others right-aligned."""

    cells: tuple[str, ...]
    size: Size = Size.NORMAL
    indent: int = 0


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A dashed line."""


@dataclass(frozen=True, slots=True)
class SpaceRow:
    """An empty line."""


@dataclass(frozen=True, slots=True)
class CodeRow:
    """A QR code and what it is for."""

    data: str
    caption: str


@dataclass(frozen=True, slots=True)
class CutRow:
    """The end of the paper."""


Row = TextRow | ColumnsRow | RuleRow | SpaceRow | CodeRow | CutRow

INDENT = 2


def lay_out(receipt: Receipt) -> tuple[Row, ...]:
    """Return the rows of a receipt, the cut included."""
    parts = [_head(receipt), _goods(receipt), _total(receipt), _vat(receipt)]
    parts += [
        _card(tender, receipt.currency) for tender in receipt.tenders if tender.transaction_id
    ]
    rows: list[Row] = []
    for part in parts:
        rows += [*part, RuleRow()]
    return (*rows, *_foot(receipt), CutRow())


def _head(receipt: Receipt) -> list[Row]:
    shop = receipt.shop
    rows: list[Row] = []
    if receipt.copy:
        rows.append(TextRow(texts.COPY, Size.LARGE, centered=True))
    rows += [
        TextRow(_heading(receipt), Size.LARGE, centered=True),
        SpaceRow(),
        TextRow(shop.name, Size.LARGE, centered=True),
        TextRow(shop.legal_name, centered=True),
        TextRow(shop.address, centered=True),
        TextRow(f"Org.nr. {amounts.org_number(shop.org_number)} {texts.VAT_REGISTERED}",
                centered=True),
    ]  # fmt: skip
    if shop.in_foretaksregisteret:
        rows.append(TextRow(texts.REGISTER_OF_ENTERPRISES, centered=True))
    return [
        *rows,
        SpaceRow(),
        ColumnsRow(("Kvittering nr.", receipt.number_text)),
        ColumnsRow((amounts.date(receipt.at_local), amounts.time_of_day(receipt.at_local))),
        ColumnsRow((f"Kasse {shop.register_id}", f"Operatør {shop.operator_id}")),
        *_served_by(receipt),
    ]


def _heading(receipt: Receipt) -> str:
    heading = texts.HEADINGS[receipt.kind]
    return f"{texts.ELECTRONIC} {heading}" if receipt.electronic else heading


def _served_by(receipt: Receipt) -> list[Row]:
    """Goods are taken back by a person only, and the receipt says by whom."""
    back = receipt.taken_back
    return [ColumnsRow((texts.SERVED_BY, back.attendant_id))] if back else []


def _goods(receipt: Receipt) -> list[Row]:
    rows = [row for line in receipt.lines for row in _line(line)]
    rows += [
        ColumnsRow((f"Kupong: {coupon.title}", amounts.amount(coupon.amount_minor)), Size.BOLD)
        for coupon in receipt.coupons
    ]
    back = receipt.taken_back
    if back is None:
        return rows
    if rows:
        rows.append(SpaceRow())
    title = texts.TAKEN_BACK.format(number=back.number, date=amounts.date(back.at_local))
    rows.append(TextRow(title, Size.BOLD if receipt.lines else Size.NORMAL))
    rows += [row for line in receipt.returned for row in _return_line(line)]
    reason = texts.RETURN_REASONS.get(back.reason)
    return [*rows, TextRow(f"Årsak: {reason}")] if reason else rows


def _return_line(line: ReturnLine) -> list[Row]:
    """As a line that was sold, with the signs turned round."""
    rows: list[Row] = [ColumnsRow((line.name, amounts.amount(line.amount_minor)), Size.BOLD)]
    price = amounts.amount(line.unit_price_minor)
    if line.weight_g is not None:
        weight = amounts.kilograms(-line.weight_g)
        rows.append(ColumnsRow((f"{weight} × {price} kr/kg",), indent=INDENT))
    else:
        rows.append(ColumnsRow((f"{amounts.MINUS}{line.quantity} × {price}",), indent=INDENT))
    if line.deposit_minor:
        each = amounts.amount(line.deposit_unit_minor)
        text = f"Pant {amounts.MINUS}{line.quantity} × {each}"
        rows.append(ColumnsRow((text, amounts.amount(line.deposit_minor)), indent=INDENT))
    if line.offers_minor:
        cells = ("Tilbud ved kjøpet", amounts.amount(line.offers_minor))
        rows.append(ColumnsRow(cells, indent=INDENT))
    return rows


def _line(line: ReceiptLine) -> list[Row]:
    rows: list[Row] = [ColumnsRow((line.name, amounts.amount(line.amount_minor)), Size.BOLD)]
    price = amounts.amount(line.unit_price_minor)
    if line.weight_g is not None:
        weight = amounts.kilograms(line.weight_g)
        rows.append(ColumnsRow((f"{weight} × {price} kr/kg",), indent=INDENT))
        if line.tare_g:
            tare = f"Tara {amounts.kilograms(line.tare_g)}"
            rows.append(ColumnsRow((tare,), indent=INDENT))
    elif line.quantity > 1:
        rows.append(ColumnsRow((f"{line.quantity} × {price}",), indent=INDENT))
    if line.deposit_minor:
        each = amounts.amount(line.deposit_unit_minor)
        text = f"Pant {line.quantity} × {each}" if line.quantity > 1 else "Pant"
        rows.append(ColumnsRow((text, amounts.amount(line.deposit_minor)), indent=INDENT))
    rows += [
        ColumnsRow((f"Tilbud: {offer.title}", amounts.amount(offer.amount_minor)), indent=INDENT)
        for offer in line.offers
    ]
    return rows


def _total(receipt: Receipt) -> list[Row]:
    sums = receipt.totals
    # Beside KOPI and the marks of what is no receipt no amount may be large: they must stand 1.5
    # times over.
    is_marked = receipt.copy or receipt.kind in texts.NO_SALE_KINDS
    rows: list[Row] = list(_counts(receipt))
    total = ColumnsRow(
        (texts.TOTAL, amounts.amount(sums.total_minor)), Size.BOLD if is_marked else Size.LARGE
    )
    rows.append(total)
    rows += [
        ColumnsRow((_means(tender), amounts.amount(tender.amount_minor)), Size.BOLD)
        for tender in receipt.tenders
    ]
    if sums.saved_minor:
        rows.append(ColumnsRow(("Du sparte", amounts.amount(sums.saved_minor))))
    return rows


def _counts(receipt: Receipt) -> Iterator[Row]:
    """Yield how many goods were sold and how many came back, each with its deposit."""
    sums = receipt.totals
    if receipt.lines or not receipt.returned:
        yield _count(texts.items(sums.item_count), sums.deposit_minor)
    if receipt.returned:
        back = sum(line.quantity for line in receipt.returned)
        yield _count(f"{back} i retur", -sums.returned_deposit_minor)


def _count(count: str, deposit_minor: int) -> Row:
    if not deposit_minor:
        return TextRow(count)
    return ColumnsRow((f"{count}, herav pant", amounts.amount(deposit_minor)))


def _vat(receipt: Receipt) -> list[Row]:
    rows: list[Row] = [ColumnsRow(("MVA", "Grunnlag", "Avgift", "Sum"), Size.BOLD)]
    table = [(amounts.rate(row.rate_bp), row.net_minor, row.tax_minor) for row in receipt.tax]
    deposit = receipt.totals.deposit_minor - receipt.totals.returned_deposit_minor
    if deposit:
        table.append(("Pant*", deposit, 0))
    rows += [_vat_row(label, net, tax) for label, net, tax in table]
    net_sum, tax_sum = sum(net for _, net, _ in table), sum(tax for _, _, tax in table)
    rows.append(_vat_row("Sum", net_sum, tax_sum, Size.BOLD))
    if deposit:
        rows.append(TextRow(texts.OUTSIDE_VAT))
    return rows


def _vat_row(label: str, net_minor: int, tax_minor: int, size: Size = Size.NORMAL) -> ColumnsRow:
    figures = (net_minor, tax_minor, net_minor + tax_minor)
    return ColumnsRow((label, *(amounts.amount(figure) for figure in figures)), size)


def _card(tender: Tender, currency: str) -> list[Row]:
    card = tender.card
    mode = texts.entry_mode(card.entry_mode)
    name = card.brand or texts.METHODS[tender.method]
    title = f"{name}, {mode}" if mode else name
    facts = (
        (_what(tender), f"{currency} {amounts.amount(tender.amount_minor)}"),
        ("AID", card.aid),
        ("Terminal", card.terminal_id),
        ("Transaksjon", tender.transaction_id),
        ("Autorisasjon", card.approval_code),
        ("Ref.", card.reference if card.reference != tender.transaction_id else ""),
    )
    rows: list[Row] = [
        ColumnsRow((title, f"**** {card.last_four}") if card.last_four else (title,), Size.BOLD)
    ]
    for label, value in facts:
        rows += _fact(label, value)
    if tender.method in texts.VALUE_METHODS:
        return rows  # no terminal has approved it: it was money already
    return [*rows, TextRow(texts.APPROVED, Size.LARGE, centered=True)]


def _fact(label: str, value: str) -> list[Row]:
    """A label and its value beside it, or under it where a wallet's long name has no room."""
    if not value:
        return []
    if len(value) <= VALUE_CHARS_BESIDE:
        return [ColumnsRow((label, value))]
    return [ColumnsRow((label,)), ColumnsRow(("", value))]


def _means(tender: Tender) -> str:
    return texts.BY_HAND[tender.by_hand] if tender.by_hand else texts.METHODS[tender.method]


def _what(tender: Tender) -> str:
    return "Tilbakebetalt" if tender.amount_minor < 0 else "Kjøp"


def _foot(receipt: Receipt) -> list[Row]:
    rows: list[Row] = []
    if receipt.kind in (ReceiptKind.SALE, ReceiptKind.COMBINED):
        caption = texts.EXIT_CODE.format(days=receipt.shop.exchange_days)
        rows += [CodeRow(receipt.exit_code, caption), SpaceRow()]
    if receipt.kind not in (ReceiptKind.RETURN, ReceiptKind.PROVISIONAL):
        rows.append(TextRow(texts.THANKS, Size.BOLD, centered=True))
    if not receipt.shop.declared:
        rows.append(TextRow(texts.UNDECLARED, centered=True))
    return rows
