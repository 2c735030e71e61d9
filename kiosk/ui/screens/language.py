"""The choice of language, raised over any screen."""

from functools import partial

from kiosk.engine.messages import LanguageChosen, LanguagePressed
from kiosk.engine.view import View
from kiosk.ui import sizes
from kiosk.ui.layouts.stack import gap_of, stacked
from kiosk.ui.present.language import present_language
from kiosk.ui.present.parts import present_frame
from kiosk.ui.screens.base import BaseScreen
from kiosk.ui.widgets import Dim, LanguageTile, SecondaryButton, Slot


class LanguageScreen(BaseScreen):
    """Draws the choice; laid out anew when the shop's languages change."""

    is_overlay = True

    def build(self) -> None:
        """Wait for the first view: how many languages there are decides the layout."""
        self._codes: tuple[str, ...] | None = None

    def show(self, view: View) -> None:
        """Show a view."""
        model = present_language(view, self.words)
        codes = tuple(language.code for language in model.languages)
        if codes != self._codes:
            self._codes = codes
            self.clear_widgets()
            self._lay_out(codes)
        self.show_frame(present_frame(view, self.words))
        self.prompt.show(model.prompt)
        for tile, language in zip(self.tiles, model.languages, strict=True):
            tile.chosen = language.in_use
            tile.show(language.name)
        self.back.show(model.back)

    def _lay_out(self, codes: tuple[str, ...]) -> None:
        look = self.look
        columns = 2 if look.portrait and not look.big else 1
        rows = -(-len(codes) // columns)
        places, (prompt, *lines, back) = stacked(
            look, [sizes.SLOT, *[sizes.PRIMARY] * rows, sizes.SECONDARY]
        )
        self.add(Dim(look))
        self.add_frame(places, top_bar=False)
        self.prompt = self.add(Slot(look, prompt))
        boxes = [box for line in lines for box in line.columns(columns, gap_of(look))]
        self.tiles = tuple(
            self.add(
                LanguageTile(look, box, name=code,
                             on_press=partial(self.send, LanguageChosen(code)))
            )
            for code, box in zip(codes, boxes, strict=False)
        )  # fmt: skip
        self.back = self.add(
            SecondaryButton(look, back, sign="arrow-left", name="back",
                            on_press=partial(self.send, LanguagePressed()))
        )  # fmt: skip
