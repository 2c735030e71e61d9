"""The fleet server's one configuration file, TOML; every name has a default that works in a store.

Secrets (the mail password) come from files, as systemd's credentials are, never from this one.
"""

from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from msgspec import Meta

from kiosk.fleet.broker import BrokerConfig

Port = Annotated[int, Meta(ge=0, le=65535)]
Days = Annotated[int, Meta(ge=1, le=36_500)]


class ConfigError(Exception):
    """The file cannot be used. The message says which, where and what is expected."""


class Strict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the file: an unknown name is a slip of the pen."""


class Http(Strict, frozen=True, kw_only=True):
    """Where browsers and kiosks ask."""

    host: str = "127.0.0.1"
    port: Port = 8790
    certificate: str = ""
    """PEM; without it plain HTTP, for one machine or behind a proxy that speaks TLS."""
    key: str = ""
    public_url: str = ""
    """As kiosks reach it, for the links in announcements; made of host and port when empty."""
    proxies: list[str] = []
    """Addresses of proxies whose word on who asks, and whether by TLS, is taken (X-Forwarded-For
    and -Proto). Without them all who come through a proxy share its address and its limits."""
    metrics_from: tuple[str, ...] = ("127.0.0.1", "::1")
    """Addresses that may read /metrics; everybody else is answered 404."""


class Broker(Strict, frozen=True, kw_only=True):
    """Where the broker is, and who we are there."""

    host: str = "127.0.0.1"
    port: Port = 8884
    ca: str = ""
    """Whose certificates the broker shows, and kiosks that ask this server."""
    revoked: str = ""
    """The authority's list of certificates that were struck off (`crl.pem`)."""
    certificate: str = ""
    key: str = ""

    def made(self) -> BrokerConfig:
        """Return it as clients take it."""
        ca, certificate, key = (
            Path(p) if p else None for p in (self.ca, self.certificate, self.key)
        )
        return BrokerConfig(self.host, self.port, ca, certificate, key)


class Enrolment(Strict, frozen=True, kw_only=True):
    """Where new kiosks come with their code, and all for their next certificate."""

    host: str = "127.0.0.1"
    port: Port = 8791
    names: list[str] = []
    """Host names and addresses by which kiosks call this machine; they stand in its certificate."""
    folder: str = "/var/lib/selvkasse-authority"
    """The authority's, with its key. Only `kiosk fleet enrolment` reads it, never the server."""
    broker_host: str = ""
    """As kiosks reach the broker; the first of `names` when empty."""
    broker_port: Port = 8883
    fleet_keys: list[str] = []
    """Public keys of orders, for kiosks; `commands.pub` in `data_dir` when empty."""
    kiosk_days: Annotated[int, Meta(ge=1, le=825)] = 180
    """How long a kiosk's certificate lives; it asks for the next when two thirds are over."""
    told: str = ""
    """Where it leaves what goes into the audit log; `told` in `data_dir` when empty."""


class Retention(Strict, frozen=True, kw_only=True):
    """How many days things are kept. The kiosks' own journals keep everything, by law."""

    events_days: Days = 100
    """Rows of journals one by one, for lists and receipts; then they are put by, packed."""
    journals_days: Days = 2_200
    """Rows put by, of which a journal can be made anew: five years after the year's end."""
    facts_days: Days = 800
    """Sales, payments and interventions, from which the charts are made."""
    health_days: Days = 90
    alerts_days: Days = 400
    commands_days: Days = 400
    audit_days: Days = 1900
    attachments_hours: Annotated[int, Meta(ge=1, le=8760)] = 24
    """Screens and logs that were asked for."""


class Limits(Strict, frozen=True, kw_only=True):
    """When reports become alerts."""

    offline_s: Annotated[int, Meta(ge=30)] = 120
    disk_free_percent: Annotated[int, Meta(ge=0, le=100)] = 10
    clock_offset_ms: Annotated[int, Meta(ge=100)] = 5000
    certificate_days: Annotated[int, Meta(ge=0)] = 30
    temperature_c: float = 75.0
    journal_verified_hours: Annotated[int, Meta(ge=1)] = 49
    waiting_s: Annotated[int, Meta(ge=5)] = 180
    declines_least: Annotated[int, Meta(ge=2)] = 5
    """Declined payments of the last hour, at least, before a share of them means anything."""
    store_share_percent: Annotated[int, Meta(ge=1, le=100)] = 60
    """So many of a store's kiosks (two at least) away at once are one alert of the store."""


class Mail(Strict, frozen=True, kw_only=True):
    """Alerts by e-mail; none without a host."""

    host: str = ""
    port: Port = 587
    starttls: bool = True
    user: str = ""
    password_file: str = ""
    sender: str = "selvkasse@localhost"
    recipients: list[str] = []


class FleetConfig(Strict, frozen=True, kw_only=True):
    """All of the file."""

    database: str = ""
    """SQLAlchemy's URL; empty is `fleet.sqlite` in `data_dir`."""
    data_dir: str = "/var/lib/selvkasse-fleet"
    signing_key: str = ""
    """Ed25519 PEM that signs commands and announcements; made in `data_dir` when empty."""
    timezone: str = "Europe/Oslo"
    """Of "today" in figures and charts."""
    session_hours: Annotated[int, Meta(ge=1, le=720)] = 12
    ingest_workers: Annotated[int, Meta(ge=0, le=16)] = 1
    """In the server itself; 0 where `kiosk fleet ingest` runs beside it."""
    http: Http = Http()
    broker: Broker = Broker()
    enrolment: Enrolment = Enrolment()
    retention: Retention = Retention()
    limits: Limits = Limits()
    mail: Mail = Mail()
    webhooks: list[str] = []
    """URLs that get each alert as JSON."""

    @property
    def database_url(self) -> str:
        """Where the database is."""
        return self.database or f"sqlite:///{Path(self.data_dir).absolute() / 'fleet.sqlite'}"

    @property
    def told_folder(self) -> Path:
        """Where the authority leaves what the audit log is to have."""
        return Path(self.enrolment.told or Path(self.data_dir) / "told")

    @property
    def public_url(self) -> str:
        """How kiosks reach this server."""
        scheme = "https" if self.http.certificate else "http"
        return self.http.public_url.rstrip("/") or f"{scheme}://{self.http.host}:{self.http.port}"

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of "today"."""
        return ZoneInfo(self.timezone)


def load(path: Path | None) -> FleetConfig:
    """Read the file; without one everything is as by default.

    Raises:
        ConfigError: it cannot be read, or something in it is not as expected.
    """
    if path is None:
        return FleetConfig()
    try:
        config = msgspec.toml.decode(path.read_bytes(), type=FleetConfig)
        ZoneInfo(config.timezone)
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}. Name the file with --config.") from error
    except (msgspec.MsgspecError, ValueError, ZoneInfoNotFoundError) as error:
        raise ConfigError(f"{path}: {error}") from error
    return config
