"""Commands as the API tells of them. `names` are people's names shown, by user name."""

from collections.abc import Mapping
from typing import Any

from kiosk.fleet.api.types import CommandStatus
from kiosk.fleet.ingest.replies import answer_of
from kiosk.fleet.live.rows import name_shown
from kiosk.fleet.times import text_of
from kiosk.telemetry.messages import Order, Reply


def status_of(
    order: Order, key: str, names: Mapping[str, str], reply: Reply | None = None, at_us: int = 0
) -> CommandStatus:
    """Return how an order stands, once it was sent or answered."""
    return CommandStatus(
        id=order.id,
        key=key,
        kind=order.kind,
        state="answered" if reply else "sent",
        verdict=reply.verdict if reply else "",
        detail=reply.detail if reply else "",
        actor=order.actor,
        issued_at=order.issued_at,
        expires_at=order.expires_at,
        answered_at=text_of(at_us) if reply else "",
        data=_named(answer_of(reply), names) if reply else {},
    )


def status_in(row: Any, now_us: int, names: Mapping[str, str]) -> CommandStatus:
    """Return how a command in the database stands."""
    unanswered = "sent" if now_us < row.expires_us else "expired"
    return CommandStatus(
        id=row.id,
        key=row.key,
        kind=row.kind,
        state=unanswered if row.answered_us is None else "answered",
        verdict=row.verdict,
        detail=row.detail,
        actor=row.actor,
        issued_at=text_of(row.issued_us),
        expires_at=text_of(row.expires_us),
        answered_at=text_of(row.answered_us),
        data=_named(row.data or {}, names),
    )


def _named(data: dict[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    if not data:
        return data
    name = name_shown(str(data.get("where", "")), str(data.get("attendant_id", "")), names)
    return data | {"name": name}
