"""A roll-out goes on only while it goes well."""

from dataclasses import replace
from typing import Any

from kiosk.fleet.live.rows import empty_row
from kiosk.fleet.releases.stages import (
    DONE,
    MINUTE_US,
    RUNNING,
    STOPPED,
    WAITING,
    Plan,
    Stage,
    advance,
    progress_of,
    wanted_versions,
)

PLAN = Plan(
    id=1,
    kind="catalog",
    version="2",
    previous="1",
    tenant="naermat",
    state=RUNNING,
    stages=(Stage("pilot"), Stage("*")),
    worse_percent_max=10,
    soak_minutes=30,
)


def kiosk(number: int, version: str, group: str = "", *, online: bool = True) -> dict[str, Any]:
    row = empty_row(f"naermat/torshov/kasse-{number}")
    return row | {"catalog": version, "group": group, "online": online}


def moved(plan: Plan, rows: list[dict[str, Any]], at_us: int, bad: dict[str, int]) -> Plan:
    return advance(plan, progress_of(plan, rows, bad), at_us)


def states(plan: Plan) -> list[str]:
    return [stage.state for stage in plan.stages]


def test_the_pilot_is_told_first_and_the_rest_after_it_has_soaked() -> None:
    rows = [kiosk(1, "1", "pilot"), kiosk(2, "1"), kiosk(3, "1")]
    plan = moved(PLAN, rows, 100, {})
    assert states(plan) == [RUNNING, WAITING]
    assert set(wanted_versions([plan], rows)) == {"naermat/torshov/kasse-1"}
    rows[0] = kiosk(1, "2", "pilot")
    plan = moved(plan, rows, 200, {})
    plan = moved(plan, rows, 200 + 30 * MINUTE_US - 1, {})
    assert states(plan) == [RUNNING, WAITING]
    plan = moved(plan, rows, 200 + 30 * MINUTE_US, {})
    plan = moved(plan, rows, 201 + 30 * MINUTE_US, {})
    assert states(plan) == [DONE, RUNNING]
    assert len(wanted_versions([plan], rows)) == 3


def test_it_stops_when_kiosks_get_worse() -> None:
    rows = [kiosk(1, "2", "pilot"), kiosk(2, "1")]
    plan = moved(PLAN, rows, 100, {})
    stopped = moved(plan, rows, 200, {"naermat/torshov/kasse-1": 150})
    assert (stopped.state, stopped.reason) == (STOPPED, "1 of 1 kiosks got worse")
    assert moved(stopped, rows, 300, {}) == stopped, "a person has to look"


def test_what_was_bad_before_is_not_the_new_versions_fault() -> None:
    rows = [kiosk(1, "2", "pilot"), kiosk(2, "1")]
    plan = moved(PLAN, rows, 100, {})
    assert moved(plan, rows, 200, {"naermat/torshov/kasse-1": 50}).state == RUNNING
    assert moved(plan, rows, 200, {"naermat/torshov/kasse-2": 150}).state == RUNNING


def test_kiosks_that_are_offline_hold_nobody_up_but_prove_nothing() -> None:
    dark = [kiosk(1, "1", "pilot", online=False)]
    plan = replace(moved(PLAN, dark, 100, {}), soak_minutes=0)
    assert states(moved(plan, dark, 200, {})) == [RUNNING, WAITING]
    mixed = [*dark, kiosk(2, "2", "pilot")]
    assert states(moved(plan, mixed, 200, {})) == [DONE, WAITING]


def test_a_kiosk_that_went_back_begins_the_soak_anew() -> None:
    rows = [kiosk(1, "2", "pilot")]
    plan = moved(moved(PLAN, rows, 100, {}), rows, 200, {})
    plan = moved(plan, [kiosk(1, "1", "pilot")], 300, {})
    assert plan.stages[0].settled_us == 0


def test_a_later_roll_out_replaces_an_earlier_one() -> None:
    rows = [kiosk(1, "1")]
    first = replace(PLAN, stages=(Stage("*", DONE, 10),), state=DONE)
    back = replace(first, id=2, version="1", stages=(Stage("*", RUNNING, 20),), state=RUNNING)
    assert wanted_versions([first, back], rows)["naermat/torshov/kasse-1"] == {"catalog": ("1", 20)}


def test_a_release_that_kiosks_return_from_stops_before_the_rest_hears_of_it() -> None:
    plan = replace(PLAN, kind="software", worse_percent_max=40)
    took_up = kiosk(1, "", "pilot") | {"software": "2"}
    returned = kiosk(2, "", "pilot") | {"software": "1", "software_failed": "2"}
    rest = kiosk(3, "") | {"software": "1", "software_failed": "0"}
    plan = moved(plan, [took_up, returned, rest], 100, {})
    plan = moved(plan, [took_up, returned, rest], 200, {})
    assert (plan.state, plan.reason) == (STOPPED, "1 of 2 kiosks got worse")
    assert set(wanted_versions([plan], [rest])) == set()
