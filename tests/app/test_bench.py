"""The device bench before it serves: what it says when it cannot."""

import socket
from pathlib import Path

import pytest

from kiosk.app.bench.fleet import fleet_facts
from kiosk.app.bench.server import run_bench
from kiosk.app.own_fleet import Member, OwnFleet


def test_a_port_that_is_taken_is_told_before_a_store_is_started(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert run_bench(port=port, size="1080x1920", data=None) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert f"cannot use port {port}" in told.err
    assert "--port" in told.err


def test_the_page_is_told_where_the_board_is_and_who_may_sign_in(tmp_path: Path) -> None:
    fleet = OwnFleet(tmp_path)
    fleet.people = (
        Member(name="ingrid", display_name="Ingrid", role="attendant", password="made-here"),
    )
    facts = fleet_facts(fleet)
    assert facts["board"] == f"{fleet.url}/board/naermat/torshov"
    assert facts["operator"] == f"{fleet.url}/fleet"
    assert facts["people"] == [{"name": "ingrid", "role": "attendant", "password": "made-here"}]
    assert fleet_facts(None)["board"] == ""
