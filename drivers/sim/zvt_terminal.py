"""A simulated ZVT terminal: a socket or a serial cable, a reader, a PIN pad, known ways to fail.

    sim = ZvtTerminalSim(directory=tmp)
    sim.start(); ...; sim.wait_for("card"); sim.tap_card(); sim.books()

`books()` is the truth about money and outlives every crash, the simulator's own too. As its own
process: `python -m drivers.sim.zvt_terminal --directory DIR --control SOCKET [--serial LINK]`.
"""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

from drivers.sim.control import run_far_end
from drivers.sim.terminal_books import Books
from drivers.sim.terminal_cards import CARDS, PIN
from drivers.sim.zvt_terminal_faults import FAULT_VERBS
from drivers.sim.zvt_terminal_talk import ABORTED, ZvtPayment, ZvtTalk
from drivers.sim.zvt_terminal_wire import Port, SerialPort, TcpPort

PIN_TRIES = 3
CHIP, CONTACTLESS = 1, 2


class ZvtTerminalSim(ZvtTalk):
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
        "drop_line",
        "reboot",
        *FAULT_VERBS,
    )

    def __init__(
        self,
        *,
        directory: str | Path,
        terminal_id: str = "28004869",
        host: str = "127.0.0.1",
        port: int = 0,
        serial_link: str | Path | None = None,
        is_serial: bool = False,
        contactless_limit_minor: int = 50_000,
        second_s: float = 1.0,
        card_timeout_s: float = 120.0,
    ) -> None:
        directory = Path(directory)
        directory.mkdir(parents=True, exist_ok=True)
        super().__init__(
            books=Books(directory / "zvt-books.jsonl"),
            terminal_id=terminal_id,
            second_s=second_s,
            card_s=card_timeout_s,
        )
        self._port: Port = (
            SerialPort(serial_link, self._hear) if is_serial else TcpPort(host, port, self._hear)
        )
        self._contactless_limit_minor = contactless_limit_minor
        self._host_says = 0
        self._host_held = False

    # --- life -------------------------------------------------------------------------------------

    @property
    def url(self) -> str:
        """What the till is given."""
        return self._port.url

    @property
    def port(self) -> Port:
        """The wire, for faults of the wire."""
        return self._port

    def start(self) -> None:
        """Switch it on."""
        self.plug_in()

    def stop(self) -> None:
        """Switch it off for good; the books stay on disk."""
        with self._changed:
            if self._current is not None:
                self._current.lost = True
            self._changed.notify_all()
        self._port.close()
        self._commands.put(None)
        self._talker.join(1.0)
        self._books.close()

    # --- what an onlooker sees --------------------------------------------------------------------

    def books(self) -> list[dict[str, Any]]:
        """Return every approved transaction, with `reversed`. The truth about money."""
        return self._books.transactions()

    def state(self) -> dict[str, Any]:
        """What it shows now, and which commands it heard so far."""
        with self._changed:
            payment = self._current
            return {
                "waiting_for": payment.waiting_for if payment else "",
                "amount_minor": payment.amount_minor if payment else 0,
                "heard": list(self._heard),
                "words": list(self.words),
                "url": self.url,
            }

    def heard(self, command: str) -> int:
        """How often a command ("0601") came in."""
        with self._changed:
            return self._heard.count(command)

    def wait_for(self, what: str, within_s: float = 10.0) -> None:
        """Wait until it waits for "card", "pin", "host" or "" (idle); else TimeoutError."""

        def there() -> bool:
            if what == "":
                return self._current is None and not self._at_work
            return self._current is not None and self._current.waiting_for == what

        self.wait_until(there, within_s)

    def wait_until(self, condition: Callable[[], bool], within_s: float = 10.0) -> None:
        """Wait until `condition`, looked at after each change; TimeoutError when it never holds."""
        with self._changed:
            if not self._changed.wait_for(condition, within_s):
                raise TimeoutError("the terminal never got there")

    # --- hands ------------------------------------------------------------------------------------

    def tap_card(self, card: str = "visa") -> None:
        """Hold a card to the reader. Above the contactless limit the PIN is asked for."""
        self._present(card, CONTACTLESS)

    def insert_card(self, card: str = "visa") -> None:
        """Put a card into the reader: chip, always with PIN."""
        self._present(card, CHIP)

    def type_pin(self, pin: str) -> None:
        """Type a PIN and the green key."""
        with self._changed:
            payment = self._waiting("pin")
            if pin == PIN:
                self._go_online(payment)
                return
            payment.wrong_pins += 1
            self._show(payment, 0x15)
            if payment.wrong_pins == PIN_TRIES:
                self._finish(payment, 0x05)

    def wrong_pin(self) -> None:
        """Type a PIN that is not the card's."""
        self.type_pin("0000")

    def press_red(self) -> None:
        """The shopper's red key."""
        self._end_by_hand()

    def walk_away(self) -> None:
        """Nobody comes: the terminal's own time-out runs off now."""
        self._end_by_hand()

    def decline(self, result: int = 0x05) -> None:
        """The bank will refuse the next card, with this result."""
        with self._changed:
            self._host_says = result

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
        """Pull the cable. The terminal goes on by itself."""
        self._port.unplug()

    def plug_in(self) -> None:
        """Put it back, same address."""
        self._port.plug_in()

    def drop_line(self) -> None:
        """Break the connection; the next one is taken at once."""
        self._port.drop()

    def reboot(self) -> None:
        """Power off and on: the screen is gone, the books are not, the till must register."""
        self.unplug()
        with self._changed:
            if self._current is not None:
                self._current.lost = True
            self._changed.notify_all()
        self.wait_for("")
        self.plug_in()

    # --- the payment ------------------------------------------------------------------------------

    def _present(self, card: str, entry_mode: int) -> None:
        with self._changed:
            payment = self._waiting("card")
            if entry_mode == CONTACTLESS and self._take("needs_insert"):
                self._show(payment, 0x0C)
                return
            payment.card, payment.entry_mode = CARDS[card], entry_mode
            is_small = payment.amount_minor <= self._contactless_limit_minor
            if entry_mode == CONTACTLESS and is_small:
                self._go_online(payment)
            else:
                payment.waiting_for = "pin"
                self._show(payment, 0x01)

    def _go_online(self, payment: ZvtPayment) -> None:
        payment.waiting_for = "host"
        self._show(payment, 0x04)
        if not self._host_held:
            self._authorise(payment)

    def _authorise(self, payment: ZvtPayment) -> None:
        says, self._host_says = self._host_says, 0
        if not says:
            payment.booked = self._book(payment)
        self._show(payment, 0x1D if says else 0x1C)
        if payment.entry_mode == CHIP:
            self._show(payment, 0x0B)
        self._finish(payment, says)

    def _end_by_hand(self) -> None:
        with self._changed:
            payment = self._current
            if payment is None or payment.waiting_for == "host":
                raise ValueError("nothing on the screen that could be ended")
            self._finish(payment, ABORTED)

    def _waiting(self, what: str) -> ZvtPayment:
        if self._current is None or self._current.waiting_for != what:
            raise ValueError(f"the terminal does not wait for a {what}")
        return self._current


def main() -> None:
    """Run one terminal as its own process, steered over a control socket."""
    parser = argparse.ArgumentParser(description="A simulated ZVT terminal")
    parser.add_argument("--directory", required=True, help="for the books")
    parser.add_argument("--control", required=True, help="path of the Unix socket for verbs")
    parser.add_argument("--terminal-id", default="28004869")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--serial", default="", help="path for a serial cable instead of TCP")
    given = parser.parse_args()
    sim = ZvtTerminalSim(
        directory=given.directory,
        terminal_id=given.terminal_id,
        port=given.port,
        serial_link=given.serial or None,
        is_serial=bool(given.serial),
    )
    sim.start()
    try:
        run_far_end(sim, given.control)
    finally:
        sim.stop()


if __name__ == "__main__":
    main()
