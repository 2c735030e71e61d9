"""The end of a nexo terminal's day, in both dialects, over their real wire."""

from decimal import Decimal
from pathlib import Path

import pytest

from drivers.contracts import NO_BATCH, BatchClosed, PaymentOutcome
from drivers.sim.terminal_batch import end_day
from drivers.sim.terminal_books import Books
from drivers.terminal import nexo_json
from drivers.terminal import nexo_model as m
from drivers.terminal.nexo_read import answer_of
from tests.drivers.terminal.desk import Desk, refund_of


@pytest.fixture(autouse=True, params=["nexo-json", "nexo-xml"])
def dialect(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def closed(desk: Desk) -> BatchClosed:
    desk.terminal.close_batch()
    event = desk.next(lambda event: isinstance(event, BatchClosed))
    assert isinstance(event, BatchClosed)
    return event


def test_the_days_of_a_terminal_are_numbered_as_in_its_own_books(desk: Desk) -> None:
    desk.pay()
    assert [closed(desk).reference, closed(desk).reference] == ["1000", "1001"]


def test_what_went_back_is_taken_off_the_total(desk: Desk, dialect: str) -> None:
    paid = desk.pay(14_990)
    part = {"amount_minor": 990, "given_before_minor": 0}
    desk.terminal.refund(refund_of(paid, "0000000950", **part))
    if dialect == "nexo-xml":
        desk.sim.wait_for("card")
        desk.sim.tap_card()
    assert desk.refunded().outcome is PaymentOutcome.APPROVED
    assert closed(desk).amount_minor == 14_990 - 990


def test_fault_40_a_terminal_that_counts_otherwise_is_told_as_it_says(desk: Desk) -> None:
    desk.pay(14_990)
    desk.sim.count_wrongly(100)
    assert closed(desk).amount_minor == 15_090


@pytest.mark.parametrize(
    "fault",
    [
        "lose_next_answer",
        "answer_garbage",
        "answer_too_much",
        "answer_with_http_error",
        "answer_for_other_sale",
        "answer_for_other_service",
        "answer_for_other_terminal",
    ],
)
def test_fault_38_an_answer_that_cannot_be_believed_ends_no_day(desk: Desk, fault: str) -> None:
    desk.pay()
    getattr(desk.sim, fault)()
    ended = closed(desk)
    assert (ended.done, ended.reason, ended.amount_minor) == (False, "NoAnswer", None)
    assert desk.sim.heard("Reconciliation") == 1, "sent once"
    assert closed(desk).done


def test_a_terminal_that_keeps_no_day_says_so_and_that_is_no_fault(
    desk: Desk, dialect: str
) -> None:
    if dialect == "nexo-xml":
        desk.sim.reject_next()
    else:
        desk.sim.keep_no_day()
    assert (closed(desk).done, desk.pay().outcome) == (False, PaymentOutcome.APPROVED)
    desk.sim.keep_no_day()
    assert closed(desk).reason == NO_BATCH


def test_the_day_waits_for_the_shopper_at_the_terminal(desk: Desk) -> None:
    desk.charge()
    desk.terminal.close_batch()
    desk.sim.tap_card()
    assert desk.result().outcome is PaymentOutcome.APPROVED
    ended = desk.next(lambda event: isinstance(event, BatchClosed))
    assert (ended.done, ended.amount_minor) == (True, 14_990)


def test_two_currencies_make_no_sum_and_what_another_kiosk_took_is_not_ours(desk: Desk) -> None:
    dialog = desk.terminal._dialog
    rows = (
        m.Total(type="Debit", amount_minor=14_990, currency="NOK", sale_id="KIOSK-01"),
        m.Total(type="Debit", amount_minor=9_900, currency="NOK", sale_id="KIOSK-02"),
        m.Total(type="Declined", amount_minor=5_000, currency="NOK"),
    )

    def said(*totals: m.Total) -> BatchClosed:
        verdict = m.Verdict(result=m.Result.SUCCESS)
        return desk.terminal._batch._closed(
            m.ReconciliationResponse(verdict=verdict, totals=totals)
        )

    assert dialog.ends.sale_id == "KIOSK-01"
    assert (said(*rows).amount_minor, said(*rows).currency) == (14_990, "NOK")
    more = m.Total(type="Debit", amount_minor=100, currency="SEK")
    assert (said(*rows, more).done, said(*rows, more).amount_minor) == (True, None)


def test_the_far_end_counts_by_its_books_and_answers_as_it_is_published(tmp_path: Path) -> None:
    books = Books(tmp_path / "books.jsonl")
    books.write("approved", transaction_id="T1", amount_minor=100, currency="NOK")
    books.write("approved", transaction_id="T2", amount_minor=250, currency="NOK")
    books.write("reversed", transaction_id="T1")
    body = end_day(books, sale_id="K", poi_id="P")
    books.close()
    (row,) = body["TransactionTotals"]
    assert [(s["TransactionType"], s["TransactionAmount"]) for s in row["PaymentTotals"]] == [
        ("Debit", Decimal("3.50")),
        ("ReverseDebit", Decimal("1.00")),
    ]
    header = m.Header(category="Reconciliation", service_id="1", sale_id="K", poi_id="P")
    answer = answer_of(
        header, {"ReconciliationResponse": body}, digits=2, dialect=nexo_json.DIALECT
    )
    assert isinstance(answer, m.ReconciliationResponse)
    assert (answer.reference, len(answer.totals or ())) == ("1000", 2)
