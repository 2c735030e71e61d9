"""Which interventions ask for somebody to come.

`noted` means that the shopper goes on meanwhile; most such things ask nobody. A shopper who calls
for help, a device that needs a hand and a payment in doubt are noted too, since nothing stops for
them, and are calls all the same.
"""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import ColumnElement, Table, func, or_

NOTED: Final = "noted"
CALLING: Final = ("help", "device", "payment_in_doubt")
"""Kinds that call whatever their policy; `js/calls.js` has the same."""


def calls_somebody(call: Mapping[str, Any]) -> bool:
    """Return whether an open intervention, as JSON, asks for somebody."""
    return call["policy"] != NOTED or call["kind"] in CALLING


def that_call(table: Table) -> ColumnElement[bool]:
    """Return the same for rows of the table of interventions."""
    columns = table.c
    return or_(func.coalesce(columns.policy, "") != NOTED, columns.kind.in_(CALLING))
