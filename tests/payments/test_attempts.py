"""When a new attempt is safe, how long cards rest, and what a doubt is called."""

import pytest

from kiosk.payments.attempts import (
    CoolDown,
    cool_down_s,
    declines_in_a_row,
    doubt_code,
    may_try_again,
)
from kiosk.sale.events import Method, Outcome
from kiosk.sale.state import Attempt


def attempts(*outcomes, **more):
    return tuple(
        Attempt(
            id=f"a{number}",
            service_id=f"{number:010}",
            method=Method.CARD,
            amount_minor=100,
            currency="NOK",
            requested_at="",
            outcome=Outcome(outcome) if outcome else None,
            **more,
        )
        for number, outcome in enumerate(outcomes)
    )


@pytest.mark.parametrize(
    ("outcomes", "safe"),
    [
        ((), True),
        (("declined",), True),
        (("cancelled", "declined"), True),
        (("reversed",), True),
        (("approved",), True),  # a part payment: the next tender pays the rest
        ((None,), False),
        (("unknown",), False),
        (("unknown", "declined"), False),
    ],
)
def test_a_new_attempt_waits_for_every_doubt(outcomes, safe):
    assert may_try_again(attempts(*outcomes)) is safe


def test_a_new_attempt_waits_for_a_reversal():
    assert not may_try_again(attempts("approved", reversal_service_id="0000000009"))


def test_fault_21_three_declines_rest_the_card_and_a_red_key_does_not_start_anew():
    assert declines_in_a_row(attempts("declined", "cancelled", "declined")) == 2
    assert cool_down_s(attempts("declined", "declined")) == 0
    assert cool_down_s(attempts("declined", "cancelled", "declined", "declined")) == 60
    assert cool_down_s(attempts(*["declined"] * 4)) == 0
    assert cool_down_s(attempts(*["declined"] * 6), CoolDown(seconds=90)) == 90
    assert cool_down_s(()) == 0


def test_an_approval_ends_the_row():
    assert declines_in_a_row(attempts("declined", "approved", "declined")) == 1


def test_a_doubt_code_is_short_stable_and_easy_to_say():
    code = doubt_code("0000000001")
    assert code == doubt_code("0000000001")
    assert len(code) == 4
    assert not set(code) & set("01IOil")


def test_doubts_of_one_day_have_different_codes():
    codes = {doubt_code(f"{number:010}") for number in range(500)}
    assert len(codes) >= 498
