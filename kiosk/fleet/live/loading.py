"""The picture as the database remembers it, for the first moment after a start."""

from dataclasses import dataclass, field
from typing import Any

import msgspec
from sqlalchemy import Connection, select, update

from kiosk.fleet.live import rows as r
from kiosk.fleet.live.picture import Picture
from kiosk.fleet.store import tables as t
from kiosk.fleet.store.database import Database
from kiosk.fleet.times import text_of
from kiosk.telemetry.messages import Birth, Intervention, State
from kiosk.telemetry.topics import Address, Channel, Place


def load(database: Database, picture: Picture) -> None:
    """Fill the picture with kiosks and open calls; the broker's messages then correct it."""
    k, i = t.kiosk.c, t.intervention.c
    with database.read() as db:
        for row in db.execute(select(t.kiosk)):
            fields: r.Row = {"group": row.grp, "last_heard_at": text_of(row.last_heard_us)}
            if row.birth:
                fields |= r.of_birth(msgspec.convert(row.birth, Birth))
            if row.state:
                fields |= r.of_state(msgspec.convert(row.state, State))
            picture.load(row.key, fields)
        calls = select(k.key, i.message).join(t.kiosk)
        calls = calls.where(i.resolved_us.is_(None), i.message.is_not(None))
        for key, message in db.execute(calls):
            call = msgspec.convert(message, Intervention)
            place = Place(Address.parse(key), Channel.INTERVENTION, call.id)
            picture.heard(place, call, call.at_utc)


@dataclass(frozen=True, slots=True)
class Kept:
    """What the database has of one kiosk."""

    birth: dict[str, Any] = field(default_factory=dict)
    health: dict[str, Any] = field(default_factory=dict)
    first_heard_at: str = ""
    stored_seq: int = 0
    attached: dict[str, str] = field(default_factory=dict)


def kept(database: Database, key: str) -> Kept:
    """Return what the database has of one kiosk; empty when it has nothing yet."""
    with database.read() as db:
        row = db.execute(select(t.kiosk).where(t.kiosk.c.key == key)).one_or_none()
        if row is None:
            return Kept()
        journal = select(t.journal.c.stored_through).where(t.journal.c.kiosk_no == row.no)
        newest = journal.order_by(t.journal.c.no.desc()).limit(1)
        stored = db.execute(newest).scalar_one_or_none()
        attached = select(t.attachment.c.kind, t.attachment.c.at_us)
        attached = attached.where(t.attachment.c.kiosk_no == row.no)
        times = {kind: text_of(at_us) for kind, at_us in db.execute(attached)}
    return Kept(row.birth or {}, row.health or {}, text_of(row.first_heard_us), stored or 0, times)


def set_group(db: Connection, key: str, group: str) -> None:
    """Write a kiosk's group down."""
    db.execute(update(t.kiosk).where(t.kiosk.c.key == key).values(grp=group))
