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
    from kiosk.rules.tables import TYPES, Ageing, table, warnings

    today = date.today()
    found: dict[str, RuleWarning] = {one.table: one for one in warnings(today)}
    for name, row in TYPES.items():
        one = table(name, row)
        state = found[name].ageing.value.upper() if name in found else "in force"
        typer.echo(
            f"{name:18}{state:10}{len(one.row):3} rows, held against its source {one.checked_on}"
        )
        for source in one.sources:
            typer.echo(f"    {source}")
    for warning in found.values():
        typer.echo(warning.in_words(), err=True)
    if any(one.ageing is Ageing.ENDED for one in found.values()):
        raise typer.Exit(1)
