"""A store's own broker that bridges to the chain's: what kiosks say arrives, also after a cut."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.app.broker import Broker, mosquitto
from kiosk.fleet.authority import Authority
from kiosk.fleet.broker import BrokerConfig
from kiosk.fleet.store.database import Database
from kiosk.fleet.store.gaps import gaps_of
from kiosk.telemetry.topics import PREFIX
from tests.fleet.conftest import certificates
from tests.fleet.ingest.test_worker import AsClient, kiosks, publish, stored, worker
from tests.fleet.words import KIOSK, health, until

STORE = "naermat/torshov"


@pytest.fixture
def store_broker(authority: Authority, broker: Broker, tmp_path: Path) -> Iterator[Broker]:
    """The store's broker; its certificate's name says which store's kiosks it may speak for."""
    if mosquitto() is None:
        pytest.skip("mosquitto is not installed (Debian: mosquitto)")
    authority.issue_server(STORE).write(authority.folder, "store")
    bridge = f"""
connection central
address localhost:{broker.fleet_port}
bridge_protocol_version mqttv50
remote_clientid store-torshov
cleansession false
topic +/events out 1 {PREFIX}/{STORE}/ {PREFIX}/{STORE}/
topic +/state out 1 {PREFIX}/{STORE}/ {PREFIX}/{STORE}/
topic +/command in 1 {PREFIX}/{STORE}/ {PREFIX}/{STORE}/
bridge_cafile {authority.ca_path}
bridge_certfile {authority.folder / "store.pem"}
bridge_keyfile {authority.folder / "store.key"}
restart_timeout 1 2
notifications false
"""
    made = Broker(tmp_path / "store", certificates(authority), simulator="simulator", extra=bridge)
    with made:
        yield made


def test_rows_reach_the_centre_through_the_stores_broker_also_after_a_cut(
    database: Database,
    as_client: AsClient,
    authority: Authority,
    broker: Broker,
    store_broker: Broker,
) -> None:
    folder = authority.folder
    at_store = BrokerConfig(
        "localhost",
        store_broker.fleet_port,
        authority.ca_path,
        folder / "simulator.pem",
        folder / "simulator.key",
    )
    with worker(database, as_client("fleet")) as one, kiosks(at_store) as client:
        publish(client, 1, 50)
        until(lambda: stored(database) == 50, "50 rows came through the bridge")
        broker.stop()
        publish(client, 51, 100)
        broker.start()
        assert one.connected.wait(90)
        publish(client, 101, 120)
        # What the bridge handed over before the workers had subscribed anew is missing, and is
        # sent again from where the numbers have their first gap.
        until(lambda: stored(database) >= 70, "the rows that came after the cut")
        said = health(journal_id="j1", journal_seq=120)
        for gap in gaps_of(database, {str(KIOSK): said}):
            publish(client, gap.after_seq + 1, 120)
        until(lambda: stored(database) == 120, "every row, once")
        assert gaps_of(database, {str(KIOSK): said}) == []
