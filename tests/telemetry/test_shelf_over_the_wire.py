"""The store's shelf over a real broker: two kiosks, the fleet's own shelf, and what can break."""

import itertools
import threading
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.app.broker import Broker
from kiosk.engine.clock import NS_PER_S, ManualClock, SystemClock
from kiosk.engine.shelf import Claim, SetAside, ShelfAnswered, ShelfOutcome
from kiosk.fleet.config import Broker as BrokerTable
from kiosk.fleet.config import FleetConfig
from kiosk.fleet.server import Fleet
from kiosk.journal import Journal
from kiosk.telemetry import messages as w
from kiosk.telemetry.link import Wake
from kiosk.telemetry.shelf import FleetShelf
from kiosk.telemetry.signing import OrderSigner, Trust
from kiosk.telemetry.topics import Address, Channel
from tests.app.test_shared_shelf import aside
from tests.telemetry.far_end import KIOSK, OTHER, PATIENCE_S, Pki, Store, Voice

ELSEWHERE = Address("naermat", "bryggen", "kasse-3")
NO_AT = "2026-03-02T09:00:00.000000+00:00"
_asks = itertools.count(1)


class Kiosk:
    """One kiosk's telemetry, and what its engine was answered."""

    def __init__(self, pki: Pki, broker: Broker, folder: Path, address: Address) -> None:
        here = folder / str(address).replace("/", ".")
        here.mkdir()
        Journal.open(here / "journal.sqlite", kiosk_id=address.kiosk).close()
        endpoint = pki.endpoint(broker, address)
        self.voice = Voice(pki, endpoint, here, SystemClock(), address=address, shelf=True)
        assert self.voice.shelf is not None
        self.name, self.shelf = address.kiosk, self.voice.shelf
        self.answers: list[ShelfAnswered] = []
        self.shelf.start(self.answers.append)

    def connect(self) -> None:
        self.voice.until(lambda: self.voice.publisher.connected, "the connection")

    def put(self, sale: SetAside) -> None:
        self.shelf.put(sale)
        self.voice.until(lambda: not self.shelf._waiting, "the store's word")

    def ask(self, sale_id: str, *, own: bool = False) -> Claim:
        claim = Claim(
            claim_id=f"a-{next(_asks)}",
            kiosk_id=self.name,
            sale_id=sale_id,
            own=own,
            until_ns=self.voice.clock.monotonic_ns() + int(PATIENCE_S) * NS_PER_S,
        )
        self.shelf.take(claim)
        return claim

    def answer(self) -> ShelfAnswered:
        self.voice.until(lambda: self.answers, "an answer")
        return self.answers.pop(0)


class Server:
    """The fleet's whole server without its pages; one that `dies` does so right after a commit."""

    def __init__(self, pki: Pki, broker: Broker, folder: Path, *, dies: bool = False) -> None:
        certificate, key = pki.fleet
        table = BrokerTable(
            host="localhost",
            port=broker.fleet_port,
            ca=str(pki.authority.ca_path),
            certificate=str(certificate),
            key=str(key),
        )
        self.fleet = Fleet(FleetConfig(data_dir=str(folder / "fleet"), broker=table))
        self.public_key = self.fleet.signer.public_key
        self.swallowed: list[w.ShelfAnswer] = []
        if dies:
            self.fleet.shelf._send = lambda _, answer: self.swallowed.append(answer)
        listens = threading.Event()
        self.fleet.watcher._client.on_subscribe = lambda *_: listens.set()
        self.fleet.start()
        assert listens.wait(PATIENCE_S), "the broker did not let the server in"

    def stop(self) -> None:
        self.fleet.stop()


@pytest.fixture
def server(pki: Pki, broker: Broker, kiosks: list[Kiosk], tmp_path: Path) -> Iterator[Server]:
    made = Server(pki, broker, tmp_path)
    trusted_by(kiosks, made)
    yield made
    made.stop()


def trusted_by(kiosks: list[Kiosk], server: Server) -> None:
    for one in kiosks:
        one.shelf.believe(Trust([server.public_key]))


@pytest.fixture
def kiosks(pki: Pki, broker: Broker, tmp_path: Path) -> Iterator[list[Kiosk]]:
    made = [Kiosk(pki, broker, tmp_path, address) for address in (KIOSK, OTHER, ELSEWHERE)]
    yield made
    for one in made:
        one.voice.die()


def test_of_two_kiosks_that_race_one_gets_the_sale_whole(
    server: Server, kiosks: list[Kiosk]
) -> None:
    one, two, _ = kiosks
    one.connect()
    two.connect()
    for number in range(5):
        sale = aside(f"sale-{number}")
        one.put(sale)
        one.ask(sale.sale_id, own=True)
        two.ask(sale.sale_id)
        said = [two.answer(), one.answer()]
        assert sorted(x.outcome for x in said) == [ShelfOutcome.GONE, ShelfOutcome.YOURS]
        assert [x.aside for x in said if x.aside] == [sale]


def test_a_server_that_dies_between_its_record_and_its_answer_loses_nothing(
    pki: Pki, broker: Broker, tmp_path: Path, kiosks: list[Kiosk]
) -> None:
    one, two, _ = kiosks
    first = Server(pki, broker, tmp_path)
    trusted_by(kiosks, first)
    one.connect()
    two.connect()
    one.put(aside("sale-1"))
    first.stop()
    dying = Server(pki, broker, tmp_path, dies=True)
    two.ask("sale-1")
    two.voice.until(lambda: dying.swallowed, "the record")
    dying.stop()
    assert two.answers == []
    again = Server(pki, broker, tmp_path)
    try:
        one.ask("sale-1", own=True)
        assert one.answer().outcome is ShelfOutcome.GONE
        two.voice.publisher._drop("cut off", again_s=0)  # asked again under the same id
        assert two.answer().aside == aside("sale-1")
        two.ask("sale-1")  # and by an attendant, after a power cut
        assert two.answer().outcome is ShelfOutcome.YOURS
    finally:
        again.stop()


def test_another_stores_kiosk_gets_nothing_and_may_not_ask_under_our_name(
    server: Server, kiosks: list[Kiosk]
) -> None:
    one, two, elsewhere = kiosks
    for kiosk in kiosks:
        kiosk.connect()
    one.put(aside("sale-1"))
    elsewhere.ask("sale-1")
    assert elsewhere.answer().outcome is ShelfOutcome.NEVER_THERE
    link = elsewhere.voice.publisher._connection.link
    assert link is not None
    forged = w.ShelfRequest(at_utc=NO_AT, id="forged", sale_id="sale-1")
    link.publish(KIOSK.topic(Channel.SHELF), w.encode(forged))
    elsewhere.ask("sale-1")  # after it on the same connection, so it has come or never will
    elsewhere.answer()
    two.ask("sale-1")
    assert two.answer().outcome is ShelfOutcome.YOURS


def test_a_store_that_does_not_listen_is_unreachable_at_once(kiosks: list[Kiosk]) -> None:
    one, _, _ = kiosks
    one.ask("sale-1")
    assert one.answers.pop().outcome is ShelfOutcome.UNREACHABLE, "there is no connection"
    one.connect()
    one.ask("sale-1")
    assert one.answer().outcome is ShelfOutcome.UNREACHABLE, "nobody has subscribed"


def test_what_never_left_goes_on_at_home_without_the_store_and_is_never_put(
    server: Server, kiosks: list[Kiosk]
) -> None:
    one, two, _ = kiosks
    one.shelf.put(aside("sale-1"))
    one.ask("sale-1", own=True)
    assert one.answer().outcome is ShelfOutcome.NEVER_THERE
    one.shelf.put(aside("sale-2"))
    one.connect()
    two.connect()
    one.voice.until(lambda: not one.shelf._waiting, "what waited is put")
    two.ask("sale-1")
    assert two.answer().outcome is ShelfOutcome.NEVER_THERE
    two.ask("sale-2")
    assert two.answer().aside == aside("sale-2")


def test_junk_is_dropped_on_both_sides(server: Server, store: Store, kiosks: list[Kiosk]) -> None:
    one, two, _ = kiosks
    one.connect()
    one.put(aside("sale-1"))  # answered, so both sides listen: what comes now is heard
    link = one.voice.publisher._connection.link
    assert link is not None
    request = w.ShelfRequest(at_utc=NO_AT, id="x", sale_id="s" * 65)
    bad = w.ShelfRequest(at_utc=NO_AT, id="x", sale_id="sale-9", sale=bytes(40_001))
    junk = [b"{", b"null", b"\xff" * 99, b'{"type":"shelf"}', w.encode(request), w.encode(bad)]
    for payload in junk:
        link.publish(KIOSK.topic(Channel.SHELF), payload)
        store.say(KIOSK.topic(Channel.SHELF_ANSWER), payload)
    one.put(aside("sale-2"))  # after it on the same connection, so the server has seen the junk
    one.voice.until(lambda: one.voice.publisher.junk_count == len(junk), "the junk")
    assert server.fleet.watcher._counts["junk"] == len(junk)
    two.connect()
    two.ask("sale-1")
    assert two.answer().outcome is ShelfOutcome.YOURS


def word(ask: str, address: Address = KIOSK, sale: bytes = b"") -> w.ShelfWord:
    return w.ShelfWord(
        id=ask,
        tenant=address.tenant,
        store=address.store,
        kiosk=address.kiosk,
        outcome="yours" if sale else "never_there",
        sale=sale,
    )


def test_only_a_signed_answer_to_this_kiosk_and_this_request_is_believed() -> None:
    ours = OrderSigner(Ed25519PrivateKey.generate())
    theirs = OrderSigner(Ed25519PrivateKey.generate())
    shelf = FleetShelf(KIOSK, ManualClock(), Wake())
    answers: list[ShelfAnswered] = []
    shelf.start(answers.append)
    shelf.believe(Trust([ours.public_key]))
    shelf.let_in()
    shelf.take(Claim(claim_id="a-1", kiosk_id="03", sale_id="sale-1", until_ns=10**18))
    changed = msgspec.structs.replace(
        ours.shelf_answer(word("a-1"), NO_AT), body=msgspec.Raw(msgspec.json.encode(word("a-2")))
    )
    for answer in (
        theirs.shelf_answer(word("a-1"), NO_AT),
        ours.shelf_answer(word("a-1", OTHER), NO_AT),
        ours.shelf_answer(word("a-0"), NO_AT),
        changed,
    ):
        shelf.answered(answer)
    assert answers == []
    shelf.answered(ours.shelf_answer(word("a-1", sale=b"no sale at all"), NO_AT))
    assert [x.outcome for x in answers] == [ShelfOutcome.UNREACHABLE]
