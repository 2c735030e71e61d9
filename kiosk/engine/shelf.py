"""The store's shelf: sales that were set aside at one kiosk and may go on at any, once.

A kiosk asks, and is answered later through its inbox: the store may be slow, or gone. The shelf
alone decides who has a sale, so that two kiosks that ask at once cannot both get it:

- `put` stores a sale under its id. Again, it changes nothing; after somebody took it, nothing too.
- `take` gives it to the first kiosk that asks, and to that kiosk again whenever it asks again: a
  power cut between the shelf's answer and the kiosk's own record loses nothing. A sale that is not
  there is marked as taken for the kiosk that set it aside, which goes on with its own record: a
  `put` still on its way finds it gone. Anybody else has nothing to go on with, and marks nothing.

That a kiosk which asks twice does not sell twice is its own journal's business: the sale that goes
on has an id made of the old one's (`id_of_what_goes_on`), and no journal begins a sale twice.
"""

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from kiosk.sale.product import Coupon, Promotion
from kiosk.sale.state import Line, Sale

SLIP = "SK-S:"
"""What a slip's code begins with; the id of the sale that was set aside follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """A sale that was set aside: all that another kiosk needs to go on with it."""

    sale_id: str
    kiosk_id: str
    at_utc: str
    code: str
    """Six digits for typing. Not unique for ever: the shelf finds the newest that nobody took."""
    training: bool
    lines: tuple[Line, ...]
    """Those that count, with the prices they had. Who approved an age is asked again."""
    promotions: tuple[Promotion, ...] = ()
    coupons: tuple[Coupon, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One kiosk's wish to go on with a sale: by its id, off the slip, or by its six digits."""

    claim_id: str
    kiosk_id: str
    sale_id: str = ""
    code: str = ""
    own: bool = False
    """It was set aside at this very kiosk, whose journal can go on with it."""
    until_ns: int = 0
    """How long an answer is waited for, on the engine's clock."""


class ShelfOutcome(StrEnum):
    """What became of a claim."""

    YOURS = "yours"
    GONE = "gone"
    """Another kiosk has it, or these six digits are nobody's."""
    NEVER_THERE = "never_there"
    """It is not there. Who set it aside goes on with it, and from now on nobody else can."""
    UNREACHABLE = "unreachable"
    """Nobody knows. Asked again, the same kiosk gets the same answer as if it had come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShelfAnswered:
    """The shelf's answer to a claim, through the inbox."""

    claim_id: str
    outcome: ShelfOutcome
    aside: SetAside | None = None


class StoreShelf(Protocol):
    """The store's shelf, as a kiosk sees it. Neither call waits, and neither raises."""

    def put(self, aside: SetAside) -> None:
        """Store a sale, now or as soon as the store can be reached; once is enough."""

    def take(self, claim: Claim) -> None:
        """Ask for a sale. Exactly one `ShelfAnswered` follows, or silence, which is UNREACHABLE."""


def aside_of(sale: Sale, at_utc: str) -> SetAside:
    """Return what the store is to keep of a sale that was just set aside."""
    return SetAside(
        sale_id=sale.id,
        kiosk_id=sale.kiosk_id,
        at_utc=at_utc,
        code=short_code(sale.id),
        training=sale.training,
        lines=sale.live_lines,
        promotions=sale.promotions,
        coupons=tuple(shown.coupon for shown in sale.coupons),
    )


def short_code(sale_id: str) -> str:
    """Return the six digits under which a sale that was set aside can be typed."""
    digest = hashlib.blake2b(sale_id.encode(), digest_size=8).digest()
    return f"{int.from_bytes(digest) % 1_000_000:06d}"


def id_of_what_goes_on(sale_id: str) -> str:
    """Return the id of the sale that goes on with another: 32 letters, always the same."""
    return hashlib.blake2b(f"goes-on/{sale_id}".encode(), digest_size=16).hexdigest()
