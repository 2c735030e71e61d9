"""03 pictures and typed look-up: most bought first; the best match of letters stands lowest."""

from functools import partial

from kiosk.engine.messages import BackPressed, LetterTyped, NextPagePressed, ProductPicked
from kiosk.engine.view import View
from kiosk.ui import kivy_setup  # noqa: F401  (before Kivy)
from kiosk.ui.layouts.lookup import lookup_boxes
from kiosk.ui.look import Look
from kiosk.ui.paint import Pen
from kiosk.ui.present.lookup import KEY_ROWS, present_lookup
from kiosk.ui.present.parts import TileModel
from kiosk.ui.screens.base import BaseScreen
from kiosk.ui.typeset import Face
from kiosk.ui.units import Box
from kiosk.ui.widgets import (
    Banner,
    Key,
    Part,
    PictureTile,
    SecondaryButton,
    WideKey,
    Words,
)


class LookupScreen(BaseScreen):
    """Pictures over keys. Where fewer pictures fit than a page has, a page is turned in parts."""

    def build(self) -> None:
        """Make title, tiles, field and keys."""
        boxes = self.boxes = lookup_boxes(self.look)
        self.part = 0
        self._page_key: tuple[object, ...] = ()
        self.title = self.add(Words(self.look, boxes.title, face=Face.DISPLAY, size=72))
        self.nothing = self.add(
            Words(self.look, boxes.grid.inset(40, 0), face=Face.SEMIBOLD, size=48, align="middle",
                  lines=5)
        )  # fmt: skip
        self.tiles = tuple(
            self.add(PictureTile(self.look, box, name=f"tile-{index}"))
            for index, box in enumerate(boxes.tiles)
        )
        self.more = self.add(
            PictureTile(self.look, boxes.tiles[-1], sign="arrow-right", onward=True, name="more",
                        on_press=self._turn)
        )  # fmt: skip
        self.add_frame(boxes.areas)
        self.back = self.add(
            SecondaryButton(self.look, boxes.back, sign="arrow-left", name="back",
                            on_press=lambda: self.send(BackPressed()))
        )  # fmt: skip
        self.field = self.add(_Field(self.look, boxes.field))
        self.notice = self.add(Banner(self.look, boxes.field))
        for row, letters in zip(boxes.keys, KEY_ROWS, strict=True):
            for box, letter in zip(row, letters, strict=True):
                self.add(
                    Key(self.look, box, letter, name=f"key-{letter}",
                        on_press=partial(self.send, LetterTyped(letter)))
                )  # fmt: skip
        self.delete = self.add(
            WideKey(self.look, boxes.delete, "", sign="backspace", name="delete",
                    on_press=lambda: self.send(LetterTyped("\b")))
        )  # fmt: skip

    def show(self, view: View) -> None:
        """Show a page of pictures and what has been typed."""
        assert view.lookup is not None, "LOOKUP without lookup"
        self.model = present_lookup(view, self.words)
        page_key = (view.lookup.category, view.lookup.query, view.lookup.page, self.model.tiles)
        if page_key != self._page_key:
            self._page_key, self.part = page_key, 0
        self.page, self.pages = view.lookup.page, view.lookup.pages
        self.show_frame(self.model.frame)
        self.title.show(self.model.title)
        self.field.show(self.model.query, self.model.placeholder)
        self.notice.show(self.model.notice)
        self.back.show(self.model.back)
        self.delete.show(self.model.delete)
        self._show_tiles()

    def key_typed(self, text: str) -> bool:
        """Type on a physical keyboard."""
        if text == "\b" or (len(text) == 1 and text.isalpha()):
            self.send(LetterTyped(text.upper() if text != "\b" else text))
            return True
        return False

    def _show_tiles(self) -> None:
        places = len(self.tiles)
        all_tiles = self.model.tiles
        more = bool(self.model.more) or len(all_tiles) > places
        room = places - 1 if more else places
        parts = max(1, -(-len(all_tiles) // room))
        # The best match of a query is the last: begin with the last part.
        part = parts - 1 - self.part if self.model.query else self.part
        shown = all_tiles[part * room : (part + 1) * room]
        # A query's matches stand nearest the keys.
        start = room - len(shown) if self.model.query else 0
        for index, tile in enumerate(self.tiles):
            place = index - start
            model = shown[place] if 0 <= place < len(shown) else None
            self._show_tile(tile, model)
        self.more.opacity = 1 if more else 0
        self.more.enabled = more
        if more:
            page = (self.page - 1) * parts + self.part + 1
            note = self.words("lookup.page", page=page, pages=self.pages * parts)
            words = self.model.more or self.words("lookup.more")
            self.more.show_tile(words, note=note, picture="", sign="arrow-right")
        nothing = [words for words in (self.model.nothing, self.model.nothing_hint) if words]
        self.nothing.show("\n".join(nothing))
        self._parts = parts

    def _show_tile(self, tile: PictureTile, model: TileModel | None) -> None:
        tile.opacity = 1 if model else 0
        tile.enabled = model is not None
        if model is None:
            tile.on_press = None
            return
        tile.on_press = lambda: self.send(ProductPicked(model.product_id))
        tile.show_tile(model.name, note=model.price, picture=model.picture, sign="basket")

    def _turn(self) -> None:
        self.part += 1
        if self.part >= self._parts:
            self.part = 0
            if self.pages > 1:
                self.send(NextPagePressed())
                return
        self._show_tiles()


class _Field(Part):
    """What has been typed, with a caret."""

    def __init__(self, look: Look, box: Box) -> None:
        super().__init__(look, box)
        self.query, self.placeholder = "", ""

    def show(self, query: str, placeholder: str) -> None:
        """Change what has been typed."""
        if (query, placeholder) != (self.query, self.placeholder):
            self.query, self.placeholder = query, placeholder
            self.repaint()

    def paint(self, pen: Pen) -> None:
        """Draw the white field; a placeholder stands after the caret, a query before it."""
        if self.look.theme.high_contrast:
            pen.framed(self.box, "sno", "kant", 38)
        else:
            pen.fill(self.box, "sno", 38)
        side = 58
        middle = self.box.y + self.box.height / 2
        left = self.box.x + 31
        pen.sign(Box(left, middle - side / 2, side, side), "magnifying-glass", "skifer")
        words = Box(
            left + side + 20, self.box.y, self.box.right - left - side - 40, self.box.height
        )
        caret = Box(words.x + 1, middle - 25, 5, 50)
        if self.query:
            took = pen.text(words, self.query, Face.SEMIBOLD, 46, "skifer")
            caret = Box(min(took.right + 8, words.right), caret.y, 5, 50)
        else:
            pen.text(
                Box(words.x + 17, words.y, words.width - 17, words.height), self.placeholder,
                Face.MEDIUM, 42, "skifer2", lines=2, leading=1.05,
            )  # fmt: skip
        pen.fill(caret, "gran3")
