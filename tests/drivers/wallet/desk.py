"""A wallet's driver and its provider on one desk: HTTP between them, nothing mocked."""

import queue
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from drivers.contracts import (
    CaptureAnswered,
    CaptureRequest,
    ChargeLine,
    ChargeRequest,
    DeviceEvent,
    DeviceKind,
    DeviceState,
    DeviceStateChanged,
    PaymentAnswered,
    PaymentResult,
    RefundAnswered,
    RefundRequest,
    ReversalAnswered,
    ReversalRequest,
    WalletInput,
    WalletInputKind,
    WalletShown,
    WalletStep,
)
from drivers.registry import PROTOCOLS

WALLETS = sorted(name for name, one in PROTOCOLS.items() if one.kind is DeviceKind.WALLET)
WITHIN_S = 60.0
ATTEMPT = "0f8fad5bd9cb469fa16570867728950e"
QUICK: dict[str, float] = {
    "timeout_s": 3.0,
    "health_interval_s": 0.3,
    "first_poll_s": 0.02,
    "poll_s": 0.02,
    "slow_s": 0.1,
    "create_s": 1.0,
    "resolve_s": 2.0,
    "settle_s": 0.05,
    "capture_s": 1.0,
}
LINES = (
    ChargeLine(
        id="1",
        name="Jarlsberg 27 %",
        total_minor=9_990,
        tax_minor=1_303,
        tax_rate_bp=1500,
        unit_price_minor=9_990,
    ),
    ChargeLine(
        id="2",
        name="Bananer",
        total_minor=5_000,
        tax_minor=652,
        tax_rate_bp=1500,
        quantity="1.782",
        unit="KG",
        unit_price_minor=2_806,
    ),
)


def charge_of(minor: int = 14_990, service_id: str = "0000000001", **more: Any) -> ChargeRequest:
    return ChargeRequest(
        **{
            "attempt_id": ATTEMPT,
            "service_id": service_id,
            "sale_id": "sale-1",
            "amount_minor": minor,
            "currency": "NOK",
            **more,
        }
    )


@dataclass
class Desk:
    """The driver under test, its far end, and all that the driver ever posted."""

    sim: Any
    wallet: Any
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

    def charge(self, minor: int = 14_990, service_id: str = "0000000001", **more: Any) -> None:
        self.wallet.charge(charge_of(minor, service_id, **more))

    def shown(self, step: WalletStep) -> WalletShown:
        return self.next(lambda event: isinstance(event, WalletShown) and event.step is step)

    def give(self, kind: WalletInputKind, text: str = "", attempt_id: str = ATTEMPT) -> None:
        kind = WalletInputKind(kind)
        self.wallet.give(WalletInput(attempt_id=attempt_id, kind=kind, text=text))

    def abort(self, service_id: str = "0000000001") -> None:
        self.wallet.abort(ATTEMPT, service_id)

    def result(self) -> PaymentResult:
        return self.next(lambda event: isinstance(event, PaymentAnswered)).result

    def ask(self, minor: int = 14_990, service_id: str = "0000000001", **more: Any) -> Any:
        self.wallet.ask(charge_of(minor, service_id, **more))
        return self.result()

    def capture(self, result: PaymentResult, **more: Any) -> CaptureAnswered:
        self.wallet.capture(
            CaptureRequest(
                **{
                    "attempt_id": ATTEMPT,
                    "service_id": result.service_id,
                    "transaction_id": result.transaction_id,
                    "amount_minor": result.amount_minor,
                    "currency": result.currency,
                    **more,
                }
            )
        )
        return self.next(lambda event: isinstance(event, CaptureAnswered))

    def reverse(self, result: PaymentResult, service_id: str = "0000000900") -> ReversalAnswered:
        self.begin_reversal(result, service_id)
        return self.next(lambda event: isinstance(event, ReversalAnswered))

    def begin_reversal(self, result: PaymentResult, service_id: str = "0000000900") -> None:
        self.wallet.reverse(
            ReversalRequest(
                attempt_id=ATTEMPT,
                service_id=service_id,
                sale_id="sale-1",
                transaction_id=result.transaction_id,
                transaction_at=result.transaction_at,
                amount_minor=result.amount_minor,
                currency=result.currency,
            )
        )

    def refund(
        self,
        result: PaymentResult,
        amount_minor: int,
        service_id: str,
        *,
        before_minor: int = 0,
        may_release: bool = False,
    ) -> PaymentResult:
        self.wallet.refund(
            RefundRequest(
                attempt_id=f"r-{service_id}",
                service_id=service_id,
                sale_id="sale-2",
                amount_minor=amount_minor,
                currency=result.currency,
                transaction_id=result.transaction_id,
                transaction_at=result.transaction_at,
                of_attempt_id=ATTEMPT,
                paid_minor=result.amount_minor,
                given_before_minor=before_minor,
                may_release=may_release,
            )
        )
        return self.next(lambda event: isinstance(event, RefundAnswered)).result

    def wait_for_state(self, state: DeviceState) -> DeviceStateChanged:
        return self.next(
            lambda event: isinstance(event, DeviceStateChanged) and event.state is state
        )

    def answers(self) -> int:
        return sum(isinstance(event, PaymentAnswered) for event in self.posted)


Make = Callable[[type[Desk], Any, Any], Any]


@pytest.fixture
def make_wallet_desk() -> Iterator[Make]:
    desks: list[Desk] = []

    def make(kind: type[Desk], sim: Any, wallet: Any) -> Desk:
        desk = kind(sim, wallet)
        desks.append(desk)
        wallet.start(desk.post)
        return desk

    yield make
    for desk in desks:
        desk.wallet.stop()


def secret_file(path: Path, content: str) -> str:
    path.touch(mode=0o600)
    path.write_text(content, encoding="utf-8")
    return str(path)
