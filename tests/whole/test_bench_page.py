"""The device bench's page in a real browser, over a real store."""

import json
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import uvicorn
from playwright.sync_api import Page, expect, sync_playwright

from kiosk.app.bench.server import bench_app
from kiosk.app.far_ends import STAFFED_TILL
from kiosk.app.scenes.hours import selling_day
from kiosk.app.shopper import Shopper
from kiosk.app.store import Store
from kiosk.app.store_config import Sections
from kiosk.engine.view import Notice, Screen, View

CHROMIUM = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
PATIENCE_MS = 60_000


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store with everything that the bench plays with, on a day when beer is sold."""
    opened, _ = selling_day(datetime.now(UTC))
    with Store(
        folder=tmp_path_factory.mktemp("store"),
        far_ends=STAFFED_TILL,
        sections=Sections(starts_at=opened.isoformat(), selling="thanks_s = 2\n"),
    ) as running:
        yield running


@pytest.fixture(scope="module")
def address(store: Store) -> Iterator[str]:
    config = uvicorn.Config(
        bench_app(store), host="127.0.0.1", port=0, log_level="error", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, name="bench", daemon=True)
    started = threading.Event()
    original = server.startup

    async def startup(sockets: object = None) -> None:
        await original(sockets)  # type: ignore[arg-type]
        started.set()

    server.startup = startup  # type: ignore[method-assign]
    thread.start()
    assert started.wait(20)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="module")
def page(address: str) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        page = browser.new_page(viewport={"width": 1680, "height": 1000})
        page.set_default_timeout(PATIENCE_MS)
        expect.set_options(timeout=PATIENCE_MS)
        problems: list[str] = []
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(address)
        expect(page.get_by_text("Connected")).to_be_visible()
        yield page
        browser.close()
        assert problems == []


@pytest.fixture
def shopper(store: Store) -> Shopper:
    return Shopper(store, store.folder)


@pytest.fixture
def shopping(page: Page, shopper: Shopper) -> Shopper:
    """A shopper who has something in the list, and in the bag, already."""
    if not store_view(shopper).lines:
        page.get_by_role("button", name="Lettmelk 1 l EAN-13").click()
        shopper.wait_for("the milk", lambda v: bool(v.lines))
        expect(page.locator("#things")).to_contain_text("Lettmelk 1 l")
    return shopper


def store_view(shopper: Shopper) -> View:
    return shopper.store.glass.view()


def test_a_click_on_the_shelf_is_a_scan_and_the_glass_shows_it(
    page: Page, shopper: Shopper
) -> None:
    page.get_by_role("button", name="Lettmelk 1 l EAN-13").click()
    view = shopper.wait_for("the milk", lambda v: bool(v.lines))
    assert view.lines[-1].name == "Lettmelk 1 l"
    width = page.locator("#screen").evaluate("image => image.naturalWidth")
    assert width == 1080


def test_a_click_on_the_picture_of_the_glass_is_a_touch(page: Page, shopping: Shopper) -> None:
    shopping.settle()
    x, y = shopping.wait_for_text("Frukt og grønt")
    box = page.locator("#screen").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + x * box["width"], box["y"] + y * box["height"])
    shopping.wait_for_screen(Screen.LOOKUP)
    shopping.press("Tilbake")
    shopping.wait_for_screen(Screen.SCAN)


def test_a_call_for_help_lights_the_lamp_and_is_answered_on_the_page(
    page: Page, shopping: Shopper
) -> None:
    shopping.press("Hjelp")
    shopping.wait_for("the call", lambda v: v.help_called)
    expect(page.locator("#light i[data-lamp=amber].on")).to_be_visible()
    page.get_by_role("button", name="Done: Help").click()
    shopping.wait_for("nobody waiting", lambda v: not v.waiting)
    expect(page.get_by_text("Nobody is waiting.")).to_be_visible()
    expect(page.locator("#light i[data-lamp=green].on")).to_be_visible()


def test_beer_is_not_approved_from_afar_and_a_badge_at_the_reader_lets_somebody_in(
    page: Page, shopping: Shopper
) -> None:
    page.get_by_role("button", name="Pilsner 0,5 l EAN-13").click()
    shopping.wait_for("the age check", lambda v: len(v.waiting) == 1)
    page.get_by_role("button", name="Approve: Age limit").click()
    expect(page.locator("#toast")).to_contain_text("Not from afar")
    page.get_by_role("button", name="Ingrid: Hold badge").click()
    shopping.wait_for("Ingrid", lambda v: v.staff is not None and v.staff.name == "Ingrid")
    shopping.press("Ja, over 18")
    shopping.press("Gi kassen tilbake til kunden")
    shopping.wait_for("the shopper's screen", lambda v: v.staff is None and not v.waiting)


def test_a_badge_held_to_the_scanner_is_no_product_and_lets_nobody_in(
    page: Page, shopping: Shopper
) -> None:
    page.get_by_role("button", name="Ingrid: Badge to scanner").click()
    view = shopping.wait_for("a notice", lambda v: v.notice is Notice.BAD_CODE)
    assert view.staff is None


def test_the_pin_on_the_page_opens_staff_mode_on_the_kiosks_own_screen(
    page: Page, shopping: Shopper
) -> None:
    number, pin = page.locator(".person").first.locator("code").all_inner_texts()
    shopping.press("Hjelp")
    shopping.press("Ansatt")
    shopping.wait_for_text("Tast nummeret ditt")
    shopping.press_each(number)
    shopping.confirm_keys()
    shopping.wait_for_text("Tast PIN")
    shopping.press_each(pin)
    shopping.confirm_keys()
    shopping.wait_for("Ingrid", lambda v: v.staff is not None and v.staff.name == "Ingrid")
    shopping.press("Ferdig")
    shopping.wait_for("nothing to decide", lambda v: not v.waiting)
    shopping.press("Gi kassen tilbake til kunden")
    shopping.wait_for("the shopper's screen", lambda v: v.staff is None)


def test_what_was_not_scanned_is_asked_about_until_it_is_taken_up_again(
    page: Page, shopping: Shopper
) -> None:
    page.get_by_role("button", name="Sjokolade 200 g: into the bag without a scan").click()
    shopping.wait_for("the bag's question", lambda v: v.screen is Screen.BAG_WEIGHT)
    page.locator("#things").get_by_role("button", name="Sjokolade 200 g").click()
    shopping.wait_for("the list", lambda v: v.screen is Screen.SCAN)


def test_on_a_phone_one_part_stands_at_a_time_and_nothing_is_wider_than_the_glass(
    page: Page,
) -> None:
    before = page.viewport_size
    page.set_viewport_size({"width": 390, "height": 844})
    try:
        for part, title in (("Shelf", "#shelf"), ("Bag & pay", "#paper"), ("Kiosk", "#kiosk")):
            page.get_by_role("navigation").get_by_role("button", name=part).click()
            expect(page.locator(title)).to_be_visible()
            assert page.locator("main > :visible").count() == 1
            assert page.evaluate("document.documentElement.scrollWidth") == 390
    finally:
        assert before is not None
        page.set_viewport_size(before)


def test_a_pulled_cable_is_shown_and_the_scanner_works_again_after(
    page: Page, shopping: Shopper
) -> None:
    page.get_by_role("button", name="scanner: plugged in").click()
    page.get_by_role("button", name="scanner: pulled").click()
    expect(page.get_by_role("button", name="scanner: plugged in")).to_be_visible()
    before = shopping.store.glass.view().totals.item_count

    def scanned_again(view: View) -> bool:
        # A scanner that has just got its power back beeps to nobody until the kiosk has found it.
        if view.totals.item_count == before:
            with page.expect_response("**/scan/*"):  # one scan after the other
                page.get_by_role("button", name="Kneippbrød 750 g EAN-13").click()
        return shopping.store.glass.view().totals.item_count > before

    shopping.wait_for("the bread", scanned_again)


def test_the_receipt_comes_out_on_the_page(page: Page, shopping: Shopper) -> None:
    shopping.press("Betal")
    shopping.wait_for_screen(Screen.BAGS)
    shopping.press("Betal uten pose")
    shopping.wait_for_screen(Screen.PAY)
    shopping.press("Kort")
    expect(page.locator("#terminal-state")).to_have_text("wants a card")
    page.get_by_role("button", name="Tap the card").click()
    shopping.wait_for_screen(Screen.RECEIPT)
    shopping.press("På papir")
    expect(page.locator("#receipt")).to_be_visible()
    expect(page.locator("#charged")).not_to_have_text("0,00")


@pytest.mark.parametrize(
    ("path", "headers", "body", "status"),
    [
        ("/tap", {}, {"x": 0.5, "y": 0.5}, 403),  # another page cannot send our header unasked
        ("/tap", {"X-Bench": "1"}, {"x": 7, "y": 0.5}, 400),
        ("/tap", {"X-Bench": "1"}, ["x"], 400),
        ("/do/scanner/close", {"X-Bench": "1"}, {}, 404),
        ("/scan/0", {}, {}, 403),
        ("/scan/99999", {"X-Bench": "1"}, {}, 404),
        ("/bag/put", {"X-Bench": "1"}, {"number": "x"}, 400),
        ("/bag/eat", {"X-Bench": "1"}, {}, 404),
        ("/badge", {"X-Bench": "1"}, {"number": "12", "reader": "printer"}, 404),
        ("/do/light/state", {"X-Bench": "1"}, {}, 404),
        ("/do/toaster/scan", {"X-Bench": "1"}, {}, 404),
        ("/do/scale/put_on", {"X-Bench": "1"}, {"stones": 3}, 409),
        ("/tap", {"X-Bench": "1", "Host": "evil.example"}, {"x": 0.5, "y": 0.5}, 400),
    ],
)
def test_calls_that_do_not_belong_are_refused(
    address: str, path: str, headers: dict[str, str], body: object, status: int
) -> None:
    request = urllib.request.Request(
        address + path, json.dumps(body).encode(), {"Content-Type": "application/json", **headers}
    )
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=10)
    assert refused.value.code == status
