"""01 start: scanning starts the sale at once; the language is a choice, not a gate."""

from functools import partial

from kiosk.engine.messages import LanguageChosen, StartPressed
from kiosk.engine.view import View
from kiosk.ui import kivy_setup  # noqa: F401  (before Kivy)
from kiosk.ui.layouts.start import LAMP_HIGH, start_boxes
from kiosk.ui.look import Look
from kiosk.ui.paint import Pen
from kiosk.ui.present.start import StartModel, present_start
from kiosk.ui.screens.base import BaseScreen
from kiosk.ui.typeset import Face
from kiosk.ui.units import Box, Layout
from kiosk.ui.widgets import (
    LanguageTile,
    Part,
    Prompt,
    SecondaryButton,
    Slot,
    UtilityButton,
    Words,
)


class StartScreen(BaseScreen):
    """Hello, what to do, the beam that comes out of the counter, and the languages."""

    def build(self) -> None:
        """Wait for the first view: the number of languages decides the layout."""
        self.languages: tuple[LanguageTile, ...] = ()
        self.codes: tuple[str, ...] = ()

    def show(self, view: View) -> None:
        """Show the words; built anew when the shop's languages change."""
        model = present_start(view, self.words)
        codes = (*(language.code for language in model.languages), model.undeclared)
        if codes != self.codes or not self.children:
            self.codes = codes
            self.clear_widgets()
            self._build(model)
        self.show_frame(model.frame)
        for button in self._strip:
            if button.name == "adjust":
                roomy = self.look.portrait and not self.look.big
                button.show(model.adjust if roomy else model.frame.adjust)
        self.hello.show(model.hello)
        self.lead.show(model.lead)
        self.info.show_lines((model.methods, model.cash, model.undeclared))
        self.begin.show(model.begin)
        if model.notice is not None:
            self.slot.show(model.notice)
        self.slot.opacity = 0 if model.notice is None else 1
        self.prompt.opacity = 1 - self.slot.opacity
        self.prompt.show(model.choose_language)

    def _build(self, model: StartModel) -> None:
        boxes = start_boxes(self.look, len(model.languages), notes=1 if model.undeclared else 0)
        self.hello = self.add(
            Words(self.look, boxes.hello, face=Face.DISPLAY, size=150, leading=1.1)
        )
        self.lead = self.add(
            Words(self.look, boxes.lead, face=Face.SEMIBOLD, size=62, lines=2, leading=1.25)
        )
        self.add(_Milk(self.look, boxes.picture))
        self.add_frame(boxes.areas, language=False)
        self.add(_Lamp(self.look, boxes.lamp))
        self.prompt = self.add(Prompt(self.look, boxes.slot, sign="globe"))
        self.slot = self.add(Slot(self.look, boxes.slot))
        self.languages = tuple(
            self.add(
                LanguageTile(
                    self.look, box, language.name, name=f"language-{language.code}",
                    on_press=partial(self.send, LanguageChosen(language.code)),
                )
            )
            for language, box in zip(model.languages, boxes.languages, strict=True)
        )  # fmt: skip
        self.begin = self.add(
            SecondaryButton(
                self.look, boxes.begin, name="begin", on_press=lambda: self.send(StartPressed())
            )
        )
        self.info = self.add(_Info(self.look, boxes.info))

    def strip_boxes(self, areas: object, count: int) -> tuple[Box, ...]:
        """Make room for the longer words."""
        return super().strip_boxes(areas, count)  # type: ignore[arg-type]

    @property
    def strip(self) -> tuple[UtilityButton, ...]:
        """The utility buttons."""
        return self._strip


class _Milk(Part):
    """The carton in the scanner's beam."""

    def __init__(self, look: Look, box: Box) -> None:
        super().__init__(look, box)
        self.repaint()

    def paint(self, pen: Pen) -> None:
        """Draw the illustration for the layout and the theme."""
        name = "start-portrait" if self.look.portrait else "start-landscape"
        pen.picture(self.box, f"{name}-contrast" if self.look.theme.high_contrast else name)


class _Lamp(Part):
    """The scanner's light in the counter's edge: scanner and counter are one idea."""

    def __init__(self, look: Look, box: Box) -> None:
        super().__init__(look, box)
        self.repaint()

    def paint(self, pen: Pen) -> None:
        """Draw the bar, round where it meets the counter."""
        round_ = float(LAMP_HIGH)
        corners = (0.0, 0.0, round_, round_) if self.look.portrait else (0.0, round_, round_, 0.0)
        pen.fill(self.box, "multe", corners)


class _Info(Part):
    """How one can pay here, and where cash is taken: said at the start, not at the end."""

    def __init__(self, look: Look, box: Box) -> None:
        super().__init__(look, box)
        self.lines: tuple[str, ...] = ()

    def show_lines(self, lines: tuple[str, ...]) -> None:
        """Change the words."""
        if lines != self.lines:
            self.lines = lines
            self.repaint()

    def paint(self, pen: Pen) -> None:
        """Draw the card and the lines beside it."""
        side = 52
        sign, words = self.box.take_left(side, 22)
        middle = self.box.y + self.box.height / 2
        # In the compact layout it stands on the sheet, where there is room.
        compact = self.look.layout is Layout.COMPACT
        colour = "skifer2" if compact else "mint"
        pen.sign(Box(sign.x, middle - side / 2, side, side), "credit-card", colour)
        pen.text(
            words, "\n".join(line for line in self.lines if line), Face.REGULAR, 38, colour,
            lines=8 if compact else 5, leading=1.32 if self.look.portrait else 1.18,
        )  # fmt: skip
