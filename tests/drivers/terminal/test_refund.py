"""Money for goods that came back, over the real wire of both dialects and ZVT."""

from drivers.contracts import PaymentOutcome, Refunding
from tests.drivers.terminal.desk import refund_of
from tests.drivers.terminal.zvt_desk import make_zvt_desk, make_zvt_options, zvt, zvt_sim

__all__ = ["make_zvt_desk", "make_zvt_options", "zvt", "zvt_sim"]

APPROVED, DECLINED, CANCELLED, UNKNOWN = (
    PaymentOutcome.APPROVED,
    PaymentOutcome.DECLINED,
    PaymentOutcome.CANCELLED,
    PaymentOutcome.UNKNOWN,
)


def back(desk, result, service_id="0000000950", **more):
    desk.terminal.refund(refund_of(result, service_id, **more))
    return desk.refunded()


# --- nexo JSON: a reversal that names the payment -------------------------------------------------


def test_the_whole_of_an_old_payment_goes_back_without_a_card(desk):
    first = desk.pay(14_990, "0000000001")
    desk.pay(5_000, "0000000002")
    answer = back(desk, first)
    assert (answer.outcome, answer.amount_minor, answer.currency) == (APPROVED, 14_990, "NOK")
    assert answer.transaction_id == f"{first.transaction_id}.R", "the receipt shows its own"
    assert [entry["reversed"] for entry in desk.sim.books()] == [True, False]


def test_parts_go_back_until_the_payment_has_given_all(desk):
    paid = desk.pay()
    part = {"amount_minor": 9_990, "given_before_minor": 0}
    assert back(desk, paid, "0000000951", **part).outcome is APPROVED
    too_much = back(desk, paid, "0000000952", amount_minor=5_001, given_before_minor=9_990)
    assert (too_much.outcome, too_much.reason) == (CANCELLED, "NotAllowed")
    rest = back(desk, paid, "0000000953", amount_minor=5_000, given_before_minor=9_990)
    assert rest.outcome is APPROVED
    assert [entry["amount_minor"] for entry in desk.sim.refunds()] == [9_990, 5_000]


def test_fault_16_a_part_whose_answer_is_lost_goes_back_once(desk):
    paid = desk.pay()
    desk.sim.lose_next_answer()
    assert back(desk, paid, amount_minor=2_390).outcome is APPROVED
    assert [entry["amount_minor"] for entry in desk.sim.refunds()] == [2_390]


def test_a_refund_of_an_earlier_life_is_asked_about_and_not_sent(desk):
    paid = desk.pay()
    desk.terminal.ask_refund(refund_of(paid, "0000000954", amount_minor=2_390))
    answer = desk.refunded()
    assert (answer.outcome, answer.reason) == (CANCELLED, "NotFound")
    assert desk.sim.refunds() == []
    assert desk.sim.heard("Reversal") == 0


def test_a_service_id_that_was_used_is_only_asked_about(desk):
    paid = desk.pay()
    assert back(desk, paid, amount_minor=2_390).outcome is APPROVED
    assert back(desk, paid, amount_minor=2_390).outcome is APPROVED
    assert len(desk.sim.refunds()) == 1


def test_a_refused_refund_says_so(desk):
    paid = desk.pay()
    desk.sim.refuse_reversal()
    answer = back(desk, paid)
    assert (answer.outcome, answer.reason) == (DECLINED, "Refusal")


def test_a_terminal_that_is_away_was_not_asked_for_anything(desk):
    paid = desk.pay()
    desk.sim.unplug()
    assert back(desk, paid).outcome in (CANCELLED, UNKNOWN)
    assert desk.sim.refunds() == []


# --- ZVT: by the receipt number, else onto the card -----------------------------------------------


def test_zvt_takes_a_whole_payment_back_by_its_receipt_number(zvt):
    paid = zvt.pay()
    assert isinstance(zvt.terminal, Refunding)
    assert back(zvt, paid).outcome is APPROVED
    assert all(entry["reversed"] for entry in zvt.sim.books())


def test_zvt_puts_a_part_onto_the_card_that_is_presented(zvt):
    paid = zvt.pay()
    answer = back(zvt, paid, amount_minor=2_390)
    assert (answer.outcome, answer.amount_minor) == (APPROVED, 2_390)
    assert not any(entry["reversed"] for entry in zvt.sim.books())


def test_zvt_says_a_whole_refund_of_an_earlier_life_again_and_it_is_done_once(zvt):
    paid = zvt.pay()
    assert back(zvt, paid).outcome is APPROVED
    zvt.terminal.ask_refund(refund_of(paid, "0000000955"))
    assert zvt.refunded().outcome is APPROVED
    assert len([entry for entry in zvt.sim.books() if entry["reversed"]]) == 1


def test_zvt_cannot_be_asked_about_a_part_so_a_person_has_to_look(zvt):
    paid = zvt.pay()
    zvt.terminal.ask_refund(refund_of(paid, "0000000956", amount_minor=2_390))
    answer = zvt.refunded()
    assert (answer.outcome, answer.reason) == (UNKNOWN, "NotAskable")
