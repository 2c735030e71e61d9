"""A signed sale as a `cashtransaction`: amounts and signs as in the official example.

Sales are credit (C) and positive, returns debit (D) and negative. `transAmntEx` is the sum of the
rounded lines. `receiptNum` and its relatives are counts, not numbers of receipts.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from kiosk.fiscal import codes
from kiosk.fiscal.events import SaleSigned
from kiosk.fiscal.numbers import number_text
from kiosk.fiscal.saft.xml import Node, identification, text
from kiosk.fiscal.signature import amount_text
from kiosk.fiscal.sold import SoldLine, sold_lines
from kiosk.sale.attempts import counts
from kiosk.sale.events import Event, ItemAdded, Outcome, SaleCompleted, Series
from kiosk.sale.evolve import replay
from kiosk.sale.product import Unit
from kiosk.sale.return_events import LineReturned
from kiosk.sale.return_state import Refund
from kiosk.sale.returning import series_of
from kiosk.sale.state import Attempt, Sale

COUNT_MAX: Final = 999
"""The schema's Nonnegativeinteger3."""
APPROVED: Final = Outcome.APPROVED
HEADINGS: Final[Mapping[Series, str]] = {
    Series.SALE: "Salgskvittering",
    Series.TRAINING: "Treningskvittering",
    Series.RETURN: "Returkvittering",
    Series.COMBINED: "Salgskvittering/Returkvittering",
}


def transaction(
    signed: SaleSigned,
    events: Sequence[Event],
    *,
    operator_id: str,
    period_number: int,
    zone: ZoneInfo,
) -> Node:
    """Return the sale with all its lines, VAT, payments and its signature."""
    sale = replay(events)
    lines = sold_lines(sale)
    done = next(event for event in events if isinstance(event, SaleCompleted))
    added = {
        event.line_id: event.at_utc
        for event in events
        if isinstance(event, ItemAdded | LineReturned)
    }
    number, operator = str(signed.number), identification(operator_id)
    series = series_of(sale)
    ct_lines = [
        _line(line, line_id, number, operator, datetime.fromisoformat(added[line.line_id]), zone)
        for line_id, line in enumerate(lines, 1)
    ]
    return (
        "cashtransaction",
        [
            ("nr", number),
            ("transID", identification(signed.sale_id)),
            ("transType", codes.transaction_type(sale)),
            ("transAmntIn", amount_text(signed.gross_minor)),
            ("transAmntEx", amount_text(signed.net_minor)),
            ("amntTp", side(signed.gross_minor)),
            ("empID", operator),
            ("periodNumber", str(period_number)),
            ("transDate", signed.date),
            ("transTime", signed.time),
            ("desc", f"{HEADINGS[series]} nr. {number_text(series, done.receipt_number)}"),
            *ct_lines,
            *_vat(lines),
            ("rounding", [("roundingAmnt", "0.00")]),
            *(_payment(each, operator) for each in sale.attempts if counts(each)),
            *(_refund(each, operator) for each in sale.refunds if each.outcome is APPROVED),
            ("signature", signed.signature),
            ("keyVersion", text(signed.key_version, 50)),
            *_papers(sale),
        ],
    )


def side(amount_minor: int) -> str:
    """Return C (credit) for sales and D (debit) for what goes back."""
    return "D" if amount_minor < 0 else "C"


def percent(rate_bp: int) -> str:
    """Return a rate as "15.00"."""
    return amount_text(rate_bp)


def quantity(milli: int) -> str:
    """Return thousandths as the example writes quantities: "2", "0.842", "-1"."""
    sign = "-" if milli < 0 else ""
    whole, part = divmod(abs(milli), 1000)
    return f"{sign}{whole}" + (f".{part:03d}".rstrip("0") if part else "")


def _line(
    line: SoldLine, line_id: int, number: str, operator: str, at: datetime, zone: ZoneInfo
) -> Node:
    local = at.astimezone(zone)
    unit = "kg" if line.unit is Unit.KILOGRAM else "stk"
    description = f"{line.name}, {quantity(line.quantity_milli)} {unit}"
    return (
        "ctLine",
        [
            ("nr", number),
            ("lineID", str(line_id)),
            ("lineType", codes.RETURN_LINE if line.came_back else codes.SALE_LINE),
            ("artGroupID", line.group),
            ("artID", identification(line.article_id)),
            ("qnt", quantity(line.quantity_milli)),
            ("lineAmntIn", amount_text(line.gross_minor)),
            ("lineAmntEx", amount_text(line.net_minor)),
            ("amntTp", side(line.gross_minor)),
            ("ppu", amount_text(line.unit_price_minor)),
            ("empID", operator),
            ("cashTransLineDescr", text(description, 9999)),
            ("lineDate", f"{local:%Y-%m-%d}"),
            ("lineTime", f"{local:%H:%M:%S}"),
            _vat_node(line.vat_code, line.rate_bp, line.net_minor, line.tax_minor),
            *_discount(codes.CAMPAIGN, line.offers_minor),
            *_discount(codes.STAFF_DISCOUNT, line.staff_minor),
            *_discount(codes.COUPON, line.coupons_minor),
        ],
    )


def _discount(type_: str, off_minor: int) -> list[Node]:
    """What a campaign, staff or a coupon took off; `lineAmntIn` is after it."""
    if not off_minor:
        return []
    return [("discount", [("dscTp", type_), ("dscAmnt", amount_text(-off_minor))])]


def _vat(lines: Sequence[SoldLine]) -> list[Node]:
    sums: dict[tuple[int, str], tuple[int, int]] = {}
    for line in lines:
        key = (line.rate_bp, line.vat_code)
        net, tax = sums.get(key, (0, 0))
        sums[key] = (net + line.net_minor, tax + line.tax_minor)
    return [_vat_node(code, rate, net, tax) for (rate, code), (net, tax) in sorted(sums.items())]


def _vat_node(code: str, rate_bp: int, net_minor: int, tax_minor: int) -> Node:
    return (
        "vat",
        [
            ("vatCode", text(code, 20)),
            ("vatPerc", percent(rate_bp)),
            ("vatAmnt", amount_text(tax_minor)),
            ("vatAmntTp", side(net_minor)),
            ("vatBasAmnt", amount_text(net_minor)),
        ],
    )


def _payment(attempt: Attempt, operator: str) -> Node:
    currency = attempt.approved_currency or attempt.currency
    return _money(attempt, attempt.approved_minor, currency, operator)


def _refund(refund: Refund, operator: str) -> Node:
    return _money(refund, -refund.amount_minor, refund.currency, operator)


def _money(each: Attempt | Refund, amount_minor: int, currency: str, operator: str) -> Node:
    terminal = f"{each.card.terminal_id}: " if each.card.terminal_id else ""
    return (
        "payment",
        [
            ("paymentType", codes.payment_type(each)),
            ("paidAmnt", amount_text(amount_minor)),
            ("empID", operator),
            ("curCode", currency),
            ("exchRt", "1.000000"),
            ("paymentRefID", text(f"{terminal}{each.transaction_id or each.id}", 999)),
        ],
    )


def _papers(sale: Sale) -> list[Node]:
    """How many receipts of each kind the sale had: one, and at most one copy."""
    copies = sum(one.copy and bool(one.printed or one.in_doubt) for one in sale.prints)
    found: Mapping[str, int] = {
        "receiptNum": 1,
        "receiptCopyNum": min(copies, COUNT_MAX),
        "receiptProformaNum": 0,
        "receiptDeliveryNum": 0,
    }
    return [
        *((name, str(count)) for name, count in found.items()),
        ("voidTransaction", "false"),
        ("trainingID", "true" if sale.training else "false"),
    ]
