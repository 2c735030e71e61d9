"""05 pay, also 22: what is to pay, and equal ways to do it; what cannot be used says why."""

from dataclasses import dataclass

from kiosk.engine.tender_view import TenderView
from kiosk.engine.view import MethodView, Unavailable, View
from kiosk.sale.events import Method
from kiosk.ui.i18n import Translator, money, whole_or_money
from kiosk.ui.present.lines import LineModel, present_line
from kiosk.ui.present.notices import slot
from kiosk.ui.present.parts import (
    FrameModel,
    PromptModel,
    SlotModel,
    TotalModel,
    present_frame,
    present_total,
)

NAMES: dict[Method, tuple[str, str, str]] = {
    Method.CARD: ("method.card", "pay.card", "contactless-payment"),
    Method.VIPPS: ("method.vipps", "pay.vipps", "device-mobile"),
    Method.KLARNA: ("method.klarna", "pay.klarna", "receipt"),
    Method.STREX: ("method.strex", "pay.strex", "phone"),
    Method.GIFT_CARD: ("method.gift_card", "pay.gift_card", "gift"),
    Method.DEPOSIT_VOUCHER: ("method.deposit_voucher", "pay.deposit_voucher", "recycle"),
}
"""Name, what it is like, and sign."""

REASONS: dict[Unavailable, str] = {
    Unavailable.TERMINAL_LOST: "pay.terminal_lost",
    Unavailable.OVER_LIMIT: "pay.over_limit",
    Unavailable.NOT_SET_UP: "pay.not_set_up",
    Unavailable.OFFLINE: "pay.offline",
    Unavailable.RESTING: "pay.resting",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodModel:
    """One way to pay. Not available, `detail` is the reason and the sign is the barred one."""

    method: Method
    name: str
    detail: str
    sign: str
    available: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderModel:
    """A part that is paid: "Gavekort •••• 0014" and "100,00"."""

    attempt_id: str
    name: str
    digits: str
    """As "•••• 0014"; empty where there is no number."""
    amount: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PayModel:
    """Everything on the payment screen."""

    frame: FrameModel
    total: TotalModel
    items: str
    """As "9 varer · pant 6,00"; the deposit only where there is one."""
    count: str
    lines: tuple[LineModel, ...]
    """For the landscape's short list: the newest are the last."""
    slot: SlotModel
    methods: tuple[MethodModel, ...]
    """In the shop's order; the first is the largest."""
    paid: tuple[TenderModel, ...]
    """The parts that are paid already, oldest first."""
    remove: str
    """Takes the newest of them back."""
    back: str
    back_short: str
    """Where that has half the room."""


def present_pay(view: View, words: Translator) -> PayModel:
    """Return the payment screen."""
    items = words.many("scan.items", view.totals.item_count)
    deposit = view.totals.deposit_minor
    return PayModel(
        frame=present_frame(view, words),
        total=present_total(view, words),
        items=(
            words("pay.items_and_deposit", items=items, deposit=money(deposit))
            if deposit
            else items
        ),
        count=items,
        lines=tuple(present_line(line, False, False, words) for line in view.lines),
        slot=slot(view, words, PromptModel(sign="wallet", text=_prompt(view, words))),
        methods=tuple(_method(method, words) for method in view.methods),
        paid=tuple(_tender(tender, words) for tender in view.tenders.paid),
        remove=words("pay.remove_tender"),
        back=words("frame.back_to_items"),
        back_short=words("frame.back"),
    )


def _prompt(view: View, words: Translator) -> str:
    return words("pay.title_rest" if view.tenders.paid else "pay.title")


def _tender(tender: TenderView, words: Translator) -> TenderModel:
    return TenderModel(
        attempt_id=tender.attempt_id,
        name=method_name(tender.method, words),
        digits=f"•••• {tender.last_four}" if tender.last_four else "",
        amount=money(tender.amount_minor),
    )


def method_name(method: Method, words: Translator) -> str:
    """Return a method's name as it stands on a tile."""
    return words(NAMES[method][0])


def _method(method: MethodView, words: Translator) -> MethodModel:
    name, detail, sign = NAMES[method.method]
    available = method.unavailable is Unavailable.NONE
    if not available:
        detail, sign = REASONS[method.unavailable], "prohibit"
    return MethodModel(
        method=method.method,
        name=words(name),
        detail=words(detail, limit=whole_or_money(method.limit_minor)),
        sign=sign,
        available=available,
    )
