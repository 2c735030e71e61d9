"""Goods that come back: which of a receipt, and how the money for them goes back."""

from dataclasses import dataclass
from datetime import datetime

from kiosk.engine.staff_view import RefundState, RefundView, ReturnLineView, ReturnView
from kiosk.engine.view import View
from kiosk.sale.events import Method
from kiosk.sale.product import Unit
from kiosk.ui.i18n import Translator, money
from kiosk.ui.present.lines import LineModel
from kiosk.ui.present.parts import BannerModel, ChipModel, Kind
from kiosk.ui.present.staff_lines import StaffLineModel, StaffListModel
from kiosk.ui.present.staff_parts import (
    StaffFrameModel,
    present_problem,
    present_staff_frame,
    staff_of,
)

METHODS: dict[Method, str] = {
    Method.CARD: "staff.refund.card",
    Method.VIPPS: "staff.refund.vipps",
    Method.KLARNA: "staff.refund.klarna",
    Method.STREX: "staff.refund.strex",
    Method.GIFT_CARD: "staff.refund.gift_card",
}
"""Where the money goes, inside a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffReturnModel:
    """The receipt's goods, and what was chosen of them."""

    frame: StaffFrameModel
    list: StaffListModel
    heading: str
    banner: BannerModel | None
    pieces: dict[int, int]
    """By line, how many pieces the next tap chooses."""
    all: str
    onward: str
    can_go_on: bool
    back: str


def present_staff_return(view: View, words: Translator) -> StaffReturnModel:
    """Return the goods; each tap on a line chooses one piece more, the last one none again."""
    staff = staff_of(view)
    shown = staff.returning or ReturnView(receipt="", sold_at="", lines=())
    picked = sum(line.picked for line in shown.lines)
    left = sum(line.left for line in shown.lines)
    whole = bool(shown.lines) and picked == left
    amount = money(shown.total_minor)
    return StaffReturnModel(
        frame=present_staff_frame(view, words),
        list=StaffListModel(
            items=words("staff.return.chosen", n=picked, left=left),
            hint=words("staff.return.tap"),
            hint_short=words("staff.return.tap_short"),
            lines=tuple(_line(line, words) for line in shown.lines),
        ),
        heading=words("staff.return.receipt", number=shown.receipt, date=_date(shown.sold_at)),
        banner=present_problem(staff, words),
        pieces={line.line_id: (line.picked + 1) % (line.left + 1) for line in shown.lines},
        all=words("staff.return.none" if whole else "staff.return.all"),
        onward=words("staff.return.onward", amount=amount) if picked else words("staff.return.no"),
        can_go_on=picked > 0,
        back=words("frame.back"),
    )


def _line(line: ReturnLineView, words: Translator) -> StaffLineModel:
    chip = None
    if line.picked:
        count = words("staff.return.of", n=line.picked, left=line.left)
        text = words("staff.return.picked") if line.left == 1 else count
        chip = ChipModel(kind=Kind.DONE, sign="check", text=text)
    note = ""
    if line.unit is Unit.KILOGRAM and line.weight_g is not None:
        note = f"{line.weight_g // 1000},{line.weight_g % 1000:03d} kg"
    elif line.left > 1 and not line.picked:  # else the chip says how many of how many
        note = words("staff.return.left", n=line.left)
    return StaffLineModel(
        line=LineModel(
            line_id=line.line_id,
            name=line.name,
            picture=line.picture,
            category=line.category,
            amount=money(line.amount_minor),
            rows=(),
            is_open=False,
            added="",
            quantity=line.picked,
            countable=False,
            remove="",
        ),
        chip=chip,
        note=note,
        chosen=line.picked > 0,
    )


def _date(iso: str) -> str:
    return f"{datetime.fromisoformat(iso):%d.%m.%Y}" if iso else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffRefundModel:
    """How the money goes back."""

    frame: StaffFrameModel
    title: str
    lead: str
    heading: str
    banner: BannerModel | None
    give: str
    can_give: bool
    by_hand: str
    """Staff give it back themselves; empty where it has not been refused."""
    cancel: str
    """Ends the return without money; empty once some may have moved."""
    back: str


def present_staff_refund(view: View, words: Translator) -> StaffRefundModel:
    """Return what goes back and to which payment; while it is on its way nothing can be pressed."""
    staff = staff_of(view)
    refund = staff.refund or RefundView(amount_minor=0, method=Method.CARD, part_minor=0)
    ready = refund.state is RefundState.READY and refund.amount_minor > 0
    give = words("staff.refund.give", amount=money(refund.part_minor))
    return StaffRefundModel(
        frame=present_staff_frame(view, words),
        title=words("staff.refund.title", amount=money(refund.amount_minor)),
        lead=_lead(refund, words),
        heading=words("staff.refund.heading", number=refund.receipt) if refund.receipt else "",
        banner=present_problem(staff, words) or _state(refund, words),
        give=give if ready else words("staff.refund.wait"),
        can_give=ready,
        by_hand=words("staff.refund.by_hand") if ready and refund.may_by_hand else "",
        cancel=words("staff.refund.cancel") if ready and refund.may_cancel else "",
        back=words("frame.back"),
    )


def _lead(refund: RefundView, words: Translator) -> str:
    if not refund.amount_minor:
        return words("staff.refund.no_payment")
    way = words(METHODS.get(refund.method, "staff.refund.card"))
    if refund.last_four:
        way = f"{way} •••• {refund.last_four}"
    part = words("staff.refund.to", way=way, number=refund.receipt)
    if refund.part_minor == refund.amount_minor:
        return part
    return f"{part} {words('staff.refund.first', amount=money(refund.part_minor))}"


def _state(refund: RefundView, words: Translator) -> BannerModel | None:
    if refund.state is RefundState.RUNNING:
        return BannerModel(kind=Kind.WAITING, sign="clock", text=words("staff.refund.running"))
    if refund.state is RefundState.IN_DOUBT:
        text = words("staff.refund.in_doubt")
        return BannerModel(kind=Kind.FAILED, sign="warning-circle", text=text)
    return None
