"""State and interventions, as the broker keeps them for whoever comes to look.

Only what stands now is told: what changed and changed back in between is in the events. A message
about an intervention stays with the broker until it is settled, over restarts and over days without
a network; then one last message says how it ended, and an empty one clears the place.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

import msgspec

from kiosk.engine.clock import NS_PER_S, Clock, utc_text
from kiosk.engine.view import View
from kiosk.journal import JournalError
from kiosk.sale.events import Event, Interest, InterventionResolved
from kiosk.telemetry.messages import Intervention, Settled, State, encode
from kiosk.telemetry.outbox import Outbox
from kiosk.telemetry.reports import intervention_of, mode_of, phase_of, state_of
from kiosk.telemetry.topics import Address, BadTopic, Channel

STATE_EVERY_S: Final = 0.25
"""At most four states a second."""
SALE_EVERY_S: Final = 1.0
"""How often the sale behind an open intervention is told anew, while somebody shops on."""


class Sales(Protocol):
    """Where it is written how things ended: the journal, opened for reading only."""

    def events_of(self, sale_id: str) -> list[Event]:
        """Return the events of a sale; raises JournalError."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message to be kept by the broker, or to clear what it keeps (an empty payload)."""

    topic: str
    payload: bytes
    retain: bool = True


class Board:
    """What of a view must be told, compared with what was told. Of one thread."""

    def __init__(
        self,
        address: Address,
        outbox: Outbox,
        sales: Sales,
        clock: Clock,
        *,
        currency: str,
        only_here: frozenset[Interest],
        ahead: timedelta = timedelta(0),
    ) -> None:
        """`ahead` is how far the kiosk's own clock is ahead of `clock`, on a bench that begins at
        another hour: boards count seconds by the store's time."""
        self._address = address
        self._outbox = outbox
        self._sales = sales
        self._clock = clock
        self._currency = currency
        self._only_here = only_here
        self._ahead = ahead
        self._told: State | None = None
        self._calls: dict[str, Intervention] = {}
        self._open = outbox.retained()
        """What the broker keeps, of earlier lives too: intervention to sale."""
        self._clearing: set[str] = set()
        """Told how they ended; the broker has not said that it cleared the place."""
        self._since: tuple[object, str] = (None, "")
        self._state_ns = 0
        self._call_ns: dict[str, int] = {}
        self._later_ns: int | None = None

    def begin(self) -> None:
        """Tell all anew: the broker may have forgotten, or know only our last will."""
        self._told = None
        self._calls.clear()
        self._call_ns.clear()
        self._clearing.clear()
        self._state_ns = 0

    def due_ns(self) -> int | None:
        """Return when something that was held back may be told; None when nothing is."""
        return self._later_ns

    def changes(self, view: View, devices: Mapping[str, str], paper: str) -> list[Outgoing]:
        """Return what is to be sent now, most urgent first."""
        self._later_ns = None
        return [*self._settled(view), *self._waiting(view), *self._state(view, devices, paper)]

    def last_words(self, mode: str, at_utc: str) -> State:
        """Return the state that says that nobody is there any more, or will be the last will."""
        return State(at_utc=at_utc, online=False, mode=mode, since_at=at_utc)

    def _now(self) -> str:
        return utc_text(self._clock.utc_now())

    def _state(self, view: View, devices: Mapping[str, str], paper: str) -> Iterator[Outgoing]:
        now_utc = self._now()
        what = (mode_of(view), phase_of(view), view.sale_id)
        if self._since[0] != what:
            self._since = (what, now_utc)
        state = state_of(
            view,
            devices=devices,
            paper=paper,
            currency=self._currency,
            since_at=self._since[1],
            at_utc=now_utc,
        )
        if self._told is not None and msgspec.structs.replace(self._told, at_utc=now_utc) == state:
            return
        if self._held_back(self._state_ns):
            return
        self._told = state
        self._state_ns = self._in(STATE_EVERY_S)
        yield Outgoing(self._address.topic(Channel.STATE), encode(state))

    def _waiting(self, view: View) -> Iterator[Outgoing]:
        now_utc = self._now()
        for waiting in view.waiting:
            call = intervention_of(
                waiting,
                view,
                only_here=self._only_here,
                currency=self._currency,
                at_utc=now_utc,
            )
            if self._ahead:
                call = msgspec.structs.replace(call, raised_at=self._by_our_clock(call.raised_at))
            told = self._calls.get(call.id)
            if told is not None and msgspec.structs.replace(told, at_utc=now_utc) == call:
                continue
            if told is not None and self._held_back(self._call_ns.get(call.id, 0)):
                continue
            try:
                topic = self._address.intervention(call.id)
            except BadTopic:
                continue  # ids are our own; one that fits nowhere is still in the events
            self._outbox.retain(call.id, call.sale_id)
            self._open[call.id] = call.sale_id
            self._calls[call.id] = call
            self._call_ns[call.id] = self._in(SALE_EVERY_S)
            yield Outgoing(topic, encode(call))

    def _settled(self, view: View) -> Iterator[Outgoing]:
        still = {call.id for call in view.waiting}
        for intervention_id, sale_id in [*self._open.items()]:
            if intervention_id in still or intervention_id in self._clearing:
                continue
            self._clearing.add(intervention_id)
            told = self._calls.get(intervention_id)
            if told is None:
                now = self._now()
                told = Intervention(
                    at_utc=now, id=intervention_id, sale_id=sale_id, kind="", raised_at=now
                )
            topic = self._address.intervention(intervention_id)
            last = msgspec.structs.replace(told, at_utc=self._now(), settled=self._outcome(told))
            yield Outgoing(topic, encode(last), retain=False)
            yield Outgoing(topic, b"")

    def cleared(self, intervention_id: str) -> None:
        """Take the broker's word that it keeps nothing about an intervention any more."""
        self._clearing.discard(intervention_id)
        self._outbox.release(intervention_id)
        self._open.pop(intervention_id, None)
        self._calls.pop(intervention_id, None)
        self._call_ns.pop(intervention_id, None)

    def _outcome(self, told: Intervention) -> Settled:
        """Return how it ended, as the record says; a call without a sale is in no record."""
        try:
            events = self._sales.events_of(told.sale_id) if told.sale_id else []
        except JournalError:
            events = []
        for event in events:
            if isinstance(event, InterventionResolved) and event.intervention_id == told.id:
                return Settled(
                    approved=event.approved,
                    attendant_id=event.attendant_id,
                    where=event.where,
                    reason=event.reason,
                    resolved_at=self._by_our_clock(event.at_utc),
                )
        return Settled(approved=False, where="itself", resolved_at=self._now())

    def _by_our_clock(self, at_utc: str) -> str:
        return utc_text(datetime.fromisoformat(at_utc) - self._ahead)

    def _held_back(self, until_ns: int) -> bool:
        if self._clock.monotonic_ns() >= until_ns:
            return False
        self._later_ns = until_ns if self._later_ns is None else min(self._later_ns, until_ns)
        return True

    def _in(self, seconds: float) -> int:
        return self._clock.monotonic_ns() + round(seconds * NS_PER_S)
