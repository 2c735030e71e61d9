"""A wallet as the engine meets it: it shows what a phone must do, and keeps books of its own."""

from collections import deque

from drivers.contracts import (
    RELEASED,
    CaptureAnswered,
    CaptureRequest,
    ChargeRequest,
    DeviceEvent,
    DeviceKind,
    RefundRequest,
    WalletInput,
    WalletProblem,
    WalletShown,
    WalletStep,
)
from tests.engine.models import Books, TerminalModel, entry_of, unknown

LINK = "https://qr.example/28/2f9c7d"
LIFE_NS = 600 * 10**9


class WalletModel(TerminalModel):
    """Approves and declines as a terminal does (`tap` is the shopper's yes on the phone).

    An approval only reserves; `capture` takes it, once, and writes that down.
    """

    kind = DeviceKind.WALLET

    def __init__(
        self, name: str, events: deque[DeviceEvent], books: Books, first: WalletStep
    ) -> None:
        super().__init__(name, events, books)
        self.first = first
        self.given: list[WalletInput] = []
        self.requests: list[ChargeRequest] = []
        self.reserves = True
        """Whether an approval only reserves; a phone bill takes at once."""
        self.lets_go = False
        """Whether it lets go of what is only reserved when all of it goes back, as drivers do."""
        self.let_go: set[str] = set()
        """Transactions of which nothing can be taken any more."""
        self.captures = 0
        self.capture_answers: deque[tuple[bool, bool] | None] = deque()
        """(done, refused) of the next captures, None for silence; without one it is done."""

    def charge(self, request: ChargeRequest) -> None:
        assert request.service_id not in self.books.entries, "a service id came twice"
        self.charges += 1
        if not self.arrives:
            self.answer(request.attempt_id, unknown(request.service_id))
            return
        self.running = request
        self.requests.append(request)
        self.books.write(entry_of(request))
        if self.first is WalletStep.SCAN_QR:
            self.show(WalletStep.SCAN_QR, qr_text=LINK, can_push=True)
        else:
            self.show(self.first)

    def show(
        self, step: WalletStep, *, problem: WalletProblem = WalletProblem.NONE, **more: object
    ) -> None:
        """Say what the screen must show now."""
        assert self.running is not None, "no payment runs"
        self.events.append(
            WalletShown(
                device=self.name,
                attempt_id=self.running.attempt_id,
                step=step,
                problem=problem,
                **more,  # type: ignore[arg-type]
            )
        )

    def give(self, given: WalletInput) -> None:
        self.given.append(given)

    def refund(self, request: RefundRequest) -> None:
        """Give a part back; what is only reserved is taken first, as the drivers do."""
        if self.refund_answer == "lost":
            super().refund(request)
            return
        paid = self.books.of_transaction(request.transaction_id)
        if self.lets_go and request.releases and paid is not None and not paid.captured_minor:
            if self.refund_answer != "declined":
                self.let_go.add(paid.transaction_id)
        elif self.reserves and paid is not None and not paid.captured_minor:
            paid.captured_minor = request.paid_minor
            self.books.write(paid)
        super().refund(request)

    def typed(self) -> list[tuple[str, str]]:
        """What was handed over, kind and text."""
        return [(one.kind.value, one.text) for one in self.given]

    def capture(self, request: CaptureRequest) -> None:
        self.captures += 1
        gone = request.transaction_id in self.let_go
        usual = (not gone, gone)
        answer = self.capture_answers.popleft() if self.capture_answers else usual
        if answer is None:
            return
        done, refused = (False, True) if gone and answer[0] else answer
        if done:
            entry = next(
                e for e in self.books.entries.values() if e.transaction_id == request.transaction_id
            )
            assert entry.state == "approved", f"captured while {entry.state}"
            assert request.amount_minor == entry.charged_minor
            entry.captured_minor = request.amount_minor
            self.books.write(entry)
        self.events.append(
            CaptureAnswered(
                device=self.name, attempt_id=request.attempt_id, done=done, refused=refused,
                reason=_reason(done=done, refused=refused, gone=gone),
            )
        )  # fmt: skip


def _reason(*, done: bool, refused: bool, gone: bool) -> str:
    if done or not refused:
        return "" if done else "NoAnswer"
    return RELEASED if gone else "Http400"
