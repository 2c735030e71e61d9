"""Receipts of the store's other kiosks, over the line to the store's server.

A thread of its own asks, so that neither a slow line nor a server that is away holds up the engine.
"""

import logging
import queue
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from kiosk.app.config import Config
from kiosk.app.store_line import line_to_store
from kiosk.engine.elsewhere import Wish, WishAnswered, Word
from kiosk.journal.codec import CodecError, decode
from kiosk.sale.evolve import replay
from kiosk.sale.invariant import InvariantBroken
from kiosk.sale.state import Sale
from kiosk.telemetry.store_line import StoreLine, StoreRefuses, StoreSilent
from kiosk.telemetry.store_words import ReceiptAsked, ReceiptTold, SaleTold

logger = logging.getLogger(__name__)

WAITS: Final = 4
"""So many wishes may wait: one attendant has one at a time."""
TIMEOUT_S: Final = 5.0
"""Less than the engine waits."""


class OtherKiosks:
    """One kiosk's way to the receipts of its store. `start` it once."""

    def __init__(self, open_line: Callable[[], StoreLine]) -> None:
        self._open_line = open_line
        self._wishes: queue.Queue[Wish | None] = queue.Queue(WAITS)
        self._thread = threading.Thread(target=self._run, name="receipts", daemon=True)
        self._post: Callable[[WishAnswered], object] = _drop

    def start(self, post: Callable[[WishAnswered], object]) -> None:
        """Begin; `post` takes the answers, from a thread of this one's own."""
        self._post = post
        self._thread.start()

    def stop(self) -> None:
        """End after the question under way. May be called twice."""
        if self._thread.is_alive():
            with suppress(queue.Full):
                self._wishes.put_nowait(None)
            self._thread.join(2 * TIMEOUT_S)

    def ask(self, wish: Wish) -> None:
        """Ask the store; the answer is posted."""
        try:
            self._wishes.put_nowait(wish)
        except queue.Full:
            self._post(WishAnswered(wish_id=wish.wish_id, word=Word.UNREACHABLE))

    def _run(self) -> None:
        while (wish := self._wishes.get()) is not None:
            try:
                with self._open_line() as line:
                    told = line.receipt(asked_of(wish))
                answer = answer_of(wish, told)
            except (StoreSilent, StoreRefuses, CodecError, InvariantBroken) as error:
                logger.warning("returns: the store cannot say: %s", error)
                answer = WishAnswered(wish_id=wish.wish_id, word=Word.UNREACHABLE)
            except Exception:
                logger.exception("returns: the store's answer cannot be used")
                answer = WishAnswered(wish_id=wish.wish_id, word=Word.UNREACHABLE)
            self._post(answer)


def other_kiosks(config: Config) -> OtherKiosks | None:
    """Return the way to the store's receipts; None where no server is named."""
    if config.telemetry is None or not config.telemetry.server:
        return None
    return OtherKiosks(lambda: line_to_store(config, timeout_s=TIMEOUT_S))


def asked_of(wish: Wish) -> ReceiptAsked:
    """Return a wish in the words of the line."""
    return ReceiptAsked(
        register_id=wish.ref.register_id,
        series=wish.ref.series.value,
        number=wish.ref.number,
        sale_id=wish.sale_id,
        into=wish.into,
        known=list(wish.known),
        at_utc=wish.at_utc,
    )


def answer_of(wish: Wish, told: ReceiptTold) -> WishAnswered:
    """Return the server's answer with its sales as a kiosk has them.

    Raises:
        CodecError: a newer kiosk wrote one of them.
    """
    return WishAnswered(
        wish_id=wish.wish_id,
        word=Word(told.word.value),
        original=_sale(told.original) if told.original is not None else None,
        returns=tuple(_sale(one) for one in told.returns),
    )


def _sale(told: SaleTold) -> Sale:
    """Return a sale as its own kiosk has it.

    Raises:
        CodecError: a newer kiosk wrote it.
    """
    return replay([decode(row.kind, row.version, bytes(row.body)) for row in told.rows])


def _drop(answer: WishAnswered) -> None:
    logger.error("returns: nobody to tell about %s", answer.wish_id)
