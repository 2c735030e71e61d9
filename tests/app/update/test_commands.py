"""The whole way of a release: packed, published, fetched, built, taken up."""

import tomllib
from pathlib import Path

import pytest

from kiosk.app.update.guard import Disk, State, start
from kiosk.app.update.manifest import KEYS as KEYS_FILE
from kiosk.app.update.manifest import UpdateRefused, trusted_keys

from .far_end import Server
from .machine import NEW, OLD, ROOT, publish, run


def test_a_release_goes_all_the_way(till: Path, far: Server) -> None:
    publish(till, far, counter=3)
    assert run(till, "fetch") == f"0 Release 3 ({NEW}) is fetched.\n"
    assert run(till, "install") == f"0 {NEW} is built and waits until nobody shops\n"
    assert run(till, "install") == f"0 {NEW} waits already.\n"
    assert f"waiting   {NEW}" in run(till, "status")
    (till / "words/stopped-for").write_text(NEW)
    assert start(Disk(till / "opt", till / "words")) == NEW
    assert (till / "opt/current/deploy/README.md").exists()
    assert run(till, "install") == f"0 {NEW} was taken up already.\n"
    assert run(till, "fetch") == f"0 Release 3 ({NEW}) is here already, or a newer one.\n"
    assert f"on trial  {NEW}" in run(till, "status")


def test_an_older_release_is_not_even_fetched(till: Path, far: Server) -> None:
    Disk(till / "opt", till / "words").save(State(counter=9))
    publish(till, far, counter=8)
    assert "or a newer one" in run(till, "fetch")
    assert list((till / "fetched").iterdir()) == []


def test_a_manifest_that_nobody_signed_leaves_nothing(till: Path, far: Server) -> None:
    far.files["selvkasse.json"] = b'{"manifest": {}}'
    assert run(till, "fetch").startswith("1 Nothing was fetched. it is no manifest")
    assert run(till, "install") == "0 Nothing was fetched.\n"


def test_what_was_changed_after_it_was_fetched_is_not_built(till: Path, far: Server) -> None:
    publish(till, far, counter=3)
    run(till, "fetch")
    (package,) = (till / "fetched").glob("*.zip")
    package.write_bytes(package.read_bytes() + b"x")
    assert "is not the package that was signed" in run(till, "install")
    assert not (till / "opt" / NEW).exists()


def test_a_version_that_failed_may_be_tried_once_more(till: Path) -> None:
    (till / "opt" / NEW).mkdir()
    (till / "opt" / NEW / "complete").touch()
    disk = Disk(till / "opt", till / "words")
    disk.save(State(counter=3, failed=(NEW,)))
    assert "failed its trial" in run(till, "status")
    assert run(till, "retry", NEW).startswith("0 ")
    assert disk.state() == State(counter=3, waiting=NEW, waiting_counter=3)
    assert run(till, "retry", OLD).startswith("1 ")


def test_the_list_of_keys_is_part_of_what_is_installed() -> None:
    """Hatch packs what lies in the package's folder."""
    packed = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]
    assert packed["targets"]["wheel"]["packages"] == ["kiosk", "drivers"]
    assert KEYS_FILE.is_relative_to(ROOT / "kiosk")


def test_a_broken_list_trusts_nobody(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("00\n")
    with pytest.raises(UpdateRefused):
        trusted_keys(tmp_path / "keys")
