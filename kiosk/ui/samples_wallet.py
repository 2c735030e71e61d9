"""Sample views of paying by phone: each step of each wallet, and each bad end."""

from dataclasses import replace

from drivers.contracts import WalletProblem, WalletStep
from kiosk.engine.view import Keys, MethodView, Notice, Screen, Unavailable, View, WalletView
from kiosk.sale.events import Method
from kiosk.ui.samples import START
from kiosk.ui.samples_more import BASE, PAY

LINK = "https://qr.vipps.no/28/2f9c7dA1bT"
MASKED = "••• •• •67"


def _on_screen(screen: Screen = Screen.WALLET, **more: object) -> View:
    values: dict[str, object] = {"method": Method.VIPPS, "amount_minor": 21395, **more}
    return replace(BASE, screen=screen, wallet=WalletView(**values))  # type: ignore[arg-type]


VIPPS_CODE = _on_screen(
    step=WalletStep.SCAN_QR, qr_text=LINK, seconds_left=272, can_push=True,
)  # fmt: skip
PUSH = _on_screen(
    step=WalletStep.PUSH_SENT, masked_phone=MASKED, seconds_left=581, can_push=True
)  # fmt: skip
TYPING = _on_screen(Screen.WALLET_KEYS, step=WalletStep.SCAN_QR, can_push=True, keys=Keys.PHONE)
BILL = _on_screen(
    Screen.WALLET_KEYS, method=Method.STREX, step=WalletStep.ENTER_PHONE, keys=Keys.PHONE
)  # fmt: skip
SMS = _on_screen(
    Screen.WALLET_KEYS, method=Method.STREX, step=WalletStep.ENTER_CODE, keys=Keys.CODE,
    masked_phone=MASKED, tries_left=3,
)  # fmt: skip


def _with(view: View, **more: object) -> View:
    return replace(view, wallet=replace(view.wallet, **more))  # type: ignore[type-var]


WALLET_SAMPLES: dict[str, View] = {
    "wallet_starting": _on_screen(),
    "wallet_vipps": VIPPS_CODE,
    "wallet_vipps_last_seconds": _with(VIPPS_CODE, seconds_left=32, can_push=False),
    "wallet_klarna": _on_screen(
        method=Method.KLARNA,
        step=WalletStep.SCAN_QR,
        qr_text="https://pay.klarna.com/l/Xr7Ku2bd",
        seconds_left=600,
    ),
    "wallet_klarna_opened": _on_screen(
        method=Method.KLARNA,
        step=WalletStep.OPENED,
        qr_text="https://pay.klarna.com/l/Xr7Ku2bd",
        seconds_left=541,
    ),
    "wallet_push": PUSH,
    "wallet_push_code_again": _with(PUSH, can_scan=True),
    "wallet_keys_push": TYPING,
    "wallet_keys_push_bad": _with(TYPING, problem=WalletProblem.BAD_PHONE),
    "wallet_keys_strex": _with(BILL, typed="••• 34"),
    "wallet_keys_strex_typed": _with(BILL, typed=MASKED, can_confirm=True),
    "wallet_keys_strex_bad": _with(BILL, problem=WalletProblem.BAD_PHONE),
    "wallet_keys_strex_too_many": _with(BILL, problem=WalletProblem.TOO_MANY),
    "wallet_confirm": _on_screen(
        method=Method.STREX, step=WalletStep.CONFIRM_PHONE, masked_phone=MASKED
    ),
    "wallet_keys_code": _with(SMS, typed="48", can_confirm=False),
    "wallet_keys_code_wrong": _with(SMS, problem=WalletProblem.WRONG_CODE, tries_left=2),
    "wallet_keys_code_last": _with(SMS, problem=WalletProblem.CODE_EXPIRED, tries_left=1),
    "wallet_working": _on_screen(
        method=Method.STREX, step=WalletStep.WORKING, masked_phone=MASKED, can_stop=False
    ),
    "wallet_no_answer": _on_screen(step=WalletStep.NO_ANSWER),
    "wallet_aborting": _with(VIPPS_CODE, aborting=True),
    "wallet_keys_aborting": _with(BILL, aborting=True),
    "wallet_giving_back": _on_screen(giving_back=True, can_stop=False),
    "pay_expired": replace(PAY, notice=Notice.PAYMENT_EXPIRED),
    "pay_not_reached": replace(PAY, notice=Notice.NOT_REACHED),
    "pay_number_cannot": replace(PAY, notice=Notice.NUMBER_CANNOT_PAY),
    "start_vipps_down": replace(
        START,
        methods_offered=(Method.CARD, Method.VIPPS, Method.KLARNA, Method.STREX),
        methods=(
            MethodView(method=Method.CARD),
            MethodView(method=Method.VIPPS, unavailable=Unavailable.OFFLINE),
            MethodView(method=Method.KLARNA),
            MethodView(method=Method.STREX, limit_minor=50000),
        ),
    ),
    "pay_vipps_down": replace(
        PAY,
        methods=(
            MethodView(method=Method.CARD),
            MethodView(method=Method.VIPPS, unavailable=Unavailable.OFFLINE),
            MethodView(method=Method.KLARNA),
            MethodView(method=Method.STREX, unavailable=Unavailable.OVER_LIMIT, limit_minor=20000),
        ),
    ),
}
"""By name, in the order of a payment."""
