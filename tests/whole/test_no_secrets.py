"""A full day with every means of payment, and then a search through all that it has left behind.

Logs, journal and every message to the fleet are read for whole card numbers (whatever passes the
Luhn check and begins like one), phone numbers, addresses of mail, gift cards and keys. The card
terminal is a careless one that sends whole card numbers and track data.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from drivers.deadline import SYSTEM_CLOCK, Deadline
from drivers.sim.terminal_faults import PAN_THAT_NOBODY_HAS
from kiosk.app.broker import Broker, mosquitto
from kiosk.app.far_ends import TILL
from kiosk.app.redaction import is_code_of_goods, passes_luhn
from kiosk.app.scenes.groceries import MILK
from kiosk.app.scenes.payers import pay_by_card
from kiosk.app.scenes.split import CARDS, pay_in_parts
from kiosk.app.scenes.wallets import NUMBER, pay_by_klarna, pay_by_strex, pay_by_vipps
from kiosk.app.shopper import Shopper
from kiosk.app.store import Store
from kiosk.app.store_config import Sections
from kiosk.engine.view import Screen
from kiosk.sale.events import Method
from kiosk.telemetry.topics import Address
from tests.telemetry.far_end import Pki
from tests.telemetry.far_end import Store as Listener

HERE = Address("naermat", "torshov", "nt-0477-03")
FAR_ENDS = (*TILL, "vipps", "klarna", "strex", "giftcard", "voucher")
DAY = (pay_by_card, pay_by_vipps, pay_by_klarna, pay_by_strex, pay_in_parts, pay_by_card)
PATIENCE_S = 60.0

CARD_LIKE = re.compile(r"(?<![0-9A-Za-z_-])[2-6]\d{3}(?:[ -]?\d){9,15}(?![0-9A-Za-z_-])")
PHONE = re.compile(rf"{NUMBER[:3]}[ -]?{NUMBER[3:5]}[ -]?{NUMBER[5:]}")
MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[a-z]{2,}")

pytestmark = pytest.mark.skipif(mosquitto() is None, reason="mosquitto is not installed")


def found_in(text: str, secrets: list[str]) -> list[str]:
    """Return what `text` must not have, each as a word that tells it without repeating it."""
    cards = [re.sub(r"\D", "", match) for match in CARD_LIKE.findall(text)]
    found = [
        f"card …{digits[-4:]}"
        for digits in cards
        if passes_luhn(digits) and not is_code_of_goods(digits)
    ]
    found += ["the phone number"] * bool(PHONE.search(text))
    found += [f"mail {match[:3]}…" for match in MAIL.findall(text)]
    return found + [f"secret {secret[:4]}…" for secret in secrets if secret in text]


@dataclass
class Day:
    store: Store
    heard: list[tuple[str, bytes, bool]]
    broker_log: Path


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    folder = tmp_path_factory.mktemp("day")
    pki = Pki(folder / "pki")
    public = folder / "fleet.pub"
    public.write_bytes(
        pki.signer.public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    certificate, key = pki.kiosk(HERE)
    with Broker(folder / "broker", pki.broker) as broker:
        listener = Listener(pki, broker)
        telemetry = f"""\
[telemetry]
tenant = "{HERE.tenant}"
store = "{HERE.store}"
host = "localhost"
port = {broker.kiosk_port}
ca = "{pki.authority.ca_path}"
certificate = "{certificate}"
key = "{key}"
fleet_keys = ["{public}"]
"""
        sections = Sections(selling="thanks_s = 1\nreceipt_s = 1\n", more=telemetry)
        with Store(folder=folder / "shop", far_ends=FAR_ENDS, sections=sections) as store:
            sell(store, folder)
            wait_until_told(store, listener)
            yield Day(store, listener.heard, folder / "broker")
        listener.close()


def sell(store: Store, folder: Path) -> None:
    """Let everybody of the day come, each paying in their way."""
    (folder / "album").mkdir()
    shopper = Shopper(store, folder / "album", tell=lambda _: None)
    for pay in DAY:
        shopper.wait_for_screen(Screen.START)
        for _ in range(5 if pay is pay_in_parts else 1):
            shopper.scan(MILK, "]E0")
        shopper.press("Betal")
        shopper.wait_for_screen(Screen.BAGS)
        shopper.press("Betal uten pose")
        shopper.wait_for_screen(Screen.PAY)
        store.far_end("terminal").call("answer_with_whole_card_number")
        pay(shopper)
    shopper.wait_for_screen(Screen.START)
    store.glass.close_day()


def wait_until_told(store: Store, listener: Listener) -> None:
    deadline = Deadline(SYSTEM_CLOCK, PATIENCE_S)
    with listener.changed:
        while not any(b"ZReportMade" in payload for _, payload, _ in listener.heard):
            assert not deadline.passed(), "the Z never reached the fleet"
            listener.changed.wait(0.2)


def secrets_of(day: Day) -> list[str]:
    """Return keys and whole numbers that were in use on this day."""
    secrets = [*CARDS, PAN_THAT_NOBODY_HAS]
    for path in day.store.folder.glob("*.keys"):
        secrets += [one for one in path.read_text("utf-8").split('"')[1::2] if len(one) > 12]
    secrets.append((day.store.folder / "passphrase").read_text("utf-8").strip())
    assert len(secrets) > 8
    return secrets


def test_fault_44_no_log_has_a_card_a_phone_a_mail_or_a_key(day: Day) -> None:
    secrets = secrets_of(day)
    logs = [*day.store.folder.glob("kiosk*.log"), *day.broker_log.glob("*.log")]
    assert any(path.stat().st_size > 1000 for path in logs)
    for path in logs:
        text = path.read_text("utf-8", errors="replace")
        assert found_in(text, secrets) == [], path.name


def test_fault_44_no_file_of_the_kiosks_data_has_one(day: Day) -> None:
    secrets = secrets_of(day)
    files = [path for path in day.store.data.rglob("*") if path.is_file()]
    assert any(path.name.startswith("journal.sqlite") for path in files)
    for path in files:
        if "catalog" in path.name or path.name == "signing-key":
            continue
        assert found_in(path.read_bytes().decode("latin-1"), secrets) == [], path.name


def test_fault_44_no_message_to_the_fleet_has_one(day: Day) -> None:
    secrets = secrets_of(day)
    assert len(day.heard) > 20
    for topic, payload, _ in day.heard:
        assert found_in(payload.decode("utf-8", errors="replace"), secrets) == [], topic


def test_the_day_had_every_means_of_payment(day: Day) -> None:
    """Else the search above proves little."""
    told = b"".join(payload for _, payload, _ in day.heard)
    wanted = (Method.CARD, Method.VIPPS, Method.KLARNA, Method.STREX, Method.GIFT_CARD)
    assert [one for one in wanted if f'"method":"{one}"'.encode() not in told] == []


@pytest.mark.parametrize(
    "text",
    [
        f"pan={PAN_THAT_NOBODY_HAS}",
        "4999 9900 0000 0007",
        f'{{"phone":"+47{NUMBER}"}}',
        "91234567",
        "912 34 567",
        "kari@example.no",
        "key s3cret-of-somebody",
    ],
)
def test_the_search_finds_what_it_looks_for(text: str) -> None:
    assert found_in(text, ["s3cret-of-somebody"])


def test_the_search_lets_codes_of_goods_and_hashes_pass() -> None:
    assert found_in("5449000131805 6a4999990000000007f0 2026-03-02T09:00:00", []) == []
