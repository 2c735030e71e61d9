"""Certificates: who may speak to the broker, under which name, and until when."""

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kiosk.app.broker import Broker
from kiosk.fleet.authority import Authority, AuthorityError
from kiosk.fleet.broker import BrokerConfig, new_client
from kiosk.fleet.commands import fleet_app
from kiosk.telemetry.topics import Address, Channel
from tests.fleet.conftest import certificates
from tests.fleet.words import until

ADDRESS = Address("naermat", "torshov", "kasse-3")


@pytest.fixture
def own(tmp_path: Path) -> Authority:
    return Authority.create(tmp_path / "pki")


def verified(own: Authority, name: str) -> str:
    files = ["-CAfile", own.ca_path, "-CRLfile", own.crl_path, own.folder / f"{name}.pem"]
    done = subprocess.run(
        ["openssl", "verify", "-crl_check", *files],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


def test_what_is_struck_off_is_refused_by_everybody(own: Authority) -> None:
    own.issue_kiosk(ADDRESS).write(own.folder, "kiosk")
    assert "kiosk.pem: OK" in verified(own, "kiosk")
    assert own.revoke(str(ADDRESS)) == 1
    assert "certificate revoked" in verified(own, "kiosk")
    own.issue_kiosk(ADDRESS).write(own.folder, "renewed")
    assert "renewed.pem: OK" in verified(own, "renewed"), "a new one for the same name is good"


def test_keys_are_for_their_owner_alone(own: Authority) -> None:
    _, key = own.issue_kiosk(ADDRESS).write(own.folder, "kiosk")
    assert key.stat().st_mode & 0o777 == 0o600
    assert (own.folder / "ca.key").stat().st_mode & 0o777 == 0o600


def test_there_is_one_authority_in_a_folder_and_names_are_checked(own: Authority) -> None:
    with pytest.raises(AuthorityError, match="already"):
        Authority.create(own.folder)
    with pytest.raises(AuthorityError, match="kiosk's name"):
        own.issue_server("naermat/torshov/kasse-3")
    with pytest.raises(AuthorityError, match="1 to 64"):
        own.issue_server("a" * 65)
    for name in ("naermat/+", "#", "../broker", "Bad/Name", "a b", "naermat/"):
        with pytest.raises(AuthorityError, match="cannot be a name"):
            own.issue_server(name)
    with pytest.raises(AuthorityError, match="no certificate"):
        own.revoke("naermat/torshov/kasse-9")


def test_certificates_end_when_they_say(tmp_path: Path) -> None:
    then = datetime(2026, 1, 1, tzinfo=UTC)
    made = Authority.create(tmp_path / "pki", now=lambda: then)
    made.issue_kiosk(ADDRESS, days=30)
    [issued] = made.issued()
    assert datetime.fromisoformat(issued.expires_at) == then + timedelta(days=30)


def test_a_kiosk_writes_only_its_own_tree_and_a_struck_off_one_nothing(
    authority: Authority, tmp_path: Path
) -> None:
    authority.issue_kiosk(ADDRESS).write(tmp_path, "kiosk")
    with Broker(tmp_path / "broker", certificates(authority)) as broker:
        config = BrokerConfig(
            "localhost",
            broker.kiosk_port,
            authority.ca_path,
            tmp_path / "kiosk.pem",
            tmp_path / "kiosk.key",
        )
        client = new_client(config, str(ADDRESS))
        said: dict[int, int] = {}
        client.on_publish = lambda _c, _u, mid, reason, *_: said.update({mid: reason.value})
        client.connect(config.host, config.port)
        client.loop_start()
        try:
            other = Address("naermat", "torshov", "kasse-4")
            own_mid = client.publish(ADDRESS.topic(Channel.STATE), b"{}", 1).mid
            other_mid = client.publish(other.topic(Channel.STATE), b"{}", 1).mid
            until(lambda: {own_mid, other_mid} <= said.keys(), "the broker's words")
        finally:
            client.disconnect()
            client.loop_stop()
    assert said[other_mid] == 0x87, "not authorized"
    assert said[own_mid] in (0x00, 0x10)


def test_the_commands_teach_and_do(tmp_path: Path) -> None:
    run = CliRunner()
    folder = ["--folder", str(tmp_path)]
    assert run.invoke(fleet_app, ["authority", "init", *folder]).exit_code == 0
    again = run.invoke(fleet_app, ["authority", "init", *folder])
    assert (again.exit_code, "already" in again.stderr) == (1, True)
    issue = ["authority", "issue", "naermat/torshov/kasse-3", "--out", str(tmp_path), *folder]
    assert run.invoke(fleet_app, issue).exit_code == 0
    assert (tmp_path / "naermat_torshov_kasse-3.key").exists()
    issue[2] = "Naermat/torshov/kasse-3"
    assert "expected 1 to 40" in run.invoke(fleet_app, issue).stderr
    revoke = ["authority", "revoke", "naermat/torshov/kasse-3", *folder]
    assert "1 struck off" in run.invoke(fleet_app, revoke).stdout


def test_people_are_added_from_the_command_line(tmp_path: Path) -> None:
    config = tmp_path / "fleet.toml"
    config.write_text(f'data_dir = "{tmp_path}"\n')
    add = ["user", "add", "ingrid", "--role", "attendant", "-c", str(config)]
    twice = "en lang nok setning\n" * 2
    without = CliRunner().invoke(fleet_app, add, input=twice)
    assert "at least one store" in without.stderr
    short = CliRunner().invoke(fleet_app, [*add, "--store", "naermat/torshov"], input="kort\n" * 2)
    assert "at least 10" in short.stderr
    done = CliRunner().invoke(fleet_app, [*add, "--store", "naermat/torshov"], input=twice)
    assert done.exit_code == 0, done.stderr
    listed = CliRunner().invoke(fleet_app, ["user", "list", "-c", str(config)])
    assert "ingrid" in listed.stdout
