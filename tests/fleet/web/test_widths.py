"""Between the widths that have a design of their own nothing is cut off, covered or pushed out."""

import pytest
from playwright.sync_api import expect

from kiosk.fleet.api import types as ty
from kiosk.fleet.api.more_types import Severity
from tests.fleet.web.conftest import Opener
from tests.fleet.web.fake import STORE, FakeFleet, an_alert

WIDTHS = (830, 930, 1024, 1190, 1280, 1366, 1410, 1440, 1600, 1920)
CUT = """() => [...document.querySelectorAll(".table [role=columnheader], .table .chip span")]
    .filter((one) => one.offsetParent && one.scrollWidth > one.clientWidth + 1)
    .map((one) => one.textContent)"""
OUTSIDE = """() => {
    const leaves = (one, frame) => {
        const [inner, outer] = [one, frame].map((x) => x.getBoundingClientRect());
        return inner.width && (inner.right > outer.right + 1 || inner.left < outer.left - 1);
    };
    const frames = { "[role=columnheader]": ".table", ".spark": ".figure", ".alert *": ".alert" };
    return Object.entries(frames)
        .flatMap(([inner, outer]) => [...document.querySelectorAll(inner)]
            .filter((one) => one.checkVisibility() && leaves(one, one.closest(outer)))
            .map((one) => `${inner}: ${one.textContent}`));
}"""
COVERED = """() => [...document.querySelectorAll(".head button, .head a, .chips > *")]
    .filter((one) => {
        const { left, top, width, height } = one.getBoundingClientRect();
        const there = document.elementFromPoint(left + width / 2, top + height / 2);
        return one.checkVisibility() && there && !one.contains(there) && !there.contains(one);
    })
    .map((one) => one.textContent)"""


@pytest.fixture
def operator(fleet: FakeFleet) -> FakeFleet:
    fleet.user = ty.User(name="ola", display_name="Ola", role=ty.Role.ADMIN)
    fleet.alerts = [an_alert(1, "device_lost", f"{STORE}/kasse-8", Severity.BAD, device="terminal")]
    return fleet


def test_the_operators_first_page_fits_every_width(operator: FakeFleet, visit: Opener) -> None:
    page = visit("/fleet", size="desktop")
    expect(page.locator(".table .chip", has_text="Kortterminal nede")).to_be_visible()
    expect(page.locator(".figure .spark").first).to_be_visible()
    page.evaluate("() => document.fonts.ready.then(() => true)")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        page.wait_for_function("width => innerWidth === width", arg=width)
        found = {what: page.evaluate(look) for what, look in
                 (("cut", CUT), ("outside", OUTSIDE), ("covered", COVERED))}  # fmt: skip
        assert found == {"cut": [], "outside": [], "covered": []}, f"{width} px wide"


@pytest.mark.parametrize("path", ["/fleet/catalogs", "/fleet/audit", "/fleet/users"])
def test_no_word_of_a_table_is_parted_on_a_phone(
    operator: FakeFleet, visit: Opener, path: str
) -> None:
    page = visit(path, size="phone")
    expect(page.locator(".grid td").first).to_be_visible()
    page.evaluate("() => document.fonts.ready.then(() => true)")
    lines = """(cell) => {
        const range = document.createRange();
        range.selectNodeContents(cell);
        return new Set([...range.getClientRects()].map((one) => Math.round(one.top))).size;
    }"""
    for cell in page.locator(".grid thead th").all():
        assert cell.evaluate(lines) <= 1, cell.text_content()
