"""The best way to give pieces to promotions: exact while it is small, greedy beyond.

Exact: pieces are taken from the dearest to the cheapest, and each goes to one promotion or to
none. All that matters of what went before is how far the open group of each promotion has come,
so a table over those states holds the best saving for each (dynamic programming). Taking pieces
in order of price is enough because the largest saving of N_FOR_M on given pieces comes from
grouping neighbours in that order, and a bundle's saving does not depend on how it is grouped.
Work: pieces x states x promotions of a piece; states are the product of the group sizes.

Greedy: when a component would take more than EXACT_STEPS steps, the promotion that saves most by
itself on the pieces left takes its groups, then the next. That is exact for a single promotion
(so it is used for that too) and never worse than any one of them alone.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from kiosk.sale.money import divide_half_up
from kiosk.sale.product import Promotion, PromotionKind

EXACT_STEPS: Final = 8_000
"""About 8 ms on the reference machine. 60 pieces in three overlapping "3 for 2" stay below it."""


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
    number: int
    """Its place from the dearest to the cheapest."""
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
    is_single = not groups or (len(groups) == 1 and all(piece.alone is None for piece in pieces))
    found = None if is_single else _exact(pieces, groups)
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
    members = [frozenset(group.promotion.products) for group in groups]
    alone = [
        (promotion, frozenset(promotion.products))
        for promotion in promotions
        if promotion.kind in (PromotionKind.PERCENT, PromotionKind.PRICE)
    ]
    found: list[tuple[int, int, str, Taken | None, tuple[int, ...]]] = []
    for line in lines:
        joins = tuple(g for g, products in enumerate(members) if line.product_id in products)
        single = [promotion for promotion, products in alone if line.product_id in products]
        price, left_over = divmod(line.price_minor, line.quantity)
        # A line's price is a multiple of its quantity; were it not, the first pieces carry more.
        for price_minor, count in ((price + 1, left_over), (price, line.quantity - left_over)):
            if count:
                best = _best_alone(single, line.line_id, price_minor)
                facts = (price_minor, line.line_id, line.product_id, best, joins)
                found.extend([facts] * count)
    found.sort(key=lambda facts: (-facts[0], facts[1]))
    return [_Piece(number, *facts) for number, facts in enumerate(found)]


def _best_alone(promotions: Sequence[Promotion], line_id: int, price_minor: int) -> Taken | None:
    best: Taken | None = None
    for promotion in promotions:
        if promotion.kind is PromotionKind.PERCENT:
            percent_bp = min(max(promotion.percent_bp, 0), 10_000)
            saving = divide_half_up(price_minor * percent_bp, 10_000)
        else:
            saving = price_minor - max(promotion.price_minor, 0)
        if saving > (best.saving_minor if best else 0):
            best = Taken(promotion.id, line_id, saving)
    return best


_Members = list[tuple[_Group, list[_Piece]]]
_Position = tuple[int, ...]
_State = tuple[_Position, ...]
_Trail = tuple["_Trail", int] | None
_Table = dict[_State, tuple[int, _Trail]]


def _exact(
    pieces: Sequence[_Piece], groups: Sequence[_Group]
) -> tuple[_Members, list[_Piece]] | None:
    """Return the best combination, or None when finding it takes too long."""
    start: _State = tuple((0,) * (len(group.each) or 1) for group in groups)
    # State -> (saving, how each piece was used: a linked list of group indices, -1 for none).
    best: _Table = {start: (0, None)}
    moves: dict[tuple[int, str, _Position], tuple[_Position, bool, int]] = {}
    steps = 0
    for piece in pieces:
        steps += len(best) * (1 + len(piece.groups))
        if steps > EXACT_STEPS:
            return None
        best = _with_piece(best, piece, groups, moves)
    return _read_back(best[start][1], pieces, groups)


def _with_piece(
    best: _Table,
    piece: _Piece,
    groups: Sequence[_Group],
    moves: dict[tuple[int, str, _Position], tuple[_Position, bool, int]],
) -> _Table:
    """Return the best savings once this piece has been used, or not, in every way."""
    alone = piece.alone_minor
    after: _Table = {
        state: (saving + alone, (trail, -1)) for state, (saving, trail) in best.items()
    }
    for g in piece.groups:
        for state, (saving, trail) in best.items():
            key = (g, piece.product_id, state[g])
            move = moves.get(key)
            if move is None:
                move = moves[key] = _join(groups[g], state[g], piece.product_id)
            position, is_off, cost = move
            gained = saving + (piece.price_minor if is_off else 0) - cost
            next_state = (*state[:g], position, *state[g + 1 :])
            known = after.get(next_state)
            if known is None or gained > known[0]:
                after[next_state] = (gained, (trail, g))
    return after


def _join(group: _Group, position: _Position, product_id: str) -> tuple[_Position, bool, int]:
    """Return what a piece of a product does to a group's counter.

    That is: the counter after it, whether its price comes off, and what the group costs when this
    completes it (only a bundle does).
    """
    cost = group.promotion.price_minor if group.is_bundle else 0
    if not group.each:
        at = position[0]
        complete = at + 1 == group.size
        is_off = group.is_bundle or at >= group.free_from
        return (0 if complete else at + 1,), is_off, cost if complete else 0
    counts = tuple(
        count + (product_id == wanted)
        for count, (wanted, _) in zip(position, group.each, strict=True)
    )
    left = tuple(count - need for count, (_, need) in zip(counts, group.each, strict=True))
    if min(left) >= 0:
        return left, True, cost
    return counts, True, 0


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
    used: set[int] = set()
    waiting = dict(enumerate(groups))
    in_groups: _Members = []
    while waiting:
        gains = {g: _good_chunks(g, group, pieces, used) for g, group in waiting.items()}
        best = max(gains, key=lambda g: gains[g][0])  # the first of equals
        gain, chunks = gains[best]
        if gain == 0:
            break
        group = waiting.pop(best)
        in_groups.extend((group, chunk) for chunk in chunks)
        used.update(piece.number for chunk in chunks for piece in chunk)
    return in_groups, [piece for piece in pieces if piece.number not in used]


def _good_chunks(
    g: int, group: _Group, pieces: Sequence[_Piece], used: set[int]
) -> tuple[int, list[list[_Piece]]]:
    """Return the groups that save more than their pieces do alone, and how much more."""
    free = [piece for piece in pieces if g in piece.groups and piece.number not in used]
    gain, good = 0, []
    for chunk in _chunks(group, free):
        more = _saving(group, chunk) - sum(piece.alone_minor for piece in chunk)
        if more > 0:
            gain += more
            good.append(chunk)
    return gain, good


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
