"""The pages on the real server, over a real broker, with simulated kiosks behind it."""

import re
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from kiosk.fleet.pages import HEADERS
from tests.fleet.api.conftest import ConfigOf, Playing, config_of, server, simulated
from tests.fleet.api.test_commands import raise_call
from tests.fleet.serving import PASSWORD, Serving, serving
from tests.fleet.web.conftest import PATIENCE_MS, UNHURRIED
from tests.fleet.words import until

__all__ = ["config_of", "server", "simulated"]  # fixtures
CARDS = "[aria-labelledby=waiting-title] > li"


@pytest.fixture
def page(browser: Browser) -> Page:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    context.add_init_script(UNHURRIED)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    return page


def sign_in(page: Page, address: str, name: str) -> None:
    page.goto(address)
    page.get_by_label("Brukernavn").fill(name)
    page.get_by_label("Passord").fill(PASSWORD)
    page.get_by_role("button", name="Logg inn").click()


def test_a_call_for_help_is_answered_from_the_board(
    server: Serving, simulated: Playing, page: Page
) -> None:
    sign_in(page, server.url, "ingrid")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Kassene på")
    expect(page.locator(".tile").first).to_be_visible()
    raise_call(simulated, "age", "18")
    card = page.locator(CARDS)
    expect(card).to_contain_text("Alder 18")
    card.get_by_role("button", name=re.compile("^(Ja, over 18|Nei, fjern)")).last.click()
    expect(card).to_have_count(0)
    client = server.signed_in("ingrid")
    until(lambda: client.get("/api/interventions").json() == [], "the call is settled")
    page.get_by_role("button", name="Logg", exact=True).click()
    expect(page.locator(".log li").first).to_contain_text("av Ingrid")


def test_the_first_admin_makes_the_next_and_changes_the_own_password(
    config_of: ConfigOf, page: Page
) -> None:
    with serving(config_of("fleet"), people=False) as server:
        page.goto(server.url)
        page.get_by_label("Engangskode").fill(server.fleet.sign_in.first_code())
        page.get_by_label("Brukernavn").fill("ola")
        page.get_by_label("Fornavn, slik kundene leser det").fill("Ola")
        page.get_by_label("Passord").fill(PASSWORD)
        page.get_by_role("button", name="Lag bruker").click()
        page.get_by_role("link", name="Tilganger").click()
        page.get_by_role("button", name="Ny bruker").click()
        box = page.get_by_role("dialog")
        box.get_by_label("Brukernavn").fill("jonas")
        box.get_by_label("Fornavn").fill("Jonas")
        box.get_by_label("Butikker").fill("naermat/torshov")
        box.get_by_label("Passord, minst ti tegn").fill(PASSWORD)
        box.get_by_role("button", name="Lag bruker").click()
        expect(page.locator("tr", has_text="jonas")).to_contain_text("Medarbeider")
        page.get_by_role("link", name="Ola").click()
        page.get_by_role("button", name="Bytt passord").click()
        page.get_by_label("Passordet du har nå").fill(PASSWORD)
        page.get_by_label("Nytt passord").fill("en annen lang setning")
        page.get_by_role("button", name="Bytt", exact=True).click()
        expect(page.get_by_role("dialog")).to_have_count(0)
        page.get_by_role("button", name="Logg ut").click()
        page.get_by_label("Brukernavn").fill("ola")
        page.get_by_label("Passord").fill("en annen lang setning")
        page.get_by_role("button", name="Logg inn").click()
        expect(page.get_by_role("heading", name="Ola")).to_be_visible()


def test_the_operator_sees_all_kiosks_and_one_of_them(
    server: Serving, simulated: Playing, page: Page
) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})
    sign_in(page, server.url, "olga")
    expect(page).to_have_url(re.compile("/fleet$"))
    expect(page.locator(".end")).to_contain_text("Viser 4 av 4")
    page.locator(".scroller a[href='/fleet/kiosk/naermat/torshov/kasse-1']").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("kasse 1")
    expect(page.locator(".facts")).to_contain_text("Kasse-ID")
    for name in ("Varsler", "Utgaver", "Varer og oppsett", "Rapporter"):
        page.get_by_role("link", name=re.compile(f"^{name}")).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(name)


def test_without_the_server_the_board_opens_and_says_that_it_is_offline(
    server: Serving, simulated: Playing, page: Page
) -> None:
    sign_in(page, server.url + "/board", "ingrid")
    expect(page.locator(".tile").first).to_be_visible()
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    expect(page.locator(".tile").first).to_be_visible()
    kept = page.evaluate(
        """async () => (await Promise.all((await caches.keys()).map(async (name) =>
            (await (await caches.open(name)).keys()).map((one) => new URL(one.url).pathname)
        ))).flat()"""
    )
    assert "/static/js/board/main.js" in kept
    assert not [path for path in kept if path.startswith("/api")]
    page.context.set_offline(True)
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("Du er ikke tilkoblet")
    expect(page.locator(".tile")).to_have_count(0)
    page.context.set_offline(False)
    expect(page.locator(".tile").first).to_be_visible()


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html"),
        ("/board/naermat/torshov", "text/html"),
        ("/fleet/kiosk/a/b/c", "text/html"),
        ("/static/js/board/main.js", "text/javascript"),
        ("/static/css/tokens.css", "text/css"),
        ("/static/signs.svg", "image/svg+xml"),
        ("/static/board.webmanifest", "application/manifest+json"),
        ("/service-worker.js", "text/javascript"),
    ],
)
def test_pages_come_with_headers_that_keep_browsers_careful(
    server: Serving, path: str, kind: str
) -> None:
    answer = httpx.get(server.url + path)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(kind)
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "path",
    ["/static/package.json", "/static/js/../../api/types.py", "/static/js/%2e%2e/package.json",
     "/static/node_modules/uplot/package.json", "/static/fonts/make_fonts.py", "/static/nothing"],
)  # fmt: skip
def test_only_what_pages_need_is_given_out(server: Serving, path: str) -> None:
    connection = httpx.Client(base_url=server.url)
    answer = connection.get(path)
    assert answer.status_code == 404


def test_pages_name_their_modules_so_that_none_is_asked_for_late(server: Serving) -> None:
    text = httpx.get(server.url + "/board").text
    web = Path(__file__).parents[3] / "kiosk/fleet/web"
    named = re.findall(r'rel="modulepreload" href="/static/(js/[^"]+)"', text)
    assert "js/board/cards.js" in named
    assert all((web / name).exists() for name in named)
