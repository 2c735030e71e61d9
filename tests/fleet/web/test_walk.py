"""By keyboard alone, at 200 % and in a narrow window, with a screen reader, with less motion."""

import pytest
from playwright.sync_api import Page, expect

from kiosk.fleet.api import types as ty
from kiosk.fleet.api.more_types import Severity
from tests.fleet.web.conftest import Opener
from tests.fleet.web.fake import STORE, FakeFleet, an_alert, bag, beer
from tests.fleet.web.fake_operator import a_rollout

CARDS = "[aria-labelledby=waiting-title] > li"
KIOSK = f"/fleet/kiosk/{STORE}/kasse-8"
PAGES = {
    "/fleet": ".scroller .row:not([hidden])",
    KIOSK: ".vital",
    "/fleet/alerts": ".alert",
    "/fleet/rollouts": ".stages li",
    "/fleet/catalogs": ".grid td",
    "/fleet/reports": ".bars",
    "/fleet/audit": ".grid td",
    "/fleet/users": ".grid td",
    "/fleet/me": "h2",
}
# The element that has the focus, or what is drawn around it, shows it.
SHOWN = """() => {
    const ring = (one) => { const style = getComputedStyle(one);
        return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2; };
    let one = document.activeElement;
    for (let up = 0; one && up < 4; up += 1, one = one.parentElement) if (ring(one)) return true;
    return document.activeElement.outerHTML.slice(0, 200);
}"""


@pytest.fixture
def busy(fleet: FakeFleet) -> FakeFleet:
    fleet.calls = {call.id: call for call in (bag(), beer())}
    return fleet


@pytest.fixture
def operator(busy: FakeFleet) -> FakeFleet:
    busy.user = ty.User(name="ola", display_name="Ola", role=ty.Role.ADMIN)
    busy.people = [busy.user]
    busy.alerts = [an_alert(1, "device_lost", f"{STORE}/kasse-8", Severity.BAD, device="terminal")]
    busy.rollouts = [a_rollout()]
    return busy


def walk(page: Page, steps: int) -> list[str]:
    """Go forward by Tab; every stop has to be seen."""
    stops = []
    for _ in range(steps):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            continue  # the browser's own bar, between the last and the first
        assert page.evaluate(SHOWN) is True
        stops.append(page.evaluate("document.activeElement.textContent.trim().slice(0, 40)"))
    return stops


def test_every_stop_of_the_operators_page_is_seen(operator: FakeFleet, visit: Opener) -> None:
    page = visit("/fleet", size="desktop")
    expect(page.locator(".alert")).to_have_count(1)
    stops = walk(page, 34)
    wanted = ["Hopp til innholdet", "Kasser", "Last ned", "Butikk", "Torshov", "Åpne"]
    places = [stops.index(name) for name in wanted]
    assert places == sorted(places), stops


def test_a_dialog_keeps_the_focus_and_gives_it_back(operator: FakeFleet, visit: Opener) -> None:
    page = visit("/fleet/users", size="desktop")
    opener = page.get_by_role("button", name="Ny bruker")
    opener.focus()
    page.keyboard.press("Enter")
    box = page.get_by_role("dialog")
    expect(box.get_by_label("Brukernavn")).to_be_focused()
    inside = (
        "document.activeElement === document.body || !!document.activeElement.closest('dialog')"
    )
    for _ in range(14):
        page.keyboard.press("Tab")
        assert page.evaluate(inside)
    page.keyboard.press("Escape")
    expect(box).to_have_count(0)
    expect(opener).to_be_focused()


def test_who_decides_by_keyboard_goes_on_with_the_next_card(busy: FakeFleet, visit: Opener) -> None:
    page = visit(size="till")
    expect(page.locator(CARDS)).to_have_count(2)
    page.get_by_role("button", name="Det er greit, Kasse 5").focus()
    page.keyboard.press("Enter")
    expect(page.locator(CARDS)).to_have_count(1)
    expect(page.locator(".card .head")).to_be_focused()
    page.get_by_role("button", name="Nei, fjern, Kasse 2").focus()
    page.keyboard.press("Enter")
    expect(page.locator(CARDS)).to_have_count(0)
    expect(page.get_by_role("heading", name="Ingen venter")).to_be_focused()


def test_an_answer_in_the_drawer_leaves_the_focus_in_the_drawer(
    busy: FakeFleet, visit: Opener
) -> None:
    page = visit(size="till")
    page.locator(CARDS).first.locator(".head").press("Enter")
    drawer = page.get_by_role("dialog", name="Kasse 2")
    drawer.get_by_role("button", name="Nei, fjern").press("Enter")
    expect(drawer.get_by_role("button", name="Nei, fjern")).to_have_count(0)
    expect(drawer.get_by_role("button", name="Lukk")).to_be_focused()


@pytest.mark.parametrize("size", ["narrow", "zoomed"])
def test_nothing_has_to_be_scrolled_sideways(operator: FakeFleet, visit: Opener, size: str) -> None:
    page = visit("/board", size=size)
    server = page.url.removesuffix("/board")
    fits = "document.documentElement.scrollWidth <= innerWidth"
    expect(page.locator(CARDS)).to_have_count(2)
    assert page.evaluate(fits)
    page.locator(CARDS).first.locator(".head").click()
    box = page.get_by_role("dialog")
    assert box.evaluate("one => one.scrollWidth <= one.clientWidth")
    for path, ready in PAGES.items():
        page.goto(server + path)
        expect(page.locator(ready).first).to_be_visible()
        assert page.evaluate(fits), path


def test_what_counts_is_not_read_aloud(busy: FakeFleet, visit: Opener) -> None:
    page = visit(size="till")
    time = page.locator(".counts > span").first
    expect(page.locator(CARDS)).to_have_count(2)
    page.evaluate(
        """() => {
            window.said = [];
            const look = new MutationObserver((all) => all.forEach((one) => {
                const spoken = "[role=status], [role=alert], [aria-live]";
                const live = one.target.parentElement?.closest(spoken);
                if (live?.textContent) window.said.push(live.textContent);
            }));
            look.observe(document.body, {subtree: true, childList: true, characterData: true});
        }"""
    )
    for _ in range(2):
        expect(time).not_to_have_text(time.inner_text())
    busy.change(f"{STORE}/kasse-1", item_count=7, total_minor=20_000)
    expect(page.locator(".tile").first).to_contain_text("200,00")
    assert page.evaluate("window.said") == []


def test_of_several_new_calls_each_is_said_once(fleet: FakeFleet, visit: Opener) -> None:
    page = visit()
    expect(page.locator(".tile")).to_have_count(8)
    both = [bag(5, seconds=0), beer(2, seconds=1)]
    fleet.calls = {call.id: call for call in both}
    fleet.push("interventions", both)
    expect(page.locator("p[role=status]")).to_have_text(
        "Kasse 5 venter: Posen er for tung. Kasse 2 venter: Alder 18: Pilsner"
    )


def test_less_motion_is_no_motion(busy: FakeFleet, visit: Opener) -> None:
    page = visit()
    page.emulate_media(reduced_motion="reduce")
    busy.raise_call(bag(4, id="new", seconds=0))
    expect(page.locator(CARDS)).to_have_count(3)
    moves = "one => getComputedStyle(one).animationName"
    assert page.locator(CARDS).last.evaluate(moves) == "none"
    page.emulate_media(reduced_motion="no-preference")
    assert page.locator(CARDS).last.evaluate(moves) == "arrive"
