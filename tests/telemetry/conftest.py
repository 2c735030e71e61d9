from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kiosk.app.broker import Broker, mosquitto
from kiosk.engine.clock import Clock, SystemClock
from kiosk.journal import Journal
from kiosk.sale.events import BagsAnswered, SaleStarted
from tests.telemetry.far_end import KIOSK, KIOSK_ID, Pki, Store, Voice

AT = "2026-03-02T09:00:00.000000+00:00"


@pytest.fixture(scope="session")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    return Pki(tmp_path_factory.mktemp("pki"))


@pytest.fixture
def broker(pki: Pki, tmp_path: Path) -> Iterator[Broker]:
    """A Mosquitto of this test's own: retained messages of another test would be lies."""
    if mosquitto() is None:
        pytest.skip("mosquitto is not installed (Debian: mosquitto)")
    with Broker(tmp_path / "broker", pki.broker) as one:
        yield one


@pytest.fixture
def store(pki: Pki, broker: Broker) -> Iterator[Store]:
    store = Store(pki, broker)
    yield store
    store.close()


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal.open(tmp_path / "journal.sqlite", kiosk_id=KIOSK_ID) as opened:
        yield opened


def sell(journal: Journal, sale_id: str, rows: int = 2) -> None:
    """Write a sale of so many events, the first of them its start."""
    start = SaleStarted(at_utc=AT, sale_id=sale_id, kiosk_id=KIOSK_ID, currency="NOK")
    journal.append(sale_id, 1, [start, *(BagsAnswered(at_utc=AT) for _ in range(rows - 1))])


@pytest.fixture
def make_voice(
    pki: Pki, broker: Broker, journal: Journal, tmp_path: Path
) -> Iterator[Callable[..., Voice]]:
    made: list[Voice] = []

    def make(clock: Clock | None = None, **options: object) -> Voice:
        address = options.get("address", KIOSK)
        endpoint = options.pop("endpoint", None) or pki.endpoint(broker, address)  # type: ignore[arg-type]
        voice = Voice(pki, endpoint, tmp_path, clock or SystemClock(), **options)  # type: ignore[arg-type]
        made.append(voice)
        return voice

    yield make
    for voice in made:
        voice.die()
