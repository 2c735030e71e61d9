"""07 wallet: a code for the phone, or what to do on it, and what happens meanwhile."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from drivers.contracts import WalletStep
from kiosk.engine.view import View, WalletView
from kiosk.sale.events import Method
from kiosk.ui.i18n import Translator, money
from kiosk.ui.present.notices import present_notice
from kiosk.ui.present.parts import (
    AmountModel,
    BannerModel,
    FrameModel,
    PrimaryModel,
    present_frame,
)
from kiosk.ui.present.pay import method_name

SCANNED: Final = (WalletStep.SCAN_QR, WalletStep.OPENED)
ON_THE_PHONE: Final = (*SCANNED, WalletStep.PUSH_SENT)
SIGNS: Final[dict[WalletStep | None, str]] = {
    WalletStep.PUSH_SENT: "device-mobile",
    WalletStep.CONFIRM_PHONE: "device-mobile",
    WalletStep.WORKING: "clock",
    WalletStep.NO_ANSWER: "wifi-slash",
    None: "clock",
}


STORIES: Final[dict[WalletStep | None, tuple[str, str]]] = {
    None: ("wallet.title.starting", "wallet.lead.starting"),
    WalletStep.SCAN_QR: ("wallet.title.scan_qr", ""),
    WalletStep.OPENED: ("wallet.title.opened", ""),
    WalletStep.PUSH_SENT: ("wallet.title.push_sent", "wallet.lead.push_sent"),
    WalletStep.ENTER_PHONE: ("wallet.title.starting", "wallet.lead.starting"),
    WalletStep.CONFIRM_PHONE: ("wallet.title.confirm_phone", "wallet.lead.confirm_phone"),
    WalletStep.ENTER_CODE: ("wallet.title.starting", "wallet.lead.starting"),
    WalletStep.WORKING: ("wallet.title.working", "wallet.lead.working"),
    WalletStep.NO_ANSWER: ("wallet.title.no_answer", "wallet.lead.no_answer"),
}
"""Title and sentence of each step; a code needs the sentence's room. Numbers and codes are typed
on the keys, see `wallet_keys`: here they are only passed through."""


class Other(StrEnum):
    """What the second button does, where there is one."""

    PHONE = "phone"
    SCAN = "scan"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepModel:
    """One thing to do, in order; one that is done has a check in place of its number."""

    number: str
    text: str
    done: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WalletModel:
    """Everything on the wallet's screen."""

    frame: FrameModel
    title: str
    lead: str
    """Under the title; empty beside a code, which needs the room."""
    phone: str
    """A masked number in large figures; empty where it is not asked about."""
    code: str
    """What a phone scans; empty where there is no code, and then a sign stands there."""
    sign: str
    asks: bool
    """Whether something is to be done, or we only wait."""
    method: Method
    """Whose colour the code's frame has."""
    name: str
    amount: AmountModel
    steps: tuple[StepModel, ...]
    notice: BannerModel | None
    confirm: str
    """The next step; empty where the next step is on the phone."""
    other: Other | None
    other_text: str
    stop: PrimaryModel
    """Drawn as a secondary button; it waits, and says for what, where stopping does nothing."""


def present_wallet(view: View, words: Translator) -> WalletModel:
    """Return the wallet's screen; the view must have `wallet`."""
    assert view.wallet is not None, "WALLET without wallet"
    wallet = view.wallet
    name = method_name(wallet.method, words)
    title, lead = _story(wallet, name, words)
    asked = wallet.step is WalletStep.CONFIRM_PHONE and not wallet.aborting
    other = _other(wallet)
    return WalletModel(
        frame=present_frame(view, words),
        title=title,
        lead=lead,
        phone=wallet.masked_phone if asked else "",
        code=wallet.qr_text if wallet.step in SCANNED and not wallet.aborting else "",
        sign="clock" if wallet.aborting else SIGNS.get(wallet.step, "device-mobile"),
        asks=not wallet.aborting and wallet.step in (*ON_THE_PHONE, WalletStep.CONFIRM_PHONE),
        method=wallet.method,
        name=name,
        amount=AmountModel(figures=money(wallet.amount_minor)),
        steps=_steps(wallet, name, words),
        notice=present_notice(view, words),
        confirm=words("wallet.confirm") if asked else "",
        other=other,
        other_text=_other_text(wallet, other, words),
        stop=_stop(wallet, name, words),
    )


def _story(wallet: WalletView, name: str, words: Translator) -> tuple[str, str]:
    """Return the title and the sentence under it."""
    if wallet.giving_back:
        return words("wallet.title.giving_back"), words("wallet.lead.giving_back")
    if wallet.aborting:
        return words("wallet.title.aborting"), words("wallet.lead.aborting", method=name)
    title, lead = STORIES[wallet.step]
    texts = {"method": name, "phone": wallet.masked_phone}
    return words(title, **texts), words(lead, **texts) if lead else ""


def _steps(wallet: WalletView, name: str, words: Translator) -> tuple[StepModel, ...]:
    """Return what to do on the phone, while there is something to do on it."""
    if wallet.step not in ON_THE_PHONE or wallet.aborting:
        return ()
    pushed = wallet.step is WalletStep.PUSH_SENT
    amount = money(wallet.amount_minor)
    first = words("wallet.step.open" if pushed else "wallet.step.scan", method=name)
    approve = words("wallet.step.approve", amount=amount, method=name)
    opened = wallet.step is WalletStep.OPENED
    return (
        StepModel(number="1", text=first, done=opened),
        StepModel(number="2", text=approve),
        StepModel(number="3", text=_wait(wallet, pushed, words)),
    )


def _wait(wallet: WalletView, pushed: bool, words: Translator) -> str:
    if not wallet.seconds_left:
        return words("wallet.step.wait")
    key = "wallet.step.wait_push" if pushed else "wallet.step.wait_code"
    return words(key, time=time_left(wallet.seconds_left, words))


def time_left(seconds: int, words: Translator) -> str:
    """Return a time in words: 272 is "4 min 32 s", the last minute "32 s"."""
    minutes, rest = divmod(seconds, 60)
    if not minutes:
        return words("wallet.seconds", s=rest)
    return words("wallet.minutes", m=minutes, s=f"{rest:02d}")


def _other(wallet: WalletView) -> Other | None:
    """Return what else can be done: show the code again, or type a number."""
    if wallet.aborting or wallet.step not in (*ON_THE_PHONE, WalletStep.CONFIRM_PHONE):
        return None
    if wallet.can_scan:
        return Other.SCAN
    return Other.PHONE if wallet.can_push or wallet.step is WalletStep.CONFIRM_PHONE else None


def _other_text(wallet: WalletView, other: Other | None, words: Translator) -> str:
    if other is None:
        return ""
    if other is Other.SCAN:
        return words("wallet.show_code")
    return words("wallet.use_number" if wallet.step in SCANNED else "wallet.other_number")


def _stop(wallet: WalletView, name: str, words: Translator) -> PrimaryModel:
    waits = wallet.aborting or wallet.giving_back or not wallet.can_stop
    if waits:
        return PrimaryModel(text=words("wallet.waiting", method=name), enabled=False)
    return PrimaryModel(text=words("wallet.another_way"))
