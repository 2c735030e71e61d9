"""A machine becomes a server: once, and again without harm; with a PostgreSQL that is real."""

import os
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url
from typer.testing import CliRunner

from kiosk.fleet.certificates import hosts_in
from kiosk.fleet.commands import fleet_app
from kiosk.fleet.config import load
from kiosk.fleet.setting_up import Places, SetUpFailed, make_database, set_up
from kiosk.fleet.store.database import Database
from kiosk.telemetry.pairs import fit_together
from tests.fleet import postgres


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """As deploy/install leaves it."""
    made = Places(tmp_path)
    made.authority.mkdir(parents=True, mode=0o700)
    made.pki.mkdir(parents=True)
    return made


def command(places: Places, *arguments: str) -> str:
    asked = ["setup", "--host", "fleet.example.org", "--root", str(places.root), *arguments]
    done = CliRunner().invoke(fleet_app, asked)
    assert done.exit_code == 0, done.output + done.stderr
    return done.stdout


@pytest.fixture(autouse=True)
def nobodys_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer's machine has no user of the product."""
    monkeypatch.setattr("kiosk.fleet.setting_up._group", lambda _name: -1)


def test_once_makes_all_and_twice_changes_nothing(places: Places) -> None:
    assert "a certificate for broker: fleet.example.org, localhost" in command(places, "--sqlite")
    for name in ("broker", "server", "fleet"):
        assert fit_together(places.pki / f"{name}.pem", places.pki / f"{name}.key")
        assert (places.pki / f"{name}.key").stat().st_mode & 0o777 == 0o640
    assert not (places.pki / "ca.key").exists(), "the authority's key lies apart"
    config = load(places.config)
    assert config.enrolment.names == ["fleet.example.org"]
    assert config.public_url == "https://fleet.example.org:8790"
    before = {path: path.read_bytes() for path in places.root.rglob("*") if path.is_file()}
    command(places, "--sqlite")
    after = {path: path.read_bytes() for path in places.root.rglob("*") if path.is_file()}
    changed = {path.name for path in before if before[path] != after[path]}
    assert before.keys() == after.keys()
    assert changed <= {"broker-reload"}


@pytest.mark.skipif(os.geteuid() != 0, reason="owners need root")
def test_what_was_brought_back_from_a_safe_is_its_owners_again(places: Places) -> None:
    command(places, "--sqlite")
    os.chown(places.authority, 12345, 12345)
    command(places, "--sqlite")
    assert {path.stat().st_uid for path in places.authority.rglob("*")} == {12345}
    assert "an authority" not in command(places, "--sqlite"), "the one from the safe goes on"


def test_before_the_installer_it_says_what_to_do(tmp_path: Path) -> None:
    asked = ["setup", "--host", "fleet.example.org", "--root", str(tmp_path)]
    done = CliRunner().invoke(fleet_app, asked)
    assert (done.exit_code, "deploy/install --fleet first" in done.stderr) == (1, True)


def test_addresses_are_hosts_too(places: Places) -> None:
    from cryptography import x509

    list(set_up(["192.0.2.4"], places=places, postgresql=False, run=lambda _command: ""))
    broker = x509.load_pem_x509_certificate((places.pki / "broker.pem").read_bytes())
    assert set(hosts_in(broker)) == {"192.0.2.4", "localhost", "127.0.0.1"}


def test_a_database_that_does_not_answer_leaves_no_configuration(places: Places) -> None:
    def away(_command: Sequence[str]) -> str:
        raise subprocess.CalledProcessError(2, "psql", stderr="could not connect")

    with pytest.raises(SetUpFailed, match="could not connect"):
        list(set_up(["a.example"], places=places, postgresql=True, run=away))
    assert not places.config.exists()


@pytest.fixture
def cluster(pg_server: str) -> Iterator[str]:
    yield pg_server
    for drop in ("DROP DATABASE IF EXISTS fleet", 'DROP ROLE IF EXISTS "selvkasse-fleet"'):
        psql(pg_server)(["psql", "--dbname=postgres", "--command", drop])


def psql(url: str):  # type: ignore[no-untyped-def]
    """Run PostgreSQL's tools against the tests' own server."""
    folder = str(make_url(url).query["host"])
    place = postgres.binaries()
    assert place is not None

    def run(command: Sequence[str]) -> str:
        program, *arguments = command
        env = {"PGHOST": folder, "PGUSER": "fleet", "PATH": "/usr/bin:/bin"}
        whole = [str(place / program), *arguments]
        done = subprocess.run(whole, check=True, capture_output=True, text=True, env=env)
        return done.stdout

    return run


def test_role_and_database_are_made_once_and_the_server_makes_its_tables_there(
    cluster: str,
) -> None:
    run = psql(cluster)
    assert list(make_database(run)) == [
        "PostgreSQL has a role selvkasse-fleet",
        "PostgreSQL has a database fleet",
    ]
    assert list(make_database(run)) == []
    folder = make_url(cluster).query["host"]
    database = Database(f"postgresql://selvkasse-fleet@/fleet?host={folder}")
    database.migrate()
    database.close()
