"""What a terminal answered becomes the command that settles the attempt."""

import pytest

from drivers.contracts import PaymentOutcome, PaymentResult
from kiosk.payments.settle import settle
from kiosk.sale.events import Method, Outcome
from kiosk.sale.state import Attempt

AT = "2026-07-01T10:00:00.000000+00:00"
ATTEMPT = Attempt(
    id="a1",
    service_id="0000000001",
    method=Method.CARD,
    amount_minor=14_990,
    currency="NOK",
    requested_at=AT,
)


def approved(**more):
    return PaymentResult(
        **{
            "service_id": "0000000001",
            "outcome": PaymentOutcome.APPROVED,
            "amount_minor": 14_990,
            "currency": "NOK",
            "transaction_id": "T1",
            "transaction_at": "2026-07-01T10:00:05+00:00",
            "brand": "visa",
            "last_four": "4123",
            "aid": "A0000000031010",
            **more,
        }
    )


def test_an_approval_carries_amount_ids_and_card_facts():
    command = settle(ATTEMPT, approved(), AT)
    assert command.outcome is Outcome.APPROVED
    assert (command.attempt_id, command.at_utc) == ("a1", AT)
    assert (command.amount_minor, command.currency) == (14_990, "NOK")
    assert (command.transaction_id, command.transaction_at) == ("T1", "2026-07-01T10:00:05+00:00")
    assert (command.card.brand, command.card.last_four) == ("visa", "4123")
    assert command.card.aid == "A0000000031010"


@pytest.mark.parametrize("outcome", ["declined", "cancelled", "unknown"])
def test_any_other_end_carries_its_reason_and_no_money(outcome):
    result = approved(outcome=PaymentOutcome(outcome), reason="Refusal")
    command = settle(ATTEMPT, result, AT)
    assert command.outcome is Outcome(outcome)
    assert (command.amount_minor, command.transaction_id) == (0, "")
    assert command.reason == "Refusal"


@pytest.mark.parametrize(
    ("lie", "reason"),
    [
        ({"service_id": "0000000002"}, "OtherService"),
        ({"transaction_id": ""}, "NoTransaction"),
        ({"amount_minor": 0}, "NoAmount"),
        ({"amount_minor": -14_990}, "NoAmount"),
        ({"currency": ""}, "NoAmount"),
    ],
)
def test_fault_13_an_approval_that_cannot_be_is_unknown_never_unpaid(lie, reason):
    command = settle(ATTEMPT, approved(**lie), AT)
    assert (command.outcome, command.reason) == (Outcome.UNKNOWN, reason)
    assert command.amount_minor == 0


def test_a_refusal_meant_for_another_attempt_settles_nothing():
    result = approved(outcome=PaymentOutcome.DECLINED, service_id="0000000002")
    assert settle(ATTEMPT, result, AT).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("change", [{"amount_minor": 14_000}, {"currency": "SEK"}])
def test_fault_13_another_amount_or_currency_is_passed_on_for_the_sale_to_give_back(change):
    command = settle(ATTEMPT, approved(**change), AT)
    assert command.outcome is Outcome.APPROVED
    for name, value in change.items():
        assert getattr(command, name) == value
