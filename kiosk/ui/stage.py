"""The stage: shows the right screen for a view, overlays, fades, and leads the focus.

It is the root widget. It builds a screen anew when the screen, the look or the language changes,
and otherwise hands the view to the screen that stands.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from kiosk.engine.messages import Adjusted, Intent, Touched
from kiosk.engine.view import Overlay, ReceiptView, Screen, View
from kiosk.sale.events import Method
from kiosk.ui import kivy_setup  # noqa: F401  (before Kivy)
from kiosk.ui.i18n import translator
from kiosk.ui.look import Look
from kiosk.ui.pace import Pace
from kiosk.ui.screens import Name, StaffPage, overlay_of, screen_class, screen_of
from kiosk.ui.screens.base import BaseScreen
from kiosk.ui.speech import Narrator
from kiosk.ui.theme import Theme
from kiosk.ui.units import Glass
from kiosk.ui.widgets import Pressable

from kivy.animation import Animation  # isort: skip
from kivy.base import EventLoop  # isort: skip
from kivy.uix.widget import Widget  # isort: skip

FADE_S = 0.16
RAISE_S = 0.22
RISE = 300
"""How far a raised counter comes up, in units."""
LESS_MOTION_S = 0.1


class Stage(Widget):
    """Root widget. `pace` says whether changes slide and fade."""

    def __init__(
        self,
        glass: Glass,
        theme: Theme,
        send: Callable[[Intent], None],
        *,
        pace: Pace | None = None,
        narrator: Narrator | None = None,
    ) -> None:
        super().__init__(size_hint=(None, None), size=(glass.width_px, glass.height_px))
        self.glass, self.theme = glass, theme
        self.send = send
        self.pace = pace or Pace()
        self.narrator = narrator
        self.view: View | None = None
        self.screen: BaseScreen | None = None
        self.overlay: BaseScreen | None = None
        self._built: tuple[Look, str] | None = None
        # Screens of the current look and language: building one anew costs frames.
        self._made: dict[Name, BaseScreen] = {}
        self._focused: Pressable | None = None
        self._asked = ReceiptView(amount_minor=0, method=Method.CARD)

    @property
    def top(self) -> BaseScreen | None:
        """The screen that touches and keys go to."""
        return self.overlay or self.screen

    def set_glass(self, glass: Glass) -> None:
        """Draw everything again for another panel."""
        self.glass = glass
        self.size = (glass.width_px, glass.height_px)
        if self.view is not None:
            self.show(self.view)

    def show(self, view: View) -> None:
        """Show a view. Cheap when only the screen's content changed."""
        before, self.view = self.view, view
        if view.receipt is not None:
            # Only which answers there are; nothing of who was asked.
            self._asked = replace(view.receipt, amount_minor=0, last_four="", methods=())
        look = Look.of(self.glass, self.theme, view.settings)
        built = (look, view.settings.language)
        same_look = built == self._built
        if not same_look:
            self._built = built
            self._made.clear()
        shown = None if before is None else screen_of(before)
        if self.screen is None or not same_look or shown != screen_of(view):
            # Who leaves staff mode finds the shopper's screen as it was, down to a moved list.
            afresh = before is None or before.staff is None or view.screen != before.screen
            self._change_screen(view, look, fade=same_look, afresh=afresh)
        else:
            self.screen.show(view)
        self._show_overlay(view, look, before, same_look)
        if self.narrator is not None and self.top is not None:
            name = screen_of(view) if self.overlay is None else overlay_of(view)
            texts = self.top.readable() if view.settings.read_aloud else ()
            self.narrator.show(view, name, texts)

    def _change_screen(self, view: View, look: Look, *, fade: bool, afresh: bool) -> None:
        red, green, blue, _ = look.theme["rim"]
        EventLoop.window.clearcolor = (red, green, blue, 1)
        old, self.screen = self.screen, self._make(screen_of(view), view, look)
        if afresh:
            self.screen.enter()
        self._forget_focus()
        index = 1 if self.overlay is not None else 0
        self.add_widget(self.screen, index=index)
        if old is None or old is self.screen:
            return
        # A fade that had not ended ends here: its screen is now the one that is covered.
        Animation.cancel_all(old)
        old.opacity = 1
        for child in list(self.children):
            if child not in (old, self.screen, self.overlay):
                self.remove_widget(child)
        if not (fade and self.pace.moves):
            self.remove_widget(old)
            return
        # The new screen fades in over the old one, which takes no more touches.
        old.disabled = True
        seconds = FADE_S if look.motion else LESS_MOTION_S
        self.screen.opacity = 0
        fading = Animation(opacity=1, duration=seconds, transition="out_quad")
        fading.bind(on_complete=lambda *_: self.remove_widget(old))
        fading.start(self.screen)

    def _show_overlay(self, view: View, look: Look, before: View | None, same_look: bool) -> None:
        assert self.screen is not None
        was = Overlay.NONE if before is None else overlay_of(before)
        overlay = overlay_of(view)
        if self.overlay is not None and (overlay != was or not same_look):
            self.remove_widget(self.overlay)
            self.overlay = None
            self.screen.make_room(None)
            self._forget_focus()
        if overlay is Overlay.NONE:
            return
        if self.overlay is None:
            self.overlay = self._make(overlay, view, look)
            self._forget_focus()
            self.add_widget(self.overlay)
            self.screen.make_room(self.overlay.counter_top)
            if self.pace.moves and overlay != was:
                self._raise(self.overlay, look)
        else:
            self.overlay.show(view)

    def _raise(self, overlay: BaseScreen, look: Look) -> None:
        """Let the question rise with its counter; with less motion it only fades in."""
        overlay.opacity = 0
        if not look.motion:
            Animation(opacity=1, duration=LESS_MOTION_S).start(overlay)
            return
        overlay.sunk_px = look.glass.px(RISE) if look.portrait else 0
        Animation(opacity=1, sunk_px=0, duration=RAISE_S, transition="out_quad").start(overlay)

    def _make(self, name: Name, view: View, look: Look) -> BaseScreen:
        screen = self._made.get(name)
        if screen is None:
            # Staff read the shop's own language, whatever the shopper chose.
            own = isinstance(name, StaffPage) and view.languages
            words = translator(view.languages[0] if own else view.settings.language)
            screen = screen_class(name)(look, words, self.send, pace=self.pace)
            self._made[name] = screen
        Animation.cancel_all(screen)
        screen.sunk_px = 0
        if screen.parent is not None:
            screen.parent.remove_widget(screen)
        screen.disabled, screen.opacity = False, 1
        screen.show(view)
        return screen

    def warm_up(self) -> None:
        """Build what comes next while nobody waits for it, so that it is there at once.

        At the start that is the scanning screen; while the terminal or a phone is waited for, the
        question that follows an approval, with the answers that it had the last time.
        """
        view = self.view
        if view is None or view.staff is not None:
            return
        if view.screen is Screen.START:
            self._build_ahead(replace(view, screen=Screen.SCAN))
        elif view.screen in (Screen.TERMINAL, Screen.WALLET):
            asked = replace(self._asked, amount_minor=view.totals.to_pay_minor)
            self._build_ahead(replace(view, screen=Screen.RECEIPT, receipt=asked))

    def _build_ahead(self, view: View) -> None:
        if view.screen not in self._made:
            look = Look.of(self.glass, self.theme, view.settings)
            self._make(view.screen, view, look)

    # Touches and keys

    def on_touch_down(self, touch: Any) -> bool:
        """Give the touch to the topmost screen only; a touch on nothing is a sign of life."""
        top = self.top
        if top is None:
            return False
        if self._heard_first(touch):
            self.send(Touched())
            return True
        self._forget_focus()
        if not top.on_touch_down(touch):
            self.send(Touched())
        return True

    def _heard_first(self, touch: Any) -> bool:
        """While it is read aloud, let a touch say what is there; the next on the same presses it.

        Whoever cannot see the screen finds the way over it with a finger, as on a phone.
        """
        view, top = self.view, self.top
        if self.narrator is None or view is None or top is None:
            return False
        if not view.settings.read_aloud or view.staff is not None:
            return False
        part = top.part_at(*touch.pos)
        if isinstance(part, Pressable) and part in top.focus_order():
            if part is self._focused:
                return False
            self._focus(part)
        elif part is not None:
            self._forget_focus()
            self.narrator.control("", [text.text for text in part.painted])
        return True

    def _focus(self, part: Pressable) -> None:
        self._forget_focus()
        self._focused = part
        part.set_focus(True)
        if self.narrator is not None:
            self.narrator.control(part.name, [text.text for text in part.painted])

    def on_touch_move(self, touch: Any) -> bool:
        """Moves go to whoever grabbed the touch."""
        return self.top.on_touch_move(touch) if self.top is not None else False

    def on_touch_up(self, touch: Any) -> bool:
        """Lifts go to whoever grabbed the touch."""
        return self.top.on_touch_up(touch) if self.top is not None else False

    def key(self, name: str, text: str = "") -> bool:
        """Take a key: tab, arrows, enter move and press, F1 reads aloud; the rest is typing."""
        top, view = self.top, self.view
        if top is None or view is None:
            return False
        if name == "f1" and self.narrator is not None:
            self.send(Adjusted("read_aloud", on=not view.settings.read_aloud))
            return True
        order = top.focus_order()
        if name in {"tab", "right", "down", "shift-tab", "left", "up"} and order:
            step = 1 if name in {"tab", "right", "down"} else -1
            if self._focused in order:
                index = (order.index(self._focused) + step) % len(order)
            else:
                index = 0 if step > 0 else len(order) - 1
            self._focus(order[index])
            self.send(Touched())
            return True
        if name in {"enter", "numpadenter"} and self._focused in order:
            self._focused.press()  # type: ignore[union-attr]
            return True
        if name == "backspace":
            return top.key_typed("\b")
        return top.key_typed(text) if text else False

    def _forget_focus(self) -> None:
        if self._focused is not None:
            self._focused.set_focus(False)
            self._focused = None
