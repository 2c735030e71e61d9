"""Money for goods that came back, as each provider gives it: by its own account, never twice."""

import pytest

from drivers.contracts import RELEASED, PaymentOutcome, Refunding
from tests.drivers.wallet.desk import Desk

APPROVED, DECLINED, UNKNOWN = (
    PaymentOutcome.APPROVED,
    PaymentOutcome.DECLINED,
    PaymentOutcome.UNKNOWN,
)


@pytest.fixture(params=["vipps", "klarna"])
def wallet(request: pytest.FixtureRequest) -> Desk:
    """Those that give parts back."""
    return request.getfixturevalue(request.param)


def taken(desk: Desk):
    result = desk.pay()
    assert desk.capture(result).done
    return result


def refunded(desk: Desk) -> int:
    (payment,) = desk.sim.books()
    return payment["refunded"]


def money(desk: Desk) -> tuple[int, int, int]:
    """Return what the provider has taken, given back and let go."""
    (payment,) = desk.sim.books()
    return payment["captured"], payment["refunded"], payment["cancelled"]


def test_parts_go_back_each_under_its_own_key(wallet: Desk) -> None:
    assert isinstance(wallet.wallet, Refunding)
    paid = taken(wallet)
    first = wallet.refund(paid, 9_990, "0000000901")
    assert (first.outcome, first.amount_minor, first.currency) == (APPROVED, 9_990, "NOK")
    second = wallet.refund(paid, 5_000, "0000000902", before_minor=9_990)
    assert second.outcome is APPROVED
    assert refunded(wallet) == 14_990


def test_a_part_that_is_said_twice_goes_back_once(wallet: Desk) -> None:
    paid = taken(wallet)
    assert wallet.refund(paid, 5_000, "0000000901").outcome is APPROVED
    assert wallet.refund(paid, 5_000, "0000000901").outcome is APPROVED
    assert refunded(wallet) == 5_000


@pytest.mark.parametrize("fault", ["lose_next_answer", "lose_next_request"])
def test_a_refund_whose_answer_or_request_is_lost_is_made_once(wallet: Desk, fault: str) -> None:
    paid = taken(wallet)
    getattr(wallet.sim, fault)(where="refund")
    assert wallet.refund(paid, 5_000, "0000000901").outcome is APPROVED
    assert refunded(wallet) == 5_000


def test_more_than_is_left_is_refused(wallet: Desk) -> None:
    paid = taken(wallet)
    assert wallet.refund(paid, 15_000, "0000000901").outcome is DECLINED
    assert refunded(wallet) == 0


@pytest.mark.parametrize("minor", [5_000, 14_990])
def test_what_was_only_reserved_is_taken_before_any_of_it_goes_back(
    wallet: Desk, minor: int
) -> None:
    paid = wallet.pay()
    assert wallet.refund(paid, minor, "0000000901").outcome is APPROVED
    assert money(wallet) == (14_990, minor, 0)
    assert wallet.capture(paid).done, "the capture that is owed finds it done"
    assert money(wallet) == (14_990, minor, 0)


@pytest.mark.parametrize(
    "fault", ["", "lose_next_answer", "lose_next_request", "replace_next_answer"]
)
def test_the_whole_of_a_reservation_is_let_go_and_nothing_is_taken(
    wallet: Desk, fault: str
) -> None:
    paid = wallet.pay()
    if fault:
        status = (500,) if fault == "replace_next_answer" else ()
        getattr(wallet.sim, fault)(*status, where="cancel")
    whole = {"may_release": True}
    back = wallet.refund(paid, 14_990, "0000000901", **whole)
    assert (back.outcome, back.amount_minor) == (APPROVED, 14_990)
    assert money(wallet) == (0, 0, 14_990)
    assert wallet.refund(paid, 14_990, "0000000901", **whole).outcome is APPROVED, "said again"
    late = wallet.capture(paid)
    assert (late.done, late.refused, late.reason) == (False, True, RELEASED)
    assert money(wallet) == (0, 0, 14_990)


def test_of_a_part_nothing_is_let_go_and_what_was_taken_is_refunded(wallet: Desk) -> None:
    paid = wallet.pay()
    part = wallet.refund(paid, 5_000, "0000000901", may_release=True)
    assert (part.outcome, money(wallet)) == (APPROVED, (14_990, 5_000, 0))
    rest = wallet.refund(paid, 9_990, "0000000902", before_minor=5_000, may_release=True)
    assert (rest.outcome, money(wallet)) == (APPROVED, (14_990, 14_990, 0))


def test_a_capture_that_comes_between_looking_and_letting_go_is_refunded(wallet: Desk) -> None:
    """As with a capture whose answer was lost and that the provider did a moment later."""
    paid = wallet.pay()
    wallet.sim.capture_before_cancel()
    back = wallet.refund(paid, 14_990, "0000000901", may_release=True)
    assert (back.outcome, money(wallet)) == (APPROVED, (14_990, 14_990, 0))


@pytest.mark.parametrize("fault", ["lose_next_answer", "lose_next_request"])
def test_a_capture_before_a_refund_is_made_once_whatever_is_lost(wallet: Desk, fault: str) -> None:
    paid = wallet.pay()
    getattr(wallet.sim, fault)(where="capture")
    assert wallet.refund(paid, 5_000, "0000000901").outcome is APPROVED
    assert money(wallet) == (14_990, 5_000, 0)


def test_nothing_goes_back_of_what_cannot_be_taken(wallet: Desk) -> None:
    paid = wallet.pay()
    assert wallet.reverse(paid).done
    assert wallet.refund(paid, 5_000, "0000000901").outcome is DECLINED
    assert money(wallet) == (0, 0, 14_990)


def test_strex_gives_all_back_and_refuses_a_part(strex) -> None:
    paid = strex.pay()
    part = strex.refund(paid, 1_000, "0000000901")
    assert (part.outcome, part.reason) == (DECLINED, "OnlyWhole")
    assert refunded(strex) == 0
    assert strex.refund(paid, paid.amount_minor, "0000000902").outcome is APPROVED
    assert strex.refund(paid, paid.amount_minor, "0000000902").outcome is APPROVED
    assert refunded(strex) == paid.amount_minor
