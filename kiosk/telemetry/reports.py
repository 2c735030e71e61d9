"""From what the shopper sees to what a board shows: pure functions over the view.

Nothing of the shopper leaves the kiosk here but what lies in the bag: no typed code, no card, no
number of a phone.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from kiosk.engine.view import Flag, LineView, Screen, View, WaitingView
from kiosk.sale.events import Interest
from kiosk.telemetry.messages import Intervention, LineBrief, Mode, Phase, SaleBrief, State

PHASES: Final[Mapping[str, Phase]] = MappingProxyType(
    {
        Screen.START: Phase.IDLE,
        Screen.CLOSED: Phase.IDLE,
        Screen.OUT_OF_ORDER: Phase.IDLE,
        Screen.NEEDS_STAFF: Phase.WAITING,
        Screen.BAG_WEIGHT: Phase.WAITING,
        Screen.PAY: Phase.PAYING,
        Screen.TERMINAL: Phase.PAYING,
        "wallet": Phase.PAYING,
        "wallet_keys": Phase.PAYING,
        Screen.IN_DOUBT: Phase.IN_DOUBT,
        Screen.RECEIPT: Phase.PAID,
        Screen.THANKS: Phase.PAID,
        Screen.SEND_LINK: Phase.PAID,
        Screen.SEND_MAIL: Phase.PAID,
    }
)
"""What goes on behind a screen; on any other somebody is shopping."""

NO_SECOND_ANSWER: Final = frozenset({Interest.HELP, Interest.DEVICE})
"""What can only be done, not refused."""


def mode_of(view: View) -> Mode:
    """Return whether somebody can buy here."""
    if view.screen is Screen.OUT_OF_ORDER:
        starts = view.out_of_order is not None and view.out_of_order.can_start
        return Mode.OPEN if starts else Mode.OUT_OF_ORDER
    if view.paused:
        return Mode.PAUSED
    if view.screen is Screen.CLOSED:
        return Mode.CLOSED
    return Mode.TRAINING if view.training else Mode.OPEN


def phase_of(view: View) -> Phase:
    """Return what goes on at the glass."""
    if view.staff is not None and view.staff.name:
        return Phase.STAFF
    return PHASES.get(view.screen, Phase.SHOPPING)


def state_of(
    view: View, *, devices: Mapping[str, str], paper: str, currency: str, since_at: str, at_utc: str
) -> State:
    """Return how the kiosk stands."""
    staff_name = view.staff.name if view.staff is not None else ""
    return State(
        at_utc=at_utc,
        mode=mode_of(view),
        phase=phase_of(view),
        screen=view.screen,
        sale_id=view.sale_id,
        item_count=view.totals.item_count,
        total_minor=view.totals.to_pay_minor,
        currency=currency,
        since_at=since_at,
        attendant=staff_name or view.seen_by,
        waiting=[call.id for call in view.waiting],
        devices=dict(sorted(devices.items())),
        paper=paper,
        fault=view.out_of_order.fault if view.out_of_order is not None else "",
        opens_at=view.opens_at,
    )


def intervention_of(
    call: WaitingView, view: View, *, only_here: frozenset[Interest], currency: str, at_utc: str
) -> Intervention:
    """Return something that waits, with the sale that it is about."""
    line = next((one for one in view.lines if one.line_id == call.line_id), None)
    is_help = call.kind is Interest.HELP
    return Intervention(
        at_utc=at_utc,
        id=call.id,
        sale_id=call.sale_id or view.sale_id,
        kind=call.kind,
        policy=call.policy,
        reason=(view.help_reason or call.detail) if is_help else call.detail,
        line=None if line is None else line_brief(line),
        raised_at=call.raised_at or at_utc,
        remote_ok=call.kind not in only_here,
        may_refuse=call.kind not in NO_SECOND_ANSWER,
        seen_by=view.seen_by,
        sale=_sale_brief(call, view, currency),
    )


def _sale_brief(call: WaitingView, view: View, currency: str) -> SaleBrief:
    """Return the sale that a call is about; of one that is over only whose money is still here."""
    if call.sale_id:
        return SaleBrief(lines=[], total_minor=call.amount_minor, item_count=0, currency=currency)
    return SaleBrief(
        lines=[line_brief(one) for one in view.lines],
        total_minor=view.totals.to_pay_minor,
        item_count=view.totals.item_count,
        currency=currency,
    )


def line_brief(line: LineView) -> LineBrief:
    """Return a line with what it costs in all: offers and deposit are in the amount."""
    offers_minor = sum(offer.amount_minor for offer in line.offers)
    return LineBrief(
        line_id=line.line_id,
        name=line.name[:200],
        picture=line.picture,
        category=line.category,
        quantity=line.quantity,
        weight_g=line.weight_g,
        amount_minor=line.amount_minor + offers_minor + line.deposit_minor,
        flags=[] if line.flag is Flag.NONE else [line.flag.value],
    )
