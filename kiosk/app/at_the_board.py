"""Somebody at the store's board: signs in, sees who waits, answers. Over HTTP, as the page does."""

from collections.abc import Callable
from types import TracebackType
from typing import Any, Final, Self
from uuid import uuid4

import httpx

from drivers.deadline import SYSTEM_CLOCK, Deadline, ready
from kiosk.app.own_fleet import HERE, PATIENCE_S, OwnFleet, OwnFleetError

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
        self._client = fleet.client()
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
        """Return the answer to a question.

        Raises:
            httpx.HTTPStatusError: it is refused.
        """
        return self._client.get(path).raise_for_status().json()

    def post(self, path: str, body: Any) -> Any:
        """Send JSON, or bytes, and return the answer; raises as `get`."""
        if isinstance(body, bytes):
            kind = {"content-type": "application/octet-stream"}
            answer = self._client.post(path, content=body, headers=kind)
        else:
            answer = self._client.post(path, json=body)
        return answer.raise_for_status().json()

    def command(self, key: str, kind: str, **args: Any) -> dict[str, Any]:
        """Order a kiosk; return what became of it, with `verdict` and `detail`."""
        told: dict[str, Any]
        told = self.post(f"/api/kiosks/{key}/commands", {"kind": kind, "args": args})
        return told

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
        return str(self.command(call["key"], "seen", name=self.display_name)["verdict"])

    def decide(self, call: Call, *, approved: bool) -> str:
        """Decide; return the kiosk's verdict: taken, only_here, stands, no_such.

        The server itself says no_such of what is settled already.
        """
        body = {"approved": approved, "decision_id": str(uuid4())}
        path = f"/api/interventions/{call['key']}/{call['id']}/decide"
        try:
            return str(self.post(path, body)["verdict"])
        except httpx.HTTPStatusError as error:
            if error.response.status_code != httpx.codes.NOT_FOUND:
                raise
            return "no_such"


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
