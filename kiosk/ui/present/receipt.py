"""08 receipt: equal answers; silence prints, and the screen says so."""

from dataclasses import dataclass

from kiosk.engine.view import ReceiptView, View
from kiosk.sale.events import Method, ReceiptChoice
from kiosk.ui.i18n import Translator, money
from kiosk.ui.present.notices import present_notice
from kiosk.ui.present.parts import BannerModel, FrameModel, present_frame
from kiosk.ui.present.pay import method_name


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerModel:
    """One answer. Not available, `detail` is the reason."""

    choice: ReceiptChoice
    sign: str
    text: str
    detail: str
    available: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptModel:
    """Everything on the receipt question."""

    frame: FrameModel
    title: str
    paid: str
    answers: tuple[AnswerModel, ...]
    notice: BannerModel | None
    silence: str
    """What no answer does, and when; empty where it cannot print."""


def present_receipt(view: View, words: Translator) -> ReceiptModel:
    """Return the receipt question; the view must have `receipt`."""
    assert view.receipt is not None, "RECEIPT without receipt"
    receipt = view.receipt
    seconds = max(0, receipt.seconds_left)
    return ReceiptModel(
        frame=present_frame(view, words),
        title=words("receipt.title"),
        paid=_paid(receipt, words),
        answers=_answers(receipt, words),
        notice=present_notice(view, words),
        silence=words.many("receipt.silence", seconds) if receipt.paper else "",
    )


def _paid(receipt: ReceiptView, words: Translator) -> str:
    amount = money(receipt.amount_minor)
    if receipt.methods:
        names = [words(f"method.{method.value}.in_text") for method in receipt.methods]
        *first, last = names
        return words("receipt.paid_in_parts", amount=amount, first=", ".join(first), last=last)
    if receipt.method is Method.CARD and receipt.last_four:
        return words("receipt.paid_by_card", amount=amount, digits=receipt.last_four)
    return words("receipt.paid_by", amount=amount, method=method_name(receipt.method, words))


def _answers(receipt: ReceiptView, words: Translator) -> tuple[AnswerModel, ...]:
    """Return the answers in their places: paper always, phone and no where the shop has them."""
    answers = [
        AnswerModel(
            choice=ReceiptChoice.PAPER,
            sign="receipt" if receipt.paper else "prohibit",
            text=words("receipt.paper"),
            detail=words("receipt.paper_hint" if receipt.paper else "receipt.paper_out"),
            available=receipt.paper,
        )
    ]
    if receipt.phone:
        answers.append(
            AnswerModel(
                choice=ReceiptChoice.PHONE,
                sign="device-mobile",
                text=words("receipt.phone"),
                detail=words("receipt.phone_hint"),
            )
        )
    if receipt.may_decline:
        answers.append(
            AnswerModel(
                choice=ReceiptChoice.NONE,
                sign="x",
                text=words("receipt.none"),
                detail=words("receipt.none_hint"),
            )
        )
    return tuple(answers)
