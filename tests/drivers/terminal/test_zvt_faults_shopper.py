"""What shoppers and their cards do at a ZVT terminal, and money that goes back, by fault number.

`zvt` is a desk with issue of goods, the usual setting; `plain` is one without.
"""

import pytest

from drivers.contracts import PaymentOutcome, TerminalStep
from tests.drivers.terminal.desk import charged, refund_of
from tests.drivers.terminal.zvt_desk import (
    make_desk,
    make_zvt_desk,
    make_zvt_options,
    plain,
    zvt,
    zvt_sim,
)

__all__ = ["make_desk", "make_zvt_desk", "make_zvt_options", "plain", "zvt", "zvt_sim"]
APPROVED, DECLINED, CANCELLED = (
    PaymentOutcome.APPROVED,
    PaymentOutcome.DECLINED,
    PaymentOutcome.CANCELLED,
)


def test_fault_11_a_wish_before_the_card_is_granted(zvt):
    zvt.charge()
    zvt.terminal.abort("a-0000000001", "0000000001")
    result = zvt.result()
    assert (result.outcome, result.reason) == (CANCELLED, "Aborted")
    assert charged(zvt) == []


def test_fault_11_a_wish_that_comes_while_the_bank_approves_takes_it_back_with_goods(zvt):
    zvt.sim.hold_host()
    zvt.charge()
    zvt.sim.tap_card()
    zvt.terminal.abort("a-0000000001", "0000000001")
    zvt.sim.wait_until(lambda: zvt.sim.heard("06b0") >= 1)
    zvt.sim.release_host()
    result = zvt.result()
    assert (result.outcome, result.reason) == (CANCELLED, "Aborted")
    assert charged(zvt) == []


def test_fault_11_a_wish_that_comes_too_late_without_goods_is_a_paid_sale(plain):
    plain.sim.hold_host()
    plain.charge()
    plain.sim.tap_card()
    plain.terminal.abort("a-0000000001", "0000000001")
    plain.sim.wait_until(lambda: plain.sim.heard("06b0") >= 1)
    plain.sim.release_host()
    assert plain.result().outcome is APPROVED
    assert charged(plain) == [100, 14_990]


def test_fault_11_a_payment_aborted_in_line_never_leaves(zvt):
    zvt.charge()
    zvt.terminal.charge(zvt.charge_request(service_id="0000000002"))
    zvt.terminal.abort("a-0000000002", "0000000002")
    zvt.sim.tap_card()
    assert zvt.result().outcome is APPROVED
    result = zvt.result()
    assert (result.service_id, result.reason) == ("0000000002", "Aborted")
    assert zvt.sim.heard("0601") == 1


@pytest.mark.parametrize("wrong", [("answer_with_amount", 15_000), ("answer_with_currency", 978)])
def test_fault_13_another_amount_or_currency_is_taken_back_by_the_terminal(zvt, wrong):
    verb, value = wrong
    getattr(zvt.sim, verb)(value)
    result = zvt.pay()
    assert (result.outcome, result.reason) == (CANCELLED, "OtherAmount")
    assert charged(zvt) == []


def test_fault_13_without_goods_another_amount_is_passed_on_for_the_sale_to_give_back(plain):
    plain.sim.answer_with_amount(15_000)
    result = plain.pay()
    assert (result.outcome, result.amount_minor, result.reason) == (APPROVED, 15_000, "OtherAmount")
    assert plain.reverse(result).done
    assert charged(plain) == [100]


def test_fault_16_a_lost_reversal_is_seen_on_the_terminal(zvt):
    result = zvt.pay()
    zvt.sim.lose_next_reversal()
    assert zvt.reverse(result).done
    assert charged(zvt) == []


def test_fault_16_a_reversal_that_was_done_before_is_done(zvt):
    result = zvt.pay()
    assert zvt.reverse(result).done
    assert zvt.reverse(result, "0000000901").done
    assert charged(zvt) == []


def test_fault_17_a_refused_reversal_says_why_and_a_refund_is_the_way_out(zvt):
    result = zvt.pay()
    zvt.sim.refuse_reversal()
    answered = zvt.reverse(result)
    assert (answered.done, answered.reason) == (False, "CannotReverse")
    zvt.sim.refuse_reversal()
    zvt.terminal.refund(refund_of(result, "0000000902"))
    assert zvt.refunded().outcome is PaymentOutcome.APPROVED


def test_fault_18_a_card_that_was_left_in_is_asked_for(zvt):
    zvt.sim.leave_card_in()
    zvt.terminal.charge(zvt.charge_request())
    zvt.wait_for_step(TerminalStep.REMOVE_CARD)
    result = zvt.result()
    assert (result.outcome, result.reason) == (CANCELLED, "InsertedCard")


def test_fault_19_a_wrong_pin_is_told_and_no_digit_is(zvt):
    zvt.charge(60_000)
    zvt.sim.tap_card()
    zvt.sim.wait_for("pin")
    zvt.sim.wrong_pin()
    zvt.wait_for_step(TerminalStep.WRONG_PIN)
    zvt.sim.type_pin("1234")
    assert zvt.result().outcome is APPROVED


def test_fault_20_a_tapped_card_that_must_be_inserted(zvt):
    zvt.sim.need_insert()
    zvt.charge()
    assert zvt.wait_for_step(TerminalStep.PRESENT_CARD).text == "Vis kort"
    zvt.sim.tap_card()
    zvt.wait_for_step(TerminalStep.INSERT_CARD)
    zvt.sim.insert_card()
    zvt.sim.wait_for("pin")
    zvt.sim.type_pin("1234")
    assert zvt.result().outcome is APPROVED


def test_fault_21_a_refusal_is_a_refusal(zvt):
    zvt.sim.decline(0x05)
    result = zvt.pay()
    assert (result.outcome, result.reason) == (DECLINED, "Refusal-05")
    assert charged(zvt) == []


def test_fault_22_a_shopper_who_walks_off(zvt):
    zvt.charge()
    zvt.sim.walk_away()
    result = zvt.result()
    assert (result.outcome, result.reason) == (CANCELLED, "Cancel")
