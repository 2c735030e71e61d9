"""What the driver says to the engine, each answer until it is taken."""

from collections.abc import Callable

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

logger = structlog.get_logger(__name__)

POST_AGAIN_S = 0.05


class Says:
    """Posts one device's events. Logs are an allow-list: ids, outcomes and codes, no card."""

    def __init__(
        self, device: str, post: Post, *, stopping: Flag, count: Callable[[str], None]
    ) -> None:
        self._device = device
        self._post = post
        self._stopping = stopping
        self._count = count

    def step(self, attempt_id: str, step: TerminalStep, text: str) -> None:
        """Tell a step of a running payment; it may be missed."""
        self._post(
            TerminalProgress(device=self._device, attempt_id=attempt_id, step=step, text=text)
        )

    def answer(self, request: ChargeRequest, result: PaymentResult) -> None:
        """Answer a charge or a question about one."""
        if result.outcome is PaymentOutcome.UNKNOWN:
            self._count("unknown_results")
        logger.info(
            "terminal answered",
            device=self._device,
            service_id=result.service_id,
            outcome=result.outcome.value,
            reason=result.reason,
            amount_minor=result.amount_minor,
        )
        self.result(request.attempt_id, result)

    def result(self, attempt_id: str, result: PaymentResult) -> None:
        """Post a result, without a word in the log."""
        self._deliver(PaymentAnswered(device=self._device, attempt_id=attempt_id, result=result))

    def answer_refund(self, request: RefundRequest, result: PaymentResult) -> None:
        """Answer a refund or a question about one."""
        logger.info(
            "terminal refund answered",
            device=self._device,
            service_id=result.service_id,
            outcome=result.outcome.value,
            reason=result.reason,
            amount_minor=result.amount_minor,
        )
        self._deliver(
            RefundAnswered(device=self._device, attempt_id=request.attempt_id, result=result)
        )

    def answer_reversal(self, request: ReversalRequest, *, done: bool, reason: str) -> None:
        """Answer a reversal."""
        logger.info(
            "terminal reversal answered",
            device=self._device,
            service_id=request.service_id,
            done=done,
            reason=reason,
        )
        self._deliver(
            ReversalAnswered(
                device=self._device, attempt_id=request.attempt_id, done=done, reason=reason
            )
        )

    def _deliver(self, event: DeviceEvent) -> None:
        """Post an answer until it is taken: unlike a scan, it must not be dropped."""
        while not self._post(event) and not self._stopping.wait(POST_AGAIN_S):
            continue
