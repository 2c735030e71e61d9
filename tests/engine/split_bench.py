"""A kiosk that takes gift cards and vouchers, and what its shoppers do."""

from pathlib import Path

from kiosk.engine import messages as m
from kiosk.engine.view import Screen
from kiosk.sale.events import Event, Method, ReceiptChoice
from kiosk.sale.totals import totals
from tests.engine.bench import Bench, config
from tests.engine.models import World
from tests.engine.value_model import gift_cards, vouchers

METHODS = (Method.CARD, Method.GIFT_CARD, Method.DEPOSIT_VOUCHER)
PREFIXES = {Method.GIFT_CARD: ("6338",), Method.DEPOSIT_VOUCHER: ("980",)}
MILK_MINOR = 2390


class SplitBench(Bench):
    """A bench with an issuer of gift cards and a machine for empties."""

    def __init__(self, folder: Path, catalog_path: Path, **more: object) -> None:
        world = World()
        self.cards, self.slips = gift_cards(world.events), vouchers(world.events)
        world.payers = {Method.GIFT_CARD: self.cards, Method.DEPOSIT_VOUCHER: self.slips}
        given = {"methods": METHODS, "value_prefixes": PREFIXES, **more}
        super().__init__(folder, catalog_path, world=world, config=config(**given))

    def restart(self, down_s: float = 30) -> None:
        for model in (self.cards, self.slips):
            model.forget_all()
        super().restart(down_s)

    def shop(self, *codes: str) -> None:
        for code in codes:
            self.scan(code)
        self.send(m.PayPressed(), m.BagsConfirmed())
        assert self.view.screen is Screen.PAY

    def use(self, number: str) -> None:
        """Choose gift card, scan it, and say yes."""
        self.send(m.MethodChosen(Method.GIFT_CARD))
        self.scan(number)
        self.send(m.ValueConfirmed())

    def held_minor(self) -> int:
        """All that any provider has taken and not given back."""
        everybody = (self.world.books, self.cards.books, self.slips.books)
        return sum(entry.charged_minor for books in everybody for entry in books.taken())

    @property
    def left(self) -> int:
        return totals(self.sale).left_minor


def finish(bench: SplitBench) -> None:
    """Pay the rest by card and go."""
    bench.send(m.MethodChosen(Method.CARD))
    bench.world.terminal.tap()
    bench.pump()
    assert bench.view.screen is Screen.RECEIPT
    bench.send(m.ReceiptChosen(ReceiptChoice.PAPER)).pump()


def recorded(bench: SplitBench, kind: type[Event]) -> list[Event]:
    return [event for event in bench.record() if isinstance(event, kind)]
