"""`kiosk saft export` and `kiosk saft verify`; both only read, beside a running kiosk too."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

saft_app = typer.Typer(
    name="saft", help="SAF-T Cash Register: make files from the journal, check any.",
    no_args_is_help=True,
)  # fmt: skip

DEFAULT_JOURNAL = Path("var/journal.sqlite")


@saft_app.command()
def export(
    first: Annotated[
        datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="First local day.")
    ],
    last: Annotated[
        datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="Last local day, included.")
    ],
    journal: Annotated[
        Path, typer.Option("--journal", "-j", help="The journal's file.")
    ] = DEFAULT_JOURNAL,
    out: Annotated[Path, typer.Option(help="Folder for the files.")] = Path(),
    supplier: Annotated[
        str, typer.Option(help="Who filed this program's product declaration.")
    ] = "Selvkasse",
) -> None:
    """Write all sales and events of a period as SAF-T Cash Register 1.00.

    One file, or several of whole days where one would be larger than 2 GB. May run beside the
    kiosk, and as often as you like: the journal does not change by it.
    """
    from rich.progress import Progress

    from kiosk.fiscal.saft.export import ExportError, Period, Software
    from kiosk.fiscal.saft.export import export as write
    from kiosk.journal import Journal, JournalError

    try:
        with Journal.open(journal, read_only=True) as opened, Progress(transient=True) as bar:
            task = bar.add_task("Exporting", total=None)
            done = write(
                opened,
                Period(first=first.date(), last=last.date()),
                out,
                created=datetime.now(UTC),
                software=Software(company=supplier),
                progress=lambda read, total: bar.update(task, completed=read, total=total),
            )
    except (ExportError, JournalError, OSError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    typer.echo(f"{done.sales} sales, {done.events} events")
    for path in done.files:
        typer.echo(str(path))


@saft_app.command()
def verify(
    files: Annotated[list[Path], typer.Argument(help="One or more files, in their order.")],
    schema: Annotated[
        Path | None, typer.Option(help="The official XSD, from skatteetaten.no/saf-t.")
    ] = None,
    key: Annotated[
        list[str] | None,
        typer.Option(help="VERSION=FILE: public key (PEM) or HMAC secret of a key version."),
    ] = None,
    after: Annotated[
        str, typer.Option(help="The signature before the first sale of the first file.")
    ] = "",
) -> None:
    """Check form, signatures, numbers and sums of SAF-T files, of whatever system they are.

    Says what is wrong and on which line. Exit code 1 when anything is.
    """
    from rich.progress import Progress

    from kiosk.fiscal.saft.reading import Unreadable
    from kiosk.fiscal.saft.verify import verify as check
    from kiosk.fiscal.signature import KeyRefused, load_verifier

    try:
        keys = {}
        for setting in key or ():
            version, _, path = setting.partition("=")
            keys[version] = load_verifier(Path(path))
        with Progress(transient=True) as bar:
            task = bar.add_task("Checking", total=None)
            found = check(
                files,
                schema=schema,
                keys=keys,
                previous=after,
                progress=lambda read, total: bar.update(task, completed=read, total=total),
            )
    except (KeyRefused, Unreadable, OSError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    typer.echo(found.in_words())
    raise typer.Exit(0 if found.ok else 1)
