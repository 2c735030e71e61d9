"""How soon the screen answers to what happens at the terminal, measured from outside.

A terminal's approval travels sealed over HTTPS and is judged, journaled and drawn before a shopper
sees it. A terminal that is gone is found by the next look of its driver at the latest, so that
figure is mostly `health_interval_s` of the demonstration's configuration (5 s).
"""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from kiosk.app.scenes.groceries import MILK
from kiosk.app.shopper import Shopper
from kiosk.app.store import Store
from kiosk.app.store_config import Sections
from kiosk.engine.view import Screen, Unavailable, View
from tests.bench.budget import Figure, percentile, spread

SALES = 20
LOSSES = 5
LOOK_S = 0.002
PATIENCE_S = 30.0
MS = 1000.0


def payment_figures(out: Path) -> Iterator[Figure]:
    """Pay by card in a whole store, then take its terminal away."""
    with TemporaryDirectory(dir=out) as name:
        folder = Path(name)
        (folder / "album").mkdir()
        sections = Sections(selling="thanks_s = 1\nreceipt_s = 1\n")
        with Store(
            folder=folder, sections=sections, environment={"KIVY_GL_BACKEND": "mock"}
        ) as store:
            shopper = Shopper(store, folder / "album", tell=lambda _: None)
            approved = [_approval_ms(store, shopper) for _ in range(SALES)]
            yield _figure("approval on the terminal to the frame that thanks", approved, 150)
            shopper.wait_for_screen(Screen.START)
            lost = [_loss_ms(store) for _ in range(LOSSES)]
            yield _figure("terminal unplugged to the frame that says so", lost, 6000)


def _figure(what: str, values: list[float], budget_ms: float) -> Figure:
    return Figure(
        what=f"{what}, mock GL, p99",
        value=percentile(values, 99),
        unit="ms",
        budget=budget_ms,
        detail=spread(values),
    )


def _approval_ms(store: Store, shopper: Shopper) -> float:
    """Buy a milk; from the tap of the card to the screen that takes the payment for done."""
    shopper.wait_for_screen(Screen.START)
    shopper.scan(MILK, "]E0")
    shopper.press("Betal")
    shopper.wait_for_screen(Screen.BAGS)
    shopper.press("Betal uten pose")
    shopper.wait_for_screen(Screen.PAY)
    shopper.press("Kort")
    terminal = store.far_end("terminal")
    terminal.call("wait_for", "card")
    began = time.perf_counter()
    terminal.call("tap_card")
    _until_shown(store, lambda view: view.screen in (Screen.RECEIPT, Screen.THANKS))
    return (time.perf_counter() - began) * MS


def _loss_ms(store: Store) -> float:
    """Pull the terminal's cable; from there to the frame on which cards cannot be chosen."""
    terminal = store.far_end("terminal")
    began = time.perf_counter()
    terminal.call("unplug")
    _until_shown(store, _says_lost)
    took_ms = (time.perf_counter() - began) * MS
    terminal.call("plug_in")
    _until_shown(store, lambda view: not _says_lost(view))
    return took_ms


def _says_lost(view: View) -> bool:
    lost = Unavailable.TERMINAL_LOST in [method.unavailable for method in view.methods]
    return lost or view.screen is Screen.OUT_OF_ORDER


def _until_shown(store: Store, so: Callable[[View], bool]) -> None:
    """Wait until a flipped frame has shown a view that is so."""
    end = time.monotonic() + PATIENCE_S
    while not so(store.glass.view()):
        _pause(end)
    seq = store.glass.state()["seq"]
    while store.glass.state()["shown_seq"] < seq:
        _pause(end)


def _pause(end: float) -> None:
    if time.monotonic() > end:
        raise TimeoutError("the kiosk did not show it in time")
    time.sleep(LOOK_S)
