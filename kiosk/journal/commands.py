"""`kiosk journal`: check the record, and read it. Copies: `kiosk.app.journal_commands`."""

from pathlib import Path
from typing import Annotated

import typer

journal_app = typer.Typer(
    name="journal", help="Check the record of all sales, or read one.", no_args_is_help=True
)

JournalPath = Annotated[
    Path, typer.Option("--journal", "-j", help="The journal's file.", show_default=True)
]
DEFAULT = Path("var/journal.sqlite")


@journal_app.command()
def verify(
    file: Annotated[
        Path | None, typer.Argument(help="Any journal or copy; else the one of --journal.")
    ] = None,
    journal: JournalPath = DEFAULT,
) -> None:
    """Check every event, its place in the chain, and every number. Exit code 1 when damaged.

    Only reads, beside a running kiosk too. How another program checks the chain is in
    kiosk/journal/README.md.
    """
    from rich.progress import Progress

    from kiosk.journal.errors import JournalError
    from kiosk.journal.journal import Journal

    try:
        with (
            Journal.open(file or journal, read_only=True) as opened,
            Progress(transient=True) as bar,
        ):
            task = bar.add_task("Checking events", total=None)
            report = opened.verify(
                lambda done, total: bar.update(task, completed=done, total=total)
            )
    except JournalError as error:
        raise stop(error) from error
    typer.echo(report.in_words())
    raise typer.Exit(0 if report.ok else 1)


@journal_app.command()
def show(
    sale: Annotated[str, typer.Argument(help="The sale's id, or the number of its receipt.")],
    journal: JournalPath = DEFAULT,
) -> None:
    """Show everything that happened in one sale."""
    from kiosk.journal.errors import JournalError
    from kiosk.journal.journal import Journal
    from kiosk.journal.show import sale_in_words

    try:
        with Journal.open(journal, read_only=True) as opened:
            sale_id = sale
            events = opened.events_of(sale)
            if not events and sale.isdigit():
                sale_id = opened.sale_of_receipt(int(sale)) or sale
                events = opened.events_of(sale_id)
    except JournalError as error:
        raise stop(error) from error
    if not events:
        typer.echo(f"{journal}: no sale or receipt {sale}.", err=True)
        raise typer.Exit(1)
    for line in sale_in_words(sale_id, events):
        typer.echo(line)


def stop(error: Exception) -> typer.Exit:
    """Say what was refused, and return what ends the command."""
    typer.echo(str(error), err=True)
    return typer.Exit(1)
