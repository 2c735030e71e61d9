"""A real Chromium, and the pages on a real socket."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.fleet.web.fake import FakeFleet

CHROMIUM = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
PATIENCE_MS = 60_000
UNHURRIED = "window.stretch = 6"
"""The pages are as patient as the tests: see `patience.js`."""
WATCH = """() => {
    window.told = [];
    const look = () => document.querySelectorAll(".card, .toast").forEach((one) => {
        if (!window.told.includes(one.textContent)) window.told.push(one.textContent);
    });
    new MutationObserver(look).observe(document.body, {
        subtree: true, childList: true, characterData: true,
    });
}"""
SIZES = {
    "phone": (390, 844), "till": (1280, 800), "desktop": (1440, 900),
    "narrow": (320, 640),  # the narrowest in which WCAG 2.2 wants no sideways scrolling (1.4.10)
    "zoomed": (640, 400),  # the till at 200 % (1.4.4)
}  # fmt: skip
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        yield browser
        browser.close()


@contextmanager
def served(app: Any) -> Iterator[str]:
    """Serve an application on a free port of the loopback address."""
    config = uvicorn.Config(
        app, host="127.0.0.1", port=0, log_level="error", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    started = threading.Event()
    original = server.startup

    async def startup(sockets: object = None) -> None:
        await original(sockets)  # type: ignore[arg-type]
        started.set()

    server.startup = startup  # type: ignore[method-assign]
    thread = threading.Thread(target=server.run, name="pages", daemon=True)
    thread.start()
    assert started.wait(20)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="module")
def only_fleet() -> FakeFleet:
    return FakeFleet()


@pytest.fixture(scope="module")
def address(only_fleet: FakeFleet) -> Iterator[str]:
    with served(only_fleet.app) as address:
        yield address


@pytest.fixture
def fleet(only_fleet: FakeFleet) -> FakeFleet:
    only_fleet.reset()
    return only_fleet


Opener = Callable[..., Page]


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Opener]:
    """Open a page of the server; a script that fails fails the test."""
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    def visit(path: str = "/board", *, size: str = "phone", theme: str = "light") -> Page:
        width, height = SIZES[size]
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=theme,  # type: ignore[arg-type]
            service_workers="block",
            timezone_id="Europe/Oslo",
        )
        contexts.append(context)
        context.add_init_script(UNHURRIED)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(address + path)
        return page

    yield visit
    for context in contexts:
        context.close()
    assert problems == []


def watch(page: Page) -> None:
    """Note from now on what cards and toasts say, also when nobody looks just then."""
    page.evaluate(WATCH)


def told(page: Page, text: str) -> None:
    """Wait until a card or a toast has said this since `watch`, be it gone again or not."""
    page.wait_for_function("text => window.told.some((one) => one.includes(text))", arg=text)
