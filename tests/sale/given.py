"""Words for tests of the sale: products, commands with a fixed time, and a sale to do them to."""

from dataclasses import replace
from typing import Any

import pytest

from kiosk.sale import commands as c
from kiosk.sale import events as e
from kiosk.sale.commands import Limits, Reason, Rejected
from kiosk.sale.decide import decide
from kiosk.sale.evolve import evolve, replay
from kiosk.sale.product import Product, Promotion, PromotionKind, Restriction, Unit
from kiosk.sale.state import NO_SALE, Sale
from kiosk.sale.totals import totals

AT = "2026-11-21T12:00:00.000000+00:00"
TODAY = "2026-11-21"


def product(product_id: str, price_minor: int, **more: Any) -> Product:
    facts: dict[str, Any] = {"vat_code": "31", "vat_rate_bp": 1500, **more}
    return Product(id=product_id, name=product_id, unit_price_minor=price_minor, **facts)


MILK = product("milk", 2190)
BREAD = product("bread", 3990)
SODA = product("soda", 2490, deposit_minor=200)
BAG = product("bag", 450, vat_code="3", vat_rate_bp=2500, article_group="04014")
BANANA = product("4011", 2690, unit=Unit.KILOGRAM)
ENERGY = product("energy", 2490, age_limit=16, restrictions=(Restriction.ENERGY_DRINK,))
BEER = product(
    "beer",
    3490,
    age_limit=18,
    restrictions=(Restriction.ALCOHOL,),
    vat_code="3",
    vat_rate_bp=2500,
    deposit_minor=200,
)
SPIRIT = replace(BEER, id="spirit", age_limit=20)
SNUS = product("snus", 9900, age_limit=18, restrictions=(Restriction.TOBACCO,))


def n_for_m(promotion_id: str, quantity: int, pay: int, *products: str) -> Promotion:
    return Promotion(
        id=promotion_id,
        kind=PromotionKind.N_FOR_M,
        title=f"{quantity} for {pay}",
        products=products,
        quantity=quantity,
        pay_quantity=pay,
    )


def percent(promotion_id: str, percent_bp: int, *products: str) -> Promotion:
    return Promotion(
        id=promotion_id,
        kind=PromotionKind.PERCENT,
        title="percent",
        products=products,
        percent_bp=percent_bp,
    )


def bundle(promotion_id: str, quantity: int, price_minor: int, *products: str) -> Promotion:
    return Promotion(
        id=promotion_id,
        kind=PromotionKind.FIXED_BUNDLE,
        title="bundle",
        products=products,
        quantity=quantity,
        price_minor=price_minor,
    )


def own_price(promotion_id: str, price_minor: int, *products: str) -> Promotion:
    return Promotion(
        id=promotion_id,
        kind=PromotionKind.PRICE,
        title="price",
        products=products,
        price_minor=price_minor,
    )


class Shop:
    """A sale, its events, and commands to do to it. Every step is checked against replay."""

    def __init__(self, *, started: bool = True, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self.events: list[e.Event] = []
        self.sale: Sale = NO_SALE
        self._services = 0
        if started:
            self.do(c.StartSale(at_utc=AT, sale_id="s1", kiosk_id="k1"))

    def do(self, command: c.Command) -> tuple[e.Event, ...]:
        events = decide(self.sale, command, self.limits)
        for event in events:
            self.sale = evolve(self.sale, event)
        self.events.extend(events)
        assert replay(self.events) == self.sale
        return events

    def refuses(self, command: c.Command, reason: Reason) -> None:
        with pytest.raises(Rejected) as refusal:
            decide(self.sale, command, self.limits)
        assert refusal.value.reason is reason

    def add(self, what: Product, quantity: int = 1, **more: Any) -> tuple[e.Event, ...]:
        return self.do(add(what, quantity, **more))

    def ask(self, amount_minor: int | None = None) -> str:
        """Request a payment and return the attempt's id."""
        self._services += 1
        attempt_id = f"p{self._services}"
        self.do(
            c.RequestPayment(
                at_utc=AT,
                attempt_id=attempt_id,
                service_id=str(self._services),
                method=e.Method.CARD,
                amount_minor=amount_minor,
            )
        )
        return attempt_id

    def answer(
        self, attempt_id: str, outcome: e.Outcome, amount_minor: int = 0, currency: str = "NOK"
    ) -> tuple[e.Event, ...]:
        return self.do(settle(attempt_id, outcome, amount_minor, currency))

    def pay(self) -> str:
        """Request what is left and have it approved."""
        left = self.left
        attempt_id = self.ask()
        self.answer(attempt_id, e.Outcome.APPROVED, left)
        return attempt_id

    def complete(self) -> None:
        self.do(c.CompleteSale(at_utc=AT, receipt_number=7))

    def choose(self, choice: e.ReceiptChoice) -> tuple[e.Event, ...]:
        return self.do(c.AnswerReceipt(at_utc=AT, choice=choice))

    @property
    def total(self) -> int:
        return totals(self.sale).total_minor

    @property
    def left(self) -> int:
        return totals(self.sale).left_minor


def add(what: Product, quantity: int = 1, **more: Any) -> c.AddItem:
    return c.AddItem(at_utc=AT, product=what, quantity=quantity, today=TODAY, **more)


def settle(
    attempt_id: str, outcome: e.Outcome, amount_minor: int = 0, currency: str = "NOK"
) -> c.SettlePayment:
    return c.SettlePayment(
        at_utc=AT,
        attempt_id=attempt_id,
        outcome=outcome,
        amount_minor=amount_minor,
        currency=currency,
        transaction_id=f"t-{attempt_id}",
        transaction_at=AT,
    )


def kinds(events: tuple[e.Event, ...]) -> list[str]:
    return [type(event).__name__ for event in events]
