"""`kiosk report list` and `kiosk report show`: every Z, from the record. Both only read."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

report_app = typer.Typer(
    name="report", help="Days that were closed: list them, show one again.", no_args_is_help=True
)
JournalPath = Annotated[Path, typer.Option("--journal", "-j", help="The journal's file.")]
DEFAULT = Path("var/journal.sqlite")


@report_app.command("list")
def list_reports(journal: JournalPath = DEFAULT) -> None:
    """List every Z: its number, the day it closed, its total and how many receipts it counted."""
    from kiosk.fiscal import amounts
    from kiosk.fiscal.reprint import z_reports
    from kiosk.journal import Journal, JournalError

    try:
        with Journal.open(journal, read_only=True) as opened:
            found = z_reports(opened)
    except JournalError as error:
        raise _stop(error) from error
    for one in found:
        figures = one.figures
        total = amounts.amount(figures.total_minor)
        counts = f"{figures.receipts} receipts, {figures.returns.number} returns"
        typer.echo(f"Z {one.number:>5}  {one.business_day}  {total:>14}  {counts}")


@report_app.command()
def show(
    number: Annotated[int, typer.Argument(help="The number of the Z.")],
    journal: JournalPath = DEFAULT,
    columns: Annotated[int, typer.Option(help="48 on 80 mm paper, 32 on 58 mm.")] = 48,
) -> None:
    """Show a Z again as it is printed, marked as printed anew."""
    from drivers.printer.layout import TextRow, rows_of
    from kiosk.engine.printing import job_of_rows
    from kiosk.fiscal.reprint import lay_out_again, z_report
    from kiosk.journal import Journal, JournalError

    try:
        with Journal.open(journal, read_only=True) as opened:
            report = z_report(opened, number)
            now = datetime.now().astimezone()
            rows = lay_out_again(opened, report, now) if report else ()
    except JournalError as error:
        raise _stop(error) from error
    if not rows:
        typer.echo(f"{journal}: no Z report {number}.", err=True)
        raise typer.Exit(1)
    for row in rows_of(job_of_rows("report", rows).elements, columns):
        if isinstance(row, TextRow):
            centered = row.align.value == "center"
            typer.echo(row.text.center(columns).rstrip() if centered else row.text)
        else:
            typer.echo("")


def _stop(error: Exception) -> typer.Exit:
    typer.echo(str(error), err=True)
    return typer.Exit(1)
