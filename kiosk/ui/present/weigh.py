"""04 weighing: weight, unit price and price stand together, and only while the load is steady."""

from dataclasses import dataclass

from kiosk.engine.view import View, WeighState, WeighView
from kiosk.ui.i18n import Translator, money, weight
from kiosk.ui.i18n.numbers import weight_figure
from kiosk.ui.present.notices import slot
from kiosk.ui.present.parts import (
    AmountModel,
    ChipModel,
    FrameModel,
    Kind,
    PrimaryModel,
    PromptModel,
    SlotModel,
    present_frame,
)

NOTHING = "–"
"""Stands where a figure would, while the scale has none to give."""

CHIPS: dict[WeighState, tuple[Kind, str, str]] = {
    WeighState.EMPTY: (Kind.WAITING, "clock", "weigh.empty"),
    WeighState.MOVING: (Kind.WAITING, "clock", "weigh.moving"),
    WeighState.STEADY: (Kind.DONE, "check-circle", "weigh.steady"),
    WeighState.UNDER_ZERO: (Kind.WAITING, "warning-circle", "weigh.under_zero"),
    WeighState.OVER: (Kind.FAILED, "warning-circle", "weigh.over"),
    WeighState.LOST: (Kind.FAILED, "warning-circle", "weigh.lost"),
    WeighState.LIFT_FIRST: (Kind.WAITING, "clock", "weigh.lift_first"),
}
PROMPTS: dict[WeighState, str] = {
    WeighState.EMPTY: "weigh.prompt.empty",
    WeighState.MOVING: "weigh.prompt.moving",
    WeighState.STEADY: "weigh.prompt.steady",
    WeighState.UNDER_ZERO: "weigh.prompt.under_zero",
    WeighState.OVER: "weigh.prompt.over",
    WeighState.LOST: "weigh.prompt.lost",
    WeighState.LIFT_FIRST: "weigh.prompt.lift_first",
}
WAITS: dict[WeighState, str] = {
    WeighState.EMPTY: "weigh.waiting_item",
    WeighState.MOVING: "weigh.waiting",
    WeighState.LIFT_FIRST: "weigh.waiting_item",
}
"""What the button waits for; the scale itself in every other state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureModel:
    """One of the three figures: label, number and unit, all equal (04)."""

    label: str
    amount: AmountModel


@dataclass(frozen=True, slots=True, kw_only=True)
class WeighModel:
    """Everything on the weighing screen."""

    frame: FrameModel
    name: str
    number: str
    picture: str
    category: str
    state: ChipModel
    figures: tuple[FigureModel, FigureModel, FigureModel]
    """Weight, price per kilo, price."""
    tare: str
    slot: SlotModel
    add: PrimaryModel
    swap: str
    cancel: str


def present_weigh(view: View, words: Translator) -> WeighModel:
    """Return the weighing screen; the view must have `weigh`."""
    assert view.weigh is not None, "WEIGH without weigh"
    weigh = view.weigh
    kind, sign, key = CHIPS[weigh.state]
    prompt = PromptModel(sign="scales", text=words(PROMPTS[weigh.state]))
    return WeighModel(
        frame=present_frame(view, words),
        name=weigh.tile.name,
        number=words("weigh.number", number=weigh.tile.product_id),
        picture=weigh.tile.picture,
        category=weigh.tile.category,
        state=ChipModel(kind=kind, sign=sign, text=words(key)),
        figures=_figures(weigh, words),
        tare=words("weigh.tare", weight=weight(weigh.tare_g)),
        slot=slot(view, words, prompt),
        add=_add(weigh, words),
        swap=words("weigh.swap"),
        cancel=words("weigh.cancel"),
    )


def _is_sellable(weigh: WeighView) -> bool:
    """Whether weight and price are both there: the only time when either may be shown."""
    return (
        weigh.state is WeighState.STEADY
        and weigh.weight_g is not None
        and weigh.price_minor is not None
    )


def _figures(weigh: WeighView, words: Translator) -> tuple[FigureModel, FigureModel, FigureModel]:
    grams = price = NOTHING
    if _is_sellable(weigh):
        assert weigh.weight_g is not None
        assert weigh.price_minor is not None
        grams, price = weight_figure(weigh.weight_g), money(weigh.price_minor)
    per_kilo = money(weigh.tile.unit_price_minor)
    return (
        FigureModel(label=words("weigh.weight"), amount=AmountModel(figures=grams, unit="kg")),
        FigureModel(
            label=words("weigh.unit_price"), amount=AmountModel(figures=per_kilo, unit="kr/kg")
        ),
        FigureModel(label=words("weigh.price"), amount=AmountModel(figures=price)),
    )


def _add(weigh: WeighView, words: Translator) -> PrimaryModel:
    if _is_sellable(weigh) and weigh.price_minor is not None:
        return PrimaryModel(text=words("weigh.add", price=money(weigh.price_minor)))
    return PrimaryModel(text=words(WAITS.get(weigh.state, "weigh.waiting_scale")), enabled=False)
