"""One's own password: changed by who knows it, and every other session of that person ends."""

from tests.fleet.serving import PASSWORD, Serving

NEW = "en helt annen setning"


def test_a_new_password_ends_every_other_session_and_this_one_goes_on(server: Serving) -> None:
    till, phone, olga = (server.signed_in(name) for name in ("ingrid", "ingrid", "olga"))
    before = dict(till.cookies)
    changed = till.post("/api/session/password", json={"current": PASSWORD, "new": NEW})
    assert changed.status_code == 200, changed.text
    assert phone.get("/api/stores").status_code == 401, "the other device is out"
    assert dict(till.cookies) != before, "the token that others may know is another now"
    till.headers["X-CSRF-Token"] = changed.json()["csrf_token"]
    assert till.delete("/api/session").status_code == 204, "the new token counts"
    assert olga.get("/api/stores").status_code == 200, "nobody else is touched"
    for password, status in ((PASSWORD, 401), (NEW, 200)):
        asked = {"name": "ingrid", "password": password}
        assert server.anybody().post("/api/session", json=asked).status_code == status


def test_it_is_in_the_audit_log_without_a_word_of_either(server: Serving) -> None:
    ingrid, admin = server.signed_in("ingrid"), server.signed_in("admin")
    ingrid.post("/api/session/password", json={"current": "feil " + PASSWORD, "new": NEW})
    ingrid.post("/api/session/password", json={"current": PASSWORD, "new": NEW})
    answer = admin.get("/api/audit", params={"actor": "ingrid"})
    told = [(one["action"], one["target"], one["detail"]) for one in answer.json()["entries"]]
    assert told[:2] == [("password_changed", "ingrid", {}), ("password_refused", "ingrid", {})]
    assert NEW not in answer.text
    assert PASSWORD not in answer.text


def test_a_found_session_has_no_more_tries_at_the_password_than_a_stranger(
    server: Serving,
) -> None:
    ingrid = server.signed_in("ingrid")
    wrong = {"current": "ikke dette passordet", "new": NEW}
    statuses = [ingrid.post("/api/session/password", json=wrong).status_code for _ in range(6)]
    assert statuses == [403] * 5 + [429]
    right = ingrid.post("/api/session/password", json={"current": PASSWORD, "new": NEW})
    assert (right.status_code, right.json()["code"]) == (429, "locked")
    assert ingrid.get("/api/stores").status_code == 200, "and nobody is thrown out by it"


def test_what_is_no_new_password_changes_nothing(server: Serving) -> None:
    ingrid = server.signed_in("ingrid")
    for new, status in (("kort", 422), (PASSWORD, 409)):
        asked = {"current": PASSWORD, "new": new}
        assert ingrid.post("/api/session/password", json=asked).status_code == status
    assert ingrid.get("/api/stores").status_code == 200
    unsigned = server.anybody().post("/api/session/password", json={"current": "x", "new": NEW})
    assert unsigned.status_code == 401
    del ingrid.headers["X-CSRF-Token"]
    asked = {"current": PASSWORD, "new": NEW}
    assert ingrid.post("/api/session/password", json=asked).json()["code"] == "csrf"
