"""What keeps a kiosk from reporting, and that nothing of it keeps it from selling."""

import hashlib
import logging
from dataclasses import replace
from pathlib import Path

import pytest
from msgspec import convert

from drivers.contracts import DeviceKind, DeviceState, DeviceStateChanged, Paper, PrinterStatus
from kiosk.app.config import Config, ConfigError, load
from kiosk.app.config_sections import KioskSection, ShopSection
from kiosk.app.logs import recent_lines, set_up_logs
from kiosk.app.reporting import Reporting
from kiosk.app.telemetry_config import TelemetrySection
from kiosk.app.trust import TelemetryRefused, endpoint_of, trust_of
from kiosk.engine.clock import SystemClock
from kiosk.engine.shelf import Claim, ShelfAnswered, ShelfOutcome
from kiosk.engine.view import View
from kiosk.telemetry.base import Codes

HERE = "kiosk.app.reporting"


def section(folder: Path, **changes: object) -> TelemetrySection:
    facts: dict[str, object] = {
        "tenant": "naermat",
        "store": "torshov",
        "host": "localhost",
        "ca": folder / "ca.pem",
        "certificate": folder / "kiosk.pem",
        "key": folder / "kiosk.key",
        **changes,
    }
    for name in ("ca", "certificate", "key"):
        path = facts[name]
        assert isinstance(path, Path)
        path.touch(mode=0o600)
    return TelemetrySection(**facts)  # type: ignore[arg-type]


def config(folder: Path, telemetry: TelemetrySection) -> Config:
    return Config(
        kiosk=KioskSection(id="NT-0477-03", till="3", data_dir=folder),
        shop=ShopSection(name="N", legal_name="N AS", address="V 1", org_number="999999999"),
        telemetry=telemetry,
    )


def test_a_key_that_others_can_read_is_not_used(tmp_path: Path) -> None:
    telemetry = section(tmp_path)
    telemetry.key.chmod(0o640)
    with pytest.raises(TelemetryRefused, match=r"open to others \(mode 640\)"):
        endpoint_of(telemetry)
    telemetry.key.chmod(0o600)
    assert endpoint_of(telemetry).port == 8883


def test_a_missing_certificate_is_named(tmp_path: Path) -> None:
    telemetry = section(tmp_path)
    telemetry.certificate.unlink()
    with pytest.raises(TelemetryRefused, match=r"kiosk\.pem is not there"):
        endpoint_of(telemetry)


def test_a_key_of_the_fleet_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "fleet.pub").write_text("no key")
    with pytest.raises(TelemetryRefused, match=r"fleet\.pub: no public key"):
        trust_of(section(tmp_path, fleet_keys=(tmp_path / "fleet.pub",)))


def test_a_kiosk_that_cannot_report_says_so_and_goes_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    telemetry = section(tmp_path)
    telemetry.certificate.unlink()
    reporting = Reporting(config(tmp_path, telemetry), telemetry, SystemClock())
    with caplog.at_level(logging.ERROR, logger=HERE):
        reporting.start()
    assert "no reports are made" in caplog.text
    reporting.slot.show(View(seq=1))
    reporting.stop()
    reporting.stop()


def test_the_fleets_shelf_is_there_where_it_is_wanted_and_unreachable_until_then(
    tmp_path: Path,
) -> None:
    telemetry = section(tmp_path)
    assert Reporting(config(tmp_path, telemetry), telemetry, SystemClock()).shelf is None
    telemetry = section(tmp_path, shelf=True)
    shelf = Reporting(config(tmp_path, telemetry), telemetry, SystemClock()).shelf
    assert shelf is not None
    answers: list[ShelfAnswered] = []
    shelf.start(answers.append)
    shelf.take(Claim(claim_id="a-1", kiosk_id="NT-0477-03", sale_id="sale-1"))
    assert [x.outcome for x in answers] == [ShelfOutcome.UNREACHABLE]


def test_devices_are_overheard_on_their_way_to_the_engine(tmp_path: Path) -> None:
    telemetry = section(tmp_path)
    reporting = Reporting(config(tmp_path, telemetry), telemetry, SystemClock())
    heard: list[object] = []
    post = reporting.overheard(lambda event: heard.append(event) or True)
    ready = DeviceStateChanged(device="scale", kind=DeviceKind.SCALE, state=DeviceState.READY)
    paper = PrinterStatus(device="printer", paper=Paper.NEAR_END, online=True)
    assert post(ready)
    assert post(paper)
    assert heard == [ready, paper]
    assert (reporting.slot.devices, reporting.slot.paper) == ({"scale": "ready"}, "low")


def test_health_says_which_terminal_and_which_configuration_it_has(tmp_path: Path) -> None:
    telemetry = section(tmp_path)
    own = tmp_path / "kiosk.toml"
    own.write_text("[kiosk]\n")
    reporting = Reporting(
        replace(config(tmp_path, telemetry), source=own), telemetry, SystemClock()
    )
    post = reporting.overheard(lambda _event: True)
    for kind, software in ((DeviceKind.TERMINAL, "APP 7.1"), (DeviceKind.SCALE, "2.0")):
        ready = DeviceState.READY
        post(DeviceStateChanged(device=kind.value, kind=kind, state=ready, software=software))
    versions = reporting._versions.now(reporting.slot.software.values())
    assert versions["terminal"] == "APP 7.1"
    assert versions["config"] == f"own:{hashlib.sha256(own.read_bytes()).hexdigest()[:8]}"
    own.write_text("[kiosk] # another")
    assert reporting._versions.now(())["config"] == versions["config"], "as read at the start"
    assert convert(versions, Codes) == versions, "as a message carries it"


def test_the_newest_lines_of_the_log_are_at_hand_and_masked() -> None:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        set_up_logs()
        logging.getLogger("test").warning(
            "card 4111 1111 1111 1111 of kari@example.no, 912 34 567, declined"
        )
        (line,) = recent_lines(1)
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
    assert "<card ending 1111> of <address>, <number>, declined" in line


def test_ids_that_fit_no_topic_are_a_mistake_of_the_configuration(tmp_path: Path) -> None:
    text = """\
[kiosk]
id = "NT_0477"
till = "3"
data_dir = "/var/lib/kiosk"
[shop]
name = "N"
legal_name = "N AS"
address = "V 1"
org_number = "999999999"
[telemetry]
tenant = "naermat"
store = "torshov"
host = "localhost"
port = 99999
ca = "ca.pem"
certificate = "kiosk.pem"
key = "kiosk.key"
"""
    path = tmp_path / "kiosk.toml"
    path.write_text(text)
    with pytest.raises(ConfigError) as caught:
        load(path)
    assert "telemetry.kiosk: kiosk 'nt_0477': expected 1 to 40 of a-z, 0-9 and -." in str(
        caught.value
    )
    assert "telemetry.port: 99999 is no port" in str(caught.value)


def test_one_store_has_one_shelf_and_its_answers_are_signed(tmp_path: Path) -> None:
    text = """\
[kiosk]
id = "NT-0477"
till = "3"
data_dir = "/var/lib/kiosk"
[shop]
name = "N"
legal_name = "N AS"
address = "V 1"
org_number = "999999999"
[staff]
shelf = "/var/lib/store/shelf.sqlite"
[telemetry]
tenant = "naermat"
store = "torshov"
host = "localhost"
ca = "ca.pem"
certificate = "kiosk.pem"
key = "kiosk.key"
shelf = true
"""
    path = tmp_path / "kiosk.toml"
    path.write_text(text)
    with pytest.raises(ConfigError) as caught:
        load(path)
    assert "telemetry.shelf: needs fleet_keys" in str(caught.value)
    assert "staff.shelf: is a second shelf" in str(caught.value)
