"""A simulated card terminal: nexo Retailer 3.1 in XML over HTTP, with a login and a rest at night.

    sim = NexoXmlTerminalSim(directory=tmp)
    sim.start(); ...; sim.wait_for("card"); sim.tap_card(); sim.books()

As its own process: `python -m drivers.sim.nexo_xml_terminal --directory DIR --control SOCKET`.
"""

import argparse
import base64
from pathlib import Path
from typing import Any, ClassVar, Final

from drivers.sim.control import run_far_end
from drivers.sim.nexo_xml_answers import approval, login_response
from drivers.sim.nexo_xml_poster import CONTENT_TYPE, XmlPoster
from drivers.sim.nexo_xml_wire import read_xml, write_xml
from drivers.sim.terminal_books import Books
from drivers.sim.terminal_cards import failure
from drivers.sim.terminal_desk import TerminalSim
from drivers.sim.terminal_messages import now
from drivers.sim.terminal_payment import Payment
from drivers.sim.terminal_server import Reply, TerminalServer

MAY_OVERLAP: Final = frozenset({"Abort", "Login", "TransactionStatus"})
SESSION_VERBS: Final = (
    "busy_after_payments",
    "refuse_login",
    "log_out",
    "exchange",
    "reject_next",
    "send_event",
    "want_display_answers",
    "ask_for_input",
)


class NexoXmlTerminalSim(TerminalSim):
    """A terminal of the XML dialect."""

    VERBS: ClassVar[tuple[str, ...]] = (*TerminalSim.VERBS, *SESSION_VERBS)
    PATH: ClassVar[str] = "/EPASSaleToPOI/3.1"
    UNFINISHED: ClassVar[str] = "Busy"

    def __init__(
        self,
        *,
        directory: str | Path,
        poi_id: str = "NT-0477-03",
        serial_number: str = "1710000520",
        host: str = "127.0.0.1",
        port: int = 0,
        display_url: str = "",
        contactless_limit_minor: int = 50_000,
        card_timeout_s: float = 120.0,
    ) -> None:
        directory = Path(directory)
        directory.mkdir(parents=True, exist_ok=True)
        self._poster = XmlPoster(display_url, poi_id)
        super().__init__(
            poi_id=poi_id,
            books=Books(directory / "terminal-books.jsonl"),
            display=self._poster,
            server=TerminalServer(host, port, self._answer, content_type=CONTENT_TYPE),
            host=host,
            contactless_limit_minor=contactless_limit_minor,
            card_timeout_s=card_timeout_s,
        )
        self._approval = approval
        self._serial_number = serial_number
        self._sale_id = ""
        """Who is logged in; "" for nobody."""
        self._known_sale_id = ""
        self._capabilities: tuple[str, ...] = ()
        self._login_says = ""
        self._busy_left = 0
        self._busy_after = 0
        self._running = 0
        self._counts = {"overlaps": 0, "resets": 0, "logins": 0, "rests": 0, "rejects": 0}

    def state(self) -> dict[str, Any]:
        """What an onlooker sees, and whether somebody is logged in."""
        return {**super().state(), **self._counts, "logged_in": bool(self._sale_id)}

    # --- verbs of this dialect --------------------------------------------------------------------

    def busy_after_payments(self, count: int) -> None:
        """After each payment it is busy with its host for the next `count` requests."""
        self._busy_after = count

    def refuse_login(self, condition: str = "Busy") -> None:
        """It refuses every login so; "" ends it."""
        self._login_says = condition

    def log_out(self) -> None:
        """It forgets its session, as after an update."""
        with self._changed:
            self._sale_id = ""

    def exchange(self, serial_number: str) -> None:
        """Somebody puts another terminal in its place."""
        self._serial_number = serial_number
        self.log_out()

    def reject_next(self) -> None:
        """It cannot read the next request about money."""
        self._next["reject"] = True

    def send_event(self, event: str, maintenance_required: bool = False) -> None:
        """It tells the till of an event."""
        body: dict[str, Any] = {"TimeStamp": now(), "EventToNotify": event}
        if maintenance_required:
            body |= {"MaintenanceRequiredFlag": True, "EventDetails": "Maintenance Required"}
        self._poster.send("Event", "Event", "Notification", self._known_sale_id, body)

    def want_display_answers(self, on: bool = True) -> None:
        """Its texts want an answer."""
        self._poster.wants_answers = on

    def ask_for_input(self) -> None:
        """It asks the cashier something."""
        question = {"OutputFormat": "Text", "OutputText": ["Signatur godkjent?"]}
        body = {
            "DisplayOutput": {
                "Device": "CashierDisplay",
                "InfoQualify": "Display",
                "OutputContent": question,
            },
            "InputData": {
                "Device": "CashierInput",
                "InfoQualify": "Input",
                "InputCommand": "GetConfirmation",
            },
        }
        self._poster.send("Device", "Input", "Request", self._known_sale_id, body)

    def reboot(self) -> None:
        """Power off and on: nobody is logged in any more."""
        self.log_out()
        super().reboot()

    # --- the wire ---------------------------------------------------------------------------------

    def _answer(self, raw: bytes) -> Reply:
        try:
            header, inside = read_xml(raw)
        except (KeyError, ValueError):
            return self._reject(raw, {"SaleID": self._sale_id, "POIID": self.poi_id})
        category = header["MessageCategory"]
        if category in ("Payment", "Reversal", "Reconciliation") and self._take("reject"):
            return self._reject(raw, header)
        if category in MAY_OVERLAP:
            return self._heard_message(header, inside)
        with self._changed:
            self._counts["overlaps"] += self._running > 0
            self._running += 1
        try:
            return self._heard_message(header, inside)
        finally:
            with self._changed:
                self._running -= 1

    def _reject(self, raw: bytes, header: dict[str, Any]) -> Reply:
        self._counts["rejects"] += 1
        event = {
            "TimeStamp": now(),
            "EventToNotify": "Reject",
            "RejectedMessage": base64.b64encode(raw).decode(),
        }
        theirs = {
            "MessageClass": "Event",
            "MessageCategory": "Event",
            "MessageType": "Notification",
            "SaleID": header["SaleID"],
            "POIID": header["POIID"],
        }
        content = {"MessageHeader": theirs, "EventNotification": event}
        return Reply(write_xml("SaleToPOIRequest", content))

    def _written(self, header: dict[str, Any], name: str, body: dict[str, Any]) -> bytes:
        # As the real ones do: no ProtocolVersion in answers, no reference in a status, and the
        # repeated body beside its header.
        if repeated := body.get("RepeatedMessageResponse"):
            theirs = {k: v for k, v in repeated["MessageHeader"].items() if k != "ProtocolVersion"}
            wrapped = repeated["RepeatedResponseMessageBody"]
            body = {**body, "RepeatedMessageResponse": {"MessageHeader": theirs, **wrapped}}
        body = {key: value for key, value in body.items() if key != "MessageReference"}
        header = {key: value for key, value in header.items() if key != "ProtocolVersion"}
        return write_xml("SaleToPOIResponse", {"MessageHeader": header, name: body})

    # --- the session ------------------------------------------------------------------------------

    def _answer_to(self, category: str, header: dict[str, Any], inside: dict[str, Any]) -> Reply:
        if category == "Login":
            return self._sent(header, "LoginResponse", self._login(header, inside["LoginRequest"]))
        refusal = self._no_session(category, header)
        if refusal and category == "Abort":
            return Reply(b"", 204)
        if refusal:
            return self._sent(header, f"{category}Response", {"Response": failure(refusal)})
        if category == "Logout":
            body = self._logout(inside["LogoutRequest"])
            return self._sent(header, "LogoutResponse", body)
        return super()._answer_to(category, header, inside)

    def _no_session(self, category: str, header: dict[str, Any]) -> str:
        """Return why a request is not even looked at, "" when it is."""
        with self._changed:
            if (header["SaleID"], header["POIID"]) != (self._sale_id, self.poi_id):
                return "LoggedOut"
            if category in ("Payment", "Reversal", "Reconciliation") and self._busy_left > 0:
                self._busy_left -= 1
                return "Busy"
        return ""

    def _login(self, header: dict[str, Any], request: dict[str, Any]) -> dict[str, Any]:
        if self._login_says or header["POIID"] != self.poi_id:
            return {"Response": failure(self._login_says or "Busy", "New Poi ID detected")}
        with self._changed:
            if self._current is not None:
                # The last resort: whatever was on the screen is gone.
                self._counts["resets"] += 1
                self._current.lost = True
                self._current = None
            self._counts["logins"] += 1
            self._sale_id = self._known_sale_id = header["SaleID"]
            self._capabilities = tuple(request["SaleTerminalData"]["SaleCapabilities"].split())
            self._changed.notify_all()
        return login_response(
            self._serial_number,
            # A session that is lost again and again is no state that it knows of.
            sound=self.refuses_with in ("", "LoggedOut"),
            host_reachable=not self.host_is_down,
        )

    def _logout(self, request: dict[str, Any]) -> dict[str, Any]:
        with self._changed:
            if self._current is not None:
                return {"Response": failure("Busy")}
            self._sale_id = ""
            self._counts["rests"] += request.get("MaintenanceAllowed") == "true"
            self._changed.notify_all()
        return {"Response": {"Result": "Success"}}

    def _finish(self, payment: Payment, body: dict[str, Any]) -> None:
        self._busy_left = self._busy_after
        super()._finish(payment, body)

    def _reversible(self) -> list[str]:
        """Only the last one: this dialect reverses no other."""
        return [t["transaction_id"] for t in self.books()[-1:] if not t["reversed"]]

    def _show(self, payment: Payment, event: str) -> None:
        if "CashierDisplay" in self._capabilities:
            super()._show(payment, event)


def main() -> None:
    """Run one terminal as its own process, steered over a control socket."""
    parser = argparse.ArgumentParser(description="A simulated nexo XML terminal")
    parser.add_argument("--directory", required=True, help="for the books")
    parser.add_argument("--control", required=True, help="path of the Unix socket for verbs")
    parser.add_argument("--poi-id", default="NT-0477-03")
    parser.add_argument("--serial-number", default="1710000520")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--display-url", default="")
    given = parser.parse_args()
    sim = NexoXmlTerminalSim(
        directory=given.directory,
        poi_id=given.poi_id,
        serial_number=given.serial_number,
        port=given.port,
        display_url=given.display_url,
    )
    sim.start()
    try:
        run_far_end(sim, given.control)
    finally:
        sim.stop()


if __name__ == "__main__":
    main()
