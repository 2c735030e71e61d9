"""The best way to give pieces to promotions: exact while it is small, greedy beyond.

Exact: pieces are taken from the dearest to the cheapest, and each goes to one promotion or to
none. All that matters of what went before is how far the open group of each promotion has come,
so a table over those states holds the best saving for each (dynamic programming). Taking pieces
in order of price is enough because the largest saving of N_FOR_M on given pieces comes from
grouping neighbours in that order, and a bundle's saving does not depend on how it is grouped.
Work: pieces x states x promotions of a piece; states are the product of the group sizes.

Greedy: when a component would take more than EXACT_STEPS steps, the promotion that saves most by
itself on the pieces left takes its groups, then the next. That is exact for a single promotion
and for promotions that share no product, and never worse than any one of them alone.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from kiosk.sale.money import divide_half_up
from kiosk.sale.product import Promotion, PromotionKind

EXACT_STEPS: Final = 20_000
"""About 15 ms on the reference machine. 60 pieces and 3 overlapping "3 for 2" stay below it."""


class PricedLine(NamedTuple):
    """A line of pieces: `price_minor` for all of them, before offers."""

    line_id: int
    product_id: str
    quantity: int
    price_minor: int


class Taken(NamedTuple):
    """What a promotion takes off a line, as a positive amount."""

    promotion_id: str
    line_id: int
    saving_minor: int


class _Piece(NamedTuple):
    price_minor: int
    line_id: int
    product_id: str
    alone: Taken | None
    """What the best PERCENT or PRICE takes off this piece."""
    groups: tuple[int, ...]
    """Which of the group promotions it may join."""

    @property
    def alone_minor(self) -> int:
        return self.alone.saving_minor if self.alone else 0


class _Group(NamedTuple):
    """A promotion that needs several pieces, seen as a counter that wraps when it is complete."""

    promotion: Promotion
    size: int
    free_from: int
    """Position from which pieces are free (N_FOR_M); `size` for a bundle."""
    each: tuple[tuple[str, int], ...]
    """For one of each of the products: how many of which; empty otherwise."""

    @property
    def is_bundle(self) -> bool:
        return self.promotion.kind is PromotionKind.FIXED_BUNDLE


def best_combination(
    promotions: Sequence[Promotion], lines: Sequence[PricedLine]
) -> tuple[Taken, ...]:
    """Return what to take off which line; `promotions` in the order of their ids."""
    groups = [group for group in map(_as_group, promotions) if group is not None]
    pieces = _pieces(promotions, groups, lines)
    found = _exact(pieces, groups)
    if found is None:
        found = _greedy(pieces, groups)
    in_groups, rest = found
    taken = [piece.alone for piece in rest if piece.alone is not None]
    for group, members in in_groups:
        taken.extend(_shares(group, members))
    return tuple(_summed(taken))


def share(amount: int, prices: Sequence[int]) -> list[int]:
    """Share `amount` in proportion to `prices` by largest remainder, the earlier first if equal.

    Example: 100 over (1, 1, 1) gives 34, 33, 33. The shares add up to `amount`, and where
    `amount` is at most the sum of the prices no share is larger than its price.
    """
    whole = sum(prices)
    shares = [amount * price // whole for price in prices]
    remainders = [amount * price % whole for price in prices]
    by_remainder = sorted(range(len(prices)), key=lambda i: (-remainders[i], i))
    for i in by_remainder[: amount - sum(shares)]:
        shares[i] += 1
    return shares


def _as_group(promotion: Promotion) -> _Group | None:
    match promotion.kind:
        case PromotionKind.N_FOR_M if 0 <= promotion.pay_quantity < promotion.quantity:
            return _Group(promotion, promotion.quantity, promotion.pay_quantity, ())
        case PromotionKind.FIXED_BUNDLE if promotion.quantity > 0:
            return _Group(promotion, promotion.quantity, promotion.quantity, ())
        case PromotionKind.FIXED_BUNDLE if promotion.quantity == 0 and promotion.products:
            ids = promotion.products
            each = tuple((i, ids.count(i)) for i in dict.fromkeys(ids))
            return _Group(promotion, len(ids), len(ids), each)
    return None


def _pieces(
    promotions: Sequence[Promotion], groups: Sequence[_Group], lines: Sequence[PricedLine]
) -> list[_Piece]:
    """Return all pieces, the dearest first."""
    pieces = []
    for line in lines:
        price, left_over = divmod(line.price_minor, line.quantity)
        joins = tuple(
            g for g, group in enumerate(groups) if line.product_id in group.promotion.products
        )
        # A line's price is a multiple of its quantity; were it not, the first pieces carry more.
        for price_minor, count in ((price + 1, left_over), (price, line.quantity - left_over)):
            if count:
                alone = _best_alone(promotions, line, price_minor)
                piece = _Piece(price_minor, line.line_id, line.product_id, alone, joins)
                pieces.extend([piece] * count)
    pieces.sort(key=lambda piece: (-piece.price_minor, piece.line_id))
    return pieces


def _best_alone(
    promotions: Sequence[Promotion], line: PricedLine, price_minor: int
) -> Taken | None:
    best: Taken | None = None
    for promotion in promotions:
        if line.product_id not in promotion.products:
            continue
        saving = 0
        if promotion.kind is PromotionKind.PERCENT:
            percent_bp = min(max(promotion.percent_bp, 0), 10_000)
            saving = divide_half_up(price_minor * percent_bp, 10_000)
        elif promotion.kind is PromotionKind.PRICE:
            saving = price_minor - max(promotion.price_minor, 0)
        if saving > (best.saving_minor if best else 0):
            best = Taken(promotion.id, line.line_id, saving)
    return best


_Members = list[tuple[_Group, list[_Piece]]]
_State = tuple[tuple[int, ...], ...]
_Trail = tuple["_Trail", int] | None


def _exact(
    pieces: Sequence[_Piece], groups: Sequence[_Group]
) -> tuple[_Members, list[_Piece]] | None:
    """Return the best combination, or None when finding it takes too long."""
    start: _State = tuple(((0,) * len(group.each)) if group.each else (0,) for group in groups)
    # State -> (saving, how each piece was used: a linked list of group indices, -1 for none).
    best: dict[_State, tuple[int, _Trail]] = {start: (0, None)}
    steps = 0
    for piece in pieces:
        steps += len(best) * (1 + len(piece.groups))
        if steps > EXACT_STEPS:
            return None
        after: dict[_State, tuple[int, _Trail]] = {}
        for state, (saving, trail) in best.items():
            _keep_better(after, state, saving + piece.alone_minor, (trail, -1))
            for g in piece.groups:
                moved, gain = _join(groups[g], state[g], piece)
                next_state = (*state[:g], moved, *state[g + 1 :])
                _keep_better(after, next_state, saving + gain, (trail, g))
        best = after
    return _read_back(best[start][1], pieces, groups)


def _keep_better(
    table: dict[_State, tuple[int, _Trail]], state: _State, saving: int, trail: _Trail
) -> None:
    known = table.get(state)
    if known is None or saving > known[0]:
        table[state] = (saving, trail)


def _join(group: _Group, position: tuple[int, ...], piece: _Piece) -> tuple[tuple[int, ...], int]:
    """Return the counter after a piece joins, and what that saves: a bundle costs when complete."""
    if not group.each:
        at = position[0]
        complete = at + 1 == group.size
        if group.is_bundle:
            gain = piece.price_minor - (group.promotion.price_minor if complete else 0)
        else:
            gain = piece.price_minor if at >= group.free_from else 0
        return (0 if complete else at + 1,), gain
    counts = tuple(
        count + (product_id == piece.product_id)
        for count, (product_id, _) in zip(position, group.each, strict=True)
    )
    needs = [need for _, need in group.each]
    if all(count >= need for count, need in zip(counts, needs, strict=True)):
        left = tuple(count - need for count, need in zip(counts, needs, strict=True))
        return left, piece.price_minor - group.promotion.price_minor
    return counts, piece.price_minor


def _read_back(
    trail: _Trail, pieces: Sequence[_Piece], groups: Sequence[_Group]
) -> tuple[_Members, list[_Piece]]:
    members: list[list[_Piece]] = [[] for _ in groups]
    rest: list[_Piece] = []
    for piece in reversed(pieces):
        if trail is None:
            raise AssertionError("the trail is shorter than the pieces")
        trail, g = trail
        (members[g] if g >= 0 else rest).append(piece)
    in_groups: _Members = []
    for group, its_pieces in zip(groups, members, strict=True):
        its_pieces.reverse()
        in_groups.extend((group, one) for one in _chunks(group, its_pieces))
    return in_groups, rest


def _chunks(group: _Group, pieces: Sequence[_Piece]) -> list[list[_Piece]]:
    """Split pieces, the dearest first, into complete groups; what is left over is dropped."""
    if not group.each:
        count = len(pieces) // group.size
        return [list(pieces[i * group.size : (i + 1) * group.size]) for i in range(count)]
    by_product = {i: [p for p in pieces if p.product_id == i] for i, _ in group.each}
    count = min(len(by_product[i]) // need for i, need in group.each)
    return [
        [piece for i, need in group.each for piece in by_product[i][k * need : (k + 1) * need]]
        for k in range(count)
    ]


def _saving(group: _Group, chunk: Sequence[_Piece]) -> int:
    if group.is_bundle:
        return sum(piece.price_minor for piece in chunk) - group.promotion.price_minor
    return sum(piece.price_minor for piece in chunk[group.free_from :])


def _greedy(pieces: Sequence[_Piece], groups: Sequence[_Group]) -> tuple[_Members, list[_Piece]]:
    left = list(pieces)
    waiting = list(enumerate(groups))
    in_groups: _Members = []
    while waiting:
        offers = []
        for g, group in waiting:
            chunks = _chunks(group, [piece for piece in left if g in piece.groups])
            gains = [_saving(group, c) - sum(piece.alone_minor for piece in c) for c in chunks]
            good = [chunk for chunk, gain in zip(chunks, gains, strict=True) if gain > 0]
            offers.append((sum(gain for gain in gains if gain > 0), good))
        best = max(range(len(waiting)), key=lambda i: offers[i][0])
        if offers[best][0] == 0:
            break
        _, group = waiting.pop(best)
        for chunk in offers[best][1]:
            in_groups.append((group, chunk))
            for piece in chunk:
                left.remove(piece)
    return in_groups, left


def _shares(group: _Group, chunk: Sequence[_Piece]) -> list[Taken]:
    saving = _saving(group, chunk)
    if saving <= 0:
        return []
    shares = share(saving, [piece.price_minor for piece in chunk])
    return [
        Taken(group.promotion.id, piece.line_id, part)
        for piece, part in zip(chunk, shares, strict=True)
        if part
    ]


def _summed(taken: Sequence[Taken]) -> list[Taken]:
    sums: dict[tuple[str, int], int] = {}
    for promotion_id, line_id, saving in taken:
        key = (promotion_id, line_id)
        sums[key] = sums.get(key, 0) + saving
    return [
        Taken(promotion_id, line_id, sums[promotion_id, line_id]) for promotion_id, line_id in sums
    ]
