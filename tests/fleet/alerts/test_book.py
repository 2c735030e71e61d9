"""The book of alerts: open, acknowledged, closed; by people and by itself; once, not in a storm."""

import socketserver
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from kiosk.fleet.access.rights import Caller
from kiosk.fleet.alerts.book import AlertBook
from kiosk.fleet.alerts.letters import Letters
from kiosk.fleet.alerts.rules import Finding
from kiosk.fleet.api.more_types import AlertState
from kiosk.fleet.api.types import Role, User
from kiosk.fleet.config import Mail
from kiosk.fleet.store.database import Database
from tests.fleet.words import until

STORE, KEY = "naermat/torshov", "naermat/torshov/kasse-3"
LOST = Finding("device_lost", "bad", STORE, KEY, "terminal", {"device": "terminal"})
PAPER = Finding("paper_low", "warn", STORE, KEY)


def caller(name: str = "olga", role: Role = Role.OPERATOR, stores: tuple[str, ...] = ()) -> Caller:
    user = User(name=name, display_name=name, role=role, stores=list(stores))
    return Caller(user, "", "")


@pytest.fixture
def book(database: Database) -> AlertBook:
    return AlertBook(database, lambda: datetime(2026, 11, 20, tzinfo=UTC))


def test_what_is_found_again_is_not_opened_again(book: AlertBook) -> None:
    opened, _ = book.reconcile([LOST, PAPER])
    assert {one.rule for one in opened} == {"device_lost", "paper_low"}
    assert book.reconcile([LOST, PAPER]) == ([], [])


def test_what_is_over_closes_by_itself_and_opens_as_a_new_one(book: AlertBook) -> None:
    [first], _ = book.reconcile([LOST])
    _, [closed] = book.reconcile([])
    assert (closed.id, closed.state, closed.closed_by) == (first.id, AlertState.CLOSED, "")
    [second], _ = book.reconcile([LOST])
    assert second.id != first.id


def test_an_acknowledged_alert_stays_and_keeps_who_was_first(book: AlertBook) -> None:
    [alert], _ = book.reconcile([LOST])
    book.set_state(alert.id, AlertState.ACKNOWLEDGED, by=caller("olga"))
    again = book.set_state(alert.id, AlertState.ACKNOWLEDGED, by=caller("per"))
    assert again is not None
    assert again.acknowledged_by == "olga"
    assert book.reconcile([LOST]) == ([], [])


def test_an_attendant_touches_only_alerts_of_the_own_store(book: AlertBook) -> None:
    [alert], _ = book.reconcile([LOST])
    bjorn = caller("bjorn", Role.ATTENDANT, ("naermat/bryggen",))
    assert book.set_state(alert.id, AlertState.ACKNOWLEDGED, by=bjorn) is None
    assert book.listed(bjorn.user, set(AlertState), "", 10) == []


def test_bad_comes_before_warn_and_is_the_worst_of_its_kiosk(book: AlertBook) -> None:
    book.reconcile([PAPER, LOST])
    assert [one.rule for one in book.listed(caller().user, set(AlertState), "", 10)] == [
        "device_lost",
        "paper_low",
    ]
    assert book.worst() == {KEY: ("bad", "device_lost")}


@pytest.fixture
def hook() -> Iterator[tuple[str, list[bytes]]]:
    """A far end that takes webhooks; refuses the first."""
    taken: list[bytes] = []
    tries = {"count": 0}

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            tries["count"] += 1
            self.send_response(200 if tries["count"] > 1 else 503)
            self.end_headers()
            if tries["count"] > 1:
                taken.append(body)

        def log_message(self, *_: object) -> None:
            return

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/", taken
        server.shutdown()


@pytest.fixture
def mail_server() -> Iterator[tuple[int, list[str]]]:
    """A far end that speaks as much SMTP as a letter needs."""
    letters: list[str] = []

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 mail\r\n")
            while line := self.rfile.readline():
                word = line[:4].upper()
                if word == b"DATA":
                    self.wfile.write(b"354 go on\r\n")
                    body = b""
                    while not body.endswith(b"\r\n.\r\n"):
                        body += self.rfile.readline()
                    letters.append(body.decode())
                self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 ok\r\n")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1], letters
        server.shutdown()


def test_one_letter_tells_all_that_was_found_at_one_look(
    book: AlertBook,
    hook: tuple[str, list[bytes]],
    mail_server: tuple[int, list[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("kiosk.fleet.alerts.letters.TRIES_S", (0.0, 0.01))
    port, mails = mail_server
    mail = Mail(host="127.0.0.1", port=port, starttls=False, recipients=["drift@example.org"])
    letters = Letters(mail, [hook[0]], "https://fleet.example.org")
    letters.start()
    opened, _ = book.reconcile([LOST, PAPER])
    letters.tell(opened)
    until(lambda: mails and hook[1], "mail and webhook arrived")
    letters.stop()
    assert "Subject: Selvkasse: 2 alerts" in mails[0]
    assert "device_lost at naermat/torshov/kasse-3 (device terminal)" in mails[0]
    assert b'"rule":"paper_low"' in hook[1][0].replace(b": ", b":")
    assert (len(mails), len(hook[1]), letters.failed) == (1, 1, 0)
