"""Secrets, certificates and options: what is refused before anything is sent."""

import pytest

from drivers.contracts import DeviceKind
from drivers.errors import DeviceConfigError
from drivers.registry import build_device
from drivers.terminal.nexo import NexoTerminal
from drivers.terminal.nexo_tls import UntrustedTerminal, check_name, expected_name, read_passphrase


def test_a_passphrase_that_others_can_read_is_refused(passphrase_file):
    passphrase_file.chmod(0o640)
    with pytest.raises(DeviceConfigError, match="0600"):
        read_passphrase(str(passphrase_file))


def test_a_passphrase_loses_one_newline_and_keeps_its_spaces(passphrase_file):
    passphrase_file.write_text(" two words \n")
    assert read_passphrase(str(passphrase_file)) == " two words "


@pytest.mark.parametrize("content", [b"", b"\n", b"x" * 2000, "blåbær".encode()])
def test_a_passphrase_that_cannot_be_is_refused(passphrase_file, content):
    passphrase_file.write_bytes(content)
    with pytest.raises(DeviceConfigError):
        read_passphrase(str(passphrase_file))


def test_a_passphrase_may_be_a_systemd_credential(passphrase_file, monkeypatch):
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(passphrase_file.parent))
    assert read_passphrase("credential:passphrase") == "correct horse battery staple"
    with pytest.raises(DeviceConfigError):
        read_passphrase("credential:../passphrase")


def test_a_credential_without_systemd_is_refused(monkeypatch):
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    with pytest.raises(DeviceConfigError, match="LoadCredential"):
        read_passphrase("credential:passphrase")


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"environment": "live"}, "request_timeout_s"),
        ({"url": "http://192.0.2.7/nexo", "environment": "live"}, "https"),
        ({"url": "http://192.0.2.7/nexo"}, "https"),
        ({"ca_file": ""}, "ca_file"),
        ({"poi_id": ""}, "poi_id"),
    ],
)
def test_a_configuration_that_would_be_unsafe_is_refused(make_options, wrong, says):
    with pytest.raises(DeviceConfigError, match=says):
        NexoTerminal(make_options(**wrong))


def test_a_root_that_is_no_certificate_is_refused(make_options, passphrase_file):
    with pytest.raises(DeviceConfigError, match="PEM"):
        NexoTerminal(make_options(ca_file=str(passphrase_file)))


def test_a_live_kiosk_expects_a_live_terminals_name():
    assert expected_name("S1F2-1", "live") == "S1F2-1.live.terminal.adyen.com"


@pytest.mark.parametrize(
    "certificate",
    [
        None,
        {},
        {"subject": ((("commonName", "S1F2-2.test.terminal.adyen.com"),),)},
        {"subject": ((("organizationName", "S1F2-1.test.terminal.adyen.com"),),)},
        {
            "subject": (
                (("commonName", "S1F2-1.test.terminal.adyen.com"),),
                (("commonName", "other"),),
            )
        },
    ],
)
def test_another_name_on_the_certificate_is_refused(certificate):
    with pytest.raises(UntrustedTerminal):
        check_name(certificate, "S1F2-1.test.terminal.adyen.com")


def test_the_registry_builds_a_terminal_from_configuration(sim, passphrase_file):
    terminal = build_device(
        {
            "protocol": "nexo-json",
            "name": "terminal-1",
            "url": sim.url,
            "poi_id": sim.poi_id,
            "sale_id": "KIOSK-01",
            "key_identifier": "kiosk",
            "passphrase_file": str(passphrase_file),
            "ca_file": str(sim.ca_file),
        }
    )
    assert (terminal.name, terminal.kind) == ("terminal-1", DeviceKind.TERMINAL)
