"""`kiosk catalog import`: put a new catalog in place, all of it or nothing."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from kiosk.catalog.importer import ImportReport

catalog_app = typer.Typer(
    name="catalog", help="Bring in products, prices and promotions.", no_args_is_help=True
)

DEFAULT = Path("var/catalog.sqlite")


@catalog_app.callback()
def catalog() -> None:
    """Keep `import` a command of its own, whatever else comes beside it."""


@catalog_app.command("import")
def import_command(
    file: Annotated[Path, typer.Argument(help="CSV or JSON Lines of products.")],
    promotions: Annotated[
        Path | None, typer.Option("--promotions", "-p", help="CSV or JSON Lines of promotions.")
    ] = None,
    coupons: Annotated[
        Path | None, typer.Option("--coupons", help="CSV or JSON Lines of coupons.")
    ] = None,
    target: Annotated[
        Path, typer.Option("--catalog", "-c", help="The catalog's database to replace.")
    ] = DEFAULT,
) -> None:
    """Import products. One bad row, and nothing is changed; every bad row is listed."""
    raise typer.Exit(run_import(file, target, promotions=promotions, coupons=coupons))


def run_import(
    source: Path, target: Path, *, promotions: Path | None = None, coupons: Path | None = None
) -> int:
    """Import with a progress bar, say what happened, and return the exit code."""
    from kiosk.catalog.errors import CatalogError

    try:
        report = _import_with_bar(source, target, promotions, coupons)
    except CatalogError as error:
        typer.echo(str(error), err=True)
        return 1
    except OSError as error:
        typer.echo(f"{error.filename or target}: {error.strerror}. Nothing was imported.", err=True)
        return 1
    for bad in report.bad_rows:
        typer.echo(str(bad), err=True)
    for odd in report.odd_rows:
        typer.echo(f"Taken, but please look: {odd}", err=True)
    typer.echo(report.in_words(), err=not report.imported)
    return 0 if report.imported else 1


def _import_with_bar(
    source: Path, target: Path, promotions: Path | None, coupons: Path | None
) -> "ImportReport":
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    from kiosk.catalog.importer import import_file

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    with Progress(*columns, TimeRemainingColumn(), transient=True) as bar:
        task = bar.add_task(source.name, total=None)
        return import_file(
            source,
            target,
            promotions=promotions,
            coupons=coupons,
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )
