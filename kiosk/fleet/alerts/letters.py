"""Alerts by e-mail and webhook: one letter for all that was found at one look."""

import queue
import smtplib
import threading
from collections.abc import Callable, Sequence
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from typing import Final

import httpx
import structlog

from kiosk.fleet.api.more_types import Alert
from kiosk.fleet.config import Mail

log = structlog.get_logger(__name__)

TIMEOUT_S: Final = 10.0
TRIES_S: Final = (0.0, 5.0, 30.0, 120.0)
QUEUE_MAX: Final = 200
"""Letters that wait; when a mail server is away for long, the newest are dropped and counted."""


Send = Callable[[], None]


class Letters:
    """Sends letters from a thread of its own: a mail server that is slow holds nobody up."""

    def __init__(self, mail: Mail, webhooks: Sequence[str], link: str) -> None:
        self._mail = mail
        self._webhooks = tuple(webhooks)
        self._link = link
        self._queue: queue.Queue[tuple[Alert, ...] | None] = queue.Queue(QUEUE_MAX)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="letters", daemon=True)
        self.sent = 0
        self.failed = 0

    def start(self) -> None:
        """Begin to send."""
        self._thread.start()

    def stop(self) -> None:
        """End; what was not sent by then is in the book of alerts all the same."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(TIMEOUT_S)

    def tell(self, alerts: Sequence[Alert]) -> None:
        """Send a letter about these, some time soon."""
        if not alerts or not (self._mail.host or self._webhooks):
            return
        try:
            self._queue.put_nowait(tuple(alerts))
        except queue.Full:
            self.failed += 1

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                alerts = self._queue.get(timeout=0.5)
            except queue.Empty:
                continue
            if alerts:
                self._deliver(alerts)

    def _deliver(self, alerts: tuple[Alert, ...]) -> None:
        if self._mail.host:
            self._try("mail", lambda: send_mail(self._mail, alerts, self._link))
        for url in self._webhooks:
            self._try("webhook", partial(send_webhook, url, alerts, self._link))

    def _try(self, what: str, send: Send) -> None:
        for wait_s in TRIES_S:
            if self._stopping.wait(wait_s):
                return
            try:
                send()
            except (OSError, smtplib.SMTPException, httpx.HTTPError) as error:
                log.warning("an alert could not be sent", by=what, why=type(error).__name__)
            else:
                self.sent += 1
                return
        self.failed += 1


def send_mail(mail: Mail, alerts: Sequence[Alert], link: str) -> None:
    """Send one mail.

    Raises:
        OSError, smtplib.SMTPException: it was not taken.
    """
    message = EmailMessage()
    message["From"] = mail.sender
    message["To"] = ", ".join(mail.recipients)
    message["Subject"] = subject_of(alerts)
    message.set_content("\n".join([*map(line_of, alerts), "", link]))
    with smtplib.SMTP(mail.host, mail.port, timeout=TIMEOUT_S) as server:
        if mail.starttls:
            server.starttls()
        if mail.user:
            server.login(mail.user, Path(mail.password_file).read_text().strip())
        server.send_message(message)


def send_webhook(url: str, alerts: Sequence[Alert], link: str) -> None:
    """Post the alerts as JSON.

    Raises:
        httpx.HTTPError: it was not taken.
    """
    body = {"alerts": [alert.model_dump(mode="json") for alert in alerts], "link": link}
    httpx.post(url, json=body, timeout=TIMEOUT_S).raise_for_status()


def subject_of(alerts: Sequence[Alert]) -> str:
    """Return one line for all of them."""
    first = f"{alerts[0].rule} {alerts[0].key or alerts[0].store_key}"
    return f"Selvkasse: {first}" if len(alerts) == 1 else f"Selvkasse: {len(alerts)} alerts"


def line_of(alert: Alert) -> str:
    """Return one alert as a line."""
    facts = ", ".join(f"{name} {value}" for name, value in sorted(alert.detail.items()))
    return f"{alert.severity.value}: {alert.rule} at {alert.key or alert.store_key} ({facts})"
