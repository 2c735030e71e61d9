"""Sample views of paying, people and the end of a visit, with the data of the design's pictures."""

from dataclasses import replace

from drivers.contracts import TerminalStep
from kiosk.engine.closing_view import SendStep
from kiosk.engine.view import (
    BagView,
    Flag,
    LineView,
    MethodView,
    Notice,
    OutOfOrderView,
    Overlay,
    ReceiptView,
    Screen,
    SendLinkView,
    TerminalView,
    ThanksView,
    TileView,
    TotalsView,
    Unavailable,
    View,
)
from kiosk.sale.events import Method, ReceiptChoice
from kiosk.sale.product import Unit
from kiosk.ui.samples import SCAN, START

METHODS = (
    MethodView(method=Method.CARD),
    MethodView(method=Method.VIPPS),
    MethodView(method=Method.KLARNA),
    MethodView(method=Method.GIFT_CARD),
    MethodView(method=Method.STREX, unavailable=Unavailable.OVER_LIMIT, limit_minor=20000),
)
BEER = LineView(
    line_id=7, name="Pilsner 0,5 l", picture="beer", category="", unit=Unit.PIECE, quantity=6,
    weight_g=None, unit_price_minor=2490, amount_minor=14940, deposit_minor=1200, flag=Flag.AGE,
    age_limit=18,
)  # fmt: skip


def _bag(product_id: str, name: str, price: int, quantity: int = 0) -> BagView:
    return BagView(
        tile=TileView(
            product_id=product_id, name=name, picture="", category="bags", unit=Unit.PIECE,
            unit_price_minor=price,
        ),
        quantity=quantity,
    )  # fmt: skip


BASE = replace(SCAN, toast=None)
BAGS = replace(
    BASE, screen=Screen.BAGS, bags=(_bag("901", "Bærepose", 450), _bag("902", "Papirpose", 590))
)
PAY = replace(BASE, screen=Screen.PAY, methods=METHODS)
TERMINAL = replace(
    BASE,
    screen=Screen.TERMINAL,
    terminal=TerminalView(amount_minor=21395, step=TerminalStep.PRESENT_CARD),
)
RECEIPT = replace(
    BASE,
    screen=Screen.RECEIPT,
    receipt=ReceiptView(
        amount_minor=21395, method=Method.CARD, last_four="4417", seconds_left=18, phone=True
    ),
)
THANKS = replace(
    BASE, screen=Screen.THANKS, thanks=ThanksView(saved_minor=1490, choice=ReceiptChoice.PAPER)
)
HELP = replace(BASE, screen=Screen.HELP, help_called=True, has_light=True)
NEEDS_STAFF = replace(
    BASE, screen=Screen.NEEDS_STAFF, lines=(*SCAN.lines, BEER), waiting_line_id=7,
    help_called=True, seen_by="Ingrid",
    totals=TotalsView(item_count=15, to_pay_minor=37535, deposit_minor=1800, saved_minor=1490),
)  # fmt: skip
CLOSED = replace(START, screen=Screen.CLOSED, opens_at="15.00")
OUT_OF_ORDER = replace(
    START,
    screen=Screen.OUT_OF_ORDER,
    out_of_order=OutOfOrderView(
        fault="terminal", works=(Method.VIPPS, Method.KLARNA, Method.GIFT_CARD), can_start=True
    ),
)


def _terminal(**more: object) -> View:
    return replace(TERMINAL, terminal=replace(TERMINAL.terminal, **more))  # type: ignore[type-var]


def _on_phone(**more: object) -> View:
    thanks = ThanksView(
        saved_minor=1490,
        choice=ReceiptChoice.PHONE,
        phone_code="https://kvittering.example/r/" + "3k9fXcLw" * 25,
    )
    return replace(THANKS, thanks=replace(thanks, **more))  # type: ignore[arg-type]


def _typing(keys: SendLinkView) -> View:
    return replace(BASE, screen=Screen.SEND_LINK, send_link=keys)


def _writing(keys: SendLinkView) -> View:
    return replace(BASE, screen=Screen.SEND_MAIL, send_link=keys)


MORE: dict[str, View] = {
    "bags": BAGS,
    "bags_chosen": replace(
        BAGS, bags=(_bag("901", "Bærepose", 450, 2), _bag("902", "Papirpose", 590))
    ),
    "pay": PAY,
    "pay_card_only": replace(PAY, methods=METHODS[:1]),
    "pay_declined": replace(PAY, notice=Notice.DECLINED),
    "terminal": TERMINAL,
    "terminal_starting": _terminal(step=None, direction="left"),
    "terminal_pin": _terminal(step=TerminalStep.ENTER_PIN, text="TAST PIN", direction="down"),
    "terminal_aborting": _terminal(aborting=True),
    "in_doubt": replace(BASE, screen=Screen.IN_DOUBT, doubt_code="K3F9", help_called=True),
    "receipt": RECEIPT,
    "receipt_paper_out": replace(
        RECEIPT,
        notice=Notice.PAPER_OUT,
        receipt=ReceiptView(amount_minor=21395, method=Method.CARD, paper=False),
    ),
    "thanks": THANKS,
    "thanks_no_receipt": replace(
        THANKS, thanks=ThanksView(saved_minor=0, choice=ReceiptChoice.NONE)
    ),
    "thanks_phone": _on_phone(),
    "thanks_phone_or_number": _on_phone(can_send=True),
    "thanks_sending": _on_phone(send=SendStep.SENDING),
    "thanks_sent": _on_phone(send=SendStep.SENT),
    "thanks_not_sent": _on_phone(send=SendStep.FAILED),
    "send_link": _typing(SendLinkView()),
    "send_link_typed": _typing(SendLinkView(typed="••• •• •67", can_confirm=True)),
    "send_link_bad": _typing(SendLinkView(bad=True)),
    "thanks_phone_or_address": _on_phone(can_send=True, by_mail=True),
    "thanks_mail_not_sent": _on_phone(send=SendStep.FAILED, by_mail=True),
    "send_mail": _writing(SendLinkView()),
    "send_mail_typed": _writing(SendLinkView(typed="kari.nordmann@blåbær.no", can_confirm=True)),
    "send_mail_bad": _writing(SendLinkView(bad=True)),
    "help": HELP,
    "help_reason": replace(HELP, help_reason="price"),
    "needs_staff": NEEDS_STAFF,
    "language": replace(BASE, overlay=Overlay.LANGUAGE),
    "adjust": replace(BASE, overlay=Overlay.ADJUST, can_read_aloud=True),
    "adjust_no_voice": replace(BASE, overlay=Overlay.ADJUST),
    "closed": CLOSED,
    "out_of_order": OUT_OF_ORDER,
    "out_of_order_journal": replace(
        START, screen=Screen.OUT_OF_ORDER, out_of_order=OutOfOrderView(fault="journal")
    ),
}
"""By name, in the order of a visit; the second half of the gallery."""
