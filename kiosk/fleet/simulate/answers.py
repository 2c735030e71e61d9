"""How a simulated kiosk answers commands: as a real one, signature and expiry checked."""

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING, Final

import msgspec

from kiosk.telemetry import messages as m
from kiosk.telemetry.signing import BadSignature
from kiosk.telemetry.topics import Channel

if TYPE_CHECKING:
    from kiosk.fleet.simulate.kiosk import SimulatedKiosk

PNG: Final = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010804000000b51c0c02"
    "0000000b4944415478da6364f80f00010501012718e3660000000049454e44ae426082"
)
"""One pixel: a simulated kiosk has no glass."""
REMEMBERED: Final = 100


def answer(kiosk: "SimulatedKiosk", payload: bytes, seen: dict[str, m.Reply]) -> m.Reply:
    """Return the reply to a command, having done what it says."""
    now = kiosk.stamp()
    try:
        command = m.decode(Channel.COMMAND, payload)
        if not isinstance(command, m.Command):
            return m.Reply(at_utc=now, id="", verdict=m.Verdict.UNKNOWN)
        trust = kiosk.wire.trust
        order = trust.order(command) if trust else msgspec.json.decode(command.body, type=m.Order)
    except (m.Junk, m.OtherMajor, msgspec.ValidationError):
        return m.Reply(at_utc=now, id="", verdict=m.Verdict.UNKNOWN)
    except BadSignature:
        return m.Reply(at_utc=now, id="", verdict=m.Verdict.UNSIGNED)
    if order.id in seen:
        verdict = seen[order.id].verdict
        return m.Reply(at_utc=now, id=order.id, verdict=m.Verdict.REPLAYED, detail=verdict)
    if f"{order.tenant}/{order.store}/{order.kiosk}" != str(kiosk.address):
        return m.Reply(at_utc=now, id=order.id, verdict=m.Verdict.FOREIGN)
    if datetime.fromisoformat(order.expires_at) < kiosk.wire.now():
        return m.Reply(at_utc=now, id=order.id, verdict=m.Verdict.EXPIRED)
    reply = _done(kiosk, order, now)
    seen[order.id] = reply
    if len(seen) > REMEMBERED:
        del seen[next(iter(seen))]
    return reply


def _done(kiosk: "SimulatedKiosk", order: m.Order, now: str) -> m.Reply:
    args = order.args
    match order.kind:
        case m.CommandKind.DECIDE:
            return _decided(kiosk, order, now)
        case m.CommandKind.PAUSE:
            kiosk.paused = bool(args.get("on", True))
        case m.CommandKind.OPEN:
            kiosk.paused = False
        case m.CommandKind.CLOSE:
            kiosk.paused = True
        case m.CommandKind.RESEND:
            kiosk.diary.resend(int(args.get("after_seq", 0)))
        case m.CommandKind.SCREENSHOT:
            return m.Reply(at_utc=now, id=order.id, verdict=m.Verdict.DONE, png=PNG)
        case m.CommandKind.LOGS:
            lines = [f"{now} simulated line {number}" for number in range(20)]
            return m.Reply(at_utc=now, id=order.id, verdict=m.Verdict.DONE, lines=lines)
    return m.Reply(at_utc=now, id=order.id, verdict=m.Verdict.DONE)


def _decided(kiosk: "SimulatedKiosk", order: m.Order, now: str) -> m.Reply:
    waiting: asyncio.Future[m.Settled] | None
    call_id, approved = str(order.args.get("intervention_id", "")), bool(order.args.get("approved"))
    waiting = kiosk.calls.get(call_id)
    if waiting is None:
        return m.Reply(at_utc=now, id=order.id, verdict=m.Verdict.NO_SUCH)
    if approved and call_id in kiosk.only_here and not waiting.done():
        return m.Reply(at_utc=now, id=order.id, verdict=m.Verdict.ONLY_HERE)
    verdict = m.Verdict.STANDS
    if not waiting.done():
        verdict = m.Verdict.TAKEN
        waiting.set_result(
            m.Settled(
                approved=approved,
                attendant_id=order.actor,
                where="remote",
                resolved_at=now,
            )
        )
    settled = waiting.result()
    return m.Reply(
        at_utc=now,
        id=order.id,
        verdict=verdict,
        approved=settled.approved,
        attendant_id=settled.attendant_id,
        where=settled.where,
        resolved_at=settled.resolved_at,
    )
