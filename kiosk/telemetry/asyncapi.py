"""The AsyncAPI 3 document of the wire, made from the types: `kiosk telemetry asyncapi`.

Nothing in it is written twice: schemas, bounds, descriptions and topics come from `messages` and
`topics`; only who speaks to whom, and how, is said here.

Reference:
    AsyncAPI 3.0.0, https://www.asyncapi.com/docs/reference/specification/v3.0.0
"""

import inspect
from collections.abc import Iterable
from typing import Any, Final

import msgspec

from kiosk.telemetry.messages import BY_CHANNEL, VERSION, Notice, Order, ShelfWord
from kiosk.telemetry.topics import ADDRESS_MAX, FROM_KIOSK, ID, INTERVENTION_ID, PREFIX, Channel

TREE: Final = f"{PREFIX}/{{tenant}}/{{store}}/{{kiosk}}"
RETAINED: Final = frozenset({Channel.BIRTH, Channel.STATE, Channel.INTERVENTION, Channel.ANNOUNCE})
QOS: Final = {Channel.HEALTH: 0}
"""Of each channel; 1 where nothing else is said."""
ABOUT: Final = {
    Channel.BIRTH: "Sent with each connection, kept by the broker.",
    Channel.STATE: "Sent when something changed, at most four times a second, kept by the broker. "
    "The last will is a state that is not online, with mode `lost`.",
    Channel.HEALTH: "Sent every 30 seconds.",
    Channel.EVENTS: "The journal, in order, at least once. Whoever misses rows orders `resend`.",
    Channel.INTERVENTION: "Kept by the broker until it is settled; then one message that is not "
    "kept says how, and an empty one clears the place.",
    Channel.REPLY: "One for each command, whatever became of it.",
    Channel.COMMAND: "Signed; good for one kiosk, one time, and at most an hour.",
    Channel.ANNOUNCE: "Signed, kept by the broker: what is to be fetched over HTTPS.",
    Channel.SHELF: "Puts a sale set aside on the store's shelf, or takes one; the same id again is "
    "the same request.",
    Channel.SHELF_ANSWER: "Signed; one for each request, or silence, after which nobody knows and "
    "the same may be asked again.",
}
_SCHEMAS: Final = "#/components/schemas/{name}"


def document() -> dict[str, Any]:
    """Return the document as JSON values; the same bytes for the same types."""
    kinds = [*BY_CHANNEL.values(), Order, Notice, ShelfWord]
    _, schemas = msgspec.json.schema_components(kinds, ref_template=_SCHEMAS)
    channels = {channel.value: _channel(channel) for channel in BY_CHANNEL}
    channels["storeAnnounce"] = _channel(
        Channel.ANNOUNCE, f"{PREFIX}/{{tenant}}/{{store}}/announce"
    )
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Selvkasse: a kiosk and its store",
            "version": VERSION,
            "description": (
                "MQTT 5 over TLS with client certificates. The common name of a kiosk's "
                "certificate is `tenant/store/kiosk`; the broker lets it use its own tree only, so "
                "no message repeats who sent it. Unknown fields and newer minor versions pass, "
                "other major versions are dropped. Codes (modes, phases, verdicts) may grow."
            ),
            "license": {
                "name": "Apache-2.0",
                "url": "https://www.apache.org/licenses/LICENSE-2.0",
            },
        },
        "defaultContentType": "application/json",
        "channels": dict(sorted(channels.items())),
        "operations": _operations(channels),
        "components": {
            "schemas": {name: _titled(name, one) for name, one in sorted(schemas.items())},
            "messages": {
                kind.__name__: {
                    "name": kind.__name__,
                    "title": _first_line(kind),
                    "contentType": "application/json",
                    "payload": {"$ref": _SCHEMAS.format(name=kind.__name__)},
                }
                for kind in BY_CHANNEL.values()
            },
            "parameters": _parameters(),
        },
    }


def text() -> str:
    """Return the document as indented JSON."""
    return msgspec.json.format(msgspec.json.encode(document()), indent=2).decode() + "\n"


def _channel(channel: Channel, address: str = "") -> dict[str, Any]:
    kind = BY_CHANNEL[channel].__name__
    if not address:
        address = f"{TREE}/{channel}"
        address += "/{intervention}" if channel is Channel.INTERVENTION else ""
    names = [part[1:-1] for part in address.split("/") if part.startswith("{")]
    return {
        "address": address,
        "description": ABOUT[channel],
        "messages": {kind: {"$ref": f"#/components/messages/{kind}"}},
        "parameters": {name: {"$ref": f"#/components/parameters/{name}"} for name in names},
    }


def _operations(channels: Iterable[str]) -> dict[str, Any]:
    """Return what a kiosk does: it sends on its own channels and listens on the others."""
    made = {}
    for name in sorted(channels):
        channel = Channel.ANNOUNCE if name == "storeAnnounce" else Channel(name)
        sends = channel in FROM_KIOSK
        verb = "send" if sends else "receive"
        made[f"{verb}{name[0].upper()}{name[1:]}"] = {
            "action": verb,
            "channel": {"$ref": f"#/channels/{name}"},
            "summary": f"The kiosk {'sends' if sends else 'receives'}: {ABOUT[channel]}",
            "messages": [{"$ref": f"#/channels/{name}/messages/{BY_CHANNEL[channel].__name__}"}],
            "bindings": {
                "mqtt": {
                    "qos": QOS.get(channel, 1),
                    "retain": channel in RETAINED,
                    "bindingVersion": "0.2.0",
                }
            },
        }
    return made


def _parameters() -> dict[str, Any]:
    about = {
        "tenant": f"A chain: {ID.pattern}. The three ids have {ADDRESS_MAX} characters at most.",
        "store": f"One of its stores: {ID.pattern}.",
        "kiosk": f"One kiosk of that store: {ID.pattern}.",
        "intervention": f"The intervention's id: {INTERVENTION_ID.pattern}.",
    }
    return {name: {"description": words} for name, words in about.items()}


def _titled(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"title": name, **{key: value for key, value in schema.items() if key != "title"}}


def _first_line(kind: type) -> str:
    return (inspect.getdoc(kind) or kind.__name__).partition("\n")[0]
