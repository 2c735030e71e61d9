"""Random weeks of a register: sales of all kinds in a real journal, each Z made when it is due."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from kiosk.fiscal.figures import Report
from kiosk.fiscal.register import Register, RegisterFacts
from kiosk.fiscal.signature import HmacKey
from kiosk.fiscal.zreport import ZDue
from kiosk.journal import Journal
from kiosk.sale import events as e
from kiosk.sale.commands import SUSPENDED, CompleteSale
from kiosk.sale.decide import decide
from kiosk.sale.evolve import evolve, replay, replay_on
from kiosk.sale.product import Product, Promotion, PromotionKind, Unit
from kiosk.sale.return_commands import AddReturn, BeginReturn
from kiosk.sale.return_events import RefundRequested, RefundSettled
from kiosk.sale.returning import is_over, refund_plan, returnable, series_of
from kiosk.sale.state import NO_SALE, Attempt, Sale
from kiosk.sale.totals import totals

from .sales import SHOP, THREE_FOR_TWO

OSLO = ZoneInfo("Europe/Oslo")
KEY = HmacKey(b"SkatteetatenSign", "1")
FACTS = RegisterFacts(shop=SHOP, software_version="1.2.3")
HALF_PRICE = Promotion(
    id="half", kind=PromotionKind.PERCENT, title="−50 %", products=("6",), percent_bp=5000
)
SHELF = (
    # id, name, unit, price, VAT code, rate, group, deposit, promotions
    ("1", "Lettmelk 1 l", Unit.PIECE, 2390, "31", 1500, "04006", 0, ()),
    ("2", "Cola uten sukker 1,5 l", Unit.PIECE, 2990, "31", 1500, "04011", 300, ()),
    ("4", "Bananer & druer <løs>", Unit.KILOGRAM, 2690, "31", 1500, "04006", 0, ()),
    ("5", "Yoghurt blåbær 150 g", Unit.PIECE, 1490, "31", 1500, "04006", 0, (THREE_FOR_TWO,)),
    ("6", "Oppvaskmiddel 500 ml", Unit.PIECE, 3695, "3", 2500, "04014", 0, (HALF_PRICE,)),
    ("7", "Pilsner 0,5 l", Unit.PIECE, 3290, "3", 2500, "04007", 200, ()),
    ("8", "Dagbladet", Unit.PIECE, 4500, "5", 0, "04014", 0, ()),
)


def utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


class Shop:
    """A register with its journal and a clock that only the test moves."""

    def __init__(
        self, folder: Path, *, seed: int = 1, at: datetime | None = None, signer=KEY, facts=FACTS
    ) -> None:
        self.random = random.Random(seed)
        self.now = at or datetime(2026, 10, 23, 8, 0, tzinfo=OSLO)
        self.journal = Journal.open(folder / "journal.sqlite")
        # These tests are about content; a power cut has its own.
        self.journal._db.execute("PRAGMA synchronous = OFF")
        self.facts = facts
        self.signer = signer
        self.register = Register(self.journal, facts, signer)
        self.sales = 0
        self.z: list[Report] = []
        self.register.start(utc(self.now))

    def close(self) -> None:
        self.journal.close()

    def restart(self) -> None:
        """The program ends without a word and begins anew."""
        self.register = Register(self.journal, self.facts, self.signer)
        self.register.start(utc(self.now))

    def wait(self, **length: float) -> None:
        self.now = (self.now.astimezone(UTC) + timedelta(**length)).astimezone(OSLO)

    def tick(self) -> None:
        """What the engine does between two shoppers and each minute."""
        if self.register.z_due(utc(self.now)) is ZDue.NOW:
            self.z.append(self.register.make_z(utc(self.now)))

    def sell(self, *, training: bool = False, end: str = "paid", sign: bool = True) -> str:
        """Let a random shopper come and go; `end` is paid, left, suspended or nothing."""
        self.sales += 1
        sale_id = f"sale-{self.sales:04}"
        for number, event in enumerate(self._events(sale_id, training, end), 1):
            self.journal.append(sale_id, number, [event])
            if isinstance(event, e.SaleCompleted) and sign:
                self.register.sign_due(utc(self.now))
        return sale_id

    def take_back(self) -> str | None:
        """Let a shopper come back with some of what was sold, and perhaps buy something too."""
        original = self._a_sale_of_before()
        if original is None:
            return None
        returns = [replay(self.journal.events_of(one)) for one in original.returned_in]
        self.sales += 1
        sale_id = f"sale-{self.sales:04}"
        begun = BeginReturn(at_utc=utc(self.now), into=sale_id, attendant_id="7")
        known = len(self.journal.events_of(original.id))
        self.journal.append(original.id, known + 1, decide(original, begun))
        started = e.SaleStarted(at_utc=utc(self.now), sale_id=sale_id, kiosk_id="k", currency="NOK")
        events: list[e.Event] = [started]
        if self.random.random() < 0.4:
            events += self._basket()
        sale = replay(events)
        for part in returnable(original, returns):
            if self.random.random() < 0.6:
                back = AddReturn(
                    at_utc=utc(self.now),
                    original=original,
                    returns=tuple(returns),
                    original_receipt=str(original.receipt_number),
                    line_id=part.line.id,
                    quantity=self.random.randint(1, part.quantity),
                    reason="regret",
                    attendant_id="7",
                )
                sale, events = self._with(sale, events, decide(sale, back))
        return self._end_return(original, returns, sale, events)

    def _a_sale_of_before(self) -> Sale | None:
        ids = [f"sale-{number:04}" for number in range(1, self.sales + 1)]
        sales = [replay(self.journal.events_of(one)) for one in ids]
        over = [one for one in sales if is_over(one) and not one.training and one.live_lines]
        return self.random.choice(over) if over else None

    @staticmethod
    def _with(
        sale: Sale, events: list[e.Event], more: tuple[e.Event, ...]
    ) -> tuple[Sale, list[e.Event]]:
        return replay_on(sale, more), [*events, *more]

    def _end_return(
        self, original: Sale, returns: list[Sale], sale: Sale, events: list[e.Event]
    ) -> str | None:
        at, left = utc(self.now), totals(sale).left_minor
        plan = refund_plan(original, returns, -left) if left < 0 else ()
        if left > 0:
            more = _attempt(at, "a1", e.Method.CARD, left, e.Outcome.APPROVED)
            sale, events = self._with(sale, events, more)
        for number, part in enumerate(plan):
            attempt = next(one for one in original.attempts if one.id == part.attempt_id)
            more = _refund(at, f"r{number}", attempt, part.amount_minor)
            sale, events = self._with(sale, events, more)
        if not (sale.live_lines or sale.returned) or totals(sale).left_minor:
            events.append(e.SaleAborted(at_utc=at, reason="left", amount_minor=left))
        else:
            number = self.journal.last_number(series_of(sale)) + 1
            done = CompleteSale(at_utc=at, receipt_number=number)
            paper = (
                e.ReceiptAnswered(at_utc=at, choice=e.ReceiptChoice.PAPER),
                e.PrintStarted(at_utc=at, print_id="p1"),
                e.PrintSettled(at_utc=at, print_id="p1", printed=True),
                e.SaleClosed(at_utc=at),
            )
            sale, events = self._with(sale, events, (*decide(sale, done), *paper))
        self.journal.append(sale.id, 1, events)
        self.register.sign_due(at)
        return sale.id

    def _events(self, sale_id: str, training: bool, end: str) -> Iterator[e.Event]:
        sale = NO_SALE
        pick = self.random
        started = e.SaleStarted(
            at_utc=utc(self.now), sale_id=sale_id, kiosk_id="k", currency="NOK", training=training
        )
        for event in (started, *self._basket()):
            self.wait(seconds=pick.randint(1, 20))
            sale = evolve(sale, event)
            yield event
            for correction in self._correction(sale, event):
                sale = evolve(sale, correction)
                yield correction
        amount = totals(sale).total_minor
        if end == "nothing":
            return
        if end != "paid":
            yield e.SaleAborted(at_utc=utc(self.now), reason=end, amount_minor=amount)
            if end == SUSPENDED and self.random.random() < 0.5:
                into = f"sale-{self.sales + 1:04}"
                yield e.SaleResumed(at_utc=utc(self.now), into=into, attendant_id="7")
            return
        yield from self._paid(sale, amount)

    def _basket(self) -> Iterator[e.Event]:
        for line_id in range(1, self.random.randint(2, 7)):
            yield added(self.random, line_id, utc(self.now))
            if self.random.random() < 0.1:
                yield e.PriceLookedUp(
                    at_utc=utc(self.now), product_id="1", article_group="04006", price_minor=2390
                )

    def _correction(self, sale: Sale, event: e.Event) -> Iterator[e.Event]:
        if not isinstance(event, e.ItemAdded) or len(sale.live_lines) < 2:
            return
        at = utc(self.now)
        dice = self.random.random()
        if dice < 0.1:
            yield e.LineRemoved(at_utc=at, line_id=event.line_id)
            if dice < 0.03:
                yield e.LineRestored(at_utc=at, line_id=event.line_id)
        elif dice < 0.3 and event.weight_g is None:
            quantity = self.random.randint(1, 5)
            yield e.QuantityChanged(at_utc=at, line_id=event.line_id, quantity=quantity)
        elif dice < 0.4:
            yield e.DiscountGiven(
                at_utc=at,
                line_id=event.line_id,
                percent_bp=self.random.choice((1000, 3333)),
                reason="damaged",
                attendant_id="7",
            )
        elif dice < 0.5:
            yield e.PriceChanged(
                at_utc=at,
                line_id=event.line_id,
                unit_price_minor=event.product.unit_price_minor - 90,
                price_minor=event.price_minor - 90 * event.quantity,
                reason="shelf",
                attendant_id="7",
            )

    def _paid(self, sale: Sale, amount: int) -> Iterator[e.Event]:
        self.wait(seconds=self.random.randint(5, 90))
        at = utc(self.now)
        method = self.random.choice((e.Method.CARD, e.Method.CARD, e.Method.VIPPS))
        if self.random.random() < 0.2:
            yield from _attempt(at, "a0", method, amount, e.Outcome.DECLINED)
        if self.random.random() < 0.1 and not sale.training:
            number = self.journal.last_number(e.Series.PROVISIONAL) + 1
            yield e.ProvisionalGiven(at_utc=at, number=number, total_minor=amount, attendant_id="7")
        gift = amount // 3 if self.random.random() < 0.3 else 0
        if gift:
            yield from _attempt(at, "g1", e.Method.GIFT_CARD, gift, e.Outcome.APPROVED)
        yield from _attempt(at, "a1", method, amount - gift, e.Outcome.APPROVED)
        number = self.journal.last_number(series_of(sale)) + 1
        yield e.SaleCompleted(at_utc=at, receipt_number=number, total_minor=amount)
        choice = self.random.choice(tuple(e.ReceiptChoice))
        yield e.ReceiptAnswered(at_utc=at, choice=choice)
        if choice is e.ReceiptChoice.PAPER:
            yield e.PrintStarted(at_utc=at, print_id="p1")
            yield e.PrintSettled(at_utc=at, print_id="p1", printed=True)
            if self.random.random() < 0.5:
                yield e.PrintStarted(at_utc=at, print_id="p2", copy=True)
                yield e.PrintSettled(at_utc=at, print_id="p2", printed=False, in_doubt=True)
                printed = self.random.random() < 0.5
                yield e.PrintSettled(at_utc=at, print_id="p2", printed=printed)
        yield e.SaleClosed(at_utc=at)


def added(pick: random.Random, line_id: int, at_utc: str) -> e.ItemAdded:
    id_, name, unit, price, code, rate, group, deposit, promotions = pick.choice(SHELF)
    quantity = pick.randint(1, 4) if unit is Unit.PIECE else 1
    weight_g = pick.randint(50, 2000) if unit is Unit.KILOGRAM else None
    return e.ItemAdded(
        at_utc=at_utc,
        line_id=line_id,
        product=Product(
            id=id_,
            name=name,
            unit=unit,
            unit_price_minor=price,
            vat_code=code,
            vat_rate_bp=rate,
            article_group=group,
            deposit_minor=deposit,
        ),
        quantity=quantity,
        weight_g=weight_g,
        price_minor=(price * weight_g + 500) // 1000 if weight_g else price * quantity,
        entry=e.Entry.SCANNED,
        promotions=promotions,
    )


def _attempt(
    at: str, attempt_id: str, method: e.Method, amount: int, outcome: e.Outcome
) -> tuple[e.Event, ...]:
    return (
        e.PaymentRequested(
            at_utc=at,
            attempt_id=attempt_id,
            method=method,
            amount_minor=amount,
            currency="NOK",
            service_id="1Z",
        ),
        e.PaymentSettled(
            at_utc=at,
            attempt_id=attempt_id,
            outcome=outcome,
            amount_minor=amount if outcome is e.Outcome.APPROVED else 0,
            currency="NOK",
            transaction_id="T-1",
            card=e.CardFacts(brand="Visa" if method is e.Method.CARD else "", last_four="4417"),
        ),
    )


def _refund(at: str, refund_id: str, attempt: Attempt, amount: int) -> tuple[e.Event, ...]:
    return (
        RefundRequested(
            at_utc=at,
            refund_id=refund_id,
            service_id="1Z",
            method=attempt.method,
            amount_minor=amount,
            currency="NOK",
            of_attempt_id=attempt.id,
            transaction_id=attempt.transaction_id,
        ),
        RefundSettled(
            at_utc=at,
            refund_id=refund_id,
            outcome=e.Outcome.APPROVED,
            transaction_id="T-2",
            card=attempt.card,
        ),
    )


def live_through(shop: Shop, days: int) -> None:
    """Open at eight, close at night, sometimes after midnight; sometimes stay shut."""
    pick = shop.random
    for _ in range(days):
        for _ in range(pick.randint(0, 5)):
            shop.wait(minutes=pick.randint(1, 150))
            end = pick.choices(("paid", "left", SUSPENDED), (8, 1, 1))[0]
            shop.sell(training=pick.random() < 0.1, end=end, sign=pick.random() < 0.9)
            if pick.random() < 0.25:
                shop.take_back()
            if pick.random() < 0.1:
                shop.restart()
            shop.tick()
        night = shop.now.replace(hour=23, minute=50, second=0)
        while shop.now < night:
            shop.wait(minutes=17)
            shop.tick()
        if pick.random() < 0.3:  # somebody is still shopping at midnight
            shop.sell()
            shop.tick()
        shop.wait(hours=pick.choice((8, 8, 8, 8 + 3 * 24)))
        shop.tick()
