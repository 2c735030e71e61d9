"""A simulated Vipps MobilePay: tokens, ePayment, and the phone that scans and approves.

    sim = VippsSim(directory=tmp)
    sim.start(); ...; sim.wait_for("CREATED"); sim.approve(); sim.books()

The books are on disk and outlive it. As its own process:
`python -m drivers.sim.vipps --directory DIR --control SOCKET`.
"""

import argparse
import json
import re
import secrets
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

from drivers.sim.control import run_far_end
from drivers.sim.terminal_books import Books
from drivers.sim.vipps_payment import Payment, adjusted, problem, told
from drivers.sim.wallet_wire import (
    FAULT_VERBS,
    Reply,
    Request,
    WalletFaults,
    WalletServer,
    write_keys,
)

CLIENT_ID = "fb492b5e-7907-4d83-ba20-c7fb60ca35de"
CLIENT_SECRET = "Y8Kteew6GE3ZmeycEt6egg=="  # noqa: S105 - of this simulator only
SUBSCRIPTION_KEY = "0f14ebcab0eb4b29ae0cb90d91b4a84a"
REFERENCE = re.compile(r"[a-zA-Z0-9-]{8,50}")
CREATES_PER_MINUTE = 5
KNOWN_NUMBERS = re.compile(r"47[49]\d{7}")


class VippsSim(WalletFaults):
    """One provider. Verbs are what phones, hosts and cables do; they return at once."""

    VERBS: ClassVar[tuple[str, ...]] = (
        "books",
        "wait_for",
        "scan",
        "approve",
        "decline",
        "expire",
        "expire_tokens",
        "approve_on_cancel",
        "refuse_captures",
        "capture_before_cancel",
        "lose_pushes",
        *FAULT_VERBS,
    )

    def __init__(
        self,
        *,
        directory: str | Path,
        host: str = "127.0.0.1",
        port: int = 0,
        merchant_serial_number: str = "123456",
        token_s: int = 3599,
        life_s: float = 600.0,
        limit_creates: bool = True,
    ) -> None:
        directory = Path(directory)
        directory.mkdir(parents=True, exist_ok=True)
        self._server = WalletServer(self._answer, host=host, port=port)
        self._books = Books(directory / "vipps-books.jsonl")
        self._msn = merchant_serial_number
        self._token_s = token_s
        self._life_s = life_s
        self._limit_creates = limit_creates
        self._changed = threading.Condition(threading.RLock())
        self._payments: dict[str, Payment] = {}
        self._tokens: set[str] = set()
        self._every_token: list[str] = []
        self._approve_on_cancel = False
        self._refused_captures = 0
        self._capture_before_cancel = False
        self._lost_pushes = 0
        self._pushes: list[str] = []

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
        return (
            f'environment = "test"\nclient_id = "{CLIENT_ID}"\nclient_secret = "{CLIENT_SECRET}"\n'
            f'subscription_key = "{SUBSCRIPTION_KEY}"\n'
        )

    def secrets(self) -> list[str]:
        """All that nobody but the two ends may ever see: keys, tokens and payment links."""
        with self._changed:
            links = [p.redirect_url for p in self._payments.values() if p.redirect_url]
            return [CLIENT_SECRET, SUBSCRIPTION_KEY, *self._every_token, *links]

    # --- what an onlooker sees --------------------------------------------------------------------

    def state(self) -> dict[str, Any]:
        """The newest payment, and how many there are."""
        with self._changed:
            newest = self._newest()
            return {
                "url": self.url,
                "plugged_in": self.plugged_in,
                "payments": len(self._payments),
                "reference": newest.reference if newest else "",
                "state": self._state_of(newest) if newest else "",
                "amount_minor": newest.amount if newest else 0,
                "flow": newest.body["userFlow"] if newest else "",
                "pushes": len(self._pushes),
                "receipt_lines": len(newest.body.get("receipt", {}).get("orderLines", ()))
                if newest
                else 0,
            }

    def books(self) -> list[dict[str, Any]]:
        """Each payment that was ever approved: reference, amount, captured, refunded, cancelled."""
        sums: dict[str, dict[str, Any]] = {}
        for entry in self._books.entries("approved"):
            sums[entry["reference"]] = {**entry, "captured": 0, "refunded": 0, "cancelled": 0}
        for kind in ("captured", "refunded", "cancelled"):
            for entry in self._books.entries(kind):
                sums[entry["reference"]][kind] += entry["amount_minor"]
        return list(sums.values())

    def payment(self, reference: str = "") -> Payment:
        """One payment, the newest by default; ValueError when there is none."""
        with self._changed:
            found = self._payments.get(reference) if reference else self._newest()
            if found is None:
                raise ValueError("no such payment")
            return found

    def wait_for(self, state: str, within_s: float = 10.0) -> None:
        """Wait until the newest payment is in this state; else TimeoutError."""
        self.wait_until(lambda: self.state()["state"] == state, within_s)

    def wait_until(self, condition: Callable[[], bool], within_s: float = 10.0) -> None:
        """Wait until `condition`, looked at after each change; TimeoutError when it never holds."""
        with self._changed:
            if not self._changed.wait_for(condition, within_s):
                raise TimeoutError("the payment never got there")

    # --- phones -----------------------------------------------------------------------------------

    def scan(self) -> str:
        """The phone reads the code on the screen; returns what it says."""
        with self._changed:
            payment = self._open_payment()
            payment.scanned = True
            return payment.redirect_url

    def approve(self, amount_minor: int = 0) -> None:
        """The shopper approves in the app; an `amount_minor` is a provider gone wrong."""
        with self._changed:
            self._approve(self._open_payment(), amount_minor)

    def decline(self) -> None:
        """The shopper says no in the app."""
        self._end("ABORTED")

    def expire(self) -> None:
        """Ten minutes are over."""
        self._end("EXPIRED")

    def approve_on_cancel(self) -> None:
        """The shopper approves in the very moment before the next cancel arrives."""
        with self._changed:
            self._approve_on_cancel = True

    def lose_pushes(self, count: int = 1) -> None:
        """The next pushes never reach a phone."""
        with self._changed:
            self._lost_pushes += count

    # --- the provider -----------------------------------------------------------------------------

    def expire_tokens(self) -> None:
        """No access token is good any more."""
        with self._changed:
            self._tokens.clear()

    def refuse_captures(self, count: int = 1) -> None:
        """Answer captures with 400 and code 6080."""
        with self._changed:
            self._refused_captures += count

    def capture_before_cancel(self) -> None:
        """A capture that was thought lost is made in the moment before the next cancel."""
        with self._changed:
            self._capture_before_cancel = True

    def _answer(self, request: Request) -> Reply:
        with self._changed:
            try:
                return self._route(request)
            finally:
                self._changed.notify_all()

    def _route(self, request: Request) -> Reply:
        headers = request.headers
        if headers.get("ocp-apim-subscription-key") != SUBSCRIPTION_KEY:
            return problem(401, "Subscription key")
        if request.path == "/accesstoken/get" and request.method == "POST":
            return self._give_token(request)
        if headers.get("authorization", "").removeprefix("Bearer ") not in self._tokens:
            return problem(401, "Token")
        if headers.get("merchant-serial-number") != self._msn:
            return problem(403, "Sales unit")
        parts = request.path.removeprefix("/epayment/v1/").strip("/").split("/")
        match request.method, parts:
            case "POST", ["payments"]:
                return self._create(request)
            case "GET", ["payments", reference] if reference in self._payments:
                return Reply(200, told(self._current(reference)))
            case "POST", ["payments", reference, action] if reference in self._payments:
                return self._adjust(self._payments[reference], action, request)
            case "POST", ["test", "payments", reference, "approve"] if reference in self._payments:
                self._approve(self._payments[reference])
                return Reply(200)
        return problem(404, "Not found")

    def _give_token(self, request: Request) -> Reply:
        given = (request.headers.get("client_id"), request.headers.get("client_secret"))
        if given != (CLIENT_ID, CLIENT_SECRET):
            return problem(401, "Client")
        token = f"eyJhbGciOiJSUzI1NiJ9.{secrets.token_urlsafe(24)}.c2ln"
        self._tokens.add(token)
        self._every_token.append(token)
        return Reply(
            200,
            {
                "token_type": "Bearer",
                "expires_in": str(self._token_s),
                "ext_expires_in": str(self._token_s),
                "expires_on": str(int(time.time()) + self._token_s),
                "not_before": str(int(time.time())),
                "resource": "00000002-0000-0000-c000-000000000000",
                "access_token": token,
            },
        )

    def _create(self, request: Request) -> Reply:
        key = request.headers.get("idempotency-key", "")
        body = request.json
        reference = str(body.get("reference"))
        if not key or len(key) > 50 or REFERENCE.fullmatch(reference) is None:
            return problem(400, "Bad request")
        known = self._payments.get(reference)
        if known is not None:
            sent, reply = known.keys["create"]
            same = key == known.body["key"] and sent == request.body
            return reply if same else problem(409, "Reference is taken")
        flow = body["userFlow"]
        phone = str(body.get("customer", {}).get("phoneNumber", ""))
        if flow == "PUSH_MESSAGE" and KNOWN_NUMBERS.fullmatch(phone) is None:
            return problem(400, "Customer")
        recent = [p for p in self._payments.values() if p.created_at > time.monotonic() - 60]
        same_reference = [p for p in recent if p.reference == reference]
        if self._limit_creates and len(same_reference) >= CREATES_PER_MINUTE:
            return problem(429, "Too many requests")
        payment = Payment(
            reference=reference,
            amount=body["amount"]["value"],
            currency=body["amount"]["currency"],
            body={**body, "key": key},
            created_at=time.monotonic(),
            psp_reference=secrets.token_hex(10),
        )
        answer = {"reference": reference}
        if flow == "QR":
            payment.redirect_url = f"https://qr.vipps.example/p/{secrets.token_urlsafe(12)}"
            answer["redirectUrl"] = payment.redirect_url
        elif self._lost_pushes:
            self._lost_pushes -= 1
        else:
            self._pushes.append(reference)
        reply = Reply(201, answer)
        payment.keys["create"] = (request.body, reply)
        self._payments[reference] = payment
        return reply

    def _adjust(self, payment: Payment, action: str, request: Request) -> Reply:
        key = request.headers.get("idempotency-key", "")
        if not key or len(key) > 50:
            return problem(400, "Idempotency-Key")
        if key in payment.keys:
            return payment.keys[key][1]
        body = json.loads(request.body) if request.body else {}
        match action:
            case "cancel":
                reply = self._cancel(payment, only_open=body.get("cancelTransactionOnly", False))
            case "capture":
                reply = self._capture(payment, body["modificationAmount"]["value"])
            case "refund":
                reply = self._refund(payment, body["modificationAmount"]["value"])
            case _:
                return problem(404, "Not found")
        if reply.status < 300:
            payment.keys[key] = (request.body, reply)
        return reply

    def _cancel(self, payment: Payment, *, only_open: bool) -> Reply:
        if self._approve_on_cancel and payment.state == "CREATED":
            self._approve_on_cancel = False
            self._approve(payment)
        if self._capture_before_cancel:
            self._capture_before_cancel = False
            self._capture(payment, payment.amount)
        if self._state_of(payment) == "CREATED":
            payment.state = "TERMINATED"
        elif payment.state != "AUTHORIZED" or only_open:
            return problem(400, "Cannot cancel", "6060")
        else:
            left = payment.amount - payment.captured - payment.cancelled
            payment.cancelled += left
            self._write("cancelled", payment, left)
        return adjusted(payment)

    def _capture(self, payment: Payment, minor: int) -> Reply:
        if self._refused_captures > 0:
            self._refused_captures -= 1
            return problem(400, "Not reserved", "6080")
        free = payment.amount - payment.captured - payment.cancelled
        if payment.state != "AUTHORIZED" or minor > free:
            return problem(400, "Not reserved", "6080")
        payment.captured += minor
        self._write("captured", payment, minor)
        return adjusted(payment)

    def _refund(self, payment: Payment, minor: int) -> Reply:
        if minor > payment.captured - payment.refunded:
            return problem(400, "Not captured", "6081")
        payment.refunded += minor
        self._write("refunded", payment, minor)
        return adjusted(payment)

    def _approve(self, payment: Payment, amount_minor: int = 0) -> None:
        payment.amount = amount_minor or payment.amount
        payment.state = "AUTHORIZED"
        self._write("approved", payment, payment.amount, currency=payment.currency)
        self._changed.notify_all()

    def _write(self, kind: str, payment: Payment, minor: int, **more: Any) -> None:
        self._books.write(kind, reference=payment.reference, amount_minor=minor, **more)

    def _end(self, state: str) -> None:
        with self._changed:
            self._open_payment().state = state
            self._changed.notify_all()

    def _current(self, reference: str) -> Payment:
        payment = self._payments[reference]
        self._state_of(payment)
        return payment

    def _state_of(self, payment: Payment) -> str:
        if payment.state == "CREATED" and time.monotonic() > payment.created_at + self._life_s:
            payment.state = "EXPIRED"
        return payment.state

    def _newest(self) -> Payment | None:
        return next(reversed(self._payments.values()), None)

    def _open_payment(self) -> Payment:
        payment = self._newest()
        if payment is None or self._state_of(payment) != "CREATED":
            raise ValueError("no payment waits for a phone")
        return payment


def main() -> None:
    """Run it as its own process, steered over a control socket."""
    parser = argparse.ArgumentParser(description="A simulated Vipps MobilePay")
    parser.add_argument("--directory", required=True, help="for the books")
    parser.add_argument("--control", required=True, help="path of the Unix socket for verbs")
    parser.add_argument("--merchant-serial-number", default="123456")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--keys-file", default="", help="where the kiosk's keys are written")
    given = parser.parse_args()
    sim = VippsSim(
        directory=given.directory,
        merchant_serial_number=given.merchant_serial_number,
        port=given.port,
    )
    write_keys(given.keys_file, sim.keys())
    sim.start()
    try:
        run_far_end(sim, given.control)
    finally:
        sim.stop()


if __name__ == "__main__":
    main()
