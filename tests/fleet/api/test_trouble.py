"""What goes wrong in stores, over the real wire: power, clocks. What the server makes of it."""

import dataclasses
from datetime import timedelta
from typing import Any

import httpx

from kiosk.fleet.times import utc_now
from tests.fleet.api.conftest import QUIET, ConfigOf, Playing, playing
from tests.fleet.serving import Serving, serving
from tests.fleet.words import until

TORSHOV = {f"naermat/torshov/kasse-{n}" for n in (1, 2)}
BRYGGEN = {f"naermat/bryggen/kasse-{n}" for n in (1, 2)}
TWO_DAYS = timedelta(days=2)


def rows_of(client: httpx.Client) -> dict[str, dict[str, Any]]:
    return {row["key"]: row for row in client.get("/api/kiosks").json()["kiosks"]}


def rules_of(server: Serving, client: httpx.Client) -> set[tuple[str, str | None]]:
    """Look once as the rounds do, and return what is live: rule and kiosk."""
    server.fleet.rounds.look()
    return {(one["rule"], one["key"]) for one in client.get("/api/alerts").json()}


def test_a_store_that_loses_its_power_is_one_alert_and_over_when_it_is_back(
    server: Serving, simulated: Playing
) -> None:
    olga, told = server.signed_in("olga"), []
    server.fleet.letters.tell = told.append  # type: ignore[method-assign]
    until(lambda: all(row["online"] for row in rows_of(olga).values()), "all are online")
    # Only this test looks: a round between two of its steps would find everybody silent.
    server.fleet.rounds.stop()
    server.fleet.rounds.look()  # hears the broker from here on
    dark = [one for one in simulated.kiosks if str(one.address) in TORSHOV]
    for kiosk in dark:
        simulated.do(lambda kiosk=kiosk: kiosk.cut(dark=True))  # type: ignore[misc]
    until(lambda: not any(rows_of(olga)[key]["online"] for key in TORSHOV), "the wills spoke")
    server.fleet.now = lambda: utc_now() + timedelta(minutes=10)
    _let_speak(olga, simulated, BRYGGEN)
    for _ in range(2):
        assert away(rules_of(server, olga)) == {("store_offline", None)}
    letters = [one.rule for letter in told for one in letter]
    assert [rule for rule in letters if rule != "clock"] == ["store_offline"]
    for kiosk in dark:
        simulated.do(lambda kiosk=kiosk: kiosk.cut(dark=False))  # type: ignore[misc]
    until(lambda: all(row["online"] for row in rows_of(olga).values()), "the power is back")
    assert away(rules_of(server, olga)) == set()


def away(rules: set[tuple[str, str | None]]) -> set[tuple[str, str | None]]:
    """Those about who does not answer; ten minutes that a test takes away bring others."""
    return {(rule, key) for rule, key in rules if rule in ("offline", "store_offline")}


def _let_speak(client: httpx.Client, simulated: Playing, keys: set[str]) -> None:
    """Let kiosks say once more how they stand, and wait until the server has heard it."""
    before = {key: row["last_heard_at"] for key, row in rows_of(client).items()}
    for kiosk in simulated.kiosks:
        if str(kiosk.address) in keys:
            simulated.do(kiosk._changed.set)
    until(
        lambda: all(rows_of(client)[key]["last_heard_at"] > before[key] for key in keys),
        "they were heard",
    )


def test_a_kiosk_whose_clock_is_two_days_off_is_shown_told_of_and_orders_nothing_by_mistake(
    config_of: ConfigOf,
) -> None:
    with serving(config_of("fleet")) as server:
        assert server.fleet.watcher.connected.wait(90)
        with playing(config_of("simulator"), QUIET, _ahead) as simulated:
            olga = server.signed_in("olga")
            until(lambda: len(rows_of(olga)) == 4, "all are known")
            until(lambda: all(row["online"] for row in rows_of(olga).values()), "and online")
            # The wrong time is in the messages, what counts is when they came.
            assert all(row["last_heard_at"] < _soon() for row in rows_of(olga).values())
            simulated.do(lambda: [kiosk.say_health() for kiosk in simulated.kiosks])
            until(lambda: len(server.fleet.picture.healths()) == 4, "their health")
            clocks = {key for rule, key in rules_of(server, olga) if rule == "clock"}
            assert clocks == TORSHOV | BRYGGEN
            path = "/api/kiosks/naermat/torshov/kasse-1/commands"
            until(lambda: olga.get(path).status_code == 200, "it is in the database")
            answer = until(
                lambda: _answered(olga.post(path, json={"kind": "pause"})), "the kiosk's answer"
            )
            assert answer["verdict"] == "expired"
            assert simulated.kiosks[0].paused is False


def _answered(response: httpx.Response) -> dict[str, Any]:
    found: dict[str, Any] = response.json() if response.status_code == 202 else {}
    return found if found.get("verdict") else {}


def _soon() -> str:
    return (utc_now() + timedelta(hours=1)).isoformat()


def _ahead(wire: Any) -> Any:
    return dataclasses.replace(wire, now=lambda: utc_now() + TWO_DAYS)
