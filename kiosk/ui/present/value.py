"""A gift card or a deposit voucher: its number, what lies on it, and what it pays."""

from dataclasses import dataclass
from typing import Final

from drivers.contracts import ValueState
from kiosk.engine.tender_view import ValueStep, ValueView
from kiosk.engine.view import View
from kiosk.sale.events import Method
from kiosk.ui.i18n import Translator, money
from kiosk.ui.present.notices import present_notice
from kiosk.ui.present.parts import (
    AmountModel,
    BannerModel,
    FrameModel,
    Kind,
    PrimaryModel,
    present_frame,
    present_total,
)
from kiosk.ui.present.pay import NAMES, method_name

PROBLEMS: Final[dict[ValueState, tuple[str, Kind, str]]] = {
    ValueState.EMPTY: ("value.problem.empty", Kind.WAITING, "info"),
    ValueState.USED: ("value.problem.used", Kind.WAITING, "info"),
    ValueState.NOT_KNOWN: ("value.problem.not_known", Kind.WAITING, "question"),
    ValueState.BLOCKED: ("value.problem.blocked", Kind.PEOPLE, "info"),
    ValueState.EXPIRED: ("value.problem.expired", Kind.WAITING, "clock"),
    ValueState.NO_ANSWER: ("value.problem.no_answer", Kind.FAILED, "wifi-slash"),
}
"""Key, kind and sign of every state but GOOD."""
OF_SLIPS: Final = {
    ValueState.NOT_KNOWN: "value.problem.not_known_slip",
    ValueState.NO_ANSWER: "value.problem.no_answer_slip",
}
"""Sentences that a slip has of its own."""
BY_SLIP: Final = (Method.DEPOSIT_VOUCHER,)


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueModel:
    """Everything on the screen, whichever of its two shapes it has."""

    frame: FrameModel
    keys: bool
    """Whether a number is asked for; else it tells a story."""
    title: str
    lead: str
    sign: str
    calm: bool
    """Whether there is only waiting."""
    field: str
    placeholder: str
    banner: BannerModel | None
    label: str
    """Of the amount on the counter."""
    amount: AmountModel
    confirm: PrimaryModel | None
    back: str
    """Empty while there is no way back."""


def present_value(view: View, words: Translator) -> ValueModel:
    """Return the screen; the view must have `tenders.value`."""
    value = view.tenders.value
    assert value is not None, "VALUE without value"
    title, lead = _story(value, words)
    shown = value.step is ValueStep.SHOWN
    label, amount = _amount(view, value, words)
    return ValueModel(
        frame=present_frame(view, words),
        keys=value.step is ValueStep.ASK,
        title=title,
        lead=lead,
        sign=NAMES[value.method][2] if shown else "clock",
        calm=not shown,
        field=value.typed,
        placeholder=words("value.field_empty"),
        banner=_banner(view, value, words),
        label=label,
        amount=amount,
        confirm=_confirm(value, words),
        back=_back(value, words),
    )


def _amount(view: View, value: ValueView, words: Translator) -> tuple[str, AmountModel]:
    """Return what it pays; while that is not known, or nothing, what is still to be paid."""
    if not value.pays_minor:
        total = present_total(view, words)
        return total.label, total.amount
    shown = value.step is ValueStep.SHOWN
    label = words("value.pays") if shown else method_name(value.method, words)
    return label, AmountModel(figures=money(value.pays_minor))


def _story(value: ValueView, words: Translator) -> tuple[str, str]:
    slip = value.method in BY_SLIP
    match value.step:
        case ValueStep.ASK:
            if slip:
                return words("value.ask.slip"), words("value.ask.slip_lead")
            return words("value.ask.card"), words("value.ask.card_lead")
        case ValueStep.READING:
            return words("value.reading"), words("value.reading_lead")
        case ValueStep.SHOWN:
            return _shown(value, words)
        case ValueStep.WORKING:
            return words("value.working"), words("value.working_lead")
        case ValueStep.GIVING_BACK:
            key = "value.giving_back_slip" if slip else "value.giving_back"
            return words(key), words("value.giving_back_lead")


def _shown(value: ValueView, words: Translator) -> tuple[str, str]:
    """Say what lies on it, and what is left to pay, or left on the card, after it has paid."""
    balance = money(value.balance_minor)
    if value.method in BY_SLIP:
        title = words("value.worth", amount=balance)
    else:
        title = words("value.holds", amount=balance)
    if not value.pays_minor:
        return title, words("notice.voucher_too_large")
    if value.left_after_minor:
        return title, words("value.left_to_pay", amount=money(value.left_after_minor))
    kept = value.balance_minor - value.pays_minor
    if kept:
        return title, words("value.left_on_card", amount=money(kept))
    return title, words("value.pays_all")


def _banner(view: View, value: ValueView, words: Translator) -> BannerModel | None:
    if value.locked:
        return BannerModel(kind=Kind.PEOPLE, sign="user-check", text=words("value.locked"))
    if value.problem is ValueState.GOOD:
        return present_notice(view, words)
    key, kind, sign = PROBLEMS[value.problem]
    if value.method in BY_SLIP:
        key = OF_SLIPS.get(value.problem, key)
    return BannerModel(kind=kind, sign=sign, text=words(key))


def _confirm(value: ValueView, words: Translator) -> PrimaryModel | None:
    if value.step is not ValueStep.SHOWN or not value.pays_minor:
        return None
    return PrimaryModel(text=words("value.use", amount=money(value.pays_minor)))


def _back(value: ValueView, words: Translator) -> str:
    if value.step in (ValueStep.WORKING, ValueStep.GIVING_BACK):
        return ""
    return words("wallet.another_way")
