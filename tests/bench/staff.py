"""How fast staff learn that they are wanted, and how fast their word reaches the shopper.

From outside, over the wires: a scan at the scanner's far end to the lamp at the light's, and a
decision as it comes from the store's board to the frame that the shopper sees. The looks at both
ends are 5 ms apart.
"""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from kiosk.app.far_ends import STAFFED_TILL
from kiosk.app.scenes.beer_and_pears import BEER
from kiosk.app.scenes.groceries import MILK
from kiosk.app.scenes.hours import selling_day
from kiosk.app.shopper import Shopper
from kiosk.app.store import Store
from kiosk.app.store_config import Sections
from kiosk.app.weights import mean_weights_g
from kiosk.engine.view import Screen
from kiosk.staff import hashing
from tests.bench.budget import Figure, percentile, spread

TIMES = 15
LOOK_S = 0.005
PATIENCE_S = 20.0
HASHES = 20


def staff_figures(out: Path) -> Iterator[Figure]:
    """Run a store with a light and a bag scale, and call for somebody again and again."""
    yield _hashing()
    opened, _ = selling_day(datetime.now(UTC))
    with (
        TemporaryDirectory(dir=out) as folder,
        Store(
            folder=Path(folder),
            far_ends=STAFFED_TILL,
            sections=Sections(starts_at=opened.isoformat()),
            environment={"SDL_VIDEODRIVER": "offscreen", "KIVY_GL_BACKEND": "mock"},
        ) as store,
    ):
        shopper = Shopper(store, Path(folder), tell=lambda _: None)
        shopper.wait_for_screen(Screen.START)
        shopper.scan(MILK, "]E0", grams=mean_weights_g()["6001"])
        lamps = [_cause_to_lamp(shopper) for _ in range(TIMES)]
        yield Figure(
            what="an age limit is scanned, to the lamp over the till, p99",
            value=percentile(lamps, 99),
            unit="ms",
            budget=500,
            detail=spread(lamps),
        )
        answers = [_decision_to_screen(shopper) for _ in range(TIMES)]
        yield Figure(
            what="a decision from the board, to the frame on the shopper's screen, mock GL, p99",
            value=percentile(answers, 99),
            unit="ms",
            budget=500,
            detail=spread(answers),
        )


def _hashing() -> Figure:
    """Argon2 has the engine's thread to itself while somebody signs in."""
    known = hashing.hashed("4711")
    took = [_took(lambda: hashing.matches(known, "4711")) for _ in range(HASHES)]
    return Figure(
        what="one PIN looked at (Argon2id, 19 MiB), on the engine's thread, p99",
        value=percentile(took, 99),
        unit="ms",
        budget=50,
        detail=spread(took),
    )


def _cause_to_lamp(shopper: Shopper) -> float:
    """Scan beer, wait for amber; then take it out again, and wait for green."""
    store = shopper.store
    light, began = store.far_end("light"), time.monotonic()
    store.far_end("scanner").call("scan", BEER, aim="]E0")
    _until(lambda: "amber" in light.state()["lit"])
    took = time.monotonic() - began
    shopper.wait_for("the beer", lambda v: v.totals.item_count == 2)
    shopper.press("Fjern")
    _until(lambda: "green" in light.state()["lit"])
    return took * 1000


def _decision_to_screen(shopper: Shopper) -> float:
    """Call for help, answer from the board, wait for the list to stand again."""
    glass = shopper.store.glass
    shopper.press("Hjelp")
    shopper.wait_for_screen(Screen.HELP)
    (call,) = glass.waiting()
    began = time.monotonic()
    glass.staff(call["id"], approved=True)
    _until(lambda: _shows(glass.state(), Screen.SCAN))
    return (time.monotonic() - began) * 1000


def _shows(state: dict[str, Any], screen: Screen) -> bool:
    return state["screen"] == screen and state["shown_seq"] >= state["seq"]


def _until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError("what is measured did not happen")
        time.sleep(LOOK_S)


def _took(do: Callable[[], object]) -> float:
    began = time.monotonic()
    do()
    return (time.monotonic() - began) * 1000
