"""A call for help over the real wire: raised at a kiosk, decided in a browser, told to both."""

import asyncio
import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from kiosk.fleet import desk
from kiosk.fleet.access.rights import Caller
from kiosk.fleet.api.types import Decide
from kiosk.fleet.desk import AnotherDecision
from kiosk.fleet.simulate.diary import Sale
from tests.fleet.api.conftest import Playing
from tests.fleet.serving import Serving
from tests.fleet.words import until

TORSHOV = "/api/kiosks/naermat/torshov/kasse-1"


def raise_call(simulated: Playing, kind: str = "weight", reason: str = "more") -> None:
    """Something at Torshov's first kiosk needs a person."""
    kiosk = next(one for one in simulated.kiosks if str(one.address) == "naermat/torshov/kasse-1")

    def begin() -> None:
        sale = Sale(kiosk.diary, str(kiosk.address), kiosk.random)
        sale.begin(kiosk.stamp())
        sale.scan(kiosk.stamp())
        kiosk.running = asyncio.ensure_future(kiosk._call(sale, kind, reason))  # type: ignore[attr-defined]

    simulated.do(begin)


def the_call(client: httpx.Client) -> dict[str, Any]:
    found: list[dict[str, Any]] = until(
        lambda: client.get("/api/interventions").json(), "the call on the board"
    )
    return found[0]


def test_the_first_decision_wins_and_the_second_is_told(
    server: Serving, simulated: Playing
) -> None:
    ingrid, olga = server.signed_in("ingrid"), server.signed_in("olga")
    raise_call(simulated)
    call = the_call(ingrid)
    path = f"/api/interventions/{call['key']}/{call['id']}/decide"
    answers: list[httpx.Response] = []

    def decide(client: httpx.Client, name: str, approved: bool) -> None:
        body = {"approved": approved, "decision_id": f"decision-of-{name}"}
        answers.append(client.post(path, json=body))

    threads = [
        threading.Thread(target=decide, args=(ingrid, "ingrid", True)),
        threading.Thread(target=decide, args=(olga, "olga", False)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    verdicts = {one.json()["verdict"] for one in answers if one.status_code == 202}
    late = [one for one in answers if one.status_code == 404]
    assert "taken" in verdicts
    assert verdicts <= {"taken", "stands", "no_such"}
    assert len(verdicts) + len(late) == 2, "one took it, the other was told"
    until(lambda: ingrid.get("/api/interventions").json() == [], "the call left the board")


def test_what_the_law_wants_seen_is_only_refused_from_afar(
    server: Serving, simulated: Playing
) -> None:
    ingrid = server.signed_in("ingrid")
    raise_call(simulated, "age", "18")
    call = the_call(ingrid)
    assert call["remote_ok"] is False
    path = f"/api/interventions/{call['key']}/{call['id']}/decide"
    approved = ingrid.post(path, json={"approved": True, "decision_id": "from-the-sofa"})
    assert approved.json()["verdict"] == "only_here"
    assert [one["id"] for one in ingrid.get("/api/interventions").json()] == [call["id"]]
    refused = ingrid.post(path, json={"approved": False, "decision_id": "no-to-that"})
    assert (refused.json()["verdict"], refused.json()["data"]["approved"]) == ("taken", False)
    until(lambda: ingrid.get("/api/interventions").json() == [], "the call left the board")


def test_the_same_decision_again_changes_nothing(server: Serving, simulated: Playing) -> None:
    ingrid = server.signed_in("ingrid")
    raise_call(simulated)
    call = the_call(ingrid)
    path = f"/api/interventions/{call['key']}/{call['id']}/decide"
    body = {"approved": True, "decision_id": "the-same-tap"}
    assert ingrid.post(path, json=body).json()["verdict"] == "taken"
    commands = ingrid.get(f"{TORSHOV}/commands").json()
    again = ingrid.post(path, json=body)
    assert again.status_code in (202, 404)
    assert len(ingrid.get(f"{TORSHOV}/commands").json()) == len(commands)


def test_one_tap_that_comes_twice_at_once_is_one_decision_by_its_name(
    server: Serving, simulated: Playing
) -> None:
    ingrid = server.signed_in("ingrid")
    raise_call(simulated)
    call = the_call(ingrid)
    path = f"/api/interventions/{call['key']}/{call['id']}/decide"
    body = {"approved": True, "decision_id": "one-tap-only"}
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: ingrid.post(path, json=body), range(6)))
    assert {answer.status_code for answer in answers} <= {202, 404}, "404: settled meanwhile"
    told = [answer.json() for answer in answers if answer.json().get("verdict") == "taken"]
    assert told
    assert {one["data"]["name"] for one in told} == {"Ingrid"}
    assert len(ingrid.get(f"{TORSHOV}/commands").json()) == 1
    settled = until(
        lambda: ingrid.get("/api/interventions", params={"state": "settled"}).json(), "its end"
    )
    assert settled[0]["settled"]["name"] == "Ingrid"


def test_a_decisions_id_is_for_one_answer_to_one_question(
    server: Serving, simulated: Playing
) -> None:
    ingrid = server.signed_in("ingrid")
    raise_call(simulated)
    call = the_call(ingrid)
    asks, caller = server.fleet.desk, _caller_of(server, "ingrid")
    asked = Decide(approved=True, decision_id="one-tap-only")
    asyncio.run(asks.decide(call["key"], call, asked, caller))
    for other in (asked.model_copy(update={"approved": False}), asked):
        question = call if not other.approved else {**call, "id": "another-call"}
        with pytest.raises(AnotherDecision):
            asyncio.run(asks.decide(call["key"], question, other, caller))


def _caller_of(server: Serving, name: str) -> Caller:
    (user,) = [one for one in server.fleet.people.all() if one.name == name]
    return Caller(user, "", "")


def test_an_attendant_of_another_store_cannot_decide(server: Serving, simulated: Playing) -> None:
    bjorn = server.signed_in("bjorn")
    raise_call(simulated)
    call = the_call(server.signed_in("ingrid"))
    path = f"/api/interventions/{call['key']}/{call['id']}/decide"
    refused = bjorn.post(path, json={"approved": True, "decision_id": "not-my-store"})
    assert refused.status_code == 404
    assert server.signed_in("admin").get("/api/audit?action=decide").json()["entries"] == []


def frames(lines: Iterator[str]) -> Iterator[tuple[str, Any, str]]:
    kind = position = ""
    for line in lines:
        if line.startswith("id: "):
            position = line[4:]
        elif line.startswith("event: "):
            kind = line[7:]
        elif line.startswith("data: "):
            yield kind, json.loads(line[6:]), position


def test_the_stream_tells_a_call_and_its_end_and_nothing_of_other_stores(
    server: Serving, simulated: Playing
) -> None:
    ingrid, bjorn = server.signed_in("ingrid"), server.signed_in("bjorn")
    with ingrid.stream("GET", "/api/stream") as mine, bjorn.stream("GET", "/api/stream") as other:
        told, others = frames(mine.iter_lines()), frames(other.iter_lines())
        assert next(told)[0] == "hello"
        assert next(others)[0] == "hello"
        raise_call(simulated)
        call = next(item for kind, item, _ in told if kind == "interventions")[0]
        assert call["key"] == "naermat/torshov/kasse-1"
        path = f"/api/interventions/{call['key']}/{call['id']}/decide"
        ingrid.post(path, json={"approved": True, "decision_id": "by-the-stream"})
        over = next(item for kind, item, _ in told if kind == "interventions")[0]
        assert over["settled"]["approved"] is True
        pause = "/api/kiosks/naermat/bryggen/kasse-1/commands"
        bjorn.post(pause, json={"kind": "pause"})
        for kind, items, _ in others:
            assert "torshov" not in json.dumps(items)
            if kind == "commands":
                break


def test_a_stream_that_comes_back_misses_nothing(server: Serving, simulated: Playing) -> None:
    olga = server.signed_in("olga")
    position = olga.get("/api/kiosks").json()["position"]
    raise_call(simulated)
    the_call(olga)
    headers = {"Last-Event-ID": position}
    with olga.stream("GET", "/api/stream", headers=headers) as stream:
        kinds = frames(stream.iter_lines())
        assert next(kinds)[0] == "hello"
        assert any(kind == "interventions" for kind, _, _ in kinds)
    with olga.stream("GET", "/api/stream", headers={"Last-Event-ID": "old-17"}) as stream:
        kinds = frames(stream.iter_lines())
        assert [next(kinds)[0], next(kinds)[0]] == ["hello", "reset"]


def test_logs_and_screens_are_fetched_kept_and_viewing_is_recorded(
    server: Serving, simulated: Playing
) -> None:
    olga = server.signed_in("olga")
    assert olga.get(f"{TORSHOV}/screenshot").status_code == 404
    for kind in ("screenshot", "logs"):
        answer = olga.post(f"{TORSHOV}/commands", json={"kind": kind}).json()
        assert (answer["state"], answer["verdict"]) == ("answered", "done")
    assert olga.get(f"{TORSHOV}/screenshot").content.startswith(b"\x89PNG")
    assert len(olga.get(f"{TORSHOV}/logs").json()["lines"]) == 20
    assert server.signed_in("ingrid").get(f"{TORSHOV}/screenshot").status_code == 403
    actions = {
        one["action"] for one in server.signed_in("admin").get("/api/audit").json()["entries"]
    }
    assert {"viewed_screenshot", "viewed_logs"} <= actions


def test_a_kiosk_that_is_away_does_not_answer_and_the_command_expires(
    server: Serving, simulated: Playing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "WAIT_S", 0.2)
    for kiosk in simulated.kiosks:
        simulated.do(lambda kiosk=kiosk: kiosk.cut(dark=True))  # type: ignore[misc]
    olga = server.signed_in("olga")
    until(
        lambda: olga.get("/api/kiosks?condition=offline").json()["total"] == 4,
        "the last wills spoke",
    )
    answer = olga.post(f"{TORSHOV}/commands", json={"kind": "pause"}).json()
    assert (answer["state"], answer["verdict"]) == ("sent", "")


def test_the_fast_page_is_what_its_model_says(server: Serving, simulated: Playing) -> None:
    from kiosk.fleet.api.types import KioskPage

    page = KioskPage.model_validate_json(server.signed_in("olga").get("/api/kiosks").content)
    assert page.total == 4
    assert sum(page.counts.values()) == 4
