"""A till's driver and a terminal on one desk: their real wire between them, nothing mocked.

A module that means both dialects has an autouse fixture `dialect` with them as parameters.
"""

import queue
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from drivers.contracts import (
    ChargeRequest,
    DeviceEvent,
    DeviceState,
    DeviceStateChanged,
    PaymentAnswered,
    PaymentResult,
    RefundAnswered,
    RefundRequest,
    ReversalAnswered,
    ReversalRequest,
    TerminalProgress,
    TerminalStep,
)
from drivers.sim.nexo_xml_terminal import NexoXmlTerminalSim
from drivers.sim.terminal import NexoTerminalSim
from drivers.sim.terminal_desk import TerminalSim
from drivers.terminal.nexo import NexoTerminal
from drivers.terminal.nexo_options import CommonOptions, NexoOptions
from drivers.terminal.nexo_xml_options import NexoXmlOptions
from drivers.terminal.nexo_xml_terminal import NexoXmlTerminal

PASSPHRASE = "correct horse battery staple"
WITHIN_S = 60.0
QUICK = {
    "request_timeout_s": 20.0,
    "abort_grace_s": 0.3,
    "health_interval_s": 0.3,
    "health_timeout_s": 2.0,
    "status_wait_s": 0.02,
    "status_wait_max_s": 0.05,
    "status_timeout_s": 2.0,
    "settle_s": 0.1,
    "silence_s": 5.0,
    "resolve_s": 20.0,
}


def charge_of(minor: int, service_id: str) -> ChargeRequest:
    return ChargeRequest(
        attempt_id=f"a-{service_id}",
        service_id=service_id,
        sale_id="sale-1",
        amount_minor=minor,
        currency="NOK",
    )


def refund_of(result: PaymentResult, service_id: str, **more: Any) -> RefundRequest:
    return RefundRequest(
        **{
            "attempt_id": f"r-{service_id}",
            "service_id": service_id,
            "sale_id": "sale-2",
            "amount_minor": result.amount_minor,
            "currency": result.currency,
            "transaction_id": result.transaction_id,
            "transaction_at": result.transaction_at,
            "paid_minor": result.amount_minor,
            **more,
        }
    )


def reversal_of(result: PaymentResult, service_id: str, **more: Any) -> ReversalRequest:
    return ReversalRequest(
        **{
            "attempt_id": f"a-{result.service_id}",
            "service_id": service_id,
            "sale_id": "sale-1",
            "transaction_id": result.transaction_id,
            "transaction_at": result.transaction_at,
            "amount_minor": result.amount_minor,
            "currency": result.currency,
            **more,
        }
    )


@dataclass
class Desk:
    """The driver under test, its far end, and all that the driver ever posted."""

    sim: Any
    terminal: NexoTerminal
    posted: list[DeviceEvent] = field(default_factory=list)
    inbox: "queue.Queue[DeviceEvent]" = field(default_factory=queue.Queue)
    full_for: int = 0
    """How many more answers to payments find no place."""

    def post(self, event: DeviceEvent) -> bool:
        if self.full_for and isinstance(event, PaymentAnswered):
            self.full_for -= 1
            return False
        self.posted.append(event)
        self.inbox.put(event)
        return True

    def next(self, wanted: Callable[[DeviceEvent], bool]) -> Any:
        """Take events until one is wanted; queue.Empty when it never comes."""
        while True:
            event = self.inbox.get(timeout=WITHIN_S)
            if wanted(event):
                return event

    def result(self) -> PaymentResult:
        answered = self.next(lambda event: isinstance(event, PaymentAnswered))
        return answered.result

    def charge_request(self, minor: int = 14_990, service_id: str = "0000000001") -> ChargeRequest:
        return charge_of(minor, service_id)

    def ask(self, minor: int = 14_990, service_id: str = "0000000001") -> PaymentResult:
        self.terminal.ask(charge_of(minor, service_id))
        return self.result()

    def reverse(
        self, result: PaymentResult, service_id: str = "0000000900", **more: Any
    ) -> ReversalAnswered:
        self.terminal.reverse(reversal_of(result, service_id, **more))
        return self.reversal()

    def reversal(self) -> ReversalAnswered:
        return self.next(lambda event: isinstance(event, ReversalAnswered))

    def wait_for_state(self, state: DeviceState) -> None:
        self.next(lambda event: isinstance(event, DeviceStateChanged) and event.state is state)

    def wait_for_step(self, step: TerminalStep) -> TerminalProgress:
        return self.next(lambda event: isinstance(event, TerminalProgress) and event.step is step)

    def charge(self, minor: int = 14_990, service_id: str = "0000000001") -> None:
        """Start a payment and wait until the terminal shows it."""
        self.terminal.charge(charge_of(minor, service_id))
        self.sim.wait_for("card")

    def pay(self, minor: int = 14_990, service_id: str = "0000000001") -> PaymentResult:
        """A whole payment by a tapped card."""
        self.charge(minor, service_id)
        self.sim.tap_card()
        return self.result()

    def refund(self, result: PaymentResult, service_id: str = "0000000950", **more: Any) -> None:
        """Start a refund and wait until the terminal wants the card."""
        self.terminal.refund(refund_of(result, service_id, **more))
        self.sim.wait_for("card")

    def refunded(self) -> PaymentResult:
        answered = self.next(lambda event: isinstance(event, RefundAnswered))
        return answered.result

    def answers(self) -> int:
        return sum(isinstance(event, PaymentAnswered) for event in self.posted)


def charged(desk: Desk) -> list[int]:
    """What the terminal's books say was taken and not given back, in minor units."""
    return [entry["amount_minor"] for entry in desk.sim.books() if not entry["reversed"]]


@pytest.fixture
def passphrase_file(tmp_path: Path) -> Path:
    path = tmp_path / "passphrase"
    path.touch(mode=0o600)
    path.write_text(PASSPHRASE + "\n")
    return path


def is_xml(request: pytest.FixtureRequest) -> bool:
    """Whether the test stands in a dialect's parameter, and that is XML."""
    call = getattr(request.node, "callspec", None)
    return call is not None and call.params.get("dialect") == "nexo-xml"


@pytest.fixture
def sim(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[TerminalSim]:
    directory = tmp_path / "terminal"
    sim: TerminalSim
    if not is_xml(request):
        sim = NexoTerminalSim(directory=directory, passphrase=PASSPHRASE)
    else:
        sim = NexoXmlTerminalSim(directory=directory)
    sim.start()
    yield sim
    sim.stop()


@pytest.fixture
def options(make_options: Callable[..., CommonOptions]) -> CommonOptions:
    return make_options()


@pytest.fixture
def make_options(
    sim: Any, passphrase_file: Path, request: pytest.FixtureRequest
) -> Callable[..., CommonOptions]:
    def make(**more: Any) -> CommonOptions:
        if is_xml(request):
            return xml_options(sim, **more)
        return NexoOptions(**{**_usual(sim), **_sealed(sim, passphrase_file), **more})

    return make


def xml_options(sim: TerminalSim, **more: Any) -> NexoXmlOptions:
    return NexoXmlOptions(**{**_usual(sim), "busy_wait_s": 5.0, "busy_pause_s": 0.02, **more})


def _usual(sim: TerminalSim) -> dict[str, Any]:
    return {
        "name": "terminal-1",
        "url": sim.url,
        "poi_id": sim.poi_id,
        "sale_id": "KIOSK-01",
        "environment": "test",
        "listen": "127.0.0.1:0",
        **QUICK,
    }


def _sealed(sim: NexoTerminalSim, passphrase_file: Path) -> dict[str, Any]:
    return {
        "key_identifier": "kiosk",
        "passphrase_file": str(passphrase_file),
        "ca_file": str(sim.ca_file),
    }


@pytest.fixture
def make_desk(sim: TerminalSim) -> Iterator[Callable[..., Desk]]:
    with desks_at(sim) as make:
        yield make


@pytest.fixture
def nexo_xml(tmp_path: Path) -> Iterator[tuple[TerminalSim, Callable[[], Desk]]]:
    """A far end of the XML dialect, and a function that puts a driver beside it."""
    sim = NexoXmlTerminalSim(directory=tmp_path / "xml-terminal")
    sim.start()
    with desks_at(sim) as make:
        yield sim, lambda: make(xml_options(sim))
    sim.stop()


@contextmanager
def desks_at(sim: TerminalSim) -> Iterator[Callable[..., Desk]]:
    desks: list[Desk] = []

    def make(options: CommonOptions, **more: Any) -> Desk:
        driver = NexoXmlTerminal if isinstance(options, NexoXmlOptions) else NexoTerminal
        desk = Desk(sim, driver(options, **more))
        desks.append(desk)
        desk.terminal.start(desk.post)
        sim.set_display_url(f"http://127.0.0.1:{desk.terminal.listen_port}/")
        return desk

    yield make
    for desk in desks:
        desk.terminal.stop()


@pytest.fixture
def desk(make_desk: Callable[..., Desk], options: CommonOptions) -> Desk:
    desk = make_desk(options)
    desk.wait_for_state(DeviceState.READY)
    return desk
