"""What rows of a journal say about sales, payments and interventions. Pure.

Each row adds what it knows to a fact; facts of the same thing are merged field by field, so rows
may come in any order and any number of times. Kinds of event that are not listed here are stored
and left alone: a kiosk may be newer than its fleet.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta

from kiosk.fleet.times import us_of_text
from kiosk.telemetry.messages import Row

Key = tuple[int | str, ...]
Fact = dict[str, Any]
Code = Annotated[str, Meta(max_length=80)]
Minor = Annotated[int, Meta(ge=-(2**53), le=2**53)]


class _Started(msgspec.Struct):
    currency: Code
    training: bool = False


class _Completed(msgspec.Struct):
    total_minor: Minor
    receipt_number: Annotated[int, Meta(ge=0, le=2**53)] = 0
    series: Code = "sale"


class _Returned(msgspec.Struct):
    original_sale_id: Code


class _Aborted(msgspec.Struct):
    amount_minor: Minor = 0


class _Requested(msgspec.Struct):
    attempt_id: Code
    method: Code
    amount_minor: Minor


class _Settled(msgspec.Struct):
    attempt_id: Code
    outcome: Code


class _Reversed(msgspec.Struct):
    attempt_id: Code
    done: bool


class _Raised(msgspec.Struct):
    intervention_id: Code
    kind: Code
    policy: Code


class _Resolved(msgspec.Struct):
    intervention_id: Code
    approved: bool
    attendant_id: Code = ""
    where: Code = ""
    reason: str = ""


_DECODERS: Final[dict[str, msgspec.json.Decoder[Any]]] = {
    "SaleStarted": msgspec.json.Decoder(_Started),
    "SaleCompleted": msgspec.json.Decoder(_Completed),
    "SaleAborted": msgspec.json.Decoder(_Aborted),
    "LineReturned": msgspec.json.Decoder(_Returned),
    "PaymentRequested": msgspec.json.Decoder(_Requested),
    "PaymentSettled": msgspec.json.Decoder(_Settled),
    "ReversalSettled": msgspec.json.Decoder(_Reversed),
    "InterventionRaised": msgspec.json.Decoder(_Raised),
    "InterventionResolved": msgspec.json.Decoder(_Resolved),
}


@dataclass
class Facts:
    """Facts of a batch, by the keys of their tables."""

    sales: dict[Key, Fact] = field(default_factory=dict)
    payments: dict[Key, Fact] = field(default_factory=dict)
    interventions: dict[Key, Fact] = field(default_factory=dict)
    unread: Counter[str] = field(default_factory=Counter)
    """Rows of a known kind that could not be read, by kind: stored all the same."""

    def add(self, kiosk_no: int, rows: Iterable[Row]) -> None:
        """Take in rows of one kiosk."""
        for row in rows:
            decoder = _DECODERS.get(row.kind)
            if decoder is None:
                continue
            try:
                self._add(kiosk_no, row, decoder.decode(row.body))
            except (msgspec.DecodeError, ValueError):
                self.unread[row.kind] += 1

    def _add(self, kiosk_no: int, row: Row, body: Any) -> None:
        at_us = us_of_text(row.at_utc)
        sale: Key = (kiosk_no, row.sale_id)
        match body:
            case _Started():
                new = {"started_us": at_us, "currency": body.currency, "training": body.training}
                _merge(self.sales, sale, new)
            case _Completed():
                new = {"ended_us": at_us, "completed": True, "total_minor": body.total_minor}
                new |= {"series": body.series, "receipt_number": body.receipt_number}
                _merge(self.sales, sale, new)
            case _Returned():
                _merge(self.sales, sale, {"returns_of": body.original_sale_id})
            case _Aborted():
                new = {"ended_us": at_us, "completed": False, "total_minor": body.amount_minor}
                _merge(self.sales, sale, new)
            case _Requested():
                new = {"method": body.method, "amount_minor": body.amount_minor}
                _merge(self.payments, (*sale, body.attempt_id), new)
            case _Settled():
                self._settled((*sale, body.attempt_id), body.outcome, at_us)
            case _Reversed(done=True):
                # Taken and given back: no money, whatever was said of it before.
                self._settled((*sale, body.attempt_id), "reversed", at_us)
            case _Raised():
                new = {"sale_id": row.sale_id, "kind": body.kind, "policy": body.policy}
                _merge(
                    self.interventions,
                    (kiosk_no, body.intervention_id),
                    {**new, "raised_us": at_us},
                )
            case _Resolved():
                new = {
                    "resolved_us": at_us,
                    "approved": body.approved,
                    "attendant_id": body.attendant_id,
                    "place": body.where,
                    "reason": body.reason[:500],
                }
                _merge(self.interventions, (kiosk_no, body.intervention_id), new)

    def _settled(self, key: Key, outcome: str, at_us: int) -> None:
        # UNKNOWN may be followed by the truth: the later word counts, whichever comes first.
        before = self.payments.get(key, {}).get("settled_us") or 0
        if at_us >= before:
            _merge(self.payments, key, {"outcome": outcome, "settled_us": at_us})


def _merge(facts: dict[Key, Fact], key: Key, new: Fact) -> None:
    facts.setdefault(key, {}).update(new)
