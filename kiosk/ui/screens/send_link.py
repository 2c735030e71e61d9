"""Number keys for the link to a receipt."""

from kiosk.engine.messages import Intent, LinkConfirmed, LinkDigitTyped
from kiosk.engine.view import View
from kiosk.ui.present.send_link import present_send_link
from kiosk.ui.present.wallet_keys import WalletKeysModel
from kiosk.ui.screens.wallet_keys import WalletKeysScreen


class SendLinkScreen(WalletKeysScreen):
    """A wallet's keys, for another purpose."""

    def present(self, view: View) -> WalletKeysModel:
        """Return what the keys show."""
        return present_send_link(view, self.words)

    def typed(self, digit: str) -> Intent:
        """Return what a key says."""
        return LinkDigitTyped(digit)

    def confirmed(self) -> Intent:
        """Return what the check key says."""
        return LinkConfirmed()
