"""Bags, asked once before payment. Nothing is chosen beforehand, and no answer is pushed."""

from dataclasses import dataclass

from kiosk.engine.view import BagView, View
from kiosk.ui.i18n import Translator
from kiosk.ui.present.notices import slot
from kiosk.ui.present.parts import (
    FrameModel,
    PrimaryModel,
    PromptModel,
    SlotModel,
    TileModel,
    TotalModel,
    present_frame,
    present_tile,
    present_total,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BagModel:
    """One kind of bag, with minus, count and plus."""

    tile: TileModel
    quantity: int
    fewer: int
    """What minus asks for: never under nothing."""
    more: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BagsModel:
    """Everything on the bag question."""

    frame: FrameModel
    title: str
    lead: str
    bags: tuple[BagModel, ...]
    slot: SlotModel
    total: TotalModel
    onward: PrimaryModel
    back: str


def present_bags(view: View, words: Translator) -> BagsModel:
    """Return the bag question."""
    some = any(bag.quantity for bag in view.bags)
    return BagsModel(
        frame=present_frame(view, words),
        title=words("bags.title"),
        lead=words("bags.lead"),
        bags=tuple(_bag(bag, words) for bag in view.bags),
        slot=slot(view, words, PromptModel(sign="bag", text=words("bags.prompt"))),
        total=present_total(view, words),
        onward=PrimaryModel(text=words("bags.with" if some else "bags.without")),
        back=words("frame.back_to_items"),
    )


def _bag(bag: BagView, words: Translator) -> BagModel:
    return BagModel(
        tile=present_tile(bag.tile, words),
        quantity=bag.quantity,
        fewer=max(0, bag.quantity - 1),
        more=bag.quantity + 1,
    )
