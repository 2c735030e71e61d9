"""Price check: a scan shows its price and sells nothing."""

from dataclasses import dataclass

from kiosk.engine.view import View
from kiosk.ui.i18n import Translator, money
from kiosk.ui.present.notices import slot
from kiosk.ui.present.parts import (
    FrameModel,
    PromptModel,
    SlotModel,
    TileModel,
    present_frame,
    present_tile,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceCheckModel:
    """Everything on the price-check screen."""

    frame: FrameModel
    title: str
    lead: str
    """What this screen does, or, for an unknown code, what can be done."""
    tile: TileModel | None
    deposit: str
    offers: tuple[str, ...]
    slot: SlotModel
    buy: str
    """Empty while there is nothing to buy."""
    back: str


def present_price_check(view: View, words: Translator) -> PriceCheckModel:
    """Return the price-check screen; the view must have `price_check`."""
    assert view.price_check is not None, "PRICE_CHECK without price_check"
    check = view.price_check
    tile = present_tile(check.tile, words) if check.tile and check.known else None
    prompt = "price_check.prompt_next" if tile else "price_check.prompt"
    return PriceCheckModel(
        frame=present_frame(view, words),
        title=words("price_check.title" if check.known else "price_check.unknown"),
        lead=words("price_check.lead" if check.known else "price_check.unknown_hint"),
        tile=tile,
        deposit=(
            words("price_check.deposit", amount=money(check.deposit_minor))
            if tile and check.deposit_minor
            else ""
        ),
        offers=tuple(words("line.offer", title=title) for title in check.offers) if tile else (),
        slot=slot(view, words, PromptModel(sign="barcode", text=words(prompt))),
        buy=words("price_check.buy") if tile else "",
        back=words("frame.back_to_items"),
    )
