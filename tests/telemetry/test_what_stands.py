"""Birth, state, interventions and the last will, as whoever comes later finds them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kiosk.app.broker import Broker
from kiosk.engine.clock import ManualClock, SystemClock
from kiosk.engine.view import (
    Flag,
    LineView,
    OfferView,
    OutOfOrderView,
    Screen,
    TotalsView,
    View,
    WaitingView,
)
from kiosk.journal import Journal
from kiosk.sale.events import (
    Interest,
    InterventionRaised,
    InterventionResolved,
    Policy,
    SaleStarted,
)
from kiosk.sale.product import Unit
from kiosk.telemetry.messages import Mode, Phase
from kiosk.telemetry.publisher import HEALTH_EVERY_S
from kiosk.telemetry.reports import mode_of
from kiosk.telemetry.topics import Channel
from tests.telemetry.conftest import AT
from tests.telemetry.far_end import (
    KIOSK,
    KIOSK_ID,
    OTHER,
    PATIENCE_S,
    STRUCK_OFF,
    Pki,
    Store,
    Voice,
)

MakeVoice = Callable[..., Voice]

BEER = LineView(
    line_id=2,
    name="Pilsner 0,5 l",
    picture="beer",
    category="drinks",
    unit=Unit.PIECE,
    quantity=2,
    weight_g=None,
    unit_price_minor=2490,
    amount_minor=4980,
    deposit_minor=400,
    offers=(OfferView(title="2 for 45", amount_minor=-480),),
    flag=Flag.AGE,
    age_limit=18,
)
CALL = WaitingView(id="sale-1-1", kind=Interest.AGE, line_id=2, raised_at=AT, detail="18")
SHOPPING = View(
    seq=2,
    screen=Screen.SCAN,
    sale_id="sale-1",
    lines=(BEER,),
    totals=TotalsView(item_count=2, to_pay_minor=4900),
)
WAITING = replace(SHOPPING, waiting=(CALL,))


def raised(journal: Journal) -> None:
    start = SaleStarted(at_utc=AT, sale_id="sale-1", kiosk_id=KIOSK_ID, currency="NOK")
    age = InterventionRaised(
        at_utc=AT,
        intervention_id=CALL.id,
        kind=Interest.AGE,
        policy=Policy.BEFORE_PAYMENT,
        line_id=2,
        detail="18",
    )
    journal.append("sale-1", 1, [start, age])


def resolved(journal: Journal) -> None:
    word = InterventionResolved(
        at_utc=AT, intervention_id=CALL.id, approved=True, attendant_id="12", reason="seen"
    )
    journal.append("sale-1", 3, [word])


def test_who_comes_later_finds_birth_and_state(
    pki: Pki, broker: Broker, journal: Journal, make_voice: MakeVoice
) -> None:
    voice = make_voice()
    voice.slot.device("scanner", "ready")
    voice.slot.printer("low")
    voice.slot.show(SHOPPING)
    voice.until(lambda: voice.publisher.connected and not voice.publisher._untold, "the state")
    late = Store(pki, broker, "late")
    try:
        voice.until(lambda: late.of(Channel.STATE) and late.of(Channel.BIRTH), "what is kept")
        (state,) = late.of(Channel.STATE)
        (birth,) = late.of(Channel.BIRTH)
    finally:
        late.close()
    assert (state.online, state.mode, state.phase) == (True, Mode.OPEN, Phase.SHOPPING)
    assert (state.sale_id, state.item_count, state.total_minor) == ("sale-1", 2, 4900)
    assert (state.devices, state.paper) == ({"scanner": "ready"}, "low")
    assert (birth.kiosk_id, birth.till) == (KIOSK_ID, "3")
    assert "decide" in birth.capabilities


def test_a_kiosk_without_power_is_told_as_lost_by_the_broker(
    store: Store, journal: Journal, make_voice: MakeVoice
) -> None:
    voice = make_voice()
    voice.until(lambda: store.of(Channel.STATE), "the state")
    voice.die()
    with store.changed:
        assert store.changed.wait_for(lambda: not store.of(Channel.STATE)[-1].online, timeout=90)
    assert store.of(Channel.STATE)[-1].mode == Mode.LOST


def test_a_kiosk_that_ends_in_order_says_so_itself(
    store: Store, journal: Journal, make_voice: MakeVoice
) -> None:
    voice = make_voice()
    voice.until(lambda: store.of(Channel.STATE), "the state")
    voice.publisher.farewell()
    with store.changed:
        assert store.changed.wait_for(lambda: not store.of(Channel.STATE)[-1].online, timeout=90)
    assert [one.mode for one in store.of(Channel.STATE)][-1] == Mode.STOPPED


def test_states_are_no_more_than_four_a_second_and_the_last_one_is_told(
    store: Store, journal: Journal, make_voice: MakeVoice
) -> None:
    clock = ManualClock(datetime.now(UTC))
    voice = make_voice(clock)
    voice.until(lambda: store.of(Channel.STATE), "the first state")
    for number in range(100):
        voice.slot.show(replace(SHOPPING, totals=TotalsView(item_count=number)))
        clock.advance(0.01)
        voice.turn()
    clock.advance(0.25)
    voice.until(lambda: store.of(Channel.STATE)[-1].item_count == 99, "the last state")
    assert len(store.of(Channel.STATE)) <= 1 + 5 + 1


def test_the_same_view_again_is_no_news(
    store: Store, journal: Journal, make_voice: MakeVoice
) -> None:
    clock = ManualClock(datetime.now(UTC))
    voice = make_voice(clock)
    voice.slot.show(SHOPPING)
    voice.until(lambda: store.of(Channel.STATE), "the state")
    for seq in range(3, 10):
        clock.advance(1)
        voice.slot.show(replace(SHOPPING, seq=seq, scan_at_monotonic_ns=seq))
        voice.turn()
    voice.slot.show(replace(SHOPPING, screen=Screen.PAY))
    voice.until(lambda: store.of(Channel.STATE)[-1].phase == Phase.PAYING, "the next state")
    assert len(store.of(Channel.STATE)) == 2


def test_an_intervention_is_kept_with_its_sale_until_it_is_settled(
    pki: Pki, broker: Broker, store: Store, journal: Journal, make_voice: MakeVoice
) -> None:
    raised(journal)
    voice = make_voice()
    voice.slot.show(WAITING)
    voice.until(lambda: store.of(Channel.INTERVENTION), "the call")
    (call,) = store.of(Channel.INTERVENTION)
    assert (call.id, call.kind, call.reason, call.raised_at) == (CALL.id, "age", "18", AT)
    assert not call.remote_ok, "somebody has to see who buys beer"
    assert (call.sale.total_minor, call.sale.item_count) == (4900, 2)
    assert call.line == call.sale.lines[0]
    assert call.line.amount_minor == 4900, "with offer and deposit"
    late = Store(pki, broker, "late")
    voice.until(lambda: late.of(Channel.INTERVENTION), "what is kept")
    late.close()

    resolved(journal)
    voice.slot.show(replace(SHOPPING, seq=3))
    topic = KIOSK.intervention(CALL.id)
    voice.until(lambda: (topic, b"", False) in store.heard, "the place cleared")
    settled = store.of(Channel.INTERVENTION)[-1].settled
    assert (settled.approved, settled.attendant_id, settled.where) == (True, "12", "kiosk")
    voice.until(lambda: not voice.outbox.retained(), "the acknowledgement")
    later = Store(pki, broker, "later")
    voice.until(lambda: later.of(Channel.STATE), "what is kept")
    assert later.of(Channel.INTERVENTION) == []
    later.close()


def test_what_was_settled_while_the_network_was_away_is_cleared_in_the_next_life(
    store: Store, broker: Broker, journal: Journal, make_voice: MakeVoice
) -> None:
    raised(journal)
    first = make_voice()
    first.slot.show(WAITING)
    first.until(lambda: store.of(Channel.INTERVENTION), "the call")
    first.die()
    resolved(journal)
    second = make_voice()
    second.slot.show(replace(SHOPPING, seq=9))
    second.until(lambda: (KIOSK.intervention(CALL.id), b"", False) in store.heard, "cleared")
    last = store.of(Channel.INTERVENTION)[-1]
    assert (last.id, last.sale_id, last.settled.approved) == (CALL.id, "sale-1", True)


def test_a_bench_at_another_hour_tells_of_calls_by_the_stores_time(
    journal: Journal, tmp_path: object, make_voice: MakeVoice
) -> None:
    voice = make_voice()
    board = voice.publisher._board
    board._ahead = timedelta(hours=5)
    (message,) = board._waiting(WAITING)
    told = datetime.fromisoformat(AT) - timedelta(hours=5)
    assert told.isoformat(timespec="microseconds").encode() in message.payload


def test_health_comes_every_half_minute(
    store: Store, journal: Journal, make_voice: MakeVoice
) -> None:
    clock = ManualClock(datetime.now(UTC))
    voice = make_voice(clock)
    voice.until(lambda: store.of(Channel.HEALTH), "the first")
    clock.advance(HEALTH_EVERY_S - 1)
    voice.turn()
    assert len(store.of(Channel.HEALTH)) == 1
    clock.advance(1)
    voice.until(lambda: len(store.of(Channel.HEALTH)) == 2, "the second")
    health = store.of(Channel.HEALTH)[-1]
    assert health.rss_bytes > 10_000_000
    assert 0 < health.disk_free_bytes < health.disk_total_bytes
    assert health.certificate_expires_at > health.at_utc
    assert health.uptime_s == HEALTH_EVERY_S


def test_with_another_kiosks_certificate_nobody_speaks_for_this_one(
    pki: Pki, broker: Broker, store: Store, journal: Journal, make_voice: MakeVoice
) -> None:
    voice = make_voice(endpoint=pki.endpoint(broker, OTHER))
    voice.until(lambda: voice.publisher.connected, "the connection")
    for _ in range(20):
        voice.turn()
    assert [topic for topic, _, _ in store.heard if str(KIOSK) in topic] == []


def test_a_certificate_that_was_struck_off_opens_nothing(
    pki: Pki, broker: Broker, journal: Journal, make_voice: MakeVoice
) -> None:
    endpoint = pki.endpoint(broker, STRUCK_OFF)
    pki.authority.revoke(str(STRUCK_OFF))
    broker.stop()
    broker.start()
    voice = make_voice(endpoint=endpoint, address=STRUCK_OFF)
    voice.until(lambda: voice.publisher._connection.was_lost, "the refusal")
    assert not voice.publisher.connected


def test_ten_megabytes_do_not_reach_the_kiosk(
    broker: Broker, store: Store, journal: Journal, make_voice: MakeVoice
) -> None:
    """The broker cuts off who sends them; what it takes is still too large for a kiosk."""
    voice = make_voice()
    voice.until(lambda: voice.publisher.connected, "the connection")
    store.flood(broker, KIOSK.topic(Channel.COMMAND), 10_000_000)
    store.say(KIOSK.topic(Channel.COMMAND), bytes(200_000))
    order = store.order(SystemClock(), "logs")
    store.command(order)
    voice.until(lambda: order.id in store.replies(), "the reply")
    assert store.replies()[order.id].verdict == "done"
    assert voice.publisher.junk_count == 0


def test_trouble_in_the_voice_is_no_trouble_of_the_kiosk(
    store: Store, journal: Journal, make_voice: MakeVoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unlike any other thread's, its accidents do not end the program: it begins anew."""
    monkeypatch.setattr("kiosk.telemetry.publisher.AFTER_TROUBLE_S", 0.0)
    voice = make_voice()
    turn, turns = voice.publisher.step, iter(range(1000))

    def stumbles(wait_s: float) -> None:
        if next(turns) in (0, 1):  # before it is heard: else the stop may come in the middle
            raise RuntimeError("an accident")
        turn(wait_s)

    monkeypatch.setattr(voice.publisher, "step", stumbles)
    voice.publisher.start()
    with store.changed:
        assert store.changed.wait_for(lambda: store.of(Channel.STATE), timeout=PATIENCE_S)
    voice.publisher.stop()
    with store.changed:
        ended = store.changed.wait_for(
            lambda: store.of(Channel.STATE)[-1].mode == Mode.STOPPED, timeout=PATIENCE_S
        )
    assert ended


def test_modes_say_whether_somebody_can_buy() -> None:
    broken = OutOfOrderView(fault="printer")
    assert mode_of(View(screen=Screen.OUT_OF_ORDER, out_of_order=broken)) == Mode.OUT_OF_ORDER
    half = OutOfOrderView(fault="scanner", can_start=True)
    assert mode_of(View(screen=Screen.OUT_OF_ORDER, out_of_order=half)) == Mode.OPEN
    assert mode_of(View(screen=Screen.CLOSED, paused=True)) == Mode.PAUSED
    assert mode_of(View(screen=Screen.CLOSED)) == Mode.CLOSED
    assert mode_of(View(training=True)) == Mode.TRAINING
