"""What Strex asks a shopper: a number, whether it is right, the code that came, and once more.

The number lives in local variables of one thread, for as long as the shopper stands here. Each
code has its own transaction id, so a wrong code never meets the transaction of another.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from drivers.attempts import result_of
from drivers.contracts import (
    ChargeRequest,
    PaymentOutcome,
    PaymentResult,
    WalletInput,
    WalletInputKind,
    WalletProblem,
    WalletStep,
)
from drivers.wallet.phone import CodeLimits, mask, msisdn
from drivers.wallet.run import Run, Sending, ask_once
from drivers.wallet.strex_api import StrexApi, price_of
from drivers.wallet.strex_transactions import FACTS, Transactions
from drivers.wallet.wire import Answer

CODES_MAX = 3
"""So many codes one attempt may need: wrong ones, and those of mistyped numbers."""
WRONG_CODE = {
    "OneTimePasswordFailed": WalletProblem.WRONG_CODE,
    "InvalidOTP": WalletProblem.WRONG_CODE,
    "OneTimePasswordExpired": WalletProblem.CODE_EXPIRED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What the merchant agreed on with Strex."""

    sender: str
    """Who the SMS comes from, up to 11 letters."""
    short_number: str
    service_code: str
    invoice_text: str
    message_prefix: str
    cap_minor: int
    """Above this it is not offered, and refused: what a phone bill may carry."""
    input_s: float
    """How long the shopper may take for a number or a code."""
    fake_numbers: bool
    """Whether the provider's own numbers for tests are let through."""


class Talk:
    """One shopper at the number and code screens."""

    def __init__(
        self,
        api: StrexApi,
        service: Service,
        limits: CodeLimits,
        transactions: Transactions,
        request: ChargeRequest,
        run: Run,
    ) -> None:
        self._api = api
        self._service = service
        self._limits = limits
        self._transactions = transactions
        self._times = transactions.times
        self._request = request
        self._run = run
        self._codes = 0

    def lead(self) -> PaymentResult:
        """Number, confirmation, code, transaction; back to an earlier one where that helps."""
        number, problem = "", WalletProblem.NONE
        while self._codes < CODES_MAX:
            if not number:
                asked = self._ask_number(problem)
                if isinstance(asked, PaymentResult):
                    return asked
                number = asked
                refused = self._cannot_pay(number)
                if refused is not None:
                    return refused
            if not self._limits.allow(number):
                number, problem = "", WalletProblem.TOO_MANY
                continue
            self._codes += 1
            name = self._transactions.reference(self._request, self._codes)
            unsent = self._send_code(name, number)
            if unsent is not None:
                return unsent
            given = self._ask_code(number, problem)
            if isinstance(given, PaymentResult):
                return given
            if given.kind is WalletInputKind.PHONE:
                # Another number: the first was never charged, no transaction was begun.
                number, problem = self._number_of(given), WalletProblem.NONE
                continue
            if self._run.unwanted:
                return self._end(PaymentOutcome.CANCELLED, "Aborted")
            ended = self._charge(name, number, given.text.strip())
            if ended.reason not in WRONG_CODE:
                return ended
            problem = WRONG_CODE[ended.reason]
        return self._end(PaymentOutcome.DECLINED, "TooManyCodes")

    def _ask_number(self, problem: WalletProblem) -> str | PaymentResult:
        """Ask for a number until the shopper says that the masked one is right."""
        number = ""
        while True:
            if number:
                self._run.show(WalletStep.CONFIRM_PHONE, masked_phone=mask(number))
                given = self._await(WalletInputKind.CONFIRM, WalletInputKind.PHONE)
            else:
                self._run.show(WalletStep.ENTER_PHONE, problem=problem)
                given = self._await(WalletInputKind.PHONE)
            if given is None:
                return self._end(PaymentOutcome.CANCELLED, self._why())
            if given.kind is WalletInputKind.CONFIRM:
                return number
            # An empty text in place of CONFIRM: the number was wrong, ask for it again.
            number = self._number_of(given)
            wrong = bool(given.text) and not number
            problem = WalletProblem.BAD_PHONE if wrong else WalletProblem.NONE

    def _number_of(self, given: WalletInput) -> str:
        return msisdn(given.text, fake=self._service.fake_numbers)

    def _cannot_pay(self, number: str) -> PaymentResult | None:
        """Ask whether this number may pay so; None when it may, or when that will show later."""
        self._run.show(WalletStep.WORKING, masked_phone=mask(number))
        answer = self._insist(lambda: self._api.validity(f"+{number}"), (200,))
        if answer is None:
            return self._end(PaymentOutcome.CANCELLED, self._why("NotReached"))
        if answer.text in ("Unregistered", "Barred"):
            return self._end(PaymentOutcome.DECLINED, answer.text)
        return None

    def _send_code(self, name: str, number: str) -> PaymentResult | None:
        """Have the code sent, once: after a lost answer it is asked about first."""
        body = {
            "transactionId": name,
            "merchantId": self._api.merchant_id,
            "recipient": f"+{number}",
            "sender": self._service.sender,
            "recurring": False,
            "messagePrefix": self._service.message_prefix,
        }
        self._run.show(WalletStep.WORKING, masked_phone=mask(number))
        sent = self._once(lambda: self._api.send_code(body), lambda: self._api.code(name))
        if sent is None:
            # No transaction was begun: whatever happens to the code, nobody is charged.
            return self._end(PaymentOutcome.CANCELLED, self._why("NotReached"))
        if sent.refused:
            return self._end(PaymentOutcome.DECLINED, f"Http{sent.status}")
        return None

    def _ask_code(self, number: str, problem: WalletProblem) -> WalletInput | PaymentResult:
        self._run.show(
            WalletStep.ENTER_CODE,
            masked_phone=mask(number),
            problem=problem,
            tries_left=CODES_MAX - self._codes + 1,
        )
        given = self._await(WalletInputKind.CODE, WalletInputKind.PHONE)
        if given is None:
            return self._end(PaymentOutcome.CANCELLED, self._why())
        return given

    def _charge(self, name: str, number: str, code: str) -> PaymentResult:
        """Begin the transaction, once, and follow it to its end. No abort stops it any more."""
        self._run.show(WalletStep.WORKING, masked_phone=mask(number))
        body: dict[str, Any] = {
            "transactionId": name,
            "shortNumber": self._service.short_number,
            "recipient": f"+{number}",
            "merchantId": self._api.merchant_id,
            "price": price_of(self._request.amount_minor, self._request.currency_digits),
            "serviceCode": self._service.service_code,
            "businessModel": "STREX-PAYMENT",
            "invoiceText": self._service.invoice_text,
            "oneTimePassword": code,
        }
        if self._request.min_age:
            body["age"] = self._request.min_age
        if self._service.fake_numbers:
            body["properties"] = {"TestInProd": True}
        begun = self._once(lambda: self._api.begin(body), lambda: self._transactions.ask(name))
        if begun is not None and begun.refused:
            # It may be a refusal of the second sending of what the first began.
            ended = self._follow(name, self._times.settle_s)
            refused = ended.reason == "NotFound"
            return self._end(PaymentOutcome.DECLINED, f"Http{begun.status}") if refused else ended
        return self._follow(name, self._times.settle_s if begun is None else None)

    def _follow(self, name: str, missing_s: float | None) -> PaymentResult:
        return self._transactions.follow(self._request, self._run, name, missing_s=missing_s)

    def _once(self, send: Callable[[], Answer], ask: Callable[[], Answer]) -> Answer | None:
        """Send; after a lost answer ask first, and send again only what is not there."""
        until = self._run.deadline(self._times.create_s)
        pace = self._times.pace()
        while True:
            answer = ask_once(self._run, pace, send)
            if answer is not None:
                return answer
            if until.passed():
                return None
            self._run.wait(pace.next_s())
            there = ask_once(self._run, pace, ask, FACTS)
            if there is not None and there.ok:
                return there

    def _insist(self, call: Callable[[], Answer], accept: tuple[int, ...]) -> Answer | None:
        until = self._run.deadline(self._times.create_s)
        sending = Sending(call, accept)
        return sending.insist(
            self._run, self._times.pace(), until, unless=lambda: self._run.unwanted
        )

    def _await(self, *kinds: WalletInputKind) -> WalletInput | None:
        """Wait for the shopper; None when nobody came, or it is no longer wanted."""
        until = self._run.deadline(self._service.input_s)
        while not (self._run.unwanted or until.passed()):
            given = self._run.take(*kinds)
            if given is not None:
                return given
            self._run.wait(max(until.left_s(), 0.001))
        return None

    def _why(self, otherwise: str = "NoInput") -> str:
        return "Aborted" if self._run.unwanted else otherwise

    def _end(self, outcome: PaymentOutcome, reason: str) -> PaymentResult:
        return result_of(self._request, outcome, reason)
