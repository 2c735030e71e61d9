"""The API fuzzed by its own description: no answer that it does not describe, no server error."""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.fleet.api.conftest import Playing
from tests.fleet.serving import Serving

CHECKS = (
    not_a_server_error,
    status_code_conformance,
    response_schema_conformance,
    response_headers_conformance,
)
ENDLESS = "/api/stream"
HARMLESS_EXAMPLES = 12


@pytest.mark.parametrize("name", ["admin", "ingrid"])
def test_no_request_brings_the_server_down(server: Serving, simulated: Playing, name: str) -> None:
    client = server.signed_in(name)
    document = client.get("/api/openapi.json").json()
    del document["paths"][ENDLESS]
    # Signing in is slow on purpose, and the limits would answer for everybody else.
    for path in ("/api/session", "/api/session/password", "/api/first-start"):
        document["paths"][path].pop("post", None)
        document["paths"][path].pop("delete", None)
    _point_at_a_kiosk(document)
    schema = schemathesis.openapi.from_dict(document)
    server.fleet.limits.requests._burst = 1e9
    server.fleet.limits.requests._buckets.clear()
    for found in schema.get_all_operations():
        operation = found.ok()

        @settings(
            max_examples=HARMLESS_EXAMPLES,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def attack(case: schemathesis.Case) -> None:
            response = case.call(
                base_url=server.url,
                cookies=dict(client.cookies),
                headers={"X-CSRF-Token": client.headers["X-CSRF-Token"]},
                timeout=90,
            )
            case.validate_response(response, checks=CHECKS)

        attack()


def _point_at_a_kiosk(document: dict[str, Any]) -> None:
    """Let addresses be real ones, else every request about a kiosk ends with "not there"."""
    real = {"tenant": ["naermat"], "store": ["torshov", "bryggen"], "kiosk": ["kasse-1"]}
    for operations in document["paths"].values():
        for operation in operations.values():
            for parameter in operation.get("parameters", ()):
                if parameter["in"] == "path" and parameter["name"] in real:
                    parameter["schema"]["enum"] = real[parameter["name"]]
