"""The tables of a country: read once from their files, checked, and aware of their own age.

Every table says where it comes from, when somebody last held it against that source, and, where
it is known, after which day it no longer holds. A table that has ended, or that nobody has looked
at for a year, does not stop a sale: it warns the operator, who is the one who must know.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Final, Generic, TypeVar

import msgspec

from kiosk.sale.product import Restriction

COUNTRY: Final = "norway"
OLD_AFTER_DAYS: Final = 366
"""A table that nobody has held against its source for longer is old."""


class Dated(msgspec.Struct, frozen=True, kw_only=True):
    """A row that is in force from a local date on."""

    valid_from: date = msgspec.field(name="from")


class VatRow(Dated, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The rate of a SAF-T standard tax code, in hundredths of a percent."""

    code: str
    rate_bp: int
    what: str


class AgeRow(Dated, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The least age, in years, of who buys what is tagged so."""

    restriction: Restriction
    age: int


class DepositRow(Dated, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The deposit on one bottle or can that holds up to so much; 0 ml is more than all others."""

    up_to_ml: int
    deposit_minor: int


class BagRow(Dated, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a shop pays for each plastic carrier bag that it hands out, without VAT."""

    fee_minor: int


class TagRow(Dated, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A tag of goods that a rule is about."""

    restriction: Restriction


class HoursRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The hours of one municipality, local "HH.MM"; an empty eve is an ordinary one."""

    municipality: str
    name: str
    opens: str
    closes: str
    before_holiday: str
    source: str
    easter_eve: str = ""
    whitsun_eve: str = ""
    christmas_eve: str = ""
    new_years_eve: str = ""
    no_sale_on_election_day: bool = False
    read_on: date | None = None


Row = TypeVar("Row")
DatedRow = TypeVar("DatedRow", bound=Dated)


class Table(msgspec.Struct, Generic[Row], frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One table as its file has it."""

    title: str
    sources: tuple[str, ...]
    checked_on: date
    ends_after: date | None = None
    row: tuple[Row, ...]


class Ageing(StrEnum):
    """What is the matter with a table."""

    ENDED = "ended"
    """The day after which it does not hold has passed."""
    OLD = "old"
    """Nobody has held it against its source for a year."""


@dataclass(frozen=True, slots=True)
class RuleWarning:
    """A table that somebody should look at, and since when."""

    table: str
    ageing: Ageing
    since: date

    def in_words(self) -> str:
        """Return what to tell the operator: which table, what is wrong, what to do."""
        what = (
            f"held until {self.since}"
            if self.ageing is Ageing.ENDED
            else f"was last held against its source on {self.since}"
        )
        return (
            f"The table {self.table} {what}. Compare it with its source (`kiosk rules list` names "
            "it) and update the kiosk, or confirm it with [selling] rules_checked_on."
        )


TYPES: Final = {
    "vat": VatRow,
    "ages": AgeRow,
    "deposits": DepositRow,
    "bags": BagRow,
    "never_discounted": TagRow,
    "alcohol_hours": HoursRow,
}


class RulesBroken(Exception):
    """A table's file cannot be read; says which and why. Only a broken build has such a file."""


def read_table(text: str, row: type[Row], name: str) -> Table[Row]:
    """Return a table from its TOML.

    Raises:
        RulesBroken: naming the table and the field.
    """
    try:
        # An empty `read_on` is "not known"; TOML has no null, and msgspec no empty date.
        text = text.replace('read_on = ""\n', "")
        return msgspec.toml.decode(text, type=Table[row], strict=False)  # type: ignore[valid-type]
    except msgspec.DecodeError as error:
        raise RulesBroken(f"{name}.toml: {error}") from error


@cache
def table(name: str, row: type[Row]) -> Table[Row]:
    """Return one of the country's tables, e.g. `table("vat", VatRow)`."""
    file = resources.files("kiosk.rules").joinpath(COUNTRY, f"{name}.toml")
    return read_table(file.read_text(encoding="utf-8"), row, name)


def in_force(one: "Table[DatedRow]", on: date) -> list[DatedRow]:
    """Return the rows that have begun by a local date, newest last, so that a later one wins."""
    return sorted((row for row in one.row if row.valid_from <= on), key=lambda row: row.valid_from)


def warnings(today: date, *, confirmed_on: date | None = None) -> tuple[RuleWarning, ...]:
    """Return which tables have ended or are older than a year, ended ones first.

    Args:
        today: The local date.
        confirmed_on: When the shop itself last held all tables against their sources. It renews
            their age; a table that has ended stays ended.
    """
    found = [
        warning
        for name, row in TYPES.items()
        if (warning := ageing_of(name, table(name, row), today, confirmed_on)) is not None
    ]
    return tuple(sorted(found, key=lambda one: (one.ageing is not Ageing.ENDED, one.table)))


def ageing_of(
    name: str, one: Table[Row], today: date, confirmed_on: date | None = None
) -> RuleWarning | None:
    """Return what is the matter with one table, None when nothing is."""
    if one.ends_after is not None and today > one.ends_after:
        return RuleWarning(name, Ageing.ENDED, one.ends_after)
    return old(name, one.checked_on, today, confirmed_on)


def old(
    name: str, checked_on: date, today: date, confirmed_on: date | None = None
) -> RuleWarning | None:
    """Return the warning of what was last looked at too long ago."""
    # A confirmation of tomorrow is a clock or a person in error: it confirms nothing.
    confirmed = confirmed_on if confirmed_on and confirmed_on <= today else date.min
    checked = max(checked_on, confirmed)
    return (
        RuleWarning(name, Ageing.OLD, checked) if (today - checked).days >= OLD_AFTER_DAYS else None
    )
