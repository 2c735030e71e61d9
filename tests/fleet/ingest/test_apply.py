"""A batch into real databases: once, twice, in any order, and what is missing is seen."""

from collections import Counter
from datetime import UTC, datetime
from random import Random

import msgspec
import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from kiosk.fleet.ingest.apply import Applier
from kiosk.fleet.ingest.received import read
from kiosk.fleet.store import tables as t
from kiosk.fleet.store.database import Database
from kiosk.fleet.store.gaps import gaps_of
from kiosk.telemetry import messages as m
from kiosk.telemetry.topics import Address
from tests.fleet.words import AT_US, KIOSK, birth, call, events, health, received, row, state, topic

SALE = [
    row(1, "SaleStarted", sale_id="s", currency="NOK", training=False),
    row(2, "ItemAdded", sale_id="s"),
    row(3, "InterventionRaised", sale_id="s", intervention_id="i", kind="age", policy="x"),
    row(4, "InterventionResolved", sale_id="s", intervention_id="i", approved=True, where="kiosk"),
    row(5, "PaymentRequested", sale_id="s", attempt_id="a", method="card", amount_minor=3290),
    row(6, "PaymentSettled", sale_id="s", attempt_id="a", outcome="approved"),
    row(7, "SaleCompleted", sale_id="s", total_minor=3290),
    row(8, "KindOfTheFuture", sale_id="s", colour="blue"),
]


def table(database: Database, which: t.Table) -> list[dict[str, object]]:
    with database.read() as db:
        found = db.execute(select(which).order_by(*which.primary_key.columns))
        return [dict(one._mapping) for one in found]


def everything(database: Database) -> dict[str, list[dict[str, object]]]:
    tables = (t.event, t.sale, t.payment, t.intervention)
    return {which.name: table(database, which) for which in tables}


def test_a_sale_becomes_rows_and_facts(database: Database) -> None:
    assert Applier(database).apply([received(events(SALE))]) == 8
    [sale] = table(database, t.sale)
    assert (sale["completed"], sale["total_minor"], sale["training"]) == (True, 3290, False)
    [payment] = table(database, t.payment)
    assert (payment["method"], payment["outcome"]) == ("card", "approved")
    [intervention] = table(database, t.intervention)
    assert (intervention["kind"], intervention["approved"]) == ("age", True)
    [journal] = table(database, t.journal)
    assert journal["stored_through"] == 8
    rows = table(database, t.event)
    assert rows[1]["body"] == bytes(SALE[1].body).decode(), "the very bytes that the hash covers"


def test_a_row_that_cannot_be_read_is_stored_and_said(database: Database) -> None:
    odd = row(1, "SaleCompleted", sale_id="s", total_minor="much")
    with capture_logs() as logs:
        assert Applier(database).apply([received(events([odd]))]) == 1
    assert len(table(database, t.event)) == 1
    assert table(database, t.sale) == []
    assert [line["kinds"] for line in logs if "kinds" in line] == [{"SaleCompleted": 1}]


def anonymous(one: dict[str, object]) -> dict[str, object]:
    """A row without whose it is."""
    return {name: one[name] for name in one.keys() - {"kiosk_no", "journal_no"}}


@pytest.mark.parametrize("seed", range(8))
def test_the_same_rows_in_any_order_and_number_are_the_same(database: Database, seed: int) -> None:
    random = Random(seed)
    Applier(database).apply([received(events(SALE))])
    wanted = everything(database)
    other = Address("naermat", "torshov", "kasse-4")
    pieces = [received(events([one]), other) for one in SALE] * 2
    random.shuffle(pieces)
    applier = Applier(database)
    while pieces:
        count = random.randint(1, 5)
        applier.apply(pieces[:count])
        pieces = pieces[count:]
    found = everything(database)
    for name, rows in wanted.items():
        others = [one for one in found[name] if one not in rows]
        assert [*map(anonymous, others)] == [*map(anonymous, rows)], f"{name}, seed {seed}"
    assert [one["stored_through"] for one in table(database, t.journal)] == [8, 8], f"seed {seed}"


def test_an_unknown_payment_stays_unknown_only_until_the_truth(database: Database) -> None:
    asked = row(1, "PaymentRequested", attempt_id="a", method="card", amount_minor=100)
    unknown = row(2, "PaymentSettled", attempt_id="a", outcome="unknown")
    truth = m.Row(
        **{
            **{name: getattr(unknown, name) for name in unknown.__struct_fields__},
            "seq": 3,
            "at_utc": "2026-11-20T12:05:00.000000+00:00",
            "body": row(3, "PaymentSettled", attempt_id="a", outcome="approved").body,
        }
    )
    applier = Applier(database)
    applier.apply([received(events([truth]))])
    applier.apply([received(events([asked, unknown]))])
    [payment] = table(database, t.payment)
    assert payment["outcome"] == "approved"


def test_states_of_a_kiosk_with_a_wrong_clock_are_taken_in_the_order_they_came(
    database: Database,
) -> None:
    applier = Applier(database)
    ahead = state(at_utc="2028-01-01T00:00:00.000000+00:00", item_count=1)
    applier.apply([received(ahead, at_us=AT_US)])
    applier.apply([received(state(item_count=2), at_us=AT_US + 1)])
    applier.apply([received(state(item_count=3), at_us=AT_US - 1)])
    [kiosk] = table(database, t.kiosk)
    assert kiosk["state"]["item_count"] == 2  # type: ignore[index]


def test_health_keeps_one_point_for_five_minutes(database: Database) -> None:
    applier = Applier(database)
    for minute in range(11):
        words = health(temperature_c=50.0 + minute)
        applier.apply([received(words, at_us=AT_US + minute * 60_000_000)])
    temperatures = [one["temperature_c"] for one in table(database, t.health_point)]
    assert temperatures == [54.0, 59.0, 60.0]


def test_a_call_keeps_the_sale_in_view_and_how_it_was_settled(database: Database) -> None:
    applier = Applier(database)
    sale = m.SaleBrief(lines=[m.LineBrief(name="Pilsner 0,5 l")], total_minor=3290)
    applier.apply([received(call(sale=sale))])
    settled = m.Settled(
        approved=False, attendant_id="kari", where="remote", resolved_at=birth().at_utc
    )
    applier.apply([received(call(sale=sale, settled=settled))])
    [found] = table(database, t.intervention)
    assert (found["approved"], found["place"]) == (False, "remote")
    assert found["message"]["sale"]["lines"][0]["name"] == "Pilsner 0,5 l"  # type: ignore[index]


def test_a_gap_is_seen_and_closed_by_what_was_sent_again(database: Database) -> None:
    applier = Applier(database)
    applier.apply([received(events([row(1), row(2)])), received(events([row(5), row(6)]))])
    words = health(journal_id="j1", journal_seq=8, outbox_waiting=2)
    [gap] = gaps_of(database, {str(KIOSK): words})
    assert (gap.after_seq, gap.rows) == (2, 4)
    applier.apply([received(events([row(3), row(4), row(5)]))])
    assert gaps_of(database, {str(KIOSK): words}) == []
    assert table(database, t.journal)[0]["stored_through"] == 6


def test_a_new_journal_begins_its_numbers_anew(database: Database) -> None:
    applier = Applier(database)
    applier.apply([received(events([row(1), row(2)], "old")), received(events([row(1)], "new"))])
    assert len(table(database, t.event)) == 3


def test_a_row_whose_time_is_none_refuses_the_batch_and_stores_nothing(
    database: Database,
) -> None:
    broken = msgspec.structs.replace(row(1), at_utc="2026-99-99T12:00:00+00:00")
    with pytest.raises(ValueError, match="month"):
        Applier(database).apply([received(state()), received(events([broken]))])
    assert table(database, t.kiosk) == []


@pytest.mark.parametrize(
    "message",
    [
        call(raised_at="2026-99-99T12:00:00+00:00"),
        health(journal_verified_at="2026-11-31T12:00:00+00:00"),
        state(at_utc="2026-11-20T25:00:00+00:00"),
    ],
)
def test_what_looks_like_a_time_and_is_none_is_junk(message: m.Message) -> None:
    counts: Counter[str] = Counter()
    assert read(topic(message), m.encode(message), AT_US, counts) is None
    assert counts == {"junk": 1}


def test_now_is_what_the_tests_say_it_is() -> None:
    assert datetime.fromtimestamp(AT_US / 1e6, UTC).isoformat() == "2026-11-20T12:00:00+00:00"


def test_a_payment_that_went_back_after_its_sale_was_over_is_no_approved_one(
    database: Database,
) -> None:
    late = [
        row(9, "PaymentSettled", sale_id="s", attempt_id="a", outcome="approved"),
        row(10, "ReversalSettled", sale_id="s", attempt_id="a", done=False),
    ]
    Applier(database).apply([received(events([*SALE, *late]))])
    assert [one["outcome"] for one in table(database, t.payment)] == ["approved"]
    back = row(11, "ReversalSettled", sale_id="s", attempt_id="a", done=True)
    Applier(database).apply([received(events([back]))])
    assert [one["outcome"] for one in table(database, t.payment)] == ["reversed"]
