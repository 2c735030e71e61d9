"""Orders from afar that are no decisions: open, close, pause, void a line or a sale, end the day.

They do what an attendant at the kiosk does, by the same commands, and the record says who and that
they were elsewhere. The sale's own rules hold; what the configuration keeps for those who stand
here is answered ONLY_HERE. Nothing is done twice: the sender's ids are remembered where orders come
in, and an order about a sale that is no longer on the glass finds nothing.
"""

from collections.abc import Callable

from kiosk.engine.messages import RemoteOrder
from kiosk.engine.remote import REMOTE
from kiosk.engine.remote_messages import Errand, OrderAnswered
from kiosk.engine.staff_messages import Verdict
from kiosk.engine.till import Till
from kiosk.fiscal.events import KioskClosed, KioskOpened
from kiosk.fiscal.figures import Report
from kiosk.sale.commands import GiveUpSale, Reason, Rejected, RemoveLine
from kiosk.sale.events import Actor
from kiosk.sale.state import Phase

_GONE = (Reason.NO_SUCH_LINE, Reason.NO_SALE, Reason.SALE_IS_OVER)


def fulfil(till: Till, order: RemoteOrder, close_day: Callable[[], Report | None]) -> OrderAnswered:
    """Do what is asked, or leave things as they are; return what to answer.

    `close_day` makes the Z, and returns None where the register refuses.

    Raises:
        JournalFailed: it could not be written down. The caller answers FAILED.
    """
    if order.errand in till.config.orders_only_here:
        return answered(order, Verdict.ONLY_HERE)
    try:
        match order.errand:
            case Errand.PAUSE | Errand.OPEN | Errand.CLOSE:
                _let_in(till, order)
            case Errand.CLOSE_DAY:
                return _day_closed(order, close_day())
            case _ if order.sale_id != till.sale.id or till.sale.phase is Phase.NONE:
                return answered(order, Verdict.NO_SUCH, "that sale is not on the glass")
            case Errand.VOID_LINE:
                _void_line(till, order)
            case Errand.VOID_SALE:
                _void_sale(till, order)
    except Rejected as rejected:
        verdict = Verdict.NO_SUCH if rejected.reason in _GONE else Verdict.NOT_NOW
        return answered(order, verdict, rejected.reason.value)
    return answered(order, Verdict.DONE)


def _day_closed(order: RemoteOrder, report: Report | None) -> OrderAnswered:
    if report is None:
        return answered(order, Verdict.NOT_NOW, "the register makes no Z now")
    return answered(order, Verdict.DONE, f"Z {report.number}")


def answered(order: RemoteOrder, verdict: Verdict, detail: str = "") -> OrderAnswered:
    """Return the answer to an order."""
    return OrderAnswered(order_id=order.order_id, verdict=verdict, detail=detail)


def _let_in(till: Till, order: RemoteOrder) -> None:
    """Open, close or pause, as the tools of staff mode do it."""
    at_utc, who = till.now_utc(), order.attendant_id
    pause = order.errand is Errand.PAUSE
    if order.errand is Errand.OPEN or (pause and not order.on):
        till.note(KioskOpened(at_utc=at_utc, attendant_id=who, where=REMOTE))
        till.paused = till.closing = False
        till.opens_at = ""
        return
    till.note(KioskClosed(at_utc=at_utc, attendant_id=who, pause=pause, where=REMOTE))
    if pause:
        till.paused = True
    else:
        till.closing, till.opens_at = True, order.opens_at


def _void_line(till: Till, order: RemoteOrder) -> None:
    till.submit(
        RemoveLine(
            at_utc=till.now_utc(),
            line_id=order.line_id,
            actor=Actor.STAFF,
            attendant_id=order.attendant_id,
            reason=order.reason or "staff",
            where=REMOTE,
        )
    )


def _void_sale(till: Till, order: RemoteOrder) -> None:
    till.submit(
        GiveUpSale(
            at_utc=till.now_utc(),
            reason=order.reason or "other",
            actor=Actor.STAFF,
            attendant_id=order.attendant_id,
            where=REMOTE,
        )
    )
    till.forget_if_over()
