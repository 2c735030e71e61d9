"""The files for those who use containers say what the program and the installer say.

No container is started here: neither a builder nor its images are needed by anything else.
"""

import re
from typing import Any

import pytest
import yaml

from kiosk.app.broker_config import KIOSK_PORT, BrokerSettings
from kiosk.fleet.commands import fleet_app
from kiosk.telemetry.enrolment import PORT

from .conftest import ROOT

COMPOSE = yaml.safe_load((ROOT / "deploy/compose.yaml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
BUILD = (ROOT / "deploy/Containerfile").read_text()


def mounts(name: str) -> dict[str, str]:
    """What a service sees where, without how."""
    parts = (volume.split(":") for volume in SERVICES[name]["volumes"])
    return {target: source for source, target, *_ in parts}


def test_each_volume_is_declared_and_each_file_is_there() -> None:
    for name in SERVICES:
        for source in mounts(name).values():
            if source.startswith("."):
                assert (ROOT / "deploy" / source).is_file(), source
            else:
                assert source in COMPOSE["volumes"], source
        assert SERVICES[name].get("depends_on", {}).keys() <= SERVICES.keys()


def test_the_broker_finds_all_that_its_configuration_names() -> None:
    seen, settings = mounts("broker"), BrokerSettings()
    assert seen[str(settings.acl_file)] == "./mosquitto/selvkasse.acl"
    assert str(settings.persistence) in seen
    for path in (settings.ca, settings.certificate, settings.key, settings.revoked):
        assert any(str(path).startswith(f"{target}/") for target in seen), path
    assert f"{KIOSK_PORT}:{KIOSK_PORT}" in SERVICES["broker"]["ports"]


def test_only_enrolment_sees_the_authoritys_key_and_it_is_no_user_of_the_servers() -> None:
    with_key = {name for name in SERVICES if "authority" in mounts(name).values()}
    assert with_key == {"setup", "enrolment", "renewal"}
    assert {SERVICES[name]["user"] for name in with_key - {"setup"}} == {"selvkasse-authority"}
    assert f"{PORT}:{PORT}" in SERVICES["enrolment"]["ports"]


def test_the_database_is_reached_through_its_socket_alone() -> None:
    assert SERVICES["database"]["network_mode"] == "none"
    assert "ports" not in SERVICES["database"]
    [socket] = [target for target, source in mounts("database").items() if source == "socket"]
    assert mounts("fleet")[socket] == "socket"
    assert any(f"?host={socket}" in part for part in SERVICES["setup"]["command"])


@pytest.mark.parametrize("name", ["setup", "fleet", "enrolment", "renewal"])
def test_what_is_run_are_commands_of_ours(name: str) -> None:
    from typer.testing import CliRunner

    words = [word for word in SERVICES[name]["command"] if not word.startswith("--")]
    done = CliRunner().invoke(fleet_app, [*words, "--help"])
    assert done.exit_code == 0, done.output
    for option in SERVICES[name]["command"]:
        if option.startswith("--"):
            assert option.partition("=")[0] in done.output


def test_the_image_has_the_users_of_the_installer() -> None:
    users = (ROOT / "deploy/fleet/etc/sysusers.d/selvkasse-fleet.conf").read_text()
    for user in re.findall(r"^u (\S+)", users, re.MULTILINE):
        assert f"--no-create-home {user}" in BUILD
    for copied in re.findall(r"^COPY (?!--)(.+) \./?\S*$", BUILD, re.MULTILINE):
        for name in copied.split():
            assert (ROOT / name).exists(), name
