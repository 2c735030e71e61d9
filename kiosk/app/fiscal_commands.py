"""`kiosk fiscal`: what the law wants to be told about this program."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

fiscal_app = typer.Typer(
    name="fiscal", help="The cash register in words: its system description.", no_args_is_help=True
)


class Form(StrEnum):
    """How the description is written."""

    HTML = "html"
    MARKDOWN = "markdown"


@fiscal_app.callback()
def fiscal() -> None:
    """Keep `describe` a command of its own, while it is the only one."""


@fiscal_app.command()
def describe(
    out: Annotated[Path | None, typer.Option(help="The file; else it is printed.")] = None,
    form: Annotated[Form, typer.Option("--format", help="How it is written.")] = Form.HTML,
) -> None:
    """Write the system description in Norwegian, made from what this build declares."""
    from kiosk.app.describe import chapters
    from kiosk.app.document import as_html, as_markdown

    text = (as_html if form is Form.HTML else as_markdown)(chapters())
    if out is None:
        typer.echo(text)
    else:
        out.write_text(text, encoding="utf-8")
