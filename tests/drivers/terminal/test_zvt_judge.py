"""What a repeated receipt proves about a payment, case by case."""

from datetime import UTC, datetime, timedelta

import pytest

from drivers.attempts import result_of
from drivers.contracts import ChargeRequest, PaymentOutcome
from drivers.terminal.zvt_judge import (
    Booked,
    Declined,
    NoProof,
    NotBooked,
    Order,
    TakenBack,
    compare,
    is_between,
    judge,
    still_nothing,
)
from drivers.terminal.zvt_memory import ATTEMPTS_MAX, Attempt, Last, Mark, Memory
from drivers.terminal.zvt_messages import StatusInformation
from drivers.terminal.zvt_verdict import receipt_of

NOW = datetime(2026, 3, 1, 12, 0, 30, tzinfo=UTC)
BEFORE = Mark(trace=470, receipt=470, turnover=470)
ATTEMPT = Attempt(
    service_id="0000000001",
    amount_minor=14_990,
    currency="NOK",
    sent_at="2026-03-01T12:00:00+00:00",
    before=Last(is_known=True, mark=BEFORE),
    asks_for_goods=True,
)


def at(moment):
    local = moment.astimezone()
    return {"date": local.strftime("%m%d"), "time": local.strftime("%H%M%S")}


def repeated(**more):
    usual = {"result": 0, "amount_minor": 14_990, "currency": "NOK", "trace": 471}
    usual |= {"receipt": 471, "turnover": 471, **at(NOW - timedelta(seconds=10))}
    return StatusInformation(**{**usual, **more})


def verdict(status, attempt=ATTEMPT):
    return judge(attempt, status, now=NOW, tolerance=timedelta(minutes=5))


OLD = {"trace": 470, "receipt": 470, "turnover": 470}


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (repeated(), Booked(repeated())),
        (repeated(currency=""), Booked(repeated(currency=""))),
        (repeated(time="", date=""), Booked(repeated(time="", date=""))),
        (repeated(**OLD), NotBooked()),
        (repeated(result=5), Declined(5)),
        (repeated(result=5, amount_minor=100), NoProof("OtherTransaction")),
        (repeated(amount_minor=14_991), NoProof("OtherTransaction")),
        (repeated(amount_minor=None), NoProof("OtherTransaction")),
        (repeated(currency="EUR"), NoProof("OtherTransaction")),
        (repeated(result=None), NoProof("OtherTransaction")),
        (repeated(trace=469), NoProof("OtherTransaction")),
        (repeated(receipt=400), NoProof("OtherTransaction")),
        (repeated(trace=None, receipt=None, turnover=None), NoProof("OtherTransaction")),
        (repeated(**at(NOW - timedelta(hours=2))), NoProof("OtherTime")),
        (repeated(**at(NOW + timedelta(hours=2))), NoProof("OtherTime")),
        (repeated(time="990000"), NoProof("OtherTime")),
        (repeated(original_trace=471, trace=472), TakenBack()),
        (repeated(original_trace=469, trace=472), NoProof("OtherTransaction")),
    ],
)
def test_a_repeated_receipt_proves(status, expected):
    assert verdict(status) == expected


def test_without_a_mark_from_before_nothing_is_proved():
    attempt = Attempt(
        service_id="1",
        amount_minor=14_990,
        currency="NOK",
        sent_at=ATTEMPT.sent_at,
        before=Last(),
        asks_for_goods=False,
    )
    assert verdict(repeated(), attempt) == NoProof("NothingToCompare")
    assert still_nothing(attempt, repeats=True) == NoProof("NothingRepeated")


def test_nothing_to_repeat_proves_something_only_of_a_terminal_that_repeats():
    attempt = Attempt(
        service_id="1",
        amount_minor=14_990,
        currency="NOK",
        sent_at=ATTEMPT.sent_at,
        before=Last(is_known=True, mark=None),
        asks_for_goods=False,
    )
    assert still_nothing(attempt, repeats=True) == NotBooked()
    assert still_nothing(attempt, repeats=False) == NoProof("NothingRepeated")
    assert still_nothing(ATTEMPT, repeats=True) == NoProof("NothingRepeated")
    assert verdict(repeated(), attempt) == Booked(repeated())


@pytest.mark.parametrize(
    ("mark", "earlier", "order"),
    [
        (Mark(trace=1), Mark(trace=999_999), Order.LATER),  # it starts again at 1
        (Mark(receipt=2), Mark(receipt=9999), Order.LATER),
        (Mark(trace=1), Mark(trace=500_000), Order.UNCLEAR),
        (Mark(trace=5, receipt=7), Mark(trace=5), Order.SAME),
        (Mark(trace=0, receipt=8), Mark(trace=0, receipt=7), Order.LATER),
        (Mark(receipt=7), Mark(trace=5), Order.UNCLEAR),
        (Mark(), None, Order.LATER),
    ],
)
def test_counters_are_compared(mark, earlier, order):
    assert compare(mark, earlier) is order


def test_a_payment_over_new_year_is_placed_in_the_right_year():
    now = datetime(2027, 1, 1, 0, 0, 10).astimezone()
    sent = datetime(2026, 12, 31, 23, 59, 50).astimezone()
    status = repeated(date="1231", time="235955")
    assert is_between(status, sent.isoformat(), now, timedelta(minutes=5))
    assert not is_between(
        repeated(date="0229", time="120000"), sent.isoformat(), now, timedelta(minutes=5)
    )


# --- memory -------------------------------------------------------------------------------------


def request(number):
    return ChargeRequest(
        attempt_id="a",
        service_id=f"{number:010d}",
        sale_id="s",
        amount_minor=100,
        currency="NOK",
    )


def test_memory_speaks_only_for_what_came_after_its_beginning(tmp_path):
    memory = Memory(tmp_path / "state.json")
    assert not memory.speaks_for("0000000005")
    memory.begin(request(5), sent_at=ATTEMPT.sent_at, asks_for_goods=True)
    again = Memory(tmp_path / "state.json")
    assert again.speaks_for("0000000006")
    assert not again.speaks_for("0000000004")
    assert again.in_doubt() == again.attempt("0000000005")


def test_memory_forgets_ended_payments_and_says_so(tmp_path):
    memory = Memory(tmp_path / "state.json")
    for number in range(1, ATTEMPTS_MAX + 3):
        memory.begin(request(number), sent_at=ATTEMPT.sent_at, asks_for_goods=True)
        memory.end(result_of(request(number), PaymentOutcome.DECLINED, "Refusal-05"))
    assert memory.attempt("0000000001") is None
    assert not memory.speaks_for("0000000001")
    assert not memory.speaks_for("0000000002")
    assert memory.speaks_for("0000000999")
    assert memory.attempt(f"{ATTEMPTS_MAX + 2:010d}").result is not None


def test_an_unknown_end_is_no_end(tmp_path):
    memory = Memory(tmp_path / "state.json")
    memory.begin(request(1), sent_at=ATTEMPT.sent_at, asks_for_goods=True)
    memory.end(result_of(request(1), PaymentOutcome.UNKNOWN, "NoAnswer"))
    assert memory.in_doubt() is not None
    memory.end(result_of(request(1), PaymentOutcome.CANCELLED, "NotBooked"))
    assert memory.in_doubt() is None


def test_nobody_else_can_read_the_file(tmp_path):
    path = tmp_path / "state.json"
    Memory(path).speak_from("0000000001")
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "text", ["", "470", "000470-0470x", "SIM000001.X", "000470-04701", "0004a0-0470"]
)
def test_a_transaction_of_another_terminal_has_no_receipt_number(text):
    assert receipt_of(text) is None


def test_a_transaction_id_has_its_receipt_number():
    assert receipt_of("000470-0471") == 471
