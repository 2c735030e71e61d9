"""A full day with every means of payment, and then a search through all that it has left behind.

Logs of kiosk, broker and the fleet's server, the journal, the fleet's database and every message
between them are read for whole card numbers (whatever passes the Luhn check and begins like one),
phone numbers, addresses of mail, gift cards and keys. The card terminal is a careless one that
sends whole card numbers and track data, and one receipt goes by SMS to a number that is typed.
"""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest

from drivers.deadline import SYSTEM_CLOCK, Deadline
from drivers.sim.sms_gateway import Message, SmsGatewaySim
from drivers.sim.terminal_faults import PAN_THAT_NOBODY_HAS
from kiosk.app.broker import mosquitto
from kiosk.app.far_ends import TILL
from kiosk.app.own_fleet import OwnFleet
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
from tests.telemetry.far_end import Store as Listener

FAR_ENDS = (*TILL, "vipps", "klarna", "strex", "giftcard", "voucher")
DAY = (pay_by_card, pay_by_vipps, pay_by_klarna, pay_by_strex, pay_in_parts, pay_by_card)
PATIENCE_S = 60.0
GATEWAY_KEY = "gateway-token-n5pQzGLpVVGb"

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
    fleet: OwnFleet
    heard: list[tuple[str, bytes, bool]]
    sms: list[Message]


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    folder = tmp_path_factory.mktemp("day")
    gateway = SmsGatewaySim(GATEWAY_KEY)
    with ExitStack() as running:
        running.callback(gateway.stop)
        fleet = running.enter_context(OwnFleet(folder / "fleet"))
        listener = Listener(certificates_of(fleet), fleet.broker, "listener")  # type: ignore[arg-type]
        running.callback(listener.close)
        sections = Sections(
            selling="receipt_s = 120\nthanks_s = 120\n",
            more=fleet.kiosk_section() + gateway_section(gateway, folder),
        )
        shop = Store(folder=folder / "shop", far_ends=FAR_ENDS, sections=sections)
        store = running.enter_context(shop)
        fleet.settle()
        sell(store, folder)
        wait_until_told(store, listener)
        yield Day(store, fleet, listener.heard, gateway.messages)


def certificates_of(fleet: OwnFleet) -> SimpleNamespace:
    """What a listener beside the fleet's own server needs to be let in."""
    pki = fleet.folder / "pki"
    authority = SimpleNamespace(ca_path=pki / "ca.pem")
    return SimpleNamespace(authority=authority, fleet=(pki / "fleet.pem", pki / "fleet.key"))


def gateway_section(gateway: SmsGatewaySim, folder: Path) -> str:
    key = folder / "gateway-key"
    key.touch(mode=0o600)
    key.write_text(GATEWAY_KEY)
    return f"""
[receipt_gateway]
route = "sms"
url = "{gateway.url}"
sender = "Selvkasse"
key = "{key}"
"""


def sell(store: Store, folder: Path) -> None:
    """Let everybody of the day come, each paying in their way; the last wants an SMS."""
    (folder / "album").mkdir()
    shopper = Shopper(store, folder / "album", tell=lambda _: None)
    for left, pay in reversed(tuple(enumerate(reversed(DAY)))):
        shopper.wait_for_screen(Screen.START)
        for _ in range(5 if pay is pay_in_parts else 1):
            shopper.scan(MILK, "]E0")
        shopper.press("Betal")
        shopper.wait_for_screen(Screen.BAGS)
        shopper.press("Betal uten pose")
        shopper.wait_for_screen(Screen.PAY)
        store.far_end("terminal").call("answer_with_whole_card_number")
        pay(shopper)
        shopper.wait_for_screen(Screen.RECEIPT)
        shopper.press("På papir" if left else "På mobilen")
        shopper.wait_for_screen(Screen.THANKS)
        if not left:
            receive_by_sms(shopper)
        shopper.press("Ferdig")
    shopper.wait_for_screen(Screen.START)
    store.glass.close_day()


def receive_by_sms(shopper: Shopper) -> None:
    shopper.press("Få lenken på SMS")
    shopper.wait_for_screen(Screen.SEND_LINK)
    shopper.press_each(NUMBER)
    shopper.confirm_keys()
    shopper.wait_for_screen(Screen.THANKS)
    shopper.wait_for_text("SMS-en er sendt.")


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
    secrets.append(GATEWAY_KEY)
    secrets += [member.password for member in day.fleet.people]
    secrets.append((day.store.folder / "passphrase").read_text("utf-8").strip())
    assert len(secrets) > 8
    return secrets


def test_fault_44_no_log_has_a_card_a_phone_a_mail_or_a_key(day: Day) -> None:
    secrets = secrets_of(day)
    logs = [*day.store.folder.glob("kiosk*.log"), *day.fleet.folder.rglob("*.log")]
    assert {"kiosk.log", "serve.log"} <= {path.name for path in logs}
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


def test_fault_44_no_file_of_the_fleets_data_has_one(day: Day) -> None:
    secrets = secrets_of(day)
    files = [path for path in (day.fleet.folder / "server").rglob("*") if path.is_file()]
    assert any(path.suffix in (".db", ".sqlite") for path in files), files
    for path in files:
        if path.suffix == ".pem" or "key" in path.name:
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
    assert [message.to for message in day.sms] == [f"+47{NUMBER}"]


def test_fault_44_what_is_planted_into_what_was_searched_is_found(day: Day) -> None:
    """One careless line in the fullest log: the search is not blind."""
    secrets = secrets_of(day)
    log = (day.store.folder / "kiosk.log").read_text("utf-8", errors="replace")
    for planted in (PAN_THAT_NOBODY_HAS, NUMBER, "kari@example.no", CARDS[0], secrets[-1]):
        assert found_in(f'{log}{{"event":"said {planted}"}}', secrets) != [], planted[:4]


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
