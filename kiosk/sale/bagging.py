"""What the bag scale should show, and what it means when it shows something else. Pure.

The bag scale guards; it never prices. Its numbers are shown to nobody.

The model, in grams:

1. What a piece weighs is learnt from pieces that were put down alone: count, mean and spread
   (Welford). Something sold by weight is expected to weigh what was sold.
2. A scale with divisions of 5 g is believed to `NOISE_G`. A single piece may be off by
   `NOISE_G + max(SHARE of its mean, SIGMAS times its spread)`, where the spread of a future piece
   is the learnt one times sqrt(1 + 1/n). With fewer than `ENOUGH` pieces the share is
   `YOUNG_SHARE` instead. Several pieces together: means add up, allowances add as squares.
   Only the last `REMEMBERED` pieces or so count, so that a new supplier's weight is learnt.
3. A product is known from `KNOWN` pieces on, unless their spread is over `VAGUE` of the mean. One
   that is not known may weigh anything from `LIGHTEST_G` to `HEAVIEST_G`. It is learnt only when
   it was the one good that was due: a wrong guess would be believed for long.
4. What lies there is compared with what has been accepted. A difference that some of the goods
   that are due explain is accepted, the closest explanation first; the rest stays due. Lighter
   than accepted is explained by goods that were taken out of the sale.
5. When an attendant finds in order what the one good that was due does not explain, that good
   teaches. A weight that is off by more than `OTHERWISE` begins the product anew.
6. Goods lighter than `UNSEEN_G` need not be seen at all: a card in a bag moves no scale.
7. Some goods may come and are not awaited: the shop's own bags, which hang there or are in the
   hand, and what an attendant added by hand and so has seen.

Known limits: two things of equal weight cannot be told apart, so a swap within the allowance is
not seen; and what is put down together with a product nobody knows yet hides behind it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import combinations
from math import sqrt
from typing import Final

NOISE_G: Final = 6
SHARE: Final = 0.03
YOUNG_SHARE: Final = 0.12
SIGMAS: Final = 4.0
ENOUGH: Final = 8
REMEMBERED: Final = 60
OTHERWISE: Final = 0.2
KNOWN: Final = 3
VAGUE: Final = 0.1
LIGHTEST_G: Final = 3
HEAVIEST_G: Final = 12_000
UNSEEN_G: Final = 8
OWN_BAG_MAX_G: Final = 1_500
"""What a shopper may put down as "my own bag"; heavier needs a glance."""
DUE_MAX: Final = 6
"""Of so many goods that are due, explanations are looked for among the newest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnt:
    """What pieces of a product have weighed: Welford's count, mean and sum of squares."""

    count: int = 0
    mean_g: float = 0.0
    squares: float = 0.0

    @property
    def spread_g(self) -> float:
        """The standard deviation of single pieces; 0 while it cannot be told."""
        return sqrt(self.squares / (self.count - 1)) if self.count > 1 else 0.0

    def after(self, grams: float) -> "Learnt":
        """Return what is known after one more piece."""
        if self.count and abs(grams - self.mean_g) > OTHERWISE * self.mean_g + NOISE_G:
            return Learnt().after(grams)
        count, squares = self.count + 1, self.squares
        if count > REMEMBERED:
            count, squares = REMEMBERED, squares * (REMEMBERED - 1) / REMEMBERED
        off = grams - self.mean_g
        mean = self.mean_g + off / count
        return Learnt(count=count, mean_g=mean, squares=squares + off * (grams - mean))

    @property
    def known(self) -> bool:
        """Whether enough is known to expect a weight."""
        return self.count >= KNOWN and self.spread_g <= VAGUE * self.mean_g + NOISE_G

    @property
    def allowance_g(self) -> float:
        """How far one piece may be off, without the scale's own noise."""
        young = self.count < ENOUGH
        spread = self.spread_g * sqrt(1 + 1 / max(self.count, 1))
        return max(self.mean_g * (YOUNG_SHARE if young else SHARE), SIGMAS * spread)


@dataclass(frozen=True, slots=True, kw_only=True)
class Good:
    """Something that was scanned and should lie in the bag; one piece, or one package."""

    line_id: int
    product_id: str
    grams: float | None = None
    """Expected; None when nobody knows yet."""
    allowance_g: float = 0.0
    learns: bool = True
    """Whether its product learns from it; what is sold by weight does not."""
    awaited: bool = True
    """Whether it is missed while it does not lie there; it may come in any case."""


def good_of(
    line_id: int, product_id: str, sold_g: int | None, learnt: Learnt, *, awaited: bool = True
) -> Good:
    """Return what one piece of a line should weigh: `sold_g` where it was sold by weight."""
    if sold_g is not None:
        allowance = max(sold_g * SHARE, NOISE_G)
        return Good(
            line_id=line_id,
            product_id=product_id,
            grams=sold_g,
            allowance_g=allowance,
            learns=False,
            awaited=awaited,
        )
    if not learnt.known:
        return Good(line_id=line_id, product_id=product_id, awaited=awaited)
    return Good(
        line_id=line_id,
        product_id=product_id,
        grams=learnt.mean_g,
        allowance_g=learnt.allowance_g,
        awaited=awaited,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Bag:
    """What has been accepted, and what is still expected to come or to go."""

    accepted_g: int = 0
    due: tuple[Good, ...] = ()
    """Scanned, not seen yet; oldest first."""
    placed: tuple[Good, ...] = ()
    leaving: tuple[Good, ...] = ()
    """Taken out of the sale, still lying there."""


class Finding(StrEnum):
    """What a steady weight means."""

    AS_EXPECTED = "as_expected"
    NOT_YET_PLACED = "not_yet_placed"
    TAKEN_AWAY = "taken_away"
    SOMETHING_ELSE = "something_else"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A finding, the bag after it, and what was learnt: one product and its grams."""

    finding: Finding
    bag: Bag
    learnt: tuple[str, float] | None = None


def judge(bag: Bag, steady_g: int) -> Judged:
    """Compare a steady weight with what has been accepted and what is due."""
    more_g = steady_g - bag.accepted_g
    bag = _without_unseen(bag) if abs(more_g) <= NOISE_G else bag
    if abs(more_g) <= NOISE_G:
        return Judged(finding=_rest(bag), bag=bag)
    if more_g < 0:
        gone = _explanation(bag.leaving, -more_g)
        if gone is None:
            return Judged(finding=Finding.TAKEN_AWAY, bag=bag)
        leaving = _minus(bag.leaving, gone)
        after = replace(bag, accepted_g=steady_g, leaving=leaving)
        return Judged(finding=_rest(after), bag=after)
    came = _explanation(bag.due, more_g)
    if came is None:
        return Judged(finding=Finding.SOMETHING_ELSE, bag=bag)
    after = replace(
        bag,
        accepted_g=steady_g,
        due=_minus(bag.due, came),
        placed=(*bag.placed, *came),
    )
    sure = came[0].grams is not None or len(bag.due) == 1
    alone = came[0] if len(came) == 1 and came[0].learns and sure else None
    learnt = (alone.product_id, float(more_g)) if alone is not None else None
    return Judged(finding=_rest(after), bag=after, learnt=learnt)


def begun(bag: Bag, steady_g: int) -> Bag:
    """Return the bag of a sale that began while the scale moved, at its first steady weight.

    What lies there was there before, unless goods of a known weight that are due explain all of it.
    """
    known = tuple(good for good in bag.due if good.grams is not None)
    explained = _explanation(known, steady_g) is not None
    return replace(bag, accepted_g=0 if explained else steady_g)


def scanned(bag: Bag, goods: Iterable[Good]) -> Bag:
    """Return the bag with more goods due."""
    return replace(bag, due=(*bag.due, *goods))


def taken_out(bag: Bag, line_id: int, pieces: int) -> Bag:
    """Return the bag after pieces of a line left the sale: those still due are not awaited."""
    for _ in range(pieces):
        due = [good for good in bag.due if good.line_id == line_id]
        if due:
            bag = replace(bag, due=_minus(bag.due, (due[-1],)))
            continue
        placed = [good for good in bag.placed if good.line_id == line_id]
        if placed:
            bag = replace(
                bag,
                placed=_minus(bag.placed, (placed[-1],)),
                leaving=(*bag.leaving, placed[-1]),
            )
    return bag


def accepted(bag: Bag, steady_g: int) -> Bag:
    """Return the bag after somebody looked and found all in order: what lies there is right."""
    return Bag(accepted_g=steady_g, placed=(*bag.placed, *bag.due))


def taught(bag: Bag, steady_g: int) -> tuple[str, float] | None:
    """Return what an attendant's "that is fine" teaches: product and grams, or None."""
    if len(bag.due) != 1:
        return None
    good, more_g = bag.due[0], float(steady_g - bag.accepted_g)
    return (good.product_id, more_g) if good.learns and more_g >= LIGHTEST_G else None


def own_bag(bag: Bag, steady_g: int) -> Bag | None:
    """Return the bag with the shopper's own bag in it; None when it is too heavy to be believed."""
    more_g = steady_g - bag.accepted_g
    return replace(bag, accepted_g=steady_g) if 0 < more_g <= OWN_BAG_MAX_G else None


def skipped(bag: Bag) -> Bag:
    """Return the bag without waiting for the newest good that is missed, nor for what left."""
    missed = [good for good in bag.due if good.awaited]
    return replace(bag, due=_minus(bag.due, missed[-1:]), leaving=())


def _rest(bag: Bag) -> Finding:
    waits = bool(bag.leaving) or any(good.awaited for good in bag.due)
    return Finding.NOT_YET_PLACED if waits else Finding.AS_EXPECTED


def _without_unseen(bag: Bag) -> Bag:
    light = tuple(g for g in bag.due if g.grams is not None and g.grams <= UNSEEN_G)
    if not light:
        return bag
    return replace(bag, due=_minus(bag.due, light), placed=(*bag.placed, *light))


def _minus(goods: tuple[Good, ...], gone: Iterable[Good]) -> tuple[Good, ...]:
    left = list(goods)
    for good in gone:
        left.remove(good)
    return tuple(left)


def _explanation(goods: tuple[Good, ...], grams: int) -> tuple[Good, ...] | None:
    """Return the goods whose weights explain `grams` best, or None."""
    newest = goods[-DUE_MAX:]
    best: tuple[float, tuple[Good, ...]] | None = None
    for size in range(1, len(newest) + 1):
        for group in combinations(newest, size):
            off = _off(group, grams)
            if off is not None and (best is None or off < best[0]):
                best = (off, group)
    return None if best is None else best[1]


def _off(group: tuple[Good, ...], grams: int) -> float | None:
    """Return how far off a group is, as a part of its allowance; None when it is too far."""
    known = [good for good in group if good.grams is not None]
    expected = sum(good.grams or 0.0 for good in known)
    allowed = NOISE_G + sqrt(sum(good.allowance_g**2 for good in known))
    unknown = len(group) - len(known)
    if unknown:
        each = (grams - expected) / unknown
        # Anything is possible, so a group of known goods is always the better explanation, and
        # few goods that nobody knows are a better one than many.
        return 2.0 + len(group) if LIGHTEST_G <= each <= HEAVIEST_G else None
    off = abs(grams - expected) / allowed
    return off if off <= 1 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How well the bag scale does its work. No sale and no person is in it."""

    goods: int = 0
    asked: int = 0
    """How often a shopper was asked."""
    called: int = 0
    """How often an attendant had to come."""
    false_calls: int = 0
    """How often the attendant found all in order."""

    @property
    def false_per_thousand(self) -> float:
        """False calls for each thousand goods."""
        return 1000 * self.false_calls / self.goods if self.goods else 0.0
