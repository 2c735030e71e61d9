"""Figures and charts against sums made by hand."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from kiosk.fleet.api.more_types import Chart, ChartName
from kiosk.fleet.figures.charts import chart_of
from kiosk.fleet.figures.scope import Scope, buckets
from kiosk.fleet.figures.today import changed_today, figures_of
from kiosk.fleet.ingest.apply import Applier
from kiosk.fleet.store.database import Database
from kiosk.telemetry.messages import Row
from kiosk.telemetry.topics import Address
from tests.fleet.words import AT_US, KIOSK, events, received, row

OSLO = ZoneInfo("Europe/Oslo")
NOW = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)
BRYGGEN = Address("naermat", "bryggen", "kasse-1")


def at(when: str, one: Row) -> Row:
    return msgspec.structs.replace(one, at_utc=f"{when}.000000+00:00")


def sale(seq: int, when: str, minor: int | None, *, seconds: int = 0, **training: Any) -> list[Row]:
    """A sale that ended at a time; None is one that nobody paid. A call took `seconds`."""
    sale_id = f"sale-{seq}"
    raised = f"{when[:17]}{0:02}"
    rows = [at(when, row(seq, "SaleStarted", sale_id=sale_id, currency="NOK", **training))]
    if seconds:
        call: dict[str, Any] = {"sale_id": sale_id, "intervention_id": sale_id}
        rows.append(
            at(raised, row(seq + 1, "InterventionRaised", kind="weight", policy="p", **call))
        )
        resolved = f"{when[:17]}{seconds:02}"
        rows.append(
            at(
                resolved,
                row(seq + 2, "InterventionResolved", approved=True, where="remote", **call),
            )
        )
    if minor is None:
        rows.append(at(when, row(seq + 3, "SaleAborted", sale_id=sale_id, amount_minor=5)))
    else:
        paid: dict[str, Any] = {"sale_id": sale_id, "attempt_id": sale_id}
        rows.append(
            at(when, row(seq + 3, "PaymentRequested", method="card", amount_minor=minor, **paid))
        )
        rows.append(at(when, row(seq + 4, "PaymentSettled", outcome="approved", **paid)))
        rows.append(at(when, row(seq + 5, "SaleCompleted", sale_id=sale_id, total_minor=minor)))
    return rows


@pytest.fixture
def shop(database: Database) -> Database:
    torshov = [
        *sale(10, "2026-11-20T08:00:00", 1000, seconds=20),
        *sale(20, "2026-11-20T09:00:00", 2000, seconds=40),
        *sale(30, "2026-11-20T10:00:00", None),
        *sale(40, "2026-11-20T10:30:00", 9999, training=True),
        *sale(50, "2026-11-19T09:00:00", 700),
        *sale(60, "2026-11-19T20:00:00", 800),
        *sale(70, "2026-11-18T23:30:00", 50),
    ]
    bryggen = sale(10, "2026-11-20T08:00:00", 400)
    Applier(database).apply([received(events(torshov), KIOSK), received(events(bryggen), BRYGGEN)])
    return database


def values(chart: Chart, name: str) -> list[float | None]:
    return next(one.values for one in chart.series if one.name == name)


def chart(database: Database, name: ChartName, scope: Scope = Scope()) -> Chart:  # noqa: B008
    since = datetime(2026, 11, 18, 12, tzinfo=UTC)
    return chart_of(database, name, scope, since=since, now=NOW, zone=OSLO, by="day")


def test_today_stands_beside_yesterday_until_the_same_hour(shop: Database) -> None:
    figures = {one.name: one for one in figures_of(shop, Scope(), now=NOW, zone=OSLO).figures}
    assert (figures["sales"].value, figures["sales"].count) == (3400, 3)
    assert figures["sales"].yesterday == 750, "half past midnight in Oslo is yesterday"
    assert figures["help_per_100"].value == pytest.approx(66.67)
    assert figures["help_seconds"].value == 40
    assert figures["weight_alarms"].value == pytest.approx(66.67)


def test_a_store_sees_its_own_figures(shop: Database) -> None:
    own = Scope(stores=("naermat/bryggen",))
    assert figures_of(shop, own, now=NOW, zone=OSLO).figures[0].value == 400
    assert figures_of(shop, Scope(stores=()), now=NOW, zone=OSLO).figures[0].value == 0


def test_days_are_local_and_training_is_no_sale(shop: Database) -> None:
    sales = chart(shop, ChartName.SALES)
    assert values(sales, "amount_minor") == [0, 1550, 3400]
    assert values(sales, "count") == [0, 3, 3]
    assert (sales.currency, sales.total) == ("NOK", 4950)


def test_each_chart_answers_its_question(shop: Database) -> None:
    kiosk = Scope(kiosk=str(KIOSK))
    assert values(chart(shop, ChartName.ABANDONMENT, kiosk), "abandonment")[-1] == 33.33
    assert values(chart(shop, ChartName.RESOLVE_SECONDS), "median")[-1] == 40
    assert chart(shop, ChartName.REASONS).labels == ["weight"]
    assert values(chart(shop, ChartName.PAYMENT_MIX, kiosk), "count") == [5]


def test_the_day_when_the_clock_goes_back_has_25_hours() -> None:
    day = datetime(2026, 10, 25, 12, tzinfo=UTC)
    edges = buckets(day, datetime(2026, 10, 25, 22, 59, tzinfo=UTC), OSLO, "hour")
    assert len(edges) - 1 == 25
    assert len({edge.astimezone(UTC) for edge in edges}) == 26


def test_todays_figures_of_kiosks_that_sold_since(shop: Database) -> None:
    today_us = int(datetime(2026, 11, 19, 23, tzinfo=UTC).timestamp() * 1e6)
    found = changed_today(shop, 0, today_us)
    assert found[str(KIOSK)]["sales_today"] == 2
    assert found[str(KIOSK)]["sales_today_minor"] == 3000
    assert found[str(KIOSK)]["calls_today"] == 2
    assert changed_today(shop, AT_US + 1, today_us) == {}
