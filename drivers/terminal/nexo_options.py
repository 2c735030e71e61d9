"""What the configuration says about one nexo terminal, checked as a whole."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from drivers.errors import DeviceConfigError
from drivers.terminal.nexo_crypto import NexoKey
from drivers.terminal.nexo_dialog import Dialog, Ends
from drivers.terminal.nexo_http import Wire
from drivers.terminal.nexo_resolve import Patience
from drivers.terminal.nexo_sealed import SealedJson
from drivers.terminal.nexo_session import Diagnosed, Session
from drivers.terminal.nexo_tls import expected_name, make_context, read_passphrase

PROCESSING_LIMIT_S = 130.0
"""A terminal may work on a payment for 120 s; whoever stops listening sooner asks for trouble."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommonOptions:
    """What a terminal of either dialect is told; times in seconds."""

    name: str
    url: str
    """https://ADDRESS:8443/nexo, or http://ADDRESS:11000/EPASSaleToPOI/3.1 for nexo-xml."""
    poi_id: str
    """The terminal: model and serial number ("S1F2-000158213606123"), or the name that the
    acquirer's terminal management knows it by."""
    sale_id: str
    """This kiosk; two kiosks never share one."""
    environment: Literal["live", "test"] = "live"
    """A live kiosk refuses test terminals, plain http and short time-outs."""
    listen: str = ""
    """ADDRESS:PORT for the terminal's display notifications; empty for none."""
    listen_cert_file: str = ""
    """Certificate and key in one PEM, for HTTPS on `listen`."""
    request_timeout_s: float = PROCESSING_LIMIT_S
    abort_grace_s: float = 10.0
    """How long an aborted payment may take to answer before the terminal is asked."""
    health_interval_s: float = 30.0
    health_timeout_s: float = 5.0
    status_wait_s: float = 2.0
    status_wait_max_s: float = 5.0
    status_timeout_s: float = 10.0
    settle_s: float = 5.0
    """How long NotFound must stand, with the terminal idle, before it is believed."""
    silence_s: float = 60.0
    """After this long without a believable answer the attempt is UNKNOWN."""
    resolve_s: float = 300.0
    """After this long it is UNKNOWN even when the terminal still says that it is at work."""

    busy_wait_s: float = 0.0
    """How long a payment that meets a busy terminal is tried again; 0: asked about instead."""
    busy_pause_s: float = 1.0

    def __post_init__(self) -> None:
        mistakes = self.mistakes()
        if mistakes:
            raise DeviceConfigError(f"terminal {self.name!r}: {'; '.join(mistakes)}")

    def mistakes(self) -> list[str]:
        """Return what is wrong with these options, one sentence each."""
        mistakes = []
        if not self.poi_id or not self.sale_id:
            mistakes.append("poi_id and sale_id must not be empty")
        if self.environment == "live" and self.request_timeout_s < PROCESSING_LIMIT_S:
            mistakes.append(f"request_timeout_s must be at least {PROCESSING_LIMIT_S:.0f}")
        return mistakes

    def dialog(self) -> Dialog:
        """Return the conversation; no connection is made yet."""
        raise NotImplementedError

    def session(self, dialog: Dialog) -> Session:
        """Return what stands between the terminal and a payment."""
        return Diagnosed(dialog)

    def ends(self) -> Ends:
        """Return who talks to whom."""
        return Ends(sale_id=self.sale_id, poi_id=self.poi_id)

    def patience(self) -> Patience:
        """Return how lost answers are asked for."""
        return Patience(
            first_wait_s=self.status_wait_s,
            longest_wait_s=self.status_wait_max_s,
            settle_s=self.settle_s,
            silence_s=self.silence_s,
            total_s=self.resolve_s,
            question_timeout_s=self.status_timeout_s,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NexoOptions(CommonOptions):
    """Options of one terminal of the JSON dialect. Secrets are files, never text in here."""

    key_identifier: str
    passphrase_file: str
    """A path (mode 0600), or "credential:NAME" for a systemd credential."""
    key_version: int = 1
    ca_file: str = ""

    def mistakes(self) -> list[str]:
        """Return what is wrong with these options, one sentence each."""
        mistakes = CommonOptions.mistakes(self)
        if urlsplit(self.url).scheme == "https" and not self.ca_file:
            mistakes.append("ca_file is missing: which root signed the terminals' certificates?")
        if self.environment == "live" and urlsplit(self.url).scheme != "https":
            mistakes.append("url must be https://")
        return mistakes

    def dialog(self) -> Dialog:
        """Read the secrets and return the conversation; no connection is made yet."""
        secure = urlsplit(self.url).scheme == "https"
        wire = Wire(
            self.url,
            context=make_context(Path(self.ca_file)) if secure else None,
            certificate_name=expected_name(self.poi_id, self.environment) if secure else None,
        )
        key = NexoKey.derive(
            read_passphrase(self.passphrase_file),
            identifier=self.key_identifier,
            version=self.key_version,
        )
        return Dialog(wire=wire, codec=SealedJson(key), ends=self.ends())
