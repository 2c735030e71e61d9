"""axe-core finds nothing on any page, in light and dark, on phone and desktop."""

import re
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from kiosk.fleet.api import types as ty
from kiosk.fleet.api.more_types import Severity
from kiosk.fleet.pages import WEB, modules_of
from tests.fleet.web.conftest import Opener
from tests.fleet.web.fake import STORE, FakeFleet, an_alert, bag, beer
from tests.fleet.web.fake_operator import a_rollout

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
needs_axe = pytest.mark.skipif(not AXE.exists(), reason="axe-core: run `make web-test` first")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPERATOR_PAGES = {
    "": "h1:has-text('8 ')",
    "/kiosk/naermat/torshov/kasse-8": ".devices li:nth-child(3)",
    "/alerts": ".alert",
    "/rollouts": ".stages li",
    "/catalogs": ".grid td",
    "/reports": ".chart-box canvas, .grid",
    "/audit": ".grid td",
    "/users": ".grid td",
    "/me": "h2",
}


def findings(page: Page) -> list[str]:
    """What axe-core says is wrong, a line each."""
    # What fades in is pale for a moment, and nobody reads it then.
    page.emulate_media(reduced_motion="reduce")
    page.evaluate("() => document.fonts.ready.then(() => true)")
    page.evaluate("() => Promise.all(document.getAnimations().map((one) => one.finished))")
    # Not as a script: the page's policy refuses foreign ones.
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate(
        "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}}).then(r => r.violations)",
        RULES,
    )
    return [
        f"{v['id']}: {node['html'][:120]} {node['failureSummary']}"
        for v in found
        for node in v["nodes"]
    ]


@pytest.fixture
def busy(fleet: FakeFleet) -> FakeFleet:
    key = f"{STORE}/kasse-8"
    fleet.calls = {call.id: call for call in (bag(), beer())}
    fleet.solved = [
        bag(4, settled=ty.Settled(approved=True, where="kiosk", resolved_at="2026-11-22T12:00:00Z"))
    ]
    fleet.alerts = [
        an_alert(1, "device_lost", key, Severity.BAD, device="terminal"),
        an_alert(2, "paper_low", f"{STORE}/kasse-7", Severity.WARN),
    ]
    fleet.rollouts = [a_rollout()]
    return fleet


@pytest.fixture
def operator(busy: FakeFleet) -> FakeFleet:
    busy.user = ty.User(name="ola", display_name="Ola", role=ty.Role.ADMIN)
    return busy


@needs_axe
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", ["phone", "till"])
def test_the_board_and_everything_on_it(
    busy: FakeFleet, visit: Opener, theme: str, size: str
) -> None:
    page = visit(size=size, theme=theme)
    expect(page.locator(".card")).to_have_count(2)
    assert findings(page) == []
    page.locator(".card .head").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert findings(page) == []
    page.keyboard.press("Escape")
    for tab in ("Logg", "Ingrid"):
        page.get_by_role("button", name=tab, exact=True).click()
        assert findings(page) == []
    page.get_by_role("button", name="Bytt passord").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert findings(page) == []
    page.keyboard.press("Escape")
    busy.cut_off()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_role("button", name="Kasser", exact=True).click()
    assert findings(page) == []


def open_what_opens(page: Page, path: str) -> None:
    """Open the dialog or the group that a page has, so that it is looked at too."""
    if path == "":
        page.get_by_label("Samle etter").select_option("store")
        page.locator(".scroller .group a").first.press("Enter")
        expect(page.locator(".scroller .row:not(.group):not([hidden])").first).to_be_visible()
    if path == "/users":
        page.get_by_role("button", name="Ny bruker").click()
        expect(page.get_by_role("dialog")).to_be_visible()


@needs_axe
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_the_operators_pages(operator: FakeFleet, visit: Opener, theme: str, size: str) -> None:
    page = visit("/fleet", size=size, theme=theme)
    wrong = {}
    for path, ready in OPERATOR_PAGES.items():
        page.goto(page.url.split("/fleet")[0] + "/fleet" + path)
        expect(page.locator(ready).first).to_be_visible()
        open_what_opens(page, path)
        if found := findings(page):
            wrong[path] = found
    assert wrong == {}


@needs_axe
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_signing_in(fleet: FakeFleet, visit: Opener, theme: str) -> None:
    fleet.signed_in = False
    page = visit(theme=theme)
    page.get_by_label("Brukernavn").fill("x")
    page.get_by_label("Passord").fill("y")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    assert findings(page) == []


@pytest.mark.parametrize("language", ["nb", "en"])
def test_every_word_is_there_in_both_languages(
    operator: FakeFleet, visit: Opener, language: str
) -> None:
    page = visit(f"/board?lang={language}", size="desktop")
    server = page.url.split("/board")[0]
    pages = {"/board": ".tile"} | {f"/fleet{path}": at for path, at in OPERATOR_PAGES.items()}
    ready = {"/fleet": ".alert", "/fleet/reports": "details, meter"}
    for path, at in pages.items():
        page.goto(f"{server}{path}?lang={language}")
        expect(page.locator(ready.get(path, at)).first).to_be_visible()
        # What a table lacks is shown as its key in brackets.
        assert not re.findall(r"\[\w+\.[\w.]+\]", page.content()), path
        assert page.locator("html").get_attribute("lang") == language


@pytest.mark.parametrize(
    "pair", [("nb", "en", "nb", "en"), ("nb_fleet", "en_fleet", "nbFleet", "enFleet")]
)
def test_the_tables_of_words_have_the_same_keys(pair: tuple[str, ...]) -> None:
    def keys(name: str) -> list[str]:
        return re.findall(r'^  "([^"]+)":', (WEB / f"js/words/{name}.js").read_text("utf-8"), re.M)

    first, second = keys(pair[0]), keys(pair[1])
    assert set(first) == set(second)
    assert len(first) == len(set(first))
    holes = r"\{(\w+)\}"
    texts = [(WEB / f"js/words/{name}.js").read_text("utf-8") for name in pair[:2]]
    for key in first:
        both = [re.search(rf'^  "{re.escape(key)}": (.*),$', text, re.M) for text in texts]
        assert both[0], key
        assert both[1], key
        assert set(re.findall(holes, both[0][1])) == set(re.findall(holes, both[1][1])), key


@pytest.mark.parametrize("start", ["js/board/main.js", "js/fleet/main.js"])
def test_scripts_are_plain_modules_that_need_nothing_built(start: str) -> None:
    modules = modules_of(start)
    assert len(modules) > 8
    for name in modules:
        text = (WEB / name).read_text("utf-8")
        assert "innerHTML" not in text, name
        assert text.count("\n") <= (450 if "/words/" in name else 300), name
    node = subprocess.run(["node", "--check", str(WEB / start)], capture_output=True, check=False)
    assert node.returncode == 0, node.stderr
