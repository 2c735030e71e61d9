"""`kiosk fleet authority ...`: certificates, and the codes by which kiosks get theirs."""

import getpass
import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from kiosk.fleet.authority import Authority
    from kiosk.fleet.config import FleetConfig

authority_app = typer.Typer(
    name="authority",
    no_args_is_help=True,
    help="The fleet's own certificate authority. Nothing that browsers reach may read its folder.",
)
FOLDER = Path("/var/lib/selvkasse-authority")
PKI = Path("/etc/selvkasse/pki")
CONFIG = Path("/etc/selvkasse/fleet.toml")
Folder = Annotated[Path, typer.Option("--folder", help="Where the authority's files are.")]
Published = Annotated[
    Path, typer.Option("--pki", help="Where broker and servers read theirs; nothing if not there.")
]
ConfigFile = Annotated[
    Path | None,
    typer.Option("--config", "-c", help="The server's TOML file.", envvar="KIOSK_FLEET_CONFIG"),
]


@authority_app.command("init")
def init(
    folder: Folder = FOLDER,
    name: Annotated[str, typer.Option(help="Whose authority it is.")] = "Selvkasse",
) -> None:
    """Make a new authority: ca.pem, crl.pem (give these to broker, server, kiosks) and ca.key."""
    from kiosk.fleet.authority import Authority, AuthorityError

    try:
        made = Authority.create(folder, name)
    except (AuthorityError, OSError) as error:
        raise _stop(str(error)) from error
    typer.echo(f"{made.ca_path}\n{made.crl_path}")


@authority_app.command("issue")
def issue(
    name: Annotated[
        str, typer.Argument(help="tenant/store/kiosk; or `broker`, `fleet`, tenant/store")
    ],
    host: Annotated[
        list[str] | None, typer.Option(help="Host name or address of a server; again for more.")
    ] = None,
    days: Annotated[int, typer.Option(min=1, max=3650)] = 397,
    out: Annotated[Path, typer.Option(help="Where the two files go.")] = Path(),
    folder: Folder = FOLDER,
) -> None:
    """Give out a certificate with its key. The same for a name again renews it.

    For a kiosk `enrol-code` is better: then its key never leaves it.
    """
    from kiosk.fleet.authority import AuthorityError
    from kiosk.telemetry.topics import Address, BadTopic

    authority = _authority(folder)
    try:
        if name.count("/") == 2:
            pair = authority.issue_kiosk(Address.parse(name), days)
        else:
            pair = authority.issue_server(name, host or (), days)
        paths = pair.write(out, name.replace("/", "_"))
    except (AuthorityError, BadTopic, OSError) as error:
        raise _stop(str(error)) from error
    typer.echo("\n".join(map(str, paths)))


@authority_app.command("enrol-code")
def enrol_code(
    kiosk: Annotated[str, typer.Option(help="The kiosk in its store, or tenant/store/kiosk.")],
    store: Annotated[str, typer.Option(help="tenant/store.")] = "",
    minutes: Annotated[int, typer.Option(min=5, max=10_080, help="How long it is good.")] = 60,
    folder: Folder = FOLDER,
    config: ConfigFile = None,
) -> None:
    """Make a one-time code with which one kiosk gets its certificate: `kiosk enrol` there.

    A code that was made for it before is over. It is in the audit log who made one.
    """
    from kiosk.fleet.enrolment.codes import CodeBook
    from kiosk.fleet.enrolment.told import Teller
    from kiosk.fleet.times import utc_now
    from kiosk.telemetry.topics import Address, BadTopic

    settings = _config(config)
    try:
        address = Address.parse(f"{store}/{kiosk}" if store else kiosk)
    except BadTopic as error:
        raise _stop(f"{error}. Say --store tenant/store --kiosk name.") from error
    authority, who = _authority(folder), os.environ.get("SUDO_USER") or getpass.getuser()
    life = timedelta(minutes=minutes)
    try:
        code = CodeBook(authority, utc_now).make(address, by=who, life=life)
    except OSError as error:
        raise _stop(str(error)) from error
    Teller(settings.told_folder, utc_now).tell(
        "enrol_code_made", str(address), actor=who, minutes=minutes
    )
    until = (datetime.now().astimezone() + life).strftime("%d.%m. %H:%M %Z")
    names = settings.enrolment.names or ["THIS-SERVER"]
    typer.echo(f"For {address}, until {until}, once:\n\n    {code}\n")
    typer.echo(
        f"On the kiosk: sudo kiosk enrol --server https://{names[0]}:{settings.enrolment.port}"
    )


@authority_app.command("revoke")
def revoke(name: str, folder: Folder = FOLDER, pki: Published = PKI) -> None:
    """Strike off a name's certificates. Where the broker runs here it lets go of them at once."""
    from kiosk.fleet.authority import AuthorityError
    from kiosk.fleet.enrolment.renewal import RESTART, publish, stamp
    from kiosk.fleet.times import utc_now

    authority = _authority(folder)
    try:
        count = authority.revoke(name)
        typer.echo(f"{count} struck off; {authority.crl_path} is new.")
        if pki.is_dir():
            publish(authority, pki)
            stamp(pki, RESTART, utc_now())
        else:
            typer.echo("Give crl.pem to the broker and restart it.")
    except (AuthorityError, OSError) as error:
        raise _stop(str(error)) from error


@authority_app.command("renew")
def renew(folder: Folder = FOLDER, pki: Published = PKI) -> None:
    """Renew what is due: the list of revoked certificates, and those of broker and servers here."""
    from kiosk.fleet.authority import AuthorityError
    from kiosk.fleet.enrolment.renewal import renew_due
    from kiosk.fleet.times import utc_now

    authority = _authority(folder)
    try:
        done = renew_due(authority, pki, utc_now())
    except (AuthorityError, OSError, ValueError) as error:
        raise _stop(str(error)) from error
    typer.echo(f"Renewed: {', '.join(done)}." if done else "Nothing is due.")


@authority_app.command("renew-crl")
def renew_crl(folder: Folder = FOLDER) -> None:
    """Write crl.pem anew; brokers refuse everybody when it is older than 30 days."""
    try:
        typer.echo(str(_authority(folder).renew_crl()))
    except OSError as error:
        raise _stop(str(error)) from error


def _authority(folder: Path) -> "Authority":
    from kiosk.fleet.authority import Authority, AuthorityError

    try:
        return Authority(folder)
    except AuthorityError as error:
        raise _stop(str(error)) from error


def _config(path: Path | None) -> "FleetConfig":
    from kiosk.fleet.config import ConfigError, load

    try:
        return load(path or (CONFIG if CONFIG.exists() else None))
    except ConfigError as error:
        raise _stop(str(error)) from error


def _stop(words: str) -> typer.Exit:
    typer.echo(words, err=True)
    return typer.Exit(1)
