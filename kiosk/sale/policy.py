"""Every kind of intervention: its rule, and when it stops the shopper. Configuration may choose.

- age: a line has an age limit. The highest of the sale wins, and one yes serves all up to it.
  A no takes out the lines above what is proven.
- alcohol_hours: alcohol is to be paid for outside its hours; scanned then it is refused. Nobody may
  say yes; the lines go out.
- weight: "all is scanned" is the answer to the bag scale, or an own bag is too heavy to believe.
  Yes: all is right. No: look over.
- unknown_item: the second code in a row that nobody knows. Over when something is added.
- price_query: the shopper says that a price is wrong. Yes: it is right, or was changed. A no takes
  the line out.
- quantity_limit: more of one thing than its limit, which holds for staff too. Refused already.
- recalled: a recalled item or batch. Refused already, whoever scans it: it must leave the shelf.
- expired: best before has passed, which somebody may approve; or use-by has, which is refused.
- help: the shopper asks.
- random_check: drawn on the way to pay (`checks`). Yes: looked over. No: nobody had time.
- voucher: a coupon or a slip that the kiosk cannot prove by itself.
- payment_in_doubt: three questions to a terminal were in vain, or money could not go back. Only
  noted, since the attempt itself blocks.
- device: something is in the way of selling.
- walked_away: nobody answers "are you still there?". Noted, the sale ends by itself; blocking, it
  waits. Yes: the shopper is back. No: the sale ends.

What the law asks for can be made stricter, never laxer: `Rule.may_be` says what may be chosen.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from kiosk.sale.events import Interest, Policy

_STOPS: Final = frozenset({Policy.BLOCKS_NOW, Policy.BEFORE_PAYMENT})
_ANY: Final = frozenset(Policy)
_NOTED: Final = frozenset({Policy.NOTED})


@dataclass(frozen=True, slots=True)
class Rule:
    """When a kind stops the shopper unless something else is configured, and what may be."""

    default: Policy
    may_be: frozenset[Policy] = _ANY


RULES: Final[Mapping[Interest, Rule]] = MappingProxyType(
    {
        Interest.AGE: Rule(Policy.BEFORE_PAYMENT, _STOPS),
        Interest.ALCOHOL_HOURS: Rule(Policy.BEFORE_PAYMENT, _STOPS),
        Interest.WEIGHT: Rule(Policy.BEFORE_PAYMENT),
        Interest.UNKNOWN_ITEM: Rule(Policy.NOTED),
        Interest.PRICE_QUERY: Rule(Policy.NOTED),
        Interest.QUANTITY_LIMIT: Rule(Policy.NOTED),
        Interest.RECALLED: Rule(Policy.NOTED),
        Interest.EXPIRED: Rule(Policy.BEFORE_PAYMENT, _STOPS),
        Interest.HELP: Rule(Policy.NOTED, _NOTED | {Policy.BEFORE_PAYMENT}),
        Interest.RANDOM_CHECK: Rule(Policy.BEFORE_PAYMENT),
        Interest.VOUCHER: Rule(Policy.BEFORE_PAYMENT, _STOPS),
        Interest.PAYMENT_IN_DOUBT: Rule(Policy.NOTED, _NOTED),
        Interest.DEVICE: Rule(Policy.NOTED),
        Interest.WALKED_AWAY: Rule(Policy.NOTED, _NOTED | {Policy.BLOCKS_NOW}),
    }
)

DEFAULT_POLICIES: Final[Mapping[Interest, Policy]] = MappingProxyType(
    {kind: rule.default for kind, rule in RULES.items()}
)

ONLY_HERE_BY_LAW: Final = frozenset({Interest.AGE, Interest.ALCOHOL_HOURS})
"""What nobody may approve from afar: somebody has to see who buys (alkoholloven § 1-5, § 8-11)."""


class NotAllowed(ValueError):
    """A policy that a kind may not have. The message names what it may."""


def chosen(wanted: Mapping[Interest, Policy]) -> Mapping[Interest, Policy]:
    """Return the policy of every kind.

    Raises:
        NotAllowed: the law, or sense, asks for something stricter.
    """
    for kind, policy in wanted.items():
        if policy not in RULES[kind].may_be:
            raise NotAllowed(f"{kind} may be {in_words(RULES[kind].may_be)}, not {policy}")
    return MappingProxyType({**DEFAULT_POLICIES, **wanted})


def in_words(policies: Iterable[Policy]) -> str:
    """Return policies for a person to choose from, the strictest first."""
    return " or ".join(f'"{one}"' for one in Policy if one in frozenset(policies))
