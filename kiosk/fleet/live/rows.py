"""One kiosk's row of the table, from what it reports. Pure; a row has the names of KioskRow."""

from collections.abc import Mapping
from typing import Any, Final

from kiosk.fleet.api.types import Condition, KioskRow
from kiosk.telemetry.messages import Birth, Health, Intervention, LineBrief, Mode, State

Row = dict[str, Any]
REMOTE: Final = "remote"
ORDER: Final = {condition.value: place for place, condition in enumerate(Condition)}
_EMPTY: Final = KioskRow(key="a/a/a", tenant="a", store="a", kiosk="a", name="").model_dump(
    mode="json"
)


def empty_row(key: str) -> Row:
    """Return the row of a kiosk that has said nothing yet."""
    tenant, store, kiosk = key.split("/")
    fresh: Row = {"waiting": [], "devices": {}}
    named = {"key": key, "tenant": tenant, "store": store, "kiosk": kiosk, "name": kiosk}
    return _EMPTY | fresh | named


def of_birth(birth: Birth) -> Row:
    """Return the fields that a birth message gives."""
    versions = birth.versions
    fields: Row = {
        "currency": birth.currency,
        "software": versions.get("software", ""),
        "software_failed": versions.get("software_failed", ""),
        "catalog": versions.get("catalog", ""),
        "config": versions.get("config", ""),
    }
    if birth.till:
        fields["name"] = birth.till
    return fields


def of_state(state: State) -> Row:
    """Return the fields that a state message gives. A lost kiosk keeps what it last showed."""
    if not state.online and state.mode == Mode.LOST:
        return {"online": False, "mode": state.mode}
    return {
        "online": state.online,
        "mode": state.mode,
        "phase": state.phase,
        "screen": state.screen,
        "sale_id": state.sale_id,
        "item_count": state.item_count,
        "total_minor": state.total_minor,
        "currency": state.currency,
        "since_at": state.since_at,
        "attendant": state.attendant,
        "waiting": list(state.waiting),
        "devices": dict(state.devices),
        "paper": state.paper,
        "fault": state.fault,
        "opens_at": state.opens_at,
    }


def of_health(health: Health) -> Row:
    """Return the fields that a health message gives; versions change with an update."""
    fields: Row = {
        name: health.versions[name]
        for name in ("software", "catalog", "config")
        if health.versions.get(name)
    }
    if health.devices:
        fields["devices"] = dict(health.devices)
    if health.paper:
        fields["paper"] = health.paper
    return fields


def judged(row: Row, severity: str, rule: str, *, updating: bool) -> Row:
    """Return condition and reason: how the kiosk is, in one word, and why."""
    condition = Condition.FINE
    if row["waiting"] and row["online"]:
        condition = Condition.WAITING
    elif severity == "bad" and row["online"] and rule != "offline":
        condition = Condition.TROUBLE
    elif not row["online"] or rule == "offline":
        condition = Condition.OFFLINE
    elif row["mode"] == Mode.OUT_OF_ORDER:
        condition = Condition.TROUBLE
    elif severity:
        condition = Condition.WARNING
    elif updating:
        condition = Condition.UPDATING
    elif row["mode"] == Mode.PAUSED:
        condition = Condition.PAUSED
    elif row["mode"] == Mode.CLOSED:
        condition = Condition.CLOSED
    return {"condition": condition.value, "reason": rule}


def line_of(line: LineBrief) -> dict[str, Any]:
    """Return a line as the API has it."""
    return {
        "line_id": line.line_id,
        "name": line.name,
        "picture": line.picture,
        "category": line.category,
        "quantity": line.quantity,
        "weight_g": line.weight_g,
        "amount_minor": line.amount_minor,
        "flags": list(line.flags),
    }


def name_shown(where: str, attendant_id: str, people: Mapping[str, str]) -> str:
    """Return the name of who decided from here. A kiosk's own staff have ids of their own."""
    return people.get(attendant_id, "") if where == REMOTE else ""


def call_of(
    key: str, name: str, message: Intervention, people: Mapping[str, str]
) -> dict[str, Any]:
    """Return an intervention as the API has it; `people` are names shown, by user name."""
    settled = message.settled
    return {
        "id": message.id,
        "key": key,
        "kiosk_name": name,
        "sale_id": message.sale_id,
        "kind": message.kind,
        "policy": message.policy,
        "reason": message.reason,
        "line": line_of(message.line) if message.line else None,
        "currency": message.sale.currency,
        "raised_at": message.raised_at,
        "remote_ok": message.remote_ok,
        "may_refuse": message.may_refuse,
        "seen_by": message.seen_by,
        "lines": [line_of(line) for line in message.sale.lines],
        "total_minor": message.sale.total_minor,
        "item_count": message.sale.item_count,
        "settled": None
        if settled is None
        else {
            "approved": settled.approved,
            "attendant_id": settled.attendant_id,
            "name": name_shown(settled.where, settled.attendant_id, people),
            "where": settled.where,
            "reason": settled.reason,
            "resolved_at": settled.resolved_at,
        },
    }
