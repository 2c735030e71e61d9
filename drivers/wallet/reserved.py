"""Money that an approval only reserved: taken at hand-over, let go, or given back after all.

The same for every provider that reserves; each says in a `Purse` how its calls are made and how
its own account of a payment is read. Only that account counts.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Generic, Protocol, TypeVar

from drivers.contracts import RELEASED, CaptureRequest, RefundRequest, ReversalRequest
from drivers.wallet.run import Run, Sending
from drivers.wallet.settle import DONE, UNSETTLED, Settled, capture_of, carry_out
from drivers.wallet.times import Times
from drivers.wallet.wire import Answer

FACTS = (200, 404)


class Account(Protocol):
    """What a provider says of one payment. Amounts in minor units."""

    @property
    def captured(self) -> int:
        """What was taken."""

    @property
    def refunded(self) -> int:
        """What went back of it."""

    @property
    def released(self) -> bool:
        """Whether all that was reserved was let go, and nothing was taken."""


Facts = TypeVar("Facts", bound=Account)


@dataclass(frozen=True, kw_only=True)
class Purse(Generic[Facts]):
    """One payment's money at its provider, while one call about it is done."""

    run: Run
    times: Times
    ask: Callable[[], Answer]
    read: Callable[[Answer], Facts]
    """ProtocolError when the answer is not believable."""
    look: Callable[[], Facts | None]
    """Asked once; None when nobody answered, or not believably."""
    capture: Callable[[CaptureRequest], Answer]
    release: Callable[[], Answer]
    refund: Callable[[int, str], Answer]
    """So much, in minor units, under this key; "" for all of a payment that is taken back."""
    code: Callable[[Answer], str]

    def take(self, request: CaptureRequest) -> Settled:
        """Take what is reserved; RELEASED when there is nothing any more."""
        taken = self._move(
            lambda: self.capture(request), lambda now: now.captured >= request.amount_minor
        )
        now = self.look() if taken.refused else None
        return replace(taken, reason=RELEASED) if now is not None and now.released else taken

    def give_back(self, request: ReversalRequest) -> Settled:
        """Let go of what is reserved, refund what was taken."""
        now = self._account()
        if not isinstance(now, Settled) and not now.captured:
            now = self._let_go(now)
        if isinstance(now, Settled):
            return now
        minor = min(request.amount_minor, now.captured)
        return self._refund(minor, "", minor, before=now)

    def pay_back(self, request: RefundRequest) -> Settled:
        """Give money back for goods that came back.

        What is only reserved is let go, if all of it goes back and the request allows that. Else it
        is taken first, under the key of the capture that is owed anyway, which finds it done: to
        let it go would leave goods unpaid that were not returned.
        """
        now = self._account()
        if not isinstance(now, Settled) and not now.captured and request.releases:
            now = self._let_go(now)
        if isinstance(now, Settled):
            return now
        if not now.captured:
            taken = self.take(capture_of(request))
            if not taken.done:
                return taken
        wanted_minor = request.given_before_minor + request.amount_minor
        return self._refund(request.amount_minor, request.service_id, wanted_minor)

    def _account(self) -> Facts | Settled:
        """Return what it says, or how a call ends that cannot know."""
        question = Sending(self.ask, FACTS)
        until = self.run.deadline(self.times.capture_s)
        answer = question.insist(self.run, self.times.pace(), until)
        if answer is None:
            return UNSETTLED
        if answer.status == 404:
            return Settled(done=False, refused=True, reason="NotFound")
        return self.read(answer)

    def _let_go(self, before: Facts) -> Settled | Facts:
        """Release it; return how that ended, or the account when it was taken in between."""
        ended = self._move(
            self.release, lambda now: now.released or bool(now.captured), before=before
        )
        now = before if before.released else self.look()
        return now if now is not None and now.captured else ended

    def _refund(
        self, minor: int, key: str, wanted_minor: int, *, before: Facts | None = None
    ) -> Settled:
        return self._move(
            lambda: self.refund(minor, key), lambda now: now.refunded >= wanted_minor, before=before
        )

    def _move(
        self,
        call: Callable[[], Answer],
        done: Callable[[Facts], bool],
        *,
        before: Facts | None = None,
    ) -> Settled:
        if before is not None and done(before):
            return DONE
        return carry_out(self.run, self.times, call, look=self.look, done=done, code=self.code)
