"""Strex over the wire: what is sent, what the shopper sees, what the books say."""

import pytest

from drivers.contracts import PaymentOutcome, WalletInputKind, WalletProblem, WalletStep
from drivers.wallet.phone import mask, msisdn
from drivers.wallet.strex_api import price_of
from tests.drivers.wallet.desk import ATTEMPT


def sent(sim, what):
    return [
        e.request.json
        for e in sim.exchanges()
        if e.request.method == "POST" and e.request.path.endswith(what)
    ]


def test_number_confirmation_code_and_it_is_billed(strex):
    shown = strex.begin()
    assert shown.masked_phone == "••• •• •68"
    assert shown.tries_left == 3
    strex.approve()
    result = strex.result()
    assert result.outcome is PaymentOutcome.APPROVED
    assert (result.amount_minor, result.currency) == (14_990, "NOK")
    assert result.transaction_id == f"kiosk-{ATTEMPT}-1"
    assert strex.capture(result).done
    assert strex.sim.books()[0]["captured"] == 14_990


def test_fault_47_code_and_transaction_have_one_id_the_agreed_terms_and_the_age(strex):
    strex.pay(min_age=18)
    (code,) = sent(strex.sim, "/one-time-passwords")
    (transaction,) = sent(strex.sim, "/transactions")
    assert code["transactionId"] == transaction["transactionId"]
    assert code["recurring"] is False
    assert (transaction["price"], transaction["serviceCode"]) == (149.9, "14003")
    assert transaction["age"] == 18
    assert "properties" not in transaction, "no test in the live world"


def test_prices_are_exact_kroner():
    assert [str(price_of(minor, 2)) for minor in (4_900, 4_990, 4_995, 1)] == [
        "49",
        "49.9",
        "49.95",
        "0.01",
    ]


def test_above_the_cap_nobody_is_asked_for_a_number(strex):
    strex.charge(50_001)
    result = strex.result()
    assert (result.outcome, result.reason) == (PaymentOutcome.DECLINED, "OverLimit")
    assert sent(strex.sim, "/one-time-passwords") == []


@pytest.mark.parametrize("validity", ["Unregistered", "Barred"])
def test_a_number_that_cannot_pay_so_gets_no_code(strex, validity):
    strex.sim.set_validity("+4741234568", validity)
    strex.charge()
    strex.shown(WalletStep.ENTER_PHONE)
    strex.give(WalletInputKind.PHONE, "41234568")
    strex.shown(WalletStep.CONFIRM_PHONE)
    strex.give(WalletInputKind.CONFIRM)
    result = strex.result()
    assert (result.outcome, result.reason) == (PaymentOutcome.DECLINED, validity)
    assert strex.sim.state()["codes"] == 0


@pytest.mark.parametrize(
    "detail", ["InsufficientFunds", "SubscriberLimitExceeded", "SubscriberTooYoung", "MaxPinRetry"]
)
def test_a_refused_transaction_is_declined_with_its_reason(strex, detail):
    strex.sim.next_transaction_fails(detail)
    result = strex.pay()
    assert (result.outcome, result.reason) == (PaymentOutcome.DECLINED, detail)
    assert strex.sim.books() == []


def test_a_shopper_who_never_comes_back_costs_nobody_anything(make_strex):
    strex = make_strex(input_s=0.1)
    strex.begin()
    result = strex.result()
    assert (result.outcome, result.reason) == (PaymentOutcome.CANCELLED, "NoInput")
    assert sent(strex.sim, "/transactions") == []


def test_a_reversal_is_asked_about_until_it_is_done(strex):
    result = strex.pay()
    strex.sim.hold_transactions()
    asked = strex.sim.heard("GET /api/strex/transactions/-")
    strex.begin_reversal(result)
    strex.sim.wait_until(lambda: strex.sim.heard("GET /api/strex/transactions/-") > asked + 2)
    assert strex.sim.books()[0]["refunded"] == 0
    strex.sim.release_transactions()
    assert strex.next(lambda event: hasattr(event, "done")).done
    assert strex.sim.books()[0]["refunded"] == 14_990
    assert strex.sim.heard("DELETE") == 1


def test_what_cannot_be_reversed_is_told(strex):
    result = strex.pay()
    strex.sim.refuse_reversals()
    answer = strex.reverse(result)
    assert (answer.done, answer.reason) == (False, "NotReversible")


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("912 34 567", "4791234567"),
        ("+47 41 23 45 67", "4741234567"),
        ("004791234567", "4791234567"),
        ("22334455", ""),
        ("9123456", ""),
        ("+46701234567", ""),
        ("00000020", ""),
        ("", ""),
    ],
)
def test_norwegian_mobile_numbers_are_read_and_nothing_else(typed, read):
    assert msisdn(typed) == read


def test_a_masked_number_shows_two_digits():
    assert mask("4791234567") == "••• •• •67"


def test_the_providers_numbers_for_tests_need_the_option(make_strex):
    strex = make_strex(fake_numbers=True)
    result = strex.pay(phone="+47 00000020")
    assert (result.outcome, result.reason) == (PaymentOutcome.DECLINED, "SubscriberBarred")
    assert sent(strex.sim, "/transactions")[0]["properties"] == {"TestInProd": True}


def test_a_number_that_is_none_is_asked_for_again(strex):
    strex.charge()
    strex.shown(WalletStep.ENTER_PHONE)
    strex.give(WalletInputKind.PHONE, "22 33 44 55")
    assert strex.shown(WalletStep.ENTER_PHONE).problem is WalletProblem.BAD_PHONE
    strex.type_number()
    strex.approve()
    assert strex.result().outcome is PaymentOutcome.APPROVED
