"""What an answer means, and what means nothing."""

from dataclasses import replace

import pytest

from drivers.contracts import ChargeRequest, PaymentOutcome
from drivers.terminal import nexo_model as m
from drivers.terminal.nexo_model import Condition
from drivers.terminal.nexo_verdict import payment_result

REQUEST = ChargeRequest(
    attempt_id="a1", service_id="S1", sale_id="sale-1", amount_minor=14_990, currency="NOK"
)
APPROVED = m.PaymentResponse(
    verdict=m.Verdict(result=m.Result.SUCCESS),
    sale_transaction_id="sale-1",
    transaction=m.TransactionId(id="T1", at="2026-07-01T10:00:00Z"),
    amount_minor=14_990,
    currency="NOK",
)


def failure(condition):
    return m.PaymentResponse(verdict=m.Verdict(result=m.Result.FAILURE, condition=condition))


def test_what_was_asked_for_is_approved_without_a_remark():
    result = payment_result(REQUEST, APPROVED)
    assert (result.outcome, result.reason) == (PaymentOutcome.APPROVED, "")


@pytest.mark.parametrize(
    "change",
    [{"sale_transaction_id": "sale-2"}, {"transaction": None}, {"amount_minor": None}],
)
def test_fault_13_a_success_that_cannot_be_ours_settles_nothing(change):
    assert payment_result(REQUEST, replace(APPROVED, **change)) is None


def test_a_currency_that_is_left_out_is_the_one_of_the_request():
    result = payment_result(REQUEST, replace(APPROVED, currency=""))
    assert (result.currency, result.reason) == ("NOK", "")


@pytest.mark.parametrize("change", [{"amount_minor": 1}, {"currency": "SEK"}])
def test_fault_13_a_difference_is_remarked(change):
    assert payment_result(REQUEST, replace(APPROVED, **change)).reason == "OtherAmount"


@pytest.mark.parametrize(
    ("outcome", "conditions"),
    [
        ("declined", "Refusal InvalidCard WrongPIN PaymentRestriction"),
        ("cancelled", "Cancel Aborted InsertedCard LoggedOut MessageFormat NotAllowed DeviceOut"),
        ("cancelled", "UnavailableDevice UnavailableService UnreachableHost"),
    ],
)
def test_failures_by_their_condition(outcome, conditions):
    for condition in conditions.split():
        result = payment_result(REQUEST, failure(Condition(condition)))
        assert (result.outcome.value, result.reason) == (outcome, condition)


@pytest.mark.parametrize("condition", [Condition.BUSY, Condition.IN_PROGRESS, Condition.NOT_FOUND])
def test_conditions_that_say_nothing_about_the_payment_settle_nothing(condition):
    assert payment_result(REQUEST, failure(condition)) is None


def test_a_failure_without_a_condition_took_no_money():
    result = payment_result(REQUEST, failure(Condition.NONE))
    assert (result.outcome, result.reason) == (PaymentOutcome.DECLINED, "Failure")
