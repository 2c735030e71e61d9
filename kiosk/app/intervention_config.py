"""The configuration's section [interventions]: when each kind stops the shopper.

What stands in the file is compared with the rule of its kind (`kiosk/sale/policy.py`): the law's
own demands can be made stricter, never laxer.
"""

from collections.abc import Callable, Mapping
from typing import Any

from kiosk.sale.events import Interest, Policy
from kiosk.sale.policy import DEFAULT_POLICIES, ONLY_HERE_BY_LAW, RULES, chosen, in_words

SECTION = "interventions"
ONLY_HERE = "only_here"
Wrong = Callable[[str, str], None]
"""Takes where, e.g. "interventions.age", and what is wrong there."""


def policies_of(raw: Any, wrong: Wrong) -> Mapping[Interest, Policy]:
    """Return the policy of every kind; each mistake is told with what is expected."""
    if not isinstance(raw, dict):
        wrong(SECTION, f"is not a section. Write [{SECTION}].")
        return DEFAULT_POLICIES
    wanted: dict[Interest, Policy] = {}
    for name, value in raw.items():
        if name == ONLY_HERE:
            continue
        where = f"{SECTION}.{name}"
        if name not in set(Interest):
            known = ", ".join([*Interest, ONLY_HERE])
            wrong(where, f"is not a kind of intervention. Expected one of {known}.")
            continue
        may_be = RULES[Interest(name)].may_be
        if not isinstance(value, str) or value not in may_be:
            wrong(where, f"{value!r} cannot be used: expected {in_words(may_be)}.")
            continue
        wanted[Interest(name)] = Policy(value)
    return chosen(wanted)


def only_here_of(raw: Any, wrong: Wrong) -> frozenset[Interest]:
    """Return what nobody may approve from afar: what the law says, and what the shop adds."""
    listed = raw.get(ONLY_HERE, [Interest.RANDOM_CHECK]) if isinstance(raw, dict) else []
    where = f"{SECTION}.{ONLY_HERE}"
    if not isinstance(listed, list):
        wrong(where, f'{listed!r} cannot be used: expected a list, e.g. ["random_check"].')
        return ONLY_HERE_BY_LAW
    for name in listed:
        if name not in set(Interest):
            wrong(where, f"{name!r} is not a kind. Expected some of {', '.join(Interest)}.")
    return ONLY_HERE_BY_LAW | {Interest(name) for name in listed if name in set(Interest)}
