"""Gift cards and vouchers over the wire to an issuer with books of its own."""

import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from drivers.contracts import (
    DeviceKind,
    DeviceState,
    DeviceStateChanged,
    PaymentOutcome,
    PresentedValue,
    ValueRead,
    ValueState,
)
from drivers.deadline import SYSTEM_CLOCK, Deadline
from drivers.errors import DeviceConfigError
from drivers.giftcard.driver import DepositVouchers, GiftCards, ValueOptions
from drivers.registry import build_device
from drivers.sim.giftcard import GiftCardSim
from tests.drivers.wallet.desk import ATTEMPT, Desk, charge_of

CARD, SMALL, EMPTY = "6338000000000000014", "6338000000000000022", "6338000000000000030"
SLIP = "9800000034000"
QUICK = {
    "timeout_s": 1.0, "health_interval_s": 0.2, "poll_s": 0.02, "slow_s": 0.1, "create_s": 0.5,
    "resolve_s": 0.8, "capture_s": 0.8,
}  # fmt: skip
OTHER = "1f8fad5bd9cb469fa16570867728950f"


@pytest.fixture
def sim(tmp_path: Path) -> Iterator[GiftCardSim]:
    issuer = GiftCardSim(directory=tmp_path / "issuer")
    issuer.start()
    yield issuer
    issuer.stop()


@pytest.fixture
def options(tmp_path: Path, sim: GiftCardSim) -> Callable[..., ValueOptions]:
    def make(**more: object) -> ValueOptions:
        keys = tmp_path / "keys.toml"
        keys.write_text(sim.keys())
        keys.chmod(0o600)
        given = {"name": "giftcard-1", "url": sim.url, "keys_file": str(keys),
                 "environment": "test", **QUICK, **more}  # fmt: skip
        return ValueOptions(**given)  # type: ignore[arg-type]

    return make


@pytest.fixture
def make(options: Callable[..., ValueOptions], sim: GiftCardSim) -> Iterator[Callable[..., Desk]]:
    desks: list[Desk] = []

    def start(kind: type = GiftCards, **more: object) -> Desk:
        desk = Desk(sim=sim, wallet=kind(options(**more)))
        desk.wallet.start(desk.post)
        desks.append(desk)
        return desk

    yield start
    for desk in desks:
        desk.wallet.stop()


def until(holds: Callable[[], bool], what: str) -> None:
    """Wait for what another thread does."""
    deadline = Deadline(SYSTEM_CLOCK, 10.0)
    while not holds():
        assert not deadline.passed(), what
        threading.Event().wait(0.01)


def present(desk: Desk, number: str, attempt_id: str = ATTEMPT) -> ValueRead:
    desk.wallet.present(PresentedValue(attempt_id=attempt_id, number=number))
    return desk.next(lambda event: isinstance(event, ValueRead))


def pay(desk: Desk, minor: int, number: str = CARD):
    assert present(desk, number).state is ValueState.GOOD
    desk.charge(minor)
    return desk.result()


@pytest.mark.parametrize(
    ("protocol", "kind"),
    [("gift-card", DeviceKind.GIFT_CARD), ("deposit-voucher", DeviceKind.VOUCHER)],
)
def test_it_is_built_from_a_line_of_the_configuration(protocol, kind, options) -> None:
    given = asdict(options())
    assert build_device({"protocol": protocol, **given}).kind is kind


def test_an_issuer_is_https_but_on_this_computer(options) -> None:
    with pytest.raises(DeviceConfigError, match="https"):
        options(url="http://gift.example.no", environment="live")
    with pytest.raises(DeviceConfigError, match="environment"):
        options(environment="live")


def test_a_prefix_that_would_take_goods_for_money_is_refused(options) -> None:
    with pytest.raises(DeviceConfigError, match="code_prefixes"):
        options(code_prefixes=("9",))


def test_its_balance_is_told_and_nothing_is_taken(make, sim) -> None:
    value = present(make(), CARD)
    assert (value.state, value.balance_minor, value.currency) == (ValueState.GOOD, 20_000, "NOK")
    assert value.last_four == "0014"
    assert sim.books() == []


@pytest.mark.parametrize("number", ["", "12", "6338 0000", "6338000000000000099", "æøåæøåæøå",
                                    "../balance", "9" * 65])  # fmt: skip
def test_a_number_that_is_none_or_nobodys_is_not_known(make, number) -> None:
    assert present(make(), number).state is ValueState.NOT_KNOWN


def test_what_a_number_is_not_good_for_is_said(make, sim) -> None:
    desk = make()
    assert present(desk, EMPTY).state is ValueState.EMPTY
    sim.block(CARD)
    assert present(desk, CARD).state is ValueState.BLOCKED
    sim.expire(SMALL)
    assert present(desk, SMALL).state is ValueState.EXPIRED


def test_a_card_pays_what_was_asked(make, sim) -> None:
    result = pay(make(), 14_990)
    assert (result.outcome, result.amount_minor) == (PaymentOutcome.APPROVED, 14_990)
    assert (result.last_four, result.brand, result.partial) == ("0014", "Gavekort", False)
    assert sim.balance_of(CARD) == 5_010
    assert [one["amount_minor"] for one in sim.books()] == [14_990]


def test_a_card_with_less_pays_what_it_has(make, sim) -> None:
    result = pay(make(), 14_990, SMALL)
    assert (result.outcome, result.amount_minor) == (PaymentOutcome.APPROVED, 5_000)
    assert result.partial
    assert sim.balance_of(SMALL) == 0


def test_what_another_till_took_meanwhile_is_not_there(make, sim) -> None:
    desk = make()
    assert present(desk, CARD).balance_minor == 20_000
    sim.spend_elsewhere(CARD, 19_000)
    desk.charge(14_990)
    assert desk.result().amount_minor == 1_000


def test_without_a_presented_number_nothing_is_sent(make, sim) -> None:
    desk = make()
    desk.charge()
    result = desk.result()
    assert (result.outcome, result.reason) == (PaymentOutcome.CANCELLED, "NothingPresented")
    assert sim.heard("/v1/redemptions") == 0


def test_a_number_that_was_forgotten_pays_nothing(make, sim) -> None:
    desk = make()
    present(desk, CARD)
    desk.wallet.forget(ATTEMPT)
    desk.charge()
    assert desk.result().outcome is PaymentOutcome.CANCELLED
    assert sim.books() == []


def test_a_number_pays_once_and_is_gone(make, sim) -> None:
    desk = make()
    pay(desk, 1_000)
    desk.charge(1_000, service_id="0000000002", attempt_id=OTHER)
    assert desk.result().outcome is PaymentOutcome.CANCELLED
    assert sim.held_minor() == 1_000


def test_a_lost_answer_is_taken_once_and_told(make, sim) -> None:
    desk = make()
    present(desk, CARD)
    sim.lose_next_answer(where="PUT")
    desk.charge(14_990)
    assert desk.result().amount_minor == 14_990
    assert sim.held_minor() == 14_990


def test_a_lost_request_is_sent_again_under_its_reference(make, sim) -> None:
    desk = make()
    present(desk, CARD)
    sim.lose_next_request(where="PUT")
    desk.charge(14_990)
    assert desk.result().outcome is PaymentOutcome.APPROVED
    assert sim.held_minor() == 14_990


def test_a_request_that_arrives_twice_takes_once(make, sim) -> None:
    desk = make()
    present(desk, CARD)
    sim.hear_twice()
    desk.charge(14_990)
    assert desk.result().amount_minor == 14_990
    assert sim.held_minor() == 14_990


@pytest.mark.parametrize("fault", ["answer_garbage", "answer_too_much", "fail"])
def test_garbage_and_trouble_are_no_answers(make, sim, fault) -> None:
    desk = make()
    present(desk, CARD)
    if fault == "fail":
        sim.fail_next(503, where="PUT")
    else:
        getattr(sim, fault)(where="PUT")
    desk.charge(14_990)
    assert desk.result().amount_minor == 14_990
    assert sim.held_minor() == 14_990


def test_a_refusal_by_a_proxy_that_had_passed_it_on_is_asked_about(make, sim) -> None:
    """504 from something in between: the issuer may have done it all the same."""
    desk = make()
    present(desk, CARD)
    sim.replace_next_answer(504, count=500, where="PUT")
    desk.charge(14_990)
    assert desk.result().outcome is PaymentOutcome.APPROVED
    assert sim.held_minor() == 14_990


def test_a_late_answer_is_not_waited_for_and_not_taken_twice(make, sim) -> None:
    desk = make(timeout_s=1.0)
    present(desk, CARD)
    sim.answer_late(30, where="PUT")
    desk.charge(14_990)
    assert desk.result().outcome is PaymentOutcome.APPROVED
    assert sim.held_minor() == 14_990


def test_silence_for_ever_is_unknown_and_the_truth_comes_later(make, sim) -> None:
    desk = make()
    present(desk, CARD)
    sim.lose_next_answer(count=200, where="redemptions")
    desk.charge(14_990)
    assert desk.result().outcome is PaymentOutcome.UNKNOWN
    sim.reboot()
    sim._server._faults.clear()
    assert desk.ask().amount_minor == 14_990
    assert sim.held_minor() == 14_990


def test_nobody_there_means_certainly_not_taken(make, sim) -> None:
    desk = make()
    present(desk, CARD)
    sim.unplug()
    desk.charge(14_990)
    result = desk.result()
    assert (result.outcome, result.reason) == (PaymentOutcome.CANCELLED, "NotReached")


def test_wrong_keys_blame_nobodys_card(make, sim, tmp_path) -> None:
    desk = make()
    present(desk, CARD)
    sim.fail_next(401, where="PUT")
    desk.charge(14_990)
    assert desk.result().outcome is PaymentOutcome.CANCELLED


def test_an_attempt_of_an_earlier_life_is_told_by_its_reference(make, sim) -> None:
    first = make()
    pay(first, 14_990)
    first.wallet.stop()
    sim.reboot()
    again = make().ask()
    assert (again.outcome, again.amount_minor) == (PaymentOutcome.APPROVED, 14_990)
    assert again.last_four == "0014"


def test_what_never_came_can_never_come_after_it_was_asked_about(make, sim) -> None:
    """A request that hung in the network must not take money after the kiosk has heard "no"."""
    desk = make()
    assert desk.ask().outcome is PaymentOutcome.CANCELLED
    result = pay(desk, 14_990)
    assert result.outcome is not PaymentOutcome.APPROVED
    assert sim.held_minor() == 0


def test_another_amount_is_reported_as_it_is(make, sim) -> None:
    sim.take_other(15_990)
    assert pay(make(), 14_990).amount_minor == 15_990


def test_it_goes_back_whole_and_once(make, sim) -> None:
    desk = make()
    result = pay(desk, 14_990)
    assert desk.reverse(result).done
    assert desk.reverse(result, "0000000901").done
    assert sim.balance_of(CARD) == 20_000
    assert desk.ask().outcome is PaymentOutcome.CANCELLED


def test_a_reversal_whose_answer_is_lost_is_looked_for(make, sim) -> None:
    desk = make()
    result = pay(desk, 14_990)
    sim.lose_next_answer(where="reversal")
    assert desk.reverse(result).done
    assert sim.balance_of(CARD) == 20_000


def test_a_reversal_that_is_refused_is_told_and_can_be_tried_again(make, sim) -> None:
    desk = make()
    result = pay(desk, 14_990)
    sim.refuse_reversals(50)
    answer = desk.reverse(result)
    assert (answer.done, answer.reason) == (False, "Http409")
    sim._refused_reversals = 0
    assert desk.reverse(result, "0000000902").done


def test_only_what_was_redeemed_here_goes_back(make, sim) -> None:
    desk = make()
    result = pay(desk, 14_990)
    assert not desk.reverse(replace(result, transaction_id="kiosk-somebody-elses-1")).done
    assert sim.held_minor() == 14_990


def test_a_sale_is_given_back_to_its_card_whole_and_once(make, sim) -> None:
    desk = make()
    paid = pay(desk, 14_990)
    for _ in range(2):
        back = desk.refund(paid, 14_990, "0000000901")
        assert (back.outcome, back.amount_minor) == (PaymentOutcome.APPROVED, 14_990)
    assert (sim.balance_of(CARD), sim.held_minor()) == (20_000, 0)


@pytest.mark.parametrize(("minor", "before_minor"), [(5_000, 0), (14_990, 5_000)])
def test_a_part_is_not_given_back_to_a_card(make, sim, minor, before_minor) -> None:
    desk = make()
    paid = pay(desk, 14_990)
    back = desk.refund(paid, minor, "0000000901", before_minor=before_minor)
    assert (back.outcome, back.reason) == (PaymentOutcome.DECLINED, "OnlyWhole")
    assert (sim.balance_of(CARD), sim.held_minor()) == (5_010, 14_990)


@pytest.mark.parametrize("fault", ["lose_next_answer", "lose_next_request"])
def test_a_refund_whose_answer_or_request_is_lost_is_made_once(make, sim, fault) -> None:
    desk = make()
    paid = pay(desk, 14_990)
    getattr(sim, fault)(where="reversal")
    assert desk.refund(paid, 14_990, "0000000901").outcome is PaymentOutcome.APPROVED
    assert sim.balance_of(CARD) == 20_000


def test_a_refund_that_nothing_is_heard_of_is_unknown_and_told_when_asked_again(make, sim) -> None:
    desk = make()
    paid = pay(desk, 14_990)
    sim.lose_next_answer(count=200, where="redemptions")
    assert desk.refund(paid, 14_990, "0000000901").outcome is PaymentOutcome.UNKNOWN
    sim.reboot()
    sim._server._faults.clear()
    assert desk.refund(paid, 14_990, "0000000901").outcome is PaymentOutcome.APPROVED
    assert (sim.balance_of(CARD), sim.held_minor()) == (20_000, 0)


def test_a_voucher_is_redeemed_whole_and_once(make, sim) -> None:
    desk = make(DepositVouchers)
    assert present(desk, SLIP).balance_minor == 3_400
    desk.charge(3_400)
    assert desk.result().amount_minor == 3_400
    assert present(desk, SLIP, OTHER).state is ValueState.USED


def test_a_voucher_is_not_redeemed_in_part(make, sim) -> None:
    desk = make(DepositVouchers)
    present(desk, SLIP)
    desk.charge(1_000)
    assert desk.result().outcome is PaymentOutcome.DECLINED
    assert sim.held_minor() == 0


def test_two_tills_that_saw_one_voucher_do_not_both_redeem_it(make, sim) -> None:
    first, second = make(DepositVouchers), make(DepositVouchers, name="voucher-2")
    assert present(first, SLIP).state is ValueState.GOOD
    assert present(second, SLIP, OTHER).state is ValueState.GOOD
    first.charge(3_400)
    second.charge(3_400, service_id="0000000002", attempt_id=OTHER)
    outcomes = sorted([first.result().outcome, second.result().outcome])
    assert outcomes == [PaymentOutcome.APPROVED, PaymentOutcome.DECLINED]
    assert sim.held_minor() == 3_400


def test_lost_and_found_are_told(make, sim) -> None:
    desk = make()
    desk.wait_for_state(DeviceState.READY)
    sim.unplug()
    desk.wait_for_state(DeviceState.LOST)
    sim.plug_in()
    desk.wait_for_state(DeviceState.READY)
    states = [event.state for event in desk.posted if isinstance(event, DeviceStateChanged)]
    assert states == [DeviceState.READY, DeviceState.LOST, DeviceState.READY]


def test_no_answer_is_dropped_when_the_inbox_is_full(make) -> None:
    desk = make()
    desk.full_for = 3
    assert pay(desk, 14_990).outcome is PaymentOutcome.APPROVED
    assert desk.full_for == 0
    assert desk.answers() == 1


def test_stop_ends_a_running_payment_and_its_threads(make, sim) -> None:
    desk = make(create_s=60.0, resolve_s=60.0)
    present(desk, CARD)
    sim.lose_next_answer(count=200, where="redemptions")
    desk.charge(14_990)
    until(lambda: sim.held_minor() == 14_990, "the issuer has taken it")
    desk.wallet.stop()
    desk.wallet.stop()
    assert desk.result().outcome is PaymentOutcome.UNKNOWN
    names = [thread.name for thread in threading.enumerate()]
    assert not [name for name in names if name.startswith(desk.wallet.name)]


def test_no_number_reaches_a_log_an_address_or_an_event(make, sim, caplog, capsys) -> None:
    caplog.set_level(logging.DEBUG)
    desk = make()
    result = pay(desk, 14_990)
    desk.reverse(result)
    shown = PresentedValue(attempt_id=ATTEMPT, number=CARD)
    out = capsys.readouterr()
    told = caplog.text + out.out + out.err + repr(desk.posted) + repr(shown) + repr(charge_of())
    assert CARD not in told
    assert CARD[:15] not in told
    assert not [one for one in sim.exchanges() if CARD in one.request.target]
