"""A release that the store rolls out: noted by the till, fetched by another user, and built."""

import hashlib
import platform
import random
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.app.fetching import SOFTWARE, NotTaken
from kiosk.app.fetching import Announced as Fetching
from kiosk.app.update.announced import CREDENTIAL, NOTE, Announced, ReleaseNote, read_note
from kiosk.app.update.guard import Disk, State
from kiosk.app.update.manifest import sign
from kiosk.app.update.pack import bundle
from kiosk.telemetry.messages import Notice
from kiosk.telemetry.release_bundle import BadBundle, demand_whole, name_of
from kiosk.telemetry.signing import OrderSigner, Trust

from .far_end import OTHER, Server, manifest
from .machine import NEW, OLD, publish, run

URL = "https://fleet.example.org/snapshots/a"
NOW = datetime(2026, 3, 4, tzinfo=UTC)


@pytest.fixture
def release(till: Path, far: Server) -> Path:
    """The one file that a supplier's tool makes for the fleet."""
    publish(till, far, counter=3)
    [made] = (till / "dist").glob("*.release")
    return made


def roll_out(
    till: Path,
    far: Server,
    monkeypatch: pytest.MonkeyPatch,
    body: bytes,
    version: str = NEW,
) -> str:
    """Note it as the till does, hand the note over as systemd does, and fetch."""
    sha256 = hashlib.sha256(body).hexdigest()
    far.files[sha256] = body
    noted = Announced(version=version, url=far.url + sha256, sha256=sha256, size_bytes=len(body))
    handed = till / "credentials"
    handed.mkdir(exist_ok=True)
    (handed / CREDENTIAL).write_bytes(msgspec.json.encode(noted))
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(handed))
    return run(till, "fetch")


def test_an_announced_release_is_fetched_built_and_waits(
    till: Path,
    far: Server,
    release: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    body = release.read_bytes()
    assert roll_out(till, far, monkeypatch, body) == (
        f"0 Release 3 ({NEW}) is fetched from the store.\n"
    )
    assert run(till, "install") == f"0 {NEW} is built and waits until nobody shops\n"
    assert run(till, "fetch") == f"0 {NEW} is here already.\n"


def test_it_goes_on_from_where_the_line_broke(
    till: Path,
    far: Server,
    release: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    body = release.read_bytes()
    part = till / "fetched" / f"{hashlib.sha256(body).hexdigest()[:16]}.part"
    part.write_bytes(body[:1000])
    assert "is fetched from the store" in roll_out(till, far, monkeypatch, body)
    assert far.ranges == ["bytes=1000-"]


def test_what_another_signed_is_not_unpacked_whatever_the_store_says(
    till: Path,
    far: Server,
    release: Path,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    package = tmp_path / "forged.zip"
    package.write_bytes(b"evil")
    said = manifest(b"evil", version=NEW, package=package.name, counter=9)
    forged = tmp_path / "forged.json"
    forged.write_bytes(sign(said, OTHER))
    made = bundle(tmp_path / "forged.release", [forged])
    said_so = roll_out(till, far, monkeypatch, made.read_bytes())
    assert said_so.startswith("1 ")
    assert "key that this build does not know" in said_so
    assert not (till / "fetched/manifest.json").exists()


def test_one_that_failed_here_is_not_fetched_again(
    till: Path,
    far: Server,
    release: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Disk(till / "opt", till / "words").save(State(failed=(NEW,)))
    assert "has failed its trial here" in roll_out(till, far, monkeypatch, release.read_bytes())


def test_a_bundle_may_hold_several_kinds_of_machine_of_one_version(
    release: Path, tmp_path: Path
) -> None:
    own = release.parent / name_of(platform.machine())
    again = bundle(tmp_path / "again.release", [own])
    with again.open("rb") as file:
        demand_whole(file, NEW)
        with pytest.raises(BadBundle, match="you call it"):
            demand_whole(file, OLD)
    damaged = bytearray(again.read_bytes())
    with zipfile.ZipFile(again) as archive:
        [package] = [one for one in archive.infolist() if one.filename.endswith(".zip")]
    damaged[package.header_offset + 200] ^= 1
    again.write_bytes(damaged)
    with again.open("rb") as file, pytest.raises(BadBundle):
        demand_whole(file, NEW)


@pytest.fixture
def note(tmp_path: Path) -> ReleaseNote:
    (tmp_path / "ca.pem").write_text("PEM")
    return ReleaseNote(tmp_path / "ca.pem", (tmp_path, OLD), tmp_path / "words")


def test_the_till_notes_what_the_fleet_signed_once(note: ReleaseNote, tmp_path: Path) -> None:
    signer = OrderSigner(Ed25519PrivateKey.generate())
    trust, chance = Trust([signer.public_key]), random.Random(1)
    fetching = Fetching(trust, {SOFTWARE: note}, None, chance)  # type: ignore[arg-type]
    asked = Notice(what=SOFTWARE, version=NEW, url=URL, sha256="a" * 64, size_bytes=1)
    try:
        fetching.heard(signer.announce([asked], NOW.isoformat()))
        assert fetching._wanted() == [SOFTWARE]
        assert "in the background" in fetching.fetch(SOFTWARE)
    finally:
        fetching.stop()
    noted = read_note(tmp_path / "words" / NOTE)
    assert noted is not None
    assert (noted.version, noted.authority, noted.package) == (NEW, "PEM", "a")
    assert fetching._wanted() == [], "it is on its way"
    assert note.running == OLD


def test_a_release_that_was_returned_from_is_told_the_store(
    note: ReleaseNote, tmp_path: Path
) -> None:
    assert note.failed() == ""
    Disk(tmp_path).save(State(failed=("0.1.5", NEW)))
    assert note.failed() == NEW


def test_a_source_tree_is_never_updated(tmp_path: Path) -> None:
    note = ReleaseNote(tmp_path / "ca.pem", None, tmp_path)
    asked = Notice(what=SOFTWARE, version=NEW, url=URL, sha256="a" * 64, size_bytes=1)
    with pytest.raises(NotTaken):
        note.fetch(asked)
