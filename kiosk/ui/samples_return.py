"""Sample views of a return: choosing goods, giving the money back, and what can go wrong."""

from dataclasses import replace

from kiosk.engine.staff_view import (
    RefundState,
    RefundView,
    ReturnLineView,
    ReturnView,
    StaffProblem,
    StaffStep,
    Tool,
)
from kiosk.engine.view import TotalsView, View
from kiosk.sale.events import Method
from kiosk.sale.product import Unit
from kiosk.sale.return_events import ByHand
from kiosk.ui.samples import LINES, SCAN
from kiosk.ui.samples_staff import BASE, BREAD, STAFF

GOODS = (
    ReturnLineView(line_id=1, name="Lettmelk 1 l", picture="milk", category="",
                   unit=Unit.PIECE, left=1, amount_minor=2390),
    ReturnLineView(line_id=2, name="Cola uten sukker 1,5 l", picture="soda", category="",
                   unit=Unit.PIECE, left=2, picked=1, amount_minor=3290),
    ReturnLineView(line_id=4, name="Bananer", picture="banana", category="", weight_g=842,
                   unit=Unit.KILOGRAM, left=1, picked=1, amount_minor=2265),
    ReturnLineView(line_id=5, name="Yoghurt blåbær 150 g", picture="", category="",
                   unit=Unit.PIECE, left=3, picked=3, amount_minor=2980),
)  # fmt: skip
CHOSEN = ReturnView(
    receipt="18204", sold_at="2026-11-21T14:32+01:00", lines=GOODS, total_minor=8535
)
REFUND = RefundView(
    amount_minor=8535, method=Method.CARD, part_minor=8535, last_four="4417", receipt="18204"
)


def _staff(**more: object) -> View:
    return replace(BASE, staff=replace(STAFF, decisions=(), all_decided=True, **more))  # type: ignore[arg-type]


def _refund(**more: object) -> View:
    shown = replace(REFUND, **more)  # type: ignore[arg-type]
    return _staff(step=StaffStep.REFUND, refund=shown)


RETURN_SAMPLES: dict[str, View] = {
    "staff_return": _staff(step=StaffStep.RETURN, returning=CHOSEN),
    "staff_return_none": _staff(
        step=StaffStep.RETURN,
        returning=replace(CHOSEN, lines=GOODS[:1], total_minor=0),
    ),
    "staff_return_code": _staff(
        step=StaffStep.ITEM, picking=Tool.RETURN, problem=StaffProblem.OTHER_KIOSK
    ),
    "staff_return_asking": _staff(step=StaffStep.SHELF, picking=Tool.RETURN),
    "staff_return_silent": _staff(
        step=StaffStep.ITEM, picking=Tool.RETURN, problem=StaffProblem.STORE_SILENT_OTHERS
    ),
    "staff_return_unchecked": _staff(
        step=StaffStep.RETURN, returning=CHOSEN, problem=StaffProblem.RETURN_UNCHECKED
    ),
    "staff_return_reason": _staff(
        step=StaffStep.REASON,
        reasons=("regret", "damaged", "wrong_item", "wrong_price", "recalled", "other"),
    ),
    "staff_refund": _refund(),
    "staff_refund_split": _refund(method=Method.GIFT_CARD, part_minor=5000, last_four=""),
    "staff_refund_running": _refund(state=RefundState.RUNNING),
    "staff_refund_doubt": _refund(state=RefundState.IN_DOUBT),
    "staff_refund_declined": _staff(
        step=StaffStep.REFUND,
        refund=replace(REFUND, may_by_hand=True),
        problem=StaffProblem.REFUND_DECLINED,
    ),
    "staff_refund_part_declined": _staff(
        step=StaffStep.REFUND,
        refund=replace(
            REFUND, method=Method.VIPPS, last_four="", may_by_hand=True, may_cancel=False
        ),
        problem=StaffProblem.REFUND_DECLINED,
    ),
    "staff_by_hand": _staff(step=StaffStep.REASON, reasons=tuple(ByHand)),
    "scan_combined": replace(
        SCAN,
        toast=None,
        lines=(
            *LINES[:2],
            replace(BREAD, line_id=11, amount_minor=-3690, countable=False, came_back=True),
        ),
        open_line_id=2,
        added_line_id=None,
        totals=TotalsView(item_count=3, to_pay_minor=5280, deposit_minor=600),
    ),
}
"""By name; the last part of the gallery."""
