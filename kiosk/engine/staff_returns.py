"""Taking goods back at the kiosk: find the receipt, choose goods, say why, give the money back.

Nothing is written down before the reason is given; then the lines stand in a sale of their own, or
in the one on the glass when the shopper buys something too. A return that brings less than the
goods bought is paid by the shopper as ever; one that brings more goes back here, to the payments
it came from, and nothing else happens at this kiosk meanwhile.
"""

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from kiosk.engine import return_receipts, returning
from kiosk.engine import staff_messages as m
from kiosk.engine.elsewhere import WishAnswered
from kiosk.engine.messages import Message
from kiosk.engine.printing import print_job
from kiosk.engine.staff_session import PayOut, ReturnPick, StaffSession, TakeBack
from kiosk.engine.staff_steps import attendant_id, change, desk, to
from kiosk.engine.staff_view import (
    RefundState,
    RefundView,
    ReturnLineView,
    ReturnView,
    StaffProblem,
    StaffStep,
    Tool,
)
from kiosk.engine.till import Till
from kiosk.engine.view import Screen
from kiosk.fiscal.receipt import build_provisional
from kiosk.sale.attempts import attempt_of
from kiosk.sale.commands import Command, GiveProvisional, Rejected, StartSale
from kiosk.sale.events import Outcome, Series
from kiosk.sale.return_commands import AddReturn, BeginReturn, NoteChecked
from kiosk.sale.return_events import ByHand
from kiosk.sale.returning import (
    Returnable,
    part_of,
    payments_elsewhere,
    refund_in_doubt,
    refund_may_have_moved,
    refund_plan,
    refund_running,
    returnable,
)
from kiosk.sale.totals import totals

logger = logging.getLogger(__name__)


def open_tool(till: Till) -> None:
    """Ask for the receipt; a return that waits for its money goes on instead."""
    if till.sale.returned and totals(till.sale).left_minor < 0:
        to(till, StaffStep.REFUND, picking=None)
    else:
        to(till, StaffStep.ITEM, picking=Tool.RETURN)


def handle(till: Till, staff: StaffSession, message: Message) -> None:
    """Do what a touch of the two screens of a return means."""
    match message:
        case m.ReturnQuantityPressed(line_id, quantity) if staff.step is StaffStep.RETURN:
            _pick(till, staff, line_id, quantity)
        case m.ReturnAllPressed() if staff.step is StaffStep.RETURN:
            _pick_all(till, staff)
        case m.ReturnPressed() if staff.step is StaffStep.RETURN and staff.back:
            if staff.back.picked:
                to(till, StaffStep.REASON, wanted=TakeBack())
        case m.RefundPressed() if staff.step is StaffStep.REFUND:
            _refund(till)
        case m.RefundByHandPressed() if staff.step is StaffStep.REFUND:
            if returning.may_be_by_hand(till):
                to(till, StaffStep.REASON, wanted=PayOut())
        case _:
            pass


# --- the goods ----------------------------------------------------------------------------------


def _pick(till: Till, staff: StaffSession, line_id: int, quantity: int) -> None:
    back = staff.back
    if back is None:
        return
    left = {part.line.id: part.quantity for part in returnable(back.original, back.returns)}
    if line_id not in left or not 0 <= quantity <= left[line_id]:
        return
    picked = {**dict(back.picked), line_id: quantity}
    _now_picked(till, back, picked)


def _pick_all(till: Till, staff: StaffSession) -> None:
    back = staff.back
    if back is None:
        return
    left = {part.line.id: part.quantity for part in returnable(back.original, back.returns)}
    _now_picked(till, back, {} if dict(back.picked) == left else left)


def _now_picked(till: Till, back: ReturnPick, picked: dict[int, int]) -> None:
    ordered = tuple(
        (line.id, picked[line.id]) for line in back.original.lines if picked.get(line.id)
    )
    change(till, back=replace(back, picked=ordered))


def take_back(till: Till, staff: StaffSession, reason: str) -> None:
    """Have the receipt held, where the store can; then write down what comes back."""
    back = staff.back
    if back is None:
        desk(till)
        return
    opening = till.opening()
    into = next((one.sale_id for one in opening if isinstance(one, StartSale)), till.sale.id)
    if not return_receipts.hold(till, back, reason, into):
        _write(till, back, reason, into)


def answered(till: Till, answer: WishAnswered) -> None:
    """Take the store's word about a receipt; once it is held, the goods are written down."""
    held = return_receipts.answered(till, answer)
    if held is not None and held.pick is not None:
        change(till, asking=None)
        _write(till, held.pick, held.reason, held.wish.into)


def _write(till: Till, back: ReturnPick, reason: str, into: str) -> None:
    """Write down what comes back, and go on to the money."""
    who = attendant_id(till)
    opening = tuple(
        replace(one, sale_id=into) if isinstance(one, StartSale) else one for one in till.opening()
    )
    try:
        if not back.register_id:
            # The old sale first: who asks it what came back is led to this one.
            till.append_to(
                back.original.id, BeginReturn(at_utc=till.now_utc(), into=into, attendant_id=who)
            )
        till.submit(*opening, *_checked(till, back, who), *_lines(till, back, reason, who))
    except Rejected as rejected:
        logger.info("staff: a return is refused: %s", rejected.reason)
        desk(till, StaffProblem.NOT_NOW)
        return
    if till.session.screen is Screen.START:
        till.session = till.session.at(Screen.SCAN)
    if totals(till.sale).left_minor < 0:
        to(till, StaffStep.REFUND, wanted=None, back=None)
    else:
        change(till, back=None)
        desk(till)


def _checked(till: Till, back: ReturnPick, who: str) -> Iterator[Command]:
    """Yield what the store said, where it is asked of receipts."""
    if till.elsewhere is None or till.training:
        return
    others = back.told if back.register_id else back.elsewhere
    payments = payments_elsewhere(back.original, [one for one in others if one.id != till.sale.id])
    yield NoteChecked(
        at_utc=till.now_utc(),
        original_sale_id=back.original.id,
        register_id=back.register_id,
        answered=back.answered,
        payments=payments,
        attendant_id=who,
    )


def _lines(till: Till, back: ReturnPick, reason: str, who: str) -> Iterator[Command]:
    for line_id, quantity in back.picked:
        yield AddReturn(
            at_utc=till.now_utc(),
            original=back.original,
            returns=tuple(one for one in back.returns if one.id and one.id != till.sale.id),
            original_receipt=back.receipt,
            line_id=line_id,
            quantity=quantity,
            reason=reason,
            attendant_id=who,
        )


# --- the money ----------------------------------------------------------------------------------


def _refund(till: Till) -> None:
    if till.sale.returned and totals(till.sale).left_minor < 0:
        change(till, problem=returning.begin(till, attendant_id(till)))


def give_by_hand(till: Till, way: ByHand) -> None:
    """Take down that staff give the next part back themselves, and go on with the rest."""
    to(till, StaffStep.REFUND, wanted=None)
    problem = returning.give_by_hand(till, attendant_id(till), way)
    change(till, problem=problem)
    if problem is StaffProblem.NONE:
        after_refund(till)


def after_refund(till: Till) -> None:
    """Go on when a refund has ended: the next part, back to the desk, or say that it was refused.

    Also when nobody is in staff mode any more: what was begun with a part goes on with the rest.
    """
    refunds = till.sale.refunds
    if not refunds:
        return
    if totals(till.sale).left_minor == 0:
        _leave_refund(till)
    elif refunds[-1].outcome is Outcome.APPROVED:
        change(till, problem=returning.begin(till, till.sale.returned[0].attendant_id))
    elif refunds[-1].outcome is Outcome.DECLINED:
        change(till, problem=StaffProblem.REFUND_DECLINED)


def _leave_refund(till: Till) -> None:
    if till.staff is not None and till.staff.step is StaffStep.REFUND:
        desk(till)


# --- paper --------------------------------------------------------------------------------------


def give_provisional(till: Till) -> None:
    """Print what the sale would cost; the number is in the record before the paper."""
    printer, number = till.devices.printer, till.next_number(Series.PROVISIONAL)
    if printer is None:
        change(till, problem=StaffProblem.NOT_PRINTED)
        return
    try:
        till.submit(
            GiveProvisional(at_utc=till.now_utc(), number=number, attendant_id=attendant_id(till))
        )
    except Rejected:
        change(till, problem=StaffProblem.NOT_NOW)
        return
    at_local = till.clock.utc_now().astimezone(till.zone)
    receipt = build_provisional(till.sale, till.config.shop, number=number, at_local=at_local)
    print_id = till.ids.print_id()
    till.slips.add(print_id)
    printer.print(print_job(print_id, receipt))
    desk(till)


# --- what is seen -------------------------------------------------------------------------------


def view(staff: StaffSession, zone: ZoneInfo) -> ReturnView | None:
    """Return the goods to choose from."""
    back = staff.back
    if back is None:
        return None
    picked = dict(back.picked)
    lines = tuple(
        _line(back, part, picked.get(part.line.id, 0))
        for part in returnable(back.original, back.returns)
    )
    at = datetime.fromisoformat(back.original.completed_at).astimezone(zone)
    return ReturnView(
        receipt=back.receipt,
        sold_at=at.isoformat(timespec="minutes"),
        lines=lines,
        total_minor=sum(line.amount_minor for line in lines if line.picked),
    )


def _line(back: ReturnPick, part: Returnable, picked: int) -> ReturnLineView:
    line = part.line
    if picked:
        part = part_of(back.original, back.returns, line.id, picked)
    return ReturnLineView(
        line_id=line.id,
        name=line.product.name,
        picture=line.product.picture,
        category=line.product.category,
        unit=line.product.unit,
        left=part.quantity if not picked else _left(back, line.id),
        picked=picked,
        weight_g=line.weight_g,
        amount_minor=part.gross_minor + part.deposit_minor,
    )


def _left(back: ReturnPick, line_id: int) -> int:
    found = returnable(back.original, back.returns)
    return next(part.quantity for part in found if part.line.id == line_id)


def refund_view(till: Till) -> RefundView | None:
    """Return how the money goes back, and how that stands."""
    sale = till.sale
    if not sale.returned:
        return None
    owed_minor = -totals(sale).left_minor
    original = returning.original_of(till, sale)
    running = refund_running(sale) or refund_in_doubt(sale)
    receipt = sale.returned[0].original_receipt
    if running is not None:
        paid = attempt_of(original, running.of_attempt_id)
        return RefundView(
            amount_minor=owed_minor,
            method=running.method,
            part_minor=running.amount_minor,
            last_four=paid.card.last_four if paid else "",
            receipt=receipt,
            state=RefundState.RUNNING if running.outcome is None else RefundState.IN_DOUBT,
            step=till.session.step if running.outcome is None else None,
        )
    plan = refund_plan(original, (*returning.returns_of(till, original), sale), owed_minor)
    attempt = attempt_of(original, plan[0].attempt_id) if plan else None
    if attempt is None:
        return None
    return RefundView(
        amount_minor=owed_minor,
        method=attempt.method,
        part_minor=plan[0].amount_minor,
        last_four=attempt.card.last_four,
        receipt=receipt,
        state=RefundState.READY if owed_minor else RefundState.DONE,
        may_cancel=not refund_may_have_moved(sale),
        may_by_hand=returning.may_be_by_hand(till),
    )
