"""One sample of every event, and sales made of them, for the journal's tests."""

from kiosk.fiscal import events as r
from kiosk.fiscal.figures import (
    Count,
    Figures,
    GrandTotals,
    KeyedCount,
    Report,
    ReportType,
    VatFigure,
)
from kiosk.sale import events as e
from kiosk.sale import return_events as back
from kiosk.sale.coupon_events import CouponRemoved, CouponTaken
from kiosk.sale.product import Coupon, Product, Promotion, PromotionKind, Restriction, Unit

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
    e.PriceChanged(
        at_utc=AT,
        line_id=1,
        unit_price_minor=1000,
        price_minor=3000,
        reason="damaged",
        attendant_id="a1",
    ),
    e.DiscountGiven(at_utc=AT, line_id=1, percent_bp=1000, reason="damaged", attendant_id="a1"),
    CouponTaken(
        at_utc=AT,
        line_id=2,
        coupon=Coupon(id="k1", title="25 kr", amount_minor=2500, minimum_minor=20000),
    ),
    CouponRemoved(at_utc=AT, line_id=2),
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
    e.CaptureRequested(at_utc=AT, attempt_id="a1", amount_minor=14990, currency="NOK"),
    e.CaptureRefused(at_utc=AT, attempt_id="a1", reason="6080"),
    e.PaymentCaptured(at_utc=AT, attempt_id="a1"),
    e.SaleCompleted(at_utc=AT, receipt_number=1, total_minor=6980),
    e.ReceiptAnswered(at_utc=AT, choice=e.ReceiptChoice.PAPER),
    e.PrintStarted(at_utc=AT, print_id="p1"),
    e.PrintSettled(at_utc=AT, print_id="p1", printed=True),
    e.SaleResumed(at_utc=AT, into="s2", attendant_id="a1"),
    e.ProvisionalGiven(at_utc=AT, number=1, total_minor=3490, attendant_id="a1"),
    back.ReturnBegun(at_utc=AT, into="s2", attendant_id="a1"),
    back.ReturnChecked(
        at_utc=AT,
        original_sale_id="s0",
        register_id="NT-0477-04",
        payments=(back.PaidElsewhere(attempt_id="p0", method=e.Method.CARD, approved_minor=3290),),
        attendant_id="a1",
    ),
    back.LineReturned(
        at_utc=AT,
        line_id=2,
        original_sale_id="s1",
        original_line_id=1,
        original_receipt="18204",
        original_at_utc=AT,
        product=BEER,
        quantity=1,
        unit_price_minor=3290,
        price_minor=3290,
        gross_minor=3290,
        deposit_minor=200,
        reason="damaged",
        attendant_id="a1",
    ),
    back.RefundRequested(
        at_utc=AT,
        refund_id="r1",
        service_id="4RW6",
        method=e.Method.CARD,
        amount_minor=3490,
        currency="NOK",
        of_attempt_id="a1",
        of_service_id="4RW5",
        transaction_id="T-1",
        attendant_id="a1",
    ),
    back.RefundSettled(at_utc=AT, refund_id="r1", outcome=e.Outcome.APPROVED, transaction_id="T"),
    e.SaleGivenUp(at_utc=AT, reason="left", actor=e.Actor.KIOSK),
    e.SaleAborted(at_utc=AT, reason="left", amount_minor=0, actor=e.Actor.KIOSK),
    e.SaleClosed(at_utc=AT),
)

REGISTER_STARTED = r.RegisterStarted(
    at_utc=AT,
    register_id="NT-0477-03",
    operator_id="SCO-03",
    shop_name="Nærmat Torshov",
    legal_name="Nærmat Torshov AS",
    org_number="999999999",
    address="Eksempelgata 1, 0477 Oslo",
    software_version="1.0.0",
    time_zone="Europe/Oslo",
)


def report(number: int, type_: ReportType = ReportType.Z) -> Report:
    return Report(
        type=type_,
        number=number,
        business_day="2026-11-21",
        at_local="2026-11-21T23:55:00+01:00",
        company_name="Nærmat Torshov AS",
        org_number="999999999",
        register_id="NT-0477-03",
        operator_id="SCO-03",
        figures=Figures(
            total_minor=11500,
            groups=(KeyedCount(key="04006", number=1, amount_minor=11500),),
            payments=(KeyedCount(key="CARD", number=1, amount_minor=11500),),
            vat=(VatFigure(code="31", rate_bp=1500, net_minor=10000, tax_minor=1500),),
            receipts=1,
            aborted=Count(number=2, amount_minor=300),
            grand=GrandTotals(sales_minor=11500),
        ),
    )


def signed(number: int, completed_seq: int, sale_id: str = "s1") -> r.SaleSigned:
    return r.SaleSigned(
        at_utc=AT,
        sale_id=sale_id,
        completed_seq=completed_seq,
        number=number,
        date="2026-11-21",
        time="13:00:00",
        gross_minor=11500,
        net_minor=10000,
        signature="iHh68DWCU3G42eL/7vOGUMSkvMM=",
        key_version="1",
    )


EVERY_REGISTER_EVENT: tuple[r.RegisterEvent, ...] = (
    REGISTER_STARTED,
    r.SoftwareUpdated(at_utc=AT, from_version="0.9.0", to_version="1.0.0"),
    signed(1, 3),
    r.ClockDoubted(at_utc=AT, latest_utc=AT),
    r.ClockTrusted(at_utc=AT, attendant_id="a1"),
    r.ClockWentBack(at_utc=AT, before="2026-11-21T13:00:00", after="2026-11-21T12:00:00"),
    r.XReportMade(at_utc=AT, report=report(1, ReportType.X)),
    r.ZReportMade(at_utc=AT, report=report(1)),
    r.TerminalDayEnded(
        at_utc=AT,
        device="terminal-1",
        z_number=1,
        done=True,
        ours_minor=11500,
        theirs_minor=11400,
        currency="NOK",
    ),
    r.StaffSignedIn(at_utc=AT, attendant_id="s-1", role="attendant"),
    r.SignInRefused(at_utc=AT, locked_s=30),
    r.KioskClosed(at_utc=AT, attendant_id="s-1", pause=True),
    r.KioskOpened(at_utc=AT, attendant_id="s-1"),
    r.PriceListTaken(at_utc=AT, from_version="1", to_version="2", products=812),
    r.DevicesChecked(at_utc=AT, attendant_id="s-1", faults=("printer",)),
    r.TrainingBegun(at_utc=AT, attendant_id="s-1"),
    r.TrainingEnded(at_utc=AT, attendant_id="s-1"),
    r.CopyAsked(at_utc=AT, attendant_id="s-1", sale_id="sale-1", print_id="print-2"),
    r.KioskAdjusted(at_utc=AT, attendant_id="s-1", setting="volume", value="60"),
    r.StaffSignedOut(at_utc=AT, attendant_id="s-1", by_itself=True),
    r.RegisterBegun(at_utc=AT, store="not_asked"),
    r.JournalRestored(
        at_utc=AT,
        source="store",
        last_at_utc=AT,
        left_out=(r.LeftOut(series="provisional", last=0, next=2001),),
    ),
    r.RegisterStopped(at_utc=AT),
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
