"""Who gets in, who may do what, and what strangers learn (nothing)."""

import httpx
import pytest

from tests.fleet.api.conftest import ConfigOf, Playing
from tests.fleet.serving import PASSWORD, Serving, serving

TORSHOV = "/api/kiosks/naermat/torshov/kasse-1"
BRYGGEN = "/api/kiosks/naermat/bryggen/kasse-1"
READS = ("stores", "kiosks", "interventions", "alerts", "figures", "catalogs", "rollouts")


def test_without_signing_in_nothing_is_told(server: Serving, simulated: Playing) -> None:
    client = server.anybody()
    for path in (*READS, "users", "audit", "stream", "charts/sales"):
        assert client.get(f"/api/{path}").status_code == 401, path
    assert client.get(TORSHOV).status_code == 401
    session = client.get("/api/session").json()
    assert (session["user"], session["first_start"]) == (None, False)


def test_the_first_admin_needs_the_code_and_there_is_no_second_first(config_of: ConfigOf) -> None:
    with serving(config_of("fleet"), people=False) as server:
        code = server.fleet.sign_in.first_code()
        client = server.anybody()
        assert client.get("/api/session").json()["first_start"] is True
        asked = {
            "code": "AAAA-AAAA-AAAA",
            "name": "kari",
            "display_name": "K",
            "password": PASSWORD,
        }
        assert client.post("/api/first-start", json=asked).status_code == 403
        asked["code"] = code
        assert client.post("/api/first-start", json=asked).json()["user"]["role"] == "admin"
        asked["name"] = "ola"
        assert server.anybody().post("/api/first-start", json=asked).status_code == 403
        assert server.fleet.sign_in.first_code() == ""


def test_wrong_passwords_lock_the_name_at_that_address(server: Serving) -> None:
    client = server.anybody()
    wrong = {"name": "ingrid", "password": "ikke dette passordet"}
    statuses = [client.post("/api/session", json=wrong).status_code for _ in range(6)]
    assert statuses == [401] * 5 + [429]
    right = client.post("/api/session", json={"name": "ingrid", "password": PASSWORD})
    assert right.status_code == 429
    assert right.json()["retry_after_s"] > 0
    server.signed_in("olga")


def test_a_change_needs_the_csrf_token(server: Serving, simulated: Playing) -> None:
    client = server.signed_in("olga")
    token = client.headers.pop("X-CSRF-Token")
    refused = client.post(f"{TORSHOV}/commands", json={"kind": "pause"})
    assert (refused.status_code, refused.json()["code"]) == (403, "csrf")
    client.headers["X-CSRF-Token"] = token[:-1] + "x"
    assert client.post(f"{TORSHOV}/commands", json={"kind": "pause"}).status_code == 403


def test_the_cookie_is_for_the_server_alone(server: Serving) -> None:
    answer = server.anybody().post("/api/session", json={"name": "olga", "password": PASSWORD})
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie


def test_pages_carry_the_careful_headers(server: Serving) -> None:
    headers = server.anybody().get("/api/session").headers
    assert "script-src 'self'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"


def test_an_attendant_sees_only_the_own_store(server: Serving, simulated: Playing) -> None:
    ingrid = server.signed_in("ingrid")
    assert [one["key"] for one in ingrid.get("/api/stores").json()] == ["naermat/torshov"]
    keys = {one["store"] for one in ingrid.get("/api/kiosks").json()["kiosks"]}
    assert keys == {"torshov"}
    for path in ("", "/events", "/health", "/commands"):
        assert ingrid.get(BRYGGEN + path).status_code == 404, path
    for path in ("interventions", "figures", "charts/sales", "stream"):
        answer = ingrid.get(f"/api/{path}", params={"store": "naermat/bryggen"})
        assert answer.status_code == 404, path


@pytest.mark.parametrize(
    ("name", "kind", "status"),
    [
        ("vidar", "pause", 403),
        ("ingrid", "pause", 202),
        ("ingrid", "restart", 403),
        ("ingrid", "screenshot", 403),
        ("bjorn", "pause", 404),
        ("olga", "restart", 202),
        ("olga", "resend", 422),
    ],
)
def test_each_role_gives_its_own_commands(
    server: Serving, simulated: Playing, name: str, kind: str, status: int
) -> None:
    answer = server.signed_in(name).post(f"{TORSHOV}/commands", json={"kind": kind})
    assert answer.status_code == status, answer.text


def test_only_an_admin_manages_people_and_the_last_one_stays(server: Serving) -> None:
    assert server.signed_in("olga").get("/api/users").status_code == 403
    admin = server.signed_in("admin")
    new = {"name": "per", "display_name": "Per", "role": "attendant", "password": PASSWORD}
    assert admin.post("/api/users", json=new).status_code == 422, "an attendant has a store"
    new["stores"] = ["naermat/torshov"]  # type: ignore[assignment]
    assert admin.post("/api/users", json=new).status_code == 201
    assert admin.post("/api/users", json=new).status_code == 409
    gone = admin.patch("/api/users/admin", json={"active": False})
    assert gone.status_code == 409, "the last admin"


def test_who_is_struck_off_is_out_at_once(server: Serving) -> None:
    ingrid, admin = server.signed_in("ingrid"), server.signed_in("admin")
    assert admin.patch("/api/users/ingrid", json={"active": False}).status_code == 200
    assert ingrid.get("/api/stores").status_code == 401


def test_too_large_bodies_are_refused_before_they_are_read(server: Serving) -> None:
    client = server.anybody()
    assert client.post("/api/session", content=b"x" * 70_000).status_code == 413

    def pieces() -> object:
        for _ in range(20):
            yield b"x" * 10_000

    chunked = client.post("/api/session", content=pieces())  # type: ignore[arg-type]
    assert chunked.status_code == 413


def test_what_people_did_is_in_the_audit_log(server: Serving, simulated: Playing) -> None:
    server.signed_in("ingrid").post(f"{TORSHOV}/commands", json={"kind": "pause"})
    entries = server.signed_in("admin").get("/api/audit").json()["entries"]
    pause = next(one for one in entries if one["action"] == "pause")
    assert (pause["actor"], pause["target"]) == ("ingrid", "naermat/torshov/kasse-1")
    assert PASSWORD not in httpx.Response(200, json=entries).text
