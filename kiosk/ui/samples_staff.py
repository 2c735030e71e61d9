"""Sample views of staff mode and the bag scale, with the data of pictures 12, 13 and 23."""

from dataclasses import replace

from drivers.contracts import DeviceKind, DeviceState
from kiosk.engine.staff_view import (
    BaggingView,
    BagState,
    DecisionView,
    DeviceLine,
    GiveBack,
    KioskFacts,
    PastDecision,
    ReportRow,
    ReportView,
    ReviewView,
    StaffProblem,
    StaffStep,
    StaffView,
    Tool,
    ToolView,
    Untaken,
    Why,
)
from kiosk.engine.view import Flag, LineView, Screen, TotalsView, View
from kiosk.sale.events import Interest, Method
from kiosk.sale.product import Unit
from kiosk.ui.samples import LINES, SCAN, START
from kiosk.ui.samples_more import BEER, CLOSED, RECEIPT, TERMINAL, THANKS

MILK, COLA, _, BANANAS, YOGHURT, SOAP = LINES
BREAD = LineView(
    line_id=3, name="Halvgrovt brød 750 g", picture="baguette", category="", unit=Unit.PIECE,
    quantity=1, weight_g=None, unit_price_minor=3690, amount_minor=3690,
)  # fmt: skip
SOAP = replace(SOAP, line_id=9, flag=Flag.STAFF)
LINES_STAFF = (MILK, BANANAS, BREAD, BEER, SOAP)
BASE = replace(
    SCAN, toast=None, lines=LINES_STAFF, open_line_id=9, added_line_id=9,
    totals=TotalsView(item_count=10, to_pay_minor=28175, deposit_minor=1200),
)  # fmt: skip
COUPON = LineView(
    line_id=10, name="25 kr på hele handelen", picture="", category="", unit=Unit.PIECE,
    quantity=1, weight_g=None, unit_price_minor=0, amount_minor=-2500, countable=False,
    is_coupon=True,
)  # fmt: skip
AGE = DecisionView(
    id="age-7", kind=Interest.AGE, line_id=7, name="Pilsner 0,5 l", quantity=6, age_limit=18
)
WEIGHT = DecisionView(
    id="weight-1", kind=Interest.WEIGHT, line_id=9, name="Oppvaskmiddel 500 ml", detail="heavier"
)
TOOLS = tuple(
    ToolView(tool=tool)
    for tool in (Tool.CHANGE_LINE, Tool.REMOVE_LINE, Tool.COPY, Tool.VOID_SALE, Tool.PAUSE,
                 Tool.CLOSE)
)  # fmt: skip
ALL_TOOLS = (
    ToolView(tool=Tool.CHANGE_LINE),
    ToolView(tool=Tool.REMOVE_LINE),
    ToolView(tool=Tool.COPY, why_not=Why.COPY_USED),
    ToolView(tool=Tool.VOID_SALE),
    ToolView(tool=Tool.PAUSE, on=True),
    ToolView(tool=Tool.OPEN, why_not=Why.NOTHING_TO_OPEN),
    ToolView(tool=Tool.MORE),
    ToolView(tool=Tool.ADD_ITEM),
    ToolView(tool=Tool.DISCOUNT, why_not=Why.NO_RIGHT),
    ToolView(tool=Tool.SUSPEND),
    ToolView(tool=Tool.RESUME, why_not=Why.SALE_OPEN),
    ToolView(tool=Tool.TO_TILL),
    ToolView(tool=Tool.X_REPORT),
    ToolView(tool=Tool.CLOSE_DAY, why_not=Why.SALE_OPEN),
    ToolView(tool=Tool.TRAINING),
    ToolView(tool=Tool.DEVICE_CHECK),
    ToolView(tool=Tool.VOLUME),
    ToolView(tool=Tool.TOUCH),
    ToolView(tool=Tool.ZERO_BAG_SCALE),
)
STAFF = StaffView(
    step=StaffStep.DESK, name="Ingrid", role="attendant", seconds_left=105,
    decisions=(AGE, WEIGHT), line_order=(7, 9, 3, 4, 1), tools=TOOLS, all_decided=False,
)  # fmt: skip
REFUSED = Untaken(
    method=Method.VIPPS, amount_minor=23900, receipt="18204", since="2026-11-20T15:04+01:00",
    reference="shop-0f8fad5bd9cb469fa16570867728950e-1", refused=True,
)  # fmt: skip
FACTS = KioskFacts(
    version="1.2.0", kiosk_id="torshov-3", address="10.20.3.13", disk_free_mb=11840,
    devices=(
        DeviceLine(name="scanner", kind=DeviceKind.SCANNER, state=DeviceState.READY),
        DeviceLine(name="scale", kind=DeviceKind.SCALE, state=DeviceState.READY),
        DeviceLine(name="printer", kind=DeviceKind.PRINTER, state=DeviceState.FAULT,
                   reason="paper_low"),
        DeviceLine(name="terminal", kind=DeviceKind.TERMINAL, state=DeviceState.LOST),
        DeviceLine(name="vipps", kind=DeviceKind.WALLET, state=DeviceState.STARTING),
    ),
    past=tuple(
        PastDecision(kind=kind, approved=approved, who=who, where="kiosk", at=at, seconds=seconds)
        for kind, approved, who, at, seconds in (
            (Interest.AGE, True, "Ingrid", "14.02", 21),
            (Interest.WEIGHT, True, "Ingrid", "13.51", 9),
            (Interest.RANDOM_CHECK, True, "Samir", "13.40", 48),
            (Interest.PAYMENT_IN_DOUBT, False, "Samir", "13.12", 95),
            (Interest.HELP, True, "Ingrid", "12.55", 1),
            (Interest.QUANTITY_LIMIT, False, "Ingrid", "12.31", 30),
            (Interest.AGE, False, "Ingrid", "12.04", 17),
            (Interest.EXPIRED, True, "Samir", "11.40", 12),
            (Interest.VOUCHER, True, "Samir", "11.22", 33),
            (Interest.DEVICE, True, "Samir", "10.58", 61),
        )
    ),
)  # fmt: skip
DESK = replace(BASE, staff=STAFF)
BAGGING = BaggingView(
    state=BagState.SOMETHING_ELSE, line_id=9, name="Oppvaskmiddel 500 ml", picture="dish_soap"
)
BAG = replace(BASE, screen=Screen.BAG_WEIGHT, bagging=BAGGING)  # fmt: skip


def _staff(**more: object) -> View:
    return replace(BASE, staff=replace(STAFF, **more))  # type: ignore[arg-type]


def _keys(step: StaffStep, **more: object) -> View:
    values: dict[str, object] = {"name": "", "role": "", "decisions": (), "tools": ()}
    return _staff(step=step, **{**values, **more})


def _every_kind() -> tuple[DecisionView, ...]:
    """A decision of each kind, as the engine makes them."""
    more = {
        Interest.HELP: {"detail": "price", "may_refuse": False},
        Interest.DEVICE: {"detail": "clock", "clock": "17.20", "may_refuse": False},
        Interest.VOUCHER: {"detail": "coupon_date"},
        Interest.PAYMENT_IN_DOUBT: {"doubt_code": "K3F9", "may_approve": Why.NO_RIGHT},
        Interest.RANDOM_CHECK: {"review_first": True},
        Interest.ALCOHOL_HOURS: {"line_id": 7, "name": "Pilsner 0,5 l",
                                 "may_approve": Why.ONLY_HERE},
        Interest.QUANTITY_LIMIT: {"line_id": 3, "name": "Halvgrovt brød 750 g", "quantity": 40},
    }  # fmt: skip
    return tuple(
        DecisionView(id=f"{kind.value}-1", kind=kind, **more.get(kind, {}))  # type: ignore[arg-type]
        for kind in Interest
        if kind not in (Interest.AGE, Interest.WEIGHT)
    )


def _rows(*rows: tuple[str, ...]) -> tuple[ReportRow, ...]:
    """Return rows; a name with a star is strong."""
    return tuple(
        ReportRow(cells=tuple(cell.removeprefix("*") for cell in row),
                  strong=bool(row) and row[0].startswith("*"))
        for row in rows
    )  # fmt: skip


X_REPORT = ReportView(
    is_z=False,
    number=7,
    rows=_rows(
        ("*X-RAPPORT NR. 7",), ("*Nærmat Torshov",), ("Nærmat Torshov AS",),
        ("Org.nr. 999 999 999 MVA",), ("21.11.2026", "15:42"),
        ("Kasse NT-0477-03", "Operatør SCO-03"),
        (), ("*Kontantsalg", "48 213,40"), ("Inngående veksel", "0,00"),
        (), ("*Varegrupper: antall", "Beløp"), ("Mat: 412", "39 104,50"), ("Øl: 38", "4 211,90"),
        ("Annen drikke: 96", "3 102,00"), ("Andre varer: 51", "1 795,00"),
        (), ("*Betalingsmidler: antall", "Beløp"), ("Bankkort: 381", "42 009,90"),
        ("Vipps: 47", "5 804,50"), ("Gavekort: 3", "399,00"),
        (), ("*Merverdiavgift", "Beløp"), ("25 % grunnlag", "5 210,30"),
        ("25 % avgift", "1 302,58"),
        ("15 % grunnlag", "36 281,33"), ("15 % avgift", "5 442,20"),
        (), ("*Kvitteringer: antall", "Beløp"), ("Salgskvitteringer: 431", ""),
        ("Returer: 0", "0,00"), ("Kopier: 2", "318,90"), ("Treningskvitteringer: 4", "812,40"),
        ("Manuelle rabatter: 3", "41,20"), ("Avbrutte salg: 12", "1 904,00"),
        (), ("*Totalt siden kassen ble tatt i bruk",), ("Grand total salg", "3 918 204,10"),
        ("Grand total retur", "0,00"), ("*Grand total netto", "3 918 204,10"),
    ),
)  # fmt: skip
KINDS = _every_kind()
GIVE_BACK = DecisionView(
    id="give-back-1",
    kind=Interest.PAYMENT_IN_DOUBT,
    give_back=GiveBack(
        amount_minor=44754,
        method=Method.CARD,
        last_four="4321",
        asked_at="2026-03-02T09:12+01:00",
        reference="T000482",
    ),
)
STAFF_SAMPLES: dict[str, View] = {
    "bag_weight": BAG,
    "bag_help": replace(BAG, help_called=True),
    "bag_not_placed": replace(BAG, bagging=replace(BAGGING, state=BagState.NOT_YET_PLACED)),
    "bag_taken_away": replace(BAG, bagging=replace(BAGGING, state=BagState.TAKEN_AWAY)),
    "bag_called": replace(BAG, help_called=True, bagging=replace(BAGGING, called=True)),
    "terminal_called": replace(TERMINAL, help_called=True),
    "receipt_called": replace(RECEIPT, help_called=True),
    "thanks_called": replace(THANKS, help_called=True),
    "staff_number": _keys(StaffStep.NUMBER, entry="12", digits=2, seconds_left=0),
    "staff_pin": _keys(StaffStep.PIN, digits=3, problem=StaffProblem.WRONG_PIN, tries_left=3),
    "staff_locked": _keys(StaffStep.NUMBER, problem=StaffProblem.LOCKED, locked_s=280),
    "staff_new_pin": _keys(StaffStep.NEW_PIN, problem=StaffProblem.PIN_TOO_SIMPLE),
    "staff_new_pin_again": _keys(StaffStep.NEW_PIN_AGAIN, digits=8),
    "staff_desk": DESK,
    "staff_one": _staff(decisions=(WEIGHT,), tools=ALL_TOOLS),
    "staff_decided": _staff(decisions=(), tools=ALL_TOOLS, all_decided=True),
    "staff_many": _staff(decisions=(AGE, WEIGHT, *KINDS), tools=ALL_TOOLS),
    **{
        f"staff_{one.kind.value}": _staff(decisions=(one, other), tools=ALL_TOOLS)
        for one, other in zip(KINDS[::2], (*KINDS[1::2], AGE), strict=False)
    },
    "staff_problem": _staff(problem=StaffProblem.DECIDED_ALREADY),
    "staff_picking": _staff(decisions=(), picking=Tool.REMOVE_LINE, tools=ALL_TOOLS),
    "staff_empty": replace(
        CLOSED, staff=replace(STAFF, decisions=(), line_order=(), tools=ALL_TOOLS, all_decided=True)
    ),
    "staff_line": _staff(step=StaffStep.LINE, chosen_line_id=7, tools=ALL_TOOLS),
    "staff_line_weighed": _staff(step=StaffStep.LINE, chosen_line_id=4),
    "staff_coupon": replace(
        _staff(step=StaffStep.LINE, chosen_line_id=10), lines=(*LINES_STAFF, COUPON),
        totals=replace(BASE.totals, to_pay_minor=25675, saved_minor=2500),
    ),
    "staff_price": _keys(StaffStep.PRICE, name="Ingrid", entry="2990", digits=4, chosen_line_id=9),
    "staff_item": _keys(StaffStep.ITEM, name="Ingrid", problem=StaffProblem.UNKNOWN_CODE),
    "staff_item_added": _keys(StaffStep.ITEM, name="Ingrid", added_line_id=9),
    "staff_discount": _staff(
        step=StaffStep.DISCOUNT, chosen_line_id=9, percents_bp=(1000, 2500, 3000, 5000),
        problem=StaffProblem.OVER_LIMIT,
    ),
    "staff_reason": _staff(
        step=StaffStep.REASON, chosen_line_id=7,
        reasons=("too_young", "no_id", "intoxicated"),
    ),
    "staff_reason_void": _staff(
        step=StaffStep.REASON, reasons=("customer_left", "cannot_pay", "mistake", "other")
    ),
    "staff_reason_refusal": _staff(
        step=StaffStep.REASON,
        reasons=("not_in_order", "customer_agrees", "goodwill", "price_on_shelf", "damaged",
                 "short_date"),
    ),
    "staff_resume": _staff(step=StaffStep.ITEM, picking=Tool.RESUME, decisions=()),
    "staff_review_bag": _staff(
        step=StaffStep.REVIEW, review=ReviewView(intervention_id="weight-1", wanted=0)
    ),
    "staff_review": _staff(
        step=StaffStep.REVIEW,
        review=ReviewView(intervention_id="check-1", wanted=3, checked=(7, 7, 3)),
    ),
    "staff_review_missing": _staff(
        step=StaffStep.REVIEW,
        review=ReviewView(intervention_id="check-1", wanted=5, checked=(3,), missing=1,
                          missing_names=("Kaffe filtermalt 500 g",)),
    ),
    "staff_more": _staff(step=StaffStep.MORE, tools=ALL_TOOLS, facts=FACTS),
    "staff_give_back": replace(
        _staff(line_order=(), decisions=(GIVE_BACK,)), lines=(), totals=TotalsView()
    ),
    "staff_more_untaken": _staff(
        step=StaffStep.MORE, tools=ALL_TOOLS, facts=replace(FACTS, untaken=(REFUSED,))
    ),
    "staff_x": _staff(step=StaffStep.REPORT, report=X_REPORT),
    "staff_close_day": _staff(step=StaffStep.REPORT, report=replace(X_REPORT, closing=True)),
    "staff_volume": _staff(step=StaffStep.VOLUME, volume_percent=60),
    "staff_touch": _staff(step=StaffStep.TOUCH, touch_points=1),
    "staff_touch_proof": _staff(step=StaffStep.TOUCH, touch_points=4),
    "staff_shelf": _keys(StaffStep.SHELF, name="Ingrid"),
    "staff_copy": _keys(StaffStep.ITEM, name="Ingrid", picking=Tool.COPY, entry="18204", digits=5),
    "staff_store_silent": _keys(
        StaffStep.ITEM, name="Ingrid", picking=Tool.RESUME, problem=StaffProblem.STORE_SILENT
    ),
    "staff_training": replace(DESK, training=True),
    "training": replace(SCAN, training=True, toast=None),
    "paused": replace(START, screen=Screen.CLOSED, paused=True),
}  # fmt: skip
"""By name; the last part of the gallery."""
