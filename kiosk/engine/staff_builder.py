"""From a till in staff mode to what the attendant sees."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from drivers.contracts import DeviceState
from kiosk.engine import staff_returns
from kiosk.engine.hours import CLOCK
from kiosk.engine.staff_rights import all_decided, reasons_for, right_to_decide, why_not
from kiosk.engine.staff_session import StaffSession
from kiosk.engine.staff_view import (
    DecisionView,
    DeviceLine,
    GiveBack,
    KioskFacts,
    ReportRow,
    ReportView,
    ReviewView,
    StaffStep,
    StaffView,
    Tool,
    ToolView,
    Why,
)
from kiosk.engine.till import Till
from kiosk.engine.time_left import seconds_left
from kiosk.fiscal.figures import ReportType
from kiosk.fiscal.layout import ColumnsRow, Row, RuleRow, Size, TextRow
from kiosk.fiscal.report_layout import lay_out_report
from kiosk.sale.attempts import attempt_of, in_doubt
from kiosk.sale.events import Interest
from kiosk.sale.intervention import REVERSAL_FAILED
from kiosk.sale.state import Intervention, Sale
from kiosk.staff import Right

DESK_TOOLS = (
    Tool.CHANGE_LINE,
    Tool.REMOVE_LINE,
    Tool.COPY,
    Tool.VOID_SALE,
    Tool.PAUSE,
    Tool.CLOSE,
)
"""As in picture 13; CLOSE is OPEN while the kiosk is closed."""
MORE_TOOLS = (
    Tool.RETURN,
    Tool.ADD_ITEM,
    Tool.DISCOUNT,
    Tool.SUSPEND,
    Tool.RESUME,
    Tool.TO_TILL,
    Tool.PROVISIONAL,
    Tool.X_REPORT,
    Tool.CLOSE_DAY,
    Tool.TRAINING,
    Tool.DEVICE_CHECK,
    Tool.VOLUME,
    Tool.TOUCH,
    Tool.ZERO_BAG_SCALE,
)
_MAY_NOT_REFUSE = (
    Interest.HELP,
    Interest.DEVICE,
    Interest.UNKNOWN_ITEM,
    Interest.QUANTITY_LIMIT,
    Interest.RECALLED,
)
"""Where there is nothing to say no to: it was refused already, or somebody only has to come."""
_TYPED = (StaffStep.NUMBER, StaffStep.PRICE, StaffStep.ITEM)


def build(till: Till) -> StaffView | None:
    """Return what the attendant sees, or None while nobody is in staff mode."""
    staff, door = till.staff, till.door
    if staff is None or door is None:
        return None
    keys = StaffView(
        step=staff.step,
        seconds_left=seconds_left(staff.out_at_ns, till.now_ns()),
        digits=len(staff.secret) or len(staff.entry),
        entry=staff.entry if staff.step in _TYPED else "",
        problem=staff.problem,
        tries_left=staff.tries_left,
        locked_s=seconds_left(staff.locked_until_ns or None, till.now_ns()),
    )
    return _signed_in(till, staff, keys) if staff.person is not None else keys


def _signed_in(till: Till, staff: StaffSession, keys: StaffView) -> StaffView:
    door, person = till.door, staff.person
    if door is None or person is None:
        return keys
    decisions = tuple(_decisions(till))
    limit_bp = door.rules(person).discount_bp
    return replace(
        keys,
        name=person.name,
        role=person.role.value,
        decisions=decisions,
        line_order=_line_order(till, decisions),
        chosen_line_id=staff.chosen_line_id,
        added_line_id=staff.added_line_id,
        picking=staff.picking,
        tools=_tools(till, staff),
        reasons=reasons_for(till, staff.wanted) if staff.wanted else (),
        percents_bp=tuple(bp for bp in till.config.percents_bp if bp <= limit_bp),
        review=_review(staff),
        facts=_facts(till) if staff.step is StaffStep.MORE else None,
        report=_report(till, staff) if staff.step is StaffStep.REPORT else None,
        returning=staff_returns.view(staff, till.zone) if staff.step is StaffStep.RETURN else None,
        refund=staff_returns.refund_view(till) if staff.step is StaffStep.REFUND else None,
        volume_percent=till.volume_percent,
        touch_points=len(staff.touched),
        all_decided=all_decided(till),
    )


def _review(staff: StaffSession) -> ReviewView | None:
    review = staff.review
    if review is None:
        return None
    return ReviewView(
        intervention_id=review.intervention_id,
        wanted=review.wanted,
        checked=review.checked,
        missing=len(review.to_add),
        missing_names=tuple(item.product.name for item in review.to_add),
    )


def _decisions(till: Till) -> Iterator[DecisionView]:
    """Yield what waits for a decision, oldest first; a call for help without a sale too."""
    open_calls = [call for call in till.sale.interventions if call.open]
    help_id = till.session.help_id
    if help_id and not any(call.id == help_id for call in open_calls):
        yield DecisionView(
            id=help_id,
            kind=Interest.HELP,
            detail=till.session.help_reason,
            may_approve=_may(till, Interest.HELP),
            may_refuse=False,
        )
    for sale in (till.sale, *till.unsettled.values()):
        for call in sale.interventions:
            if call.open:
                yield _decision(till, sale, call)


def _decision(till: Till, sale: Sale, call: Intervention) -> DecisionView:
    line = next((one for one in sale.lines if one.id == call.line_id), None)
    doubtful = in_doubt(sale) if call.kind is Interest.PAYMENT_IN_DOUBT else None
    is_help = call.id == till.session.help_id
    never = call.kind is Interest.ALCOHOL_HOURS
    return DecisionView(
        id=call.id,
        kind=call.kind,
        line_id=call.line_id,
        name=line.product.name if line else "",
        quantity=line.quantity if line else 0,
        age_limit=_number(call.detail) if call.kind is Interest.AGE else 0,
        detail=till.session.help_reason if is_help else call.detail,
        doubt_code=doubtful.service_id if doubtful else "",
        give_back=_give_back(till, sale, call),
        clock=_clock(till) if (call.kind, call.detail) == (Interest.DEVICE, CLOCK) else "",
        may_approve=Why.NO_RIGHT if never else _may(till, call.kind),
        may_refuse=call.kind not in _MAY_NOT_REFUSE,
        review_first=call.kind is Interest.RANDOM_CHECK,
        waited_s=_waited_s(till, call.raised_at),
    )


def _give_back(till: Till, sale: Sale, call: Intervention) -> GiveBack | None:
    if not call.detail.startswith(REVERSAL_FAILED):
        return None
    attempt = attempt_of(sale, call.detail.removeprefix(REVERSAL_FAILED))
    if attempt is None:
        return None
    at = datetime.fromisoformat(attempt.requested_at).astimezone(till.zone)
    return GiveBack(
        amount_minor=attempt.approved_minor,
        method=attempt.method,
        last_four=attempt.card.last_four,
        asked_at=at.isoformat(timespec="minutes"),
        reference=attempt.transaction_id or attempt.service_id,
    )


def _may(till: Till, kind: Interest) -> Why:
    staff = till.staff
    may = staff and till.door and till.door.may(staff.person, right_to_decide(kind))
    return Why.NONE if may else Why.NO_RIGHT


def _clock(till: Till) -> str:
    return f"{till.clock.utc_now().astimezone(till.zone):%H.%M}"


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0


def _waited_s(till: Till, raised_at: str) -> int:
    waited = till.clock.utc_now() - datetime.fromisoformat(raised_at)
    return max(0, int(waited.total_seconds()))


def _line_order(till: Till, decisions: tuple[DecisionView, ...]) -> tuple[int, ...]:
    """Return the lines as staff want them: flagged first, then the newest first."""
    age = max((one.age_limit for one in decisions), default=0)
    flagged = {one.line_id for one in decisions}
    lines = list(reversed(till.sale.live_lines))
    first = [x.id for x in lines if x.id in flagged or (age and x.product.age_limit)]
    return (*first, *(x.id for x in lines if x.id not in first))


def _tools(till: Till, staff: StaffSession) -> tuple[ToolView, ...]:
    closed = till.closing
    desk = (Tool.OPEN if closed and tool is Tool.CLOSE else tool for tool in DESK_TOOLS)
    wanted = [*desk, Tool.MORE, *MORE_TOOLS]
    if till.devices.bag_scale is None:
        wanted.remove(Tool.ZERO_BAG_SCALE)
    return tuple(
        ToolView(
            tool=tool,
            why_not=why_not(till, staff, tool),
            on=_is_on(till, tool),
        )
        for tool in wanted
    )


def _is_on(till: Till, tool: Tool) -> bool:
    """Whether pressing it again takes it back."""
    return (tool is Tool.PAUSE and till.paused) or (tool is Tool.TRAINING and till.training)


def _report(till: Till, staff: StaffSession) -> ReportView | None:
    """Return the report that is shown, in the words that are printed."""
    report = staff.report
    if report is None:
        return None
    shop = till.config.shop
    rows = lay_out_report(report, shop_name=shop.name, declared=shop.declared)
    return ReportView(
        is_z=report.type is ReportType.Z,
        number=report.number,
        rows=tuple(_report_rows(rows)),
        closing=staff.closing,
        may_print=Why.NONE if till.health.can_print() else Why.NO_PRINTER,
    )


def _report_rows(rows: Iterable[Row]) -> Iterator[ReportRow]:
    for row in rows:
        match row:
            case TextRow(text, size):
                yield ReportRow(cells=(text,), strong=size is not Size.NORMAL)
            case ColumnsRow(cells, size):
                yield ReportRow(cells=cells, strong=size is not Size.NORMAL)
            case RuleRow():
                yield ReportRow(cells=())
            case _:
                pass


def _facts(till: Till) -> KioskFacts | None:
    staff, door = till.staff, till.door
    if staff is None or door is None:
        return None
    past = door.past
    if not door.may(staff.person, Right.SEE_KIOSK):
        return KioskFacts(kiosk_id=till.config.kiosk_id, untaken=till.untaken, past=past)
    about = door.about()
    return KioskFacts(
        version=about.version,
        kiosk_id=till.config.kiosk_id,
        address=about.address,
        disk_free_mb=about.disk_free_mb,
        old_rules=about.old_rules,
        devices=tuple(
            DeviceLine(name=said.device, kind=said.kind, state=said.state, reason=said.reason)
            for name, said in sorted(till.health.states.items())
            if name in till.devices.names() and said.state is not DeviceState.STOPPED
        ),
        untaken=till.untaken,
        past=past,
    )
