"""The store's shelf, kept by the fleet: a kiosk's way to it, through its connection to the broker.

The promises are those of `kiosk.engine.shelf`; README.md says why nothing is lost or sold twice.
The engine calls `put` and `take`, which never wait; the publisher's thread does the rest.
"""

import logging
import threading
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import msgspec

from kiosk.engine.clock import NS_PER_S, Clock, utc_text
from kiosk.engine.shelf import Claim, SetAside, ShelfAnswered, ShelfOutcome
from kiosk.telemetry.link import Wake
from kiosk.telemetry.messages import SALE_BYTES_MAX, ShelfAnswer, ShelfRequest, ShelfWord
from kiosk.telemetry.messages import ShelfOutcome as Said
from kiosk.telemetry.signing import BadSignature, Trust
from kiosk.telemetry.topics import Address

logger = logging.getLogger(__name__)

WAITS: Final = 32
"""So many requests may wait; one more is UNREACHABLE, and a sale not put is still at its kiosk."""
AGAIN_S: Final = 10.0
"""A sale that was put and not answered for is put again after that; it may be stored twice."""
PLAIN_BYTES_MAX: Final = 2_000_000
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(SetAside).decode
_OUTCOMES: Final = {
    Said.YOURS.value: ShelfOutcome.YOURS,
    Said.GONE.value: ShelfOutcome.GONE,
    Said.NEVER_THERE.value: ShelfOutcome.NEVER_THERE,
}


@dataclass(slots=True)
class _Waiting:
    request: ShelfRequest
    claim: Claim | None
    due_ns: int = 0
    """When to send it, again perhaps."""
    was_sent: bool = False
    """In this life of the program, on whatever connection: the store may have it."""
    mid: int = -1


class FleetShelf:
    """One kiosk's way to its store's shelf."""

    def __init__(self, address: Address, clock: Clock, wake: Wake) -> None:
        self._address = address
        self._clock = clock
        self._wake = wake
        self._lock = threading.Lock()
        self._waiting: dict[str, _Waiting] = {}
        self._is_in = False
        self._trust = Trust(())
        self._post: Callable[[ShelfAnswered], object] = _drop

    def start(self, post: Callable[[ShelfAnswered], object]) -> None:
        """Say who takes the answers; from either thread."""
        self._post = post

    def believe(self, trust: Trust) -> None:
        """Say whose answers count. Until then nobody's."""
        self._trust = trust

    # --- the engine's thread -------------------------------------------------------------------

    def put(self, aside: SetAside) -> None:
        """Store a sale as soon as the store can be reached."""
        sale = zlib.compress(_encode(aside), 9)
        if len(sale) > SALE_BYTES_MAX:
            logger.warning("shelf: too large, sale=%s stays at its kiosk", aside.sale_id)
            return
        request = ShelfRequest(
            at_utc=utc_text(self._clock.utc_now()),
            id=f"put-{aside.sale_id}",
            sale_id=aside.sale_id,
            code=aside.code,
            sale=sale,
        )
        if not self._wait(_Waiting(request, None)):
            logger.error("shelf: full, sale=%s stays at its kiosk", aside.sale_id)

    def take(self, claim: Claim) -> None:
        """Ask for a sale: at once, or not at all. A store that is away now is UNREACHABLE."""
        if claim.sale_id and self._never_left(claim.sale_id):
            self._tell(claim, ShelfOutcome.NEVER_THERE)
            return
        request = ShelfRequest(
            at_utc=utc_text(self._clock.utc_now()),
            id=claim.claim_id,
            sale_id=claim.sale_id,
            code="" if claim.sale_id else claim.code,
            own=claim.own,
        )
        if not self._is_in or not self._wait(_Waiting(request, claim)):
            self._tell(claim, ShelfOutcome.UNREACHABLE)

    def _wait(self, waiting: _Waiting) -> bool:
        with self._lock:
            if len(self._waiting) >= WAITS:
                return False
            self._waiting[waiting.request.id] = waiting
        self._wake.set()
        return True

    def _never_left(self, sale_id: str) -> bool:
        """Take back what waits to be put and was never sent: nobody else can have it."""
        with self._lock:
            put = self._waiting.get(f"put-{sale_id}")
            if put is None or put.was_sent:
                return False
            del self._waiting[f"put-{sale_id}"]
            return True

    # --- the publisher's thread ----------------------------------------------------------------

    def let_in(self) -> None:
        """There is a connection: what was not answered is asked again, under the same id."""
        with self._lock:
            self._is_in = True
            for one in self._waiting.values():
                one.due_ns, one.mid = 0, -1

    def lost(self) -> None:
        """The connection is gone; what was taken meanwhile is found by asking again."""
        self._is_in = False

    def next_request(self) -> ShelfRequest | None:
        """Return what is to be sent now, if anything; `sent` must follow."""
        now_ns = self._clock.monotonic_ns()
        with self._lock:
            for waiting in list(self._waiting.values()):
                if waiting.claim is not None and waiting.claim.until_ns <= now_ns:
                    del self._waiting[waiting.request.id]  # the engine has given up by itself
                elif waiting.due_ns <= now_ns:
                    waiting.due_ns = now_ns + round(AGAIN_S * NS_PER_S)
                    waiting.was_sent = True  # before it is, so that `_never_left` cannot be wrong
                    return waiting.request
        return None

    def sent(self, request_id: str, mid: int) -> None:
        """Note under which number the broker will acknowledge a request."""
        with self._lock:
            if (waiting := self._waiting.get(request_id)) is not None:
                waiting.mid = mid

    def unheard(self, mid: int) -> None:
        """The broker will not have it, or the store does not listen: no answer will come."""
        with self._lock:
            waiting = next((one for one in self._waiting.values() if one.mid == mid), None)
            if waiting is None or waiting.claim is None:
                return
            del self._waiting[waiting.request.id]
        self._tell(waiting.claim, ShelfOutcome.UNREACHABLE)

    def answered(self, message: ShelfAnswer) -> None:
        """Take an answer: believed when it is signed, for this kiosk, and still waited for."""
        try:
            word = self._trust.shelf_word(message)
        except (BadSignature, msgspec.DecodeError) as error:
            logger.warning("shelf: an answer is not believed: %s", error)
            return
        if (word.tenant, word.store, word.kiosk) != _parts(self._address):
            logger.warning("shelf: an answer for another kiosk")
            return
        with self._lock:
            waiting = self._waiting.pop(word.id, None)
        if waiting is None:
            return
        if waiting.claim is not None:
            self._settle(waiting.claim, word)
        elif word.outcome != Said.KEPT:
            logger.warning("shelf: %s, %s stays at its kiosk", word.outcome, word.id)

    def _settle(self, claim: Claim, word: ShelfWord) -> None:
        outcome = _OUTCOMES.get(word.outcome, ShelfOutcome.UNREACHABLE)
        aside = None
        if outcome is ShelfOutcome.YOURS:
            try:
                aside = _aside(word.sale)
            except (zlib.error, msgspec.DecodeError, ValueError) as error:
                logger.error("shelf: a sale that this program cannot read: %s", error)
                outcome = ShelfOutcome.UNREACHABLE
        self._tell(claim, outcome, aside)

    def _tell(self, claim: Claim, outcome: ShelfOutcome, aside: SetAside | None = None) -> None:
        self._post(ShelfAnswered(claim_id=claim.claim_id, outcome=outcome, aside=aside))


def _aside(sale: bytes) -> SetAside:
    """Return the sale of what was put.

    Raises:
        zlib.error, ValueError, msgspec.DecodeError: it is none, or larger than any.
    """
    unpack = zlib.decompressobj()
    plain = unpack.decompress(sale, PLAIN_BYTES_MAX)
    if not unpack.eof:
        raise ValueError("it does not end")
    return _decode(plain)


def _parts(address: Address) -> tuple[str, str, str]:
    return address.tenant, address.store, address.kiosk


def _drop(answer: ShelfAnswered) -> None:
    logger.error("shelf: nobody to tell about claim %s", answer.claim_id)
