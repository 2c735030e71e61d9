"""What ZVT terminals do that is no fault: answers late, twice or long, and habits of their own."""

import json
from pathlib import Path

import pytest

from drivers.contracts import DeviceState, PaymentOutcome, TerminalProgress, TerminalStep
from drivers.deadline import SYSTEM_CLOCK, Flag
from drivers.terminal.zvt_apdu import decode, refusal
from drivers.terminal.zvt_dialog import Dialog
from drivers.terminal.zvt_messages import repeat_receipt
from drivers.terminal.zvt_turn import Times
from tests.drivers.terminal.desk import charge_of, charged
from tests.drivers.terminal.zvt_desk import (
    make_desk,
    make_zvt_desk,
    make_zvt_options,
    plain,
    zvt,
    zvt_sim,
)

__all__ = ["make_desk", "make_zvt_desk", "make_zvt_options", "plain", "zvt", "zvt_sim"]
APPROVED, DECLINED, CANCELLED, UNKNOWN = (
    PaymentOutcome.APPROVED,
    PaymentOutcome.DECLINED,
    PaymentOutcome.CANCELLED,
    PaymentOutcome.UNKNOWN,
)


def test_an_answer_that_comes_twice_is_one_payment(zvt):
    zvt.sim.answer_twice()
    assert zvt.pay().outcome is APPROVED
    assert zvt.pay(5_000, "0000000002").amount_minor == 5_000
    assert charged(zvt) == [14_990, 5_000]


def test_a_late_answer_is_waited_for(zvt):
    zvt.sim.answer_late(0.3)
    assert zvt.pay().outcome is APPROVED


def test_an_answer_with_a_long_length_in_two_pieces_is_read(zvt):
    zvt.sim.answer_long()
    assert zvt.pay().outcome is APPROVED


def test_an_approval_that_ends_in_an_abort_is_no_approval(zvt):
    zvt.sim.take_back_after_approval()
    result = zvt.pay()
    assert result.outcome is CANCELLED
    assert charged(zvt) == []


def test_a_used_service_id_never_leaves_again_not_even_in_another_life(make_desk):
    desk = make_desk()
    first = desk.pay()
    desk.terminal.charge(charge_of(14_990, "0000000001"))
    assert desk.result() == first
    desk.terminal.stop()
    later = make_desk()
    later.terminal.charge(charge_of(14_990, "0000000001"))
    assert later.result() == first
    assert desk.sim.heard("0601") == 1


def test_a_payment_whose_record_was_lost_is_unknown(make_desk, make_zvt_options, tmp_path):
    desk = make_desk(state_file=str(tmp_path / "new.json"))
    result = desk.ask(service_id="00000000ZZ")
    assert (result.outcome, result.reason) == (UNKNOWN, "NoRecord")
    desk.pay(100, "0000000001")
    assert desk.ask(service_id="00000000ZZ").outcome is UNKNOWN


def test_an_older_doubt_is_never_answered_with_a_newer_payment(make_desk):
    desk = make_desk(silence_s=0.2, goods_questions=0)
    desk.pay(100, "000000000A")
    desk.charge(14_990, "000000000B")
    desk.sim.unplug()
    desk.sim.walk_away()
    assert desk.result().outcome is UNKNOWN
    desk.sim.plug_in()
    desk.sim.wait_for("")
    assert desk.pay(14_990, "000000000C").outcome is APPROVED
    result = desk.ask(14_990, "000000000B")
    assert (result.outcome, result.reason) == (UNKNOWN, "Superseded")


# --- terminals that exist ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "habit",
    [
        "waits_for_ack_of_ack",
        "ends_refusal_with_completion",
        "enquiry_by_status",
        "enquiry_unknown",
        "enquiry_refused",
        "acknowledges_with_84",
        "repeats_nothing",
        "ignores_goods",
    ],
)
def test_a_terminal_with_its_own_habits_is_paid_at(zvt_sim, make_desk, habit):
    zvt_sim.set_habit(habit)
    desk = make_desk()
    assert desk.pay().outcome is APPROVED
    zvt_sim.decline(0x05)
    result = desk.pay(service_id="0000000002")
    assert (result.outcome, result.reason) == (DECLINED, "Refusal-05")
    assert charged(desk) == [14_990]


@pytest.mark.parametrize("habit", ["enquiry_by_status", "enquiry_unknown", "enquiry_refused"])
def test_a_lost_answer_is_found_whatever_the_status_enquiry_says(zvt_sim, make_desk, habit):
    zvt_sim.set_habit(habit)
    desk = make_desk(goods_questions=0)
    desk.pay(100, "000000000A")
    zvt_sim.lose_next_answer()
    assert desk.pay().outcome is APPROVED
    assert charged(desk) == [100, 14_990]


def test_a_terminal_that_repeats_nothing_leaves_a_lost_answer_unknown(zvt_sim, make_desk):
    zvt_sim.set_habit("repeats_nothing")
    desk = make_desk(goods_questions=0)
    desk.pay(100, "000000000A")
    zvt_sim.lose_next_answer()
    result = desk.pay()
    assert (result.outcome, result.reason) == (UNKNOWN, "NothingRepeated")


@pytest.mark.parametrize("habit", ["ignores_goods", "repeats_payment_after_reversal"])
def test_what_was_booked_without_our_word_is_certainly_given_back(zvt_sim, make_desk, habit):
    zvt_sim.set_habit(habit)
    desk = make_desk()
    desk.pay(100, "000000000A")
    zvt_sim.lose_next_answer()
    result = desk.pay()
    assert (result.outcome, result.reason) == (CANCELLED, "Reversed")
    assert charged(desk) == [100]


def test_swallowed_wishes_are_said_again_and_the_payment_waited_for(zvt):
    zvt.sim.swallow_aborts()
    zvt.charge()
    zvt.terminal.abort("a-0000000001", "0000000001")
    zvt.sim.wait_until(lambda: zvt.sim.heard("06b0") == 3)
    assert zvt.answers() == 0
    zvt.sim.walk_away()
    result = zvt.result()
    assert (result.outcome, result.reason) == (CANCELLED, "Aborted")


def test_a_wish_that_is_heard_and_leads_to_nothing_is_asked_about(plain):
    plain.sim.stay_silent_after_abort()
    plain.charge()
    plain.terminal.abort("a-0000000001", "0000000001")
    result = plain.result()
    assert (result.outcome, result.reason) == (CANCELLED, "NotBooked")
    assert charged(plain) == [100]


def test_progress_is_told_in_the_terminals_own_words(zvt):
    zvt.pay()
    steps = [event for event in zvt.posted if isinstance(event, TerminalProgress)]
    assert [(event.step, event.text) for event in steps] == [
        (TerminalStep.PRESENT_CARD, "Vis kort"),
        (TerminalStep.PROCESSING, "Vennligst vent"),
        (TerminalStep.APPROVED, "Godkjent"),
    ]


def test_the_payment_is_on_disk_before_it_is_on_the_terminal(zvt, make_zvt_options):
    zvt.charge()
    state = json.loads(Path(make_zvt_options().state_file).read_text())
    (attempt,) = state["attempts"]
    assert (attempt["service_id"], attempt["amount_minor"]) == ("0000000001", 14_990)
    assert (attempt["approved"], attempt["result"]) == (None, None)


def test_a_status_that_is_said_again_after_its_payment_is_acknowledged(zvt):
    zvt.pay()
    zvt.sim.say_again()
    zvt.sim.wait_until(lambda: zvt.sim.words == ["8000"])
    assert charged(zvt) == [14_990]


def test_a_status_of_a_payment_that_is_none_of_ours_gets_no_goods(
    zvt, zvt_sim, make_zvt_desk, make_zvt_options, tmp_path
):
    zvt.pay()
    zvt.terminal.stop()
    other = make_zvt_desk(zvt_sim, make_zvt_options(state_file=str(tmp_path / "other.json")))
    other.wait_for_state(DeviceState.READY)
    zvt_sim.say_again()
    zvt_sim.wait_until(lambda: zvt_sim.words == ["8466"])


def test_a_late_repetition_of_the_payment_before_is_not_the_answer_to_this_one(
    zvt, make_zvt_options
):
    zvt.pay()
    zvt.sim.say_old_status_first()
    zvt.charge(14_990, "0000000002")
    zvt.sim.press_red()
    result = zvt.result()
    assert (result.outcome, result.reason) == (CANCELLED, "Cancel")
    state = json.loads(Path(make_zvt_options().state_file).read_text())
    assert state["attempts"][-1]["approved"] is None
    assert charged(zvt) == [14_990]


def test_a_status_of_somebody_else_gets_no_goods_beside_payments_of_ours(zvt):
    zvt.pay()
    zvt.sim._book_last({"amount_minor": 500, "currency": 578, **zvt.sim._numbers()})
    zvt.sim.say_again()
    zvt.sim.wait_until(lambda: zvt.sim.words == ["8466"])


def test_goods_that_we_refused_and_the_terminal_booked_are_given_back(zvt):
    zvt.pay(100, "000000000A")
    zvt.sim.set_habit("keeps_refused_goods")
    zvt.sim.hold_host()
    zvt.charge(14_990, "000000000B")
    zvt.sim.tap_card()
    zvt.terminal.abort("a-000000000B", "000000000B")
    zvt.sim.wait_until(lambda: zvt.sim.heard("06b0") >= 1)
    zvt.sim.release_host()
    result = zvt.result()
    assert (result.outcome, result.reason) == (CANCELLED, "Reversed")
    assert charged(zvt) == [100]


def test_a_mark_of_an_earlier_life_is_not_taken_for_the_last_transaction(
    zvt, zvt_sim, make_zvt_desk, make_zvt_options
):
    options = make_zvt_options()
    zvt.pay()
    zvt.terminal.stop()
    zvt_sim.set_habit("repeats_nothing")
    later = make_zvt_desk(zvt_sim, options)
    later.charge(100, "0000000002")
    state = json.loads(Path(options.state_file).read_text())
    assert state["attempts"][-1]["before"]["is_known"] is False


class Script:
    """A link whose other end says a list of packets, and hears what it is told."""

    def __init__(self, *packets):
        self.heard = []
        self._packets = [bytes.fromhex(packet) for packet in packets]

    def send(self, apdu):
        self.heard.append(apdu.encode().hex())

    def receive(self, timeout_s):
        if not self.heard:
            return None
        return decode(self._packets.pop(0)) if self._packets else None

    def close(self):
        self._packets.clear()


def dialog_with(link):
    return Dialog(
        lambda: link,
        clock=SYSTEM_CLOCK,
        stopping=Flag(),
        times=Times(),
        charset="cp437",
        on_stray=lambda _: refusal(0x66),
    )


def test_a_packet_before_the_acknowledgement_is_answered_and_not_taken_for_it():
    link = Script("04ff010e", "040f022700", "800000", "060f00")
    dialog = dialog_with(link)
    dialog.connect()
    ending = dialog.run(repeat_receipt("000000"))
    assert ending.abort is None
    assert ending.status is None  # the one before the acknowledgement is none of this command
    assert link.heard == ["062003000000", "800000", "846600", "800000"]


def test_an_answer_is_never_answered_and_an_unknown_command_is_refused():
    link = Script("800000", "800000", "849c00", "06aa00", "040109aa2603010c12000000", "060f00")
    dialog = dialog_with(link)
    dialog.connect()
    dialog.run(repeat_receipt("000000"))
    assert link.heard == ["062003000000", "848300", "800000", "800000"]
