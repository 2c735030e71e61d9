"""Captures and reversals: done when the provider's own account of the payment says so."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from drivers.contracts import CaptureRequest, RefundRequest, ReversalRequest
from drivers.wallet.run import Run, ask_once
from drivers.wallet.times import Times
from drivers.wallet.wire import Answer

Facts = TypeVar("Facts")


@dataclass(frozen=True, slots=True)
class Settled:
    """How a capture or a reversal ended. Neither `done` nor `refused`: nobody knows yet."""

    done: bool
    refused: bool = False
    reason: str = ""


DONE = Settled(done=True)
UNSETTLED = Settled(done=False, reason="NoAnswer")


def whole_only(
    request: RefundRequest, run: Run, give_back: Callable[[ReversalRequest, Run], Settled]
) -> Settled:
    """Give all of a payment back where the provider knows no parts; a part is refused."""
    if not request.whole:
        return Settled(done=False, refused=True, reason="OnlyWhole")
    whole = ReversalRequest(
        attempt_id=request.attempt_id,
        service_id=request.service_id,
        sale_id=request.sale_id,
        transaction_id=request.transaction_id,
        transaction_at=request.transaction_at,
        amount_minor=request.amount_minor,
        currency=request.currency,
        currency_digits=request.currency_digits,
    )
    return give_back(whole, run)


def capture_of(request: RefundRequest) -> CaptureRequest:
    """Return the capture that a refund's sale owes, for a payment that is only reserved yet."""
    return CaptureRequest(
        attempt_id=request.of_attempt_id,
        service_id=request.service_id,
        transaction_id=request.transaction_id,
        amount_minor=request.paid_minor,
        currency=request.currency,
    )


def carry_out(
    run: Run,
    times: Times,
    call: Callable[[], Answer],
    *,
    look: Callable[[], Facts | None],
    done: Callable[[Facts], bool],
    code: Callable[[Answer], str],
) -> Settled:
    """Make `call`, always the same under the same key, until `look` finds it done.

    Only what `look` finds counts: an answer may be lost, or be an old one. A refusal stands when a
    look after it did not find it done; `code` names it. Gives up after `capture_s`.
    """
    until = run.deadline(times.capture_s)
    pace = times.pace()
    while True:
        answer = ask_once(run, pace, call)
        facts = look()
        if facts is not None and done(facts):
            return DONE
        refused = answer is not None and answer.refused and answer.status != 401
        if answer is not None and refused and facts is not None:
            return Settled(done=False, refused=True, reason=code(answer))
        if until.passed():
            return UNSETTLED
        run.wait(pace.next_s())
