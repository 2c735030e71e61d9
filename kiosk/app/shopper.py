"""A scripted shopper: reads the screen, touches it, scans, bags, pays. A person, only faster.

It finds a button by the words that can be read on the glass and touches it there; it knows nothing
of the program behind. Each wait has an end, and says what was on the screen when it came.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from drivers.deadline import SYSTEM_CLOCK, Deadline, ready
from kiosk.app.bag import Bag
from kiosk.app.store import Store
from kiosk.engine.view import Overlay, Screen, View

SEED = 1
"""Of the weights: each demonstration puts the same things into the bag."""
PATIENCE_S = 60.0
READINGS = 2
"""So many answers of the bag scale after a change: the last of them was asked for after it."""
LOOK_EVERY_S = 0.03
REST_S = 0.3
"""A screen without a new frame for so long has slid and faded into place."""
SETTLE_S = 5.0
"""Longest wait for that: a countdown draws a frame each second."""
ANOTHER_PRESS_S = 0.7
"""Less than this after the last one, a press of the same button may be taken for a trembling
hand's second strike, which a button ignores: no person reads and decides so fast."""


class ShopperLost(Exception):
    """The screen did not show what was waited for."""


@dataclass(slots=True)
class Shopper:
    """Does one thing after the other in a running store, taking pictures on the way."""

    store: Store
    album: Path
    tell: Callable[[str], None] = print
    scene: str = ""
    """Stands in the pictures' names, after their number."""
    lamps: list[str] = field(default_factory=list)
    """What the light over the till showed, one after the other, each time it was looked at."""
    bag: Bag | None = None
    """What lies on the bag scale; None in a store that has none."""
    _pictures: int = field(default=0)
    _pressed: str = field(default="")
    """What was pressed last."""

    def __post_init__(self) -> None:
        """Find the bag scale."""
        if "bag_scale" in self.store.far_ends:
            self.bag = Bag(self.store.far_end("bag_scale"), random.Random(SEED))

    def wait_for(self, what: str, condition: Callable[[View], bool]) -> View:
        """Wait until the kiosk's view fulfils `condition`."""
        deadline = Deadline(SYSTEM_CLOCK, PATIENCE_S)
        while True:
            view = self.store.glass.view()
            if condition(view):
                return view
            if deadline.passed():
                shown = ", ".join(text for text, _, _ in self.store.glass.texts())
                raise ShopperLost(f"Waited {PATIENCE_S:.0f} s for {what}. On the screen: {shown}")
            ready((), LOOK_EVERY_S)

    def wait_for_screen(self, screen: Screen) -> View:
        """Wait until `screen` stands on the glass with nothing over it."""
        return self.wait_for(
            f"the screen {screen}", lambda v: v.screen is screen and v.overlay is Overlay.NONE
        )

    def wait_for_text(self, wanted: str) -> tuple[float, float]:
        """Wait until `wanted` can be read; return where its centre is."""
        deadline = Deadline(SYSTEM_CLOCK, PATIENCE_S)
        while True:
            texts = self.store.glass.texts()
            for text, x, y in texts:
                if text == wanted:
                    return x, y
            if deadline.passed():
                shown = ", ".join(text for text, _, _ in texts)
                raise ShopperLost(f"Looked for {wanted!r}. On the screen: {shown}")
            ready((), LOOK_EVERY_S)

    def press(self, words: str) -> None:
        """Touch the button that says `words`."""
        self.settle(ANOTHER_PRESS_S if words == self._pressed else REST_S)
        self._pressed = words
        self.store.glass.tap(*self.wait_for_text(words))

    def press_each(self, keys: Sequence[str]) -> None:
        """Touch number keys, which stand below what has been typed with them."""
        self.settle()
        for key in keys:
            places = [(x, y) for text, x, y in self.store.glass.texts() if text == key]
            if not places:
                raise ShopperLost(f"There is no key {key} on the screen.")
            self.store.glass.tap(*max(places, key=lambda place: place[1]))

    def confirm_keys(self) -> None:
        """Touch the check key, which has no words: right of 0, and below 9."""
        self.settle()
        places = {text: (x, y) for text, x, y in self.store.glass.texts()}
        self.store.glass.tap(places["9"][0], places["0"][1])

    def scan(self, text: str, aim: str, *, grams: float = 0.0) -> View:
        """Hold a code to the scanner, wait for its line, and put what weighs `grams` in the bag."""
        before = self.store.glass.view().totals.item_count
        self.hold(text, aim)
        view = self.wait_for("the scanned line", lambda v: v.totals.item_count > before)
        if self.bag is not None and grams:
            self.bag.put_piece(view.lines[-1].name, grams)
            self.wait_for_bag()
        return view

    def hold(self, text: str, aim: str) -> None:
        """Hold a code to the scanner, once its light is on: the kiosk lights it a moment later."""
        scanner, deadline = self.store.far_end("scanner"), Deadline(SYSTEM_CLOCK, PATIENCE_S)
        while not scanner.call("scan", text, aim=aim):
            if deadline.passed():
                raise ShopperLost(f"The scanner stayed dark for {PATIENCE_S:.0f} s.")
            ready((), LOOK_EVERY_S)

    def wait_for_bag(self) -> None:
        """Wait until the kiosk has read the bag scale at rest: hands are slower than readings."""
        scale, deadline = self.store.far_end("bag_scale"), Deadline(SYSTEM_CLOCK, PATIENCE_S)
        state = scale.state()
        while state["in_motion"] and not deadline.passed():
            ready((), LOOK_EVERY_S)
            state = scale.state()
        read = state["answers"] + READINGS
        while scale.state()["answers"] < read and not deadline.passed():
            ready((), LOOK_EVERY_S)

    def take_up(self, name: str) -> None:
        """Take the newest thing of that name out of the bag."""
        if self.bag is None:
            return
        found = [thing.id for thing in self.bag if thing.name == name]
        if not found or not self.bag.take(found[-1]):
            raise ShopperLost(f"There is no {name} in the bag.")

    def see_light(self, lamp: str) -> None:
        """Wait until this lamp shines over the till, and remember that it did."""
        light, deadline = self.store.far_end("light"), Deadline(SYSTEM_CLOCK, PATIENCE_S)
        while lamp not in (lit := light.state()["lit"]):
            if deadline.passed():
                raise ShopperLost(f"Waited {PATIENCE_S:.0f} s for a {lamp} light; it is {lit}.")
            ready((), LOOK_EVERY_S)
        self.lamps.append(lamp)

    def look(self, name: str) -> None:
        """Take a picture of the screen as it stands when everything has come to rest."""
        self.settle()
        self._pictures += 1
        parts = (f"{self._pictures:02d}", self.scene, name)
        path = self.album / f"{'-'.join(part for part in parts if part)}.png"
        self.store.glass.remote.call("picture", str(path.resolve()))

    def settle(self, rest_s: float = REST_S) -> None:
        """Wait until the newest view is on the glass and nothing has moved for `rest_s`."""
        glass = self.store.glass
        given_up = Deadline(SYSTEM_CLOCK, SETTLE_S)
        frames, resting = -1, Deadline(SYSTEM_CLOCK, rest_s)
        while not given_up.passed():
            state = glass.state()
            if state["frames"] != frames or state["shown_seq"] < state["seq"]:
                frames, resting = state["frames"], Deadline(SYSTEM_CLOCK, rest_s)
            elif resting.passed():
                return
            ready((), LOOK_EVERY_S)
