"""Orders over a real broker: believed only when signed, in time, meant for this kiosk, and new."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.engine.clock import ManualClock, SystemClock
from kiosk.engine.messages import Message, RemoteOrder
from kiosk.engine.remote_messages import Errand, OrderAnswered
from kiosk.engine.staff_messages import DecisionAnswered, RemoteDecision, StaffSeen
from kiosk.engine.staff_messages import Verdict as Said
from kiosk.engine.view import Screen, View
from kiosk.journal import Journal
from kiosk.telemetry import messages as w
from kiosk.telemetry.commands import PATIENCE_S
from kiosk.telemetry.errands import JOBS_MAX
from kiosk.telemetry.signing import OrderSigner
from kiosk.telemetry.topics import Channel
from tests.telemetry.far_end import KIOSK, OTHER, Pki, Store, Voice

MakeVoice = Callable[..., Voice]


class Kiosk:
    """A kiosk that obeys at once, and remembers what it was told."""

    def __init__(self) -> None:
        self.told: list[Message] = []
        self.voice: Voice
        self.silent = False

    def tell(self, message: Message) -> bool:
        self.told.append(message)
        if isinstance(message, RemoteOrder) and not self.silent:
            self.voice.slot.answer(OrderAnswered(order_id=message.order_id, verdict=Said.DONE))
        if isinstance(message, RemoteDecision) and not self.silent:
            answer = DecisionAnswered(
                decision_id=message.decision_id,
                intervention_id=message.intervention_id,
                verdict=Said.TAKEN,
                settled=True,
                approved=message.approved,
                attendant_id=message.attendant_id,
                where="remote",
                resolved_at="2026-03-02T09:00:00.000000+00:00",
            )
            self.voice.slot.answer(answer)
        return True


@pytest.fixture
def kiosk(journal: Journal, make_voice: MakeVoice) -> Iterator[Kiosk]:
    kiosk = Kiosk()
    kiosk.voice = make_voice(tell=kiosk.tell)
    kiosk.voice.until(lambda: kiosk.voice.publisher.connected, "the connection")
    return kiosk


def reply_to(kiosk: Kiosk, store: Store, order: w.Order, **how: object) -> w.Reply:
    before = len(store.of(Channel.REPLY))
    store.command(order, **how)  # type: ignore[arg-type]
    kiosk.voice.until(lambda: len(store.of(Channel.REPLY)) > before, f"a reply to {order.kind}")
    return store.of(Channel.REPLY)[-1]


def test_a_decision_reaches_the_engine_with_who_and_what_rights(kiosk: Kiosk, store: Store) -> None:
    args = {"intervention_id": "i-1", "sale_id": "s-1", "approved": True}
    order = store.order(SystemClock(), "decide", args=args, rights=["decide"])
    said = reply_to(kiosk, store, order)
    (word,) = kiosk.told
    assert isinstance(word, RemoteDecision)
    assert (word.kiosk_id, word.sale_id, word.intervention_id) == ("NT-0477-03", "s-1", "i-1")
    assert (word.attendant_id, word.rights) == ("12", frozenset({"decide"}))
    assert (said.verdict, said.approved, said.where) == ("taken", True, "remote")


@pytest.mark.parametrize(
    ("kind", "args"),
    [
        ("pause", {"on": True}),
        ("open", {}),
        ("close", {"opens_at": "07.00"}),
        ("void_line", {"sale_id": "s-1", "line_id": 2, "reason": "mistake"}),
        ("void_sale", {"sale_id": "s-1", "reason": "customer_left"}),
        ("close_day", {}),
    ],
)
def test_orders_reach_the_engine(
    kiosk: Kiosk, store: Store, kind: str, args: dict[str, object]
) -> None:
    said = reply_to(kiosk, store, store.order(SystemClock(), kind, args=args))
    assert said.verdict == "done"
    (order,) = kiosk.told
    assert isinstance(order, RemoteOrder)
    assert (order.errand, order.attendant_id) == (Errand(kind), "12")
    for name, value in args.items():
        assert getattr(order, name) == value


def test_who_comes_is_told_to_the_shopper(kiosk: Kiosk, store: Store) -> None:
    said = reply_to(kiosk, store, store.order(SystemClock(), "seen", args={"name": "Ingrid"}))
    assert (said.verdict, kiosk.told) == ("done", [StaffSeen(name="Ingrid", attendant_id="12")])


def test_a_repeated_order_is_refused_and_does_nothing(kiosk: Kiosk, store: Store) -> None:
    order = store.order(SystemClock(), "pause")
    assert reply_to(kiosk, store, order).verdict == "done"
    again = reply_to(kiosk, store, order)
    assert (again.verdict, again.detail) == ("replayed", "done")
    assert len(kiosk.told) == 1


def test_a_repeated_order_is_refused_after_a_power_cut_too(
    kiosk: Kiosk, store: Store, make_voice: MakeVoice
) -> None:
    order = store.order(SystemClock(), "pause")
    reply_to(kiosk, store, order)
    kiosk.voice.die()
    kiosk.voice = make_voice(tell=kiosk.tell)
    kiosk.voice.until(lambda: kiosk.voice.publisher.connected, "the connection")
    assert reply_to(kiosk, store, order).verdict == "replayed"
    assert len(kiosk.told) == 1


def test_orders_from_before_a_lost_memory_are_refused(
    kiosk: Kiosk, store: Store, make_voice: MakeVoice
) -> None:
    path = kiosk.voice.outbox.path
    issued = datetime.now(UTC) - timedelta(minutes=5)
    old = store.order(ManualClock(issued), "pause", lives_s=3000)
    kiosk.voice.die()
    path.write_bytes(b"not a database at all" * 1000)
    kiosk.voice = make_voice(tell=kiosk.tell)
    kiosk.voice.until(lambda: kiosk.voice.publisher.connected, "the connection")
    assert reply_to(kiosk, store, old).verdict == "expired"
    assert reply_to(kiosk, store, store.order(SystemClock(), "pause")).verdict == "done"


@pytest.mark.parametrize(
    ("off", "lives_s"),
    [
        (timedelta(minutes=-10), 60),  # late
        (timedelta(days=2), 60),  # one of the clocks is two days off
        (timedelta(days=-2), 60),
        (timedelta(0), 7200),  # good for longer than any order may be
        (timedelta(0), 0),
    ],
)
def test_an_order_out_of_its_time_is_refused_with_the_time_here(
    kiosk: Kiosk, store: Store, off: timedelta, lives_s: float
) -> None:
    order = store.order(ManualClock(datetime.now(UTC) + off), "pause", lives_s=lives_s)
    said = reply_to(kiosk, store, order)
    assert said.verdict == "expired"
    assert "the time here is 20" in said.detail
    assert kiosk.told == []


def test_an_order_signed_by_a_stranger_is_refused(kiosk: Kiosk, store: Store) -> None:
    stranger = OrderSigner(Ed25519PrivateKey.generate())
    order = store.order(SystemClock(), "pause")
    assert reply_to(kiosk, store, order, signer=stranger).verdict == "unsigned"
    assert kiosk.told == []


def test_an_order_with_one_changed_byte_is_refused(kiosk: Kiosk, store: Store, pki: Pki) -> None:
    good = pki.signer.command(store.order(SystemClock(), "pause", args={"on": True}))
    body = bytes(good.body).replace(b'"on":true', b'"on":null')
    assert body != bytes(good.body)
    forged = msgspec.structs.replace(good, body=msgspec.Raw(body))
    store.say(KIOSK.topic(Channel.COMMAND), w.encode(forged))
    kiosk.voice.until(lambda: store.of(Channel.REPLY), "the reply")
    assert store.of(Channel.REPLY)[-1].verdict == "unsigned"
    assert kiosk.told == []


def test_an_announcement_is_never_taken_for_an_order(kiosk: Kiosk, store: Store, pki: Pki) -> None:
    """The same key signs both, and what it signs says which of them it is."""
    order = store.order(SystemClock(), "pause")
    announced = pki.signer.announce([])
    content = msgspec.json.encode(order)
    fake = w.Command(
        at_utc=order.issued_at,
        body=msgspec.Raw(content),
        key_id=announced.key_id,
        signature=pki.signer._signed(w.Announce, order, order.issued_at).signature,
    )
    store.say(KIOSK.topic(Channel.COMMAND), w.encode(fake))
    kiosk.voice.until(lambda: store.of(Channel.REPLY), "the reply")
    assert store.of(Channel.REPLY)[-1].verdict == "unsigned"


def test_an_order_for_another_kiosk_or_store_is_refused(kiosk: Kiosk, store: Store) -> None:
    for wrong in ({"kiosk": OTHER.kiosk}, {"store": "grunerlokka"}, {"tenant": "rema"}):
        order = store.order(SystemClock(), "void_sale", args={"sale_id": "s"}, **wrong)
        assert reply_to(kiosk, store, order).verdict == "foreign"
    assert kiosk.told == []


def test_without_the_right_nothing_happens(kiosk: Kiosk, store: Store) -> None:
    for kind, rights in (
        ("void_sale", ["decide", "open_close", "change_line"]),
        ("pause", ["decide"]),
        ("screenshot", ["open_close"]),
        ("restart", ["decide", "decide_age", "void_sale", "open_close"]),
    ):
        order = store.order(SystemClock(), kind, args={"sale_id": "s"}, rights=rights)
        assert reply_to(kiosk, store, order).verdict == "no_right", kind
    assert (kiosk.told, kiosk.voice.hands.restarts) == ([], 0)


@pytest.mark.parametrize(
    ("kind", "args"),
    [
        ("dance", {}),
        ("decide", {"intervention_id": "i-1"}),
        ("decide", {"intervention_id": "i-1", "approved": "yes"}),
        ("decide", {"intervention_id": 7, "approved": True}),
        ("void_line", {"sale_id": "s-1", "line_id": True}),
        ("void_sale", {"sale_id": "s-1", "reason": "Kari Nordmann, 900 00 000"}),
        ("seen", {"name": "x" * 10_000}),
        ("logs", {"lines": 100_000}),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(
    kiosk: Kiosk, store: Store, kind: str, args: dict[str, object]
) -> None:
    said = reply_to(kiosk, store, store.order(SystemClock(), kind, args=args))
    assert said.verdict == "unknown"
    assert said.detail
    assert kiosk.told == []


def test_an_order_with_words_of_a_newer_minor_version_is_understood(
    kiosk: Kiosk, store: Store, pki: Pki
) -> None:
    order = msgspec.to_builtins(store.order(SystemClock(), "pause"))
    content = msgspec.json.encode({**order, "mood": "friendly"})
    signed = pki.signer._signed(w.Command, msgspec.Raw(content), order["issued_at"])
    newer = {**msgspec.json.decode(w.encode(signed)), "v": "1.7", "more": [1]}
    # The body's bytes are what is signed: they travel as they are.
    payload = msgspec.json.encode({**newer, "body": msgspec.Raw(content)})
    store.say(KIOSK.topic(Channel.COMMAND), payload)
    kiosk.voice.until(lambda: store.of(Channel.REPLY), "the reply")
    assert store.of(Channel.REPLY)[-1].verdict == "done"


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"\xff\xfe\x00",
        b"null",
        b"[" * 30_000,
        b'{"v":"2.0","type":"command","at_utc":"2026-03-02T09:00:00Z"}',
        b'{"v":"1.0","type":"birth"}',
    ],
    ids=["empty", "bytes", "null", "deep", "other major", "other type"],
)
def test_junk_is_counted_and_dropped(kiosk: Kiosk, store: Store, payload: bytes) -> None:
    store.say(KIOSK.topic(Channel.COMMAND), payload)
    kiosk.voice.until(lambda: kiosk.voice.publisher.junk_count == 1, "the count")
    assert kiosk.told == []
    assert reply_to(kiosk, store, store.order(SystemClock(), "pause")).verdict == "done"


def test_a_flood_of_good_orders_is_answered_and_does_not_drown_the_engine(
    kiosk: Kiosk, store: Store
) -> None:
    kiosk.silent = True
    for _ in range(60):
        store.command(store.order(SystemClock(), "pause"))
    kiosk.voice.until(lambda: len(store.of(Channel.REPLY)) >= 40, "refusals")
    assert {reply.verdict for reply in store.of(Channel.REPLY)} == {"not_now"}
    assert len(kiosk.told) <= 20


def test_an_engine_that_does_not_answer_is_told_of(
    store: Store, journal: Journal, make_voice: MakeVoice
) -> None:
    clock = ManualClock(datetime.now(UTC))
    kiosk = Kiosk()
    kiosk.silent = True
    kiosk.voice = make_voice(clock, tell=kiosk.tell)
    kiosk.voice.until(lambda: kiosk.voice.publisher.connected, "the connection")
    store.command(store.order(clock, "pause"))
    kiosk.voice.until(lambda: kiosk.told, "the order")
    clock.advance(PATIENCE_S + 1)
    kiosk.voice.until(lambda: store.of(Channel.REPLY), "the reply")
    assert store.of(Channel.REPLY)[-1].verdict == "failed"


# --- errands ------------------------------------------------------------------------------------


def test_a_picture_and_the_log_come_on_demand(kiosk: Kiosk, store: Store) -> None:
    assert reply_to(kiosk, store, store.order(SystemClock(), "screenshot")).png == b"\x89PNG"
    said = reply_to(kiosk, store, store.order(SystemClock(), "logs", args={"lines": 3}))
    assert said.lines == ["line 997", "line 998", "line 999"]


def test_a_picture_too_large_for_a_message_is_refused(kiosk: Kiosk, store: Store) -> None:
    kiosk.voice.hands.png = bytes(700_000)
    assert reply_to(kiosk, store, store.order(SystemClock(), "screenshot")).verdict == "failed"


def test_the_journals_check_is_remembered_for_health(kiosk: Kiosk, store: Store) -> None:
    said = reply_to(kiosk, store, store.order(SystemClock(), "verify_journal"))
    assert (said.verdict, said.detail) == ("done", "whole")
    assert kiosk.voice.slot.journal_ok is True


def test_nobody_is_thrown_out_by_a_restart(kiosk: Kiosk, store: Store) -> None:
    kiosk.voice.slot.show(View(seq=2, screen=Screen.SCAN, sale_id="s-1"))
    assert reply_to(kiosk, store, store.order(SystemClock(), "restart")).verdict == "not_now"
    assert kiosk.voice.hands.restarts == 0
    kiosk.voice.slot.show(View(seq=3, screen=Screen.START))
    assert reply_to(kiosk, store, store.order(SystemClock(), "restart")).verdict == "done"
    assert kiosk.voice.hands.restarts == 1


def test_a_catalog_that_cannot_be_fetched_is_told_in_words(kiosk: Kiosk, store: Store) -> None:
    said = reply_to(kiosk, store, store.order(SystemClock(), "fetch_catalog"))
    assert (said.verdict, said.detail) == ("failed", "no server for catalog")


def test_a_hand_that_fails_is_an_answer(kiosk: Kiosk, store: Store) -> None:
    def broken() -> bytes:
        raise OSError("no screen")

    kiosk.voice.hands.picture = broken  # type: ignore[method-assign]
    said = reply_to(kiosk, store, store.order(SystemClock(), "screenshot"))
    assert (said.verdict, said.detail) == ("failed", "OSError")


def test_errands_that_pile_up_are_answered_not_now(kiosk: Kiosk, store: Store) -> None:
    hold = threading.Event()
    kiosk.voice.hands.picture = lambda: b"png" if hold.wait(PATIENCE_S) else b""  # type: ignore[method-assign]
    for _ in range(JOBS_MAX + 3):
        store.command(store.order(SystemClock(), "screenshot"))
    kiosk.voice.until(lambda: len(store.of(Channel.REPLY)) >= 2, "refusals")
    assert {reply.verdict for reply in store.of(Channel.REPLY)} == {"not_now"}
    hold.set()
    kiosk.voice.until(lambda: len(store.of(Channel.REPLY)) == JOBS_MAX + 3, "the others")
