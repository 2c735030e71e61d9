"""Random payments under random faults: the driver's word and the terminal's books agree."""

import random

import pytest

from drivers.contracts import PaymentOutcome
from tests.drivers.terminal.zvt_desk import make_zvt_desk, make_zvt_options, zvt_sim

__all__ = ["make_zvt_desk", "make_zvt_options", "zvt_sim"]
FAULTS = [
    None,
    ("lose_next_answer",),
    ("lose_answer_after_word",),
    ("lose_word",),
    ("skip_status",),
    ("answer_twice",),
    ("answer_with_amount", 77),
    ("answer_long",),
    ("take_back_after_approval",),
    ("refuse_command", 0x83),
    ("decline", 0x05),
    ("leave_card_in",),
]
ENDINGS = ["tap_card", "tap_card", "tap_card", "press_red", "abort", "drop_line", "reboot"]
PAYMENTS = 12


@pytest.mark.parametrize("goods_questions", [0, 10])
@pytest.mark.parametrize("seed", [4])
def test_the_drivers_word_and_the_books_agree(
    zvt_sim, make_zvt_desk, make_zvt_options, seed, goods_questions
):
    chance = random.Random(seed)
    options = make_zvt_options(goods_questions=goods_questions)
    desk = make_zvt_desk(zvt_sim, options)
    assert desk.pay(99, "0000000000").outcome is PaymentOutcome.APPROVED
    for number in range(1, PAYMENTS + 1):
        service_id = f"{number:010d}"
        fault = chance.choice(FAULTS)
        ending = chance.choice(ENDINGS)
        if fault is not None:
            getattr(zvt_sim, fault[0])(*fault[1:])
        done = _one(desk, 1000 + number, service_id, ending)
        # An amount that nobody asked for, and a line that broke: no proof that it is ours.
        may_be_unknown = fault == ("answer_with_amount", 77) and ending in ("drop_line", "reboot")
        if done.outcome is PaymentOutcome.UNKNOWN:
            assert may_be_unknown, f"{seed=} {number=} {fault=} {ending=} {done.reason}"
        _agree(zvt_sim, done, 1000 + number, f"{seed=} {number=} {fault=} {ending=}")
        zvt_sim._next.clear()
        if chance.random() < 0.2:  # a kiosk that is started again
            desk.terminal.stop()
            desk = make_zvt_desk(zvt_sim, options)
            assert desk.ask(1000 + number, service_id) == done, f"{seed=} {number=}"


def _one(desk, minor, service_id, ending):
    """One payment to its end, asked about once more when nobody could tell."""
    desk.terminal.charge(desk.charge_request(minor, service_id))
    heard = desk.sim.heard("0601")
    desk.sim.wait_until(lambda: desk.sim.heard("0601") > heard or _shows(desk) or desk.answers())
    if _shows(desk, within_s=0.5):
        if ending == "abort":
            desk.terminal.abort(f"a-{service_id}", service_id)
        elif ending in ("drop_line", "reboot"):
            getattr(desk.sim, ending)()
            _try(desk.sim.tap_card)
        else:
            _try(getattr(desk.sim, ending))
    result = desk.result()
    if result.outcome is PaymentOutcome.UNKNOWN:
        result = desk.ask(minor, service_id)
    return result


def _shows(desk, within_s=0.0):
    try:
        desk.sim.wait_for("card", within_s)
    except TimeoutError:
        return False
    return True


def _try(verb):
    try:
        verb()
    except ValueError:
        return


def _agree(sim, result, minor, where):
    sim.wait_for("")
    standing = [item["amount_minor"] for item in sim.books() if not item["reversed"]]
    paid = [amount for amount in standing if amount in (minor, 77)]
    if result.outcome is PaymentOutcome.APPROVED:
        assert paid[-1:] == [result.amount_minor], where
    else:
        assert minor not in standing, where
