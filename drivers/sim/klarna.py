"""A simulated Klarna: in-store sessions, the phone that scans and completes, order management.

    sim = KlarnaSim(directory=tmp)
    sim.start(); ...; sim.wait_for("DISTRIBUTED"); sim.approve(); sim.books()

The books are on disk and outlive it. As its own process:
`python -m drivers.sim.klarna --directory DIR --control SOCKET`.
"""

import argparse
import base64
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from drivers.sim.control import run_far_end
from drivers.sim.terminal_books import Books
from drivers.sim.wallet_wire import (
    FAULT_VERBS,
    Reply,
    Request,
    WalletFaults,
    WalletServer,
    write_keys,
)

USERNAME = "PK12345_0123456789ab"
PASSWORD = "n5pQzGLpVVGbWnCk"  # noqa: S105 - of this simulator only
OPEN = ("WAITING", "DISTRIBUTED", "ACCESSED")


@dataclass(slots=True)
class Session:
    """One in-store session as the provider has it."""

    id: str
    body: dict[str, Any]
    status: str = "DISTRIBUTED"
    payment_link: str = ""
    order_id: str = ""


@dataclass(slots=True)
class Order:
    """One order; amounts in minor units."""

    id: str
    body: dict[str, Any]
    amount: int
    klarna_reference: str
    status: str = "AUTHORIZED"
    fraud_status: str = "ACCEPTED"
    captured: int = 0
    refunded: int = 0
    keys: dict[str, Reply] = field(default_factory=dict)


class KlarnaSim(WalletFaults):
    """One provider. Verbs are what phones, hosts and cables do; they return at once."""

    VERBS: ClassVar[tuple[str, ...]] = (
        "books",
        "wait_for",
        "scan",
        "approve",
        "decline",
        "fail_distribution",
        "approve_on_delete",
        "next_fraud_status",
        "decide_fraud",
        "refuse_captures",
        "capture_before_cancel",
        "forget_sessions",
        *FAULT_VERBS,
    )

    def __init__(self, *, directory: str | Path, host: str = "127.0.0.1", port: int = 0) -> None:
        directory = Path(directory)
        directory.mkdir(parents=True, exist_ok=True)
        self._server = WalletServer(self._answer, host=host, port=port)
        self._books = Books(directory / "klarna-books.jsonl")
        self._changed = threading.Condition(threading.RLock())
        self._sessions: dict[str, Session] = {}
        self._orders: dict[str, Order] = {}
        self._created: dict[str, Reply] = {}
        self._approve_on_delete = False
        self._refused_captures = 0
        self._capture_before_cancel = False
        self._fraud_status = "ACCEPTED"

    # --- life -------------------------------------------------------------------------------------

    def start(self) -> None:
        """Switch it on."""
        self.plug_in()

    def stop(self) -> None:
        """Switch it off for good; the books stay on disk."""
        self.unplug()
        self._books.close()

    def keys(self) -> str:
        """The content of a kiosk's key file."""
        return f'environment = "test"\nusername = "{USERNAME}"\npassword = "{PASSWORD}"\n'

    def secrets(self) -> list[str]:
        """All that nobody but the two ends may ever see: keys and payment links."""
        with self._changed:
            basic = base64.b64encode(f"{USERNAME}:{PASSWORD}".encode()).decode()
            links = [session.payment_link for session in self._sessions.values()]
            return [PASSWORD, basic, *links]

    # --- what an onlooker sees --------------------------------------------------------------------

    def state(self) -> dict[str, Any]:
        """The newest session, and how many there are."""
        with self._changed:
            newest = self._newest()
            order = self._orders.get(newest.order_id) if newest else None
            return {
                "url": self.url,
                "plugged_in": self.plugged_in,
                "sessions": len(self._sessions),
                "open_sessions": sum(s.status in OPEN for s in self._sessions.values()),
                "state": newest.status if newest else "",
                "amount_minor": newest.body["order_amount"] if newest else 0,
                "order": order.status if order else "",
                "lines": len(newest.body["order_lines"]) if newest else 0,
            }

    def books(self) -> list[dict[str, Any]]:
        """Each order there ever was: reference, amount, captured, refunded, cancelled."""
        sums: dict[str, dict[str, Any]] = {}
        for entry in self._books.entries("approved"):
            sums[entry["reference"]] = {**entry, "captured": 0, "refunded": 0, "cancelled": 0}
        for kind in ("captured", "refunded", "cancelled"):
            for entry in self._books.entries(kind):
                sums[entry["reference"]][kind] += entry["amount_minor"]
        return list(sums.values())

    def wait_for(self, status: str, within_s: float = 10.0) -> None:
        """Wait until the newest session has this status; else TimeoutError."""
        self.wait_until(lambda: self.state()["state"] == status, within_s)

    def wait_until(self, condition: Callable[[], bool], within_s: float = 10.0) -> None:
        """Wait until `condition`, looked at after each change; TimeoutError when it never holds."""
        with self._changed:
            if not self._changed.wait_for(condition, within_s):
                raise TimeoutError("the session never got there")

    # --- phones -----------------------------------------------------------------------------------

    def scan(self) -> str:
        """The phone reads the code on the screen; returns what it says."""
        with self._changed:
            session = self._open_session()
            session.status = "ACCESSED"
            self._changed.notify_all()
            return session.payment_link

    def approve(self, amount_minor: int = 0) -> None:
        """The shopper completes it: an order is placed."""
        with self._changed:
            self._complete(self._open_session(), amount_minor)

    def decline(self) -> None:
        """The shopper cancels on the phone."""
        self._end("CANCELED")

    def fail_distribution(self) -> None:
        """The link could not be given out."""
        self._end("FAILED")

    def approve_on_delete(self) -> None:
        """The shopper completes it in the very moment before the next delete arrives."""
        with self._changed:
            self._approve_on_delete = True

    # --- the provider -----------------------------------------------------------------------------

    def next_fraud_status(self, status: str) -> None:
        """What the next orders are given: ACCEPTED, PENDING or REJECTED."""
        with self._changed:
            self._fraud_status = status

    def decide_fraud(self, status: str) -> None:
        """Decide about the newest order."""
        with self._changed:
            next(reversed(self._orders.values())).fraud_status = status

    def refuse_captures(self, count: int = 1) -> None:
        """Answer captures with 403 CAPTURE_NOT_ALLOWED."""
        with self._changed:
            self._refused_captures += count

    def capture_before_cancel(self) -> None:
        """A capture that was thought lost is made in the moment before the next cancel."""
        with self._changed:
            self._capture_before_cancel = True

    def forget_sessions(self) -> None:
        """46 hours are over."""
        with self._changed:
            self._sessions.clear()

    def _answer(self, request: Request) -> Reply:
        with self._changed:
            try:
                return self._route(request)
            finally:
                self._changed.notify_all()

    def _route(self, request: Request) -> Reply:
        basic = base64.b64encode(f"{USERNAME}:{PASSWORD}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {basic}":
            return Reply(401)
        match request.method, request.path.strip("/").split("/"):
            case "POST", ["payments", "v1", "sessions"]:
                return self._create(request)
            case "GET", ["payments", "v1", "sessions", name] if name in self._sessions:
                return Reply(200, {"status": "incomplete", **_read(self._sessions[name].body)})
            case "DELETE", ["payments", "v1", "sessions", name] if name in self._sessions:
                return self._delete(self._sessions[name])
            case "GET", ["in-store", "v1", "distributions", name, "result"] if (
                name in self._sessions
            ):
                return Reply(200, self._result(self._sessions[name]))
            case method, ["ordermanagement", "v1", "orders", name, *rest] if name in self._orders:
                return self._manage(method, self._orders[name], rest, request)
        return _error(404, "NOT_FOUND")

    def _create(self, request: Request) -> Reply:
        body = request.json
        key = request.headers.get("klarna-idempotency-key", "")
        if key and key in self._created:
            return self._created[key]
        total = sum(line["total_amount"] for line in body["order_lines"])
        tax = sum(line["total_tax_amount"] for line in body["order_lines"])
        if (total, tax) != (body["order_amount"], body["order_tax_amount"]):
            return _error(400, "BAD_VALUE")
        if body.get("distribution", {}).get("method") != "one_qr":
            return _error(400, "BAD_VALUE")
        name = str(uuid.uuid4())
        self._sessions[name] = Session(
            id=name,
            body=body,
            payment_link=f"https://pay.klarna.example/eu/{uuid.uuid4().hex[:10]}",
        )
        reply = Reply(
            200,
            {
                "session_id": name,
                "client_token": f"eyJhbGciOiJub25lIn0.{uuid.uuid4().hex}",
                "payment_method_categories": [],
                "distribution": {
                    "method": "one_qr",
                    "result_url": f"{self.called_as}/in-store/v1/distributions/{name}/result",
                },
            },
        )
        if key:
            self._created[key] = reply
        return reply

    def _delete(self, session: Session) -> Reply:
        if self._approve_on_delete and session.status in OPEN:
            self._approve_on_delete = False
            self._complete(session)
        if session.status == "COMPLETED":
            return _error(403, "NOT_ALLOWED")
        session.status = "CANCELED"
        return Reply(204)

    def _result(self, session: Session) -> dict[str, Any]:
        told: dict[str, Any] = {
            "status": session.status,
            "payment_link": session.payment_link,
            "qr": f"{session.payment_link}/qr",
        }
        if session.status == "FAILED":
            told = {"status": "FAILED", "error": {"code": "INTERNAL_ERROR"}}
        if session.order_id:
            told["order_id"] = session.order_id
        return told

    def _complete(self, session: Session, amount_minor: int = 0) -> None:
        order = Order(
            id=str(uuid.uuid4()),
            body=session.body,
            amount=amount_minor or session.body["order_amount"],
            klarna_reference=uuid.uuid4().hex[:8].upper(),
            fraud_status=self._fraud_status,
        )
        self._orders[order.id] = order
        session.order_id, session.status = order.id, "COMPLETED"
        self._write("approved", order, order.amount, currency=session.body["purchase_currency"])
        self._changed.notify_all()

    # --- order management -------------------------------------------------------------------------

    def _manage(self, method: str, order: Order, rest: list[str], request: Request) -> Reply:
        if (method, rest) == ("GET", []):
            return Reply(200, self._told(order))
        key = request.headers.get("klarna-idempotency-key", "")
        if key in order.keys:
            return order.keys[key]
        match method, rest:
            case "POST", ["captures"]:
                reply = self._capture(order, request.json["captured_amount"])
            case "POST", ["refunds"]:
                reply = self._refund(order, request.json["refunded_amount"])
            case "POST", ["cancel"]:
                reply = self._cancel(order)
            case _:
                return _error(404, "NOT_FOUND")
        if key and reply.status < 300:
            order.keys[key] = reply
        return reply

    def _capture(self, order: Order, minor: int) -> Reply:
        refuse = self._refused_captures > 0
        self._refused_captures -= refuse
        if refuse or order.status == "CANCELLED" or minor > order.amount - order.captured:
            return _error(403, "CAPTURE_NOT_ALLOWED")
        order.captured += minor
        order.status = "CAPTURED" if order.captured == order.amount else "PART_CAPTURED"
        self._write("captured", order, minor)
        name = str(uuid.uuid4())
        at = f"{self.called_as}/ordermanagement/v1/orders/{order.id}/captures/{name}"
        return Reply(201, None, {"Capture-Id": name, "Location": at})

    def _refund(self, order: Order, minor: int) -> Reply:
        if minor > order.captured - order.refunded:
            return _error(403, "REFUND_NOT_ALLOWED")
        order.refunded += minor
        self._write("refunded", order, minor)
        name = str(uuid.uuid4())
        at = f"{self.called_as}/ordermanagement/v1/orders/{order.id}/refunds/{name}"
        # The description has a text for a body here, and none after a capture.
        return Reply(201, "", {"Refund-Id": name, "Location": at})

    def _cancel(self, order: Order) -> Reply:
        if self._capture_before_cancel:
            self._capture_before_cancel = False
            self._capture(order, order.amount)
        if order.captured:
            return _error(403, "CANCEL_NOT_ALLOWED")
        if order.status != "CANCELLED":
            order.status = "CANCELLED"
            self._write("cancelled", order, order.amount)
        return Reply(204)

    def _told(self, order: Order) -> dict[str, Any]:
        return {
            "order_id": order.id,
            "status": order.status,
            "fraud_status": order.fraud_status,
            "order_amount": order.amount,
            "original_order_amount": order.amount,
            "captured_amount": order.captured,
            "refunded_amount": order.refunded,
            "remaining_authorized_amount": 0
            if order.status == "CANCELLED"
            else order.amount - order.captured,
            "purchase_currency": order.body["purchase_currency"],
            "purchase_country": order.body["purchase_country"],
            "locale": order.body["locale"],
            "merchant_reference1": order.body["merchant_reference1"],
            "merchant_reference2": order.body["merchant_reference2"],
            "klarna_reference": order.klarna_reference,
            # Without `type`: the published list of types has them all in one text, so that no
            # type would pass.
            "order_lines": [
                {name: value for name, value in line.items() if name != "type"}
                for line in order.body["order_lines"]
            ],
        }

    def _write(self, kind: str, order: Order, minor: int, **more: Any) -> None:
        self._books.write(kind, reference=order.id, amount_minor=minor, **more)

    def _newest(self) -> Session | None:
        return next(reversed(self._sessions.values()), None)

    def _open_session(self) -> Session:
        session = self._newest()
        if session is None or session.status not in OPEN:
            raise ValueError("no session waits for a phone")
        return session

    def _end(self, status: str) -> None:
        with self._changed:
            self._open_session().status = status
            self._changed.notify_all()


def _read(body: dict[str, Any]) -> dict[str, Any]:
    """What a session says of itself: what was sent, without what is not in its description."""
    return {name: value for name, value in body.items() if name not in ("distribution", "intent")}


def _error(status: int, code: str) -> Reply:
    return Reply(
        status,
        {"error_code": code, "error_messages": [code.lower()], "correlation_id": str(uuid.uuid4())},
    )


def main() -> None:
    """Run it as its own process, steered over a control socket."""
    parser = argparse.ArgumentParser(description="A simulated Klarna")
    parser.add_argument("--directory", required=True, help="for the books")
    parser.add_argument("--control", required=True, help="path of the Unix socket for verbs")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--keys-file", default="", help="where the kiosk's keys are written")
    given = parser.parse_args()
    sim = KlarnaSim(directory=given.directory, port=given.port)
    write_keys(given.keys_file, sim.keys())
    sim.start()
    try:
        run_far_end(sim, given.control)
    finally:
        sim.stop()


if __name__ == "__main__":
    main()
