"""Every request of the drivers, and every answer of the far ends, is what the providers published.

Far ends that we wrote ourselves could share our mistakes; the descriptions are the providers' own
(or, for Strex and access tokens, written from their documentation). What they are known to lack
is added from `descriptions/`.
"""

import pytest

from drivers.contracts import PaymentOutcome, WalletInputKind, WalletStep
from drivers.sim.wallet_wire import Exchange, Reply, Request
from tests.drivers.wallet.desk import LINES
from tests.drivers.wallet.published import description


def check(sim, *names):
    """Hold every exchange against the descriptions; return the operations that were used."""
    used = set()
    for exchange in sim.exchanges():
        line = f"{exchange.request.method} {exchange.request.path}"
        found = [(d, d.operation(exchange)) for d in map(description, names)]
        found = [(d, operation) for d, operation in found if operation is not None]
        assert len(found) == 1, f"{line} is in no description"
        ((one, operation),) = found
        assert one.problems(exchange, operation) == [], line
        used.add(operation["operationId"])
    return used


def test_vipps_by_code_by_push_with_capture_refund_and_cancel(vipps):
    first = vipps.pay(lines=LINES, min_age=18)
    assert vipps.capture(first).done
    assert vipps.reverse(first).done
    second = vipps.pay(service_id="2", attempt_id="attempt-2")
    assert vipps.reverse(second).done
    vipps.begin(service_id="3", attempt_id="attempt-3")
    vipps.give(WalletInputKind.PHONE, "91234567", "attempt-3")
    vipps.shown(WalletStep.PUSH_SENT)
    vipps.abort("3")
    assert vipps.result().outcome is PaymentOutcome.CANCELLED
    used = check(vipps.sim, "vipps-epayment.v1.offline.yml", "vipps-access-token.min.yml")
    assert used == {
        "fetchAuthorizationTokenUsingPost",
        "createPayment",
        "getPayment",
        "capturePayment",
        "refundPayment",
        "cancelPayment",
    }


def test_klarna_with_capture_refund_cancel_and_delete(klarna):
    first = klarna.pay(lines=LINES)
    assert klarna.capture(first).done
    assert klarna.reverse(first).done
    second = klarna.pay(service_id="2", attempt_id="attempt-2")
    assert klarna.reverse(second).done
    klarna.begin(service_id="3", attempt_id="attempt-3")
    klarna.abort("3")
    assert klarna.result().outcome is PaymentOutcome.CANCELLED
    used = check(
        klarna.sim,
        "klarna-payments-api.openapi.yml",
        "klarna-order-management-api.openapi.yml",
    )
    assert used >= {
        "createCreditSession",
        "getOrder",
        "captureOrder",
        "refundOrder",
        "cancelOrder",
        "cancelSession",
        "getDistributionResult",
    }


def test_strex_with_a_wrong_code_and_a_reversal(strex):
    strex.begin(min_age=18)
    strex.give(WalletInputKind.CODE, "0")
    strex.shown(WalletStep.ENTER_CODE)
    strex.approve()
    result = strex.result()
    assert strex.capture(result).done
    assert strex.reverse(result).done
    assert check(strex.sim, "target365-strex.min.yml") >= {
        "ping",
        "getStrexUserValidity",
        "createOneTimePassword",
        "createStrexTransaction",
        "getStrexTransaction",
        "reverseStrexTransaction",
    }


@pytest.mark.parametrize(
    ("body", "mistake"),
    [
        (b'{"amount": {"value": 1}}', "'currency' is a required property"),
        (b'{"amount": {"value": 1.5, "currency": "NOK"}}', "1.5 is not of type 'integer'"),
        (b'{"amount": {"value": 1, "currency": "SEK"}}', "'SEK' is not one of"),
    ],
)
def test_what_is_not_as_published_is_found(body, mistake):
    vipps = description("vipps-epayment.v1.offline.yml")
    request = Request("POST", "/epayment/v1/payments", {}, "/epayment/v1/payments", {}, body)
    exchange = Exchange(request, Reply(201, {"reference": "short"}))
    problems = " ".join(vipps.problems(exchange, vipps.operation(exchange)))
    assert mistake in problems
    assert "idempotency-key is missing" in problems
    assert "reply.reference: 'short' " in problems
