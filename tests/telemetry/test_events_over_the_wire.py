"""The journal's rows over a real broker: in order, each at least once, whatever is killed."""

from collections.abc import Callable
from datetime import UTC, datetime

from kiosk.app.broker import Broker
from kiosk.engine.clock import ManualClock
from kiosk.journal import Journal
from kiosk.journal.chain import first_hash, row_hash
from kiosk.telemetry.feed import ROWS_PER_S, UNHEARD_S, WINDOW
from kiosk.telemetry.messages import ROWS_MAX
from kiosk.telemetry.topics import Channel
from tests.telemetry.conftest import sell
from tests.telemetry.far_end import Pki, Store, Voice

MakeVoice = Callable[..., Voice]
NOW = datetime.now(UTC)


def without_repeats(seqs: list[int]) -> list[int]:
    return list(dict.fromkeys(seqs))


def test_rows_come_in_order_as_they_stand_in_the_journal(
    store: Store, journal: Journal, make_voice: MakeVoice
) -> None:
    for number in range(30):
        sell(journal, f"sale-{number}", 10)
    voice = make_voice()
    voice.until(lambda: len(store.rows()) == 300, "all rows")
    assert store.seqs() == list(range(1, 301))
    before = first_hash(journal.journal_id)
    for row in store.rows():
        before = row_hash(
            before, row.seq, row.sale_id, row.sale_seq, row.kind, row.version,
            bytes(row.body), row.at_utc,
        )  # fmt: skip
        assert before.hex() == row.hash, f"row {row.seq} is not as it was written"


def test_what_is_sold_while_the_voice_talks_follows(
    store: Store, journal: Journal, make_voice: MakeVoice
) -> None:
    sell(journal, "sale-1")
    voice = make_voice()
    voice.until(lambda: len(store.rows()) == 2, "the first sale")
    sell(journal, "sale-2")
    voice.until(lambda: len(store.rows()) == 4, "the second sale")
    assert store.seqs() == [1, 2, 3, 4]


def test_a_kiosk_without_power_goes_on_where_the_broker_had_heard_it(
    store: Store, journal: Journal, make_voice: MakeVoice
) -> None:
    for number in range(40):
        sell(journal, f"sale-{number}", 50)
    first = make_voice()
    first.until(lambda: first.feed.heard_seq >= 500, "a quarter")
    noted = first.outbox.heard(journal.journal_id)[0]
    first.die()
    second = make_voice()
    second.until(lambda: second.feed.waiting() == 0, "the rest")
    second.until(lambda: len(set(store.seqs())) == 2000, "the store")
    assert without_repeats(store.seqs()) == list(range(1, 2001))
    repeated = len(store.seqs()) - 2000
    assert repeated <= first.feed.heard_seq + WINDOW * ROWS_MAX - noted


def test_a_broker_killed_and_started_again_in_the_middle_loses_no_row(
    pki: Pki, broker: Broker, store: Store, journal: Journal, make_voice: MakeVoice
) -> None:
    """What the killed broker had acknowledged and not passed on is a gap, and is asked for."""
    for number in range(60):
        sell(journal, f"sale-{number}", 50)
    clock = ManualClock(NOW)
    voice = make_voice(clock)
    voice.until(lambda: len(store.rows()) >= 600, "some", tick=lambda: clock.advance(0.01))
    broker.kill()
    voice.until(lambda: not voice.publisher.connected, "the loss")
    broker.start()
    voice.until(lambda: voice.feed.waiting() == 0, "the rest", tick=lambda: clock.advance(1))
    seen = set(store.seqs())
    missing = sorted(set(range(1, 3001)) - seen)
    if missing:
        order = store.order(
            clock, "resend", args={"journal_id": journal.journal_id, "after_seq": missing[0] - 1}
        )
        voice.until(lambda: voice.publisher.connected, "the connection")
        store.command(order)
    voice.until(
        lambda: len(set(store.seqs())) == 3000, "every row", tick=lambda: clock.advance(0.1)
    )


def test_rows_are_sent_once_more_from_where_the_store_says(
    store: Store, journal: Journal, make_voice: MakeVoice
) -> None:
    sell(journal, "sale-1", 20)
    voice = make_voice()
    voice.until(lambda: len(store.rows()) == 20, "all rows")
    args = {"journal_id": journal.journal_id, "after_seq": 15}
    order = store.order(voice.clock, "resend", args=args)
    store.command(order)
    voice.until(lambda: len(store.rows()) == 25, "the last five again")
    assert store.seqs()[20:] == [16, 17, 18, 19, 20]
    for wrong in ({**args, "after_seq": 21}, {**args, "journal_id": "another"}):
        before = len(store.of(Channel.REPLY))
        store.command(store.order(voice.clock, "resend", args=wrong))
        voice.until(lambda: len(store.of(Channel.REPLY)) > before, "the reply")  # noqa: B023
        assert store.of(Channel.REPLY)[-1].verdict == "no_such"


def test_a_week_without_network_is_told_in_order_and_at_a_bounded_rate(
    pki: Pki, broker: Broker, store: Store, journal: Journal, make_voice: MakeVoice
) -> None:
    """A busy kiosk's week on a clock that is moved by hand, then the network comes back."""
    clock = ManualClock(NOW)
    voice = make_voice(clock, rows_per_s=ROWS_PER_S)
    broker.stop()
    days, rows_a_day = 7, 1000
    outbox_bytes = []
    for day in range(days):
        for number in range(rows_a_day // 50):
            sell(journal, f"sale-{day}-{number}", 50)
        for _ in range(24):
            clock.advance(3600)
            voice.turn()
        assert not voice.publisher.connected
        outbox_bytes.append(voice.outbox.path.stat().st_size)
    assert len(set(outbox_bytes)) == 1, f"the memory of the outbox grows: {outbox_bytes}"
    broker.start()
    voice.until(lambda: voice.publisher.connected, "the connection", tick=lambda: clock.advance(3))
    began_ns = clock.monotonic_ns()
    voice.until(lambda: voice.feed.waiting() == 0, "the week", tick=lambda: clock.advance(0.05))
    voice.until(lambda: len(store.rows()) >= days * rows_a_day, "the store")
    assert store.seqs() == list(range(1, days * rows_a_day + 1))
    took_s = (clock.monotonic_ns() - began_ns) / 1e9
    assert took_s >= (days * rows_a_day - ROWS_MAX * WINDOW) / ROWS_PER_S, "faster than allowed"


def test_another_journal_in_its_place_is_told_from_its_beginning(
    store: Store, journal: Journal, make_voice: MakeVoice
) -> None:
    """An older copy was put back: the same journal by name, shorter than what was told."""
    sell(journal, "sale-1", 10)
    voice = make_voice()
    voice.outbox.note_heard(journal.journal_id, 10, b"another hash")
    voice.feed._heard_seq, voice.feed._heard_hash = voice.outbox.heard(journal.journal_id)
    voice.until(lambda: len(store.rows()) == 10, "all of it")
    assert store.seqs() == list(range(1, 11))


def test_every_row_counts_as_waiting_until_the_broker_has_it(
    broker: Broker, journal: Journal, make_voice: MakeVoice
) -> None:
    sell(journal, "sale-1", 10)
    broker.stop()
    voice = make_voice()
    for _ in range(5):
        voice.turn()
    assert voice.feed.waiting() == 10


def test_rows_that_nobody_listens_to_are_told_again(
    pki: Pki, broker: Broker, journal: Journal, make_voice: MakeVoice
) -> None:
    sell(journal, "sale-1", 10)
    clock = ManualClock(NOW)
    voice = make_voice(clock)
    voice.until(lambda: voice.feed._failing, "the broker's word that nobody listens")
    assert voice.feed.waiting() == 10
    store = Store(pki, broker)
    try:
        voice.until(lambda: store.seqs(), "the rows", tick=lambda: clock.advance(UNHEARD_S / 10))
        assert store.seqs() == list(range(1, 11))
    finally:
        store.close()
