"""Orders from the store: believed only when signed, in time, for this kiosk, and for once.

What is about the sale goes into the engine's inbox like a touch of the screen, and the engine
decides; what is about the machine is done by hands of its own. Each order is answered once, also
when it is refused. Its id is durable before anything is done: so a repetition does nothing, and an
order whose answer a power cut swallowed has happened at most once.

Whatever comes here can only be refused: junk is counted, a flood is answered `not_now`, and no
more than `PENDING_MAX` orders wait for the engine.
"""

import logging
import re
from collections import deque
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any, Final

import msgspec

from kiosk.engine.clock import NS_PER_S, Clock, utc_text
from kiosk.engine.messages import Message, RemoteOrder
from kiosk.engine.remote_messages import Errand, OrderAnswered
from kiosk.engine.staff_messages import DecisionAnswered, RemoteDecision, StaffSeen
from kiosk.staff import Right
from kiosk.telemetry.messages import Command, CommandKind, Order, Reply, Verdict
from kiosk.telemetry.outbox import Outbox
from kiosk.telemetry.signing import BadSignature, Trust
from kiosk.telemetry.topics import Address

logger = logging.getLogger(__name__)

LIFE_MAX: Final = timedelta(hours=1)
"""No order is good for longer."""
AHEAD_MAX: Final = timedelta(minutes=2)
"""How far the sender's clock may be ahead of ours."""
PENDING_MAX: Final = 16
PATIENCE_S: Final = 10.0
"""How long the engine may take for an answer before FAILED is said."""
PER_S: Final = 20
TEXT_MAX: Final = 200
_CODE: Final = re.compile(r"[a-z_]{0,40}")

RIGHTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        CommandKind.SEEN: Right.DECIDE,
        CommandKind.PAUSE: Right.OPEN_CLOSE,
        CommandKind.OPEN: Right.OPEN_CLOSE,
        CommandKind.CLOSE: Right.OPEN_CLOSE,
        CommandKind.VOID_LINE: Right.CHANGE_LINE,
        CommandKind.VOID_SALE: Right.VOID_SALE,
    }
)
"""What a command needs. A decision's right depends on what it decides: the engine looks at it. The
operator's commands need a right of their own name."""


class BadArguments(Exception):
    """Arguments that are missing or of another kind. The message names the first."""


class CommandDesk:
    """Takes orders and answers them. Of one thread.

    Args:
        tell: Posts a message to the engine; False when there is no room.
        errands: What the machine can do, by kind of command: called with the arguments, each
            returns a reply at once, or None when it answers later by `finish`.
    """

    def __init__(
        self,
        address: Address,
        kiosk_id: str,
        trust: Trust,
        outbox: Outbox,
        clock: Clock,
        *,
        tell: Callable[[Message], bool],
        errands: Mapping[str, Callable[[Order], Reply | None]],
    ) -> None:
        self._address = address
        self._kiosk_id = kiosk_id
        self._trust = trust
        self._outbox = outbox
        self._clock = clock
        self._tell = tell
        self._errands = errands
        self._pending: dict[str, int] = {}
        """Orders that the engine has, and until when it may take."""
        self._lately: deque[int] = deque()
        self.refused_count = 0

    @property
    def capabilities(self) -> list[str]:
        """The kinds of command that are taken here."""
        return sorted({*_TO_ENGINE, *self._errands})

    def take(self, message: Command) -> Reply | None:
        """Act on a command; return the reply, or None when it comes later."""
        try:
            order = self._trust.order(message)
        except BadSignature as error:
            return self._refused("", Verdict.UNSIGNED, str(error))
        except msgspec.ValidationError as error:
            return self._refused("", Verdict.UNKNOWN, str(error)[:TEXT_MAX])
        verdict, detail = self._look_at(order)
        if verdict is not None:
            return self._refused(order.id, verdict, detail)
        if not self._outbox.take(order.id):
            was = self._outbox.verdict_of(order.id) or "unanswered"
            return self._refused(order.id, Verdict.REPLAYED, was)
        reply = self._act(order)
        if reply is not None:
            self._outbox.note_verdict(order.id, reply.verdict)
        return reply

    def _look_at(self, order: Order) -> tuple[Verdict | None, str]:
        """Return why an order is not even tried, or None."""
        meant = (order.tenant, order.store, order.kiosk)
        if meant != (self._address.tenant, self._address.store, self._address.kiosk):
            return Verdict.FOREIGN, f"this is {self._address}"
        now = self._clock.utc_now()
        try:
            issued, expires = _moment(order.issued_at), _moment(order.expires_at)
        except ValueError:
            return Verdict.UNKNOWN, "no such time"
        here = f"the time here is {utc_text(now)}"
        if expires <= now or expires - issued > LIFE_MAX:
            return Verdict.EXPIRED, here
        if issued > now + AHEAD_MAX:
            return Verdict.EXPIRED, f"issued in the future: {here}"
        if issued < _moment(self._outbox.begun_at) - AHEAD_MAX:
            return Verdict.EXPIRED, f"older than this kiosk's memory: {here}"
        if order.kind not in self.capabilities:
            return Verdict.UNKNOWN, f"no command {order.kind!r} here"
        needed = RIGHTS.get(order.kind, "" if order.kind == CommandKind.DECIDE else order.kind)
        if needed and needed not in order.rights:
            return Verdict.NO_RIGHT, needed
        if self._is_flood():
            return Verdict.NOT_NOW, "too many commands"
        return None, ""

    def _is_flood(self) -> bool:
        now_ns = self._clock.monotonic_ns()
        while self._lately and self._lately[0] <= now_ns - NS_PER_S:
            self._lately.popleft()
        if len(self._lately) >= PER_S:
            return True
        self._lately.append(now_ns)
        return False

    def _act(self, order: Order) -> Reply | None:
        try:
            errand = self._errands.get(order.kind)
            if errand is not None:
                return errand(order)
            message = _TO_ENGINE[order.kind](order, self._kiosk_id)
        except BadArguments as error:
            return self._refused(order.id, Verdict.UNKNOWN, str(error))
        answered = not isinstance(message, StaffSeen)
        if answered and len(self._pending) >= PENDING_MAX:
            return self._refused(order.id, Verdict.NOT_NOW, "the kiosk is busy")
        if not self._tell(message):
            return self._refused(order.id, Verdict.NOT_NOW, "the kiosk is busy")
        if not answered:
            return self._reply(order.id, Verdict.DONE)
        self._pending[order.id] = self._clock.monotonic_ns() + round(PATIENCE_S * NS_PER_S)
        return None

    def answered(self, answer: DecisionAnswered | OrderAnswered) -> Reply | None:
        """Return the reply that the engine's answer makes; None when nobody waits for it."""
        order_id = answer.order_id if isinstance(answer, OrderAnswered) else answer.decision_id
        if self._pending.pop(order_id, None) is None:
            return None
        self._outbox.note_verdict(order_id, answer.verdict)
        if isinstance(answer, OrderAnswered):
            return self._reply(order_id, answer.verdict, answer.detail)
        return msgspec.structs.replace(
            self._reply(order_id, answer.verdict),
            approved=answer.approved,
            attendant_id=answer.attendant_id,
            where=answer.where,
            resolved_at=answer.resolved_at or None,
        )

    def finish(self, reply: Reply) -> Reply:
        """Note how an errand ended that took longer."""
        self._outbox.note_verdict(reply.id, reply.verdict)
        return reply

    def overdue(self) -> list[Reply]:
        """Return replies for orders that the engine has had for too long."""
        now_ns = self._clock.monotonic_ns()
        late = [order_id for order_id, until_ns in self._pending.items() if until_ns <= now_ns]
        for order_id in late:
            del self._pending[order_id]
            self._outbox.note_verdict(order_id, Verdict.FAILED)
        return [self._reply(one, Verdict.FAILED, "the kiosk has not answered") for one in late]

    def due_ns(self) -> int | None:
        """Return when `overdue` has something to say."""
        return min(self._pending.values(), default=None)

    def _refused(self, order_id: str, verdict: Verdict, detail: str = "") -> Reply:
        self.refused_count += 1
        logger.warning("telemetry: command %s refused: %s, %s", order_id or "?", verdict, detail)
        return self._reply(order_id, verdict, detail)

    def _reply(self, order_id: str, verdict: str, detail: str = "") -> Reply:
        return Reply(
            at_utc=utc_text(self._clock.utc_now()),
            id=order_id,
            verdict=str(verdict),
            detail=detail[:TEXT_MAX],
        )


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _reason(order: Order) -> str:
    """Return a reason: a code, because it enters the record, where no words of people belong."""
    reason: str = argument(order, "reason", str, "")
    if not _CODE.fullmatch(reason):
        raise BadArguments("reason: expected a code of a-z and _")
    return reason


# --- from arguments to messages -----------------------------------------------------------------


def argument(order: Order, name: str, kind: type, otherwise: Any = None) -> Any:
    """Return an argument of the right kind.

    Raises:
        BadArguments: it is missing, of another kind, or a text that is too long.
    """
    value = order.args.get(name, otherwise)
    right_kind = isinstance(value, kind) and (kind is bool or not isinstance(value, bool))
    if not right_kind or (isinstance(value, str) and len(value) > TEXT_MAX):
        raise BadArguments(f"{name}: expected {kind.__name__}")
    return value


def _decision(order: Order, kiosk_id: str) -> RemoteDecision:
    return RemoteDecision(
        decision_id=order.id,
        kiosk_id=kiosk_id,
        sale_id=argument(order, "sale_id", str, ""),
        intervention_id=argument(order, "intervention_id", str),
        approved=argument(order, "approved", bool),
        attendant_id=order.actor,
        reason=_reason(order),
        rights=frozenset(order.rights),
    )


def _seen(order: Order, _kiosk_id: str) -> StaffSeen:
    name = argument(order, "name", str)
    return StaffSeen(name=name[:40], attendant_id=order.actor)


def _order(errand: Errand) -> Callable[[Order, str], RemoteOrder]:
    def made(order: Order, _kiosk_id: str) -> RemoteOrder:
        about_sale = errand in (Errand.VOID_LINE, Errand.VOID_SALE)
        return RemoteOrder(
            order_id=order.id,
            errand=errand,
            attendant_id=order.actor,
            sale_id=argument(order, "sale_id", str) if about_sale else "",
            line_id=argument(order, "line_id", int) if errand is Errand.VOID_LINE else 0,
            reason=_reason(order),
            on=argument(order, "on", bool, True),
            opens_at=argument(order, "opens_at", str, "")[:5],
        )

    return made


_TO_ENGINE: Final[Mapping[str, Callable[[Order, str], Message]]] = MappingProxyType(
    {
        CommandKind.DECIDE: _decision,
        CommandKind.SEEN: _seen,
        **{CommandKind(errand.value): _order(errand) for errand in Errand},
    }
)
