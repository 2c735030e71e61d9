"""Staff's tools beside the lines: copy, pause, close, open, set aside and take up, device check."""

import hashlib
import logging
from collections.abc import Iterator

from drivers.contracts import DeviceState, PrintDone, PrintOutcome
from kiosk.engine import staff_slips
from kiosk.engine.printing import job_of_rows
from kiosk.engine.staff_steps import attendant_id, change, desk
from kiosk.engine.staff_view import StaffProblem, Tool
from kiosk.engine.till import JournalFailed, Till
from kiosk.engine.view import Screen
from kiosk.fiscal.events import DevicesChecked, KioskClosed, KioskOpened
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
    StartPrint,
    StartSale,
)
from kiosk.sale.events import Actor, SaleAborted
from kiosk.sale.evolve import replay
from kiosk.sale.money import price_of_weight
from kiosk.sale.state import Line, Phase, Sale

logger = logging.getLogger(__name__)

SLIP = "SK-S:"
"""What a slip's code begins with; the id of the sale that was set aside follows."""
_KEPT = 50
"""How many sales that were set aside can be taken up by typing the short code."""


def use(till: Till, tool: Tool) -> None:
    """Use a tool that may be used: `staff_rights.why_not` has been asked."""
    who = attendant_id(till)
    match tool:
        case Tool.COPY:
            _copy(till)
        case Tool.PAUSE if till.paused:
            _open(till, who)
        case Tool.PAUSE:
            till.paused = True
            till.note(KioskClosed(at_utc=till.now_utc(), attendant_id=who, pause=True))
        case Tool.CLOSE:
            till.closing = True
            till.note(KioskClosed(at_utc=till.now_utc(), attendant_id=who))
        case Tool.OPEN:
            _open(till, who)
        case Tool.SUSPEND:
            _suspend(till)
        case Tool.DEVICE_CHECK:
            _check_devices(till)
        case Tool.ZERO_BAG_SCALE if till.devices.bag_scale is not None:
            till.devices.bag_scale.zero()
        case _:
            pass


def _open(till: Till, who: str) -> None:
    till.paused = till.closing = False
    till.opens_at = ""
    till.note(KioskOpened(at_utc=till.now_utc(), attendant_id=who))


def _copy(till: Till) -> None:
    """Print the receipt once more: the original where there is none yet, else the one copy."""
    has_original = till.sale.phone_receipt or any(
        one.printed or one.in_doubt for one in till.sale.prints
    )
    again = StartPrint(at_utc=till.now_utc(), print_id=till.ids.print_id(), copy=has_original)
    try:
        till.submit(again)
    except Rejected:
        change(till, problem=StaffProblem.NOT_NOW)


# --- setting a sale aside -----------------------------------------------------------------------


def _suspend(till: Till) -> None:
    """End the sale here, and print what lets it go on.

    It is an aborted sale in the record, so it keeps no day open and blocks no Z; what goes on is a
    sale of its own that names this one.
    """
    sale = till.sale
    ended = AbortSale(
        at_utc=till.now_utc(),
        reason=SUSPENDED,
        actor=Actor.STAFF,
        attendant_id=attendant_id(till),
    )
    try:
        till.submit(ended)
    except Rejected:
        change(till, problem=StaffProblem.NOT_NOW)
        return
    code = short_code(sale.id)
    till.suspended = {**dict(list(till.suspended.items())[-_KEPT:]), code: sale.id}
    _print(till, staff_slips.suspended(sale, f"{SLIP}{sale.id}", code, till.config.till))
    till.forget()
    desk(till)


def short_code(sale_id: str) -> str:
    """Return the six digits under which a sale that was set aside can be typed."""
    digest = hashlib.blake2b(sale_id.encode(), digest_size=8).digest()
    return f"{int.from_bytes(digest) % 1_000_000:06d}"


def resume(till: Till, text: str) -> bool:
    """Take up a sale that was set aside, by its slip or its short code. Once only."""
    sale_id = text.removeprefix(SLIP) if text.startswith(SLIP) else till.suspended.get(text, "")
    old = _set_aside(till, sale_id)
    if old is None or till.sale.phase is not Phase.NONE:
        change(till, entry="", problem=StaffProblem.UNKNOWN_CODE)
        return False
    start = StartSale(
        at_utc=till.now_utc(),
        sale_id=till.ids.sale_id(),
        kiosk_id=till.config.kiosk_id,
        currency=till.config.currency,
        training=till.config.training,
        resumes=old.id,
    )
    try:
        till.submit(start, *_again(till, old))
        till.append_to(
            old.id,
            MarkResumed(at_utc=till.now_utc(), into=start.sale_id, attendant_id=attendant_id(till)),
        )
    except Rejected as rejected:
        logger.info("staff: a sale set aside cannot go on: %s", rejected.reason)
        change(till, entry="", problem=StaffProblem.NOT_NOW)
        return False
    till.session = till.session.at(Screen.SCAN)
    desk(till)
    return True


def _set_aside(till: Till, sale_id: str) -> Sale | None:
    if not sale_id:
        return None
    try:
        known = till.journal.events_of(sale_id)
    except JournalError as error:
        raise JournalFailed from error
    sale = replay(known)
    ended_at = next((one.at_utc for one in known if isinstance(one, SaleAborted)), "")
    # What was set aside before the last Z belongs to a day that is closed.
    is_of_today = ended_at >= till.register.day_began_at
    is_aside = sale.end_reason == SUSPENDED and not sale.resumed_into and is_of_today
    return sale if is_aside and sale.training is till.config.training else None


def _again(till: Till, old: Sale) -> Iterator[Command]:
    """Yield what puts the lines of `old` into a new sale, at the prices they had."""
    who = attendant_id(till)
    for line_id, line in enumerate(old.live_lines, 1):
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


def _label_price(line: Line) -> int | None:
    """Return the price that a label gave the line, or None where the product's own holds."""
    own_minor = line.price_minor if line.full_price_minor is None else line.full_price_minor
    unit_minor = line.product.unit_price_minor
    if line.weight_g is not None:
        computed = price_of_weight(unit_minor, line.weight_g)
    else:
        computed = unit_minor * line.quantity
    return None if own_minor == computed else own_minor // line.quantity


# --- paper that is no receipt -------------------------------------------------------------------


def _check_devices(till: Till) -> None:
    """Print the state of every device; the print itself is the printer's check."""
    states = {name: till.health.states.get(name) for name in sorted(till.devices.names())}
    faults = tuple(
        name for name, said in states.items() if said is None or said.state is not DeviceState.READY
    )
    at_local = till.clock.utc_now().astimezone(till.zone)
    _print(till, staff_slips.device_check(states, at_local, till.config.till))
    till.note(DevicesChecked(at_utc=till.now_utc(), attendant_id=attendant_id(till), faults=faults))


def _print(till: Till, rows: list[Row]) -> None:
    if till.devices.printer is None:
        change(till, problem=StaffProblem.NOT_PRINTED)
        return
    print_id = till.ids.print_id()
    till.slips.add(print_id)
    till.devices.printer.print(job_of_rows(print_id, rows))


def slip_done(till: Till, event: PrintDone) -> bool:
    """Take the answer about a slip; False when it is about a receipt."""
    if event.print_id not in till.slips:
        return False
    till.slips.discard(event.print_id)
    if event.outcome is not PrintOutcome.PRINTED:
        change(till, problem=StaffProblem.NOT_PRINTED)
    return True
