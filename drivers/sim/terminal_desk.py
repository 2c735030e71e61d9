"""The physical half of a simulated terminal: cards, PIN pad, cables, and the bank behind it.

What it says on the wire is in Messages, how it writes it in the dialects: terminal.py (JSON) and
nexo_xml_terminal.py.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, ClassVar

from drivers.sim.terminal_books import Books
from drivers.sim.terminal_cards import CARDS, PIN, approval
from drivers.sim.terminal_display import Poster
from drivers.sim.terminal_faults import FAULT_VERBS
from drivers.sim.terminal_messages import Messages, minor_of, now
from drivers.sim.terminal_payment import Payment
from drivers.sim.terminal_server import TerminalServer

PIN_TRIES = 3


class TerminalSim(Messages):
    """One terminal on a desk. Verbs are what hands, hosts and cables do; they return at once.

    `books()` is the truth about money and outlives every crash, the simulator's own too.
    """

    VERBS: ClassVar[tuple[str, ...]] = (
        "books",
        "refunds",
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

    PATH: ClassVar[str] = "/"
    """Where tills post to."""

    def __init__(
        self,
        *,
        poi_id: str,
        books: Books,
        display: Poster,
        server: TerminalServer,
        host: str,
        contactless_limit_minor: int,
        card_timeout_s: float,
    ) -> None:
        super().__init__(poi_id=poi_id, books=books, display=display, card_timeout_s=card_timeout_s)
        self._server = server
        self._host = host
        self._contactless_limit_minor = contactless_limit_minor
        self._approval: Callable[..., dict[str, Any]] = approval
        self._host_says = "Success"
        self._host_held = False

    # --- life -------------------------------------------------------------------------------------

    @property
    def url(self) -> str:
        """Where tills post to."""
        return f"{self._server.scheme}://{self._host}:{self._server.port}{self.PATH}"

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
        count = len(self._books.entries("approved") + self._books.entries("refunded")) + 1
        transaction = {"TransactionID": f"SIM{count:06d}.SELVKASSE", "TimeStamp": now()}
        self._books.write(
            "refunded" if payment.refund else "approved",
            sale_id=payment.key[0],
            service_id=payment.key[1],
            sale_transaction_id=payment.sale["TransactionID"],
            transaction_id=transaction["TransactionID"],
            amount_minor=minor,
            currency=currency,
        )
        assert payment.card is not None
        return self._approval(
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
