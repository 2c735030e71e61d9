"""When a report is an alert: each rule on both sides of its limit, and no storm."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kiosk.fleet.alerts.rules import Facts, findings
from kiosk.fleet.config import Limits
from kiosk.fleet.live.rows import empty_row
from tests.fleet.words import AT, health

NOW = datetime(2026, 11, 20, 12, 0, 10, tzinfo=UTC)
KEY = "naermat/torshov/kasse-3"


def facts(key: str = KEY, row: dict[str, Any] | None = None, **fields: Any) -> Facts:
    fine = empty_row(key) | {"online": True, "mode": "open", "paper": "ok"}
    return Facts(**{"key": key, "row": fine | (row or {}), "health": health(), **fields})


def rules(*given: Facts) -> list[tuple[str, str]]:
    return [(one.rule, one.severity) for one in findings(given, Limits(), NOW)]


def ago(**units: float) -> str:
    return (NOW - timedelta(**units)).isoformat(timespec="microseconds")


def test_a_kiosk_that_is_fine_is_no_alert() -> None:
    assert rules(facts()) == []


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"away_s": 119.0}, []),
        ({"away_s": 121.0}, [("offline", "bad")]),
        ({"away_s": 121.0, "row": {"mode": "stopped"}}, [("offline", "warn")]),
        ({"row": {"devices": {"scanner": "ready"}}}, []),
        ({"row": {"devices": {"scanner": "lost"}}}, [("device_lost", "warn")]),
        ({"row": {"devices": {"terminal": "fault"}}}, [("device_lost", "bad")]),
        (
            {"row": {"devices": {"scanner": "lost"}, "mode": "out_of_order"}},
            [("device_lost", "bad")],
        ),
        ({"row": {"paper": "low"}}, [("paper_low", "warn")]),
        ({"row": {"paper": "out"}}, [("paper_out", "bad")]),
        ({"health": health(disk_free_bytes=10, disk_total_bytes=100)}, []),
        ({"health": health(disk_free_bytes=9, disk_total_bytes=100)}, [("disk", "warn")]),
        ({"health": health(disk_free_bytes=4, disk_total_bytes=100)}, [("disk", "bad")]),
        ({"health": health(clock_offset_ms=-5000)}, []),
        ({"health": health(clock_offset_ms=-5001)}, [("clock", "warn")]),
        ({"health": health(clock_offset_ms=172_800_000)}, [("clock", "bad")]),
        ({"health": health(at_utc="2026-11-22T12:00:00+00:00")}, [("clock", "bad")]),
        ({"health": health(at_utc="2026-11-18T12:00:00+00:00")}, [("clock", "bad")]),
        ({"health": health(old_rules=["vat", "ages"])}, [("old_rules", "warn")]),
        ({"health": health(untaken_count=0, untaken_minor=0)}, []),
        ({"health": health(untaken_count=1, untaken_minor=2390)}, [("untaken", "bad")]),
        ({"health": health(certificate_expires_at=ago(days=-31))}, []),
        ({"health": health(certificate_expires_at=ago(days=-29))}, [("certificate", "warn")]),
        ({"health": health(certificate_expires_at=ago(days=-6))}, [("certificate", "bad")]),
        ({"health": health(temperature_c=76.0)}, [("temperature", "warn")]),
        ({"waits_s": 181.0}, [("waiting", "bad")]),
        ({"declined": 4, "approved": 0}, []),
        ({"declined": 5, "approved": 20}, [("declines", "warn")]),
        ({"declined": 5, "approved": 21}, []),
        ({"declined": 5, "approved": 5, "usual_declined": 0.3}, []),
        ({"health": health(journal_ok=False)}, [("journal", "bad")]),
        ({"health": health(journal_verified_at=ago(hours=48))}, []),
        ({"health": health(journal_verified_at=ago(hours=50))}, [("journal", "warn")]),
        ({"told_at": NOW - timedelta(hours=23)}, []),
        ({"told_at": NOW - timedelta(hours=25)}, [("version", "warn")]),
        ({"missing_rows": 3}, [("gap", "warn")]),
        ({"health": None}, []),
    ],
)
def test_each_rule_on_both_sides_of_its_limit(
    fields: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert rules(facts(**fields)) == expected


def store(away: int, of: int) -> list[Facts]:
    return [
        facts(f"naermat/torshov/kasse-{number}", away_s=300.0 if number <= away else 0.0)
        for number in range(1, of + 1)
    ]


def test_a_store_without_power_is_one_alert() -> None:
    assert rules(*store(40, 40)) == [("store_offline", "bad")]
    assert rules(*store(24, 40)) == [("store_offline", "bad")]


def test_a_few_kiosks_away_are_each_an_alert() -> None:
    assert rules(*store(2, 8)) == [("offline", "bad")] * 2
    assert rules(*store(1, 1)) == [("offline", "bad")], "one kiosk is not a storm"


def test_one_store_without_power_hides_nothing_of_another() -> None:
    other = facts("naermat/bryggen/kasse-1", away_s=300.0)
    assert sorted(rules(*store(3, 3), other)) == [("offline", "bad"), ("store_offline", "bad")]


def test_what_else_is_the_matter_at_that_store_stays() -> None:
    kiosks = [*store(3, 3), facts("naermat/torshov/kasse-9", row={"paper": "out"})]
    assert sorted(rules(*kiosks)) == [("paper_out", "bad"), ("store_offline", "bad")]


def test_the_same_trouble_is_the_same_alert_though_its_figures_change() -> None:
    first, later = (findings([facts(away_s=s)], Limits(), NOW)[0] for s in (130.0, 900.0))
    assert first == later
    assert (first.detail, later.detail) == ({"minutes": 2}, {"minutes": 15})


def test_the_time_of_the_words_is_near_now() -> None:
    assert datetime.fromisoformat(AT) == NOW - timedelta(seconds=10)
