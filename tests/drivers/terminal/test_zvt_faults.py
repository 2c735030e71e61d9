"""Faults of the payment checklist over ZVT: the answer that does not come, lies, or comes twice.

Whatever the wire does, the books of the terminal and the one PaymentAnswered must agree. `zvt` is
a desk with issue of goods, the usual setting; `plain` is one without. What shoppers do is in
test_zvt_faults_shopper.
"""

import json
import os
import stat
from pathlib import Path

import structlog

from drivers.contracts import DeviceState, PaymentOutcome, TerminalStep
from drivers.sim.zvt_terminal_faults import PAN_THAT_NOBODY_HAS
from drivers.terminal import zvt_memory
from tests.drivers.terminal.desk import charged
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


def test_fault_01_a_lost_approval_without_goods_is_found_by_asking_and_charged_once(plain):
    plain.sim.lose_next_answer()
    result = plain.pay()
    assert (result.outcome, result.amount_minor, result.last_four) == (APPROVED, 14_990, "4123")
    assert charged(plain) == [100, 14_990]
    assert plain.sim.heard("0601") == 2


def test_fault_01_a_line_that_breaks_after_our_word_is_asked_about_and_the_sale_finished(zvt):
    zvt.sim.lose_answer_after_word()
    result = zvt.pay()
    assert (result.outcome, result.amount_minor) == (APPROVED, 14_990)
    assert charged(zvt) == [14_990]
    assert zvt.sim.heard("0601") == 1


def test_fault_01_a_line_that_breaks_before_our_word_lets_the_terminal_take_it_back(zvt):
    zvt.sim.lose_next_answer()
    result = zvt.pay()
    assert (result.outcome, result.reason) == (CANCELLED, "Reversed")
    assert charged(zvt) == []
    assert zvt.sim.heard("0601") == 1


def test_fault_01_our_word_that_was_lost_is_said_again_when_the_terminal_asks_again(zvt):
    zvt.sim.lose_word()
    result = zvt.pay()
    assert result.outcome is APPROVED
    assert charged(zvt) == [14_990]


def test_fault_01_an_approval_whose_status_never_came_is_found_by_asking(plain):
    plain.sim.skip_status()
    assert plain.pay().outcome is APPROVED
    assert charged(plain) == [100, 14_990]


def test_fault_01_a_terminal_that_falls_silent_is_asked(make_desk):
    desk = make_desk(goods_questions=0, next_s=0.4)
    desk.pay(100, "000000000A")
    desk.sim.never_answer()
    assert desk.pay().outcome is APPROVED
    assert charged(desk) == [100, 14_990]


def test_fault_02_a_lost_refusal_is_not_charged(plain):
    plain.sim.decline()
    plain.sim.lose_next_answer()
    result = plain.pay()
    assert (result.outcome, result.reason) == (CANCELLED, "NotBooked")
    assert charged(plain) == [100]


def test_fault_03_an_unreachable_terminal_after_sending_leaves_it_unknown(make_desk):
    desk = make_desk(silence_s=0.2)
    desk.charge()
    desk.sim.unplug()
    result = desk.result()
    assert (result.outcome, result.reason) == (UNKNOWN, "NoAnswer")
    assert desk.answers() == 1


def test_fault_03_asked_again_later_the_terminal_tells_what_it_did_meanwhile(make_desk):
    desk = make_desk(silence_s=0.2, goods_questions=0)
    desk.pay(100, "000000000A")
    desk.charge()
    desk.sim.unplug()
    desk.sim.tap_card()  # the terminal goes on by itself
    assert desk.result().outcome is UNKNOWN
    assert desk.ask().outcome is UNKNOWN
    desk.sim.plug_in()
    assert desk.ask().outcome is APPROVED
    assert charged(desk) == [100, 14_990]
    assert desk.sim.heard("0601") == 2


def test_a_terminal_that_was_never_reached_was_not_charged(zvt):
    zvt.sim.unplug()
    zvt.terminal.charge(zvt.charge_request())
    result = zvt.result()
    assert (result.outcome, result.reason) == (CANCELLED, "NotReached")
    assert zvt.sim.heard("0601") == 0


def test_fault_04_a_kiosk_that_dies_before_its_word_was_not_paid_and_its_next_life_knows(
    make_desk,
):
    desk = make_desk()
    desk.charge()
    desk.terminal.stop()  # nobody is there to say that the goods were issued
    desk.sim.tap_card()
    assert desk.result().outcome is UNKNOWN
    later = make_desk()
    result = later.ask()
    assert (result.outcome, result.reason) == (CANCELLED, "Reversed")
    assert charged(desk) == []


def test_fault_04_a_kiosk_that_dies_after_its_word_finds_the_approval(
    zvt_sim, make_zvt_desk, make_zvt_options
):
    options = make_zvt_options()
    desk = make_zvt_desk(zvt_sim, options)
    first = desk.pay()
    desk.terminal.stop()
    _edit(options, lambda attempt: {**attempt, "result": None})  # the end was not written
    later = make_zvt_desk(zvt_sim, options)
    assert later.ask() == first
    assert charged(desk) == [14_990]


def test_fault_04_a_kiosk_that_dies_before_it_wrote_the_approval_gives_it_back(
    zvt_sim, make_zvt_desk, make_zvt_options
):
    options = make_zvt_options()
    desk = make_zvt_desk(zvt_sim, options)
    desk.pay()
    desk.terminal.stop()
    _edit(options, lambda attempt: {**attempt, "result": None, "approved": None})
    result = make_zvt_desk(zvt_sim, options).ask()
    assert (result.outcome, result.reason) == (CANCELLED, "Reversed")
    assert charged(desk) == []


def _edit(options, change):
    path = Path(options.state_file)
    state = json.loads(path.read_text())
    state["attempts"] = [change(attempt) for attempt in state["attempts"]]
    path.write_text(json.dumps(state))


def test_fault_06_a_torn_state_file_is_set_aside_and_says_nothing(
    zvt_sim, make_zvt_desk, make_zvt_options
):
    options = make_zvt_options()
    desk = make_zvt_desk(zvt_sim, options)
    desk.pay()
    desk.terminal.stop()
    path = Path(options.state_file)
    path.write_bytes(path.read_bytes()[:40])
    result = make_zvt_desk(zvt_sim, options).ask()
    assert (result.outcome, result.reason) == (UNKNOWN, "NoRecord")
    assert path.with_name(path.name + ".damaged").exists()


def test_fault_07_a_terminal_that_reboots_during_the_payment_has_the_last_word(plain):
    plain.charge()
    plain.sim.reboot()
    result = plain.result()
    assert (result.outcome, result.reason) == (CANCELLED, "NotBooked")
    assert charged(plain) == [100]
    assert plain.pay(service_id="0000000002").outcome is APPROVED


def test_fault_08_not_booked_is_believed_only_when_it_stands(plain):
    plain.charge()
    before = plain.sim.heard("0620")
    plain.sim.reboot()
    plain.result()
    assert plain.sim.heard("0620") >= before + 2


def test_fault_08_a_terminal_at_work_is_waited_for(make_desk):
    desk = make_desk(resolve_s=0.5, goods_questions=0)
    desk.pay(100, "000000000A")
    desk.charge()
    desk.sim.busy()
    desk.sim.drop_line()
    result = desk.result()
    assert (result.outcome, result.reason) == (UNKNOWN, "NotSettled")
    desk.sim.busy(False)
    desk.sim.walk_away()
    assert desk.ask().outcome is CANCELLED
    assert charged(desk) == [100]


def test_fault_10_a_terminal_in_use_is_told_and_not_charged(zvt):
    zvt.sim.refuse_command(0x9C)
    zvt.terminal.charge(zvt.charge_request())
    zvt.wait_for_step(TerminalStep.BUSY)
    result = zvt.result()
    assert (result.outcome, result.reason) == (CANCELLED, "Busy")
    assert charged(zvt) == []


def test_fault_15_an_approval_that_cannot_be_written_down_is_not_accepted(zvt, monkeypatch):
    zvt.charge()
    monkeypatch.setattr("drivers.terminal.zvt_memory._replace_file", _full_disk)
    zvt.sim.tap_card()
    result = zvt.result()
    assert (result.outcome, result.reason) == (CANCELLED, "StateNotWritten")
    assert charged(zvt) == []


def test_no_payment_begins_that_cannot_be_written_down(zvt, monkeypatch):
    monkeypatch.setattr("drivers.terminal.zvt_memory._replace_file", _full_disk)
    zvt.terminal.charge(zvt.charge_request())
    assert zvt.result().outcome is CANCELLED
    assert zvt.sim.heard("0601") == 0


def _full_disk(*_):
    raise OSError(28, "No space left on device")


def test_fault_38_a_terminal_that_wants_its_end_of_day_gets_it_and_takes_cards_again(zvt):
    zvt.sim.out_of_order(0xF0)
    zvt.terminal.charge(zvt.charge_request())
    zvt.wait_for_state(DeviceState.FAULT)
    assert zvt.result().reason == "EndOfDayOpen"
    zvt.wait_for_state(DeviceState.READY)
    assert zvt.sim.heard("0650") == 1
    assert zvt.pay(service_id="0000000002").outcome is APPROVED


def test_fault_40_the_terminals_totals_are_handed_over_at_the_end_of_the_day(zvt):
    zvt.pay()
    zvt.pay(5_000, "0000000002")
    ends = []
    zvt.terminal.end_day(ends.append)
    zvt.sim.wait_until(lambda: zvt.sim.heard("0650") == 1)
    zvt.terminal.ask(zvt.charge_request())
    zvt.result()  # behind it in line
    (end,) = ends
    assert (end.done, end.amount_minor, end.currency) == (True, 19_990, "NOK")
    assert [(kind.kind, kind.count) for kind in end.kinds] == [("visa", 2)]
    assert end.lines


def test_fault_43_garbage_instead_of_an_answer_is_never_an_approval(make_desk):
    desk = make_desk(next_s=0.4, goods_questions=0)
    desk.pay(100, "000000000A")
    desk.sim.answer_garbage()
    assert desk.pay().outcome is APPROVED  # found by asking
    assert charged(desk) == [100, 14_990]
    assert desk.sim.heard("0601") == 2


def test_fault_44_no_card_number_reaches_a_result_an_event_a_log_or_the_disk(
    make_desk, make_zvt_options
):
    with structlog.testing.capture_logs() as logs:
        desk = make_desk()
        desk.sim.answer_with_whole_card_number()
        result = desk.pay()
        desk.terminal.stop()
    assert result.last_four == PAN_THAT_NOBODY_HAS[-4:]
    kept = Path(make_zvt_options().state_file).read_text()
    receipt = desk.terminal._money.customer_receipt
    assert any("Karte" in line for line in receipt)
    for text in (repr(logs), repr(desk.posted), kept, repr(receipt)):
        assert PAN_THAT_NOBODY_HAS not in text
        assert PAN_THAT_NOBODY_HAS[:12] not in text


def test_fault_45_another_terminal_at_the_address_is_refused(make_desk):
    desk = make_desk(terminal_id="11111111")
    desk.wait_for_state(DeviceState.LOST)
    desk.terminal.charge(desk.charge_request())
    assert desk.result().reason == "NotReached"
    assert desk.sim.heard("0601") == 0


def test_a_terminal_that_wants_a_diagnosis_gets_it(zvt):
    zvt.sim.out_of_order(0xC2)
    zvt.terminal.charge(zvt.charge_request())
    zvt.wait_for_state(DeviceState.FAULT)
    zvt.wait_for_state(DeviceState.READY)
    assert zvt.sim.heard("0670") == 1


def test_each_step_is_on_disk_before_the_next_byte_leaves(zvt, monkeypatch):
    written = []
    replace_file = zvt_memory._replace_file

    def watched(path, data):
        replace_file(path, data)
        attempt = json.loads(path.read_text())["attempts"][-1]
        heard = zvt.sim.heard("0601")
        is_over = zvt.sim.state()["waiting_for"] == ""
        written.append((heard, attempt["approved"] is not None, attempt["result"] is not None))
        assert is_over or not attempt["approved"]

    monkeypatch.setattr(zvt_memory, "_replace_file", watched)
    zvt.pay()
    assert written[0] == (0, False, False)  # before 06 01
    assert written[1] == (1, True, False)  # before the word for the goods
    assert written[-1] == (1, True, True)


def test_the_file_and_its_folder_are_synced(tmp_path, monkeypatch):
    synced = []
    monkeypatch.setattr(zvt_memory.os, "fsync", lambda number: synced.append(os.fstat(number)))
    zvt_memory.Memory(tmp_path / "state.json").speak_from("0000000001")
    assert [stat.S_ISDIR(facts.st_mode) for facts in synced] == [False, True]
    assert synced[0].st_ino == (tmp_path / "state.json").stat().st_ino
