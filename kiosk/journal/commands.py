"""`kiosk journal`: check the record, read it, copy it, and go on from a copy."""

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
        raise _stop(error) from error
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
        raise _stop(error) from error
    if not events:
        typer.echo(f"{journal}: no sale or receipt {sale}.", err=True)
        raise typer.Exit(1)
    for line in sale_in_words(sale_id, events):
        typer.echo(line)


@journal_app.command()
def backup(
    target: Annotated[Path, typer.Argument(help="The new file. One that is there is kept.")],
    journal: JournalPath = DEFAULT,
) -> None:
    """Copy the journal while the kiosk sells, check the copy, and say what it ends with.

    Keep the last line with the copy: `restore` asks for it. `kiosk maintain` does this each night.
    """
    import sqlite3

    from kiosk.journal.copies import CopyRefused, copy_journal

    try:
        report = copy_journal(journal, target)
    except (CopyRefused, OSError, sqlite3.Error) as error:
        raise _stop(error) from error
    typer.echo(report.in_words())
    typer.echo(f"End of the record: {report.events}:{report.last_hash}")


@journal_app.command()
def restore(
    copy: Annotated[Path, typer.Argument(help="A copy of the journal.")],
    end: Annotated[
        str,
        typer.Option(help="NUMBER:HASH of the newest event there ever was, e.g. from the server."),
    ],
    journal: JournalPath = DEFAULT,
) -> None:
    """Let a kiosk go on from a copy that is the whole record; refused where anything came after it.

    A kiosk that went on from an older copy would give receipt numbers twice. Then keep the copy to
    be read, and give the kiosk a register id of its own.
    """
    import sqlite3

    from kiosk.journal.copies import CopyRefused, Head
    from kiosk.journal.copies import restore as go_on_from

    number, _, digest = end.partition(":")
    if not number.isdecimal() or len(digest) != 64:
        raise _stop(ValueError(f"--end {end!r}: expected the number, a colon and 64 hex digits."))
    try:
        report = go_on_from(copy, journal, Head(int(number), digest))
    except (CopyRefused, OSError, sqlite3.Error) as error:
        raise _stop(error) from error
    typer.echo(report.in_words())


def _stop(error: Exception) -> typer.Exit:
    typer.echo(str(error), err=True)
    return typer.Exit(1)
