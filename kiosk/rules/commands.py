"""`kiosk rules`: which tables of law and trade this kiosk sells by, and how old they are."""

from datetime import date
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from kiosk.rules.tables import RuleWarning

rules_app = typer.Typer(
    name="rules",
    help="The dated tables of law and trade: VAT, ages, hours of alcohol, deposits, bags.",
    no_args_is_help=True,
)


@rules_app.callback()
def rules() -> None:
    """Keep `list` a command of its own."""


@rules_app.command("list")
def list_command() -> None:
    """List every table with its sources and what is the matter with it; exit 1 if one has ended."""
    from rich.console import Console
    from rich.table import Table as Grid

    from kiosk.rules.tables import TYPES, Ageing, table, warnings

    today = date.today()
    found: dict[str, RuleWarning] = {one.table: one for one in warnings(today)}
    grid = Grid("table", "rows", "held against its source", "state", "sources")
    for name, row in TYPES.items():
        one = table(name, row)
        state = found[name].ageing.value if name in found else "in force"
        grid.add_row(name, str(len(one.row)), str(one.checked_on), state, "\n".join(one.sources))
    Console().print(grid)
    if any(one.ageing is Ageing.ENDED for one in found.values()):
        raise typer.Exit(1)
