"""Prism between Vipps and its far end: a validator that others wrote reads every message.

`test_published_descriptions` holds the same exchanges against the same descriptions with a
validator of our own. Prism (a proxy that refuses with a 4xx or 5xx what is not as published, also
missing security headers) shares none of its mistakes. A payment that gets through to its money
therefore passed it with every request and every answer on the way.

Not Strex: its signature covers the address that was called, so nothing may stand in between. Nor
Klarna yet: its driver does not get past its first look at the provider through the proxy.
"""

import json
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from drivers.contracts import PaymentOutcome, WalletInputKind, WalletStep
from drivers.deadline import SYSTEM_CLOCK, Deadline
from tests.drivers.wallet.desk import LINES
from tests.drivers.wallet.published import SPECS, load

CLI = Path(__file__).parents[2] / "node_modules/@stoplight/prism-cli/dist/index.js"
PATIENCE_S = 60.0

pytestmark = [
    pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed"),
    pytest.mark.skipif(not CLI.exists(), reason="run `deploy/web-packages tests` for prism"),
    pytest.mark.skipif(not SPECS.is_dir(), reason="the published descriptions are not beside us"),
]
Proxy = Callable[..., str]


def one_of(*names: str) -> dict[str, object]:
    """Return several descriptions as one: a driver has one address, not one for each document."""
    first, *others = [load(name) for name in names]
    for document in (first, *others):
        everywhere = document.pop("security", [])
        for item in document["paths"].values():
            for verb in item.keys() & {"get", "post", "put", "patch", "delete"}:
                item[verb].setdefault("security", everywhere)
    for other in others:
        first["paths"].update(other["paths"])
        parts = first.setdefault("components", {})
        for kind, named in other.get("components", {}).items():
            parts[kind] = {**named, **parts.get(kind, {})}
    first.pop("servers", None)
    return first


@pytest.fixture
def proxy(tmp_path: Path) -> Iterator[Proxy]:
    """Put prism in front of an address; what is wrong is answered with an error, not passed on."""
    running: list[subprocess.Popen[bytes]] = []

    def start(upstream: str, *names: str) -> str:
        document = tmp_path / "description.json"
        document.write_text(json.dumps(one_of(*names), default=str), encoding="utf-8")
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        command = ["node", str(CLI), "proxy", "--errors", "-h", "127.0.0.1", "-p", str(port)]
        with (tmp_path / "prism.log").open("wb") as log:
            running.append(
                subprocess.Popen([*command, str(document), upstream], stdout=log, stderr=log)
            )
        _await(port, running[-1], tmp_path / "prism.log")
        return f"http://127.0.0.1:{port}"

    yield start
    for process in running:
        process.terminate()
        process.wait(10)


def _await(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = Deadline(SYSTEM_CLOCK, PATIENCE_S)
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            assert process.poll() is None, log.read_text("utf-8")[-2000:]
            assert not deadline.passed(), "prism did not start in time"


def complaints(tmp_path: Path) -> list[str]:
    """Return what prism found wrong with requests or answers.

    That a status is listed nowhere is no complaint: descriptions forget what every API may answer
    (401, 404, 429), as UNLISTED_STATUSES of `published` has it.
    """
    lines = (tmp_path / "prism.log").read_text("utf-8").splitlines()
    wrong = [line for line in lines if "Violation" in line or "✖" in line]
    return [line for line in wrong if "match the returned status code" not in line]


def test_vipps_by_code_and_by_push_with_capture_and_refund(proxy, make_vipps, vipps_sim, tmp_path):
    names = ("vipps-epayment.v1.offline.yml", "vipps-access-token.min.yml")
    vipps = make_vipps(url=proxy(vipps_sim.url, *names))
    first = vipps.pay(lines=LINES, min_age=18)
    assert first.outcome is PaymentOutcome.APPROVED, complaints(tmp_path)
    assert vipps.capture(first).done
    assert vipps.reverse(first).done
    vipps.begin(service_id="3", attempt_id="attempt-3")
    vipps.give(WalletInputKind.PHONE, "91234567", "attempt-3")
    vipps.shown(WalletStep.PUSH_SENT)
    vipps.abort("3")
    assert vipps.result().outcome is PaymentOutcome.CANCELLED
    assert complaints(tmp_path) == []


def test_what_is_not_as_published_does_not_get_through(proxy, vipps_sim):
    """Prism really refuses: a payment without an amount, and one without its security headers."""
    address = proxy(vipps_sim.url, "vipps-epayment.v1.offline.yml")
    answer = httpx.post(f"{address}/epayment/v1/payments", json={}, timeout=PATIENCE_S)
    assert answer.status_code in (401, 422)
    assert vipps_sim.exchanges() == []
