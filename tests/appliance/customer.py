"""Who buys at the machine: does what a shopper does in front of each screen, and knows no more.

So a purchase goes on from wherever it is, also after the power was gone.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from kiosk.app import shopper as demonstration
from kiosk.app.scenes.steps import weigh
from kiosk.app.shopper import Shopper
from kiosk.engine.view import Overlay, Screen, View
from kiosk.ui.i18n import translator
from tests.appliance.patience import LOOK_EVERY_S, PATIENCE_S, NeverHappened, until
from tests.appliance.shop import SCANNED_S, Counter, FarEnds

MILK: Final = "7038010001659"
BANANAS: Final = "Bananer"
BANANAS_G: Final = 842
REST_S: Final = 0.6
SETTLE_S: Final = 30.0
"""Where a frame takes a second, a screen that slides in takes many."""
PRESSED_S: Final = 20.0
"""After so long without another screen, a button is pressed again, as a shopper would."""
demonstration.PATIENCE_S = PATIENCE_S  # type: ignore[misc]  # an emulated machine takes its time


class Customer(Shopper):
    """The demonstration's shopper, with QEMU's screendumps for pictures."""

    def __init__(self, counter: Counter, shop: FarEnds, album: Path) -> None:
        super().__init__(counter, album, tell=lambda _: None)  # type: ignore[arg-type]
        self.machine = counter.machine
        self.shop = shop
        self._touched = ""

    @property
    def terminal_waits_for(self) -> str:
        """What the terminal waits for: "card", "host", or nothing."""
        return str(self.shop["terminal"].state()["waiting_for"])

    def press(self, words: str) -> None:
        """Touch the button that says `words`; remembered, should nothing come of it."""
        super().press(words)
        self._touched = words

    def wait_for_screen(self, screen: Screen) -> View:
        """Wait until it stands there. A button that stands there still is touched once more.

        As a shopper would: a scale whose readings came late does not sell what lies on it.
        """
        with suppress(NeverHappened):
            return until(f"the screen {screen}", self.store.glass.view,
                         lambda view: view.screen is screen and view.overlay is Overlay.NONE,
                         patience_s=PRESSED_S)  # fmt: skip
        places = {text: (x, y) for text, x, y in self.store.glass.texts()}
        if self._touched in places:
            self.store.glass.tap(*places[self._touched])
        return super().wait_for_screen(screen)

    def look(self, name: str) -> None:
        """Take a picture of the screen as the monitor's cable has it."""
        self.settle()
        self._pictures += 1
        parts = (f"{self._pictures:02d}", self.scene, name)
        self.machine.screendump(self.album / f"{'-'.join(part for part in parts if part)}.png")

    def scan_until_there(self, code: str = MILK) -> View:
        """Scan, and again when nothing came of it; return the view with one thing more."""
        before = self.store.glass.view().totals.item_count

        def seen() -> View:
            self.hold(code, "")
            with suppress(NeverHappened):
                until("a line", self.store.glass.view, lambda view: _more(view, before),
                      patience_s=SCANNED_S)  # fmt: skip
            return self.store.glass.view()

        return until("the scanned line", seen, lambda view: _more(view, before))

    def weigh_bananas(self) -> None:
        """Pick bananas from the pictures, weigh them, add them."""
        self.press("Frukt og grønt")
        self.wait_for_screen(Screen.LOOKUP)
        weigh(self, BANANAS, BANANAS_G)

    def go_on_until(self, there: Callable[[View], bool], what: str) -> View:
        """Do one thing after the other until `there`; nothing where it is so already."""

        def on_the_way() -> View:
            view = self.store.glass.view()
            return view if there(view) else self._step(view)

        return until(what, on_the_way, there, every_s=0.2)

    def leave(self) -> None:
        """Go on to the next start screen."""
        self.go_on_until(lambda view: view.screen is Screen.START, "the start screen")

    def settle(self, rest_s: float = REST_S) -> None:
        """Wait until what the till wants to show is on the glass, and it wants nothing else.

        Not until no frame comes: where something counts down, there is always one more.
        """
        seq, since, ends = -1, time.monotonic(), time.monotonic() + SETTLE_S
        while (now := time.monotonic()) < ends:
            seen = self.store.glass.state()
            if seen["seq"] != seq or seen["shown_seq"] < seq:
                seq, since = seen["seq"], now
            elif now - since > rest_s:
                return
            time.sleep(LOOK_EVERY_S)

    def _step(self, view: View) -> View:
        """Do what is done in front of this screen; return what stands there then."""
        match view.screen:
            case Screen.START:
                return self.scan_until_there()
            case Screen.LOOKUP | Screen.WEIGH:
                self._press_on(view, "weigh.cancel")
            case Screen.SCAN if view.lines:
                self._press_on(view, "scan.pay")
            case Screen.BAGS:
                self._press_on(view, "bags.without")
            case Screen.PAY:
                self._press_on(view, "method.card")
            case Screen.TERMINAL if self.terminal_waits_for == "card":
                self.shop["terminal"].call("tap_card")
            case Screen.RECEIPT:
                self._press_on(view, "receipt.paper")
            case Screen.THANKS if view.thanks and not view.thanks.printing:
                self._press_on(view, "thanks.done")
            case _:
                pass
        return self.store.glass.view()

    def _press_on(self, view: View, name: str) -> None:
        """Touch a button of this screen, unless another has come meanwhile; see what comes.

        By its name in the catalogs: somebody's keys may have chosen another language.
        """
        words = translator(view.settings.language)(name)
        self.settle()
        if self.store.glass.view().screen is not view.screen:
            return
        places = {text: (x, y) for text, x, y in self.store.glass.texts()}
        if words not in places:
            return
        self.store.glass.tap(*places[words])
        with suppress(NeverHappened):
            until("another screen", lambda: self.store.glass.view().screen,
                  lambda screen: screen is not view.screen, patience_s=PRESSED_S)  # fmt: skip


def _more(view: View, before: int) -> bool:
    return view.totals.item_count > before
