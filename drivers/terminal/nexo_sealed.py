"""The codec of the JSON dialect: every message is sealed, with its header in the clear as well."""

import secrets
from collections.abc import Callable
from typing import Any

from drivers import json_strict
from drivers.errors import ProtocolError
from drivers.terminal import nexo_json, nexo_read
from drivers.terminal import nexo_model as m
from drivers.terminal.nexo_crypto import NexoKey, seal, unseal


class SealedJson:
    """Adyen's JSON under Adyen's local encryption (nexo_crypto)."""

    content_type = "application/json"
    names_payment = True
    reverses_parts = True
    silent_status = 200

    def __init__(
        self, key: NexoKey, *, nonce: Callable[[int], bytes] = secrets.token_bytes
    ) -> None:
        self._key = key
        self._nonce = nonce

    def encode(self, header: m.Header, request: m.Request) -> bytes:
        """Return the sealed message."""
        name, body = nexo_json.body_to_json(request)
        fields = nexo_json.header_to_json(header)
        plain = json_strict.dump({"SaleToPOIRequest": {"MessageHeader": fields, name: body}})
        sealed = seal(plain, self._key, nonce=self._nonce)
        return json_strict.dump({"SaleToPOIRequest": {"MessageHeader": fields, **sealed}})

    def open(self, raw: bytes) -> tuple[m.Header, dict[str, Any]]:
        """Decrypt one message and return its header and the object that holds its body.

        Raises:
            ProtocolError: if it is no sealed message, or the header outside is not the one inside.
        """
        name, outside = _envelope(json_strict.parse(raw))
        inner_name, inside = _envelope(json_strict.parse(unseal(outside, self._key)))
        if name != inner_name or outside.get("MessageHeader") != inside.get("MessageHeader"):
            raise ProtocolError("terminal: the header in the clear is not the one that was sealed")
        return nexo_read.header_of(inside.get("MessageHeader")), inside

    def read(self, header: m.Header, body: dict[str, Any], *, digits: int) -> m.Answer:
        """Read the body that belongs to `header`."""
        return nexo_json.answer_of(header, body, digits=digits)

    def reply(self, header: m.Header, message: m.Answer) -> bytes:  # noqa: ARG002 - the protocol's
        """Return nothing: these notifications want no answer."""
        return b""


def _envelope(message: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    for name in ("SaleToPOIResponse", "SaleToPOIRequest"):
        if isinstance(message.get(name), dict):
            return name, message[name]
    raise ProtocolError("terminal: message has neither SaleToPOIRequest nor SaleToPOIResponse")
