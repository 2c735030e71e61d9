"""The sentence for each `Notice`: what did not happen, without blame, and what to do."""

from kiosk.engine.view import Notice, ToastKind, View
from kiosk.ui.i18n import Translator, money
from kiosk.ui.present.parts import BannerModel, Kind, SlotModel, ToastModel

NOTICES: dict[Notice, tuple[str, Kind, str]] = {
    Notice.UNKNOWN_CODE: ("notice.unknown_code", Kind.WAITING, "question"),
    Notice.BAD_CODE: ("notice.bad_code", Kind.WAITING, "barcode"),
    Notice.EXPIRED: ("notice.expired", Kind.FAILED, "warning-circle"),
    Notice.RECALLED: ("notice.recalled", Kind.FAILED, "warning-circle"),
    Notice.QUANTITY_LIMIT: ("notice.quantity_limit", Kind.WAITING, "info"),
    Notice.SALE_LIMIT: ("notice.sale_limit", Kind.WAITING, "info"),
    Notice.NOT_FOR_SELF_SERVICE: ("notice.not_for_self_service", Kind.PEOPLE, "info"),
    Notice.NEEDS_STAFF: ("notice.needs_staff", Kind.PEOPLE, "user-check"),
    Notice.WEIGH_FIRST: ("notice.weigh_first", Kind.WAITING, "scales"),
    Notice.NOT_NOW: ("notice.not_now", Kind.WAITING, "clock"),
    Notice.DECLINED: ("notice.declined", Kind.FAILED, "warning-circle"),
    Notice.CANCELLED: ("notice.cancelled", Kind.WAITING, "info"),
    Notice.PAYMENT_EXPIRED: ("notice.payment_expired", Kind.WAITING, "clock"),
    Notice.NOT_REACHED: ("notice.not_reached", Kind.FAILED, "wifi-slash"),
    Notice.NUMBER_CANNOT_PAY: ("notice.number_cannot_pay", Kind.FAILED, "warning-circle"),
    Notice.PAID_ANYWAY: ("notice.paid_anyway", Kind.DONE, "check-circle"),
    Notice.TERMINAL_BUSY: ("notice.terminal_busy", Kind.WAITING, "clock"),
    Notice.PAPER_OUT: ("notice.paper_out", Kind.WAITING, "receipt"),
    Notice.REVERSED: ("notice.reversed", Kind.WAITING, "info"),
    Notice.ALCOHOL_HOURS: ("notice.alcohol_hours", Kind.WAITING, "clock"),
    Notice.CLOCK_DOUBT: ("notice.clock_doubt", Kind.WAITING, "clock"),
    Notice.PAY_WITH_IT_LATER: ("notice.pay_with_it_later", Kind.WAITING, "wallet"),
    Notice.VOUCHER_HELD: ("notice.voucher_held", Kind.DONE, "recycle"),
    Notice.VOUCHER_USED: ("notice.voucher_used", Kind.WAITING, "info"),
    Notice.VOUCHER_NOT_TAKEN: ("notice.voucher_not_taken", Kind.FAILED, "warning-circle"),
    Notice.VOUCHER_TOO_LARGE: ("notice.voucher_too_large", Kind.WAITING, "info"),
    Notice.COUPON_SEEN: ("notice.coupon_seen", Kind.PEOPLE, "user-check"),
    Notice.COUPON_TAKEN: ("notice.coupon_taken", Kind.DONE, "ticket"),
    Notice.COUPON_WAITS: ("notice.coupon_waits", Kind.WAITING, "ticket"),
    Notice.COUPON_NO_GOODS: ("notice.coupon_no_goods", Kind.WAITING, "ticket"),
    Notice.COUPON_USED: ("notice.coupon_used", Kind.WAITING, "info"),
    Notice.PART_PAID: ("notice.part_paid", Kind.WAITING, "info"),
    Notice.TENDER_REMOVED: ("notice.tender_removed", Kind.WAITING, "arrow-counter-clockwise"),
    Notice.REVERSAL_FAILED: ("notice.reversal_failed", Kind.FAILED, "warning-circle"),
}
"""Key, kind and sign of every notice but NONE."""

TOASTS: dict[ToastKind, str] = {
    ToastKind.REMOVED: "toast.removed",
    ToastKind.QUANTITY: "toast.changed",
}


def present_notice(view: View, words: Translator) -> BannerModel | None:
    """Return the banner that the view asks for, if any."""
    if view.notice is Notice.NONE:
        return None
    key, kind, sign = NOTICES[view.notice]
    if view.notice is Notice.ALCOHOL_HOURS and view.sold_again:
        text = words("notice.alcohol_hours_until", time=words.clock(view.sold_again))
    elif view.notice is Notice.COUPON_WAITS:
        text = words(key, amount=money(view.notice_limit))
    else:
        text = words(key, limit=view.notice_limit)
    return BannerModel(kind=kind, sign=sign, text=text)


def present_toast(view: View, words: Translator) -> ToastModel | None:
    """Return the toast that the view asks for, if any."""
    if view.toast is None:
        return None
    toast = view.toast
    return ToastModel(
        picture=toast.picture,
        category=toast.category,
        text=words(TOASTS[toast.kind], name=toast.name),
        undo=words("toast.undo"),
    )


def slot(view: View, words: Translator, prompt: SlotModel) -> SlotModel:
    """Return what stands in the prompt's slot: a refusal, else the toast, else the prompt.

    A refusal is newer than a toast: a toast is over with the next scan, and a refusal is one.
    """
    return present_notice(view, words) or present_toast(view, words) or prompt
