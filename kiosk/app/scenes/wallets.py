"""Paying by phone, as the demonstration's shopper does it: scan and approve, or number and code."""

from typing import Final

from drivers.contracts import WalletStep
from drivers.deadline import SYSTEM_CLOCK, Deadline, ready
from kiosk.app.shopper import LOOK_EVERY_S, PATIENCE_S, Shopper, ShopperLost
from kiosk.app.store import Store
from kiosk.engine.view import Keys, Screen

NUMBER: Final = "91234567"
"""Nobody's: the far end sends no SMS."""


def pay_by_vipps(shopper: Shopper) -> None:
    """Scan the code on the screen with the phone, and approve there."""
    _scan_and_approve(shopper, "Vipps", "vipps")


def pay_by_klarna(shopper: Shopper) -> None:
    """Scan the code on the screen with the phone, and complete it there."""
    _scan_and_approve(shopper, "Klarna", "klarna")


def pay_by_strex(shopper: Shopper) -> None:
    """Type the number, say that it is right, and type the code that came by SMS."""
    phone = shopper.store.far_end("strex")
    shopper.press("Strex")
    _wait_for_keys(shopper, Keys.PHONE)
    shopper.look("strex-number")
    _type(shopper, NUMBER)
    shopper.wait_for_screen(Screen.WALLET)
    shopper.look("strex-confirm")
    shopper.press("Ja, send koden")
    _wait_for_keys(shopper, Keys.CODE)
    shopper.look("strex-code")
    _type(shopper, phone.call("read_sms"))
    shopper.wait_for_screen(Screen.RECEIPT)


def taken_by_wallet_minor(name: str, store: Store) -> int:
    """Return what a provider's own books say was taken, once what is owed has been captured.

    What is reserved at hand-over is captured in the background: it is waited for, since a
    demonstration that ends before has not shown that the shop gets its money.
    """
    deadline = Deadline(SYSTEM_CLOCK, PATIENCE_S)
    while True:
        books = store.far_end(name).call("books")
        reserved = sum(e["amount_minor"] - e["cancelled"] - e["captured"] for e in books)
        if reserved == 0:
            return sum(entry["captured"] - entry["refunded"] for entry in books)
        if deadline.passed():
            raise ShopperLost(f"{name} still has {reserved} reserved that nobody took.")
        ready((), LOOK_EVERY_S)


def _scan_and_approve(shopper: Shopper, tile: str, name: str) -> None:
    phone = shopper.store.far_end(name)
    shopper.press(tile)
    view = shopper.wait_for(
        "the code on the screen",
        lambda v: v.wallet is not None and v.wallet.step is WalletStep.SCAN_QR,
    )
    shopper.look(name)
    link = phone.call("scan")
    if view.wallet is None or view.wallet.qr_text != link:
        raise ShopperLost(f"The code on the screen is not the one that {name} waits for.")
    phone.call("approve")
    shopper.wait_for_screen(Screen.RECEIPT)


def _wait_for_keys(shopper: Shopper, keys: Keys) -> None:
    shopper.wait_for(
        f"the keys for a {keys}",
        lambda v: v.screen is Screen.WALLET_KEYS and v.wallet is not None and v.wallet.keys is keys,
    )


def _type(shopper: Shopper, digits: str) -> None:
    """Press the keys, one after the other, and the yellow check."""
    shopper.press_each(digits)
    shopper.confirm_keys()
