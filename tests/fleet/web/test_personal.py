"""What each does for oneself and for colleagues: password, notices, people, groups."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from kiosk.fleet.api import types as ty
from tests.fleet.web.conftest import PATIENCE_MS, UNHURRIED, Opener, told, watch
from tests.fleet.web.fake import PASSWORD, STORE, FakeFleet, bag

NEW = "en helt ny setning"
NOTICES = """async () => (await (await navigator.serviceWorker.ready).getNotifications())
    .map((one) => [one.tag, one.title, one.data.key])"""


@pytest.fixture
def admin(fleet: FakeFleet) -> FakeFleet:
    fleet.user = ty.User(name="ola", display_name="Ola", role=ty.Role.ADMIN)
    ingrid = ty.User(name="ingrid", display_name="Ingrid", role=ty.Role.ATTENDANT, stores=[STORE])
    fleet.people = [fleet.user, ingrid]
    return fleet


def open_password(page: Page) -> None:
    page.get_by_role("button", name="Ingrid", exact=True).click()
    page.get_by_role("button", name="Bytt passord").click()
    expect(page.get_by_role("dialog", name="Bytt passord")).to_be_visible()


def test_ones_own_password_is_changed_and_the_page_goes_on(fleet: FakeFleet, visit: Opener) -> None:
    fleet.calls = {"a": bag(5, id="a")}
    page = visit()
    open_password(page)
    page.get_by_label("Passordet du har nå").fill("noe annet")
    page.get_by_label("Nytt passord").fill(NEW)
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").filter(visible=True)).to_have_text(
        "Passordet du har nå, stemmer ikke"
    )
    assert fleet.password == PASSWORD
    page.get_by_label("Passordet du har nå").fill(PASSWORD)
    page.get_by_role("dialog").get_by_role("button", name="Bytt", exact=True).click()
    expect(page.get_by_text("Passordet er byttet")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("button", name="Bytt passord")).to_be_focused()
    assert fleet.password == NEW
    # The server gave another token with the new session: what is decided next is sent with it.
    page.get_by_role("button", name="Kasser", exact=True).click()
    watch(page)
    page.get_by_role("button", name="Det er greit, Kasse 5").click()
    told(page, "Godkjent av ingrid")


def test_a_password_is_seen_by_who_types_it_and_a_short_one_is_not_sent(
    fleet: FakeFleet, visit: Opener
) -> None:
    page = visit()
    open_password(page)
    new = page.get_by_label("Nytt passord")
    expect(new).to_have_attribute("type", "password")
    page.get_by_role("button", name="Vis det du skriver").last.click()
    expect(new).to_have_attribute("type", "text")
    page.get_by_label("Passordet du har nå").fill(PASSWORD)
    new.fill("kort")
    page.keyboard.press("Enter")
    assert new.evaluate("one => one.validity.tooShort")
    assert fleet.password == PASSWORD


def test_people_are_added_and_changed_by_an_admin(admin: FakeFleet, visit: Opener) -> None:
    page = visit("/fleet/users", size="desktop")
    page.get_by_role("button", name="Ny bruker").click()
    box = page.get_by_role("dialog", name="Ny bruker")
    box.get_by_label("Brukernavn").fill("jonas")
    box.get_by_label("Fornavn").fill("Jonas")
    box.get_by_label("Butikker").fill(f"{STORE}, naermat/bryggen")
    box.get_by_label("18 år eller eldre").check()
    box.get_by_label("Passord, minst ti tegn").fill(NEW)
    box.get_by_role("button", name="Lag bruker").click()
    expect(page.get_by_text("Jonas kan logge inn")).to_be_visible()
    made = admin.people[-1]
    assert (made.name, made.role, made.stores) == ("jonas", "attendant", [STORE, "naermat/bryggen"])
    assert made.of_age
    page.get_by_role("button", name="Endre: Jonas").click()
    box = page.get_by_role("dialog", name="Endre Jonas")
    box.get_by_label("Rolle").select_option("operator")
    box.get_by_label("Butikker").fill("")
    box.get_by_role("button", name="Lagre").click()
    expect(page.get_by_text("Jonas er endret")).to_be_visible()
    expect(page.locator("tr", has_text="jonas")).to_contain_text("Drift")
    asked, change = admin.asked[-1]
    assert asked == "change jonas"
    assert "password" not in change, "an empty field leaves the password as it is"
    page.get_by_role("button", name="Steng ute: Jonas").click()
    expect(page.locator("tr", has_text="jonas")).to_contain_text("Stengt ute")
    expect(page.get_by_role("button", name="Steng ute: Ola")).to_have_count(0)


def test_a_kiosk_is_put_into_another_group(admin: FakeFleet, visit: Opener) -> None:
    page = visit(f"/fleet/kiosk/{STORE}/kasse-3", size="desktop")
    expect(page.locator(".facts")).to_contain_text("Kasse-ID")
    page.get_by_role("button", name="Bytt gruppe").click()
    page.get_by_label("Gruppe", exact=True).fill("pilot")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Gruppen er byttet")).to_be_visible()
    expect(page.locator(".facts")).to_contain_text("pilot")
    assert admin.rows[f"{STORE}/kasse-3"].group == "pilot"


@pytest.fixture
def behind(browser: Browser, address: str) -> Iterator[BrowserContext]:
    """A phone whose owner lets the page notify."""
    context = browser.new_context(permissions=["notifications"])
    context.set_default_timeout(PATIENCE_MS)
    context.add_init_script(UNHURRIED)
    yield context
    context.close()


def test_a_page_behind_others_notifies_until_somebody_has_answered(
    fleet: FakeFleet, behind: BrowserContext, address: str
) -> None:
    page = behind.new_page()
    page.goto(address + "/board")
    expect(page.locator(".tile")).to_have_count(8)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    fleet.raise_call(bag(4, id="seen", seconds=0))
    expect(page.locator(".card")).to_have_count(1)
    assert page.evaluate(NOTICES) == [], "who looks at the page needs no notice"
    page.evaluate("Object.defineProperty(document, 'hidden', {get: () => true})")
    fleet.raise_call(bag(5, id="missed", seconds=0))
    wanted = ["missed", "Kasse 5 venter: Posen er for tung", f"{STORE}/kasse-5"]
    until(page, [wanted])
    worker = behind.service_workers[0]
    data = json.dumps({"address": f"/board/{STORE}", "key": wanted[2]})
    # Only a real touch may bring a page forward; what it is told is the same.
    worker.evaluate(f"bringForward({data}).then(() => true, () => true)")
    expect(page.get_by_role("dialog", name="Kasse 5")).to_be_visible()
    fleet.settle("missed")
    until(page, [])


def until(page: Page, notices: list[list[str]]) -> None:
    """Wait until these notices stand, and no others."""
    look = f"async (wanted) => JSON.stringify(await ({NOTICES})()) === JSON.stringify(wanted)"
    page.wait_for_function(look, arg=notices)


def test_where_the_browser_refuses_notices_the_page_says_so(
    fleet: FakeFleet, browser: Browser, address: str
) -> None:
    context = browser.new_context(service_workers="block")
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.add_init_script("Object.defineProperty(Notification, 'permission', {get: () => 'denied'})")
    page.goto(address + "/board")
    page.get_by_role("button", name="Ingrid", exact=True).click()
    expect(page.get_by_text("Nettleseren tillater ikke varsler herfra")).to_be_visible()
    expect(page.get_by_text("De kommer bare mens siden er åpen")).to_be_visible()
    context.close()
