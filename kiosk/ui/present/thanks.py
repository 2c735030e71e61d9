"""09 thanks: what is easily forgotten, in order of loss."""

from dataclasses import dataclass

from kiosk.engine.view import ThanksView, View
from kiosk.sale.events import ReceiptChoice
from kiosk.ui.i18n import Translator, money
from kiosk.ui.present.notices import present_notice
from kiosk.ui.present.parts import BannerModel, FrameModel, PrimaryModel, present_frame


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
    print_anyway: str
    """For who said "Nei takk" and thinks better of it; empty otherwise."""
    done: PrimaryModel


def present_thanks(view: View, words: Translator) -> ThanksModel:
    """Return the last screen; the view must have `thanks`."""
    assert view.thanks is not None, "THANKS without thanks"
    thanks = view.thanks
    declined = thanks.choice is ReceiptChoice.NONE
    return ThanksModel(
        frame=present_frame(view, words),
        title=words("thanks.title"),
        saved=(
            words("thanks.saved", amount=money(thanks.saved_minor)) if thanks.saved_minor else ""
        ),
        reminders=_reminders(thanks, words),
        notice=present_notice(view, words),
        phone_code=thanks.phone_code if thanks.choice is ReceiptChoice.PHONE else "",
        print_anyway=words("thanks.print_anyway") if declined else "",
        done=PrimaryModel(text=words("thanks.done")),
    )


def _reminders(thanks: ThanksView, words: Translator) -> tuple[ReminderModel, ...]:
    reminders = [
        ReminderModel(sign="bag", text=words("thanks.items")),
        ReminderModel(sign="credit-card", text=words("thanks.card")),
    ]
    if thanks.choice is ReceiptChoice.PAPER or thanks.choice is None:
        key = "thanks.printing" if thanks.printing else "thanks.printed"
        reminders.append(ReminderModel(sign="receipt", text=words(key)))
    elif thanks.choice is ReceiptChoice.PHONE:
        reminders.append(ReminderModel(sign="device-mobile", text=words("thanks.scan_code")))
    return tuple(reminders)
