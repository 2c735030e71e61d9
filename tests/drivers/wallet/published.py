"""Holds what passed on the wire against a provider's published description (OpenAPI 3.0)."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from drivers.sim.wallet_wire import Exchange

SPECS = Path(__file__).parents[4] / "shared/data/payments/specs"
MISSING = Path(__file__).parent / "descriptions"
UNLISTED_STATUSES = (401, 404, 409, 429, 500, 503)
"""Answers that every API may give and descriptions forget."""


def load(name: str) -> dict[str, Any]:
    """Return a published description with what is known to be missing in it."""
    doc = _read(SPECS / name)
    if (MISSING / name).exists():
        _add(doc, _read(MISSING / name))
    return doc


def _read(path: Path) -> dict[str, Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    doc: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)
    return doc


def _add(doc: dict[str, Any], more: dict[str, Any]) -> None:
    for name, value in more.items():
        if isinstance(value, dict) and isinstance(doc.get(name), dict):
            _add(doc[name], value)
        else:
            assert name not in doc, f"{name} is described already"
            doc[name] = value


class Description:
    """One published description."""

    def __init__(self, name: str) -> None:
        path = SPECS / name
        if not path.exists():
            pytest.skip(f"the published description {name} is not beside this repository")
        self._doc = _without_nullable(load(name))
        self._paths = [
            (re.compile(re.sub(r"\\\{.*?\\\}", "[^/]+", re.escape(template))), item)
            for template, item in self._doc["paths"].items()
        ]

    def operation(self, exchange: Exchange) -> dict[str, Any] | None:
        """The operation that this exchange is one of."""
        for pattern, item in self._paths:
            operation = item.get(exchange.request.method.lower())
            if pattern.fullmatch(exchange.request.path) and operation is not None:
                shared = item.get("parameters", [])
                own = operation.get("parameters", [])
                return {**operation, "parameters": [*shared, *own]}
        return None

    def problems(self, exchange: Exchange, operation: dict[str, Any]) -> list[str]:
        """All that the description forbids in it; empty when it is well."""
        return [*self._request(exchange, operation), *self._reply(exchange, operation)]

    def _request(self, exchange: Exchange, operation: dict[str, Any]) -> list[str]:
        request = exchange.request
        found: list[str] = []
        for given in operation["parameters"]:
            parameter = self._resolved(given)
            values = {"header": request.headers, "query": request.query}.get(parameter["in"])
            if values is None:
                continue
            name = parameter["name"].lower() if parameter["in"] == "header" else parameter["name"]
            if name not in values:
                found += [f"{name} is missing"] * bool(parameter.get("required"))
            else:
                found += self._schema_problems(parameter["schema"], values[name], name)
        body = self._resolved(operation.get("requestBody", {}))
        if body.get("required") and not request.body:
            found.append("the body is missing")
        if request.body and "content" in body:
            schema = body["content"]["application/json"]["schema"]
            found += self._schema_problems(schema, json.loads(request.body), "request")
        return found

    def _reply(self, exchange: Exchange, operation: dict[str, Any]) -> list[str]:
        reply = exchange.reply
        listed = operation["responses"].get(str(reply.status))
        if listed is None:
            return [] if reply.status in UNLISTED_STATUSES else [f"status {reply.status}"]
        content = self._resolved(listed).get("content", {})
        if not content or reply.body is None:
            return []
        (schema,) = [one["schema"] for one in content.values() if "schema" in one] or [{}]
        return self._schema_problems(schema, reply.body, "reply")

    def _schema_problems(self, schema: Any, value: Any, where: str) -> list[str]:
        whole = {**schema, "components": self._doc.get("components", {})}
        errors = Draft202012Validator(whole).iter_errors(value)
        return [f"{where}{error.json_path[1:]}: {error.message}" for error in errors]

    def _resolved(self, item: Any) -> Any:
        while "$ref" in item:
            target: Any = self._doc
            for part in item["$ref"].removeprefix("#/").split("/"):
                target = target[part]
            item = target
        return item


@cache
def description(name: str) -> Description:
    """Load a description once."""
    return Description(name)


def _without_nullable(value: Any) -> Any:
    """OpenAPI 3.0's `nullable` as JSON Schema has it."""
    if isinstance(value, list):
        return [_without_nullable(item) for item in value]
    if not isinstance(value, dict):
        return value
    plain = {name: _without_nullable(item) for name, item in value.items() if name != "nullable"}
    if value.get("nullable") is True and isinstance(plain.get("type"), str):
        plain["type"] = [plain["type"], "null"]
        if "enum" in plain:
            plain["enum"] = [*plain["enum"], None]
    return plain
