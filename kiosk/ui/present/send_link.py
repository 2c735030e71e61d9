"""Number keys for the link to a receipt: as a wallet's, and the way out leads to the code."""

from kiosk.engine.view import View
from kiosk.ui.i18n import Translator
from kiosk.ui.present.parts import BannerModel, Kind, present_frame
from kiosk.ui.present.wallet_keys import Leave, WalletKeysModel


def present_send_link(view: View, words: Translator) -> WalletKeysModel:
    """Return the keys; the view must have `send_link`."""
    assert view.send_link is not None, "SEND_LINK without send_link"
    keys = view.send_link
    bad = BannerModel(kind=Kind.WAITING, sign="info", text=words("wallet.problem.bad_phone"))
    return WalletKeysModel(
        frame=present_frame(view, words),
        title=words("wallet.keys.phone"),
        lead=words("send_link.lead"),
        field=keys.typed,
        placeholder=words("wallet.keys.phone_empty"),
        banner=bad if keys.bad else None,
        can_confirm=keys.can_confirm,
        leave=Leave.BACK,
        leave_text=words("wallet.back_to_code"),
        other="",
        waiting="",
    )
