"""One thread that sends links by one route, and holds an address for as long as that takes.

A message is sent once. When the answer is lost nobody knows whether it came, so we say that it
failed and do not try again: two messages would be worse than a code that still stands on the glass.
"""

import logging
from collections.abc import Callable
from functools import partial
from typing import Protocol

from drivers.contracts.gateway import LinkOrder, LinkSent, Reach, SendOutcome
from drivers.deadline import SYSTEM_CLOCK, Clock
from drivers.gateway.address import email_address
from drivers.wallet.phone import CodeLimits, msisdn
from drivers.worker import Worker

logger = logging.getLogger(__name__)

PER_NUMBER = 4
"""Messages that a number may get in an hour: whoever types a stranger's annoys them four times."""
PER_KIOSK = 120


class Unreached(Exception):
    """Not sent, or nobody knows. The text has no part of an address or of a key."""


class Refused(Exception):
    """The gateway will have nothing to do with this address."""


class Route(Protocol):
    """One way to a phone or a mailbox."""

    def send(self, address: str, text: str) -> None:
        """Send to "4791234567" or "kari@example.no"; raises Unreached or Refused.

        May take seconds.
        """

    def hang_up(self) -> None:
        """End what is under way; later calls raise Unreached."""


class LinkSender:
    """A `LinkGateway` over one route."""

    def __init__(
        self, route: Route, clock: Clock | None = None, *, reach: Reach = Reach.NUMBER
    ) -> None:
        self.reach = reach
        self._route = route
        self._limits = CodeLimits(clock or SYSTEM_CLOCK, per_number=PER_NUMBER, per_kiosk=PER_KIOSK)
        self._worker = Worker("receipt-gateway", capacity=4)
        self._post: Callable[[LinkSent], object] = lambda _sent: None

    def start(self, post: Callable[[LinkSent], object]) -> None:
        """Begin; answers go to `post`."""
        self._post = post
        self._worker.start()

    def send(self, order: LinkOrder) -> bool:
        """Queue an order; False when too many wait, or after `stop`."""
        return self._worker.submit(partial(self._carry_out, order))

    def stop(self) -> None:
        """Drop what waits, cut the line and end."""
        self._route.hang_up()
        self._worker.stop()

    def _carry_out(self, order: LinkOrder) -> None:
        outcome = self._outcome(order)
        logger.info("gateway: a link to a receipt: %s", outcome.value)
        self._post(LinkSent(send_id=order.send_id, outcome=outcome))

    def _outcome(self, order: LinkOrder) -> SendOutcome:
        read = msisdn if self.reach is Reach.NUMBER else email_address
        address = read(order.address)
        if not address:
            return SendOutcome.BAD_ADDRESS
        if not self._limits.allow(address):
            return SendOutcome.TOO_MANY
        try:
            self._route.send(address, order.text)
        except Refused:
            return SendOutcome.BAD_ADDRESS
        except Unreached as error:
            logger.warning("gateway: %s", error)
            return SendOutcome.FAILED
        return SendOutcome.SENT
