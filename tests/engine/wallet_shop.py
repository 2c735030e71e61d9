"""A shop with a card terminal and three wallets, and what its shoppers type."""

from drivers.contracts import WalletStep
from kiosk.engine import messages as m
from kiosk.engine.view import WalletView
from kiosk.sale.events import Method
from tests.engine.bench import MILK, Bench
from tests.engine.models import World
from tests.engine.wallets import WalletModel

METHODS = (Method.CARD, Method.VIPPS, Method.KLARNA, Method.STREX)
NUMBER = "91234567"
FIRST = {
    Method.VIPPS: WalletStep.SCAN_QR,
    Method.KLARNA: WalletStep.SCAN_QR,
    Method.STREX: WalletStep.ENTER_PHONE,
}


def world_with_wallets() -> World:
    world = World()
    for method, first in FIRST.items():
        world.payers[method] = WalletModel(f"{method.value}-1", world.events, world.books, first)
    return world


def wallet(shop: Bench, method: Method = Method.VIPPS) -> WalletModel:
    model = shop.world.payers[method]
    assert isinstance(model, WalletModel)
    return model


def choose(shop: Bench, method: Method) -> Bench:
    return shop.scan(MILK).send(m.PayPressed(), m.BagsConfirmed(), m.MethodChosen(method))


def type_digits(shop: Bench, digits: str) -> Bench:
    return shop.send(*(m.WalletDigitTyped(digit) for digit in digits))


def shown(shop: Bench) -> WalletView:
    assert shop.view.wallet is not None, shop.view.screen
    return shop.view.wallet
