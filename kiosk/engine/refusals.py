"""What is refused at the scanner and yet something that staff should know.

Nothing here sells or stops by itself: `kiosk.sale.policy` has the rule of each kind, and the
configuration may make it stop the shopper. The code that was read is never written down: it may be
a loyalty card's, or a badge's.
"""

from dataclasses import replace

from kiosk.engine import attention
from kiosk.engine.hours import CLOCK
from kiosk.engine.till import Till
from kiosk.engine.view import Notice
from kiosk.sale.commands import AddItem, RaiseIntervention
from kiosk.sale.events import Interest
from kiosk.sale.state import Phase

UNKNOWN_ENOUGH = 2
"""So many unknown codes in a row mean that somebody is stuck; one is a slip of the hand."""
_KINDS = {
    Notice.RECALLED: Interest.RECALLED,
    Notice.EXPIRED: Interest.EXPIRED,
    Notice.QUANTITY_LIMIT: Interest.QUANTITY_LIMIT,
}


def note(till: Till, item: AddItem) -> None:
    """Note a refused item: what must leave the shelf, and what somebody wants too much of."""
    if till.session.notice is Notice.ALCOHOL_HOURS and till.hours.in_doubt:
        till.refuse(Notice.CLOCK_DOUBT)
        attention.call_staff(till, Interest.DEVICE, CLOCK)
        return
    kind = _KINDS.get(till.session.notice)
    if kind is None:
        return
    line = next((one for one in till.sale.live_lines if one.product.id == item.product.id), None)
    _raise(till, kind, line.id if line is not None else None, _detail(kind, item))


def _detail(kind: Interest, item: AddItem) -> str:
    """Return what staff look for: the article, with its batch or its date."""
    more = {Interest.RECALLED: item.batch, Interest.EXPIRED: item.expiry}.get(kind, "")
    return f"{item.product.name} {more}".strip()


def unknown(till: Till, notice: Notice) -> None:
    """Count codes that nobody knows; one that was only read wrongly is none."""
    if notice is not Notice.UNKNOWN_CODE:
        return
    till.session = replace(till.session, unknown=till.session.unknown + 1)
    if till.session.unknown >= UNKNOWN_ENOUGH:
        _raise(till, Interest.UNKNOWN_ITEM, None, "")


def went_on(till: Till) -> None:
    """Forgive what has corrected itself: something was added, so nobody is stuck."""
    till.change(unknown=0)
    for call in till.sale.interventions:
        if call.open and call.kind is Interest.UNKNOWN_ITEM:
            attention.resolved_itself(till, call.id, "went_on")


def _raise(till: Till, kind: Interest, line_id: int | None, detail: str) -> None:
    """Raise it in the sale that is open, or that begins with it. Once while it stands."""
    if till.sale.phase not in (Phase.NONE, Phase.OPEN):
        return
    till.submit(
        *till.opening(),
        RaiseIntervention(
            at_utc=till.now_utc(),
            intervention_id=till.ids.intervention_id(),
            kind=kind,
            policy=till.config.policy(kind),
            line_id=line_id,
            detail=detail,
        ),
    )
