"""A simulated card terminal: nexo JSON over HTTPS, a reader, a PIN pad, and known ways to fail.

    sim = NexoTerminalSim(directory=tmp, passphrase="...")
    sim.start(); ...; sim.wait_for("card"); sim.tap_card(); sim.books()

`books()` is the truth about money and outlives every crash, the simulator's own too. As its own
process: `python -m drivers.sim.terminal --directory DIR --passphrase-file FILE --control SOCKET`.
"""

import argparse
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

from drivers.sim.control import run_far_end
from drivers.sim.terminal_books import Books
from drivers.sim.terminal_cards import CARDS, PIN, approval
from drivers.sim.terminal_display import DisplayPoster
from drivers.sim.terminal_faults import FAULT_VERBS
from drivers.sim.terminal_messages import Messages, Payment, minor_of, now
from drivers.sim.terminal_wire import TerminalCrypto, TerminalServer, make_certificates

PIN_TRIES = 3


class NexoTerminalSim(Messages):
    """One terminal on a desk. Verbs are what hands, hosts and cables do; they return at once."""

    VERBS: ClassVar[tuple[str, ...]] = (
        "books",
        "wait_for",
        "tap_card",
        "insert_card",
        "type_pin",
        "wrong_pin",
        "press_red",
        "walk_away",
        "decline",
        "hold_host",
        "release_host",
        "unplug",
        "plug_in",
        "reboot",
        *FAULT_VERBS,
    )

    def __init__(
        self,
        *,
        directory: str | Path,
        passphrase: str,
        key_identifier: str = "kiosk",
        key_version: int = 1,
        poi_id: str = "S1F2-000158213606123",
        host: str = "127.0.0.1",
        port: int = 0,
        display_url: str = "",
        certificate_name: str = "",
        contactless_limit_minor: int = 50_000,
        card_timeout_s: float = 120.0,
    ) -> None:
        directory = Path(directory)
        self.ca_file, certificate = make_certificates(
            directory, certificate_name or f"{poi_id}.test.terminal.adyen.com"
        )
        crypto = TerminalCrypto(passphrase, key_identifier, key_version)
        super().__init__(
            poi_id=poi_id,
            books=Books(directory / "terminal-books.jsonl"),
            crypto=crypto,
            display=DisplayPoster(display_url, poi_id, crypto),
            card_timeout_s=card_timeout_s,
        )
        self._server = TerminalServer(host, port, certificate, self._answer)
        self._host = host
        self._contactless_limit_minor = contactless_limit_minor
        self._host_says = "Success"
        self._host_held = False

    # --- life -------------------------------------------------------------------------------------

    @property
    def url(self) -> str:
        """Where tills post to."""
        return f"https://{self._host}:{self._server.port}/nexo"

    def start(self) -> None:
        """Switch it on."""
        self.plug_in()

    def stop(self) -> None:
        """Switch it off for good; the books stay on disk."""
        self.unplug()
        self._display.stop()
        self._books.close()

    def set_display_url(self, url: str) -> None:
        """Say where the till wants its notifications."""
        self._display.url = url

    # --- what an onlooker sees --------------------------------------------------------------------

    def state(self) -> dict[str, Any]:
        """What it shows now, and which categories of messages it heard so far."""
        with self._changed:
            payment = self._current
            return {
                "plugged": self._plugged,
                "waiting_for": payment.waiting_for if payment else "",
                "amount_minor": minor_of(payment.amount) if payment else 0,
                "service_id": payment.header["ServiceID"] if payment else "",
                "heard": list(self._heard),
                "refused_duplicates": self._refused_duplicates,
                "url": self.url,
            }

    def heard(self, category: str) -> int:
        """How many messages of a category came in."""
        with self._changed:
            return self._heard.count(category)

    def wait_for(self, what: str, within_s: float = 10.0) -> None:
        """Wait until it waits for "card", "pin", "host" or "" (idle); else TimeoutError."""

        def there() -> bool:
            return (self._current.waiting_for if self._current else "") == what

        self.wait_until(there, within_s)

    def wait_until(self, condition: Callable[[], bool], within_s: float = 10.0) -> None:
        """Wait until `condition`, looked at after each change; TimeoutError when it never holds."""
        with self._changed:
            if not self._changed.wait_for(condition, within_s):
                raise TimeoutError("the terminal never got there")

    # --- hands ------------------------------------------------------------------------------------

    def tap_card(self, card: str = "visa") -> None:
        """Hold a card to the reader. Above the contactless limit the PIN is asked for."""
        self._present(card, "Contactless")

    def insert_card(self, card: str = "visa") -> None:
        """Put a card into the reader: chip, always with PIN."""
        self._present(card, "ICC")

    def type_pin(self, pin: str) -> None:
        """Type a PIN and the green key."""
        with self._changed:
            payment = self._waiting("pin")
            if pin != PIN:
                payment.wrong_pins += 1
                self._show(payment, "WRONG_PIN")
                if payment.wrong_pins == PIN_TRIES:
                    self._finish(payment, self._refuse(payment, "WrongPIN"))
                else:
                    self._show(payment, "WAIT_FOR_PIN")
                return
            self._show(payment, "PIN_ENTERED")
            self._go_online(payment)

    def wrong_pin(self) -> None:
        """Type a PIN that is not the card's."""
        self.type_pin("0000")

    def press_red(self) -> None:
        """The shopper's red key."""
        self._end_by_hand("Cancel")

    def walk_away(self) -> None:
        """Nobody comes: the terminal's own time-out runs off now."""
        self._end_by_hand("Cancel")

    def decline(self, condition: str = "Refusal") -> None:
        """The bank will refuse the next card, for this ErrorCondition."""
        with self._changed:
            self._host_says = condition

    def hold_host(self) -> None:
        """The bank takes its time, until `release_host`."""
        with self._changed:
            self._host_held = True

    def release_host(self) -> None:
        """The bank answers."""
        with self._changed:
            self._host_held = False
            if self._current is not None and self._current.waiting_for == "host":
                self._authorise(self._current)

    # --- cables -----------------------------------------------------------------------------------

    def unplug(self) -> None:
        """Pull the network cable. The terminal goes on by itself."""
        with self._changed:
            self._plugged = False
            self._changed.notify_all()
        self._server.unplug()

    def plug_in(self) -> None:
        """Put it back, same address."""
        self._server.plug_in()
        with self._changed:
            self._plugged = True
            self._changed.notify_all()

    def reboot(self) -> None:
        """Power off and on: what is on the screen is gone, what is in the books is not."""
        self.unplug()
        with self._changed:
            if self._current is not None:
                self._current.lost = True
                self._current = None
            self._changed.notify_all()
        self.plug_in()

    # --- the payment ------------------------------------------------------------------------------

    def _present(self, card: str, entry_mode: str) -> None:
        with self._changed:
            payment = self._waiting("card")
            contactless = entry_mode == "Contactless"
            if contactless and self._take("needs_insert"):
                self._show(payment, "INSERT_CARD")
                return
            payment.card, payment.entry_mode = CARDS[card], entry_mode
            self._show(payment, "CARD_PRESENTED" if contactless else "CARD_INSERTED")
            if contactless and minor_of(payment.amount) <= self._contactless_limit_minor:
                self._go_online(payment)
            else:
                payment.waiting_for = "pin"
                self._show(payment, "WAIT_FOR_PIN")
                self._changed.notify_all()

    def _go_online(self, payment: Payment) -> None:
        payment.waiting_for = "host"
        self._changed.notify_all()
        if not self._host_held:
            self._authorise(payment)

    def _authorise(self, payment: Payment) -> None:
        says, self._host_says = self._host_says, "Success"
        approved = says == "Success"
        body = self._approve(payment) if approved else self._refuse(payment, says)
        if approved:
            self._show(payment, "APPROVED")
        if payment.entry_mode == "ICC":
            self._show(payment, "REMOVE_CARD")
        self._finish(payment, body)

    def _approve(self, payment: Payment) -> dict[str, Any]:
        partial = self._take("partial")
        other = self._take("amount")
        minor = partial or other or minor_of(payment.amount)
        amount = (Decimal(minor) / 100).quantize(Decimal("0.01"))
        currency = self._take("currency") or payment.currency
        count = len(self._books.entries("approved")) + 1
        transaction = {"TransactionID": f"SIM{count:06d}.SELVKASSE", "TimeStamp": now()}
        self._books.write(
            "approved",
            sale_id=payment.key[0],
            service_id=payment.key[1],
            sale_transaction_id=payment.sale["TransactionID"],
            transaction_id=transaction["TransactionID"],
            amount_minor=minor,
            currency=currency,
        )
        assert payment.card is not None
        return approval(
            payment.card,
            sale=payment.sale,
            transaction=transaction,
            amount=amount,
            currency=currency,
            entry_mode=payment.entry_mode,
            poi_id=self.poi_id,
            partial=partial is not None,
        )

    def _end_by_hand(self, condition: str) -> None:
        with self._changed:
            payment = self._current
            if payment is None or payment.waiting_for == "host":
                raise ValueError("nothing on the screen that could be ended")
            self._finish(payment, self._refuse(payment, condition))

    def _waiting(self, what: str) -> Payment:
        if self._current is None or self._current.waiting_for != what:
            raise ValueError(f"the terminal does not wait for a {what}")
        return self._current


def main() -> None:
    """Run one terminal as its own process, steered over a control socket."""
    parser = argparse.ArgumentParser(description="A simulated nexo terminal")
    parser.add_argument("--directory", required=True, help="for certificates and books")
    parser.add_argument("--passphrase-file", required=True)
    parser.add_argument("--control", required=True, help="path of the Unix socket for verbs")
    parser.add_argument("--key-identifier", default="kiosk")
    parser.add_argument("--poi-id", default="S1F2-000158213606123")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--display-url", default="")
    given = parser.parse_args()
    sim = NexoTerminalSim(
        directory=given.directory,
        passphrase=Path(given.passphrase_file).read_text().removesuffix("\n"),
        key_identifier=given.key_identifier,
        poi_id=given.poi_id,
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
