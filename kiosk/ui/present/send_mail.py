"""Letter keys for the e-mail address that the link to a receipt goes to."""

from dataclasses import dataclass
from typing import Final

from kiosk.engine.view import View
from kiosk.ui.i18n import Translator
from kiosk.ui.present.parts import BannerModel, FrameModel, Kind, present_frame

DIGITS: Final = "1234567890"
NORWEGIAN: Final = (DIGITS, "qwertyuiopå", "asdfghjkløæ", "zxcvbnm@.-_")
OTHERS: Final = (DIGITS, "qwertyuiop", "asdfghjkl", "zxcvbnm@.-_")
"""Where nobody has keys with æ, ø and å: larger ones instead."""
ENDING: Final = ".no"


@dataclass(frozen=True, slots=True, kw_only=True)
class SendMailModel:
    """Everything on the letter keys."""

    frame: FrameModel
    title: str
    lead: str
    field: str
    placeholder: str
    banner: BannerModel | None
    rows: tuple[str, ...]
    can_confirm: bool
    back: str
    confirm: str


def present_send_mail(view: View, words: Translator) -> SendMailModel:
    """Return the keys; the view must have `send_link`."""
    assert view.send_link is not None, "SEND_MAIL without send_link"
    keys = view.send_link
    bad = BannerModel(kind=Kind.WAITING, sign="info", text=words("send_mail.bad"))
    return SendMailModel(
        frame=present_frame(view, words),
        title=words("send_mail.title"),
        lead=words("send_mail.lead"),
        field=keys.typed,
        placeholder=words("send_mail.empty"),
        banner=bad if keys.bad else None,
        rows=NORWEGIAN if view.settings.language in ("nb", "nn") else OTHERS,
        can_confirm=keys.can_confirm,
        back=words("wallet.back_to_code"),
        confirm=words("send_mail.confirm"),
    )
