"""Events to bytes and back: kind, version and a JSON body.

The kind is the event class's name. A field that is added with a default needs no new version: old
bodies simply lack it. Anything else (a rename, another meaning) raises the kind's number in
`VERSIONS` and adds an upcaster, so that every journal ever written stays readable.
"""

from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, Final

import msgspec

from kiosk.fiscal import events as register_events
from kiosk.fiscal.events import RegisterEvent
from kiosk.sale import coupon_events, return_events
from kiosk.sale import events as sale_events
from kiosk.sale.events import Event
from kiosk.sale.return_events import ReturnEvent

Body = dict[str, Any]
Upcaster = Callable[[Body], Body]

KINDS: Final[Mapping[str, type[Event]]] = MappingProxyType(
    {
        name: value
        for module in (sale_events, coupon_events, return_events, register_events)
        for name, value in vars(module).items()
        if isinstance(value, type) and issubclass(value, Event)
        if value not in (Event, RegisterEvent, ReturnEvent)
    }
)
"""Every event class of sale and register, by name. A kind that is not here is never written."""

VERSIONS: Final[Mapping[str, int]] = MappingProxyType({})
"""Present version of each kind's body; 1 where it is not listed."""

UPCASTERS: Final[Mapping[tuple[str, int], Upcaster]] = MappingProxyType({})
"""From (kind, version) to a function that turns that body into the next version's."""

_encoder = msgspec.json.Encoder()


class CodecError(Exception):
    """A body that is not an event of this program. The message says which and why."""


class UnknownVersion(CodecError):
    """A body newer than this program, or a kind it has never heard of."""


def version_of(kind: str) -> int:
    """Return the version in which bodies of `kind` are written now."""
    return VERSIONS.get(kind, 1)


def encode(event: Event) -> tuple[str, int, bytes]:
    """Return kind, version and body of `event`.

    Raises:
        CodecError: if its class is neither a sale's nor the register's.
    """
    kind = type(event).__name__
    if KINDS.get(kind) is not type(event):
        raise CodecError(f"{type(event)!r} is not an event of a sale or of the register")
    return kind, version_of(kind), _encoder.encode(event)


def decode(kind: str, version: int, body: bytes) -> Event:
    """Return the event that was written as `kind`, `version` and `body`.

    Raises:
        UnknownVersion: if the kind or its version is unknown here: a newer program wrote it.
        CodecError: if the body does not fit.
    """
    if kind not in KINDS:
        raise UnknownVersion(f"unknown kind of event {kind!r}")
    present = version_of(kind)
    if not 1 <= version <= present:
        raise UnknownVersion(f"{kind} in version {version}; this program knows up to {present}")
    try:
        if version == present:
            return _decoder(kind).decode(body)
        return msgspec.convert(_lifted(kind, version, msgspec.json.decode(body)), KINDS[kind])
    except (msgspec.DecodeError, msgspec.ValidationError, ValueError, KeyError) as error:
        raise CodecError(f"{kind} in version {version} cannot be read: {error}") from error


def _lifted(kind: str, version: int, body: Body) -> Body:
    for step in range(version, version_of(kind)):
        body = UPCASTERS[kind, step](body)
    return body


@cache
def _decoder(kind: str) -> msgspec.json.Decoder[Event]:
    return msgspec.json.Decoder(KINDS[kind])
