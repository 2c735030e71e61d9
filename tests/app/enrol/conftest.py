"""A server that lets kiosks in, a broker behind it, and a new kiosk."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk.app.broker import Broker, BrokerCertificates, mosquitto
from kiosk.app.enrol.command import run_enrol, run_renew
from kiosk.fleet.authority import Authority
from tests.app.small_config import GOOD
from tests.fleet.enrolment.serving import Serving, serving


def now() -> datetime:
    return datetime.now(UTC)


@dataclass
class NewKiosk:
    """A kiosk that nobody knows yet."""

    folder: Path

    @property
    def config(self) -> Path:
        return self.folder / "kiosk.toml"

    @property
    def pki(self) -> Path:
        return self.folder / "pki"

    def enrol(self, server: str, code: str) -> int:
        return run_enrol(self.config, server, code, self.pki, now=now)

    def renew(self, *, at_once: bool = True) -> int:
        return run_renew(self.pki, at_once=at_once, now=now)


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    if mosquitto() is None:
        pytest.skip("mosquitto is not installed (Debian: mosquitto)")
    folder = tmp_path_factory.mktemp("server")
    authority = Authority.create(folder / "authority")
    pair = authority.issue_server("broker", ["localhost"]).write(folder / "pki", "broker")
    certificates = BrokerCertificates(
        ca=authority.ca_path, certificate=pair[0], key=pair[1], revoked=authority.crl_path
    )
    with Broker(folder / "broker", certificates) as started:
        yield started


@pytest.fixture(scope="module")
def server(broker: Broker) -> Iterator[Serving]:
    folder = broker.folder.parent
    with serving(folder, broker_port=broker.kiosk_port) as running:
        yield running


@pytest.fixture
def kiosk(tmp_path: Path) -> NewKiosk:
    made = NewKiosk(tmp_path)
    made.config.write_text(GOOD, encoding="utf-8")
    return made
