"""Steering far ends: verbs, refusals, and far ends as processes that never outlive their parent."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest

from drivers.contracts import BarcodeScanned, DeviceState, WeightRead
from drivers.registry import build_device
from drivers.sim.control import ControlServer, Remote, RemoteError, serve_control
from tests.drivers.inbox import Inbox

REPOSITORY = Path(__file__).parents[3]


class Lamp:
    VERBS: ClassVar[tuple[str, ...]] = ("switch", "smash", "name")

    def __init__(self) -> None:
        self.on = False

    def switch(self, on: bool, *, times: int = 1) -> int:
        self.on = on
        return times

    def smash(self) -> None:
        raise ValueError("glass everywhere")

    def name(self) -> object:
        return object()

    def secret(self) -> str:
        return "not a verb"

    def state(self) -> dict[str, Any]:
        return {"on": self.on}


@pytest.fixture
def lamp(tmp_path: Path) -> Iterator[tuple[Lamp, ControlServer, Remote]]:
    lamp = Lamp()
    server = serve_control(lamp, tmp_path / "lamp.sock")
    remote = Remote(tmp_path / "lamp.sock")
    yield lamp, server, remote
    remote.close()
    server.stop()


def test_verbs_are_called_with_their_arguments(
    lamp: tuple[Lamp, ControlServer, Remote],
) -> None:
    _, _, remote = lamp
    assert remote.switch(True, times=3) == 3
    assert remote.state() == {"on": True}


@pytest.mark.parametrize("verb", ["secret", "__init__", "_lock", ""])
def test_only_listed_verbs_can_be_called(
    lamp: tuple[Lamp, ControlServer, Remote], verb: str
) -> None:
    _, _, remote = lamp
    with pytest.raises(RemoteError, match="Expected one of: state, switch, smash, name"):
        remote.call(verb)


def test_a_verb_that_fails_answers_with_its_error_and_the_far_end_goes_on(
    lamp: tuple[Lamp, ControlServer, Remote],
) -> None:
    _, _, remote = lamp
    with pytest.raises(RemoteError, match="glass everywhere"):
        remote.smash()
    with pytest.raises(RemoteError, match="switch"):
        remote.switch()
    with pytest.raises(RemoteError, match="not JSON"):
        remote.name()
    assert remote.state() == {"on": False}


@pytest.mark.parametrize("line", [b"nonsense\n", b"[]\n", b"{}\n", b"\n", b"\xff\xfe\n"])
def test_nonsense_is_refused_and_the_connection_stays(
    lamp: tuple[Lamp, ControlServer, Remote], tmp_path: Path, line: bytes
) -> None:
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(tmp_path / "lamp.sock"))
        client.settimeout(10)
        reader = client.makefile("rb")
        client.sendall(line)
        assert json.loads(reader.readline())["ok"] is False
        client.sendall(b'{"verb": "state"}\n')
        assert json.loads(reader.readline()) == {"ok": True, "result": {"on": False}}


def test_two_callers_are_served_at_once(lamp: tuple[Lamp, ControlServer, Remote]) -> None:
    _, _, remote = lamp
    other = Remote(remote._path)
    remote.switch(True)
    assert other.state() == {"on": True}
    remote.switch(False)
    assert other.state() == {"on": False}
    other.close()


def test_the_socket_is_for_its_owner_only_and_goes_with_the_server(
    lamp: tuple[Lamp, ControlServer, Remote], tmp_path: Path
) -> None:
    _, server, remote = lamp
    assert (tmp_path / "lamp.sock").stat().st_mode & 0o777 == 0o600
    server.stop()
    server.stop()
    assert not (tmp_path / "lamp.sock").exists()
    with pytest.raises(RemoteError):
        remote.state()


def test_a_far_end_that_never_comes_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(RemoteError):
        Remote(tmp_path / "nobody.sock").wait_until_there(within_s=0.05)


def started(module: str, *arguments: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )


def test_a_scanner_in_a_process_of_its_own(tmp_path: Path) -> None:
    link, control = tmp_path / "scanner", tmp_path / "scanner.sock"
    process = started("drivers.sim.scanner", "--link", str(link), "--control", str(control))
    inbox = Inbox()
    options = {"name": "s", "url": str(link), "profile": "datalogic"}
    device = build_device({"protocol": "serial-scanner", **options})
    try:
        remote = Remote(control).wait_until_there()
        device.enable()  # type: ignore[attr-defined]
        device.start(inbox.post)
        inbox.wait_for_state(DeviceState.READY)
        inbox.wait_until(lambda _: bool(remote.state()["lit"]), "light")
        assert remote.scan("7038010001659", aim="]E0")
        assert inbox.wait_for(BarcodeScanned)[0].text == "7038010001659"
        remote.unplug()
        inbox.wait_for_state(DeviceState.LOST)
    finally:
        device.stop()
        # The parent is gone as far as the far end can tell.
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(10) == 0
        assert process.stdout is not None
        assert process.stdout.read() == b"ready\n"
        process.stdout.close()
    assert not control.exists()
    assert not os.path.lexists(link)


@pytest.mark.parametrize("protocol", ["toledo-8217", "nci-ecr"])
def test_a_scale_in_a_process_of_its_own(tmp_path: Path, protocol: str) -> None:
    link, control = tmp_path / "scale", tmp_path / "scale.sock"
    arguments = ("--protocol", protocol, "--link", str(link), "--control", str(control))
    process = started("drivers.sim.scale", *arguments, "--interval", "5")
    inbox = Inbox()
    device = build_device({"protocol": protocol, "name": "s", "url": str(link)})
    try:
        remote = Remote(control).wait_until_there()
        remote.put_on(513)
        device.watch(True)  # type: ignore[attr-defined]
        device.start(inbox.post)
        inbox.wait_until(lambda box: any(read.weight_g == 515 for read in box.of(WeightRead)))
    finally:
        device.stop()
        process.terminate()
        assert process.wait(10) == 0
        for pipe in (process.stdin, process.stdout):
            assert pipe is not None
            pipe.close()
