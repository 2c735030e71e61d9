"""The two people whom the bench lets one play: a shopper with hands, and whoever works there."""

import random
import threading
from collections.abc import Mapping
from typing import Any, Final

from drivers.deadline import SYSTEM_CLOCK, Deadline, ready
from kiosk.app.bag import Bag
from kiosk.app.store import Store
from kiosk.app.weights import OTHERS_G, mean_weights_g
from kiosk.engine.view import Notice, Screen, View

TAKEN_WITHIN_S: Final = 4.0
"""So long a shopper looks whether the kiosk took a scan, before it goes into the bag."""
SETTLED_WITHIN_S: Final = 1.0
LOOK_EVERY_S: Final = 0.05
OWN_BAG_G: Final = 130
_LEAVES_ON: Final = (Screen.THANKS, Screen.START)


class Hands:
    """Scans, bags, forgets to. What a scan puts into the bag is one piece with its own weight."""

    def __init__(self, store: Store, goods: list[dict[str, Any]]) -> None:
        self._store = store
        self._goods = goods
        self._bag = Bag(store.far_end("bag_scale"), random.Random())
        self._lock = threading.Lock()
        self._scanning = threading.Lock()
        """One pair of hands: two scans at once would both take the one new line for their own."""
        self._screen = Screen.START.value
        self.bags_scans = True
        """Whether everything that the kiosk took goes straight into the bag."""

    def scan(self, number: int) -> str:
        """Hold the good of this number on the shelf to the scanner; return what became of it."""
        with self._scanning:
            return self._scan(number)

    def _scan(self, number: int) -> str:
        good = self._goods[number]
        before = self._store.glass.view()
        seen = self._store.far_end("scanner").call("scan", good["text"], aim=good["aim"])
        if not seen:
            return "The scanner is dark: the kiosk takes no goods now."
        if not self._taken(before):
            return f"The kiosk did not take {good['name']}."
        if self.bags_scans:
            self.put(number)
        return ""

    def put(self, number: int) -> None:
        """Put a piece of a good into the bag, whether it was scanned or not."""
        good = self._goods[number]
        mean_g = good.get("grams") or mean_weights_g().get(good["id"], OTHERS_G)
        with self._lock:
            self._bag.put_piece(good["name"], mean_g)

    def put_own_bag(self) -> None:
        """Put a bag from home down."""
        with self._lock:
            self._bag.put("My own bag", OWN_BAG_G)

    def put_weighed(self) -> None:
        """Move what lies on the other scale into the bag."""
        scale = self._store.far_end("scale")
        grams = scale.state()["load_g"]
        scale.call("take_off")
        if grams > 0:
            with self._lock:
                self._bag.put("From the scale", grams)

    def take(self, thing_id: int) -> None:
        """Take something up again."""
        with self._lock:
            self._bag.take(thing_id)

    def leave(self) -> None:
        """Take the bag away."""
        with self._lock:
            self._bag.clear()

    def lean(self, on: bool) -> None:
        """Lean on the plate, or let go."""
        self._store.far_end("bag_scale").call("wobble" if on else "settle")

    def look_up(self, screen: str) -> None:
        """Go home with the bag when the kiosk says goodbye; called with each screen that stands."""
        left = screen in _LEAVES_ON and self._screen not in _LEAVES_ON
        self._screen = screen
        if left and self.bags_scans:
            self.leave()

    def state(self) -> dict[str, Any]:
        """What lies in the bag, for the page."""
        scale = self._store.far_end("bag_scale").state()
        with self._lock:
            things = [{"id": x.id, "name": x.name, "grams": round(x.grams)} for x in self._bag]
        text = "moving" if scale["in_motion"] else f"{5 * round(scale['load_g'] / 5)} g"
        return {"things": things, "text": text, "bags_scans": self.bags_scans}

    def _taken(self, before: View) -> bool:
        """Wait until there is one more item in the list, or a reason why there is not."""
        deadline = Deadline(SYSTEM_CLOCK, TAKEN_WITHIN_S)
        while (view := self._store.glass.view()).totals.item_count <= before.totals.item_count:
            refused = view.seq > before.seq and view.notice is not Notice.NONE
            if refused or deadline.passed():
                return False
            ready((), LOOK_EVERY_S)
        return True


class Staff:
    """Holds badges and PINs, and sits at the store's board."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def people(self) -> list[Mapping[str, str]]:
        """Who works here, with number and PIN: made for this store, and nobody's elsewhere."""
        return [
            {"number": one.number, "name": one.name, "role": one.role.value, "pin": one.pin}
            for one in self._store.colleagues
        ]

    def hold_badge(self, number: str, reader: str) -> bool:
        """Hold somebody's badge to the badge reader, or by mistake to the scanner."""
        found = [one for one in self._store.colleagues if one.number == number]
        if not found or reader not in ("badge", "scanner"):
            return False
        self._store.far_end(reader).call("scan", found[0].badge)
        return True

    def decide(self, intervention_id: str, approved: bool) -> str:
        """Decide from the board; return why nothing came of it, or nothing."""
        glass = self._store.glass
        glass.staff(intervention_id, approved)
        deadline = Deadline(SYSTEM_CLOCK, SETTLED_WITHIN_S)
        while any(one["id"] == intervention_id for one in glass.waiting()):
            if deadline.passed():
                return "Not from afar: somebody has to stand at the kiosk and sign in."
            ready((), LOOK_EVERY_S)
        return ""
