"""Sample views with the data of the design's pictures, for the gallery and the tests."""

from dataclasses import replace

from kiosk.engine.view import (
    CategoryView,
    LineView,
    LookupView,
    OfferView,
    Overlay,
    PriceCheckView,
    Screen,
    Settings,
    TileView,
    ToastKind,
    ToastView,
    TotalsView,
    View,
    WeighState,
    WeighView,
)
from kiosk.sale.events import Method
from kiosk.sale.product import Unit

CATEGORIES = (
    CategoryView(
        id="produce",
        names=(("nb", "Frukt og grønt"), ("nn", "Frukt og grønt"), ("en", "Fruit and vegetables")),
        picture="red_apple",
    ),
    CategoryView(
        id="bakery",
        names=(("nb", "Bakevarer"), ("nn", "Bakevarer"), ("en", "Bakery")),
        picture="croissant",
    ),
)


def _line(line_id: int, name: str, picture: str, price: int, **more: object) -> LineView:
    quantity = int(more.pop("quantity", 1))  # type: ignore[call-overload]
    values: dict[str, object] = {
        "line_id": line_id, "name": name, "picture": picture, "category": "", "unit": Unit.PIECE,
        "quantity": quantity, "weight_g": None, "unit_price_minor": price,
        "amount_minor": price * quantity,
    }  # fmt: skip
    return LineView(**{**values, **more})  # type: ignore[arg-type]


LINES = (
    _line(1, "Lettmelk 1 l", "milk", 2390),
    _line(2, "Cola uten sukker 1,5 l", "soda", 2990, quantity=2, deposit_minor=600),
    _line(3, "Kneippbrød 750 g", "bread", 3490),
    _line(4, "Bananer", "banana", 2690, unit=Unit.KILOGRAM, weight_g=842, amount_minor=2265,
          countable=False),
    _line(5, "Yoghurt blåbær 150 g", "blueberries", 1490, quantity=3,
          offers=(OfferView(title="3 for 2", amount_minor=-1490),)),
    _line(6, "Oppvaskmiddel 500 ml", "dish_soap", 3690),
)  # fmt: skip
TOTALS = TotalsView(item_count=9, to_pay_minor=21395, deposit_minor=600, saved_minor=1490)
BANANAS = TileView(
    product_id="4011", name="Bananer", picture="banana", category="produce", unit=Unit.KILOGRAM,
    unit_price_minor=2690,
)  # fmt: skip


def _tile(number: int, name: str, picture: str, price: int, unit: Unit) -> TileView:
    return TileView(
        product_id=str(4000 + number), name=name, picture=picture, category="produce", unit=unit,
        unit_price_minor=price,
    )  # fmt: skip


TILES = (
    BANANAS,
    _tile(1, "Røde epler", "red_apple", 3490, Unit.KILOGRAM),
    _tile(2, "Grønne epler", "green_apple", 3490, Unit.KILOGRAM),
    _tile(3, "Poteter", "potato", 1990, Unit.KILOGRAM),
    _tile(4, "Gulrøtter", "carrot", 2490, Unit.KILOGRAM),
    _tile(5, "Gul løk", "onion", 2290, Unit.KILOGRAM),
    _tile(6, "Tomater", "tomato", 3990, Unit.KILOGRAM),
    _tile(7, "Agurk", "cucumber", 2290, Unit.PIECE),
    _tile(8, "Brokkoli", "broccoli", 2990, Unit.PIECE),
    _tile(9, "Appelsiner", "clementine", 3290, Unit.KILOGRAM),
    _tile(10, "Avokado", "avocado", 1690, Unit.PIECE),
)
START = View(
    shop_name="Nærmat Torshov",
    till="3",
    methods_offered=(Method.CARD, Method.VIPPS, Method.KLARNA, Method.GIFT_CARD),
    categories=CATEGORIES,
)
SCAN = replace(
    START, screen=Screen.SCAN, lines=LINES, open_line_id=6, added_line_id=6, totals=TOTALS,
    toast=ToastView(kind=ToastKind.REMOVED, name="Sjokolade", picture="chocolate", category=""),
)  # fmt: skip
LOOKUP = replace(
    SCAN, screen=Screen.LOOKUP, toast=None,
    lookup=LookupView(category=CATEGORIES[0], query="", tiles=TILES, page=1, pages=4),
)  # fmt: skip
WEIGH = replace(
    SCAN, screen=Screen.WEIGH, toast=None,
    weigh=WeighView(tile=BANANAS, state=WeighState.STEADY, weight_g=842, price_minor=2265),
)  # fmt: skip
SAMPLES: dict[str, View] = {
    "start": START,
    "start_undeclared": replace(START, undeclared=True),
    "scan": SCAN,
    "scan_prompt": replace(SCAN, toast=None),
    "scan_no_scanner": replace(SCAN, toast=None, scanner_lost=True),
    "scan_empty": replace(START, screen=Screen.SCAN),
    "lookup": LOOKUP,
    "code": replace(SCAN, screen=Screen.CODE, toast=None, code="4011"),
    "weigh": WEIGH,
    "weigh_moving": replace(
        WEIGH, weigh=replace(WEIGH.weigh, state=WeighState.MOVING)  # type: ignore[type-var]
    ),
    "price_check": replace(
        SCAN, screen=Screen.PRICE_CHECK, toast=None, price_check=PriceCheckView(tile=None)
    ),
    "price_check_found": replace(
        SCAN, screen=Screen.PRICE_CHECK, toast=None,
        price_check=PriceCheckView(tile=TILES[7], deposit_minor=300, offers=("3 for 2",)),
    ),
    "still_there": replace(
        SCAN, toast=None, overlay=Overlay.STILL_THERE, seconds_left=24
    ),
}  # fmt: skip
"""By name, in the order of a visit. More screens are added in `samples_more`."""


def with_settings(view: View, settings: Settings) -> View:
    """Return a view as another shopper wants it."""
    return replace(view, settings=settings)
