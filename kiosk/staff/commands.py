"""`kiosk staff add | disable | list | code`: who may sign in at this kiosk."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kiosk.staff.roles import Role

if TYPE_CHECKING:
    from kiosk.staff.book import StaffBook

staff_app = typer.Typer(
    name="staff", help="Who may sign in at the kiosk, and as what.", no_args_is_help=True
)

BookFile = Annotated[
    Path, typer.Option("--file", "-f", help="The staff's file.", envvar="KIOSK_STAFF")
]
DEFAULT = Path("var/staff.sqlite")


@staff_app.command("add")
def add(
    number: Annotated[str, typer.Argument(help="What the person types before the PIN.")],
    name: Annotated[str, typer.Argument(help="First name, as the screen shows it.")],
    role: Annotated[Role, typer.Option(help="What the person may do.")] = Role.ATTENDANT,
    badge: Annotated[str, typer.Option(help="What the badge reader reads.")] = "",
    file: BookFile = DEFAULT,
) -> None:
    """Add somebody. The PIN is asked for, never given on the command line."""
    pin = typer.prompt("PIN", hide_input=True, confirmation_prompt=True)
    with _book(file) as book:
        person = book.add(number=number, name=name, role=role, pin=pin, badge=badge)
    typer.echo(f"{person.name} is in as {person.role}: number {person.number}, id {person.id}.")


@staff_app.command("disable")
def disable(number: str, file: BookFile = DEFAULT) -> None:
    """Let somebody in no more. What they did stays in the journal under their id."""
    with _book(file) as book:
        person = book.disable(number)
    typer.echo(f"{person.name}, number {person.number}, cannot sign in any more.")


@staff_app.command("list")
def list_command(file: BookFile = DEFAULT) -> None:
    """List everybody. No PIN can be shown: only hashes are kept."""
    with _book(file) as book:
        people = book.people()
    for person in people:
        badge = "badge" if person.has_badge else "-"
        state = "disabled" if person.disabled else "in"
        typer.echo(
            f"{person.number:>6}  {person.name:<16} {person.role:<11} {badge:<6} "
            f"{state:<9} {person.id}"
        )
    if not people:
        typer.echo("Nobody yet. `kiosk staff code` makes a one-time code for the first supervisor.")


@staff_app.command("code")
def code(file: BookFile = DEFAULT) -> None:
    """Make a one-time code with which the first supervisor chooses a PIN at the kiosk."""
    with _book(file) as book:
        typer.echo(f"One-time code: {book.first_code or book.new_code()}")


@contextmanager
def _book(path: Path) -> Iterator["StaffBook"]:
    """Open the staff's file; what cannot be done is said in words, with exit code 1."""
    from kiosk.staff.book import StaffBook, StaffError

    try:
        with closing(StaffBook.open(path)) as book:
            yield book
    except StaffError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
