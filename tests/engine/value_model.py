"""An issuer of gift cards or vouchers as the engine meets it, with books of its own."""

from collections import deque
from pathlib import Path

from drivers.contracts import (
    ChargeRequest,
    DeviceEvent,
    DeviceKind,
    PaymentAnswered,
    PaymentOutcome,
    PaymentResult,
    PresentedValue,
    RefundAnswered,
    RefundRequest,
    ReversalAnswered,
    ReversalRequest,
    ValueRead,
    ValueState,
)
from tests.engine.models import Books, Entry, Model, not_found, result_of, unknown

GIFT_CARD, SMALL_CARD = "6338000000000000014", "6338000000000000022"
SLIP, OTHER_SLIP, LARGE_SLIP = "9800000034000", "9800000035007", "9809999999990"


class ValueModel(Model):
    """Keeps `drivers.contracts.StoredValue`; breaks only what a fault breaks on purpose.

    `presented` is what the driver holds in memory: a power cut forgets it, with `forget_all`.
    """

    def __init__(
        self,
        name: str,
        kind: DeviceKind,
        events: deque[DeviceEvent],
        numbers: dict[str, int],
        books: Books | None = None,
    ) -> None:
        super().__init__(name, events)
        self.kind = kind
        self.books = books or Books()
        self.numbers = dict(numbers)
        self.presented: dict[str, str] = {}
        self.answers = True
        """Whether the issuer can be heard; otherwise what is done is done, and nobody knows."""
        self.heard = True
        """Whether the kiosk's driver hears anything at all; else it says nothing."""
        self.reversal_works = True
        self.takes: int | None = None
        """What it takes instead of what was asked, once."""
        self.charges = self.asks = self.reversals = self.refunds = 0
        self._restore()

    def _restore(self) -> None:
        """What the books have taken is not on the numbers any more."""
        for entry in self.books.taken():
            _, _, number = entry.transaction_id.partition("/")
            if number in self.numbers:
                self.numbers[number] -= entry.charged_minor

    def forget_all(self) -> None:
        self.presented.clear()

    # --- the port --------------------------------------------------------------------------

    def present(self, value: PresentedValue) -> None:
        self.presented[value.attempt_id] = value.number
        minor = self.numbers.get(value.number)
        state = ValueState.NO_ANSWER if not self.answers else (
            ValueState.NOT_KNOWN if minor is None
            else ValueState.GOOD if minor
            else ValueState.USED if self.kind is DeviceKind.VOUCHER
            else ValueState.EMPTY
        )  # fmt: skip
        good = state is ValueState.GOOD
        self._post(
            ValueRead(
                device=self.name,
                attempt_id=value.attempt_id,
                state=state,
                balance_minor=minor or 0 if good else 0,
                currency="NOK" if good else "",
                last_four=value.number[-4:],
            )
        )

    def forget(self, attempt_id: str) -> None:
        self.presented.pop(attempt_id, None)

    def charge(self, request: ChargeRequest) -> None:
        assert request.service_id not in self.books.entries, "a service id came twice"
        self.charges += 1
        number = self.presented.pop(request.attempt_id, None)
        if number is None:
            self._say(request, _none(request, PaymentOutcome.CANCELLED, "NothingPresented"))
            return
        minor = min(request.amount_minor, self.numbers[number])
        if self.takes is not None:
            minor, self.takes = self.takes, None
        if minor <= 0:
            self._say(request, _none(request, PaymentOutcome.DECLINED, "empty"))
            return
        self.numbers[number] -= minor
        entry = Entry(
            request.service_id, request.sale_id, request.amount_minor, request.currency,
            "approved", f"{request.attempt_id}/{number}", minor,
        )  # fmt: skip
        self.books.write(entry)
        self._say(request, result_of(entry))

    def abort(self, attempt_id: str, service_id: str) -> None:
        """It is over before anybody can wish."""

    def ask(self, request: ChargeRequest) -> None:
        self.asks += 1
        entry = self.books.entries.get(request.service_id)
        if entry is None:
            self._say(request, _none(request, PaymentOutcome.CANCELLED, "Closed"))
        else:
            self._say(request, result_of(entry))

    def reverse(self, request: ReversalRequest) -> None:
        self.reversals += 1
        entry = self.books.of_transaction(request.transaction_id)
        if entry is not None and self.reversal_works and entry.state != "reversed":
            entry.state = "reversed"
            self.books.write(entry)
            self.numbers[entry.transaction_id.split("/")[1]] += entry.charged_minor
        self._post(
            ReversalAnswered(
                device=self.name,
                attempt_id=request.attempt_id,
                done=entry is not None and self.reversal_works,
            )
        )

    def refund(self, request: RefundRequest) -> None:
        """Put all of it back; a part is declined, as by the issuers that there are."""
        assert request.service_id not in self.books.entries, "a service id came twice"
        self.refunds += 1
        paid = self.books.of_transaction(request.transaction_id)
        assert paid is not None
        assert request.given_before_minor == 0 or not request.whole
        entry = Entry(request.service_id, request.sale_id, request.amount_minor, request.currency)
        entry.of_transaction_id = paid.transaction_id
        entry.state = "refunded" if request.whole else "declined"
        if request.whole:
            assert not self.books.refunds(paid.transaction_id), "given back twice"
            entry.charged_minor = paid.charged_minor
            self.numbers[paid.transaction_id.split("/")[1]] += paid.charged_minor
        entry.transaction_id = f"R{len(self.books.entries):04d}"
        self.books.write(entry)
        self.ask_refund(request)

    def ask_refund(self, request: RefundRequest) -> None:
        entry = self.books.entries.get(request.service_id)
        if not self.answers:
            result = unknown(request.service_id)
        else:
            result = not_found(request.service_id) if entry is None else result_of(entry)
        self._post(RefundAnswered(device=self.name, attempt_id=request.attempt_id, result=result))

    def _say(self, request: ChargeRequest, result: PaymentResult) -> None:
        told = result if self.answers else unknown(request.service_id)
        self._post(PaymentAnswered(device=self.name, attempt_id=request.attempt_id, result=told))

    def _post(self, event: DeviceEvent) -> None:
        if self.heard:
            self.events.append(event)


def _none(request: ChargeRequest, outcome: PaymentOutcome, reason: str) -> PaymentResult:
    return PaymentResult(service_id=request.service_id, outcome=outcome, reason=reason)


def gift_cards(events: deque[DeviceEvent], folder: Path | None = None) -> ValueModel:
    books = Books(folder / "giftcards.jsonl") if folder else None
    deck = {GIFT_CARD: 5_000, SMALL_CARD: 1_000, "6338000000000000030": 0}
    return ValueModel("giftcard-1", DeviceKind.GIFT_CARD, events, deck, books)


def vouchers(events: deque[DeviceEvent], folder: Path | None = None) -> ValueModel:
    books = Books(folder / "vouchers.jsonl") if folder else None
    slips = {SLIP: 3_400, OTHER_SLIP: 500, LARGE_SLIP: 99_900}
    return ValueModel("voucher-1", DeviceKind.VOUCHER, events, slips, books)
