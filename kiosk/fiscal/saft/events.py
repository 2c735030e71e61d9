"""What the journal says beside the sales themselves, as SAF-T's `event` elements.

Steps of a payment that came to nothing are not events of a cash register; they stay in the journal.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from kiosk.fiscal import codes
from kiosk.fiscal import events as r
from kiosk.fiscal.numbers import number_text
from kiosk.fiscal.register import Recorded
from kiosk.fiscal.report import lowered_by
from kiosk.fiscal.saft.left_out import words as left_out_words
from kiosk.fiscal.saft.report import event_report
from kiosk.fiscal.saft.xml import Node, identification, text
from kiosk.fiscal.signature import amount_text
from kiosk.sale import events as e
from kiosk.sale.commands import SUSPENDED
from kiosk.sale.coupon_events import CouponRemoved, CouponTaken
from kiosk.sale.evolve import evolve
from kiosk.sale.invariant import require
from kiosk.sale.return_events import ByHand, LineReturned, RefundSettled, ReturnChecked
from kiosk.sale.returning import series_of
from kiosk.sale.state import NO_SALE, Phase, Sale

Before = Callable[[Recorded], Sale]
"""Returns a sale as it was before one of its events: for sales that began before the export."""


_ON_PAPER: Final[Mapping[e.Series, tuple[str, ...]]] = {
    e.Series.SALE: ("SALREC",),
    e.Series.RETURN: ("RETREC",),
    e.Series.COMBINED: ("SALREC", "RETREC"),
    e.Series.TRAINING: ("TRAINREC",),
}
_ELECTRONIC: Final[Mapping[e.Series, tuple[str, ...]]] = {
    e.Series.SALE: ("ESALREC",),
    e.Series.RETURN: ("ERETREC",),
    e.Series.COMBINED: ("ESALREC", "ERETREC"),
}


class Said(NamedTuple):
    """One SAF-T event: its code, its words, who, and a report where it is one."""

    code: str
    words: str = ""
    employee: str = ""
    report: Node | None = None


class EventLog:
    """Turns records into `event` elements, in order. Knows the sales that are open, no others."""

    def __init__(self, operator_id: str, zone: ZoneInfo, before: Before) -> None:
        self._operator = operator_id
        self._zone = zone
        self._before = before
        self._open: dict[str, Sale] = {}

    def take(self, record: Recorded) -> Iterator[Node]:
        """Yield the elements of one record, mostly none."""
        event = record.event
        if isinstance(event, r.RegisterEvent):
            for nth, said in enumerate(said_of_register(event), 1):
                yield self._node(record, nth, said, "")
            return
        before = self._sale_before(record)
        after = evolve(before, event)
        for nth, said in enumerate(said_of_sale(before, after, event), 1):
            yield self._node(record, nth, said, record.sale_id)
        if after.phase in (Phase.CLOSED, Phase.ABORTED):
            self._open.pop(record.sale_id, None)
        else:
            self._open[record.sale_id] = after

    def follow(self, record: Recorded) -> None:
        """Take in a record that belongs to another file: its sale goes on in this one.

        Where the clock was set back over midnight, days are mixed in the journal.
        """
        known = self._open.get(record.sale_id)
        if known is not None and not isinstance(record.event, r.RegisterEvent):
            self._open[record.sale_id] = evolve(known, record.event)

    def _sale_before(self, record: Recorded) -> Sale:
        if isinstance(record.event, e.SaleStarted):
            return NO_SALE
        known = self._open.get(record.sale_id)
        return self._before(record) if known is None else known

    def _node(self, record: Recorded, nth: int, said: Said, sale_id: str) -> Node:
        at_local = local_time(record.event.at_utc, self._zone)
        parts: list[Node] = [
            ("eventID", str(record.seq) if nth == 1 else f"{record.seq}-{nth}"),
            ("eventType", said.code),
        ]
        require(said.code in codes.EVENTS, f"{said.code} is not in the table of events")
        if sale_id:
            parts.append(("transID", identification(sale_id)))
        parts += [
            ("empID", identification(said.employee or self._operator)),
            ("eventDate", at_local[:10]),
            ("eventTime", at_local[11:19]),
        ]
        if said.words:
            parts.append(("eventText", text(said.words, 9999)))
        if said.report:
            parts.append(said.report)
        return ("event", parts)


def local_time(at_utc: str, zone: ZoneInfo) -> str:
    """Return a time of the journal in local time, ISO 8601."""
    return datetime.fromisoformat(at_utc).astimezone(zone).isoformat(timespec="seconds")


def said_of_register(event: r.RegisterEvent) -> Iterator[Said]:
    """Yield what an event of the register says."""
    match event:
        case r.RegisterStarted():
            declared = "" if event.declared else "; not product-declared"
            yield Said("POSSTART", f"version {event.software_version}{declared}")
            if event.training:
                yield Said("TRAINON")
        case r.RegisterStopped():
            yield Said("POSEND")
        case r.SoftwareUpdated():
            yield Said("POSUPDATE", f"version {event.from_version} to {event.to_version}")
        case r.XReportMade(report=report, attendant_id=attendant):
            yield Said("XREP", "X-report", attendant, event_report(report))
        case r.ZReportMade(report=report, attendant_id=attendant):
            words = f"Z-report; business day {report.business_day}"
            yield Said("ZREP", words, attendant, event_report(report))
        case r.PriceListTaken(from_version=old, to_version=new, products=products):
            yield Said("PRICELIST", f"from {old or 'none'} to {new}; {products} articles")
        case r.TerminalDayEnded(done=done, ours_minor=ours, theirs_minor=theirs):
            yield Said("TERMDAY", f"ours {ours}, terminal {theirs}" if done else "not done")
        case r.ClockWentBack():
            yield Said("CLOCKBACK", f"from {event.before} to {event.after}")
        case r.ClockDoubted(latest_utc=latest):
            yield Said("CLOCKDOUBT", f"behind {latest}")
        case r.ClockTrusted(attendant_id=attendant):
            yield Said("CLOCKTRUST", "" if attendant else "set", attendant)
        case r.RegisterBegun(store=store):
            yield Said("BEGUN", f"store {store.replace('_', ' ')}")
        case r.JournalRestored(source=source, left_out=left_out):
            yield Said("RESTORED", f"from {source}; {left_out_words(left_out)}")
        case _:
            yield from _said_of_staff(event)


def _said_of_staff(event: r.RegisterEvent) -> Iterator[Said]:
    """Yield what staff did at the kiosk outside of a sale."""
    match event:
        case r.StaffSignedIn(attendant_id=attendant, role=role):
            yield Said("STAFFIN", role, attendant)
        case r.StaffSignedOut(attendant_id=attendant, by_itself=by_itself):
            yield Said("STAFFOUT", "by itself" if by_itself else "", attendant)
        case r.SignInRefused(locked_s=locked_s):
            yield Said("STAFFNO", f"locked for {locked_s} s")
        case r.KioskClosed(attendant_id=attendant, pause=pause):
            yield Said("TILLCLOSE", "pause" if pause else "", attendant)
        case r.KioskOpened(attendant_id=attendant):
            yield Said("TILLOPEN", "", attendant)
        case r.DevicesChecked(attendant_id=attendant, faults=faults):
            yield Said("DEVICES", f"faults: {', '.join(faults) or 'none'}", attendant)
        case r.TrainingBegun(attendant_id=attendant):
            yield Said("TRAINON", "", attendant)
        case r.TrainingEnded(attendant_id=attendant):
            yield Said("TRAINOFF", "", attendant)
        case r.CopyAsked(attendant_id=attendant, sale_id=sale_id):
            yield Said("COPYASKED", f"sale {sale_id}", attendant)
        case r.KioskAdjusted(attendant_id=attendant, setting=setting, value=value):
            yield Said("ADJUST", f"{setting} {value}".strip(), attendant)


def said_of_sale(before: Sale, after: Sale, event: e.Event) -> Iterator[Said]:
    """Yield what an event of a sale says beside the transaction."""
    match event:
        case e.LineRemoved(attendant_id=attendant):
            yield Said("LINEDELETE", _line_words(before, event), attendant)
        case e.QuantityChanged(attendant_id=attendant):
            if lowered_by(before, event)[1] > 0:
                yield Said("QTYREDUCE", _line_words(before, event), attendant)
        case e.SaleStarted(resumed_from=kiosk, attendant_id=attendant) if kiosk:
            yield Said("RESUME", f"from {kiosk}", attendant)
        case e.LineRestored(line_id=line_id, attendant_id=attendant):
            line = next(one for one in before.lines if one.id == line_id)
            yield Said("LINERESTORE", f"artID {line.product.id}; qnt {line.quantity}", attendant)
        case e.PriceChanged(attendant_id=attendant):
            words = f"line {event.line_id}; price {amount_text(event.price_minor)}; {event.reason}"
            yield Said("PRICEDOWN", words, attendant)
        case e.DiscountGiven(attendant_id=attendant):
            words = f"line {event.line_id}; {event.percent_bp / 100:g} %; {event.reason}"
            yield Said("DISCOUNT", words, attendant)
        case CouponTaken(coupon=coupon, attendant_id=attendant):
            yield Said("COUPONIN", f"{coupon.id}: {coupon.title}", attendant)
        case CouponRemoved(attendant_id=attendant):
            yield Said("COUPONOUT", _coupon_words(before, event.line_id), attendant)
        case ReturnChecked(answered=False, attendant_id=attendant):
            yield Said("RETURNALONE", "the store did not answer", attendant)
        case RefundSettled(by_hand=ByHand() as way, attendant_id=attendant):
            refund = next(one for one in after.refunds if one.id == event.refund_id)
            words = f"{way}; {amount_text(-refund.amount_minor)}; {event.reason}"
            yield Said("REFUNDHAND", words, attendant)
        case LineReturned(attendant_id=attendant):
            yield Said("RETURNLINE", _return_words(event), attendant)
        case e.ProvisionalGiven(attendant_id=attendant):
            words = f"nr. {number_text(e.Series.PROVISIONAL, event.number)}"
            yield Said("PROFREC", f"{words}; {amount_text(event.total_minor)}", attendant)
        case e.PriceLookedUp():
            yield Said("PRICELOOKUP", _lookup_words(event))
        case e.InterventionResolved(approved=approved, attendant_id=attendant) if attendant:
            found = (i.kind for i in before.interventions if i.id == event.intervention_id)
            answer = "approved" if approved else "refused"
            yield Said("ATTENDANT", f"{next(found, 'unknown')}; {answer}", attendant)
        case e.SaleAborted(amount_minor=amount, attendant_id=attendant):
            words = f"reason {event.reason}; lineAmntIn {amount_text(amount)}"
            yield Said("SUSPEND" if event.reason == SUSPENDED else "SALEABORT", words, attendant)
        case e.SaleResumed(into=into, attendant_id=attendant):
            yield Said("RESUME", f"into {into}", attendant)
        case e.SaleClosed() | e.PrintSettled():
            yield from _papers(before, after, event)


def _papers(before: Sale, after: Sale, event: e.Event) -> Iterator[Said]:
    """A receipt is out when its print ended; which others there were is known at the end.

    One for goods sold and goods taken back is both.
    """
    series = series_of(before)
    if isinstance(event, e.PrintSettled):
        one = next((p for p in after.prints if p.id == event.print_id), None)
        old = next((p for p in before.prints if p.id == event.print_id), None)
        out = one is not None and bool(one.printed or one.in_doubt)
        was_out = old is not None and bool(old.printed or old.in_doubt)
        if one is None or not out or was_out:
            return
        words = "in doubt" if one.in_doubt else ""
        for code in ("COPYREC",) if one.copy and not before.training else _ON_PAPER[series]:
            yield Said(code, words)
        return
    on_paper = any(one.printed or one.in_doubt for one in before.prints)
    if not before.receipt_number or (on_paper and not before.phone_receipt):
        return
    if not before.training:
        for code in _ELECTRONIC[series] if before.phone_receipt else ("NORECEIPT",):
            yield Said(code)
    elif not on_paper:
        yield Said("TRAINREC")


def _coupon_words(sale: Sale, line_id: int) -> str:
    shown = next(one.coupon for one in sale.coupons if one.line_id == line_id)
    return f"{shown.id}: {shown.title}"


def _line_words(before: Sale, event: e.LineRemoved | e.QuantityChanged) -> str:
    """As the official example writes it: "artID 1001; qnt 1; lineAmntIn 16.40"."""
    line = next((one for one in before.lines if one.id == event.line_id), None)
    if line is None:
        return ""
    _, lowered = lowered_by(before, event)
    quantity = line.quantity
    if isinstance(event, e.QuantityChanged):
        quantity -= event.quantity
    return f"artID {line.product.id}; qnt {quantity}; lineAmntIn {amount_text(lowered)}"


def _return_words(event: LineReturned) -> str:
    """What came back, from which receipt of when, and why."""
    amount = amount_text(-event.gross_minor - event.deposit_minor)
    goods = f"artID {event.product.id}; qnt -{event.quantity}; lineAmntIn {amount}"
    return f"{goods}; receipt {event.original_receipt} of {event.original_at_utc}; {event.reason}"


def _lookup_words(event: e.PriceLookedUp) -> str:
    """As the official example writes it, with what the price is without VAT left out."""
    group = codes.article_group(event.article_group)
    price = amount_text(event.price_minor)
    return f"artID {event.product_id}; artGroupID {group}; lineAmntIn {price}"
