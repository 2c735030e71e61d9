"""Somebody at the store's board: signs in, sees who waits, answers. Over HTTP, as the page does."""

from collections.abc import Callable
from types import TracebackType
from typing import Any, Final, Self
from uuid import uuid4

import httpx

from drivers.deadline import SYSTEM_CLOCK, Deadline, ready
from kiosk.app.own_fleet import HERE, OwnFleet, OwnFleetError

PATIENCE_S: Final = 20.0
LOOK_EVERY_S: Final = 0.05

Call = dict[str, Any]
"""`kiosk.fleet.api.types.Intervention`, as JSON."""


class AtTheBoard:
    """One person's session. A context manager."""

    def __init__(self, fleet: OwnFleet, name: str) -> None:
        """Sign `name` in."""
        self.fleet = fleet
        member = fleet.member(name)
        self.display_name = member.display_name
        self._client = httpx.Client(base_url=fleet.url, trust_env=False, timeout=PATIENCE_S)
        asked = {"name": member.name, "password": member.password}
        session = self._client.post("/api/session", json=asked).raise_for_status().json()
        self._client.headers["X-CSRF-Token"] = session["csrf_token"]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.close()

    @property
    def cookies(self) -> dict[str, str]:
        """What the browser keeps of the session."""
        return dict(self._client.cookies)

    def get(self, path: str) -> Any:
        """Return the answer to a question; httpx.HTTPStatusError when it is refused."""
        return self._client.get(path).raise_for_status().json()

    def call(self, kind: str) -> Call:
        """Wait until the demonstration's kiosk calls for this `kind` of help; return the call.

        Raises:
            OwnFleetError: nobody did.
        """

        def raised() -> Call | None:
            calls: list[Call] = self.get("/api/interventions")
            mine = (one for one in calls if (one["key"], one["kind"]) == (str(HERE), kind))
            return next(mine, None)

        return wait_for(f"a call of kind {kind} on the board", raised)

    def come(self, call: Call) -> str:
        """Say "I am coming" to the shopper; return the kiosk's verdict."""
        args = {"name": self.display_name}
        return self._post(f"/api/kiosks/{call['key']}/commands", {"kind": "seen", "args": args})

    def decide(self, call: Call, *, approved: bool) -> str:
        """Decide; return the kiosk's verdict: taken, only_here, stands, no_such."""
        body = {"approved": approved, "decision_id": str(uuid4())}
        return self._post(f"/api/interventions/{call['key']}/{call['id']}/decide", body)

    def _post(self, path: str, body: dict[str, Any]) -> str:
        answer = self._client.post(path, json=body).raise_for_status().json()
        return str(answer["verdict"])


def wait_for(what: str, look: Callable[[], Call | None]) -> Call:
    """Look until there is something.

    Raises:
        OwnFleetError: there never was.
    """
    deadline = Deadline(SYSTEM_CLOCK, PATIENCE_S)
    while (found := look()) is None:
        if deadline.passed():
            raise OwnFleetError(f"Waited {PATIENCE_S:.0f} s for {what}.")
        ready((), LOOK_EVERY_S)
    return found
