"""The fleet's present state in memory: rows of kiosks, open calls for people.

Rebuilt at start from the database, then kept by what the broker sends (retained messages first), so
a change is on the screens without a way through the database. One lock; every method is short.
"""

import threading
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from kiosk.fleet.access.rights import may_see, stores_of
from kiosk.fleet.api.types import Condition, User
from kiosk.fleet.live import rows as r
from kiosk.fleet.live.feed import Feed
from kiosk.fleet.live.rows import Row
from kiosk.fleet.live.search import Wanted, look
from kiosk.telemetry.messages import Birth, Health, Intervention, State
from kiosk.telemetry.topics import Place


class Picture:
    """How the fleet stands now."""

    def __init__(self, feed: Feed, people: Mapping[str, str] = MappingProxyType({})) -> None:
        self._feed = feed
        self._people = people
        self._rows: dict[str, Row] = {}
        self._births: dict[str, Birth] = {}
        self._healths: dict[str, Health] = {}
        self._calls: dict[tuple[str, str], dict[str, Any]] = {}
        self._alerts: dict[str, tuple[str, str]] = {}
        self._updating: set[str] = set()
        self._lock = threading.RLock()

    # --- what comes in ---------------------------------------------------------------------------

    def load(self, key: str, fields: Row) -> None:
        """Take a kiosk from the database, before the first message."""
        with self._lock:
            self._rows[key] = r.empty_row(key) | fields
            self._judge(key)

    def heard(self, place: Place, message: object, at_utc: str) -> None:
        """Take what a kiosk says; other kinds of message are not for the picture."""
        key = str(place.address)
        with self._lock:
            match message:
                case Birth():
                    self._births[key] = message
                    self._change(key, {**r.of_birth(message), "last_heard_at": at_utc})
                case State():
                    fields = r.of_state(message)
                    if message.online:
                        fields["last_heard_at"] = at_utc
                    self._change(key, fields)
                case Health():
                    self._healths[key] = message
                    self._change(key, {**r.of_health(message), "last_heard_at": at_utc})
                case Intervention():
                    self._call(key, message)
                case None if place.intervention_id:
                    self._gone(key, place.intervention_id)

    def set_fields(self, key: str, fields: Row) -> None:
        """Change fields that the kiosk does not say itself: its group, its sales of today."""
        with self._lock:
            if key in self._rows:
                self._change(key, fields)

    def set_alerts(self, worst: dict[str, tuple[str, str]]) -> None:
        """Say which kiosks have open alerts: key to severity and rule of the worst."""
        with self._lock:
            touched = set(self._alerts) | set(worst)
            self._alerts = worst
            for key in touched & self._rows.keys():
                self._change(key, {})

    def set_updating(self, keys: set[str]) -> None:
        """Say which kiosks have been told of a version that they do not run yet."""
        with self._lock:
            touched, self._updating = self._updating ^ keys, keys
            for key in touched & self._rows.keys():
                self._change(key, {})

    # --- what is asked ---------------------------------------------------------------------------

    def knows(self, key: str) -> bool:
        """Return whether there is such a kiosk."""
        return key in self._rows

    def row(self, key: str) -> Row:
        """Return a copy of a kiosk's row; KeyError when there is none."""
        with self._lock:
            return dict(self._rows[key])

    def rows(self, user: User | None = None) -> list[Row]:
        """Return copies of the rows that the user may see; None sees all."""
        with self._lock:
            return [dict(row) for row in self._seen(user)]

    def said(self, key: str) -> tuple[Birth | None, Health | None]:
        """Return the newest birth and health of a kiosk."""
        with self._lock:
            return self._births.get(key), self._healths.get(key)

    def healths(self) -> dict[str, Health]:
        """Return the newest health of all kiosks."""
        with self._lock:
            return dict(self._healths)

    def page(self, user: User, wanted: Wanted) -> dict[str, Any]:
        """Return a part of the table, as `KioskPage` has it, with the stream's position before."""
        position = self._feed.position()
        with self._lock:
            total, counts, page = look(self._seen(user), wanted)
            copies = [dict(row) for row in page]
        return {"total": total, "counts": counts, "kiosks": copies, "position": position}

    def calls(self, user: User | None, store: str = "") -> list[dict[str, Any]]:
        """Return open calls that the user may see, the longest waiting first."""
        with self._lock:
            found = [
                call
                for (key, _), call in self._calls.items()
                if (user is None or may_see(user, key))
                and (not store or key.startswith(store + "/"))
            ]
        return sorted(found, key=lambda call: str(call["raised_at"]))

    def intervention(self, key: str, intervention_id: str) -> dict[str, Any] | None:
        """Return an open call."""
        with self._lock:
            return self._calls.get((key, intervention_id))

    def stores(self, user: User) -> list[dict[str, Any]]:
        """Return the stores that the user may see, with sums over their kiosks."""
        found: dict[str, dict[str, Any]] = {}
        with self._lock:
            for row in self._seen(user):
                key = f"{row['tenant']}/{row['store']}"
                one = found.setdefault(key, _empty_store(key, row))
                one["kiosks"] += 1
                one["online"] += row["online"]
                one["waiting"] += row["condition"] == Condition.WAITING
                one["troubles"] += row["condition"] in (Condition.TROUBLE, Condition.OFFLINE)
                one["sales_today"] += row["sales_today"]
                one["sales_today_minor"] += row["sales_today_minor"]
                one["currency"] = one["currency"] or row["currency"]
                birth = self._births.get(row["key"])
                if birth is not None and birth.shop:
                    one["name"] = birth.shop
        return [found[key] for key in sorted(found)]

    # --- inside the lock -------------------------------------------------------------------------

    def _seen(self, user: User | None) -> Iterable[Row]:
        if user is None or stores_of(user) is None:
            return self._rows.values()
        return [row for key, row in self._rows.items() if may_see(user, key)]

    def _change(self, key: str, fields: Row) -> None:
        row = self._rows.get(key)
        fresh = row is None
        if row is None:
            row = self._rows[key] = r.empty_row(key)
        changed = {name: value for name, value in fields.items() if row[name] != value}
        row.update(changed)
        changed |= self._judge(key)
        if fresh:
            self._feed.changed(key, row)
        elif changed:
            self._feed.changed(key, changed)

    def _judge(self, key: str) -> Row:
        row = self._rows[key]
        severity, rule = self._alerts.get(key, ("", ""))
        judged = r.judged(row, severity, rule, updating=key in self._updating)
        changed = {name: value for name, value in judged.items() if row[name] != value}
        row.update(changed)
        return changed

    def _call(self, key: str, message: Intervention) -> None:
        name = self._rows[key]["name"] if key in self._rows else key.rpartition("/")[2]
        call = r.call_of(key, name, message, self._people)
        if message.settled is None:
            self._calls[key, message.id] = call
        else:
            self._calls.pop((key, message.id), None)
        self._feed.say("interventions", call)

    def _gone(self, key: str, intervention_id: str) -> None:
        call = self._calls.pop((key, intervention_id), None)
        if call is not None:
            settled = {"approved": False, "attendant_id": "", "where": "itself", "reason": "gone"}
            self._feed.say("interventions", {**call, "settled": {**settled, "resolved_at": ""}})


def _empty_store(key: str, row: Row) -> dict[str, Any]:
    numbers = dict.fromkeys(
        ("kiosks", "online", "waiting", "troubles", "sales_today", "sales_today_minor"), 0
    )
    named = {"key": key, "tenant": row["tenant"], "store": row["store"], "name": row["store"]}
    return {**named, **numbers, "currency": row["currency"]}
