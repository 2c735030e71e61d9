"""Number keys of a wallet: a phone number, or the code that came to it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from drivers.contracts import WalletProblem
from kiosk.engine.view import Keys, View, WalletView
from kiosk.sale.events import Method
from kiosk.ui.i18n import Translator, money
from kiosk.ui.present.parts import BannerModel, FrameModel, Kind, present_frame
from kiosk.ui.present.pay import method_name

PROBLEMS: Final[dict[WalletProblem, str]] = {
    WalletProblem.BAD_PHONE: "wallet.problem.bad_phone",
    WalletProblem.TOO_MANY: "wallet.problem.too_many",
    WalletProblem.WRONG_CODE: "wallet.problem.wrong_code",
    WalletProblem.CODE_EXPIRED: "wallet.problem.code_expired",
}


class Leave(StrEnum):
    """What the way out leads to."""

    BACK = "back"
    """To the code on the screen."""
    STOP = "stop"
    """To the other ways to pay."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WalletKeysModel:
    """Everything on the keys."""

    frame: FrameModel
    title: str
    lead: str
    field: str
    placeholder: str
    banner: BannerModel | None
    can_confirm: bool
    leave: Leave
    leave_text: str
    other: str
    """Another number, where a code was sent to one; empty elsewhere."""
    waiting: str
    """What we wait for, in place of the way out, while the payment is being stopped."""


def present_wallet_keys(view: View, words: Translator) -> WalletKeysModel:
    """Return the keys; the view must have `wallet` with `keys`."""
    assert view.wallet is not None, "WALLET_KEYS without wallet"
    wallet = view.wallet
    name = method_name(wallet.method, words)
    of_code = wallet.keys is Keys.CODE
    leave = Leave.BACK if wallet.can_push else Leave.STOP
    return WalletKeysModel(
        frame=present_frame(view, words),
        title=words("wallet.keys.code" if of_code else "wallet.keys.phone"),
        lead=_lead(wallet, name, words),
        field=wallet.typed,
        placeholder=words("wallet.keys.code_empty" if of_code else "wallet.keys.phone_empty"),
        banner=_banner(wallet, words),
        can_confirm=wallet.can_confirm,
        leave=leave,
        leave_text=words("wallet.back_to_code" if wallet.can_push else "wallet.another_way"),
        other=words("wallet.other_number") if of_code else "",
        waiting=words("wallet.waiting", method=name) if wallet.aborting else "",
    )


def _lead(wallet: WalletView, name: str, words: Translator) -> str:
    """Return what the number is for, and that nobody keeps it; or where the code went."""
    amount = money(wallet.amount_minor)
    if wallet.keys is Keys.CODE:
        return words("wallet.keys.code_lead", phone=wallet.masked_phone, amount=amount)
    by_bill = wallet.method is Method.STREX
    key = "wallet.keys.phone_lead_bill" if by_bill else "wallet.keys.phone_lead_push"
    return words(key, method=name, amount=amount)


def _banner(wallet: WalletView, words: Translator) -> BannerModel | None:
    if wallet.problem is WalletProblem.NONE:
        return None
    text = words(PROBLEMS[wallet.problem])
    if wallet.keys is Keys.CODE and wallet.tries_left:
        text = f"{text} {words.many('wallet.tries', wallet.tries_left)}"
    return BannerModel(kind=Kind.WAITING, sign="info", text=text)
