"""A delta makes the signed file of the one in place; when it does not, the whole is fetched."""

import hashlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from kiosk.app.downloads import Downloads
from kiosk.app.fetching import Fetcher, SettingsFetcher
from kiosk.catalog import Catalog
from kiosk.telemetry.link import Endpoint
from tests.app.conftest import Server
from tests.app.small_config import GOOD, written


def test_a_delta_makes_the_catalog_of_the_one_in_place(
    server: Server, certificates: Endpoint, place: Path, newer: bytes
) -> None:
    delta = server.delta(place.read_bytes(), newer)
    fetcher = Fetcher(place, Downloads(certificates))
    fetcher.fetch(server.notice(newer, deltas=[delta]))
    assert (place.read_bytes(), fetcher.version()) == (newer, "v2")
    assert server.asked == [f"/snapshots/{delta.sha256}"], "and nothing else was asked for"
    assert delta.size_bytes < len(newer) / 20


@pytest.mark.parametrize("what", ["base", "torn", "gone", "longer", "another", "junk", "bomb"])
def test_a_delta_that_does_not_fit_is_followed_by_the_whole(
    server: Server, certificates: Endpoint, place: Path, newer: bytes, what: str
) -> None:
    before = place.read_bytes()
    delta = server.delta(before, newer)
    path = f"/snapshots/{delta.sha256}"
    content = server.files[path]
    match what:
        case "base":
            delta = server.delta(before + b"another day's", newer)
        case "torn":
            server.files[path] = content[:-4]
        case "gone":
            del server.files[path]
        case "longer":
            server.files[path] = content + bytes(1_000_000)
        case "another":  # signed with the sum of a delta to some other version
            delta = server.delta(before, before[:-1] + b"!")
        case "junk":
            delta = _signed_by_mistake(server, delta.base_sha256, b"no delta at all" * 9)
        case "bomb":
            bomb = server.files[f"/snapshots/{server.delta(before, bytes(30_000_000)).sha256}"]
            assert len(bomb) < 30_000
            delta = _signed_by_mistake(server, delta.base_sha256, bomb)
    fetcher = Fetcher(place, Downloads(certificates))
    fetcher.fetch(server.notice(newer, deltas=[delta]))
    assert (place.read_bytes(), fetcher.version()) == (newer, "v2")
    assert server.asked[-1] == f"/snapshots/{hashlib.sha256(newer).hexdigest()}"
    assert len(server.asked) == (1 if what == "base" else 2)


def _signed_by_mistake(server: Server, base_sha256: str, body: bytes) -> object:
    real = server.delta(b"some base", b"some target")
    sha256 = hashlib.sha256(body).hexdigest()
    server.files[f"/snapshots/{sha256}"] = body
    facts = {"base_sha256": base_sha256, "sha256": sha256, "size_bytes": len(body)}
    return msgspec.structs.replace(real, url=f"{server.url}/snapshots/{sha256}", **facts)


def test_settings_come_by_delta_too(server: Server, certificates: Endpoint, tmp_path: Path) -> None:
    own_file = written(tmp_path, GOOD.replace("/var/lib/kiosk", str(tmp_path)))
    fetcher = SettingsFetcher(own_file, tmp_path, Downloads(certificates))
    first, second = (f"[selling]\r\nidle_s = {idle_s}\n".encode() for idle_s in (45, 50))
    fetcher.fetch(server.notice(first, "1", what="config"))
    delta = server.delta(first, second)
    fetcher.fetch(server.notice(second, "2", what="config", deltas=[delta]))
    assert fetcher.version() == "2"
    assert server.asked[-1] == f"/snapshots/{delta.sha256}"


LIFE = """
import json, os, signal, sys
from pathlib import Path
import msgspec
from kiosk.app import downloads, fetching
from kiosk.telemetry.link import Endpoint
from kiosk.telemetry.messages import Notice

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

facts = json.loads(sys.argv[1])
match facts["dies"]:
    case "while it writes":
        real, count = os.fsync, []
        downloads.os.fsync = die
    case "before it looks":
        fetching._open_once = die
    case "before the note":
        Path.write_text = die
    case "before the rename":
        Path.replace = die
    case "after the rename":
        fetching._sync = die
paths = {name: Path(facts[name]) for name in ("ca", "certificate", "key")}
endpoint = Endpoint(host="", port=0, **paths)
notice = msgspec.convert(facts["notice"], Notice)
fetching.Fetcher(Path(facts["place"]), downloads.Downloads(endpoint)).fetch(notice)
"""


@pytest.mark.parametrize(
    ("dies", "new"),
    [
        ("while it writes", False),
        ("before it looks", False),
        ("before the note", False),
        ("before the rename", False),
        ("after the rename", True),
    ],
)
def test_a_kiosk_killed_in_the_middle_has_the_old_catalog_or_the_new_one(
    server: Server, certificates: Endpoint, place: Path, newer: bytes, dies: str, new: bool
) -> None:
    before = place.read_bytes()
    notice = server.notice(newer, deltas=[server.delta(before, newer)])
    facts = {
        "dies": dies,
        "place": str(place),
        "notice": msgspec.to_builtins(notice),
        **{name: str(getattr(certificates, name)) for name in ("ca", "certificate", "key")},
    }
    life = [sys.executable, "-c", LIFE, json.dumps(facts)]
    done = subprocess.run(life, capture_output=True, text=True, env=dict(os.environ), check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    fetcher = Fetcher(place, Downloads(certificates))
    assert place.read_bytes() == (newer if new else before)
    assert fetcher.version() == ("v2" if new else "")
    Catalog.open(place).close()
    fetcher.fetch(notice)
    assert (place.read_bytes(), fetcher.version()) == (newer, "v2"), "the next life goes on"
