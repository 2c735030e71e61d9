"""`kiosk enrol` and `kiosk renew`, at a terminal and for the timer."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import typer
from cryptography import x509

from kiosk.app.config import Config, ConfigError, load
from kiosk.app.enrol.asking import EnrolFailed, Server, clock_warning, enrol, renew
from kiosk.app.enrol.keeping import Keeping, note_in
from kiosk.app.enrol.trying import BrokerAway, BrokerRefuses, try_broker
from kiosk.telemetry.enrolment import BadCode, EnrolCode, Welcome
from kiosk.telemetry.pairs import fit_together, is_due, new_key, write_whole

Now = Callable[[], datetime]


def utc_now() -> datetime:
    """Return the machine's time."""
    return datetime.now(UTC)


def run_enrol(
    path: Path, server: str, code: str, pki: Path, kiosk: str = "", now: Now = utc_now
) -> int:
    """Let this kiosk in; returns the exit code."""
    try:
        config = _config(path)
        address = Server.parse(server)
        known = EnrolCode.parse(code or typer.prompt("The code, as the server showed it"))
        keeping = Keeping(pki)
        key = keeping.key_to_ask_with()
        welcome = enrol(address, known, kiosk or _name_of(config), key, now)
        keeping.keep(welcome, key, address)
    except BadCode as error:
        typer.echo(f"That is no code: {error}.", err=True)
        return 1
    except (EnrolFailed, ConfigError, OSError) as error:
        typer.echo(f"Not let in. {error}", err=True)
        return 1
    name = f"{welcome.tenant}/{welcome.store}/{welcome.kiosk}"
    typer.echo(f"This kiosk is {name}; its certificate is in {pki}.")
    return _settle(path, config, keeping, welcome, now)


def _settle(path: Path, config: Config | None, keeping: Keeping, welcome: Welcome, now: Now) -> int:
    """Tell the configuration, and try the broker."""
    section = keeping.section(welcome)
    if config is None:
        typer.echo(f"{path} is not there yet: kiosk setup, then kiosk enrol with a new code.")
    else:
        try:
            typer.echo(note_in(path, config, section))
        except EnrolFailed as error:
            typer.echo(str(error), err=True)
            return 1
    if words := clock_warning(welcome, now()):
        typer.echo(words, err=True)
    host, port = welcome.broker_host, welcome.broker_port
    try:
        try_broker(host, port, keeping.authority, *keeping.pair)
    except (BrokerRefuses, BrokerAway) as error:
        typer.echo(f"The certificate is here, but {error}.", err=True)
        return 1
    typer.echo(f"The broker at {host}:{port} lets it in. Restart the kiosk: it reports from then.")
    return 0


def run_renew(pki: Path, *, at_once: bool = False, now: Now = utc_now) -> int:
    """Renew the certificate when it is due; returns the exit code. For the timer."""
    keeping = Keeping(pki)
    try:
        typer.echo(_renewed(keeping, at_once=at_once, now=now))
    except (EnrolFailed, BrokerRefuses, OSError, ValueError) as error:
        typer.echo(f"Not renewed, the old one stands. {error}", err=True)
        return 1
    return 0


def _renewed(keeping: Keeping, *, at_once: bool, now: Now) -> str:
    server = keeping.server()
    certificate = x509.load_pem_x509_certificate(keeping.pair[0].read_bytes())
    ends = certificate.not_valid_after_utc
    if not fit_together(*keeping.pair):
        raise EnrolFailed(f"{keeping.pair[0]} and its key do not fit: sudo kiosk enrol")
    if ends <= now():
        raise EnrolFailed(f"It ended at {ends:%Y-%m-%d %H:%M} UTC: sudo kiosk enrol, with a code.")
    if not at_once and not is_due(certificate, now()):
        return f"The certificate is good until {ends:%Y-%m-%d}; nothing is due."
    key = new_key()
    welcome = renew(server, keeping.authority, keeping.pair, key, now)
    words = _tried(keeping, welcome, key)
    keeping.switch(welcome, key)
    new = x509.load_pem_x509_certificate(welcome.certificate.encode())
    return f"A new certificate, good until {new.not_valid_after_utc:%Y-%m-%d}. {words}"


def _tried(keeping: Keeping, welcome: Welcome, key: bytes) -> str:
    """Show the new pair to the broker before it is the one in use.

    Raises:
        BrokerRefuses: it does not take it. A broker that is away says nothing against it.
    """
    with TemporaryDirectory() as scratch:
        certificate, key_file = Path(scratch) / "new.pem", Path(scratch) / "new.key"
        write_whole(certificate, welcome.certificate.encode(), 0o600)
        write_whole(key_file, key, 0o600)
        host, port = welcome.broker_host, welcome.broker_port
        try:
            try_broker(host, port, keeping.authority, certificate, key_file)
        except BrokerAway as error:
            return f"Not tried: {error}."
    return "The broker takes it."


def _config(path: Path) -> Config | None:
    return load(path) if path.exists() else None


def _name_of(config: Config | None) -> str:
    """Return who this kiosk is by its own file; "" before there is one."""
    if config is None:
        return ""
    if config.telemetry is not None:
        return config.telemetry.address(config.kiosk.id).kiosk
    return config.kiosk.id.lower()
