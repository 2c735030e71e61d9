"""`kiosk telemetry asyncapi`: what is said on the wire, as a document for other programs."""

from pathlib import Path
from typing import Annotated

import typer

telemetry_app = typer.Typer(
    name="telemetry", help="What the kiosk tells the store, and hears.", no_args_is_help=True
)


@telemetry_app.callback()
def telemetry() -> None:
    """Group of commands."""


@telemetry_app.command()
def asyncapi(
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Write to this file instead of printing.")
    ] = None,
) -> None:
    """Print the AsyncAPI 3 document of all messages between kiosk and store."""
    from kiosk.telemetry.asyncapi import text

    if out is None:
        typer.echo(text(), nl=False)
    else:
        out.write_text(text(), encoding="utf-8")
