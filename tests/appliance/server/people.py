"""Somebody at the server's pages, by the same requests as the pages make."""

import ssl
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import httpx

PORT: Final = 8790
PATIENCE_S: Final = 300.0
"""Of one answer: an upload is 90 MB, and this machine may be doing much else."""


class Person:
    """A session; a context manager."""

    def __init__(self, address: str, authority: Path) -> None:
        """Go to the pages at `address`, believing only the server of this authority (PEM)."""
        context = ssl.create_default_context(cafile=authority)
        self._client = httpx.Client(
            base_url=f"https://{address}:{PORT}", verify=context, timeout=PATIENCE_S
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.close()

    def begin(self, code: str, name: str, password: str) -> None:
        """Become the first admin, with the code that the server printed."""
        who = {"name": name, "display_name": name.title(), "password": password}
        self._signed_in(self.post("/api/first-start", {"code": code, **who}))

    def sign_in(self, name: str, password: str) -> None:
        """Sign in."""
        self._signed_in(self.post("/api/session", {"name": name, "password": password}))

    def status(self, path: str, body: object) -> int:
        """Post what may be refused; return the status."""
        return self._client.post(path, json=body).status_code

    def page(self, path: str = "/") -> httpx.Response:
        """Return a page as a browser gets it."""
        return self._client.get(path, follow_redirects=True).raise_for_status()

    def get(self, path: str) -> Any:
        """Return an answer; httpx.HTTPError when there is none, or it is refused."""
        return self._client.get(path).raise_for_status().json()

    def post(self, path: str, body: Any) -> Any:
        """Send JSON, or bytes, and return the answer; raises as `get`."""
        if isinstance(body, bytes):
            kind = {"content-type": "application/octet-stream"}
            answer = self._client.post(path, content=body, headers=kind)
        else:
            answer = self._client.post(path, json=body)
        if answer.is_error:
            raise httpx.HTTPError(f"{path}: {answer.status_code} {answer.text[:500]}")
        return answer.json()

    def row(self, key: str) -> dict[str, Any]:
        """Return a kiosk as the table shows it; empty when it is not there, or nobody answers."""
        try:
            rows = self.get("/api/kiosks")["kiosks"]
        except httpx.HTTPError:
            return {}
        return next((row for row in rows if row["key"] == key), {})

    def _signed_in(self, session: dict[str, Any]) -> None:
        self._client.headers["X-CSRF-Token"] = session["csrf_token"]
