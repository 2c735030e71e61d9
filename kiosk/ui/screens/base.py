"""What every screen has: top bar, counter, utility strip, focus, and no business state.

A screen is built for one look and one language; `show` is called with each new view and changes
only what differs. Throw it away, build it again, show the last view, and nothing is lost.
"""

from collections.abc import Callable
from typing import ClassVar, TypeVar

from kiosk.engine.messages import AdjustPressed, HelpPressed, Intent, LanguagePressed
from kiosk.engine.staff_messages import StaffPressed
from kiosk.engine.view import View
from kiosk.ui import kivy_setup, sizes  # noqa: F401  (before Kivy)
from kiosk.ui.i18n import Translator
from kiosk.ui.layout import Areas
from kiosk.ui.look import Look
from kiosk.ui.pace import Pace
from kiosk.ui.paint import PaintedText
from kiosk.ui.present.parts import FrameModel
from kiosk.ui.units import Layout
from kiosk.ui.widgets import Counter, Part, Pressable, TopBar, UtilityButton

from kivy.graphics import PopMatrix, PushMatrix, Translate  # isort: skip
from kivy.properties import NumericProperty  # isort: skip
from kivy.uix.widget import Widget  # isort: skip

PartT = TypeVar("PartT", bound=Part)
STRIP_SIGNS = {
    "help": "question",
    "language": "globe",
    "adjust": "text-aa",
    "staff": "lock-simple",
}
READ_TOGETHER = 40
"""Texts whose tops are so near each other, in units, stand on one line."""
HELP_WIDE = 290
"""Units that "Hjelp på vei" needs; a narrower button says "På vei"."""


class BaseScreen(Widget):
    """Subclasses implement `build` (parts and boxes) and `show` (a view's model into the parts)."""

    is_overlay: ClassVar[bool] = False
    """An overlay lies over the dimmed screen."""
    staff_once_called: ClassVar[bool] = False
    """Help has no screen of its own here: once it is called, staff's way in stands in the strip."""
    counter_top: float | None = None
    """How far an overlay's counter rises; None if it does not."""

    sunk_px = NumericProperty(0.0)
    """How far an overlay still has to rise, while it is moved in."""

    def __init__(
        self,
        look: Look,
        words: Translator,
        send: Callable[[Intent], None],
        *,
        pace: Pace | None = None,
    ) -> None:
        super().__init__(size_hint=(None, None), size=(look.glass.width_px, look.glass.height_px))
        self.look = look
        self.words = words
        self.send = send
        self.pace = pace or Pace()
        self._strip: tuple[UtilityButton, ...] = ()
        self._top: TopBar | None = None
        if self.is_overlay:
            self._rise = Translate(0, 0)
            for instruction in (PushMatrix(), self._rise):
                self.canvas.before.add(instruction)
            self.canvas.after.add(PopMatrix())
            self.bind(sunk_px=lambda *_: setattr(self._rise, "y", -self.sunk_px))
        self.build()

    # For subclasses

    def build(self) -> None:
        """Make the parts. Everything that depends on look and language is settled here."""
        raise NotImplementedError

    def show(self, view: View) -> None:
        """Show a view: present it and hand the model's texts to the parts."""
        raise NotImplementedError

    def enter(self) -> None:
        """Begin afresh: the screen comes up again, perhaps for another shopper."""

    def add(self, part: PartT) -> PartT:
        """Put a part on top of those before it, and return it."""
        self.add_widget(part)
        return part

    def make_room(self, counter_top: float | None) -> None:
        """Make way for an overlay's counter that rises to `counter_top`; None when it is gone."""

    def key_typed(self, text: str) -> bool:
        """Take a character, or "\\b", of a physical keyboard; return whether it was used."""
        del text
        return False

    def add_frame(self, areas: Areas, *, language: bool = True, counter_colour: str = "gran",
                  top_bar: bool = True, staff: bool = False) -> None:  # fmt: skip
        """Add top bar, counter and utility strip. Call it before the counter's parts.

        `staff` adds the way into staff mode: on the screens where somebody from the shop comes.
        """
        if top_bar:
            self._top = self.add(TopBar(self.look, areas.top))
        self.add(Counter(self.look, areas.counter, colour=counter_colour))
        self._areas, self._has_language, self._staff_always = areas, language, staff
        self._add_strip(staff=staff)

    def _add_strip(self, *, staff: bool) -> None:
        areas, compact = self._areas, self.look.layout is Layout.COMPACT
        # Beside each other where there is room, else the sign over the word.
        narrow = not self.look.portrait and (self.look.big or staff)
        buttons: list[tuple[str, Callable[[], None], bool]] = [
            ("help", lambda: self.send(HelpPressed()), True)
        ]
        if self._has_language:
            buttons.append(("language", lambda: self.send(LanguagePressed()), False))
        if not (staff and compact and self.staff_once_called):
            # Four do not fit beside a narrow counter's payment.
            buttons.append(("adjust", lambda: self.send(AdjustPressed()), False))
        if staff:
            buttons.append(("staff", lambda: self.send(StaffPressed()), False))
        self._strip = tuple(
            self.add(
                UtilityButton(
                    self.look, box, sign=STRIP_SIGNS[name], outlined=outlined,
                    stacked=compact or narrow, on_press=press, name=name,
                )
            )
            for (name, press, outlined), box in zip(
                buttons, self.strip_boxes(areas, len(buttons)), strict=True
            )
        )  # fmt: skip

    def _let_staff_in(self, called: bool) -> None:
        """Put the way into staff mode into the strip, or take it out.

        It is there while help is on its way, or always; never where nobody could sign in.
        """
        if called == any(button.name == "staff" for button in self._strip):
            return
        for button in self._strip:
            self.remove_widget(button)
        self._add_strip(staff=called)

    def strip_boxes(self, areas: Areas, count: int) -> tuple:  # type: ignore[type-arg]
        """Return where the strip's buttons stand."""
        gap = sizes.GAP if self.look.layout is not Layout.COMPACT else sizes.KEY_GAP
        return areas.strip.columns(count, gap)

    def show_frame(self, frame: FrameModel, *, right: str | None = None) -> None:
        """Fill top bar and strip. `right` replaces the till's number at the right of the bar."""
        if self._top is not None:
            self._top.show(
                frame.shop_name, frame.till if right is None else right, training=frame.training
            )
        if self._strip:
            wanted = frame.help_called if self.staff_once_called else self._staff_always
            self._let_staff_in(wanted and bool(frame.staff))
        texts = {"help": frame.help, "language": frame.language, "adjust": frame.adjust,
                 "staff": frame.staff}  # fmt: skip
        for button in self._strip:
            narrow = button.box.width < self.look.size(HELP_WIDE)
            if button.name == "help" and narrow:
                button.show(frame.help_short)
            else:
                button.show(texts[button.name])

    # For the stage and the tests

    def parts(self) -> list[Part]:
        """Return every part, in the order painted."""
        return [part for part in self.walk(restrict=True) if isinstance(part, Part)]

    def focus_order(self) -> list[Pressable]:
        """Return what can be pressed in reading order, beginning with the next step."""
        buttons = [
            part
            for part in self.parts()
            if isinstance(part, Pressable) and part.enabled and part.on_press and part.opacity > 0
        ]
        buttons.sort(key=lambda button: (round(button.box.y / sizes.TOUCH), button.box.x))
        start = next((i for i, button in enumerate(buttons) if button.next_step), 0)
        return buttons[start:] + buttons[:start]

    def readable(self) -> list[str]:
        """Return what is not on a control, in reading order: what is read aloud by itself."""
        texts = [
            text
            for part in self.parts()
            if part.opacity > 0 and not isinstance(part, Pressable)
            for text in part.painted
        ]
        texts.sort(key=lambda text: (round(text.box.y / READ_TOGETHER), text.box.x))
        return [text.text for text in texts]

    def part_at(self, x_px: float, y_px: float) -> Part | None:
        """Return the topmost part with words or a press under a point; None where there is none."""
        parts = (
            part
            for part in reversed(self.parts())
            if part.opacity > 0 and (part.painted or isinstance(part, Pressable))
        )
        return next((part for part in parts if part.collide_point(x_px, y_px)), None)

    def visible_texts(self) -> list[PaintedText]:
        """Return every text that is painted and not wholly hidden."""
        glass = self.look.glass.box
        return [
            text
            for part in self.parts()
            if part.opacity > 0
            for text in part.painted
            if text.box.overlaps(glass)
        ]
