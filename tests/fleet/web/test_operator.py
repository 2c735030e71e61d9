"""The operator's view in a real browser: ten thousand kiosks, one of them, and what is wrong."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from kiosk.fleet.api import types as ty
from kiosk.fleet.api.more_types import Severity
from kiosk.fleet.pages import CHARTS
from tests.fleet.web.conftest import Opener
from tests.fleet.web.fake import FakeFleet, an_alert, bag, beer, row
from tests.fleet.web.fake_operator import a_rollout

MANY = 10_000
ROWS = ".scroller .row:not([hidden])"
ROW_PX = 56


def many() -> list[ty.KioskRow]:
    """Five hundred stores of twenty kiosks; one in a hundred is offline."""
    rows = []
    for number in range(MANY):
        lost = number % 100 == 99
        offline = {"online": False, "mode": "lost", "condition": "offline"} if lost else {}
        rows.append(row(number % 20 + 1, store=f"butikk-{number // 20:03}", **offline))
    return rows


@pytest.fixture(scope="module")
def ten_thousand() -> list[ty.KioskRow]:
    return many()


@pytest.fixture
def fleet(only_fleet: FakeFleet) -> FakeFleet:
    only_fleet.reset()
    only_fleet.user = ty.User(name="ola", display_name="Ola", role=ty.Role.ADMIN)
    return only_fleet


@pytest.fixture
def chain(fleet: FakeFleet, ten_thousand: list[ty.KioskRow]) -> FakeFleet:
    fleet.rows = {one.key: one for one in ten_thousand}
    return fleet


def open_table(visit: Opener) -> Page:
    page = visit("/fleet", size="desktop")
    expect(page.locator(".end")).to_contain_text("Viser 10 000 av 10 000")
    return page


@pytest.fixture
def table(chain: FakeFleet, visit: Opener) -> Iterator[Page]:
    return open_table(visit)


def test_ten_thousand_rows_are_48_nodes_wherever_one_scrolls(table: Page) -> None:
    expect(table.get_by_role("heading", level=1)).to_have_text("10 000 kasser, 9 900 i orden")
    for place in (0, 100_000, 300_000, 10_000 * ROW_PX):
        table.locator(".scroller").evaluate("(node, top) => { node.scrollTop = top; }", place)
        seen = f"{ROWS} >> visible=true"
        expect(table.locator(seen).first).to_be_visible()
        assert table.locator(".scroller .row").count() == 48
    last = table.locator('.row[aria-rowindex="10001"]')
    expect(last).to_contain_text("Kasse 19")
    expect(table.locator("[role=table]")).to_have_attribute("aria-rowcount", "10001")


def test_what_needs_something_stands_first(table: Page) -> None:
    first = table.locator('.row[aria-rowindex="2"]')
    expect(first).to_contain_text("Svarer ikke")
    expect(table.locator('.row[aria-rowindex="3"]')).to_contain_text("Svarer ikke")


def test_search_filters_and_sort(table: Page) -> None:
    table.get_by_role("searchbox").fill("BUTIKK-123 kasse-7")
    expect(table.locator(".end")).to_contain_text("Viser 1 av 10 000")
    expect(table.locator('.row[aria-rowindex="2"]')).to_contain_text("Kasse 7")
    table.get_by_role("searchbox").fill("finnes ikke")
    expect(table.locator(".end")).to_have_text("Ingen kasser passer til dette")
    table.get_by_role("searchbox").fill("")
    table.get_by_role("button", name="Trenger noe 100").click()
    expect(table.locator(".end")).to_contain_text("Viser 100 av 10 000")
    table.get_by_label("Alle butikker").select_option("naermat/butikk-004")
    expect(table.locator(".end")).to_contain_text("Viser 1 av 10 000")
    table.get_by_role("button", name=re.compile("^Alle 10")).click()
    expect(table.locator(".end")).to_contain_text("Viser 20 av 10 000")
    table.get_by_role("button", name="Salg i dag, kr").click()
    expect(table.locator('.row[aria-rowindex="2"]')).to_contain_text("Kasse 20")
    table.get_by_role("button", name="Salg i dag, kr").click()
    expect(table.locator('.row[aria-rowindex="2"]')).to_contain_text("Kasse 1")


def test_kiosks_are_gathered_under_their_stores(table: Page) -> None:
    table.get_by_label("Samle etter").select_option("store")
    expect(table.locator("[role=table]")).to_have_attribute("aria-rowcount", "501")
    # The store with trouble stands first, by its name among the others with trouble.
    head = table.locator('.row[aria-rowindex="2"]')
    expect(head).to_contain_text("Butikk-004")
    expect(head).to_contain_text("20 kasser")
    expect(head).to_contain_text("1 trenger noe")
    opener = head.get_by_role("button", name="Butikk-004")
    expect(opener).to_have_attribute("aria-expanded", "false")
    opener.press("Enter")
    expect(opener).to_have_attribute("aria-expanded", "true")
    expect(opener).to_be_focused()
    expect(table.locator("[role=table]")).to_have_attribute("aria-rowcount", "521")
    expect(table.locator('.row[aria-rowindex="3"]')).to_contain_text("Svarer ikke")
    expect(table.locator('.row[aria-rowindex="23"]')).to_contain_text("Butikk-009")
    assert table.url.endswith("?by=store")
    table.reload()
    expect(table.locator("[role=table]")).to_have_attribute("aria-rowcount", "501")
    table.get_by_label("Samle etter").select_option("state")
    expect(table.locator('.row[aria-rowindex="3"]')).to_contain_text("9 900 kasser")


def test_a_change_far_down_moves_up_when_it_needs_something(chain: FakeFleet, table: Page) -> None:
    key = "naermat/butikk-400/kasse-5"
    chain.change(key, condition="waiting", waiting=["x"])
    first = table.locator('.row[aria-rowindex="2"]')
    expect(first).to_contain_text("Venter")
    expect(first).to_contain_text("Kasse 5")
    expect(table.get_by_role("button", name="Trenger noe 101")).to_be_visible()


def test_the_table_is_walked_by_arrow_keys(table: Page) -> None:
    table.locator('.row[aria-rowindex="2"] a').focus()
    for _ in range(3):
        table.keyboard.press("ArrowDown")
    expect(table.locator('.row[aria-rowindex="5"] a')).to_be_focused()
    table.keyboard.press("End")
    expect(table.locator('.row[aria-rowindex="10001"] a')).to_be_focused()
    table.keyboard.press("Home")
    table.keyboard.press("PageDown")
    table.keyboard.press("ArrowUp")
    wanted = table.evaluate("document.activeElement.getAttribute('href')")
    table.keyboard.press("Enter")
    expect(table).to_have_url(re.compile(re.escape(wanted) + "$"))
    expect(table.get_by_role("heading", level=1)).to_be_focused()


def test_going_back_brings_the_search_back(table: Page) -> None:
    table.get_by_role("searchbox").fill("butikk-077")
    expect(table.locator(".end")).to_contain_text("Viser 20 av")
    table.locator('.row[aria-rowindex="2"]').click()
    expect(table.get_by_role("heading", name=re.compile("Butikk-077, kasse"))).to_be_visible()
    table.go_back()
    expect(table.get_by_role("searchbox")).to_have_value("butikk-077")
    expect(table.locator(".end")).to_contain_text("Viser 20 av")


def test_the_table_as_a_file_has_no_formulas(fleet: FakeFleet, visit: Opener) -> None:
    key = "naermat/torshov/kasse-1"
    fleet.rows[key] = fleet.rows[key].model_copy(update={"name": "=2+2;x"})
    page = visit("/fleet", size="desktop")
    expect(page.locator(".end")).to_contain_text("Viser 8 av 8")
    with page.expect_download() as started:
        page.get_by_role("button", name="Last ned").click()
    text = started.value.path().read_text("utf-8-sig")
    lines = text.splitlines()
    assert lines[0].startswith("Butikk;Kasse;Tilstand")
    assert len(lines) == 9
    assert '"\'=2+2;x"' in text


def test_one_kiosk_tells_its_devices_day_and_versions(fleet: FakeFleet, visit: Opener) -> None:
    page = visit("/fleet/kiosk/naermat/torshov/kasse-8", size="desktop")
    expect(page.get_by_role("heading", name="Torshov, kasse 8")).to_be_visible()
    expect(page.locator(".devices li").nth(1)).to_contain_text("Kortterminal")
    expect(page.locator(".devices li").nth(1)).to_contain_text("Borte")
    expect(page.locator(".facts")).to_contain_text("Hel, 18 204")
    expect(page.locator(".events li").first).to_contain_text("Oppvaskmiddel 500 ml")
    expect(page.get_by_alt_text(re.compile("Kassens skjerm"))).to_be_visible()


def test_commands_are_asked_and_their_answer_is_told(fleet: FakeFleet, visit: Opener) -> None:
    page = visit("/fleet/kiosk/naermat/torshov/kasse-3", size="desktop")
    page.get_by_role("button", name="Start på nytt når ledig").click()
    expect(page.get_by_text("Gjort på Torshov, kasse 3")).to_be_visible()
    fleet.verdict = {"verdict": "not_now"}
    page.get_by_role("button", name="Ta dagsoppgjør").click()
    expect(page.get_by_text("Går ikke akkurat nå")).to_be_visible()
    page.get_by_role("button", name="Hent logg").click()
    fleet.verdict = {}
    page.get_by_role("button", name="Hent logg").click()
    expect(page.locator(".logs")).to_contain_text("<b>sale</b> closed")
    assert [kind for kind, _ in fleet.asked] == ["restart", "close_day", "logs", "logs"]


def test_a_viewer_has_no_commands(fleet: FakeFleet, visit: Opener) -> None:
    fleet.user = ty.User(name="eva", display_name="Eva", role=ty.Role.VIEWER)
    page = visit("/fleet/kiosk/naermat/torshov/kasse-3", size="desktop")
    expect(page.get_by_role("heading", name="Torshov, kasse 3")).to_be_visible()
    expect(page.locator("main").get_by_role("button")).to_have_count(0)
    expect(page.get_by_role("link", name="Revisjonslogg")).to_have_count(0)


def test_an_attendant_is_shown_the_board(fleet: FakeFleet, visit: Opener) -> None:
    fleet.user = ty.User(
        name="ingrid", display_name="Ingrid", role=ty.Role.ATTENDANT, stores=["naermat/torshov"]
    )
    page = visit("/fleet", size="desktop")
    expect(page.get_by_role("heading", name="Kassene på Torshov")).to_be_visible()


def test_a_kiosk_that_waits_says_so_on_its_page(fleet: FakeFleet, visit: Opener) -> None:
    fleet.calls = {"early": beer(id="early")}
    page = visit("/fleet/kiosk/naermat/torshov/kasse-2", size="desktop")
    troubles = page.get_by_role("list", name="Det som trenger noe")
    expect(troubles.get_by_text("Alder 18: Pilsner")).to_be_visible()
    fleet.raise_call(bag(2, id="late"))
    expect(troubles.get_by_text("Posen er for tung")).to_be_visible()
    fleet.settle("early", approved=False)
    expect(troubles.get_by_text("Alder 18: Pilsner")).to_be_hidden()
    expect(page.locator(".story").first).to_contain_text("Avvist av jonas")


def test_a_kiosks_health_and_what_was_asked_of_it(fleet: FakeFleet, visit: Opener) -> None:
    page = visit("/fleet/kiosk/naermat/torshov/kasse-2", size="desktop")
    health = page.locator(".vital")
    expect(health).to_have_count(4)
    expect(health.nth(0)).to_contain_text("stiplet: 75 °C")
    expect(health.nth(2)).to_contain_text("fra 169 MB til 171 MB")
    asked = page.locator(".asked-list li")
    expect(asked.nth(0)).to_contain_text("Hent bilde nå · ola")
    expect(asked.nth(1)).to_contain_text("Ikke akkurat da")


def test_alerts_are_seen_and_closed(fleet: FakeFleet, visit: Opener) -> None:
    key = "naermat/torshov/kasse-8"
    fleet.alerts = [
        an_alert(1, "device_lost", key, Severity.BAD, device="terminal"),
        an_alert(2, "disk", key, Severity.WARN, free_percent=4.2),
        an_alert(3, "a_rule_of_tomorrow", key, Severity.WARN),
    ]
    page = visit("/fleet/alerts", size="desktop")
    expect(page.locator(".alert").first).to_contain_text("Kortterminal nede")
    expect(page.get_by_text("4,2 %. Mindre plass")).to_be_visible()
    expect(page.get_by_text("Se på kassen")).to_be_visible()
    page.get_by_role("button", name="Jeg ser på det").first.click()
    expect(page.locator(".alert")).to_have_count(2)
    page.get_by_role("button", name="Sett 1").click()
    expect(page.locator(".alert")).to_contain_text("ola ser på det")
    page.get_by_role("button", name="Lukk varselet").click()
    expect(page.get_by_text("Alt er i orden.")).to_be_visible()
    expect(page.locator(".count")).to_have_text("2")


def test_a_new_alert_is_counted_on_every_page(fleet: FakeFleet, visit: Opener) -> None:
    page = visit("/fleet/reports", size="desktop")
    expect(page.get_by_text("8 kasser", exact=False).first).to_be_visible()
    fleet.push("alerts", [an_alert(9, "offline", "naermat/torshov/kasse-1", Severity.BAD)])
    expect(page.locator(".count")).to_have_text("1")


def test_the_log_of_what_people_did_is_in_words(fleet: FakeFleet, visit: Opener) -> None:
    page = visit("/fleet/audit", size="desktop")
    expect(page.locator("tbody tr").nth(0)).to_contain_text("Kontroller journalen")
    expect(page.locator("tbody tr").nth(1)).to_contain_text("Logget inn")


def test_a_rollout_is_stopped_from_its_card(fleet: FakeFleet, visit: Opener) -> None:
    fleet.rollouts = [a_rollout()]
    page = visit("/fleet/rollouts", size="desktop")
    expect(page.locator(".stages li").nth(1)).to_contain_text("12 av 34 har den")
    page.get_by_role("button", name="Stopp", exact=True).click()
    expect(page.get_by_text("Stoppet", exact=True)).to_be_visible()


@pytest.mark.skipif(not CHARTS.exists(), reason="uPlot: run `make web` first")
def test_charts_are_drawn_and_have_their_figures_as_a_table(
    fleet: FakeFleet, visit: Opener
) -> None:
    page = visit("/fleet/reports", size="desktop")
    expect(page.locator(".chart-box canvas")).to_have_count(6)
    expect(page.get_by_role("img", name=re.compile("Hvor mye selger vi.* Fra"))).to_be_visible()
    page.locator("details").first.locator("summary").click()
    expect(page.locator("details").first.locator("tbody tr")).to_have_count(7)
    # Sales and their number are on different scales: one is drawn, both stand in the table.
    first = page.locator("details").first.locator("tbody tr").first
    expect(first.locator("td").nth(0)).to_contain_text("kr")
    expect(first.locator("td").nth(1)).to_have_text("30")
    page.get_by_role("button", name="30 dager").click()
    expect(page.locator("details").first.locator("tbody tr")).to_have_count(30)


def test_without_the_chart_library_the_figures_are_tables(fleet: FakeFleet, visit: Opener) -> None:
    page = visit("/fleet", size="desktop")
    page.route("**/static/charts/**", lambda route: route.fulfill(status=404))
    page.get_by_role("link", name="Rapporter").click()
    expect(page.get_by_text("Diagrammene er ikke installert her").first).to_be_visible()
    expect(page.locator("details tbody tr").first).to_be_visible()
