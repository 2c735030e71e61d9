"""What a ZVT terminal's driver tells the engine: each answer once, and until it is taken."""

import structlog

from drivers.contracts import (
    ChargeRequest,
    DeviceEvent,
    PaymentAnswered,
    PaymentOutcome,
    PaymentResult,
    Post,
    RefundAnswered,
    RefundRequest,
    ReversalAnswered,
    ReversalRequest,
    TerminalProgress,
    TerminalStep,
)
from drivers.deadline import Flag
from drivers.terminal.nexo_running import Counters

logger = structlog.get_logger(__name__)

POST_AGAIN_S = 0.05


class Answers:
    """Posts for one device. Logs are an allow-list: ids, outcome and code, nothing of the card."""

    def __init__(self, device: str, post: Post, *, stopping: Flag, counters: Counters) -> None:
        self._device = device
        self._post = post
        self._stopping = stopping
        self._counters = counters

    def step(self, attempt_id: str, step: TerminalStep, text: str) -> None:
        """Tell a step of a payment; one that finds the inbox full is forgotten."""
        self._post(
            TerminalProgress(device=self._device, attempt_id=attempt_id, step=step, text=text)
        )

    def payment(self, request: ChargeRequest, result: PaymentResult) -> None:
        """Answer `charge` or `ask`."""
        self.payment_of(request.attempt_id, result)

    def payment_of(self, attempt_id: str, result: PaymentResult) -> None:
        """Answer `charge` or `ask` of an attempt."""
        if result.outcome is PaymentOutcome.UNKNOWN:
            self._counters.count("unknown_results")
        logger.info(
            "terminal answered",
            device=self._device,
            service_id=result.service_id,
            outcome=result.outcome.value,
            reason=result.reason,
            amount_minor=result.amount_minor,
        )
        self._deliver(PaymentAnswered(device=self._device, attempt_id=attempt_id, result=result))

    def refund(self, request: RefundRequest, result: PaymentResult) -> None:
        """Answer `refund` or `ask_refund`."""
        logger.info(
            "terminal refund answered",
            device=self._device,
            service_id=result.service_id,
            outcome=result.outcome.value,
            reason=result.reason,
            amount_minor=result.amount_minor,
        )
        answered = RefundAnswered(device=self._device, attempt_id=request.attempt_id, result=result)
        self._deliver(answered)

    def reversal(self, request: ReversalRequest, *, done: bool, reason: str) -> None:
        """Answer `reverse`."""
        logger.info(
            "terminal reversal answered",
            device=self._device,
            service_id=request.service_id,
            done=done,
            reason=reason,
        )
        answered = ReversalAnswered(
            device=self._device, attempt_id=request.attempt_id, done=done, reason=reason
        )
        self._deliver(answered)

    def _deliver(self, event: DeviceEvent) -> None:
        """Post an answer until it is taken: unlike a scan, it must not be dropped."""
        while not self._post(event) and not self._stopping.wait(POST_AGAIN_S):
            continue
