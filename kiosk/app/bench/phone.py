"""The shopper's phone on the bench: it reads the code on the screen, approves, declines, gets SMS.

It knows only what a phone knows. What it scans is what stands on the glass; without a code there
nothing can be scanned. Digits are typed on the glass, with a finger, as the shopper would.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from drivers.contracts import WalletStep
from drivers.sim.control import RemoteError
from kiosk.app.shopper import Shopper
from kiosk.app.store import Store
from kiosk.engine.view import Keys, View, WalletView

NUMBER: Final = "91234567"
"""The shopper's own number; nobody has it."""
NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {"vipps": "Vipps", "klarna": "Klarna", "strex": "SMS"}
)


class PhoneRefused(Exception):
    """The phone cannot do that now. The message says why, for whoever plays."""


class Phone:
    """One phone, for all wallets that run in the store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._scanned = ""
        """The code that was read last: what the app is open on."""
        self._verbs: Mapping[str, Callable[[WalletView], str]] = MappingProxyType(
            {
                "scan": self._scan,
                "approve": self._approve,
                "decline": self._decline,
                "expire": self._expire,
                "number": self._number,
                "code": self._code,
            }
        )

    def state(self, view: View) -> dict[str, Any]:
        """Return what the phone shows, and which buttons make sense now; only JSON values."""
        wallet = view.wallet
        if wallet is None or wallet.method.value not in NAMES:
            return {"app": "", "text": "Nothing to pay", "kind": "", "verbs": [], "shown": ""}
        verbs, text = self._buttons(wallet)
        return {
            "app": NAMES[wallet.method.value],
            "text": text,
            "kind": "wait" if verbs else "",
            "verbs": verbs,
            "shown": self._sms(wallet),
        }

    def do(self, verb: str, view: View) -> str:
        """Do something with the phone; return what came of it, in words.

        Raises:
            PhoneRefused: that cannot be done now.
            KeyError: there is no such verb.
        """
        act = self._verbs[verb]
        if view.wallet is None or view.wallet.method.value not in NAMES:
            raise PhoneRefused("The kiosk does not wait for a phone.")
        try:
            return act(view.wallet)
        except RemoteError as error:
            raise PhoneRefused(f"The phone says: {error}") from error

    def _buttons(self, wallet: WalletView) -> tuple[list[dict[str, Any]], str]:
        """Return the buttons, the one that leads on first, and what the phone shows."""
        if wallet.keys is Keys.PHONE:
            return [_button("number", f"Type {NUMBER}")], "asked for a number"
        if wallet.keys is Keys.CODE:
            return [_button("code", "Type the code")], "got an SMS"
        if wallet.step is WalletStep.PUSH_SENT:
            return [_button("approve", "Approve"), _button("decline", "Decline")], "got a push"
        if wallet.qr_text and self._scanned != wallet.qr_text:
            return [
                _button("scan", "Scan the screen"),
                _button("expire", "Let it expire"),
            ], "camera"
        if wallet.qr_text:
            approve = [_button("approve", "Approve"), _button("decline", "Decline")]
            return [*approve, _button("expire", "Let it expire")], "asks for approval"
        return [], "waits"

    def _sms(self, wallet: WalletView) -> str:
        """Return the code that came, where one is asked for."""
        if wallet.keys is not Keys.CODE:
            return ""
        try:
            return str(self._store.far_end(wallet.method.value).call("read_sms"))
        except RemoteError:
            return ""

    def _scan(self, wallet: WalletView) -> str:
        if not wallet.qr_text:
            raise PhoneRefused("There is no code on the screen.")
        if self._far_end(wallet).call("scan") != wallet.qr_text:
            raise PhoneRefused("The code on the screen is not of this payment.")
        self._scanned = wallet.qr_text
        return "The phone has read the code."

    def _approve(self, wallet: WalletView) -> str:
        self._must_be_open(wallet)
        self._far_end(wallet).call("approve")
        return "Approved on the phone."

    def _decline(self, wallet: WalletView) -> str:
        self._must_be_open(wallet)
        self._far_end(wallet).call("decline")
        return "Declined on the phone."

    def _expire(self, wallet: WalletView) -> str:
        verb = "expire" if wallet.method.value == "vipps" else "fail_distribution"
        self._far_end(wallet).call(verb)
        return "The time is over."

    def _number(self, wallet: WalletView) -> str:
        return self._type(wallet, Keys.PHONE, NUMBER)

    def _code(self, wallet: WalletView) -> str:
        return self._type(wallet, Keys.CODE, self._sms(wallet))

    def _type(self, wallet: WalletView, keys: Keys, digits: str) -> str:
        if wallet.keys is not keys or not digits:
            raise PhoneRefused("The kiosk does not ask for that.")
        finger = Shopper(self._store, self._store.folder, tell=lambda _: None)
        finger.press_each(digits)
        finger.confirm_keys()
        return "Typed on the screen."

    def _must_be_open(self, wallet: WalletView) -> None:
        """An app shows a payment that was scanned, or pushed to it, and no other."""
        pushed = wallet.step is WalletStep.PUSH_SENT
        if not pushed and (not wallet.qr_text or self._scanned != wallet.qr_text):
            raise PhoneRefused("The app shows nothing yet: scan the screen first.")

    def _far_end(self, wallet: WalletView) -> Any:
        return self._store.far_end(wallet.method.value)


def _button(verb: str, label: str) -> dict[str, Any]:
    return {"verb": verb, "label": label}
