"""Price check: the next scan shows a price and sells nothing, unless the shopper says so."""

from kiosk.engine.messages import PriceCheckBuyPressed, PriceCheckPressed
from kiosk.engine.view import View
from kiosk.ui import kivy_setup, sizes  # noqa: F401  (before Kivy)
from kiosk.ui.layouts.price_check import price_check_boxes
from kiosk.ui.look import Look
from kiosk.ui.paint import Pen
from kiosk.ui.present.price_check import PriceCheckModel, present_price_check
from kiosk.ui.screens.base import BaseScreen
from kiosk.ui.typeset import Face
from kiosk.ui.units import Box
from kiosk.ui.widgets import Part, PrimaryButton, SecondaryButton, Slot, Words


class PriceCheckScreen(BaseScreen):
    """What to do, or the product with its price; adding it is the next step then."""

    def build(self) -> None:
        """Make the parts."""
        boxes = price_check_boxes(self.look)
        self.title = self.add(Words(self.look, boxes.title, face=Face.DISPLAY, size=sizes.TITLE))
        self.lead = self.add(Words(self.look, boxes.lead, size=sizes.LEAD, lines=3, valign="top"))
        self.card = self.add(_Card(self.look, boxes.card))
        self.add_frame(boxes.areas)
        self.slot = self.add(Slot(self.look, boxes.slot))
        self.buy = self.add(
            PrimaryButton(
                self.look, boxes.buy, sign="plus", sign_after=False, name="buy",
                on_press=lambda: self.send(PriceCheckBuyPressed()),
            )
        )  # fmt: skip
        self.back = self.add(
            SecondaryButton(self.look, boxes.back, sign="arrow-left", name="back",
                            on_press=lambda: self.send(PriceCheckPressed()))
        )  # fmt: skip

    def show(self, view: View) -> None:
        """Show the question or the answer."""
        model = present_price_check(view, self.words)
        self.show_frame(model.frame)
        self.title.show(model.title)
        self.lead.show("" if model.tile else model.lead)
        self.card.show(model)
        self.slot.show(model.slot)
        self.buy.opacity = 1 if model.buy else 0
        if model.buy:
            self.buy.ready(model.buy)
        self.buy.enabled = bool(model.buy)
        self.back.show(model.back)


CARD_SIZES = (
    # Name, price and rows: as designed, then smaller.
    (sizes.SUBTITLE, sizes.TITLE, sizes.BODY),
    (sizes.SUBTITLE, sizes.SUBTITLE, sizes.BODY),
    (sizes.PROMPT, sizes.PROMPT, sizes.SECOND),
    (sizes.BODY, sizes.BODY, sizes.FLOOR_BIG),
)


class _Card(Part):
    """A product's picture, name, price, deposit and offers on a white sheet."""

    def __init__(self, look: Look, box: Box) -> None:
        super().__init__(look, box)
        self.model: PriceCheckModel | None = None

    def show(self, model: PriceCheckModel) -> None:
        """Change the product."""
        if model != self.model:
            self.model = model
            self.repaint()

    def paint(self, pen: Pen) -> None:
        """Draw the card; nothing while no product is known."""
        model = self.model
        if model is None or model.tile is None:
            return
        pen.raised(self.box, "sno", 40)
        size = self.look.size
        rows = [("recycle", model.deposit, "skifer2")] if model.deposit else []
        rows += [("tag", offer, "gran3") for offer in model.offers]
        inside = self.box.inset(48, 28)
        # Smaller where the card is low: first beside the picture, then the words themselves.
        for name_size, price_size, row_size in CARD_SIZES:
            name_high, price_high = size(name_size) * 1.15, size(price_size) * 1.2
            row_high = size(row_size) * 1.4
            words = name_high + price_high + row_high * len(rows)
            beside = inside.height < words + 200
            if beside:
                words += row_high * len(rows)
            if words <= inside.height:
                break
        side = min(330.0, inside.height - (0 if beside else words + 20), inside.width * 0.4)
        if beside:
            picture, column = inside.take_left(side, 36)
        else:
            picture, column = inside.take_top(side, 20)
        x, y = picture.middle
        square = Box(x - side / 2, y - side / 2, side, side)
        if not pen.picture(square.inset(12), model.tile.picture):
            pen.sign(square.inset(side * 0.28), "basket", "skifer2")
        y = column.y + max((column.height - words) / 2, 0)
        align = "left" if beside else "middle"
        pen.text(Box(column.x, y, column.width, name_high), model.tile.name, Face.DISPLAY,
                 name_size, "skifer", align=align)  # fmt: skip
        y += name_high
        pen.text(Box(column.x, y, column.width, price_high), model.tile.price, Face.DISPLAY,
                 price_size, "skifer", align=align)  # fmt: skip
        y += price_high
        for sign, text, colour in rows:
            lines = 2 if beside else 1
            pen.sign_and_text(Box(column.x, y, column.width, row_high * lines), sign, text,
                              Face.SEMIBOLD, row_size, colour, sign_size=42, gap=14, align=align,
                              lines=lines)  # fmt: skip
            y += row_high * lines
