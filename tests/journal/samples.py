"""One sample of every event, and sales made of them, for the journal's tests."""

from kiosk.sale import events as e
from kiosk.sale.product import Product, Promotion, PromotionKind, Restriction, Unit

AT = "2026-11-21T12:00:00.000001+00:00"

BEER = Product(
    id="20114",
    name="Pilsner 0,5 l",
    unit=Unit.PIECE,
    unit_price_minor=3290,
    vat_code="3",
    vat_rate_bp=2500,
    article_group="04007",
    category="drinks",
    picture="beer",
    deposit_minor=200,
    age_limit=18,
    restrictions=(Restriction.ALCOHOL, Restriction.NO_DISCOUNT),
    quantity_limit=24,
    recalled_batches=("L1", "L2"),
)
THREE_FOR_TWO = Promotion(
    id="p1",
    kind=PromotionKind.N_FOR_M,
    title="3 for 2 på “yoghurt”",
    products=("1", "2"),
    quantity=3,
    pay_quantity=2,
    valid_from="2026-11-01",
    valid_to="2026-11-30",
)
CARD = e.CardFacts(brand="Visa", last_four="4242", entry_mode="ICC", reference="r")

EVERY_EVENT: tuple[e.Event, ...] = (
    e.SaleStarted(at_utc=AT, sale_id="s1", kiosk_id="SCO-03", currency="NOK"),
    e.ItemAdded(
        at_utc=AT,
        line_id=1,
        product=BEER,
        quantity=2,
        price_minor=6580,
        entry=e.Entry.SCANNED,
        code="07038010000010",
        batch="L7",
        best_before="2026-12-24",
        promotions=(THREE_FOR_TWO,),
    ),
    e.QuantityChanged(at_utc=AT, line_id=1, quantity=3),
    e.LineRemoved(at_utc=AT, line_id=1, actor=e.Actor.STAFF, attendant_id="a1"),
    e.LineRestored(at_utc=AT, line_id=1),
    e.PriceLookedUp(at_utc=AT, product_id="20114", article_group="04007", price_minor=3290),
    e.InterventionRaised(
        at_utc=AT,
        intervention_id="i1",
        kind=e.Interest.AGE,
        policy=e.Policy.BEFORE_PAYMENT,
        line_id=1,
    ),
    e.InterventionResolved(at_utc=AT, intervention_id="i1", approved=True, attendant_id="a1"),
    e.BagsAnswered(at_utc=AT),
    e.PaymentRequested(
        at_utc=AT,
        attempt_id="a1",
        method=e.Method.CARD,
        amount_minor=6980,
        currency="NOK",
        service_id="1Z",
    ),
    e.PaymentAbortRequested(at_utc=AT, attempt_id="a1"),
    e.PaymentSettled(
        at_utc=AT,
        attempt_id="a1",
        outcome=e.Outcome.APPROVED,
        amount_minor=6980,
        currency="NOK",
        transaction_id="T-1",
        card=CARD,
    ),
    e.ReversalRequested(
        at_utc=AT, attempt_id="a1", service_id="20", amount_minor=6980, reason="amount"
    ),
    e.ReversalSettled(at_utc=AT, attempt_id="a1", done=True),
    e.SaleCompleted(at_utc=AT, receipt_number=1, total_minor=6980),
    e.ReceiptAnswered(at_utc=AT, choice=e.ReceiptChoice.PAPER),
    e.PrintStarted(at_utc=AT, print_id="p1"),
    e.PrintSettled(at_utc=AT, print_id="p1", printed=True),
    e.SaleAborted(at_utc=AT, reason="left", amount_minor=0, actor=e.Actor.KIOSK),
    e.SaleClosed(at_utc=AT),
)


def started(sale_id: str, *, training: bool = False) -> e.SaleStarted:
    return e.SaleStarted(
        at_utc=AT, sale_id=sale_id, kiosk_id="SCO-03", currency="NOK", training=training
    )


def completed(receipt_number: int) -> e.SaleCompleted:
    return e.SaleCompleted(at_utc=AT, receipt_number=receipt_number, total_minor=100)


def item(line_id: int, code: str = "") -> e.ItemAdded:
    return e.ItemAdded(
        at_utc=AT,
        line_id=line_id,
        product=BEER,
        quantity=1,
        price_minor=3290,
        entry=e.Entry.SCANNED,
        code=code,
    )
