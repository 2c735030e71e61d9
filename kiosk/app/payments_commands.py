"""`kiosk payments`: our record against a provider's report, or the terminal's. It only reads."""

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

if TYPE_CHECKING:
    from kiosk.journal import Journal
    from kiosk.payments.reconcile import Booked, Reconciliation
    from kiosk.payments.terminal_days import TerminalDay

payments_app = typer.Typer(
    name="payments", help="Money that others took for us: is it what we booked?"
)
JournalPath = Annotated[Path, typer.Option("--journal", "-j", help="The journal's file.")]
DEFAULT = Path("var/journal.sqlite")


@payments_app.callback()
def payments() -> None:
    """Only read: nothing here corrects anything."""


@payments_app.command("terminal-days")
def terminal_days(
    journal: JournalPath = DEFAULT,
    timezone: Annotated[str, typer.Option(help="Of the shop.")] = "Europe/Oslo",
) -> None:
    """List the card terminal's ends of day beside ours; where they differ, our payments as well.

    Nothing is corrected. Exit code 1 when something differs, 2 when there is nothing to read.
    """
    from kiosk.fiscal.events import REGISTER, TerminalDayEnded
    from kiosk.journal import Journal, JournalError
    from kiosk.payments.terminal_days import terminal_days as pair
    from kiosk.sale.events import Method

    zone = ZoneInfo(timezone)
    try:
        with Journal.open(journal, read_only=True) as opened:
            ended = [e for e in opened.events_of(REGISTER) if isinstance(e, TerminalDayEnded)]
            days = list(pair(ended, _ours(opened, Method.CARD, None, zone)))
    except JournalError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    _show_days(days, zone)
    raise typer.Exit(0 if all(one.agrees for one in days) else 1)


@payments_app.command()
def reconcile(
    report: Annotated[Path, typer.Argument(help="CSV with the columns reference and amount.")],
    method: Annotated[str, typer.Option(help="Whose report it is: card, vipps, klarna, strex.")],
    day: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Only this local day; else all."),
    ] = None,
    journal: JournalPath = DEFAULT,
    timezone: Annotated[str, typer.Option(help="Of the shop.")] = "Europe/Oslo",
) -> None:
    """List every payment on which our record and a provider's report differ, by reference.

    Nothing is corrected. Exit code 1 when something differs, 2 when it could not be compared.
    """
    from kiosk.journal import Journal, JournalError
    from kiosk.payments.reconcile import reconcile as compare
    from kiosk.payments.report_file import BadReport, read_report
    from kiosk.sale.events import Method

    if method not in list(Method):
        raise typer.BadParameter(f"{method!r}: expected one of {', '.join(Method)}.")
    try:
        theirs = read_report(report)
        with Journal.open(journal, read_only=True) as opened:
            ours = _ours(opened, Method(method), day.date() if day else None, ZoneInfo(timezone))
    except (BadReport, JournalError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    result = compare(ours, theirs)
    _show(result)
    raise typer.Exit(0 if result.agrees else 1)


def _ours(journal: "Journal", method: str, day: date | None, zone: ZoneInfo) -> "list[Booked]":
    from kiosk.fiscal.events import REGISTER
    from kiosk.payments.reconcile import booked
    from kiosk.sale.evolve import replay

    ids = dict.fromkeys(record.sale_id for record in journal.after(0, journal.count() + 1))
    sales = (replay(journal.events_of(one)) for one in ids if one != REGISTER)
    return [
        row
        for row in booked(sales)
        if row.method == method
        and (day is None or datetime.fromisoformat(row.at_utc).astimezone(zone).date() == day)
    ]


def _show(result: "Reconciliation") -> None:
    from rich.console import Console
    from rich.table import Table

    from kiosk.fiscal.amounts import amount

    console = Console()
    if result.findings:
        table = Table("reference", "ours", "theirs", "what", "sale", box=None)
        for one in result.findings:
            ours, theirs = amount(one.ours_minor), amount(one.theirs_minor)
            what = one.difference.replace("_", " ")
            table.add_row(one.reference, ours, theirs, what, ", ".join(one.sale_ids))
        console.print(table)
    console.print(
        f"{result.matched} agree, {len(result.findings)} differ. "
        f"Ours {amount(result.ours_minor)}, theirs {amount(result.theirs_minor)}.",
        highlight=False,
    )


def _show_days(days: "list[TerminalDay]", zone: ZoneInfo) -> None:
    from rich.console import Console
    from rich.table import Table

    from kiosk.fiscal.amounts import amount

    console = Console()
    table = Table("Z", "ended", "period", "ours", "theirs", "what", box=None)
    for one in days:
        ended = one.ended
        at = datetime.fromisoformat(ended.at_utc).astimezone(zone)
        theirs = "-" if ended.theirs_minor is None else amount(ended.theirs_minor)
        row = (f"{at:%Y-%m-%d %H:%M}", ended.reference or "-", amount(ended.ours_minor), theirs)
        table.add_row(str(ended.z_number), *row, _what(one))
        if not one.agrees:
            for paid in one.payments:
                table.add_row("", "", paid.reference, amount(paid.amount_minor), "", paid.sale_id)
    console.print(table if days else "No end of a terminal's day is in this record.")


def _what(day: "TerminalDay") -> str:
    if day.agrees:
        return "agree"
    if not day.ended.done:
        return f"not ended: {day.ended.reason}"
    return "no total said" if day.ended.theirs_minor is None else "differ"
