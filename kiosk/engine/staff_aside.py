"""Sales that leave the glass unpaid: set aside and taken up again, or sent to a staffed till.

What is set aside is an aborted sale in the record, so it keeps no day open and blocks no Z; what
goes on is a sale of its own that names it, and begins only once, here or anywhere in the store.
"""

import logging
from collections.abc import Iterator
from datetime import datetime

from kiosk.engine import staff_slips
from kiosk.engine.printing import job_of_rows
from kiosk.engine.shelf import (
    SLIP,
    Claim,
    SetAside,
    ShelfAnswered,
    ShelfOutcome,
    aside_of,
    id_of_what_goes_on,
    short_code,
)
from kiosk.engine.staff_steps import attendant_id, change, desk, to
from kiosk.engine.staff_view import StaffProblem, StaffStep, Tool
from kiosk.engine.till import JournalFailed, Till
from kiosk.engine.view import Screen
from kiosk.fiscal.layout import Row
from kiosk.journal import JournalError
from kiosk.sale.commands import (
    PRICE_ON_SHELF,
    SUSPENDED,
    AbortSale,
    AddItem,
    ChangePrice,
    Command,
    GiveDiscount,
    MarkResumed,
    Rejected,
    StartSale,
    TakeCoupon,
)
from kiosk.sale.events import Actor, Event, SaleAborted
from kiosk.sale.evolve import replay
from kiosk.sale.money import price_of_weight
from kiosk.sale.state import Line, Phase

logger = logging.getLogger(__name__)

TO_STAFFED_TILL = "to_staffed_till"
"""Reason of an AbortSale whose goods are paid for elsewhere in the store."""
ANSWER_S = 5.0
"""How long the store may take to answer a claim."""
_KEPT = 50
"""How many sales that were set aside here can be taken up by typing the short code."""


def suspend(till: Till) -> None:
    """End the sale here, print what lets it go on, and give it to the store's shelf."""
    sale = till.sale
    if not _ended(till, SUSPENDED):
        return
    code = short_code(sale.id)
    till.suspended = {**dict(list(till.suspended.items())[-_KEPT:]), code: sale.id}
    _print(till, staff_slips.suspended(sale, f"{SLIP}{sale.id}", code, till.config.till))
    if till.shelf is not None:
        till.shelf.put(aside_of(sale, till.now_utc()))
    till.forget()
    desk(till)


def to_staffed_till(till: Till) -> None:
    """End the sale here for good, and print what the staffed till keys in."""
    sale = till.sale
    if not _ended(till, TO_STAFFED_TILL):
        return
    _print(till, staff_slips.moved(sale, till.config.till))
    till.forget()
    desk(till)


def _ended(till: Till, reason: str) -> bool:
    ended = AbortSale(
        at_utc=till.now_utc(), reason=reason, actor=Actor.STAFF, attendant_id=attendant_id(till)
    )
    try:
        till.submit(ended)
    except Rejected:
        change(till, problem=StaffProblem.NOT_NOW)
        return False
    return True


def _print(till: Till, rows: list[Row]) -> None:
    if till.devices.printer is not None:
        print_id = till.ids.print_id()
        till.slips.add(print_id)
        till.devices.printer.print(job_of_rows(print_id, rows))


# --- taking up ----------------------------------------------------------------------------------


def resume(till: Till, text: str) -> bool:
    """Take up a sale by its slip or its short code: from the store's shelf, where there is one.

    Without a shelf only this kiosk's own journal is asked. With one the shelf decides, also about
    what was set aside here: another kiosk may have it already.
    """
    by_slip = text.startswith(SLIP)
    sale_id = text.removeprefix(SLIP) if by_slip else till.suspended.get(text, "")
    if till.sale.phase is not Phase.NONE:
        change(till, entry="", problem=StaffProblem.NOT_NOW)
        return False
    if till.shelf is None:
        return _go_on(till, _from_here(till, sale_id))
    claim = Claim(
        claim_id=till.ids.print_id(),
        kiosk_id=till.config.kiosk_id,
        sale_id=sale_id,
        code="" if by_slip else text,
        own=bool(sale_id) and bool(_events(till, sale_id)),
        until_ns=till.after(ANSWER_S),
    )
    to(till, StaffStep.SHELF, claim=claim, picking=Tool.RESUME)
    till.shelf.take(claim)
    return True


def answered(till: Till, answer: ShelfAnswered) -> None:
    """Take the shelf's answer. One that comes too late changes nothing: asked again, it is said."""
    claim = till.staff.claim if till.staff is not None else None
    if claim is None or claim.claim_id != answer.claim_id:
        logger.info("shelf: an answer that nobody waits for any more: %s", answer.outcome)
        return
    if answer.outcome is ShelfOutcome.UNREACHABLE:
        _silent(till)
    elif answer.outcome is ShelfOutcome.NEVER_THERE:
        # A power cut came before it was put there; from now on the shelf gives it to nobody else.
        _go_on(till, _from_here(till, claim.sale_id))
    else:
        _go_on(till, answer.aside if answer.outcome is ShelfOutcome.YOURS else None)


def look_at_the_time(till: Till) -> None:
    """Stop waiting for a store that says nothing."""
    claim = till.staff.claim if till.staff is not None else None
    if claim is not None and claim.until_ns <= till.now_ns():
        _silent(till)


def _silent(till: Till) -> None:
    """Ask again, or go to where it was set aside: taking it up without the store might be twice."""
    to(till, StaffStep.ITEM, claim=None, picking=Tool.RESUME, problem=StaffProblem.STORE_SILENT)


def _from_here(till: Till, sale_id: str) -> SetAside | None:
    """Return what this kiosk set aside itself and nobody took up."""
    if not sale_id:
        return None
    known = _events(till, sale_id)
    sale = replay(known)
    ended_at = next((one.at_utc for one in known if isinstance(one, SaleAborted)), "")
    if sale.end_reason != SUSPENDED or sale.resumed_into:
        return None
    return aside_of(sale, ended_at)


def _events(till: Till, sale_id: str) -> list[Event]:
    try:
        return till.journal.events_of(sale_id)
    except JournalError as error:
        raise JournalFailed from error


def _may_go_on(till: Till, aside: SetAside | None) -> bool:
    """Whether it is of today, of this mode, and has not gone on here before."""
    if aside is None or till.sale.phase is not Phase.NONE or aside.training is not till.training:
        return False
    # What was set aside before the last Z belongs to a day that is closed.
    set_aside_on = datetime.fromisoformat(aside.at_utc).astimezone(till.zone).date().isoformat()
    is_of_today = aside.at_utc >= till.register.day_began_at and set_aside_on == till.today()
    return is_of_today and not _events(till, id_of_what_goes_on(aside.sale_id))


def _go_on(till: Till, aside: SetAside | None) -> bool:
    if aside is None or not _may_go_on(till, aside):
        to(till, StaffStep.ITEM, claim=None, picking=Tool.RESUME,
           problem=StaffProblem.NOT_ON_SHELF)  # fmt: skip
        return False
    is_ours = aside.kiosk_id == till.config.kiosk_id
    start = StartSale(
        at_utc=till.now_utc(),
        sale_id=id_of_what_goes_on(aside.sale_id),
        kiosk_id=till.config.kiosk_id,
        currency=till.config.currency,
        training=till.training,
        resumes=aside.sale_id,
        resumed_from="" if is_ours else aside.kiosk_id,
        attendant_id=attendant_id(till),
    )
    try:
        till.submit(start, *_again(till, aside))
        if is_ours:
            note_taken_up(till, aside.sale_id)
    except Rejected as rejected:
        logger.info("staff: a sale set aside cannot go on: %s", rejected.reason)
        desk(till, StaffProblem.NOT_NOW)
        return False
    till.session = till.session.at(Screen.SCAN)
    desk(till)
    return True


def finish_taking_up(till: Till) -> None:
    """Do after a power cut what was left of taking up: the old sale must name the new one."""
    old = till.sale.resumes
    if old and _from_here(till, old) is not None:
        note_taken_up(till, old)


def note_taken_up(till: Till, sale_id: str) -> None:
    """Note on the sale that was set aside here that it goes on here."""
    taken = MarkResumed(
        at_utc=till.now_utc(),
        into=id_of_what_goes_on(sale_id),
        attendant_id=attendant_id(till),
    )
    till.append_to(sale_id, taken)


def _again(till: Till, old: SetAside) -> Iterator[Command]:
    """Yield what puts lines and coupons of `old` into a new sale, at the prices they had."""
    who = attendant_id(till)
    for line_id, line in enumerate(old.lines, 1):
        yield AddItem(
            at_utc=till.now_utc(),
            product=line.product,
            quantity=line.quantity,
            weight_g=line.weight_g,
            tare_g=line.tare_g,
            label_price_minor=_label_price(line),
            entry=line.entry,
            code=line.code,
            batch=line.batch,
            best_before=line.best_before,
            promotions=tuple(p for p in old.promotions if line.product.id in p.products),
            today=till.today(),
            own_line=True,  # so that the ids of the new lines are known here
            alcohol_closed=till.alcohol_closed(),
            actor=Actor.STAFF,
            attendant_id=who,
        )
        if line.staff_unit_minor is not None:
            yield ChangePrice(
                at_utc=till.now_utc(),
                line_id=line_id,
                unit_price_minor=line.staff_unit_minor,
                reason=PRICE_ON_SHELF,
                attendant_id=who,
            )
        if line.discount_bp:
            yield GiveDiscount(
                at_utc=till.now_utc(),
                line_id=line_id,
                percent_bp=line.discount_bp,
                reason="resumed",
                attendant_id=who,
            )
    for coupon in old.coupons:
        yield TakeCoupon(
            at_utc=till.now_utc(),
            coupon=coupon,
            today=till.today(),
            actor=Actor.STAFF,
            attendant_id=who,
        )


def _label_price(line: Line) -> int | None:
    """Return the price that a label gave the line, or None where the product's own holds."""
    own_minor = line.price_minor if line.full_price_minor is None else line.full_price_minor
    unit_minor = line.product.unit_price_minor
    if line.weight_g is not None:
        computed = price_of_weight(unit_minor, line.weight_g)
    else:
        computed = unit_minor * line.quantity
    return None if own_minor == computed else own_minor // line.quantity
