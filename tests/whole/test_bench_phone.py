"""The phone of the device bench's page, in a real browser: it scans the kiosk's screen and pays.

The code is read from the picture of the glass on the page, as a phone's camera would.
"""

import io
from collections.abc import Iterator

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page, expect

from drivers.sim.control import RemoteError
from kiosk.app.far_ends import STAFFED_TILL
from kiosk.app.scenes.wallets import taken_by_wallet_minor
from kiosk.app.shopper import Shopper
from kiosk.app.store import Store
from kiosk.app.store_config import Sections
from kiosk.engine.view import Notice, Screen
from tests.whole.test_bench_page import address, page, shopper

__all__ = ["address", "page", "shopper"]

MILK_MINOR = 2390


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with Store(
        folder=tmp_path_factory.mktemp("store"),
        far_ends=(*STAFFED_TILL, "vipps"),
        sections=Sections(selling="thanks_s = 1\nreceipt_s = 1\n"),
    ) as running:
        yield running


@pytest.fixture
def code(page: Page, shopper: Shopper) -> str:
    """A shopper with one milk who has chosen Vipps: what the code on the glass says."""
    view = shopper.store.glass.view()
    if view.screen is not Screen.PAY:
        shopper.wait_for_screen(Screen.START)
        page.get_by_role("button", name="Lettmelk 1 l EAN-13").click()
        shopper.wait_for("the milk", lambda v: bool(v.lines))
        expect(page.locator("#things")).to_contain_text("Lettmelk 1 l")
        shopper.press("Betal")
        shopper.wait_for_screen(Screen.BAGS)
        shopper.press("Betal uten pose")
        shopper.wait_for_screen(Screen.PAY)
    shopper.press("Vipps")
    shopper.wait_for("a code", lambda v: bool(v.wallet and v.wallet.qr_text))
    expect(page.get_by_role("button", name="Scan the screen")).to_be_visible()
    shopper.settle()
    return read_code(shopper)


def read_code(shopper: Shopper) -> str:
    """Read the code on the glass as a camera sees it."""
    frame = shopper.store.glass.next_frame(-1, timeout_s=4.0)
    assert frame is not None
    found = zxingcpp.read_barcodes(Image.open(io.BytesIO(frame[1])).convert("RGB"))
    (qr,) = [one.text for one in found if one.format is zxingcpp.BarcodeFormat.QRCode]
    return str(qr)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def taken(store: Store) -> int:
    return taken_by_wallet_minor("vipps", store)


def test_the_phone_reads_the_screen_approves_and_the_money_is_taken(
    page: Page, shopper: Shopper, code: str
) -> None:
    before = taken(shopper.store)
    assert code == shopper.store.far_end("vipps").call("scan"), "another payment's code"
    expect(page.locator("#phone-state")).to_have_text("Vipps: camera")
    expect(page.get_by_role("button", name="Approve", exact=True)).to_have_count(0)
    press(page, "Scan the screen")
    expect(page.locator("#phone-state")).to_have_text("Vipps: asks for approval")
    press(page, "Approve")
    shopper.wait_for_screen(Screen.START)
    assert taken(shopper.store) - before == MILK_MINOR
    expect(page.locator("#phone-state")).to_have_text("Nothing to pay")


def test_a_no_on_the_phone_takes_nothing_and_the_next_code_is_another(
    page: Page, shopper: Shopper, code: str
) -> None:
    before = taken(shopper.store)
    press(page, "Scan the screen")
    press(page, "Decline")
    shopper.wait_for_screen(Screen.PAY)
    assert taken(shopper.store) == before
    shopper.press("Vipps")
    shopper.wait_for("a code", lambda v: bool(v.wallet and v.wallet.qr_text))
    shopper.settle()
    assert read_code(shopper) != code
    expect(page.locator("#phone-state")).to_have_text("Vipps: camera")
    press(page, "Scan the screen")
    press(page, "Approve")
    shopper.wait_for_screen(Screen.START)
    assert taken(shopper.store) - before == MILK_MINOR


def test_a_phone_that_is_too_late_pays_nothing_and_the_shopper_is_told(
    page: Page, shopper: Shopper, code: str
) -> None:
    before = taken(shopper.store)
    press(page, "Scan the screen")
    press(page, "Let it expire")
    view = shopper.wait_for_screen(Screen.PAY)
    assert view.notice is not Notice.NONE
    expect(page.locator("#phone-state")).to_have_text("Nothing to pay")
    with pytest.raises(RemoteError):
        shopper.store.far_end("vipps").call("approve")
    assert taken(shopper.store) == before
