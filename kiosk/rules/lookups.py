"""The rules of one day, looked up once and asked many times."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from kiosk.rules.tables import AgeRow, BagRow, DepositRow, TagRow, VatRow, in_force, table
from kiosk.sale.product import Restriction


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds on one local date."""

    vat_rate_bp: Mapping[str, int]
    """By SAF-T standard tax code, in hundredths of a percent."""
    least_age: Mapping[Restriction, int]
    """Years, by what the product is tagged with; a tag that is missing asks for none."""
    deposits_minor: frozenset[int]
    """The deposits that new bottles and cans have."""
    bag_fee_minor: int
    """What the shop itself pays for each plastic bag."""
    never_discounted: frozenset[Restriction]
    """Tags of goods that no offer, discount or bonus may touch."""


def vat_codes() -> tuple[str, ...]:
    """Return the SAF-T standard tax codes that something can be sold under."""
    return tuple(dict.fromkeys(row.code for row in table("vat", VatRow).row))


@lru_cache(maxsize=8)
def rules_on(day: date) -> Rules:
    """Return the rules of a local date."""
    deposits = {
        row.up_to_ml: row.deposit_minor for row in in_force(table("deposits", DepositRow), day)
    }
    fees = [row.fee_minor for row in in_force(table("bags", BagRow), day)]
    return Rules(
        vat_rate_bp={row.code: row.rate_bp for row in in_force(table("vat", VatRow), day)},
        least_age={row.restriction: row.age for row in in_force(table("ages", AgeRow), day)},
        deposits_minor=frozenset(deposits.values()),
        bag_fee_minor=fees[-1] if fees else 0,
        never_discounted=frozenset(
            row.restriction for row in in_force(table("never_discounted", TagRow), day)
        ),
    )


def oddities(
    rules: Rules, *, category: str, price_minor: int, deposit_minor: int
) -> Iterator[tuple[str, str]]:
    """Yield what is odd about a product without being wrong: (column, what to look at)."""
    if deposit_minor and deposit_minor not in rules.deposits_minor:
        rates = " or ".join(_kroner(rate) for rate in sorted(rules.deposits_minor))
        yield "deposit", f"{_kroner(deposit_minor)} is not a deposit of today ({rates})"
    if category == "bags" and price_minor < rules.bag_fee_minor:
        fee = _kroner(rules.bag_fee_minor)
        yield "price", f"a plastic bag costs the shop {fee} in environment fee alone"


def _kroner(amount_minor: int) -> str:
    return f"{amount_minor // 100}.{amount_minor % 100:02d}"
