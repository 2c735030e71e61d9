"""The kiosk's line to the store's server: HTTPS, asked now and answered now, by its certificate.

For what a broker is no way: a whole journal, and questions on whose answer somebody waits. Nothing
that sells waits for it.
"""

import ssl
import time
from collections.abc import Callable, Iterator
from typing import Any, Final, Self, TypeVar

import httpx
import msgspec

from kiosk.journal.chain import Row as JournalRow
from kiosk.telemetry.credentials import Asked, Credentials, KeyUnusable
from kiosk.telemetry.link import Endpoint
from kiosk.telemetry.messages import Row
from kiosk.telemetry.store_words import (
    KeptJournal,
    KeptJournals,
    ReceiptAsked,
    ReceiptTold,
    RowsPage,
    RowsTold,
)

TIMEOUT_S: Final = 20.0
TOLD_BYTES_MAX: Final = 48_000
"""Of rows in one request; the server takes 64 kB from a stranger."""
T = TypeVar("T")
HERE: Final = ("127.0.0.1", "localhost", "::1")


class StoreSilent(Exception):
    """The store's server cannot be reached, or cannot answer now. The message says why."""


class StoreRefuses(Exception):
    """The server answered that it will not. `code` is its word for why."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code


class StoreLine:
    """One kiosk's line. A context manager; of one thread at a time."""

    def __init__(
        self,
        server: str,
        endpoint: Endpoint,
        *,
        timeout_s: float = TIMEOUT_S,
        now_s: Callable[[], float] = time.time,
    ) -> None:
        """Open nothing yet.

        Raises:
            StoreSilent: the address is not safe, or the kiosk's own certificate cannot be used.
        """
        address = httpx.URL(server)
        if address.scheme != "https" and address.host not in HERE:
            raise StoreSilent(f"{server}: only https leaves this machine")
        try:
            self._credentials = Credentials.load(endpoint.certificate, endpoint.key)
            context = ssl.create_default_context(cafile=str(endpoint.ca))
        except (KeyUnusable, OSError) as error:
            raise StoreSilent(str(error)) from error
        self._now_s = now_s
        self._client = httpx.Client(
            base_url=server.rstrip("/"), verify=context, timeout=timeout_s, trust_env=False
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection. May be called twice."""
        self._client.close()

    # --- the journal -------------------------------------------------------------------------

    def kept_journals(self, register_id: str) -> list[KeptJournal]:
        """Return what the server has of this kiosk, and of this register's id.

        Raises, as everything here:
            StoreSilent: nobody knows.
            StoreRefuses: it knows, and will not.
        """
        found = self.ask("GET", "/api/kiosk/register", KeptJournals, {"register_id": register_id})
        return found.journals

    def rows_after(self, journal_id: str, after: int) -> Iterator[JournalRow]:
        """Yield all rows of this kiosk's journal that the server has, oldest first.

        Their `prev_hash` is empty: who makes a journal of them knows what it must be.
        """
        while True:
            page = self.ask("GET", f"/api/kiosk/journal/{journal_id}", RowsPage, {"after": after})
            yield from map(_of_the_journal, page.rows)
            if not page.next_after:
                return
            after = page.next_after

    def tell(self, journal_id: str, rows: Iterator[JournalRow]) -> Iterator[int]:
        """Have the server keep rows; yield the number of the newest as it goes on."""
        waiting: list[Row] = []
        size = 0
        for row in rows:
            told = of_the_wire(row)
            if waiting and size + len(row.body) + 400 > TOLD_BYTES_MAX:
                yield self._tell(journal_id, waiting)
                waiting, size = [], 0
            waiting.append(told)
            size += len(row.body) + 400
        if waiting:
            yield self._tell(journal_id, waiting)

    def _tell(self, journal_id: str, rows: list[Row]) -> int:
        body = RowsTold(rows=rows)
        self.ask("POST", f"/api/kiosk/journal/{journal_id}", dict[str, int], body=body)
        return rows[-1].seq

    # --- receipts ----------------------------------------------------------------------------

    def receipt(self, asked: ReceiptAsked) -> ReceiptTold:
        """Ask for a receipt of the store, or to hold it."""
        return self.ask("POST", "/api/kiosk/receipt", ReceiptTold, body=asked)

    # --- one request -------------------------------------------------------------------------

    def ask(
        self,
        method: str,
        path: str,
        answer: type[T],
        query: dict[str, str | int] | None = None,
        body: Any = None,
    ) -> T:
        """Ask, signed, and return the answer, read."""
        content = msgspec.json.encode(body) if body is not None else b""
        request = self._client.build_request(method, path, params=query, content=content or None)
        target = request.url.raw_path.decode()
        asked = Asked(method, target, content, int(self._now_s()))
        request.headers.update(self._credentials.headers(asked))
        try:
            given = self._client.send(request)
        except httpx.HTTPError as error:
            raise StoreSilent(f"{request.url.host}: {error}") from error
        if given.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise StoreSilent(f"{request.url.host} answers {given.status_code}: {_words(given)[1]}")
        if given.status_code != httpx.codes.OK:
            code, words = _words(given)
            raise StoreRefuses(code, f"{request.url.host} answers {given.status_code}: {words}")
        try:
            return msgspec.json.decode(given.content, type=answer)
        except msgspec.MsgspecError as error:
            raise StoreSilent(f"{request.url.host} answers something else: {error}") from error


def _words(given: httpx.Response) -> tuple[str, str]:
    try:
        problem = given.json()
        return str(problem.get("code", "")), str(problem.get("detail") or problem.get("code"))
    except (ValueError, AttributeError):
        return "", "without words"


def _of_the_journal(row: Row) -> JournalRow:
    return JournalRow(
        seq=row.seq,
        sale_id=row.sale_id,
        sale_seq=row.sale_seq,
        kind=row.kind,
        version=row.version,
        body=bytes(row.body),
        at_utc=row.at_utc,
        prev_hash=b"",
        hash=bytes.fromhex(row.hash),
    )


def of_the_wire(row: JournalRow) -> Row:
    """Return a row of the journal as it is told."""
    return Row(
        seq=row.seq,
        sale_id=row.sale_id,
        sale_seq=row.sale_seq,
        kind=row.kind,
        version=row.version,
        body=msgspec.Raw(row.body),
        at_utc=row.at_utc,
        hash=row.hash.hex(),
    )
