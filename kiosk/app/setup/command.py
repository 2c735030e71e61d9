"""`kiosk setup` at a terminal."""

import logging
from pathlib import Path

import typer

from kiosk.app.config import ConfigError
from kiosk.app.logs import set_up_logs
from kiosk.app.setup.asking import ask_all, text_of, write


class AtTheKeyboard:
    """Asks on the terminal."""

    def say(self, words: str) -> None:
        """Tell something."""
        typer.echo(words)

    def ask(self, question: str, default: str = "") -> str:
        """Return what is typed."""
        return str(typer.prompt(question, default=default, show_default=bool(default)))

    def yes(self, question: str) -> bool:
        """Return whether the answer is yes."""
        return typer.confirm(question, default=True)


def run_setup(path: Path, data_dir: Path, *, replace: bool) -> int:
    """Ask, try, write; returns the exit code."""
    if path.exists() and not replace:
        typer.echo(f"{path} exists and is not touched. To begin anew: --replace", err=True)
        return 1
    # What devices log of themselves would stand between question and answer.
    set_up_logs(logging.ERROR)
    answers = ask_all(AtTheKeyboard(), data_dir)
    try:
        write(path, text_of(answers.tables))
    except (ConfigError, OSError) as error:
        typer.echo(f"Nothing was written. {error}", err=True)
        return 1
    typer.echo(f"{path} is written.")
    typer.echo("Where the store has a server: sudo kiosk enrol --server https://NAME")
    if answers.left_out:
        typer.echo(f"Left out: {', '.join(answers.left_out)}. Run this again when they are there.")
    return 0
