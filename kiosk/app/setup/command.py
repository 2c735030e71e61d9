"""`kiosk setup` at a terminal."""

import logging
import shutil
from pathlib import Path

import typer

from kiosk.app.config import ConfigError
from kiosk.app.credentials import as_credential, lent, secrets_beside
from kiosk.app.logs import set_up_logs
from kiosk.app.setup.asking import Answers, ask_all, text_of, write
from kiosk.app.setup.earlier import Earlier
from kiosk.fiscal.signature import KeyRefused, load_signer

SIGNING_KEY = "signing-key"
"""As it must be called among the secrets."""


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
        typer.echo(
            f"{path} exists and is not touched. To change it: --replace. What it says is offered "
            "as the answer then, and what nobody is asked for stays.",
            err=True,
        )
        return 1
    # What devices log of themselves would stand between question and answer.
    set_up_logs(logging.ERROR)
    earlier, secrets = Earlier.at(path), secrets_beside(path)
    try:
        with lent(secrets):
            answers = ask_all(AtTheKeyboard(), data_dir, earlier=earlier)
    except typer.Abort:
        typer.echo(f"\nNothing was written; {path} is as it was.", err=True)
        return 1
    _hand_over_secrets(answers, secrets)
    signing = _signing(answers, earlier, secrets)
    try:
        if path.exists():
            shutil.copy2(path, path.with_name(f"{path.name}.old"))
        write(path, text_of(answers.tables) + earlier.others(_asked_for(answers)))
    except (ConfigError, OSError) as error:
        typer.echo(f"Nothing was written. {error}", err=True)
        return 1
    typer.echo(f"{path} is written. {signing}")
    typer.echo("Where the store has a server: sudo kiosk enrol --server https://NAME")
    if answers.left_out:
        typer.echo(
            f"Left out: {', '.join(answers.left_out)}. When they are there: kiosk setup --replace"
        )
    return 0


def _asked_for(answers: Answers) -> set[str]:
    return {*answers.tables, *(f"devices.{name}" for name in answers.left_out)}


def _hand_over_secrets(answers: Answers, secrets: Path) -> None:
    """Secrets that lie where systemd takes them from are named as the till will have them."""
    for table in answers.tables.values():
        for key, value in table.items():
            table[key] = as_credential(value, secrets)


def _signing(answers: Answers, earlier: Earlier, secrets: Path) -> str:
    """Name the key that signs sales, where it lies; say it where there is none."""
    if earlier.value("fiscal", "signing_key"):
        return "Sales are signed as before."
    key = secrets / SIGNING_KEY
    try:
        load_signer(key, "")
    except KeyRefused as error:
        return (
            f"Sales are not signed yet and no Z is made, so this is no cash register: {error} "
            f"Put your supplier's key into {key} (mode 600), then kiosk setup --replace."
        )
    answers.tables["fiscal"] = {
        **earlier.table("fiscal"),
        "signing_key": as_credential(str(key), secrets),
    }
    return "Sales are signed."
