"""A payment's way through a driver: once on the wire, stopped in line or not, always answered."""

import threading
from collections.abc import Callable, Iterator

import pytest

from drivers.answers import Answers
from drivers.attempts import Attempts, aborted, result_of
from drivers.contracts import (
    ChargeRequest,
    PaymentAnswered,
    PaymentOutcome,
    PaymentResult,
    RefundAnswered,
    RefundRequest,
    ReversalAnswered,
    ReversalRequest,
)
from drivers.worker import Worker
from tests.drivers.inbox import WAIT_S, Inbox

ROOM = 3
APPROVED, CANCELLED = PaymentOutcome.APPROVED, PaymentOutcome.CANCELLED
UNKNOWN = PaymentOutcome.UNKNOWN


class Running:
    """An attempt that has its turn at the far end of `Counter`."""

    def __init__(self, service_id: str) -> None:
        self.service_id = service_id
        self.unwanted = False

    def unwant(self) -> None:
        self.unwanted = True


class Counter:
    """A driver without a wire: it writes down what would have left, and what was asked."""

    def __init__(self) -> None:
        self.inbox = Inbox()
        self.sent: list[str] = []
        self.asked: list[str] = []
        self.at_work, self.go_on = threading.Event(), threading.Event()
        self.go_on.set()
        self.worker = Worker("counter", capacity=ROOM, on_crash=self._crashed)
        self.answers = Answers("counter", stopping=self.worker.stopping, count=lambda _name: None)
        self.answers.attach(self.inbox.post)
        self.attempts = Attempts[Running](self.worker, self.answers)
        self.crash: Exception | None = None
        self.ended: Running | None = None
        self.over = threading.Event()

    def charge(self, service_id: str, *, known: bool = False) -> None:
        self.attempts.charge(charge_of(service_id), self._charge, self._ask, known=known)

    def ask(self, service_id: str) -> None:
        self.attempts.ask(charge_of(service_id), self._ask)

    def refund(self, service_id: str) -> None:
        self.attempts.refund(refund_of(service_id), self._refund, self._ask)

    def ask_refund(self, service_id: str) -> None:
        self.attempts.ask_refund(refund_of(service_id), self._ask)

    def fill(self) -> None:
        """Leave no place in the line, whose first one has its turn until `go_on`."""
        self.go_on.clear()
        self.worker.start()
        self.charge("busy")
        assert self.at_work.wait(WAIT_S)
        while self.worker.submit(lambda: None):
            continue

    def results(self, count: int) -> list[tuple[str, PaymentOutcome, str]]:
        """Wait for so many answers to payments; return service id, outcome and reason of each."""
        answers = self.inbox.wait_for(PaymentAnswered, count)
        return [(one.result.service_id, one.result.outcome, one.result.reason) for one in answers]

    def _charge(self, request: ChargeRequest) -> PaymentResult:
        with self.attempts.turn(Running(request.service_id)) as running:
            if running.unwanted:
                return aborted(request)
            return self._send(request)

    def _send(self, request: ChargeRequest | RefundRequest) -> PaymentResult:
        self.sent.append(request.service_id)
        self.at_work.set()
        assert self.go_on.wait(WAIT_S)
        if self.crash is not None:
            raise self.crash
        return result_of(request, APPROVED, "")

    def _refund(self, request: RefundRequest) -> PaymentResult:
        return self._send(request)

    def _ask(self, request: ChargeRequest | RefundRequest) -> PaymentResult:
        self.asked.append(request.service_id)
        return result_of(request, UNKNOWN, "NoAnswer")

    def _crashed(self, _error: BaseException) -> None:
        self.ended = self.attempts.crashed()
        self.over.set()


def charge_of(service_id: str) -> ChargeRequest:
    return ChargeRequest(
        attempt_id=f"a-{service_id}",
        service_id=service_id,
        sale_id="sale-1",
        amount_minor=12_900,
        currency="NOK",
    )


def refund_of(service_id: str) -> RefundRequest:
    return RefundRequest(
        attempt_id=f"r-{service_id}",
        service_id=service_id,
        sale_id="sale-2",
        amount_minor=12_900,
        currency="NOK",
    )


def reversal_of(service_id: str) -> ReversalRequest:
    return ReversalRequest(
        attempt_id=f"v-{service_id}",
        service_id=service_id,
        sale_id="sale-1",
        transaction_id="t-1",
        transaction_at="2026-03-02T12:00:00Z",
        amount_minor=12_900,
        currency="NOK",
    )


@pytest.fixture
def counter() -> Iterator[Counter]:
    made = Counter()
    yield made
    made.go_on.set()
    made.worker.stop()


def test_a_service_id_leaves_once_and_is_then_only_asked_about(counter: Counter) -> None:
    counter.worker.start()
    counter.charge("1")
    counter.charge("1")
    assert counter.results(2) == [("1", APPROVED, ""), ("1", UNKNOWN, "NoAnswer")]
    assert (counter.sent, counter.asked) == (["1"], ["1"])


def test_what_was_asked_about_never_leaves_afterwards(counter: Counter) -> None:
    counter.worker.start()
    counter.ask("1")
    counter.charge("1")
    counter.results(2)
    assert (counter.sent, counter.asked) == ([], ["1", "1"])


def test_what_an_earlier_life_may_have_sent_is_only_asked_about(counter: Counter) -> None:
    counter.worker.start()
    counter.charge("1", known=True)
    counter.results(1)
    assert (counter.sent, counter.asked) == ([], ["1"])


@pytest.mark.parametrize("first", ["refund", "ask_refund"])
def test_a_refund_too_leaves_once_and_is_answered_as_a_refund(counter: Counter, first: str) -> None:
    counter.worker.start()
    getattr(counter, first)("1")
    counter.refund("1")
    answers = counter.inbox.wait_for(RefundAnswered, 2)
    assert [one.attempt_id for one in answers] == ["r-1", "r-1"]
    assert counter.sent == (["1"] if first == "refund" else [])
    assert counter.asked[-1] == "1"
    assert not counter.inbox.of(PaymentAnswered)


@pytest.mark.parametrize(
    ("call", "outcome"),
    [
        (lambda counter: counter.charge("1"), CANCELLED),
        (lambda counter: counter.charge("1", known=True), UNKNOWN),
        (lambda counter: counter.ask("1"), UNKNOWN),
        (lambda counter: counter.refund("1"), CANCELLED),
        (lambda counter: counter.ask_refund("1"), UNKNOWN),
    ],
    ids=["charge", "known", "ask", "refund", "ask_refund"],
)
def test_a_full_line_is_answered_at_once_and_claims_no_more_than_it_knows(
    counter: Counter, call: Callable[[Counter], None], outcome: PaymentOutcome
) -> None:
    counter.fill()
    call(counter)
    answers = [*counter.inbox.of(PaymentAnswered), *counter.inbox.of(RefundAnswered)]
    results = [(one.result.service_id, one.result.outcome, one.result.reason) for one in answers]
    assert results == [("1", outcome, "QueueFull")]
    assert (counter.sent, counter.asked) == (["busy"], [])


def test_a_reversal_that_finds_no_place_is_not_done(counter: Counter) -> None:
    counter.fill()
    counter.attempts.reverse(reversal_of("1"), lambda _request: (True, ""))
    (answer,) = counter.inbox.of(ReversalAnswered)
    assert (answer.attempt_id, answer.done, answer.reason) == ("v-1", False, "QueueFull")


def test_a_reversal_is_answered_with_what_came_of_it(counter: Counter) -> None:
    counter.worker.start()
    counter.attempts.reverse(reversal_of("1"), lambda _request: (False, "NotFound"))
    (answer,) = counter.inbox.wait_for(ReversalAnswered)
    assert (answer.attempt_id, answer.done, answer.reason) == ("v-1", False, "NotFound")


def test_what_is_unwanted_while_it_waits_never_leaves(counter: Counter) -> None:
    counter.charge("1")
    assert counter.attempts.unwant("1") is None
    counter.worker.start()
    assert counter.results(1) == [("1", CANCELLED, "Aborted")]
    assert counter.sent == []


def test_a_wish_reaches_what_has_its_turn_and_nothing_else(counter: Counter) -> None:
    counter.go_on.clear()
    counter.worker.start()
    counter.charge("1")
    assert counter.at_work.wait(WAIT_S)
    assert counter.attempts.unwant("2") is None
    running = counter.attempts.unwant("1")
    assert running is counter.attempts.running
    assert running is not None
    assert running.service_id == "1"
    counter.go_on.set()
    assert counter.results(1) == [("1", APPROVED, "")]
    assert counter.attempts.running is None


@pytest.mark.parametrize(
    ("call", "kind"),
    [
        (lambda counter: counter.charge("1"), PaymentAnswered),
        (lambda counter: counter.refund("1"), RefundAnswered),
    ],
    ids=["charge", "refund"],
)
def test_a_defect_ends_what_has_its_turn_as_unknown_and_answers_it_once(
    counter: Counter,
    call: Callable[[Counter], None],
    kind: type[PaymentAnswered] | type[RefundAnswered],
) -> None:
    counter.crash = ZeroDivisionError()
    call(counter)
    counter.charge("waits")
    counter.worker.start()
    assert counter.over.wait(WAIT_S)
    (answer,) = counter.inbox.of(kind)
    assert (answer.result.service_id, answer.result.outcome) == ("1", UNKNOWN)
    assert answer.result.reason == "Defect"
    counter.attempts.crashed()
    assert len(counter.inbox.events) == 1
    assert counter.sent == ["1"]


def test_a_defect_says_which_attempt_had_its_turn(counter: Counter) -> None:
    counter.crash = ZeroDivisionError()
    counter.charge("1")
    counter.worker.start()
    assert counter.over.wait(WAIT_S)
    assert counter.ended is not None
    assert counter.ended.service_id == "1"
    assert counter.attempts.running is None


def test_a_defect_between_two_payments_answers_nobody(counter: Counter) -> None:
    counter.worker.start()
    counter.charge("1")
    counter.results(1)
    counter.attempts.crashed()
    assert len(counter.inbox.events) == 1
