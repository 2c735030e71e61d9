"""Somebody who means harm: planted cookies, slow and large bodies, others' rights and stores."""

import socket
import threading

import httpx
import pytest
from starlette.requests import Request

from kiosk.fleet.access.rights import stores_of
from kiosk.fleet.api import guard
from kiosk.fleet.api.callers import COOKIE, COOKIE_PLAIN, token_of
from kiosk.fleet.api.types import NewUser, Role
from tests.fleet.api.conftest import ConfigOf, Playing
from tests.fleet.serving import PASSWORD, Serving, serving
from tests.fleet.words import until

TORSHOV = "/api/kiosks/naermat/torshov/kasse-1"


def test_a_session_that_was_planted_is_not_the_one_after_signing_in(server: Serving) -> None:
    thief, victim = server.signed_in("bjorn"), server.anybody()
    planted = dict(thief.cookies)
    victim.cookies.update(planted)
    signed_in = victim.post("/api/session", json={"name": "olga", "password": PASSWORD})
    assert signed_in.status_code == 200
    assert signed_in.cookies != planted
    assert thief.get("/api/stores").status_code == 401, "the planted session is over"


def test_over_tls_only_the_cookie_that_nobody_else_can_set_counts(server: Serving) -> None:
    client = server.signed_in("olga")
    (token,) = client.cookies.values()

    def asked(scheme: str, cookie: str) -> str:
        scope = {
            "type": "http",
            "scheme": scheme,
            "server": ("fleet", 443),
            "path": "/",
            "query_string": b"",
            "headers": [(b"cookie", f"{cookie}={token}".encode())],
        }
        return token_of(Request(scope))

    assert asked("https", COOKIE) == token
    assert asked("https", COOKIE_PLAIN) == ""
    assert asked("http", COOKIE_PLAIN) == token


def test_strangers_cannot_fill_the_memory_with_an_upload(server: Serving) -> None:
    def pieces() -> object:
        for _ in range(200):
            yield b"x" * 100_000

    path = "/api/catalogs?kind=catalog&version=1"
    for client, status in ((server.anybody(), 401), (server.signed_in("ingrid"), 403)):
        try:
            answer = client.post(path, content=pieces())  # type: ignore[arg-type]
        except httpx.TransportError:
            pass  # the server hung up in the middle: as good
        else:
            assert answer.status_code == status
    assert server.fleet.snapshots.newest(None, 10) == []


def test_a_body_that_never_comes_is_given_up(
    server: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "BODY_S_MAX", 0.3)
    host, port = server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=90) as line:
        line.sendall(
            b"POST /api/session HTTP/1.1\r\nHost: fleet\r\nContent-Type: application/json\r\n"
            b'Content-Length: 50\r\n\r\n{"name": '
        )
        assert b" 408 " in line.recv(4096).split(b"\r\n")[0]
        rest = line.recv(4096)
        while rest:
            rest = line.recv(4096)  # and the connection ends


def test_numbers_and_texts_that_no_database_keeps_are_refused(
    server: Serving, simulated: Playing
) -> None:
    admin = server.signed_in("admin")
    huge = "9" * 30
    assert admin.post(f"/api/alerts/{huge}/close").status_code == 422
    assert admin.post(f"/api/rollouts/{huge}/stop").status_code == 422
    large = {"kind": "logs", "args": {"lines": int(huge)}}
    assert admin.post(f"{TORSHOV}/commands", json=large).status_code == 422
    nothing = server.anybody().post("/api/session", json={"name": "a\0b", "password": "x"})
    assert nothing.status_code == 401
    assert admin.get("/api/audit", params={"actor": "a\0b"}).status_code in (200, 422)


def test_who_has_some_stores_rolls_nothing_out_to_all(server: Serving) -> None:
    server.fleet.people.add(
        NewUser(
            name="lise",
            display_name="Lise",
            role=Role.OPERATOR,
            stores=["naermat/torshov"],
            password=PASSWORD,
        )
    )
    lise, olga = server.signed_in("lise"), server.signed_in("olga")
    config = b"[selling]\nidle_s = 45\n"
    address = "/api/catalogs?kind=config&version=2026-1"
    assert lise.post(address, content=config).status_code == 403
    assert olga.post(address, content=config).status_code == 201
    rollout = {"kind": "config", "version": "2026-1", "tenant": "naermat"}
    assert lise.post("/api/rollouts", json=rollout).status_code == 403
    begun = olga.post("/api/rollouts", json=rollout)
    assert begun.status_code == 201, begun.text
    assert lise.post(f"/api/rollouts/{begun.json()['id']}/stop").status_code == 403
    for path in ("catalogs", "rollouts"):
        assert lise.get(f"/api/{path}").json() == []
        assert len(olga.get(f"/api/{path}").json()) == 1


def test_an_admin_is_never_one_of_some_stores(server: Serving) -> None:
    admin = server.signed_in("admin")
    new = {"name": "per", "display_name": "Per", "role": "admin", "password": PASSWORD}
    assert admin.post("/api/users", json=new | {"stores": ["a/b"]}).status_code == 422
    assert admin.patch("/api/users/ingrid", json={"role": "admin"}).status_code == 409
    (ingrid,) = [user for user in server.fleet.people.all() if user.name == "ingrid"]
    assert (ingrid.role, stores_of(ingrid)) == (Role.ATTENDANT, ("naermat/torshov",))


def test_a_stream_ends_at_once_when_its_person_is_struck_off(
    server: Serving, simulated: Playing
) -> None:
    ingrid, admin = server.signed_in("ingrid"), server.signed_in("admin")
    ended, begun = threading.Event(), threading.Event()

    def listen() -> None:
        with ingrid.stream("GET", "/api/stream") as answer:
            for _ in answer.iter_bytes():
                begun.set()
        ended.set()

    threading.Thread(target=listen, daemon=True).start()
    assert begun.wait(90)
    assert admin.patch("/api/users/ingrid", json={"active": False}).status_code == 200

    def say() -> bool:
        server.fleet.picture.set_fields("naermat/torshov/kasse-1", {"group": f"g{id(object())}"})
        return ended.wait(0.05)

    until(say, "the stream ended")


def test_what_was_asked_without_the_right_is_written_down(
    server: Serving, simulated: Playing
) -> None:
    server.signed_in("ingrid").post(f"{TORSHOV}/commands", json={"kind": "restart"})
    admin = server.signed_in("admin")
    change = {"of_age": False, "password": "et helt nytt passord"}
    assert admin.patch("/api/users/bjorn", json=change).status_code == 200
    entries = admin.get("/api/audit").json()["entries"]
    refused = next(one for one in entries if one["action"] == "command_refused")
    assert (refused["actor"], refused["target"]) == ("ingrid", "naermat/torshov/kasse-1")
    assert refused["detail"] == {"kind": "restart"}
    changed = next(one for one in entries if one["action"] == "user_changed")
    assert changed["detail"] == {"fields": ["of_age", "password"], "to": {"of_age": False}}
    assert "passord" not in admin.get("/api/audit").text.replace("password", "")


def test_the_first_admin_is_in_the_audit_log(config_of: ConfigOf) -> None:
    with serving(config_of("fleet"), people=False) as server:
        code = server.fleet.sign_in.first_code()
        asked = {"code": code, "name": "kari", "display_name": "K", "password": PASSWORD}
        client = server.anybody()
        assert client.post("/api/first-start", json=asked).status_code == 200
        entries = client.get("/api/audit").json()["entries"]
        assert [one["action"] for one in entries] == ["sign_in", "user_added"]
        assert entries[0]["address"] == "127.0.0.1"
        assert code not in client.get("/api/audit").text


def test_figures_for_monitoring_are_not_for_those_behind_a_proxy(server: Serving) -> None:
    client = server.anybody()
    assert "selvkasse_kiosks" in client.get("/metrics").text
    for header in ("X-Forwarded-For", "Forwarded"):
        assert client.get("/metrics", headers={header: "203.0.113.9"}).status_code == 404
