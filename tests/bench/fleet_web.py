"""The operator's page with 10,000 kiosks: first paint, and from a change to the screen.

The page runs in a real Chromium against the stand-in server of its tests, so what is measured is
the page and the way to it, not the ingest. Each timed change comes with
others all over the list; it is itself in the window, so it is drawn.
"""

import time
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from kiosk.fleet.api import types as ty
from tests.bench.budget import Figure, percentile, spread
from tests.fleet.web.conftest import CHROMIUM, served
from tests.fleet.web.fake import FakeFleet, row

KIOSKS = 10_000
CHANGES = 60
OTHERS_PER_CHANGE = 20
"""Changes elsewhere in the fleet with each timed one: 10,000 kiosks with a message now and then."""
PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
FULL = """() => new Promise((done) => {
    const look = () => document.querySelector('.end')?.textContent.startsWith('Viser 10\\u00a0000')
        ? done(performance.now()) : requestAnimationFrame(look);
    look();
})"""
# Resolves with the time, by the wall clock, of the frame after the one that shows the text.
SEEN = """(text) => new Promise((done) => {
    const look = () => document.querySelector('.row[aria-rowindex="2"]').textContent.includes(text)
        ? requestAnimationFrame(() => done(Date.now())) : requestAnimationFrame(look);
    look();
})"""


def fleet_web_figures(_out: Path) -> Iterator[Figure]:
    """Measure and yield the figures."""
    rows = [row(n % 20 + 1, store=f"butikk-{n // 20:03}") for n in range(KIOSKS)]
    fleet = FakeFleet(rows)
    fleet.user = ty.User(name="ola", display_name="Ola", role=ty.Role.ADMIN)
    with served(fleet.app) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(f"{address}/fleet")
        full_ms = page.evaluate(FULL)
        paint_ms = page.evaluate(PAINT)
        delays = list(_change_to_screen_ms(fleet, page, rows))
        browser.close()
    detail = f"{KIOSKS} kiosks, headless Chromium, loopback"

    def figure(what: str, value: float, budget: float, about: str) -> Figure:
        return Figure(what=what, value=value, unit="ms", budget=budget, detail=about)

    yield figure("operator's page: first paint", paint_ms, 1000, detail)
    yield figure("operator's page: all kiosks in the table", full_ms, 3000, detail)
    about = f"{spread(delays)}; {OTHERS_PER_CHANGE} other changes with each"
    yield figure("a change to the screen, p50", percentile(delays, 50), 100, about)
    yield figure("a change to the screen, p99", percentile(delays, 99), 250, about)


def _change_to_screen_ms(fleet: FakeFleet, page: Page, rows: list[ty.KioskRow]) -> Iterator[float]:
    first = rows[0].key
    for number in range(CHANGES):
        others = rows[1 + number * 100 : 1 + number * 100 + OTHERS_PER_CHANGE]
        text = f"9.{number}.9"
        handle = page.evaluate_handle(f"() => {{ window.seen = ({SEEN})({text!r}); }}")
        begun_ms = time.time() * 1000
        changes = [{"key": one.key, "item_count": number} for one in others]
        fleet.push("kiosks", [{"key": first, "software": text}, *changes])
        yield page.evaluate("() => window.seen") - begun_ms
        handle.dispose()
