"""The `kiosk` command. Each sub-command imports what it needs when it runs, so help is quick."""

import gc
import sys
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
    help="A self-service checkout. `kiosk demo` shows it, `kiosk run` is the real thing.",
)


ConfigFile = Annotated[
    Path,
    typer.Option(
        "--config", "-c", help="The kiosk's one configuration file.", envvar="KIOSK_CONFIG"
    ),
]
DEFAULT_CONFIG = Path("/etc/kiosk/kiosk.toml")
PKI = Path("/etc/kiosk/pki")


@app.command()
def run(config: ConfigFile = DEFAULT_CONFIG) -> None:
    """Run the kiosk: the screen, the devices, the journal, until it is stopped.

    An unfinished sale of an earlier life is settled first: terminals are asked, never charged
    again, and receipts that are owed are printed.
    """
    # What the start makes stays: looking through it for garbage costs a tenth of the start. The
    # kiosk switches the collector on again with its first view.
    gc.disable()
    from kiosk.app.kiosk import run_kiosk

    raise typer.Exit(run_kiosk(config))


@app.command()
def demo(
    out: Annotated[Path, typer.Option(help="Where pictures, receipt and summary go.")] = Path(
        "demo-out"
    ),
    size: Annotated[str, typer.Option(help="Pixels of the screen, width x height.")] = "1080x1920",
    pay: Annotated[
        str, typer.Option(help="How the shopper pays; a wrong name lists them all.")
    ] = "nexo-json",
) -> None:
    """Watch scripted shoppers and an attendant, over real wires to simulated devices.

    Six things read in six ways; beer, pears and one thing too many in the bag; beer after hours.
    Scanner, scales, badge reader, light, card terminal and printer are processes of their own
    behind serial lines and sockets. In a window where there is a display, else invisibly.
    """
    from kiosk.app.demo import run_demo
    from kiosk.app.scenes.payers import PAYERS

    if pay not in PAYERS:
        raise typer.BadParameter(f"{pay!r}: expected one of {', '.join(PAYERS)}.")
    raise typer.Exit(run_demo(out, size, pay))


@app.command()
def bench(
    port: Annotated[int, typer.Option(help="Port of the device bench on 127.0.0.1.")] = 8780,
    size: Annotated[str, typer.Option(help="Pixels of the screen, width x height.")] = "1080x1920",
    data: Annotated[
        Path | None, typer.Option(help="Keep journal and catalog here; else they are gone after.")
    ] = None,
) -> None:
    """Play with the kiosk: every device on a page in the browser, until Ctrl-C.

    Be the shopper: scan from a shelf, bag or forget to, tap or decline a card. Be the attendant:
    hold a badge, type a PIN, decide. Run out of paper, pull cables. The kiosk's live screen stands
    beside it all and can be tapped there too.
    """
    from kiosk.app.bench.server import run_bench

    raise typer.Exit(run_bench(port=port, size=size, data=data))


@app.command()
def devices(
    config: ConfigFile = DEFAULT_CONFIG,
    test: Annotated[
        float, typer.Option(help="Listen to the devices for so many seconds; 0 only lists them.")
    ] = 0.0,
) -> None:
    """List the configured devices and the protocols this kiosk speaks; with --test, try them."""
    from kiosk.app.devices import list_devices

    raise typer.Exit(list_devices(config, listen_s=test))


@app.command()
def setup(
    config: ConfigFile = DEFAULT_CONFIG,
    data: Annotated[Path, typer.Option(help="Where the journal will lie.")] = Path(
        "/var/lib/kiosk"
    ),
    replace: Annotated[
        bool,
        typer.Option("--replace", help="Change a file that is there; what is not asked stays."),
    ] = False,
) -> None:
    """Ask what cannot be known, try each device, and write the configuration: for the technician.

    "Scan something with this scanner", "put 1 kg on the scale", a test print, a terminal that
    answers: a device stands in the file once it has worked. Stop the kiosk first.
    """
    from kiosk.app.setup.command import run_setup

    raise typer.Exit(run_setup(config, data, replace=replace))


@app.command()
def enrol(
    server: Annotated[str, typer.Option(help="The store's server: https://fleet.example.org")],
    code: Annotated[str, typer.Option(help="The one-time code; asked for when left out.")] = "",
    kiosk: Annotated[str, typer.Option(help="Who this is; by default [kiosk] id.")] = "",
    config: ConfigFile = DEFAULT_CONFIG,
    pki: Annotated[Path, typer.Option(help="Where the certificate goes.")] = PKI,
) -> None:
    """Get this kiosk's certificate by a one-time code, so that it reports to its store.

    The key is made here and stays here. On the server: kiosk fleet authority enrol-code
    """
    from kiosk.app.enrol.command import run_enrol

    raise typer.Exit(run_enrol(config, server, code, pki, kiosk))


@app.command()
def renew(
    pki: Annotated[Path, typer.Option(help="Where the certificate is.")] = PKI,
    at_once: Annotated[bool, typer.Option("--now", help="Also when it is not due.")] = False,
) -> None:
    """Renew this kiosk's certificate when two thirds of its life are over; for the timer."""
    from kiosk.app.enrol.command import run_renew

    raise typer.Exit(run_renew(pki, at_once=at_once))


@app.command()
def maintain(
    config: ConfigFile = DEFAULT_CONFIG,
    copies: Annotated[
        Path | None, typer.Option(help="Where copies go; by default data_dir/copies.")
    ] = None,
    keep: Annotated[int, typer.Option(min=1, help="How many copies are kept.")] = 14,
) -> None:
    """Check the whole journal and copy it: for the night, beside a running kiosk too.

    Exit code 1 when the journal is damaged or no copy could be made; nothing was changed then.
    """
    from datetime import date

    from kiosk.app.config import ConfigError, load
    from kiosk.app.maintenance import MaintenanceFailed, maintain
    from kiosk.app.storage import warnings

    try:
        settings = load(config)
        folder = copies or settings.kiosk.data_dir / "copies"
        # Said first: a disk that is dying may not live to the end of a copy.
        for warning in warnings(settings.kiosk.data_dir):
            typer.echo(f"Warning: {warning}", err=True)
        typer.echo(maintain(settings.journal_path, folder, keep=keep, today=date.today()))
    except (ConfigError, MaintenanceFailed) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error


@app.command()
def health(
    config: ConfigFile = DEFAULT_CONFIG,
    copies: Annotated[
        Path | None, typer.Option(help="Where copies go; by default data_dir/copies.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One line, for a log.")] = False,
) -> None:
    """Show how machine and till are: disk, memory, clock, copies, what needs a person.

    Beside a running kiosk, or one that does not start. Exit code 1 when a person is needed.
    """
    from datetime import datetime

    from kiosk.app.config import ConfigError, load
    from kiosk.app.health import in_one_line, in_words, take

    try:
        found = take(load(config), now=datetime.now().astimezone(), copies=copies)
    except ConfigError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    typer.echo(in_one_line(found) if as_json else in_words(found))
    raise typer.Exit(1 if found.needs else 0)


GROUPS = {
    "catalog": ("kiosk.catalog.commands", "catalog_app"),
    "fiscal": ("kiosk.app.fiscal_commands", "fiscal_app"),
    "fleet": ("kiosk.fleet.commands", "fleet_app"),
    "journal": ("kiosk.app.journal_commands", "journal_app"),
    "payments": ("kiosk.app.payments_commands", "payments_app"),
    "release": ("kiosk.app.release_commands", "release_app"),
    "report": ("kiosk.app.report_commands", "report_app"),
    "rules": ("kiosk.rules.commands", "rules_app"),
    "saft": ("kiosk.fiscal.commands", "saft_app"),
    "staff": ("kiosk.staff.commands", "staff_app"),
    "telemetry": ("kiosk.telemetry.cli", "telemetry_app"),
    "update": ("kiosk.app.update.commands", "update_app"),
}
SERVICES = ("fleet", "update")
"""Groups that run unattended: their logs, and those of their libraries, go through our list."""


def main() -> None:
    """Entry point of the `kiosk` command.

    A group of commands is imported when it is asked for, or when all are to be listed: the kiosk's
    own start does not wait for the others.
    """
    asked = sys.argv[1] if len(sys.argv) > 1 else "--help"
    if asked in SERVICES:
        from kiosk.app.logs import log_the_uncaught, set_up_logs

        set_up_logs()
        log_the_uncaught()
    for name, (module, group) in GROUPS.items():
        if asked == name or asked.startswith("-"):
            app.add_typer(getattr(import_module(module), group), name=name)
    app()


if __name__ == "__main__":
    main()
