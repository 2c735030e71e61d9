"""Prism between each wallet and its far end: a validator that others wrote reads every message.

`test_published_descriptions` holds the same exchanges against the same descriptions with a
validator of our own. Prism (a proxy that refuses with a 4xx or 5xx what is not as published, also
missing security headers) shares none of its mistakes. A payment that gets through to its money
therefore passed it with every request and every answer on the way.

The far ends of Klarna and Strex are told that they stand behind the proxy, as a real server knows
its public name: Klarna's answers name addresses, and Strex's signature covers the one called.
"""

import json
import re
import shutil
import subprocess
import threading
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
LISTENS = re.compile(r"listening on (http://[\d.:]+)")
PAUSE = threading.Event()
PATIENT = {"timeout_s": PATIENCE_S, "create_s": PATIENCE_S, "resolve_s": PATIENCE_S}
"""The proxy compiles a description at the first request that needs it, on a busy machine slowly."""

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
        command = ["node", str(CLI), "proxy", "--errors", "-h", "127.0.0.1", "-p", "0"]
        with (tmp_path / "prism.log").open("wb") as log:
            running.append(
                subprocess.Popen([*command, str(document), upstream], stdout=log, stderr=log)
            )
        return _address(running[-1], tmp_path / "prism.log")

    yield start
    for process in running:
        process.terminate()
        process.wait(10)


def _address(process: "subprocess.Popen[bytes]", log: Path) -> str:
    """Return where it says that it listens, as soon as it does."""
    deadline = Deadline(SYSTEM_CLOCK, PATIENCE_S)
    while True:
        said = log.read_text("utf-8")
        if found := LISTENS.search(said):
            return found[1]
        assert process.poll() is None, said[-2000:]
        assert not deadline.passed(), "prism did not start in time"
        PAUSE.wait(0.05)


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


def test_klarna_with_capture_refund_cancel_and_delete(proxy, make_klarna, klarna_sim, tmp_path):
    names = ("klarna-payments-api.openapi.yml", "klarna-order-management-api.openapi.yml")
    address = proxy(klarna_sim.url, *names)
    klarna_sim.stand_behind(address)
    klarna = make_klarna(url=address, **PATIENT)
    first = klarna.pay(lines=LINES)
    assert first.outcome is PaymentOutcome.APPROVED, complaints(tmp_path)
    assert klarna.capture(first).done
    assert klarna.reverse(first).done
    second = klarna.pay(service_id="2", attempt_id="attempt-2")
    assert klarna.reverse(second).done
    klarna.begin(service_id="3", attempt_id="attempt-3")
    klarna.abort("3")
    assert klarna.result().outcome is PaymentOutcome.CANCELLED
    assert complaints(tmp_path) == []


def test_strex_with_a_wrong_code_and_a_reversal(proxy, make_strex, strex_sim, tmp_path):
    address = proxy(strex_sim.url, "target365-strex.min.yml")
    strex_sim.stand_behind(address)
    strex = make_strex(url=address, **PATIENT)
    strex.begin(min_age=18)
    strex.give(WalletInputKind.CODE, "0")
    strex.shown(WalletStep.ENTER_CODE)
    strex.approve()
    result = strex.result()
    assert result.outcome is PaymentOutcome.APPROVED, complaints(tmp_path)
    assert strex.capture(result).done
    assert strex.reverse(result).done
    assert complaints(tmp_path) == []
