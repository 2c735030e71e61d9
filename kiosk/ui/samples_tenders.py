"""Sample views of gift cards, vouchers and sales that are paid in part."""

from dataclasses import replace

from drivers.contracts import ValueState
from kiosk.engine.tender_view import TendersView, TenderView, ValueStep, ValueView
from kiosk.engine.view import LineView, Notice, Screen, TotalsView, View
from kiosk.sale.events import Method
from kiosk.sale.product import Unit
from kiosk.ui.samples_more import BASE, PAY, RECEIPT

CARD = TenderView(
    attempt_id="a1", method=Method.GIFT_CARD, amount_minor=10000, last_four="0014", brand="Gavekort"
)
SLIP = TenderView(attempt_id="a2", method=Method.DEPOSIT_VOUCHER, amount_minor=3400)
VISA = TenderView(attempt_id="a3", method=Method.CARD, amount_minor=2000, last_four="4417")


def _paid(*parts: TenderView, on: View = PAY, **more: object) -> View:
    paid = sum(part.amount_minor for part in parts)
    return replace(
        on,
        totals=replace(PAY.totals, paid_minor=paid),
        tenders=TendersView(paid=parts, left_minor=PAY.totals.to_pay_minor - paid),
        **more,  # type: ignore[arg-type]
    )


def _value(step: ValueStep, method: Method = Method.GIFT_CARD, **more: object) -> View:
    value = ValueView(method=method, step=step, **more)  # type: ignore[arg-type]
    return replace(
        BASE,
        screen=Screen.VALUE,
        tenders=TendersView(left_minor=BASE.totals.to_pay_minor, value=value),
    )


def _coupon(amount_minor: int, minimum_minor: int = 0, **more: object) -> View:
    """Return the list with a coupon as its newest row, open or not."""
    row = LineView(
        line_id=7, name="25 kr på hele handelen", picture="", category="", unit=Unit.PIECE,
        quantity=1, weight_g=None, unit_price_minor=0, amount_minor=amount_minor, countable=False,
        is_coupon=True, minimum_minor=minimum_minor,
    )  # fmt: skip
    sums = replace(
        BASE.totals,
        to_pay_minor=BASE.totals.to_pay_minor + amount_minor,
        saved_minor=BASE.totals.saved_minor - amount_minor,
    )
    return replace(
        BASE, screen=Screen.SCAN, lines=(*BASE.lines, row), totals=sums, added_line_id=7,
        open_line_id=7, **more,  # type: ignore[arg-type]
    )  # fmt: skip


TENDER_SAMPLES: dict[str, View] = {
    "scan_coupon": _coupon(-2500, notice=Notice.COUPON_TAKEN),
    "scan_coupon_waits": _coupon(
        0, 30000, notice=Notice.COUPON_WAITS, notice_limit=30000
    ),
    "scan_clock_doubt": replace(BASE, screen=Screen.SCAN, notice=Notice.CLOCK_DOUBT),
    "value_ask": _value(ValueStep.ASK),
    "value_typed": _value(ValueStep.ASK, typed="••• •••• •••• •••• 0014", can_confirm=True),
    "value_not_known": _value(ValueStep.ASK, problem=ValueState.NOT_KNOWN),
    "value_locked": _value(ValueStep.ASK, problem=ValueState.NOT_KNOWN, locked=True),
    "value_slip": _value(
        ValueStep.ASK, Method.DEPOSIT_VOUCHER, problem=ValueState.NO_ANSWER
    ),
    "value_no_answer": _value(ValueStep.ASK, problem=ValueState.NO_ANSWER),
    "value_reading": _value(ValueStep.READING),
    "value_shown_part": _value(
        ValueStep.SHOWN, last_four="0014", balance_minor=10000, pays_minor=10000,
        left_after_minor=11395,
    ),
    "value_shown_all": _value(
        ValueStep.SHOWN, last_four="0014", balance_minor=50000, pays_minor=21395
    ),
    "value_slip_too_large": _value(
        ValueStep.SHOWN, Method.DEPOSIT_VOUCHER, balance_minor=50000, left_after_minor=21395
    ),
    "value_working": _value(ValueStep.WORKING, pays_minor=10000),
    "value_giving_back": _value(ValueStep.GIVING_BACK, pays_minor=10000, last_four="0014"),
    "pay_rest": _paid(CARD),
    "pay_rest_two": _paid(SLIP, CARD, notice=Notice.TENDER_REMOVED),
    "pay_rest_three": _paid(SLIP, CARD, VISA),
    "scan_part_paid": _paid(CARD, on=BASE),
    "scan_voucher": replace(
        BASE, notice=Notice.VOUCHER_HELD, tenders=TendersView(vouchers_minor=3400),
        totals=TotalsView(item_count=9, to_pay_minor=21395, deposit_minor=600, saved_minor=1490),
    ),
    "receipt_parts": replace(
        RECEIPT,
        receipt=replace(RECEIPT.receipt, methods=(Method.GIFT_CARD, Method.CARD)),  # type: ignore[type-var]
    ),
}  # fmt: skip
