"""What every wallet promises (drivers.contracts.Wallet), whoever the provider is.

A new wallet joins by being in the registry, and by a desk beside tests/drivers/wallet/desk.py with
`begin` (until the shopper can pay), `approve` and `pay`.
"""

import logging
import threading
from dataclasses import asdict, replace

import pytest
import structlog

from drivers.contracts import (
    NO_REFERENCE,
    DeviceKind,
    DeviceState,
    DeviceStateChanged,
    PaymentOutcome,
)
from drivers.registry import build_device
from tests.drivers.wallet.conftest import *  # noqa: F403 - the desks
from tests.drivers.wallet.desk import ATTEMPT, WALLETS, charge_of

PHONE = "91234567"


@pytest.fixture(params=WALLETS)
def make_bench(request):
    return request.getfixturevalue(f"make_{request.param}")


@pytest.fixture
def bench(make_bench):
    return make_bench()


def test_constructing_does_nothing_and_start_returns_although_nobody_is_there(make_bench):
    bench = make_bench()
    bench.wait_for_state(DeviceState.READY)
    bench.sim.unplug()
    other = make_bench()
    other.wait_for_state(DeviceState.LOST)
    assert other.wallet.kind is DeviceKind.WALLET
    assert other.wallet.name == bench.wallet.name


@pytest.mark.parametrize("protocol", WALLETS)
def test_it_is_built_from_a_line_of_the_configuration(request, protocol):
    options = request.getfixturevalue(f"{protocol}_options")()
    given = asdict(options)
    assert build_device({"protocol": protocol, **given}).kind is DeviceKind.WALLET


def test_fault_34_a_provider_that_is_not_there_at_start_is_told_before_anybody_pays(make_bench):
    first = make_bench()
    first.wait_for_state(DeviceState.READY)
    first.sim.unplug()
    bench = make_bench(create_s=0.1)
    bench.wait_for_state(DeviceState.LOST)
    bench.sim.plug_in()
    bench.wait_for_state(DeviceState.READY)
    assert bench.pay().outcome is PaymentOutcome.APPROVED


def test_lost_and_found_are_posted_once_each(bench):
    bench.wait_for_state(DeviceState.READY)
    bench.sim.unplug()
    bench.wait_for_state(DeviceState.LOST)
    bench.sim.plug_in()
    bench.wait_for_state(DeviceState.READY)
    states = [event.state for event in bench.posted if isinstance(event, DeviceStateChanged)]
    assert states == [DeviceState.READY, DeviceState.LOST, DeviceState.READY]


def test_an_approval_has_one_answer_that_the_books_agree_with(bench):
    result = bench.pay()
    assert (result.outcome, result.service_id) == (PaymentOutcome.APPROVED, "0000000001")
    assert (result.amount_minor, result.currency) == (14_990, "NOK")
    assert result.transaction_id
    assert result.transaction_at
    assert [entry["amount_minor"] for entry in bench.sim.books()] == [14_990]
    assert bench.answers() == 1


def test_fault_9_a_second_charge_of_one_attempt_is_only_asked_about(bench):
    first = bench.pay()
    bench.charge()
    assert bench.result().transaction_id == first.transaction_id
    assert len(bench.sim.books()) == 1


def test_fault_30_no_provider_is_given_an_address_to_call_us(bench):
    """Nothing listens, so nothing can be forged: only answers to our own questions count."""
    bench.pay()
    sent = b" ".join(exchange.request.body.lower() for exchange in bench.sim.exchanges())
    assert not [word for word in (b"callback", b"webhook", b"status_update") if word in sent]


def test_fault_46_only_what_was_paid_here_goes_back(bench):
    result = bench.pay()
    answer = bench.reverse(replace(result, transaction_id="kiosk-somebody-elses-1"))
    assert not answer.done
    (entry,) = bench.sim.books()
    assert (entry["cancelled"], entry["refunded"]) == (0, 0)


def test_a_payment_without_a_reference_is_not_given_back_nor_is_the_last_one(bench):
    result = bench.pay()
    answer = bench.reverse(replace(result, transaction_id=""))
    assert (answer.done, answer.reason) == (False, NO_REFERENCE)
    (entry,) = bench.sim.books()
    assert (entry["cancelled"], entry["refunded"]) == (0, 0)


def test_a_payment_is_taken_once_however_often_capture_is_called(bench):
    result = bench.pay()
    assert bench.capture(result).done
    assert bench.capture(result).done
    assert [entry["captured"] for entry in bench.sim.books()] == [14_990]


def test_a_full_reversal_leaves_no_money_before_capture_and_after_it(make_bench):
    for capture_first in (False, True):
        bench = make_bench()
        result = bench.pay(service_id=f"{capture_first:d}", attempt_id=f"attempt-{capture_first:d}")
        if capture_first:
            assert bench.capture(result).done
        assert bench.reverse(result).done
        entry = bench.sim.books()[-1]
        assert entry["captured"] == entry["refunded"]
        assert entry["captured"] + entry["cancelled"] == 14_990
        assert (
            bench.ask(
                service_id=f"{capture_first:d}", attempt_id=f"attempt-{capture_first:d}"
            ).outcome
            is not PaymentOutcome.APPROVED
        )


def test_asking_about_a_payment_of_an_earlier_life_tells_its_end(make_bench):
    bench = make_bench()
    first = bench.pay()
    bench.wallet.stop()
    again = make_bench().ask()
    assert (again.outcome, again.transaction_id, again.amount_minor) == (
        first.outcome,
        first.transaction_id,
        first.amount_minor,
    )
    assert len(bench.sim.books()) == 1


def test_asking_about_a_payment_that_never_was_says_cancelled(make_bench):
    first = make_bench()
    first.wait_for_state(DeviceState.READY)
    first.wallet.stop()
    assert make_bench().ask().outcome is PaymentOutcome.CANCELLED


def test_an_abort_ends_it_before_anybody_paid(bench):
    bench.begin()
    bench.abort()
    assert bench.result().outcome is PaymentOutcome.CANCELLED
    assert bench.sim.books() == []


def test_an_abort_that_overtakes_its_charge_stops_it(bench):
    bench.wait_for_state(DeviceState.READY)
    bench.abort()
    bench.charge()
    result = bench.result()
    assert (result.outcome, result.reason) == (PaymentOutcome.CANCELLED, "Aborted")


def test_calls_return_at_once_while_a_payment_runs(bench):
    bench.begin()
    done = threading.Event()

    def calls():
        bench.wallet.ask(charge_of(service_id="0000000007", attempt_id="attempt-7"))
        bench.abort()
        bench.wallet.abort("a-0000000099", "0000000099")
        done.set()

    threading.Thread(target=calls, daemon=True).start()
    assert done.wait(5.0)
    assert [bench.result().service_id, bench.result().service_id] == ["0000000001", "0000000007"]


def test_no_answer_is_dropped_when_the_inbox_is_full(bench):
    bench.full_for = 3
    assert bench.pay().outcome is PaymentOutcome.APPROVED
    assert bench.full_for == 0
    assert bench.answers() == 1


def test_stop_ends_a_running_payment_and_its_threads(bench):
    bench.begin()
    bench.wallet.stop()
    bench.wallet.stop()
    result = bench.result()
    assert (result.outcome, result.reason) == (PaymentOutcome.UNKNOWN, "Stopped")
    names = [thread.name for thread in threading.enumerate()]
    assert not [name for name in names if name.startswith(bench.wallet.name)]


def test_statistics_are_counted(bench):
    bench.pay()
    assert bench.wallet.statistics().counters["charges"] == 1


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_defect_leaves_the_payment_unknown_and_the_wallet_out_of_order(bench, monkeypatch):
    def defect(*_):
        raise RuntimeError("as if a line of ours were wrong")

    bench.wait_for_state(DeviceState.READY)
    monkeypatch.setattr(bench.wallet._provider, "pay", defect)
    bench.charge()
    bench.wait_for_state(DeviceState.FAULT)
    result = bench.result()
    assert (result.outcome, result.reason) == (PaymentOutcome.UNKNOWN, "Defect")


def test_no_number_key_or_token_reaches_an_event_or_a_log(make_bench, caplog):
    """Fault 44: a whole life, with a lost answer, at the most talkative level."""
    caplog.set_level(logging.DEBUG)
    with structlog.testing.capture_logs() as lines:
        bench = make_bench()
        result = bench.pay(phone=PHONE)
        bench.capture(result)
        bench.sim.fail_next(401, count=2)
        bench.sim.answer_garbage()
        bench.ask()
        bench.reverse(result)
        bench.wallet.stop()
    told = repr(lines) + caplog.text + repr(bench.posted) + repr(bench.wallet.statistics())
    assert lines
    assert PHONE not in told
    assert PHONE[:6] not in told
    secrets = bench.sim.secrets()
    assert len(secrets) > 1
    for secret in secrets:
        assert secret not in told, "a key or token"


def test_fault_48_what_is_given_for_another_attempt_is_forgotten(bench):
    bench.begin()
    shown = len(bench.posted)
    bench.give("phone", PHONE, attempt_id=ATTEMPT[::-1])
    bench.abort()
    assert bench.result().outcome is PaymentOutcome.CANCELLED
    assert not any(
        getattr(event, "masked_phone", "").endswith(PHONE[-2:]) for event in bench.posted[shown:]
    )
