"""A catalog from upload to the kiosks that run it, over the real wire; and what stops it."""

import hashlib
import io
import json
import sqlite3
import zipfile
from pathlib import Path

import httpx

from tests.fleet.api.conftest import QUIET, ConfigOf, Playing, playing
from tests.fleet.serving import Serving, serving
from tests.fleet.words import until

UPLOAD = {"content-type": "application/octet-stream"}


def catalog(folder: Path, name: str) -> bytes:
    path = folder / name
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE product (name TEXT)")
        db.execute("INSERT INTO product VALUES (?)", (name,))
    db.close()
    return path.read_bytes()


def upload(
    client: httpx.Client, version: str, body: bytes, kind: str = "catalog"
) -> httpx.Response:
    query = {"kind": kind, "version": version}
    return client.post("/api/catalogs", params=query, content=body, headers=UPLOAD)


def test_a_version_never_changes_and_junk_is_refused(server: Serving, tmp_path: Path) -> None:
    olga = server.signed_in("olga")
    body = catalog(tmp_path, "one")
    made = upload(olga, "2026-47", body)
    assert (made.status_code, made.json()["sha256"]) == (201, hashlib.sha256(body).hexdigest())
    assert upload(olga, "2026-47", body).status_code == 201, "the same again is harmless"
    assert upload(olga, "2026-47", catalog(tmp_path, "two")).status_code == 409
    assert upload(olga, "2026-48", b"not a catalog").status_code == 422
    assert upload(olga, "c1", b"[selling]\nidle_s = 45\n", "config").status_code == 201
    assert upload(olga, "c2", b"[shop", "config").status_code == 422
    assert upload(server.signed_in("ingrid"), "2026-49", body).status_code == 403


def test_who_knows_the_sum_fetches_it_and_nothing_else_is_there(
    server: Serving, tmp_path: Path
) -> None:
    body = catalog(tmp_path, "one")
    sha256 = upload(server.signed_in("olga"), "1", body).json()["sha256"]
    stranger = server.anybody()
    assert stranger.get(f"/snapshots/{sha256}").content == body
    for path in ("0" * 64, "..%2fcommands.key", "fleet.sqlite"):
        assert stranger.get(f"/snapshots/{path}").status_code == 404


def test_a_roll_out_reaches_the_pilot_first_then_all(config_of: ConfigOf, tmp_path: Path) -> None:
    with serving(config_of("fleet")) as server:
        assert server.fleet.watcher.connected.wait(90)
        server.fleet.rollouts._public_url = server.url
        with playing(config_of("simulator"), QUIET) as kiosks:
            _roll_out(server, kiosks, tmp_path)


def _roll_out(server: Serving, simulated: Playing, tmp_path: Path) -> None:
    olga = server.signed_in("olga")
    pilot = "/api/kiosks/naermat/torshov/kasse-1"
    until(lambda: len(olga.get("/api/kiosks").json()["kiosks"]) == 4, "four kiosks known")
    until(lambda: olga.put(f"{pilot}/group", json={"group": "pilot"}).status_code == 200, "group")
    upload(olga, "2", catalog(tmp_path, "two"))
    asked = {"kind": "catalog", "version": "2", "tenant": "naermat", "groups": ["pilot", "*"]}
    started = olga.post("/api/rollouts", json={**asked, "soak_minutes": 1})
    assert started.status_code == 201, started.text
    assert olga.post("/api/rollouts", json=asked).status_code == 409, "one at a time"

    def running() -> set[str]:
        server.fleet.rollouts.tick()  # as its round does every five seconds
        rows = olga.get("/api/kiosks").json()["kiosks"]
        return {row["key"] for row in rows if row["catalog"] == "2"}

    until(lambda: running() == {"naermat/torshov/kasse-1"}, "the pilot runs it")
    path = f"/api/rollouts/{started.json()['id']}"
    stages = olga.get("/api/rollouts").json()[0]["stages"]
    assert [one["state"] for one in stages] == ["running", "waiting"]
    assert olga.post(f"{path}/pause").json()["state"] == "paused"
    assert olga.post(f"{path}/back").status_code == 409, "there is no version before it"
    assert olga.post(f"{path}/stop").json()["state"] == "stopped"
    at_once = olga.post("/api/rollouts", json={**asked, "groups": ["*"], "soak_minutes": 0})
    assert at_once.status_code == 201
    until(lambda: len(running()) == 4, "all run it")

    def is_done() -> bool:
        server.fleet.rollouts.tick()
        return bool(olga.get("/api/rollouts").json()[0]["state"] == "done")

    until(is_done, "it is done")
    assert simulated.counts["fetched_by_delta"] == 0, "nothing was there to begin at"
    _and_the_next_by_delta(server, olga, simulated, tmp_path)


def _and_the_next_by_delta(
    server: Serving, olga: httpx.Client, simulated: Playing, tmp_path: Path
) -> None:
    upload(olga, "3", catalog(tmp_path, "three"))
    asked = {"kind": "catalog", "tenant": "naermat", "soak_minutes": 0}
    assert olga.post("/api/rollouts", json={**asked, "version": "3"}).status_code == 201

    def done() -> bool:
        server.fleet.rollouts.tick()  # as its round does every five seconds
        newest = olga.get("/api/rollouts").json()[0]
        return bool(newest["state"] == "done")

    until(done, "version 3 is everywhere")
    counts = simulated.counts
    assert (counts["fetched_by_delta"], counts["deltas_failed"]) == (4, 0)
    fetched = counts["fetched"]
    back = olga.post(f"/api/rollouts/{olga.get('/api/rollouts').json()[0]['id']}/back")
    assert back.status_code == 200, back.text
    until(done, "and the version before it once more")
    assert counts["fetched"] - fetched == counts["fetched_by_delta"] - 4 == 4, "by delta too"


def bundle(version: str = "0.2.0+abc", package: bytes = b"wheels", **changes: object) -> bytes:
    """A release as the supplier's tool packs it; what is signed only kiosks look at."""
    said = {
        "version": version,
        "package": "selvkasse.zip",
        "size_bytes": len(package),
        "sha256": hashlib.sha256(package).hexdigest(),
    }
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w") as archive:
        manifest = json.dumps({"manifest": said | changes, "public_key": "", "signature": ""})
        archive.writestr("selvkasse-x86_64.json", manifest)
        archive.writestr("selvkasse.zip", package)
    return into.getvalue()


def test_a_release_is_looked_through_before_it_is_kept(server: Serving) -> None:
    olga = server.signed_in("olga")
    version = "0.2.0+abc"
    for junk in (
        b"not a release",
        bundle("0.3.0"),
        bundle(sha256="0" * 64),
        bundle(size_bytes=3),
        bundle(package=b"x")[:-30],
    ):
        refused = upload(olga, version, junk, "software")
        assert (refused.status_code, refused.json()["code"]) == (422, "invalid"), refused.text
    made = upload(olga, version, bundle(), "software")
    assert (made.status_code, made.json()["version"]) == (201, "0.2.0+abc")
    asked = {"kind": "software", "version": "0.2.0+abc", "tenant": "naermat"}
    rollout = olga.post("/api/rollouts", json=asked)
    assert rollout.status_code == 201, rollout.text
    back = olga.post(f"/api/rollouts/{rollout.json()['id']}/back")
    assert (back.status_code, "no kiosk takes an older release" in back.json()["detail"]) == (
        409,
        True,
    )
    notice = server.fleet.rollouts._notice("software", "0.2.0+abc")
    assert notice is not None
    assert notice.url.endswith(made.json()["sha256"])
