"""Faults 15-22, 44 and 50: what shoppers and banks do, what goes back, and what is never kept."""

import json
import logging
import re
from decimal import Decimal

import pytest
import structlog

from drivers import json_strict
from drivers.contracts import DeviceState, PaymentOutcome, TerminalProgress, TerminalStep
from drivers.errors import ProtocolError
from drivers.sim.terminal_faults import PAN_THAT_NOBODY_HAS
from drivers.terminal.nexo_amounts import decimal_of, minor_of

APPROVED, DECLINED, CANCELLED = (
    PaymentOutcome.APPROVED,
    PaymentOutcome.DECLINED,
    PaymentOutcome.CANCELLED,
)


@pytest.fixture(params=["nexo-json", "nexo-xml"], autouse=True)
def dialect(request):
    return request.param


def open_money(desk):
    return [entry["amount_minor"] for entry in desk.sim.books() if not entry["reversed"]]


def test_fault_15_a_reversal_gives_the_whole_payment_back(desk):
    result = desk.pay()
    answer = desk.reverse(result)
    assert (answer.done, answer.attempt_id) == (True, "a-0000000001")
    assert open_money(desk) == []


def test_fault_16_a_lost_reversal_is_asked_about_and_made_once(desk):
    result = desk.pay()
    desk.sim.lose_next_answer()
    assert desk.reverse(result).done
    assert open_money(desk) == []
    assert desk.sim.heard("Reversal") == 1


def test_fault_16_the_same_reversal_in_a_later_life_is_found_not_repeated(
    desk, make_desk, make_options
):
    result = desk.pay()
    assert desk.reverse(result, "0000000900").done
    desk.terminal.stop()
    later = make_desk(make_options())
    assert later.reverse(result, "0000000900").done
    assert desk.sim.heard("Reversal") == 1


def test_fault_16_an_unreachable_terminal_leaves_the_reversal_undone(make_desk, make_options):
    desk = make_desk(make_options(silence_s=0.2))
    result = desk.pay()
    desk.sim.unplug()
    answer = desk.reverse(result)
    assert (answer.done, answer.reason) == (False, "NoAnswer")
    assert open_money(desk) == [14_990]


def test_fault_17_a_refused_reversal_is_said_so(desk):
    result = desk.pay()
    desk.sim.refuse_reversal()
    answer = desk.reverse(result)
    assert (answer.done, answer.reason) == (False, "Refusal")
    assert open_money(desk) == [14_990]


def test_fault_18_a_card_left_in_the_reader_is_told_before_the_payment_ends(desk):
    desk.sim.leave_card_in()
    desk.terminal.charge(desk.charge_request())
    desk.wait_for_step(TerminalStep.REMOVE_CARD)
    result = desk.result()
    assert (result.outcome, result.reason) == (CANCELLED, "InsertedCard")


@pytest.mark.parametrize("dialect", ["nexo-json"])
def test_fault_18_remove_card_after_chip_is_told(desk):
    desk.charge()
    desk.sim.insert_card()
    desk.sim.type_pin("1234")
    assert desk.wait_for_step(TerminalStep.REMOVE_CARD).text == "Ta ut kortet"
    assert desk.result().outcome is APPROVED


def test_fault_19_three_wrong_pins_are_a_refusal_and_no_digit_is_told(desk):
    desk.charge()
    desk.sim.insert_card()
    for _ in range(3):
        desk.sim.wrong_pin()
    result = desk.result()
    assert (result.outcome, result.reason) == (DECLINED, "WrongPIN")
    texts = [event.text for event in desk.posted if isinstance(event, TerminalProgress)]
    assert not any(re.search(r"\d|\*", text) for text in texts)


@pytest.mark.parametrize("dialect", ["nexo-json"])
def test_fault_20_a_contactless_card_that_must_be_inserted_goes_on_in_the_same_payment(desk):
    desk.sim.need_insert()
    desk.charge()
    desk.sim.tap_card()
    desk.wait_for_step(TerminalStep.INSERT_CARD)
    desk.sim.insert_card()
    desk.sim.type_pin("1234")
    assert desk.result().outcome is APPROVED
    assert desk.sim.heard("Payment") == 1


@pytest.mark.parametrize("dialect", ["nexo-json"])
def test_fault_20_above_the_contactless_limit_the_terminal_asks_for_the_pin(desk):
    desk.charge(50_001)
    desk.sim.tap_card()
    desk.wait_for_step(TerminalStep.ENTER_PIN)
    desk.sim.type_pin("1234")
    assert desk.result().amount_minor == 50_001


@pytest.mark.parametrize("why", ["Refusal", "InvalidCard", "WrongPIN", "PaymentRestriction"])
def test_fault_21_a_refusal_carries_a_code_and_no_money(desk, why):
    desk.sim.decline(why)
    result = desk.pay()
    assert (result.outcome, result.reason, result.amount_minor) == (DECLINED, why, 0)
    assert open_money(desk) == []


@pytest.mark.parametrize("verb", ["walk_away", "press_red"])
def test_fault_22_a_shopper_who_leaves_or_presses_red_has_paid_nothing(desk, verb):
    desk.charge()
    getattr(desk.sim, verb)()
    result = desk.result()
    assert (result.outcome, result.reason) == (CANCELLED, "Cancel")


@pytest.mark.parametrize("condition", ["UnavailableDevice", "UnreachableHost", "DeviceOut"])
def test_a_terminal_fault_ends_the_payment_and_takes_the_terminal_out_of_order(desk, condition):
    desk.sim.out_of_order(condition)
    desk.terminal.charge(desk.charge_request())
    desk.wait_for_state(DeviceState.FAULT)
    result = desk.result()
    assert (result.outcome, result.reason) == (CANCELLED, condition)


@pytest.mark.parametrize(("dialect", "sent"), [("nexo-json", 1), ("nexo-xml", 2)])
def test_logged_out_is_sent_again_once_and_only_where_there_is_a_login(desk, sent):
    desk.sim.out_of_order("LoggedOut")
    desk.terminal.charge(desk.charge_request())
    result = desk.result()
    assert (result.outcome, result.reason) == (CANCELLED, "LoggedOut")
    assert desk.sim.heard("Payment") == sent
    assert open_money(desk) == []


def test_fault_44_no_card_number_reaches_a_result_an_event_or_a_log(desk, caplog, capsys):
    caplog.set_level(logging.DEBUG)
    with structlog.testing.capture_logs() as lines:
        desk.sim.answer_with_whole_card_number()
        result = desk.pay(service_id="0000000001")
        desk.sim.answer_with_whole_card_number()
        desk.sim.answer_for_other_sale()
        desk.pay(service_id="0000000002")
        desk.sim.answer_with_whole_card_number()
        desk.sim.decline()
        desk.pay(service_id="0000000003")
    assert result.last_four == PAN_THAT_NOBODY_HAS[-4:]
    output = capsys.readouterr()
    everything = "\n".join(
        [repr(desk.posted), caplog.text, json.dumps(lines, default=repr), output.out, output.err]
    )
    assert lines, "nothing was logged, so nothing was proven"
    found = card_numbers_in(everything)
    assert found == []
    assert card_numbers_in(f"pan={PAN_THAT_NOBODY_HAS}") == [PAN_THAT_NOBODY_HAS]


def card_numbers_in(text):
    """Every run of 13-19 digits (spaces and dashes between them allowed) that passes Luhn."""
    runs = (re.sub(r"[ -]", "", run) for run in re.findall(r"\d(?:[ -]?\d){12,18}", text))
    return [run for run in runs if passes_luhn(run)]


def passes_luhn(digits):
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


@pytest.mark.parametrize(
    ("minor", "digits", "text"),
    [(14_990, 2, "149.90"), (1, 2, "0.01"), (0, 2, "0.00"), (500, 0, "500"), (1_005, 3, "1.005")],
)
def test_fault_50_amounts_leave_as_exact_decimals_and_come_back_the_same(minor, digits, text):
    written = json_strict.dump({"a": decimal_of(minor, digits)})
    assert written == b'{"a":' + text.encode() + b"}"
    assert minor_of(json_strict.parse(written)["a"], digits) == minor


@pytest.mark.parametrize(
    "text",
    ["149.905", "-1", "1e30", "1e-3", "NaN", "true", '"149.90"', "100000000", "null", "1" * 40],
)
def test_fault_50_an_amount_that_is_no_whole_number_of_ore_is_refused(text):
    with pytest.raises(ProtocolError):
        minor_of(json_strict.parse(b'{"a":' + text.encode() + b"}")["a"], 2)


@pytest.mark.parametrize("text", ["149.9", "149.900", "1.499E+2", "14990e-2"])
def test_fault_50_an_amount_is_the_same_however_it_is_written(text):
    assert minor_of(json_strict.parse(b'{"a":' + text.encode() + b"}")["a"], 2) == 14_990


def test_fault_50_ten_ore_a_hundred_times_stay_ten_kroner(desk):
    result = desk.pay(minor_of(sum([Decimal("0.10")] * 100), 2))
    assert result.amount_minor == 1_000


def test_a_float_never_leaves():
    with pytest.raises(TypeError):
        json_strict.dump({"a": 149.9})


def test_fault_35_an_approval_without_the_host_is_marked_offline_and_the_next_is_not(desk):
    desk.sim.approve_offline()
    first = desk.pay()
    second = desk.pay(service_id="0000000002")
    assert (first.outcome, first.reason) == (PaymentOutcome.APPROVED, "Offline")
    assert (second.outcome, second.reason) == (PaymentOutcome.APPROVED, "")
