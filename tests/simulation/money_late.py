"""Payments that are approved when all have given them up: staff were wrong, or the provider was.

An entry that books call cancelled becomes a payment: of an attendant's "not paid" silently or with
an answer, of what the provider itself had called cancelled with an answer, since nothing else
could ever tell. An answer that the power swallows is told again in the end.
"""

from drivers.contracts import DeviceEvent, PaymentAnswered
from kiosk.engine import messages as m
from kiosk.sale.attempts import attempt_of
from kiosk.sale.evolve import replay
from tests.engine.models import Entry, result_of
from tests.simulation.money_bench import MoneyBench
from tests.simulation.store import Store

NEWEST = 6
"""So far back among the cancelled payments one may turn out to have been made."""


class LateApprovals(Store):
    """What happens to payments of sales that are over, put before what shoppers do."""

    bench: MoneyBench  # type: ignore[assignment]
    announced: list[DeviceEvent]

    def peace(self) -> None:
        """Whoever took money says so once more, where the kiosk may not have heard it."""
        super().peace()
        self.bench.world.events.extend(self.announced)
        self._alive(self.bench.pump)

    def _morning(self) -> None:
        super()._morning()
        self._alive(self._staff_see_to_late_money)

    def _somebody_is_charged_late(self) -> None:
        entries = self.bench.world.books.entries.values()
        given_up = [one for one in entries if one.attempt_id and one.state == "cancelled"]
        if not given_up:
            return
        entry = self.random.choice(given_up[-NEWEST:])
        only_staff_said_so = self._is_unconfirmed(entry)
        entry.state = "approved"
        entry.charged_minor = entry.amount_minor
        entry.transaction_id = f"LATE-{entry.service_id}"
        if only_staff_said_so and self.random.random() < 0.5:
            return
        told = PaymentAnswered(device="late", attempt_id=entry.attempt_id, result=result_of(entry))
        self.announced.append(told)
        self.bench.world.events.append(told)

    def _is_unconfirmed(self, entry: Entry) -> bool:
        sale = replay(self.bench.journal.events_of(entry.sale_id))
        attempt = attempt_of(sale, entry.attempt_id)
        return attempt is not None and attempt.unconfirmed

    def _staff_see_to_late_money(self) -> None:
        """Give back by hand what could not go back by itself, and say so."""
        for call in [call for call in self.bench.view.waiting if call.sale_id]:
            sale = replay(self.bench.journal.events_of(call.sale_id))
            attempt = next(one for one in sale.attempts if call.detail.endswith(one.id))
            self.bench.world.books.entries[attempt.service_id].state = "reversed"
            self.bench.send(m.StaffSettled(call.id, approved=True, attendant_id="A7"))
