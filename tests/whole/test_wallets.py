"""Paying by phone over the real wires: kiosk, providers and printer as processes of their own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.contracts import WalletStep
from kiosk.app.bench.phone import NUMBER, Phone, PhoneRefused
from kiosk.app.far_ends import TILL
from kiosk.app.scenes.groceries import MILK
from kiosk.app.scenes.wallets import taken_by_wallet_minor
from kiosk.app.shopper import Shopper
from kiosk.app.store import Store
from kiosk.app.store_config import Sections
from kiosk.engine.view import Keys, Notice, Screen, Unavailable, View

WALLETS = ("vipps", "klarna", "strex")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with Store(
        folder=tmp_path_factory.mktemp("store"),
        far_ends=(*TILL, *WALLETS),
        sections=Sections(selling="thanks_s = 1\n"),
    ) as running:
        yield running


@pytest.fixture
def shopper(store: Store) -> Shopper:
    """Somebody in front of a kiosk that waits for them."""
    somebody = Shopper(store, store.folder, tell=lambda _: None)
    view = store.glass.view()
    if view.screen is Screen.RECEIPT:
        somebody.press("På papir")
    somebody.wait_for_screen(Screen.START)
    return somebody


@pytest.fixture
def phone(store: Store) -> Phone:
    return Phone(store)


def to_the_methods(shopper: Shopper) -> None:
    shopper.scan(MILK, "]E0")
    shopper.press("Betal")
    shopper.wait_for_screen(Screen.BAGS)
    shopper.press("Betal uten pose")
    shopper.wait_for_screen(Screen.PAY)


def take_paper(shopper: Shopper) -> None:
    shopper.wait_for_screen(Screen.RECEIPT)
    shopper.press("På papir")
    shopper.wait_for_screen(Screen.START)


def shows_a_code(view: View) -> bool:
    return view.wallet is not None and view.wallet.step is WalletStep.SCAN_QR


def total_minor(shopper: Shopper) -> int:
    return shopper.store.glass.view().totals.to_pay_minor


@pytest.mark.parametrize(("name", "tile"), [("vipps", "Vipps"), ("klarna", "Klarna")])
def test_the_phone_reads_the_screens_code_and_the_money_is_taken_at_hand_over(
    shopper: Shopper, phone: Phone, name: str, tile: str
) -> None:
    before = taken_by_wallet_minor(name, shopper.store)
    to_the_methods(shopper)
    price = total_minor(shopper)
    shopper.press(tile)
    with pytest.raises(PhoneRefused):
        phone.do("approve", shopper.wait_for("a code", shows_a_code))
    phone.do("scan", shopper.store.glass.view())
    phone.do("approve", shopper.store.glass.view())
    take_paper(shopper)
    assert taken_by_wallet_minor(name, shopper.store) - before == price


def test_number_and_code_are_typed_and_the_phone_bill_pays(shopper: Shopper, phone: Phone) -> None:
    before = taken_by_wallet_minor("strex", shopper.store)
    to_the_methods(shopper)
    price = total_minor(shopper)
    shopper.press("Strex")
    shopper.wait_for("keys", lambda v: v.wallet is not None and v.wallet.keys is Keys.PHONE)
    phone.do("number", shopper.store.glass.view())
    shopper.press("Ja, send koden")
    view = shopper.wait_for("keys", lambda v: bool(v.wallet and v.wallet.keys is Keys.CODE))
    assert view.wallet is not None
    assert view.wallet.masked_phone.endswith("67")
    phone.do("code", view)
    take_paper(shopper)
    assert taken_by_wallet_minor("strex", shopper.store) - before == price


def test_a_no_on_the_phone_leads_back_to_the_ways_to_pay_and_takes_nothing(
    shopper: Shopper, phone: Phone
) -> None:
    before = taken_by_wallet_minor("vipps", shopper.store)
    to_the_methods(shopper)
    shopper.press("Vipps")
    phone.do("scan", shopper.wait_for("a code", shows_a_code))
    phone.do("decline", shopper.store.glass.view())
    view = shopper.wait_for_screen(Screen.PAY)
    assert view.notice in (Notice.CANCELLED, Notice.DECLINED)
    shopper.press("Klarna")
    phone.do("scan", shopper.wait_for("a code", shows_a_code))
    phone.do("approve", shopper.store.glass.view())
    take_paper(shopper)
    assert taken_by_wallet_minor("vipps", shopper.store) == before


def test_a_power_cut_between_approval_and_answer_ends_in_a_receipt_and_one_capture(
    shopper: Shopper, phone: Phone
) -> None:
    store = shopper.store
    before = taken_by_wallet_minor("vipps", store)
    to_the_methods(shopper)
    price = total_minor(shopper)
    shopper.press("Vipps")
    phone.do("scan", shopper.wait_for("a code", shows_a_code))
    store.kill("kiosk")
    store.far_end("vipps").call("approve")
    store.restart_kiosk()
    take_paper(shopper)
    assert taken_by_wallet_minor("vipps", store) - before == price
    assert len({entry["reference"] for entry in store.far_end("vipps").call("books")}) == 2


def test_a_provider_that_is_gone_is_told_at_the_start_and_works_again_when_it_is_back(
    shopper: Shopper,
) -> None:
    store = shopper.store
    store.far_end("vipps").call("unplug")
    shopper.wait_for("the sentence", lambda v: Unavailable.OFFLINE in reasons(v))
    shopper.wait_for_text("Vipps virker ikke akkurat nå.")
    store.far_end("vipps").call("plug_in")
    shopper.wait_for("no sentence", lambda v: Unavailable.OFFLINE not in reasons(v))


def reasons(view: View) -> list[Unavailable]:
    return [one.unavailable for one in view.methods]


def test_no_number_key_or_payment_link_is_in_any_log_or_in_the_journal(store: Store) -> None:
    """Runs last in this file: everything above has left its traces."""
    secrets = [NUMBER, f"47{NUMBER}"]
    for name in WALLETS:
        keys = (store.folder / f"{name}.keys").read_text(encoding="utf-8")
        secrets += [text for text in keys.split('"')[1::2] if len(text) > 12]
    files = [store.folder / "kiosk.log", *journal_files(store)]
    for path in files:
        written = path.read_bytes()
        assert written, path
        found = [secret[:6] for secret in secrets if secret.encode() in written]
        found += ["a link"] if b"qr.vipps" in written or b"pay.klarna" in written else []
        assert found == [], path.name


def journal_files(store: Store) -> list[Path]:
    return [path for path in store.data.glob("journal.sqlite*") if path.stat().st_size]
