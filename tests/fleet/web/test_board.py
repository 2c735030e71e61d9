"""The attendant's board in a real browser: who waits, one tap, what stands, what is offline."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from kiosk.fleet.api import types as ty
from tests.fleet.web.conftest import Opener, told, watch
from tests.fleet.web.fake import FakeFleet, bag, beer, row

CARDS = "[aria-labelledby=waiting-title] > li"


def card(page: Page, number: int) -> object:
    return page.locator(CARDS).nth(number)


@pytest.fixture
def waiting(fleet: FakeFleet) -> FakeFleet:
    fleet.calls = {call.id: call for call in (bag(), beer())}
    return fleet


def test_who_waits_longest_stands_first_and_the_seconds_count(
    waiting: FakeFleet, visit: Opener
) -> None:
    page = visit()
    expect(page.get_by_role("heading", name="2 venter på deg")).to_be_visible()
    titles = page.locator(f"{CARDS} strong").all_inner_texts()
    assert titles == ["Alder 18: Pilsner", "Posen er for tung"]
    time = page.locator(".counts").first
    expect(time).to_have_text(re.compile(r"0:(4[89]|5\d)"))
    before = time.inner_text()
    expect(time).not_to_have_text(before)


def test_one_tap_decides_and_the_card_says_how_it_ended(waiting: FakeFleet, visit: Opener) -> None:
    page = visit()
    watch(page)
    page.get_by_role("button", name="Det er greit, Kasse 5").click()
    told(page, "Godkjent av ingrid")
    expect(page.get_by_text("Posen er for tung")).to_be_hidden()
    expect(page.get_by_role("heading", name="1 venter på deg")).to_be_visible()
    [(kind, asked)] = waiting.asked
    assert (kind, asked["id"], asked["approved"]) == ("decide", "sale-5-1", True)


def test_a_double_tap_is_one_decision(waiting: FakeFleet, visit: Opener) -> None:
    page = visit()
    page.get_by_role("button", name="Det er greit, Kasse 5").dblclick()
    expect(page.get_by_text("Posen er for tung")).to_be_hidden()
    assert len(waiting.asked) == 1


def test_the_same_answer_tried_again_is_the_same_decision(
    waiting: FakeFleet, visit: Opener
) -> None:
    waiting.verdict = {"state": "sent", "verdict": ""}
    page = visit()
    yes = page.get_by_role("button", name="Det er greit, Kasse 5")
    yes.click()
    expect(page.get_by_text("Kassen har ikke svart")).to_be_visible()
    waiting.verdict = {"verdict": "taken"}
    yes.click()
    expect(page.get_by_text("Sender …")).to_be_hidden()
    first, second = [asked["decision_id"] for _, asked in waiting.asked]
    assert first == second


def test_alcohol_can_be_refused_from_here_but_approved_only_at_the_kiosk(
    waiting: FakeFleet, visit: Opener
) -> None:
    page = visit()
    first = page.locator(CARDS).first
    expect(first).to_contain_text("Bare ved kassen")
    expect(first.get_by_role("button", name="Ja, over 18")).to_have_count(0)
    watch(page)
    page.get_by_role("button", name="Nei, fjern, Kasse 2").click()
    told(page, "Avvist av ingrid")
    assert waiting.asked[0][1]["approved"] is False


def test_i_am_coming_is_told_to_the_kiosk_and_to_me(waiting: FakeFleet, visit: Opener) -> None:
    page = visit()
    page.get_by_role("button", name="Jeg kommer, Kasse 2").click()
    expect(page.get_by_text("Du er på vei. Kunden ser det.")).to_be_visible()
    assert waiting.asked == [("seen", {"key": "naermat/torshov/kasse-2", "name": "Ingrid"})]


def test_the_second_to_decide_is_told_what_stands(waiting: FakeFleet, visit: Opener) -> None:
    stands = {"approved": False, "attendant_id": "jonas", "where": "kiosk"}
    waiting.verdict = {"verdict": "stands", "data": stands}
    page = visit()
    page.get_by_role("button", name="Det er greit, Kasse 5").click()
    expect(page.get_by_text("jonas var først: avvist. Det står.")).to_be_visible()


def test_a_call_that_somebody_else_settles_says_who_before_it_goes(
    waiting: FakeFleet, visit: Opener
) -> None:
    page = visit()
    expect(page.locator(CARDS)).to_have_count(2)
    watch(page)
    waiting.settle("sale-5-1", by="jonas")
    told(page, "Godkjent av jonas")
    expect(page.get_by_role("button", name="Det er greit, Kasse 5")).to_be_hidden()
    expect(page.locator(CARDS)).to_have_count(1)


def test_a_new_call_comes_last_and_is_said_aloud(waiting: FakeFleet, visit: Opener) -> None:
    page = visit()
    expect(page.locator(CARDS)).to_have_count(2)
    waiting.raise_call(bag(4, seconds=0, kind="help", reason="price", line=None))
    expect(page.locator(CARDS).nth(2)).to_contain_text("Kunden ber om hjelp")
    expect(page.locator("p.out-of-sight")).to_have_text("Kasse 4 venter: Kunden ber om hjelp")
    expect(page).to_have_title("(3) Kassene på Torshov")


def test_a_shopper_who_calls_is_seen_though_nothing_stops_for_it(
    fleet: FakeFleet, visit: Opener
) -> None:
    fleet.calls = {"x": bag(3, id="x", kind="help", policy="noted", may_refuse=False)}
    page = visit()
    expect(page.locator(CARDS)).to_have_count(1)
    expect(page.locator(CARDS)).to_contain_text("Kunden ber om hjelp")


def test_a_call_that_is_only_noted_calls_nobody(fleet: FakeFleet, visit: Opener) -> None:
    fleet.calls = {"x": bag(1, id="x", policy="noted")}
    page = visit()
    expect(page.get_by_role("heading", name="Ingen venter")).to_be_visible()
    expect(page.locator(CARDS)).to_have_count(0)


def test_sound_and_buzz_come_with_a_new_call_after_the_first_touch(
    fleet: FakeFleet, visit: Opener
) -> None:
    page = visit()
    page.evaluate(
        """() => {
            window.buzzes = 0; window.notes = [];
            navigator.vibrate = () => { window.buzzes += 1; return true; };
            const start = OscillatorNode.prototype.start;
            OscillatorNode.prototype.start = function (...at) {
                window.notes.push(this.frequency.value); return start.apply(this, at);
            };
        }"""
    )
    expect(page.get_by_role("button", name="Trykk her for å høre når noen venter")).to_be_visible()
    page.get_by_role("heading", level=1).click()
    expect(page.get_by_role("button", name="Lyd er på")).to_be_visible()
    fleet.raise_call(bag())
    expect(page.locator(CARDS)).to_have_count(1)
    page.wait_for_function("window.buzzes > 0 && window.notes.length > 1")
    assert page.evaluate("[window.buzzes, window.notes.map(Math.round)]") == [1, [523, 659]]


def test_the_sale_is_one_tap_away_with_its_lines(waiting: FakeFleet, visit: Opener) -> None:
    page = visit()
    page.locator(CARDS).first.locator(".head").click()
    drawer = page.get_by_role("dialog", name="Kasse 2")
    expect(drawer).to_contain_text("Bananer")
    expect(drawer).to_contain_text("842 g")
    expect(drawer).to_contain_text("281,75 kr")
    drawer.get_by_role("button", name="Fjern Pilsner").click()
    expect(page.get_by_text("Gjort på Kasse 2")).to_be_visible()
    kind, asked = waiting.asked[0]
    assert (kind, asked["sale_id"], asked["line_id"]) == ("void_line", "sale-2", 3)


def test_a_sale_is_cancelled_by_two_touches_not_by_a_double_tap(
    waiting: FakeFleet, visit: Opener
) -> None:
    page = visit()
    page.locator(CARDS).first.locator(".head").click()
    page.get_by_role("button", name="Avbryt handelen").dblclick()
    sure = page.get_by_role("button", name="Ja, avbryt 281,75 kr")
    expect(sure).to_be_visible()
    assert waiting.asked == []
    expect(sure).not_to_have_attribute("aria-disabled", "true")
    sure.click()
    expect(page.get_by_text("Gjort på Kasse 2")).to_be_visible()
    assert waiting.asked[0][0] == "void_sale"


@pytest.mark.parametrize(
    ("number", "fields", "label", "kind", "args"),
    [
        (1, {}, "Ta pause", "pause", {"on": True}),
        (1, {"mode": "paused"}, "Ta imot", "pause", {"on": False}),
        (1, {}, "Steng når ledig", "close", {}),
        (1, {"mode": "closed"}, "Åpne", "open", {}),
    ],
)
def test_a_kiosk_is_paused_opened_and_closed_from_its_tile(
    fleet: FakeFleet,
    visit: Opener,
    number: int,
    fields: dict[str, str],
    label: str,
    kind: str,
    args: dict[str, bool],
) -> None:
    key = f"naermat/torshov/kasse-{number}"
    fleet.rows[key] = fleet.rows[key].model_copy(update=fields)
    page = visit()
    page.locator(".tile").first.click()
    page.get_by_role("dialog").get_by_role("button", name=label).click()
    expect(page.get_by_text("Gjort på Kasse 1")).to_be_visible()
    assert fleet.asked == [(kind, {"key": key, **args})]


def test_on_a_till_a_tool_is_picked_up_and_put_on_a_kiosk(fleet: FakeFleet, visit: Opener) -> None:
    page = visit(size="till")
    page.locator(".tools").get_by_role("button", name="Steng når ledig").click()
    expect(page.get_by_role("heading", name="Trykk på kassen som skal stenges")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Kasse 4 ")).click()
    expect(page.get_by_text("Gjort på Kasse 4")).to_be_visible()
    assert fleet.asked[0][0] == "close"


def test_every_tile_has_number_word_and_sign(fleet: FakeFleet, visit: Opener) -> None:
    page = visit(size="till")
    expect(page.locator(".tile")).to_have_count(8)
    chips = page.locator(".tile .chip").all_inner_texts()
    free = ["Ledig", "Venter", "Ledig", "Lite papir", "Stengt"]
    assert chips == ["Skanner", "Venter", "Betaler", *free]
    signs = page.locator(".tile .chip use").evaluate_all(
        "all => all.map((one) => one.getAttribute('href').split('#')[1])"
    )
    assert len(signs) == 8
    assert set(signs) >= {"barcode", "credit-card", "circle", "receipt", "lock-simple"}


def test_a_tile_follows_its_kiosk(fleet: FakeFleet, visit: Opener) -> None:
    page = visit(size="till")
    tile = page.locator(".tile").nth(3)
    expect(tile).to_contain_text("Ledig")
    key = "naermat/torshov/kasse-4"
    fleet.change(key, phase="shopping", item_count=3, total_minor=9950)
    expect(tile).to_contain_text("99,50")
    fleet.change(key, online=False, mode="lost")
    expect(tile).to_contain_text("Svarer ikke")


@pytest.mark.parametrize(
    ("count", "size"), [(1, "phone"), (40, "phone"), (1, "till"), (40, "till")]
)
def test_one_kiosk_and_forty_fit_without_sideways_scrolling(
    fleet: FakeFleet, visit: Opener, count: int, size: str
) -> None:
    rows = [row(number) for number in range(1, count + 1)]
    fleet.rows = {one.key: one for one in rows}
    page = visit(size=size)
    expect(page.locator(".tile")).to_have_count(count)
    numbers = page.locator(".tile .number > :last-child").all_inner_texts()
    assert numbers == [str(n) for n in range(1, count + 1)]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    inside = "tiles => tiles.every((one) => one.scrollWidth <= one.clientWidth)"
    assert page.locator(".tile").evaluate_all(inside)


def test_it_says_clearly_when_it_is_offline_and_sends_nothing(
    waiting: FakeFleet, visit: Opener
) -> None:
    page = visit()
    expect(page.locator(CARDS)).to_have_count(2)
    waiting.cut_off()
    expect(page.get_by_role("alert")).to_contain_text("Du er ikke tilkoblet")
    expect(page.get_by_role("alert")).to_contain_text("Gå til kassene selv")
    yes = page.get_by_role("button", name="Det er greit, Kasse 5")
    expect(yes).to_have_attribute("aria-disabled", "true")
    yes.click(force=True)
    assert waiting.asked == []
    waiting.cut = False
    expect(page.get_by_role("alert")).to_be_hidden()
    expect(yes).not_to_have_attribute("aria-disabled", "true")


def test_after_a_cut_the_lists_are_what_the_server_says_now(
    waiting: FakeFleet, visit: Opener
) -> None:
    page = visit()
    expect(page.locator(CARDS)).to_have_count(2)
    waiting.cut_off()
    expect(page.get_by_role("alert")).to_be_visible()
    waiting.calls.pop("sale-5-1")
    waiting.cut = False
    expect(page.locator(CARDS)).to_have_count(1)


def test_a_viewer_sees_and_decides_nothing(waiting: FakeFleet, visit: Opener) -> None:
    waiting.user = ty.User(name="eva", display_name="Eva", role=ty.Role.VIEWER)
    page = visit()
    expect(page.locator(CARDS)).to_have_count(2)
    expect(page.get_by_role("button", name="Det er greit, Kasse 5")).to_have_count(0)
    page.locator(".tile").first.click()
    expect(page.get_by_role("dialog").get_by_role("button")).to_have_count(1)


def test_signing_in_asks_again_after_a_wrong_password(fleet: FakeFleet, visit: Opener) -> None:
    fleet.signed_in = False
    page = visit()
    page.get_by_label("Brukernavn").fill("Ingrid")
    page.get_by_label("Passord").fill("wrong")
    page.get_by_role("button", name="Logg inn").click()
    expect(page.get_by_role("alert")).to_have_text("Navn eller passord er feil")
    page.get_by_label("Passord").fill("correct horse battery")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Kassene på Torshov")).to_be_visible()


def test_the_log_says_what_was_solved_how_and_how_fast(fleet: FakeFleet, visit: Opener) -> None:
    raised = datetime.now(UTC) - timedelta(seconds=60)
    settled = ty.Settled(
        approved=True,
        attendant_id="jonas",
        where="kiosk",
        resolved_at=(raised + timedelta(seconds=21)).isoformat(),
    )
    fleet.solved = [bag(4, raised_at=raised.isoformat(), settled=settled)]
    page = visit()
    page.get_by_role("button", name="Logg").click()
    line = page.locator(".log li")
    expect(line).to_contain_text("Kasse 4 · Posen er for tung")
    expect(line).to_contain_text("Godkjent av jonas · 21 sekunder")


def test_who_is_known_only_at_the_kiosk_is_not_called_by_a_made_up_id(
    fleet: FakeFleet, visit: Opener
) -> None:
    raised, now = (datetime.now(UTC) - timedelta(seconds=s) for s in (9, 0))
    settled = ty.Settled(
        approved=True, attendant_id="s-17b9c64b", where="kiosk", resolved_at=now.isoformat()
    )
    fleet.solved = [bag(4, raised_at=raised.isoformat(), settled=settled)]
    page = visit()
    page.get_by_role("button", name="Logg").click()
    expect(page.locator(".log li")).to_contain_text("Godkjent ved kassen · 9 sekunder")


def test_names_are_text_and_never_markup(fleet: FakeFleet, visit: Opener) -> None:
    evil = "<img src=x onerror=alert(1)>"
    line = ty.SaleLine(line_id=1, name=evil, amount_minor=100)
    fleet.calls = {"a": bag(5, id="a", line=line, lines=[line])}
    page = visit()
    expect(page.locator(CARDS)).to_contain_text(evil)
    assert page.locator("#app img").count() == 0


def test_everything_is_reached_by_keyboard(waiting: FakeFleet, visit: Opener) -> None:
    page = visit(size="till")
    expect(page.locator(CARDS)).to_have_count(2)
    names = []
    for _ in range(24):
        page.keyboard.press("Tab")
        names.append(
            page.evaluate(
                "(document.activeElement.ariaLabel || document.activeElement.textContent).trim()"
            )
        )
    wanted = [
        "Hopp til innholdet",
        "Kasser",
        "Logg",
        "Ingrid",
        "Jeg kommer, Kasse 2",
        "Nei, fjern, Kasse 2",
        "Det er greit, Kasse 5",
        "Se over, Kasse 5",
        "Ta pause",
    ]
    places = [names.index(name) for name in wanted]
    assert places == sorted(places)
    page.keyboard.press("Shift+Tab")
    page.get_by_role("button", name="Se over, Kasse 5").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Kasse 5")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_role("button", name="Se over, Kasse 5")).to_be_focused()
