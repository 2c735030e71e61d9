"""The operator's page with 10,000 kiosks: first paint, and from a change to the screen.

The page runs in a real Chromium against the stand-in server of its tests, so what is measured is
the page and the way to it, not the ingest. It is opened several times, since one opening says
little. Each timed change comes with others all over the list; it is itself in the window, so it is
drawn. A busy minute of the fleet is then sent in one go, to see how long the page is deaf for it.
"""

import time
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from kiosk.fleet.api import types as ty
from tests.bench.budget import Figure, percentile, spread
from tests.fleet.web.conftest import CHROMIUM, served
from tests.fleet.web.fake import FakeFleet, row

KIOSKS = 10_000
OPENINGS = 5
CHANGES = 60
OTHERS_PER_CHANGE = 20
"""Changes elsewhere in the fleet with each timed one: 10,000 kiosks with a message now and then."""
BURST = 2_000
"""Kiosks that change in the same moment: a storm of reconnections reaches the page like that."""
PATIENCE_MS = 240_000
PAINT = """() => new Promise((done) => {
    const seen = (all) => all.find((one) => one.name === 'first-contentful-paint')?.startTime;
    new PerformanceObserver((list) => {
        const at = seen(list.getEntries());
        if (at !== undefined) done(at);
    }).observe({type: 'paint', buffered: true});
})"""
ROWS = """() => new Promise((done) => {
    const look = () => document.querySelector('.scroller .row:not([hidden]) a[href]')
        ? requestAnimationFrame(() => done(performance.now())) : requestAnimationFrame(look);
    look();
})"""
FULL = """() => new Promise((done) => {
    const whole = 'Viser 10\\u00a0000';
    const look = () => document.querySelector('.end')?.textContent.startsWith(whole)
        ? done(performance.now()) : requestAnimationFrame(look);
    look();
})"""
# Resolves with the time, by the wall clock, of the frame after the one that shows the text.
SEEN = """(text) => new Promise((done) => {
    const look = () => document.querySelector('.row[aria-rowindex="2"]').textContent.includes(text)
        ? requestAnimationFrame(() => done(Date.now())) : requestAnimationFrame(look);
    look();
})"""
# Watches how long the page cannot answer: the longest time between two frames.
FRAMES = """() => {
    window.longest = 0;
    let before = performance.now();
    const frame = (now) => {
        window.longest = Math.max(window.longest, now - before);
        before = now;
        requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
}"""


def fleet_web_figures(_out: Path) -> Iterator[Figure]:
    """Measure and yield the figures."""
    rows = [row(n % 20 + 1, store=f"butikk-{n // 20:03}") for n in range(KIOSKS)]
    fleet = FakeFleet(rows)
    fleet.user = ty.User(name="ola", display_name="Ola", role=ty.Role.ADMIN)
    with served(fleet.app) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        openings = [_opening_ms(browser, address) for _ in range(OPENINGS)]
        paints, firsts, fulls = zip(*openings, strict=True)
        page = _opened(browser, address)
        delays = list(_change_to_screen_ms(fleet, page, rows))
        deaf_ms = _deaf_ms(fleet, page, rows)
        browser.close()
    detail = f"{KIOSKS} kiosks, headless Chromium, loopback, nothing cached"

    def figure(what: str, value: float, budget: float, about: str) -> Figure:
        return Figure(what=what, value=value, unit="ms", budget=budget, detail=about)

    yield figure("operator's page: first paint, p50", percentile(paints, 50), 1000, detail)
    yield figure("operator's page: a screen of kiosks, p50", percentile(firsts, 50), 2000, detail)
    yield figure("operator's page: all kiosks in it, p50", percentile(fulls, 50), 3000, detail)
    about = f"{spread(delays)}; {OTHERS_PER_CHANGE} other changes with each"
    yield figure("a change to the screen, p50", percentile(delays, 50), 100, about)
    yield figure("a change to the screen, p99", percentile(delays, 99), 250, about)
    yield figure("longest frame", deaf_ms, 500, f"while {BURST} kiosks change in one moment")


def _opened(browser: Browser, address: str) -> Page:
    # A context of its own: no service worker, nothing kept from the opening before.
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{address}/fleet", wait_until="commit")
    return page


def _opening_ms(browser: Browser, address: str) -> tuple[float, float, float]:
    page = _opened(browser, address)
    first_ms = page.evaluate(ROWS)
    full_ms, paint_ms = page.evaluate(FULL), page.evaluate(PAINT)
    page.context.close()
    return paint_ms, first_ms, full_ms


def _change_to_screen_ms(fleet: FakeFleet, page: Page, rows: list[ty.KioskRow]) -> Iterator[float]:
    page.evaluate(FULL)
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


def _deaf_ms(fleet: FakeFleet, page: Page, rows: list[ty.KioskRow]) -> float:
    page.evaluate(FRAMES)
    fleet.push("kiosks", [{"key": one.key, "condition": "offline"} for one in rows[:BURST]])
    # Sorted anew within two seconds: the first row is then one of those that are gone.
    page.locator('.row[aria-rowindex="2"]', has_text="Svarer ikke").wait_for()
    longest: float = page.evaluate("window.longest")
    return longest
