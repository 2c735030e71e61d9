"""A package over a line that breaks, from a server that lies, onto a disk that is full."""

import os
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from kiosk.app.update.fetch import FetchFailed, Source, forget_all_but, write_whole
from kiosk.app.update.manifest import UpdateRefused

from .far_end import Server, manifest, server

PACKAGE = bytes(range(256)) * 2000


@pytest.fixture
def far() -> Iterator[Server]:
    with server() as serving:
        serving.files[manifest().package] = PACKAGE
        yield serving


def source(far: Server) -> Source:
    return Source(far.url + "selvkasse.json")


def test_a_whole_package_comes_and_is_not_fetched_twice(far: Server, tmp_path: Path) -> None:
    wanted = manifest(PACKAGE)
    assert source(far).package(wanted, tmp_path).read_bytes() == PACKAGE
    source(far).package(wanted, tmp_path)
    assert far.ranges == [""]


def test_after_a_broken_line_only_the_rest_comes(far: Server, tmp_path: Path) -> None:
    far.break_after = 100_000
    with pytest.raises(FetchFailed):
        source(far).package(manifest(PACKAGE), tmp_path)
    (part,) = tmp_path.iterdir()
    there = part.stat().st_size
    assert 0 < there <= 100_000
    assert source(far).package(manifest(PACKAGE), tmp_path).read_bytes() == PACKAGE
    assert far.ranges == ["", f"bytes={there}-"]
    assert [path.name for path in tmp_path.iterdir()] == [manifest().package]


def test_a_server_without_ranges_sends_the_whole_again(far: Server, tmp_path: Path) -> None:
    far.break_after = 100_000
    with pytest.raises(FetchFailed):
        source(far).package(manifest(PACKAGE), tmp_path)
    far.knows_ranges = False
    assert source(far).package(manifest(PACKAGE), tmp_path).read_bytes() == PACKAGE


@pytest.mark.parametrize("sent", [PACKAGE[:-1] + b"x", PACKAGE + b"more"])
def test_another_file_than_was_signed_is_thrown_away(
    far: Server, tmp_path: Path, sent: bytes
) -> None:
    far.files[manifest().package] = sent
    with pytest.raises(UpdateRefused, match="not what was signed"):
        source(far).package(manifest(PACKAGE), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_part_costs_one_try_and_no_more(far: Server, tmp_path: Path) -> None:
    wanted = manifest(PACKAGE)
    (tmp_path / f"{wanted.sha256[:16]}.part").write_bytes(b"damaged" * 1000)
    with pytest.raises(UpdateRefused):
        source(far).package(wanted, tmp_path)
    assert source(far).package(wanted, tmp_path).read_bytes() == PACKAGE


def test_what_is_not_there_is_told(far: Server, tmp_path: Path) -> None:
    with pytest.raises(FetchFailed, match="404"):
        source(far).manifest()
    with pytest.raises(FetchFailed, match="404"):
        source(far).package(manifest(PACKAGE, package="other.zip"), tmp_path)


def test_an_endless_manifest_is_not_read_to_its_end(far: Server) -> None:
    far.files["selvkasse.json"] = b" " * 10_000_000
    with pytest.raises(FetchFailed, match="too long"):
        source(far).manifest()


def test_selling_needs_the_disk_more(
    far: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    little = SimpleNamespace(f_bavail=len(PACKAGE) // 1000 * 7, f_frsize=1000)
    monkeypatch.setattr(os, "statvfs", lambda _: little)
    with pytest.raises(FetchFailed, match="must be free"):
        source(far).package(manifest(PACKAGE), tmp_path)
    assert far.ranges == []


def test_only_https_leaves_the_machine() -> None:
    with pytest.raises(UpdateRefused, match="only https"):
        Source("http://example.org/selvkasse.json")


def test_earlier_releases_do_not_pile_up(tmp_path: Path) -> None:
    for name in ("a.zip", "b.zip", "b.part"):
        write_whole(tmp_path / name, b"x")
    forget_all_but(tmp_path, frozenset({"b.zip"}))
    assert [path.name for path in tmp_path.iterdir()] == ["b.zip"]
