"""The simulated terminal's display notifications to the till, in order, from a thread."""

import http.client
import queue
import threading
from collections import deque
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from drivers.sim.terminal_wire import TerminalCrypto, write_json

POST_TIMEOUT_S = 1.0


class Poster:
    """Posts messages to `url`; a till that does not listen misses them, as with a real terminal."""

    content_type = "application/json"

    def __init__(self, url: str) -> None:
        self.url = url
        self.answers: deque[tuple[int, bytes]] = deque(maxlen=100)
        """What the till answered, newest last."""
        self._queue: queue.Queue[bytes | threading.Event | None] = queue.Queue(maxsize=1000)
        self._thread = threading.Thread(target=self._run, name="sim-terminal-display", daemon=True)
        self._thread.start()

    def show(self, payment: dict[str, Any], event: str, text: str) -> None:
        """Queue one notification about the payment with this header."""
        raise NotImplementedError

    def post(self, message: bytes) -> None:
        """Queue one message; what finds no room is missed."""
        with suppress(queue.Full):
            self._queue.put_nowait(message)

    def flush(self) -> None:
        """Wait until all of it was posted: a terminal tells its steps before its answer."""
        posted = threading.Event()
        with suppress(queue.Full):
            self._queue.put_nowait(posted)
            posted.wait(POST_TIMEOUT_S)

    def stop(self) -> None:
        """End the thread."""
        self._queue.put(None)
        self._thread.join(POST_TIMEOUT_S)

    def _run(self) -> None:
        while (message := self._queue.get()) is not None:
            if isinstance(message, threading.Event):
                message.set()
                continue
            parts = urlsplit(self.url)
            if not parts.hostname:
                continue
            connection = http.client.HTTPConnection(
                parts.hostname, parts.port, timeout=POST_TIMEOUT_S
            )
            with suppress(OSError, http.client.HTTPException):
                headers = {"Content-Type": self.content_type}
                connection.request("POST", parts.path or "/", message, headers)
                response = connection.getresponse()
                self.answers.append((response.status, response.read()))
            connection.close()


class DisplayPoster(Poster):
    """The notifications of the JSON dialect: sealed, with the tender state as a reference."""

    def __init__(self, url: str, poi_id: str, crypto: TerminalCrypto) -> None:
        super().__init__(url)
        self._poi_id = poi_id
        self._crypto = crypto
        self._count = 0

    def show(self, payment: dict[str, Any], event: str, text: str) -> None:
        """Queue one notification about the payment with this header."""
        self._count += 1
        header = {
            "ProtocolVersion": "3.0",
            "MessageClass": "Device",
            "MessageCategory": "Display",
            "MessageType": "Request",
            "SaleID": payment["SaleID"],
            "ServiceID": payment["ServiceID"],
            "DeviceID": str(self._count),
            "POIID": self._poi_id,
        }
        output = {
            "Device": "CashierDisplay",
            "InfoQualify": "Status",
            "OutputContent": {
                "OutputFormat": "MessageRef",
                "PredefinedContent": {"ReferenceID": f"TransactionID=SIM&event={event}"},
                "OutputText": [{"Text": text}],
            },
            "ResponseRequiredFlag": False,
        }
        body = {"DisplayRequest": {"DisplayOutput": [output]}}
        sealed = self._crypto.seal("SaleToPOIRequest", header, body)
        self.post(write_json(sealed).encode())
