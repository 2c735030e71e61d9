"""What a payment's driver says to the engine: each answer once, and until it is taken.

Logs are an allow-list: ids, outcomes and codes. Nothing of a card, a number or a message.
"""

from collections.abc import Callable

import structlog

from drivers.contracts import (
    CaptureAnswered,
    CaptureRequest,
    DeviceEvent,
    PaymentAnswered,
    PaymentOutcome,
    PaymentResult,
    Post,
    RefundAnswered,
    ReversalAnswered,
    ReversalRequest,
    TerminalProgress,
    TerminalStep,
)
from drivers.deadline import Flag

logger = structlog.get_logger(__name__)

POST_AGAIN_S = 0.05


class Answers:
    """Posts one device's events; `count` is told of results that are UNKNOWN."""

    def __init__(self, device: str, *, stopping: Flag, count: Callable[[str], None]) -> None:
        self._device = device
        self._post: Post = lambda _event: False
        self._stopping = stopping
        self._count = count

    def attach(self, post: Post) -> None:
        """Say from now on where to post."""
        self._post = post

    def step(self, attempt_id: str, step: TerminalStep, text: str) -> None:
        """Tell a step of a running payment; one that finds the inbox full is forgotten."""
        self._post(
            TerminalProgress(device=self._device, attempt_id=attempt_id, step=step, text=text)
        )

    def payment(self, attempt_id: str, result: PaymentResult) -> None:
        """Answer `charge` or `ask`."""
        if result.outcome is PaymentOutcome.UNKNOWN:
            self._count("unknown_results")
        self._log_result("payment answered", result)
        self.deliver(PaymentAnswered(device=self._device, attempt_id=attempt_id, result=result))

    def refund(self, attempt_id: str, result: PaymentResult) -> None:
        """Answer `refund` or `ask_refund`."""
        self._log_result("refund answered", result)
        self.deliver(RefundAnswered(device=self._device, attempt_id=attempt_id, result=result))

    def reversal(self, request: ReversalRequest, *, done: bool, reason: str) -> None:
        """Answer `reverse`."""
        logger.info(
            "reversal answered",
            device=self._device,
            service_id=request.service_id,
            done=done,
            reason=reason,
        )
        self.deliver(
            ReversalAnswered(
                device=self._device, attempt_id=request.attempt_id, done=done, reason=reason
            )
        )

    def capture(self, request: CaptureRequest, *, done: bool, refused: bool, reason: str) -> None:
        """Answer `capture`."""
        logger.info(
            "capture answered",
            device=self._device,
            service_id=request.service_id,
            done=done,
            refused=refused,
            reason=reason,
        )
        self.deliver(
            CaptureAnswered(
                device=self._device,
                attempt_id=request.attempt_id,
                done=done,
                refused=refused,
                reason=reason,
            )
        )

    def deliver(self, event: DeviceEvent) -> None:
        """Post an answer until it is taken: unlike a scan, it must not be dropped."""
        while not self._post(event) and not self._stopping.wait(POST_AGAIN_S):
            continue

    def _log_result(self, event: str, result: PaymentResult) -> None:
        logger.info(
            event,
            device=self._device,
            service_id=result.service_id,
            outcome=result.outcome.value,
            reason=result.reason,
            amount_minor=result.amount_minor,
        )
