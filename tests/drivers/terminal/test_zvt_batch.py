"""The end of the terminal's day, as the engine hears it."""

from drivers.contracts import BatchClosed
from tests.drivers.terminal.zvt_desk import (
    make_desk,
    make_zvt_desk,
    make_zvt_options,
    plain,
    zvt,
    zvt_sim,
)

__all__ = ["make_desk", "make_zvt_desk", "make_zvt_options", "plain", "zvt", "zvt_sim"]


def closed(desk) -> BatchClosed:
    desk.terminal.close_batch()
    return desk.next(lambda event: isinstance(event, BatchClosed))


def test_fault_40_the_end_of_the_day_is_answered_once_with_the_terminals_own_sum(plain):
    plain.pay()
    first = closed(plain)
    booked = sum(entry["amount_minor"] for entry in plain.sim.books() if not entry["reversed"])
    assert (first.done, first.amount_minor) == (True, booked)
    assert closed(plain).amount_minor in (None, 0)


def test_fault_38_a_day_is_not_ended_while_the_terminal_is_out_of_reach(plain):
    plain.pay()
    plain.sim.unplug()
    ended = closed(plain)
    assert not ended.done
    assert ended.reason
