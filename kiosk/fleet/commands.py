"""`kiosk fleet ...`: the server, ingest workers, simulated kiosks, people, certificates."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kiosk.fleet.api.types import Role
from kiosk.fleet.authority_commands import authority_app

if TYPE_CHECKING:
    from kiosk.fleet.access.people import People
    from kiosk.fleet.config import FleetConfig

fleet_app = typer.Typer(
    name="fleet",
    no_args_is_help=True,
    help=(
        "The store's side: takes what kiosks report, shows it, lets people help.\n\n"
        "First steps: `deploy/install --fleet`, `setup`, and `authority enrol-code` for each "
        "kiosk. `serve` prints a one-time code that makes the first admin."
    ),
)
user_app = typer.Typer(name="user", no_args_is_help=True, help="People who may sign in.")
fleet_app.add_typer(user_app)
fleet_app.add_typer(authority_app)

ConfigFile = Annotated[
    Path | None,
    typer.Option("--config", "-c", help="The server's TOML file.", envvar="KIOSK_FLEET_CONFIG"),
]


@fleet_app.command()
def serve(config: ConfigFile = None) -> None:
    """Run the server: API, pages, alerts, roll-outs, and ingest workers inside it.

    Without a file: SQLite in /var/lib/selvkasse-fleet, pages on http://127.0.0.1:8790, the broker
    on this machine. All names of the file are in kiosk/fleet/config.py with their defaults.
    """
    from kiosk.fleet.running import run_server

    raise typer.Exit(run_server(_config(config)))


@fleet_app.command()
def ingest(
    name: Annotated[
        str, typer.Argument(help="This worker's own name, the same after each restart: 1, 2, ...")
    ],
    metrics_port: Annotated[
        int, typer.Option(help="Figures for Prometheus on 127.0.0.1; 0 for none.")
    ] = 0,
    config: ConfigFile = None,
) -> None:
    """Run one ingest worker beside the server; start as many as the load needs.

    They share one subscription. A worker that is killed gets what it had not stored again when it
    is back under the same name. Set ingest_workers = 0 in the file to have none in the server.
    """
    from kiosk.fleet.running import run_worker

    raise typer.Exit(run_worker(_config(config), name, metrics_port))


@fleet_app.command()
def setup(
    host: Annotated[
        list[str], typer.Option(help="Name or address by which kiosks call this; again for more.")
    ],
    sqlite: Annotated[
        bool, typer.Option("--sqlite", help="One store: a file, and no PostgreSQL.")
    ] = False,
    database: Annotated[
        str, typer.Option(help="The address of a database that is there already.")
    ] = "",
    broker: Annotated[
        str, typer.Option(help="By which name the server calls its broker.")
    ] = "localhost",
    root: Annotated[Path, typer.Option(help="Below another root, to look at it.")] = Path("/"),
) -> None:
    """Make this machine the fleet's server, after deploy/install --fleet: as root, once.

    Authority, certificates of broker and server, database and fleet.toml; what is there stays.
    """
    from subprocess import CalledProcessError

    from kiosk.fleet import setting_up

    places, is_here = setting_up.Places(root), root == Path("/")
    try:
        for done in setting_up.set_up(
            host,
            places=places,
            postgresql=not sqlite,
            run=setting_up.as_postgres,
            database=database,
            broker=broker,
        ):
            typer.echo(f"  {done}")
        for done in setting_up.start_services() if is_here else ():
            typer.echo(f"  {done}")
    except (setting_up.SetUpFailed, OSError, CalledProcessError) as error:
        raise _stop(f"Not set up. {error}") from error
    typer.echo(
        f"The pages: https://{host[0]}:8790. The first admin's code: journalctl -u kiosk-fleet"
    )


@fleet_app.command()
def enrolment(config: ConfigFile = None) -> None:
    """Run the service by which kiosks get their certificates: a user and a port of its own.

    It alone reads the authority's key. Its section of the file is [enrolment].
    """
    from kiosk.fleet.enrolment.running import run_enrolment

    raise typer.Exit(run_enrolment(_config(config)))


@fleet_app.command()
def simulate(
    kiosks: Annotated[int, typer.Option(min=1, max=20_000, help="How many kiosks.")] = 10,
    stores: Annotated[int, typer.Option(min=1, help="In how many stores.")] = 2,
    tenant: Annotated[str, typer.Option(help="The tenant in the topics.")] = "naermat",
    speed: Annotated[float, typer.Option(help="How much faster than life a day goes.")] = 1.0,
    seconds: Annotated[float, typer.Option(help="End after so long; 0 runs until Ctrl-C.")] = 0.0,
    power_cuts: Annotated[
        float, typer.Option(help="How many stores lose their power in an hour.")
    ] = 0.0,
    storm_every: Annotated[
        float, typer.Option(help="Cut everybody off every so many seconds, and back; 0 never.")
    ] = 0.0,
    seed: Annotated[int, typer.Option(help="The same seed gives the same day.")] = 1,
    config: ConfigFile = None,
) -> None:
    """Play many kiosks against the broker: a store's day, calls for help, power cuts, storms.

    They speak as real ones do, answer commands, and keep their rows until the broker has them. The
    broker must let this certificate stand for any kiosk (never so in a real store).
    """
    from kiosk.fleet.simulate.running import Plan, run_simulation

    plan = Plan(
        kiosks=kiosks,
        stores=stores,
        tenant=tenant,
        speed=speed,
        seconds=seconds,
        power_cuts_an_hour=power_cuts,
        storm_every_s=storm_every,
        seed=seed,
    )
    raise typer.Exit(run_simulation(_config(config), plan))


@user_app.command("add")
def user_add(
    name: Annotated[str, typer.Argument(help="To sign in with: small letters, digits, . _ -")],
    role: Annotated[Role, typer.Option(help="viewer, attendant, operator or admin.")],
    display_name: Annotated[str, typer.Option(help="As shoppers read it; else the name.")] = "",
    store: Annotated[
        list[str] | None, typer.Option(help="tenant/store; again for more. All when left out.")
    ] = None,
    of_age: Annotated[
        bool, typer.Option("--of-age", help="18 or older: may approve age checks.")
    ] = False,
    config: ConfigFile = None,
) -> None:
    """Add somebody; the password is asked for, twice, and at least 10 characters long."""
    from pydantic import ValidationError

    from kiosk.fleet.access.people import UserExists
    from kiosk.fleet.api.types import NewUser

    if role is Role.ATTENDANT and not store:
        raise _stop("an attendant needs at least one store: --store tenant/store")
    password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    try:
        new = NewUser(
            name=name,
            display_name=display_name or name,
            role=role,
            stores=store or [],
            of_age=of_age,
            password=password,
        )
        user = _people(config).add(new)
    except ValidationError as error:
        first = error.errors()[0]
        raise _stop(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    except (UserExists, ValueError) as error:
        raise _stop(str(error)) from error
    typer.echo(f"{user.name} may sign in as {user.role.value}.")


@user_app.command("list")
def user_list(config: ConfigFile = None) -> None:
    """List everybody."""
    for user in _people(config).all():
        stores = ", ".join(user.stores) or "all stores"
        state = "" if user.active else ", not active"
        typer.echo(f"{user.name:20} {user.role.value:10} {stores}{state}")


@user_app.command("password")
def user_password(name: str, config: ConfigFile = None) -> None:
    """Give somebody a new password and end their sessions."""
    from kiosk.fleet.access.people import NoSuchUser
    from kiosk.fleet.api.types import UserChange

    password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    try:
        _people(config).change(name, UserChange(password=password))
    except NoSuchUser as error:
        raise _stop(f"nobody is called {name}") from error
    except ValueError as error:
        raise _stop("a password has 10 to 200 characters") from error


def _people(path: Path | None) -> "People":
    from kiosk.fleet.access.people import People
    from kiosk.fleet.store.database import Database
    from kiosk.fleet.times import utc_now

    config = _config(path)
    Path(config.data_dir).mkdir(mode=0o700, parents=True, exist_ok=True)
    database = Database(config.database_url)
    database.migrate()
    return People(database, utc_now)


def _config(path: Path | None) -> "FleetConfig":
    from kiosk.fleet.config import ConfigError, load

    try:
        return load(path)
    except ConfigError as error:
        raise _stop(str(error)) from error


def _stop(words: str) -> typer.Exit:
    typer.echo(words, err=True)
    return typer.Exit(1)
