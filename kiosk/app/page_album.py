"""Pictures of the fleet's pages, where there is a browser to draw them.

Chromium and what drives it belong to the tests' packages: a demonstration without them goes on
without pictures, and says so.
"""

import shutil
from contextlib import ExitStack
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import TYPE_CHECKING, Final, Self

from drivers.deadline import SYSTEM_CLOCK, Deadline
from kiosk.app.at_the_board import AtTheBoard

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Request

WHY_NONE: Final = (
    "No pictures of the board are drawn: they need Chromium, and Playwright of the development "
    "packages. On Debian: apt-get install chromium"
)
SIZES: Final = MappingProxyType({"phone": (390, 844), "till": (1280, 800), "desktop": (1600, 1000)})
"""Of the pages' design, in CSS pixels."""
PATIENCE_MS: Final = 60_000
QUIET_MS: Final = 300
"""A page that has asked for nothing for so long has what it shows."""
STREAM: Final = "/api/stream"
"""Never ends, so it is not waited for."""
_ARGUMENTS: Final = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


def chromium() -> str | None:
    """Return where the browser is; None when it, or what drives it, is not installed."""
    try:
        import playwright.sync_api  # noqa: F401
    except ImportError:
        return None
    return shutil.which("chromium")


class PageAlbum:
    """Draws pages into a folder. A context manager; the browser starts with it."""

    def __init__(self, program: str, folder: Path) -> None:
        self._program = program
        self._folder = folder
        self._running = ExitStack()
        self._browser: Browser

    def __enter__(self) -> Self:
        from playwright.sync_api import sync_playwright

        driver = self._running.enter_context(sync_playwright())
        self._browser = driver.chromium.launch(executable_path=self._program, args=list(_ARGUMENTS))
        self._running.callback(self._browser.close)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._running.close()

    def take(self, name: str, who: AtTheBoard, url: str, *, size: str, shows: str) -> None:
        """Write `name`.png: the page at `url` as `who` sees it, once `shows` can be read there."""
        width, height = SIZES[size]
        context = self._browser.new_context(
            viewport={"width": width, "height": height},
            device_scale_factor=2 if size == "phone" else 1,
            service_workers="block",
            reduced_motion="reduce",
            locale="nb-NO",
            timezone_id="Europe/Oslo",
        )
        try:
            context.set_default_timeout(PATIENCE_MS)
            context.add_cookies(
                [{"name": n, "value": v, "url": who.fleet.url} for n, v in who.cookies.items()]
            )
            page = context.new_page()
            asked: set[Request] = set()
            page.on(
                "request", lambda request: None if STREAM in request.url else asked.add(request)
            )
            page.on("requestfinished", lambda request: asked.discard(request))
            page.on("requestfailed", lambda request: asked.discard(request))
            page.goto(url)
            page.get_by_text(shows).first.wait_for()
            _wait_for_answers(page, asked)
            page.evaluate("document.fonts.ready.then(() => true)")
            page.screenshot(path=str(self._folder / f"{name}.png"))
        finally:
            context.close()


def _wait_for_answers(page: "Page", asked: "set[Request]") -> None:
    """Wait until nothing that the page has asked for is still on its way, or patience ends."""
    deadline, quiet_ms, step_ms = Deadline(SYSTEM_CLOCK, PATIENCE_MS / 1000), 0, 50
    while quiet_ms < QUIET_MS and not deadline.passed():
        page.wait_for_timeout(step_ms)
        quiet_ms = 0 if asked else quiet_ms + step_ms
