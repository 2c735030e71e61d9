"""What kiosks say, made short for tests."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec

from kiosk.fleet.ingest.received import Received, read
from kiosk.fleet.live.picture import Picture
from kiosk.telemetry import messages as m
from kiosk.telemetry.topics import Address, Channel, Place

AT = "2026-11-20T12:00:00.000000+00:00"
AT_US = 1_795_176_000_000_000
KIOSK = Address("naermat", "torshov", "kasse-3")


def row(seq: int, event: str = "ItemAdded", /, sale_id: str = "sale-1", **body: Any) -> m.Row:
    return m.Row(
        seq=seq,
        sale_id=sale_id,
        sale_seq=seq,
        kind=event,
        version=1,
        body=msgspec.Raw(msgspec.json.encode({"at_utc": AT, **body})),
        at_utc=AT,
        hash=f"{seq:064x}",
    )


def events(rows: Sequence[m.Row], journal_id: str = "j1") -> m.Events:
    return m.Events(at_utc=AT, journal_id=journal_id, rows=list(rows))


def state(**fields: Any) -> m.State:
    return m.State(**{"at_utc": AT, "since_at": AT, **fields})


def health(**fields: Any) -> m.Health:
    return m.Health(**{"at_utc": AT, **fields})


def birth(**fields: Any) -> m.Birth:
    return m.Birth(**{"at_utc": AT, "kiosk_id": "NT-3", "till": "3", "started_at": AT, **fields})


def call(call_id: str = "call-1", **fields: Any) -> m.Intervention:
    return m.Intervention(
        **{"at_utc": AT, "id": call_id, "kind": "age", "reason": "18", "raised_at": AT, **fields}
    )


CHANNEL = {
    m.State: Channel.STATE,
    m.Health: Channel.HEALTH,
    m.Birth: Channel.BIRTH,
    m.Events: Channel.EVENTS,
    m.Reply: Channel.REPLY,
}


def topic(message: m.Message, address: Address = KIOSK) -> str:
    if isinstance(message, m.Intervention):
        return address.intervention(message.id)
    return address.topic(CHANNEL[type(message)])


def received(message: m.Message, address: Address = KIOSK, at_us: int = AT_US) -> Received:
    """The message as a worker has it, over its real bytes."""
    found = read(topic(message, address), m.encode(message), at_us, Counter())
    assert found is not None
    return found


def say_all(picture: Picture, keys: Iterable[str]) -> None:
    """Let a picture hear of many kiosks."""
    for key in keys:
        address = Address.parse(key)
        picture.heard(Place(address, Channel.BIRTH, ""), birth(), AT)
        picture.heard(Place(address, Channel.STATE, ""), state(), AT)


def until(condition: Callable[[], Any], what: str, timeout_s: float = 90.0) -> Any:
    """Wait for something that another thread or process does; fail with words."""
    end = time.monotonic() + timeout_s
    while not (found := condition()):
        assert time.monotonic() < end, f"after {timeout_s} s still not: {what}"
        time.sleep(0.02)
    return found
