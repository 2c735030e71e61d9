"""Strex's transactions: one for each code, asked about until it is billed or refused.

Only what the provider says of a transaction counts, never what it answered to beginning one.
"""

from collections.abc import Callable
from datetime import UTC, datetime

from drivers.attempts import result_of
from drivers.contracts import ChargeRequest, PaymentOutcome, PaymentResult, WalletStep
from drivers.errors import ProtocolError
from drivers.wallet.reference import reference_of
from drivers.wallet.run import Run, ask_once
from drivers.wallet.strex_api import StrexApi, StrexTransaction, read_transaction
from drivers.wallet.times import Times
from drivers.wallet.wire import Answer

FACTS = (200, 404)
CURRENCY = "NOK"
"""The API knows no other, and says none."""
NOT_THE_SHOPPERS_NO = ("TimeoutError", "Stopped")


class Transactions:
    """One merchant's. `prefix` begins their ids."""

    def __init__(
        self,
        api: StrexApi,
        *,
        prefix: str,
        times: Times,
        ask_timeout_s: float,
        utc_now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.times = times
        self._api = api
        self._prefix = prefix
        self._ask_timeout_s = ask_timeout_s
        self._utc_now = utc_now

    def reference(self, request: ChargeRequest, turn: int) -> str:
        """Return the transaction id of one code of an attempt."""
        return reference_of(self._prefix, request.attempt_id, turn)

    def follow(
        self, request: ChargeRequest, run: Run, name: str, *, missing_s: float | None
    ) -> PaymentResult:
        """Ask until it is billed or refused.

        "Not found" is final when it stands for `missing_s`; None: never, the provider knew it.
        """
        run.show(WalletStep.WORKING)
        until = run.deadline(self.times.resolve_s)
        pace = self.times.pace()
        missing = run.deadline(missing_s or 0)
        heard = False
        while True:
            answer = ask_once(run, pace, lambda: self.ask(name), FACTS)
            heard = heard or answer is not None
            if answer is not None and answer.status == 404:
                if missing_s is not None and missing.passed():
                    return result_of(request, PaymentOutcome.CANCELLED, "NotFound")
            else:
                missing = run.deadline(missing_s or 0)
            if answer is not None and answer.ok:
                transaction = self.believable(answer, name, request.currency_digits)
                if transaction is not None and transaction.over:
                    return self._result(request, name, transaction)
            if until.passed():
                reason = "NotSettled" if heard else "NoAnswer"
                return result_of(request, PaymentOutcome.UNKNOWN, reason)
            run.wait(pace.next_s())

    def _result(
        self, request: ChargeRequest, name: str, transaction: StrexTransaction
    ) -> PaymentResult:
        if not transaction.paid:
            cancelled = (
                transaction.status == "Reversed" or transaction.detail in NOT_THE_SHOPPERS_NO
            )
            outcome = PaymentOutcome.CANCELLED if cancelled else PaymentOutcome.DECLINED
            return result_of(request, outcome, transaction.detail or transaction.status)
        return PaymentResult(
            service_id=request.service_id,
            outcome=PaymentOutcome.APPROVED,
            amount_minor=transaction.price_minor,
            currency=CURRENCY,
            transaction_id=name,
            transaction_at=self._utc_now().isoformat(timespec="seconds"),
            brand="Strex",
            reference=name,
        )

    def ask(self, name: str) -> Answer:
        """Ask how a transaction stands."""
        return self._api.transaction(name, timeout_s=self._ask_timeout_s)

    def believable(self, answer: Answer, name: str, digits: int) -> StrexTransaction | None:
        """Return what an answer says of a transaction; None when that cannot be so."""
        try:
            return read_transaction(answer, name, digits=digits)
        except ProtocolError:
            return None
