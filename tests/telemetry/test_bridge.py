"""The bridge in deploy/mosquitto/README.md, as it stands there, between two real brokers."""

from pathlib import Path

from kiosk.app.broker import Broker
from kiosk.engine.clock import SystemClock
from kiosk.journal import Journal
from kiosk.telemetry.topics import Channel
from tests.telemetry.conftest import sell
from tests.telemetry.far_end import Pki, Store, Voice

README = Path(__file__).parents[2] / "deploy" / "mosquitto" / "README.md"
PLACES = "/etc/selvkasse/pki"


def test_a_chain_hears_and_orders_a_kiosk_through_its_stores_broker(
    pki: Pki, broker: Broker, journal: Journal, tmp_path: Path
) -> None:
    certificate, key = pki.authority.issue_server("naermat/torshov").write(tmp_path, "store")
    bridge = "connection chain" + README.read_text().partition("connection chain")[2]
    for there, here in (
        ("broker.chain.example:8883", f"localhost:{broker.kiosk_port}"),
        (f"{PLACES}/chain-ca.pem", str(pki.authority.ca_path)),
        (f"{PLACES}/store.pem", str(certificate)),
        (f"{PLACES}/store.key", str(key)),
    ):
        assert there in bridge
        bridge = bridge.replace(there, here)
    sell(journal, "sale-1", 10)
    chain = Store(pki, broker)
    with Broker(tmp_path / "local", pki.broker, extra="\n" + bridge.partition("```")[0]) as local:
        voice = Voice(pki, pki.endpoint(local), tmp_path, SystemClock())
        try:
            voice.until(lambda: len(chain.rows()) >= 10 and chain.of(Channel.STATE), "the chain")
            assert list(dict.fromkeys(chain.seqs())) == list(range(1, 11))
            order = chain.order(SystemClock(), "logs", args={"lines": 1})
            chain.command(order)
            voice.until(lambda: order.id in chain.replies(), "the reply")
            assert chain.replies()[order.id].verdict == "done"
        finally:
            voice.die()
            chain.close()
