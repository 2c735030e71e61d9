"""Packages of the pages come as the lock names them, or not at all."""

import base64
import hashlib
import io
import json
import subprocess
import tarfile
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "deploy" / "web-packages"


def package(files: dict[str, bytes]) -> bytes:
    """A package as registries give it out."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for name, body in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(body)
            archive.addfile(member, io.BytesIO(body))
    return out.getvalue()


def link(name: str, target: str) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        member = tarfile.TarInfo(name)
        member.type = tarfile.SYMTYPE
        member.linkname = target
        archive.addfile(member)
    return out.getvalue()


CHARTS = package(
    {"package/package.json": b'{"name": "charts", "version": "1.2.3"}', "package/dist/a.js": b"1"}
)


class Registry:
    """Gives out what was put into it, and counts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.asked: list[str] = []
        asked = self.asked

        class Handler(SimpleHTTPRequestHandler):
            def log_message(self, *_: object) -> None:
                pass

            def do_GET(self) -> None:
                asked.append(self.path)
                super().do_GET()

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=folder))
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}/"

    def put(self, name: str, version: str, content: bytes) -> None:
        file = self.folder / name / "-" / f"{name.rpartition('/')[2]}-{version}.tgz"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    (tmp_path / "registry").mkdir()
    registry = Registry(tmp_path / "registry")
    registry.put("charts", "1.2.3", CHARTS)
    thread = threading.Thread(target=registry.server.serve_forever, daemon=True)
    thread.start()
    yield registry
    registry.server.shutdown()
    registry.server.server_close()


@pytest.fixture
def folder(tmp_path: Path, registry: Registry) -> Path:
    folder = tmp_path / "web"
    folder.mkdir()
    (folder / ".npmrc").write_text(f"# ours\nregistry = {registry.address}\n")
    return folder


def lock(folder: Path, content: bytes = CHARTS, place: str = "node_modules/charts") -> None:
    sum64 = base64.b64encode(hashlib.sha512(content).digest()).decode()
    facts = {"version": "1.2.3", "integrity": f"sha512-{sum64}"}
    packages = {"": {"name": "web"}, place: facts}
    (folder / "package-lock.json").write_text(
        json.dumps({"lockfileVersion": 3, "packages": packages})
    )


def run(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    # An environment of its own: the registry that this machine uses must not answer for ours.
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(folder), **environment}
    return subprocess.run(
        [str(SCRIPT), str(folder)], capture_output=True, text=True, env=environment, timeout=60
    )


def test_a_package_is_fetched_from_the_configured_registry_and_unpacked(folder: Path) -> None:
    lock(folder)
    done = run(folder)
    assert done.returncode == 0, done.stderr
    assert (folder / "node_modules/charts/dist/a.js").read_bytes() == b"1"


def test_what_is_there_already_is_not_fetched_again(folder: Path, registry: Registry) -> None:
    lock(folder)
    run(folder)
    before = list(registry.asked)
    assert run(folder).returncode == 0
    assert registry.asked == before == ["/charts/-/charts-1.2.3.tgz"]


def test_the_environment_names_another_registry(folder: Path, registry: Registry) -> None:
    (folder / ".npmrc").write_text("registry=http://127.0.0.1:1/\n")
    lock(folder)
    assert run(folder, NPM_CONFIG_REGISTRY=registry.address).returncode == 0


def test_another_version_takes_the_place_of_what_was_there(folder: Path) -> None:
    old = folder / "node_modules/charts"
    old.mkdir(parents=True)
    (old / "package.json").write_text('{"version": "1.0.0"}')
    (old / "old.js").write_text("old")
    lock(folder)
    assert run(folder).returncode == 0
    assert not (old / "old.js").exists()
    assert (old / "dist/a.js").exists()


def test_a_package_with_a_scope_and_one_inside_another_land_where_the_lock_says(
    folder: Path, registry: Registry
) -> None:
    registry.put("@shop/charts", "1.2.3", CHARTS)
    lock(folder, place="node_modules/other/node_modules/@shop/charts")
    done = run(folder)
    assert done.returncode == 0, done.stderr
    assert (folder / "node_modules/other/node_modules/@shop/charts/dist/a.js").exists()


def test_a_package_that_is_not_what_the_lock_names_is_not_unpacked(
    folder: Path, registry: Registry
) -> None:
    lock(folder)
    registry.put("charts", "1.2.3", package({"package/package.json": b"{}"}))
    done = run(folder)
    assert done.returncode == 1
    assert "charts 1.2.3 is not what the lock names" in done.stderr
    assert not (folder / "node_modules").exists()


@pytest.mark.parametrize(
    "evil",
    [
        package({"package/../../outside.js": b"1"}),
        package({"package/a.js": b"1", "package/b/../../../outside.js": b"1"}),
        link("package/a.js", "/etc/passwd"),
    ],
)
def test_a_package_that_reaches_outside_its_folder_is_refused(
    folder: Path, registry: Registry, evil: bytes
) -> None:
    registry.put("charts", "1.2.3", evil)
    lock(folder, evil)
    done = run(folder)
    assert done.returncode == 1
    assert "does not belong in a package" in done.stderr
    assert not (folder / "node_modules/charts").exists()
    assert not list(folder.rglob("outside.js"))


@pytest.mark.parametrize("integrity", ["", "sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=", "sha512-???"])
def test_a_lock_without_a_strong_sum_is_no_proof(folder: Path, integrity: str) -> None:
    lock(folder)
    text = (folder / "package-lock.json").read_text()
    changed = json.loads(text)
    changed["packages"]["node_modules/charts"]["integrity"] = integrity
    (folder / "package-lock.json").write_text(json.dumps(changed))
    assert run(folder).returncode == 1
    assert not (folder / "node_modules/charts").exists()


def test_a_registry_that_is_away_is_said_in_words(folder: Path) -> None:
    (folder / ".npmrc").write_text("registry=http://127.0.0.1:1/\n")
    lock(folder)
    done = run(folder)
    assert done.returncode == 1
    assert "charts 1.2.3 cannot be fetched" in done.stderr
    assert "Traceback" not in done.stderr
