"""Payments over the real wire: what the shopper does at the terminal, and what the kiosk hears."""

from drivers.contracts import (
    DeviceState,
    DeviceStateChanged,
    PaymentOutcome,
    TerminalProgress,
    TerminalStep,
)


def test_a_tapped_card_pays_and_brings_what_the_receipt_needs(desk):
    result = desk.pay(14_990)
    assert result.outcome is PaymentOutcome.APPROVED
    assert (result.amount_minor, result.currency) == (14_990, "NOK")
    assert result.transaction_id == desk.sim.books()[0]["transaction_id"]
    assert result.transaction_at
    assert (result.brand, result.last_four, result.entry_mode) == ("Visa", "4123", "Contactless")
    assert result.aid == "A0000000031010"
    assert result.approval_code == "083152"
    assert result.terminal_id == "000158213606123"
    assert not result.partial
    assert [entry["amount_minor"] for entry in desk.sim.books()] == [14_990]


def test_the_steps_of_a_chip_payment_are_told_in_the_terminals_order(desk):
    desk.charge(14_990)
    desk.wait_for_step(TerminalStep.PRESENT_CARD)
    desk.sim.insert_card()
    assert desk.wait_for_step(TerminalStep.ENTER_PIN).text == "Tast PIN"
    desk.sim.wrong_pin()
    desk.wait_for_step(TerminalStep.WRONG_PIN)
    desk.wait_for_step(TerminalStep.ENTER_PIN)
    desk.sim.type_pin("1234")
    assert desk.result().outcome is PaymentOutcome.APPROVED
    steps = [event for event in desk.posted if isinstance(event, TerminalProgress)]
    assert {event.attempt_id for event in steps} == {"a-0000000001"}
    assert [event.step for event in steps] == [
        TerminalStep.PRESENT_CARD,
        TerminalStep.PROCESSING,
        TerminalStep.ENTER_PIN,
        TerminalStep.WRONG_PIN,
        TerminalStep.ENTER_PIN,
        TerminalStep.PROCESSING,
        TerminalStep.APPROVED,
        TerminalStep.REMOVE_CARD,
    ]


def test_progress_that_comes_after_the_answer_is_not_told(desk):
    desk.pay()
    before = len(desk.posted)
    desk.sim._display.show(
        {"SaleID": "KIOSK-01", "ServiceID": "0000000001"}, "WAIT_FOR_PIN", "Tast PIN"
    )
    desk.sim._display.stop()
    late = [event for event in desk.posted[before:] if isinstance(event, TerminalProgress)]
    assert TerminalStep.ENTER_PIN not in [event.step for event in late]


def test_payments_follow_each_other_and_each_is_answered_once(desk):
    for number in range(1, 4):
        result = desk.pay(1_000 * number, f"000000000{number}")
        assert result.amount_minor == 1_000 * number
    assert desk.answers() == 3
    assert sum(entry["amount_minor"] for entry in desk.sim.books()) == 6_000


def test_an_answer_that_does_not_fit_into_the_inbox_is_posted_again(make_desk, options):
    desk = make_desk(options)
    desk.full_for = 2
    assert desk.pay().outcome is PaymentOutcome.APPROVED
    assert desk.full_for == 0
    assert desk.answers() == 1


def test_unplugging_is_told_once_and_plugging_in_again_once(desk):
    desk.sim.unplug()
    desk.wait_for_state(DeviceState.LOST)
    desk.sim.plug_in()
    desk.wait_for_state(DeviceState.READY)
    states = [event.state for event in desk.posted if isinstance(event, DeviceStateChanged)]
    assert states == [DeviceState.READY, DeviceState.LOST, DeviceState.READY]


def test_a_terminal_that_cannot_reach_the_bank_is_out_of_order_before_anybody_pays(desk):
    desk.sim.host_down()
    desk.wait_for_state(DeviceState.FAULT)
    desk.sim.host_down(False)
    desk.wait_for_state(DeviceState.READY)


def test_stopping_during_a_payment_hangs_up_and_leaves_it_unknown(desk):
    desk.charge()
    desk.terminal.stop()
    assert desk.result().outcome is PaymentOutcome.UNKNOWN
    desk.sim.wait_for("card")  # the terminal knows nothing of the till's end


def test_stop_may_be_called_twice_and_posts_stopped_once(desk):
    desk.terminal.stop()
    desk.terminal.stop()
    states = [event.state for event in desk.posted if isinstance(event, DeviceStateChanged)]
    assert states == [DeviceState.READY, DeviceState.STOPPED]


def test_a_charge_with_a_used_service_id_asks_and_never_charges_again(desk):
    assert desk.pay().outcome is PaymentOutcome.APPROVED
    desk.terminal.charge(desk.charge_request())
    assert desk.result().outcome is PaymentOutcome.APPROVED
    assert desk.sim.heard("Payment") == 1
    assert len(desk.sim.books()) == 1
