"""13 and 23: what waits for a decision as pairs of answers, the tools, and the way back."""

from dataclasses import dataclass
from datetime import datetime

from kiosk.engine.staff_view import DecisionView, GiveBack, StaffView, Tool, ToolView, Why
from kiosk.engine.view import View
from kiosk.sale.events import Interest
from kiosk.ui.i18n import Translator, kroner
from kiosk.ui.present.help import REASONS
from kiosk.ui.present.parts import BannerModel, PromptModel
from kiosk.ui.present.pay import NAMES
from kiosk.ui.present.staff_lines import StaffListModel, present_staff_list
from kiosk.ui.present.staff_parts import (
    CHIPS,
    StaffFrameModel,
    present_problem,
    present_staff_frame,
    staff_of,
    why_not,
)

ON_THE_DESK = 6
"""Tools that the desk has room for; the others are behind MORE, which stands by the heading."""

TITLES: dict[Interest, str] = {
    Interest.AGE: "staff.decide.age",
    Interest.ALCOHOL_HOURS: "staff.decide.alcohol_hours",
    Interest.WEIGHT: "staff.decide.weight",
    Interest.UNKNOWN_ITEM: "staff.decide.unknown_item",
    Interest.PRICE_QUERY: "staff.decide.price_query",
    Interest.QUANTITY_LIMIT: "staff.decide.quantity_limit",
    Interest.RECALLED: "staff.decide.recalled",
    Interest.EXPIRED: "staff.decide.expired",
    Interest.HELP: "staff.decide.help",
    Interest.RANDOM_CHECK: "staff.decide.random_check",
    Interest.VOUCHER: "staff.decide.voucher",
    Interest.PAYMENT_IN_DOUBT: "staff.decide.payment_in_doubt",
    Interest.DEVICE: "staff.decide.device",
    Interest.WALKED_AWAY: "staff.decide.walked_away",
}
BAG_TITLES = {
    "lighter": "staff.decide.lighter",
    "taken_away": "staff.decide.lighter",
    "not_yet_placed": "staff.decide.not_placed",
}
"""By the decision's detail; anything else is heavier."""

DETAILS = {
    "coupon": "staff.detail.coupon",
    "coupon_date": "staff.detail.coupon_date",
    "numbers": "staff.detail.numbers",
    "offline": "staff.detail.offline",
    "printer": "staff.detail.printer",
    "terminal": "staff.detail.terminal",
    "clock": "staff.detail.clock",
}
"""What an intervention about a slip or a device may say of it."""

YES: dict[Interest, str] = {
    Interest.AGE: "staff.yes.age",
    Interest.WEIGHT: "staff.yes.fine",
    Interest.PRICE_QUERY: "staff.yes.price",
    Interest.HELP: "staff.yes.done",
    Interest.UNKNOWN_ITEM: "staff.yes.done",
    Interest.DEVICE: "staff.yes.done",
    Interest.RANDOM_CHECK: "staff.yes.check",
    Interest.PAYMENT_IN_DOUBT: "staff.yes.paid",
    Interest.WALKED_AWAY: "staff.yes.back",
    Interest.QUANTITY_LIMIT: "staff.yes.done",
    Interest.RECALLED: "staff.yes.done",
}
NO: dict[Interest, tuple[str, str]] = {
    Interest.AGE: ("staff.no.age", "x"),
    Interest.WEIGHT: ("staff.no.review", "list-checks"),
    Interest.RANDOM_CHECK: ("staff.no.check", "x"),
    Interest.PAYMENT_IN_DOUBT: ("staff.no.not_paid", "x"),
    Interest.WALKED_AWAY: ("staff.no.end_sale", "x"),
}
TOOLS: dict[Tool, tuple[str, str]] = {
    Tool.CHANGE_LINE: ("staff.tool.change_line", "pencil-simple"),
    Tool.REMOVE_LINE: ("staff.tool.remove_line", "trash"),
    Tool.COPY: ("staff.tool.copy", "receipt"),
    Tool.VOID_SALE: ("staff.tool.void_sale", "x-circle"),
    Tool.PAUSE: ("staff.tool.pause", "pause"),
    Tool.CLOSE: ("staff.tool.close", "power"),
    Tool.OPEN: ("staff.tool.open", "power"),
    Tool.MORE: ("staff.tool.more", "dots-three"),
    Tool.DISCOUNT: ("staff.tool.discount", "percent"),
    Tool.ADD_ITEM: ("staff.tool.add_item", "plus"),
    Tool.SUSPEND: ("staff.tool.suspend", "ticket"),
    Tool.RESUME: ("staff.tool.resume", "arrow-counter-clockwise"),
    Tool.DEVICE_CHECK: ("staff.tool.device_check", "wrench"),
    Tool.ZERO_BAG_SCALE: ("staff.tool.zero_bag_scale", "scales"),
    Tool.TO_TILL: ("staff.tool.to_till", "storefront"),
    Tool.X_REPORT: ("staff.tool.x_report", "list"),
    Tool.CLOSE_DAY: ("staff.tool.close_day", "moon"),
    Tool.TRAINING: ("staff.tool.training", "graduation-cap"),
    Tool.VOLUME: ("staff.tool.volume", "speaker-high"),
    Tool.RETURN: ("staff.tool.return", "arrow-left"),
    Tool.PROVISIONAL: ("staff.tool.provisional", "receipt"),
    Tool.TOUCH: ("staff.tool.touch", "hand-pointing"),
}
SWITCHED_ON = {Tool.PAUSE: "staff.tool.pause_off", Tool.TRAINING: "staff.tool.training_off"}
"""What pressing a tool does that is switched on."""

PICKING = {
    Tool.CHANGE_LINE: "staff.pick.change",
    Tool.REMOVE_LINE: "staff.pick.remove",
    Tool.DISCOUNT: "staff.pick.discount",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerModel:
    """One of a pair. Not available, it is an outline and the card says why."""

    text: str
    sign: str
    available: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionModel:
    """One thing to decide."""

    id: str
    sign: str
    title: str
    note: str
    yes: AnswerModel
    no: AnswerModel | None
    """None where there is nothing to refuse."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolModel:
    """A tool; with a reason it cannot be used now."""

    tool: Tool
    text: str
    sign: str
    reason: str
    on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffDeskModel:
    """Everything on the desk."""

    frame: StaffFrameModel
    list: StaffListModel
    heading: str
    prompt: PromptModel | BannerModel | None
    """Stands in place of the heading: a problem, or which line to tap."""
    decisions: tuple[DecisionModel, ...]
    tools: tuple[ToolModel, ...]
    more: ToolModel | None
    """The way to the tools that are not here."""
    leave: str
    ready: bool
    """All is decided: the way back is the next step."""


def present_staff_desk(view: View, words: Translator) -> StaffDeskModel:
    """Return the desk."""
    staff = staff_of(view)
    decisions = staff.decisions
    heading = words("staff.decided")
    if decisions:
        heading = words.many("staff.to_decide", len(decisions))
    return StaffDeskModel(
        frame=present_staff_frame(view, words),
        list=present_staff_list(view, words),
        heading=heading,
        prompt=_prompt(staff, words),
        decisions=tuple(present_decision(decision, words) for decision in decisions),
        tools=tuple(present_tool(tool, words) for tool in desk_tools(staff)),
        more=next((present_tool(one, words) for one in staff.tools if one.tool is Tool.MORE), None),
        leave=words("staff.leave"),
        ready=staff.all_decided,
    )


def desk_tools(staff: StaffView) -> tuple[ToolView, ...]:
    """Return the tools on the desk, in the engine's order."""
    return tuple(tool for tool in staff.tools if tool.tool is not Tool.MORE)[:ON_THE_DESK]


def more_tools(staff: StaffView) -> tuple[ToolView, ...]:
    """Return the tools behind MORE."""
    return tuple(tool for tool in staff.tools if tool.tool is not Tool.MORE)[ON_THE_DESK:]


def _prompt(staff: StaffView, words: Translator) -> PromptModel | BannerModel | None:
    if problem := present_problem(staff, words):
        return problem
    if staff.picking in PICKING:
        return PromptModel(sign="hand-pointing", text=words(PICKING[staff.picking]))
    return None


def present_decision(decision: DecisionView, words: Translator) -> DecisionModel:
    """Return one decision with its pair of answers."""
    kind = decision.kind
    reason = why_not(decision.may_approve, words)
    return DecisionModel(
        id=decision.id,
        sign=CHIPS[kind][1],
        title=_title(decision, words),
        note=_note(decision, words) if not reason else _reason(kind, reason, words),
        yes=_yes(decision, words),
        no=_no(decision, words),
    )


def _reason(kind: Interest, reason: str, words: Translator) -> str:
    """Return why it cannot be approved. Out of hours nobody can: it is not a matter of rights."""
    return words("staff.never_sold") if kind is Interest.ALCOHOL_HOURS else reason


def _title(decision: DecisionView, words: Translator) -> str:
    key = TITLES[decision.kind]
    if decision.clock:
        return words("staff.decide.clock", time=words.clock(decision.clock))
    if decision.give_back:
        return words("staff.decide.give_back", amount=kroner(decision.give_back.amount_minor))
    if decision.kind is Interest.WEIGHT:
        key = BAG_TITLES.get(decision.detail, key)
    return words(key, age=decision.age_limit)


def _note(decision: DecisionView, words: Translator) -> str:
    """Return what it is about, in one line: the goods, the reason given, the code."""
    if decision.give_back:
        return _of_payment(decision.give_back, words)
    if decision.kind is Interest.PAYMENT_IN_DOUBT:
        return f"{words('in_doubt.code')}: {decision.doubt_code}" if decision.doubt_code else ""
    if decision.kind is Interest.HELP:
        return words(REASONS[decision.detail][0]) if decision.detail in REASONS else ""
    if decision.kind in (Interest.VOUCHER, Interest.DEVICE):
        return words(DETAILS[decision.detail]) if decision.detail in DETAILS else ""
    if decision.kind is Interest.WEIGHT and decision.name:
        return words("staff.after", name=decision.name)
    if decision.name:
        count = f" × {decision.quantity}" if decision.quantity > 1 else ""
        return f"{decision.name}{count}"
    return decision.detail


def _of_payment(back: GiveBack, words: Translator) -> str:
    """Return by what it was paid (a card by its last digits), when, and what the payer calls it."""
    by = f"·· {back.last_four}" if back.last_four else words(NAMES[back.method][0])
    at = datetime.fromisoformat(back.asked_at)
    when = f"{at:%d.%m.} {words.clock(f'{at:%H.%M}')}"
    return " · ".join((by, when, back.reference))


def _yes(decision: DecisionView, words: Translator) -> AnswerModel:
    if decision.review_first:
        return AnswerModel(text=words("staff.no.review"), sign="list-checks")
    key = "staff.yes.clock" if decision.clock else YES.get(decision.kind, "staff.yes.approve")
    if decision.give_back:
        key = "staff.yes.given_back"
    available = decision.may_approve is Why.NONE
    return AnswerModel(
        text=words(key, age=decision.age_limit),
        sign="check" if available else "prohibit",
        available=available,
    )


def _no(decision: DecisionView, words: Translator) -> AnswerModel | None:
    if not decision.may_refuse:
        return None
    otherwise = ("staff.no.age" if decision.line_id is not None else "staff.no.refuse", "x")
    key, sign = NO.get(decision.kind, otherwise)
    if decision.give_back:
        key, sign = "staff.no.follow_up", "arrow-right"
    if decision.kind is Interest.RANDOM_CHECK and decision.review_first:
        key = "staff.no.skip_check"
    return AnswerModel(text=words(key), sign=sign)


def present_tool(tool: ToolView, words: Translator) -> ToolModel:
    """Return a tool's word and sign, and why it cannot be used."""
    key, sign = TOOLS[tool.tool]
    if tool.on and tool.tool in SWITCHED_ON:
        key, sign = SWITCHED_ON[tool.tool], "power"
    return ToolModel(
        tool=tool.tool, text=words(key), sign=sign, reason=why_not(tool.why_not, words), on=tool.on
    )
