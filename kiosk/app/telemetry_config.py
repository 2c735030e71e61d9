"""The section [telemetry]: where the store's broker is, and who this kiosk is there."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from kiosk.telemetry.topics import Address, BadTopic


@dataclass(frozen=True, slots=True, kw_only=True)
class TelemetrySection:
    """Reports to the store, and orders from it. Without the section there are none."""

    tenant: str
    """The chain, and below the store: ids of 1 to 40 of a-z, 0-9 and "-"."""
    store: str
    kiosk: str = ""
    """This kiosk in its store; by default the register's id in small letters."""
    host: str
    port: int = 8883
    ca: Path
    """Whom the broker's certificate must come from; PEM."""
    certificate: Path
    """Ours, in the name of "tenant/store/kiosk"; PEM. A renewed one is taken up by itself."""
    key: Path
    """Its private key; PEM, readable by the kiosk alone (0600)."""
    fleet_keys: tuple[Path, ...] = ()
    """Public keys whose orders and announcements are believed; PEM, Ed25519. None: nobody's are."""
    server: str = ""
    """The store's server for what goes over HTTPS, e.g. "https://flate.naermat.no": a journal that
    is kept and given back, and receipts of the store's other kiosks. It is asked before a kiosk
    with an empty disk begins at receipt number 1."""
    shelf: bool = False
    """Whether the fleet keeps the store's shelf: what is set aside at one kiosk may go on at any.
    Needs `fleet_keys`, and stands instead of [staff] shelf."""
    orders_only_here: tuple[str, ...] = ()
    """Orders that are taken from nobody who is elsewhere: pause, open, close, void_line,
    void_sale, close_day."""

    def address(self, kiosk_id: str) -> Address:
        """Return who this kiosk is on the wire.

        Raises:
            BadTopic: an id that cannot stand in a topic.
        """
        return Address(self.tenant, self.store, self.kiosk or kiosk_id.lower())


def check(section: TelemetrySection, kiosk_id: str, wrong: Callable[[str, str], None]) -> None:
    """Tell what is wrong with the section beyond the kinds of its values."""
    try:
        section.address(kiosk_id)
    except BadTopic as error:
        wrong("telemetry.kiosk", f"{error}.")
    if section.shelf and not section.fleet_keys:
        wrong("telemetry.shelf", "needs fleet_keys: what the store answers is signed.")
    here = ("https://", "http://127.0.0.1:", "http://localhost:")
    if section.server and not section.server.startswith(here):
        wrong("telemetry.server", f'{section.server!r} is not safe. Expected "https://...".')
    if not 0 < section.port < 65536:
        wrong("telemetry.port", f"{section.port} is no port. Expected 8883 or another.")
