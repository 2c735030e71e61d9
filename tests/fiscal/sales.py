"""The sale of the receipt's design, as events."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from kiosk.fiscal.receipt import Receipt, ShopFacts, build_receipt
from kiosk.sale.decide import decide
from kiosk.sale.events import (
    CardFacts,
    Entry,
    Event,
    ItemAdded,
    Method,
    Outcome,
    PaymentRequested,
    PaymentSettled,
    SaleCompleted,
    SaleStarted,
)
from kiosk.sale.evolve import replay, replay_on
from kiosk.sale.product import Product, Promotion, PromotionKind, Unit
from kiosk.sale.return_commands import AddReturn
from kiosk.sale.return_events import RefundRequested, RefundSettled
from kiosk.sale.returning import series_of
from kiosk.sale.state import NO_SALE, Sale
from kiosk.sale.totals import totals

AT = "2026-11-21T13:32:41.000000+00:00"
LATER = "2026-11-22T10:05:00.000000+00:00"
LATER_LOCAL = datetime(2026, 11, 22, 11, 5, tzinfo=ZoneInfo("Europe/Oslo"))
AT_LOCAL = datetime(2026, 11, 21, 14, 32, 41, tzinfo=ZoneInfo("Europe/Oslo"))
SHOP = ShopFacts(
    name="Nærmat Torshov",
    legal_name="Nærmat Torshov AS",
    address="Eksempelgata 1, 0477 Oslo",
    org_number="999999999",
    register_id="NT-0477-03",
    operator_id="SCO-03",
)
THREE_FOR_TWO = Promotion(
    id="y3",
    kind=PromotionKind.N_FOR_M,
    title="3 for 2",
    products=("5",),
    quantity=3,
    pay_quantity=2,
)
GOODS = (
    # id, name, unit price, quantity, weight, deposit, VAT rate
    ("1", "Lettmelk 1 l", 2390, 1, None, 0, 1500),
    ("2", "Cola uten sukker 1,5 l", 2990, 2, None, 300, 1500),
    ("3", "Kneippbrød 750 g", 3490, 1, None, 0, 1500),
    ("4", "Bananer", 2690, 1, 842, 0, 1500),
    ("5", "Yoghurt blåbær 150 g", 1490, 3, None, 0, 1500),
    ("6", "Oppvaskmiddel 500 ml", 3690, 1, None, 0, 2500),
)


def added(line_id: int) -> ItemAdded:
    id_, name, price, quantity, weight_g, deposit, rate_bp = GOODS[line_id - 1]
    return ItemAdded(
        at_utc=AT,
        line_id=line_id,
        product=Product(
            id=id_,
            name=name,
            unit=Unit.PIECE if weight_g is None else Unit.KILOGRAM,
            unit_price_minor=price,
            vat_code="31" if rate_bp == 1500 else "3",
            vat_rate_bp=rate_bp,
            deposit_minor=deposit,
        ),
        quantity=quantity,
        weight_g=weight_g,
        price_minor=2265 if weight_g else price * quantity,
        entry=Entry.SCANNED,
        promotions=(THREE_FOR_TWO,) if id_ == "5" else (),
    )


def paid(total_minor: int, *, number: int = 18204) -> tuple[Event, ...]:
    return (
        PaymentRequested(
            at_utc=AT,
            attempt_id="a1",
            method=Method.CARD,
            amount_minor=total_minor,
            currency="NOK",
            service_id="4RW5",
        ),
        PaymentSettled(
            at_utc=AT,
            attempt_id="a1",
            outcome=Outcome.APPROVED,
            amount_minor=total_minor,
            currency="NOK",
            transaction_id="004417",
            transaction_at=AT,
            card=CardFacts(
                brand="Visa",
                last_four="4417",
                entry_mode="Contactless",
                aid="A0000000031010",
                terminal_id="70014523",
                approval_code="083412",
                reference="632118 0477 03",
            ),
        ),
        SaleCompleted(at_utc=AT, receipt_number=number, total_minor=total_minor),
    )


def design_sale(*, training: bool = False) -> Sale:
    started = SaleStarted(
        at_utc=AT, sale_id="s1", kiosk_id="kiosk-3", currency="NOK", training=training
    )
    goods = [added(line_id) for line_id in range(1, len(GOODS) + 1)]
    return replay((started, *goods, *paid(21395)))


def taken_back(original: Sale, *lines: tuple[int, int], sale: Sale = NO_SALE) -> Sale:
    """Goods of `original` come back, (line, quantity) each, alone or in an open `sale`."""
    if sale is NO_SALE:
        started = SaleStarted(at_utc=LATER, sale_id="s2", kiosk_id="kiosk-3", currency="NOK")
        sale = replay([started])
    for line_id, quantity in lines:
        sale = replay_on(
            sale,
            decide(
                sale,
                AddReturn(
                    at_utc=LATER,
                    original=original,
                    returns=(),
                    original_receipt="18204",
                    line_id=line_id,
                    quantity=quantity,
                    reason="regret",
                    attendant_id="7",
                ),
            ),
        )
    return sale


def refunded(sale: Sale, *, number: int = 12) -> Sale:
    """All that a return brings went back to the card, and it has its number."""
    amount_minor = -totals(sale).left_minor
    refund = RefundRequested(
        at_utc=LATER,
        refund_id="r1",
        service_id="4RW9",
        method=Method.CARD,
        amount_minor=amount_minor,
        currency="NOK",
        of_attempt_id="a1",
        transaction_id="004417",
    )
    settled = RefundSettled(
        at_utc=LATER,
        refund_id="r1",
        outcome=Outcome.APPROVED,
        transaction_id="004502",
        card=CardFacts(
            brand="Visa", last_four="4417", terminal_id="70014523", approval_code="083977"
        ),
    )
    done = SaleCompleted(
        at_utc=LATER,
        receipt_number=number,
        total_minor=totals(sale).total_minor,
        series=series_of(sale),
    )
    return replay_on(sale, (refund, settled, done))


def design_return() -> Sale:
    """One cola with its deposit, all yoghurts, the bananas."""
    return refunded(taken_back(design_sale(), (2, 1), (5, 3), (4, 1)))


def design_combined() -> Sale:
    """Washing-up liquid is bought, bread and milk of yesterday come back."""
    started = SaleStarted(at_utc=LATER, sale_id="s2", kiosk_id="kiosk-3", currency="NOK")
    bought = replay((started, replace(added(6), at_utc=LATER, line_id=1)))
    return refunded(taken_back(design_sale(), (3, 1), (1, 1), sale=bought), number=7)


def open_sale() -> Sale:
    """The goods of the design, before they are paid."""
    started = SaleStarted(at_utc=AT, sale_id="s1", kiosk_id="kiosk-3", currency="NOK")
    return replay((started, *(added(line_id) for line_id in range(1, len(GOODS) + 1))))


def design_receipt(*, copy: bool = False, training: bool = False) -> Receipt:
    return build_receipt(design_sale(training=training), SHOP, copy=copy, at_local=AT_LOCAL)
