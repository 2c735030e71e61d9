"""A whole kiosk on a real broker: what the store sees of a shopper, and what it can do."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from drivers.deadline import SYSTEM_CLOCK, Deadline
from kiosk.app.broker import Broker, mosquitto
from kiosk.app.shopper import Shopper
from kiosk.app.store import Store as Shop
from kiosk.app.store_config import Sections
from kiosk.engine.clock import SystemClock
from kiosk.engine.view import Screen
from kiosk.journal import Journal
from kiosk.sale.events import SaleAborted
from kiosk.telemetry import messages as w
from kiosk.telemetry.topics import Address, Channel
from tests.telemetry.far_end import Pki, Store

HERE = Address("naermat", "torshov", "nt-0477-03")
MILK, BEER = "7038010001659", "7044610000015"
PATIENCE_S = 60.0

pytestmark = pytest.mark.skipif(mosquitto() is None, reason="mosquitto is not installed")


@dataclass
class Fleet:
    shop: Shop
    shopper: Shopper
    broker: Broker
    store: Store

    def wait(self, so: Callable[[], Any], what: str) -> Any:
        deadline = Deadline(SYSTEM_CLOCK, PATIENCE_S)
        with self.store.changed:
            while not (found := so()):
                assert not deadline.passed(), f"waited in vain for {what}"
                self.store.changed.wait(0.2)
        return found

    def state(self) -> w.State:
        return self.wait(lambda: self.store.of(Channel.STATE, HERE), "a state")[-1]

    def ask(self, kind: str, **args: Any) -> w.Reply:
        facts = {"tenant": HERE.tenant, "store": HERE.store, "kiosk": HERE.kiosk}
        order = self.store.order(SystemClock(), kind, args=args, **facts)
        self.store.command(order, to=HERE)

        def answered() -> list[w.Reply]:
            return [one for one in self.store.of(Channel.REPLY, HERE) if one.id == order.id]

        return self.wait(answered, f"a reply to {kind}")[0]


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    folder = tmp_path_factory.mktemp("fleet")
    pki = Pki(folder / "pki")
    public = folder / "fleet.pub"
    public.write_bytes(
        pki.signer.public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    certificate, key = pki.kiosk(HERE)
    with Broker(folder / "broker", pki.broker) as broker:
        store = Store(pki, broker)
        section = f"""\
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
        screens = folder / "screens"
        screens.mkdir()
        with Shop(folder=folder / "shop", sections=Sections(more=section)) as shop:
            yield Fleet(shop, Shopper(shop, screens), broker, store)
        store.close()


def test_the_kiosk_introduces_itself(fleet: Fleet) -> None:
    birth = fleet.wait(lambda: fleet.store.of(Channel.BIRTH, HERE), "the birth")[-1]
    assert (birth.kiosk_id, birth.till, birth.currency) == ("NT-0477-03", "3", "NOK")
    assert birth.versions["catalog"]
    fleet.wait(lambda: set(fleet.state().devices.values()) == {"ready"}, "every device")
    assert fleet.state().paper == "ok"


def test_a_shopper_is_seen_helped_and_voided_from_afar(fleet: Fleet, tmp_path: Path) -> None:
    fleet.shopper.scan(MILK, "]E0")
    fleet.wait(lambda: fleet.state().item_count == 1, "the milk")
    fleet.shopper.press("Hjelp")
    call = fleet.wait(lambda: fleet.store.of(Channel.INTERVENTION, HERE), "the call")[-1]
    assert (call.kind, call.sale.item_count, call.remote_ok) == ("help", 1, True)

    assert fleet.ask("seen", name="Ingrid").verdict == "done"
    fleet.shopper.wait_for("the name", lambda view: view.seen_by == "Ingrid")
    said = fleet.ask("decide", intervention_id=call.id, sale_id=call.sale_id, approved=True)
    assert (said.verdict, said.where) == ("taken", "remote")
    fleet.wait(
        lambda: fleet.store.of(Channel.INTERVENTION, HERE)[-1].settled is not None, "the end"
    )
    picture = fleet.ask("screenshot")
    assert picture.png.startswith(b"\x89PNG")
    assert fleet.ask("restart").verdict == "not_now"
    said = fleet.ask("void_sale", sale_id=call.sale_id, reason="customer_left")
    assert said.verdict == "done"
    fleet.shopper.wait_for_screen(Screen.START)
    with Journal.open(fleet.shop.journal_path, read_only=True) as journal:
        aborted = journal.events_of(call.sale_id)[-1]
    assert isinstance(aborted, SaleAborted)
    assert (aborted.attendant_id, aborted.where) == ("12", "remote")


def test_selling_goes_on_without_the_broker_and_all_is_told_afterwards(fleet: Fleet) -> None:
    fleet.broker.kill()
    fleet.shopper.scan(MILK, "]E0")
    fleet.shopper.wait_for("the milk", lambda view: view.totals.item_count == 1)
    fleet.broker.start()
    fleet.wait(lambda: fleet.state().item_count == 1, "the milk at the store")
    with Journal.open(fleet.shop.journal_path, read_only=True) as journal:
        newest = journal.count()
    fleet.wait(lambda: newest in fleet.store.seqs(HERE), "the newest row")
    seqs = list(dict.fromkeys(fleet.store.seqs(HERE)))
    assert seqs == list(range(1, newest + 1))


def test_a_kiosk_killed_is_told_as_lost_and_comes_back(fleet: Fleet) -> None:
    fleet.shop.kill("kiosk")
    fleet.wait(lambda: fleet.state().mode == "lost", "the last will")
    fleet.shop.restart_kiosk(kill=False)
    fleet.wait(lambda: fleet.state().online and fleet.state().item_count == 1, "the sale again")
