"""The device bench before it serves: what it says when it cannot."""

import socket

import pytest

from kiosk.app.bench.server import run_bench


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
