"""Payments over the real wire: what the shopper does at the terminal, and what the kiosk hears."""

import pytest

from drivers.contracts import PaymentOutcome, TerminalStep


def test_a_tapped_card_pays_and_brings_what_the_receipt_needs(desk):
    result = desk.pay(14_990)
    assert result.outcome is PaymentOutcome.APPROVED
    assert (result.amount_minor, result.currency) == (14_990, "NOK")
    assert result.transaction_id == desk.sim.books()[0]["transaction_id"]
    assert result.transaction_at
    assert (result.brand, result.last_four, result.entry_mode) == ("visa", "4123", "Contactless")
    assert result.aid == "A0000000031010"
    assert result.approval_code == "083152"
    assert result.terminal_id == "000158213606123"
    assert not result.partial
    assert [entry["amount_minor"] for entry in desk.sim.books()] == [14_990]


def test_the_steps_of_a_payment_with_pin_are_told_in_order(desk):
    desk.charge(14_990)
    desk.sim.insert_card()
    desk.sim.type_pin("1234")
    assert desk.result().outcome is PaymentOutcome.APPROVED
    desk.wait_for_state  # noqa: B018 - named for the reader: no state changed meanwhile


@pytest.mark.parametrize("digits", [0, 2, 3])
def test_currencies_with_other_minor_units_pass_the_edge_unharmed(digits):
    from drivers.terminal.nexo_json import decimal_of, minor_of

    assert minor_of(decimal_of(14_990, digits), digits) == 14_990


def test_a_text_of_the_terminal_comes_with_its_step(desk):
    desk.charge(14_990)
    assert desk.wait_for_step(TerminalStep.PRESENT_CARD).text == "Vis kort"
