"""09 thanks: what is easily forgotten, in order of loss."""

from dataclasses import dataclass
from typing import Final

from kiosk.engine.closing_view import SendStep
from kiosk.engine.view import ThanksView, View
from kiosk.sale.events import ReceiptChoice
from kiosk.ui.i18n import Translator, money
from kiosk.ui.present.notices import present_notice
from kiosk.ui.present.parts import (
    BannerModel,
    FrameModel,
    Kind,
    PrimaryModel,
    present_frame,
)

SENDING: Final[dict[SendStep, tuple[str, str, Kind, str]]] = {
    SendStep.SENDING: ("thanks.sending", "thanks.sending_mail", Kind.WAITING, "clock"),
    SendStep.SENT: ("thanks.sent", "thanks.sent_mail", Kind.DONE, "check-circle"),
    SendStep.FAILED: ("thanks.not_sent", "thanks.not_sent_mail", Kind.FAILED, "warning-circle"),
}
"""Of an SMS, of a mail; kind and sign."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderModel:
    """One thing to remember."""

    sign: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ThanksModel:
    """Everything on the last screen."""

    frame: FrameModel
    title: str
    saved: str
    reminders: tuple[ReminderModel, ...]
    notice: BannerModel | None
    phone_code: str
    """What the phone scans for its receipt, as text for the QR code; empty without one."""
    send: str
    """To have the link on a number instead; empty where it cannot be sent."""
    print_anyway: str
    """For who said "Nei takk" and thinks better of it, and where a link could not be sent; empty
    otherwise."""
    done: PrimaryModel


def present_thanks(view: View, words: Translator) -> ThanksModel:
    """Return the last screen; the view must have `thanks`."""
    assert view.thanks is not None, "THANKS without thanks"
    thanks = view.thanks
    on_phone = thanks.choice is ReceiptChoice.PHONE
    unsent = on_phone and thanks.send is SendStep.FAILED
    return ThanksModel(
        frame=present_frame(view, words),
        title=words("thanks.title"),
        saved=(
            words("thanks.saved", amount=money(thanks.saved_minor)) if thanks.saved_minor else ""
        ),
        reminders=_reminders(thanks, words),
        notice=present_notice(view, words) or (_sending(thanks, words) if on_phone else None),
        phone_code=thanks.phone_code if on_phone else "",
        send=words("thanks.send_mail" if thanks.by_mail else "thanks.send")
        if thanks.can_send
        else "",
        print_anyway=(
            words("thanks.print_anyway") if unsent or thanks.choice is ReceiptChoice.NONE else ""
        ),
        done=PrimaryModel(text=words("thanks.done")),
    )


def _sending(thanks: ThanksView, words: Translator) -> BannerModel | None:
    if thanks.send not in SENDING:
        return None
    by_sms, by_mail, kind, sign = SENDING[thanks.send]
    return BannerModel(kind=kind, sign=sign, text=words(by_mail if thanks.by_mail else by_sms))


def _reminders(thanks: ThanksView, words: Translator) -> tuple[ReminderModel, ...]:
    reminders = [
        ReminderModel(sign="bag", text=words("thanks.items")),
        ReminderModel(sign="credit-card", text=words("thanks.card")),
    ]
    if thanks.choice is ReceiptChoice.PAPER or thanks.choice is None:
        key = "thanks.printing" if thanks.printing else "thanks.printed"
        reminders.append(ReminderModel(sign="receipt", text=words(key)))
    elif thanks.choice is ReceiptChoice.PHONE and thanks.send is not SendStep.FAILED:
        # What went wrong, and paper, take the room; the code speaks for itself.
        reminders.append(ReminderModel(sign="device-mobile", text=words("thanks.scan_code")))
    return tuple(reminders)
