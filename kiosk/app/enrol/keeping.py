"""Where the kiosk keeps its certificate, and how its configuration comes to know."""

import json
from pathlib import Path
from typing import Final

from kiosk.app.config import Config, ConfigError
from kiosk.app.enrol.asking import EnrolFailed, Server
from kiosk.app.setup.asking import text_of, write
from kiosk.telemetry.enrolment import Welcome
from kiosk.telemetry.pairs import new_key, switch_pair, write_whole

STEM: Final = "kiosk"
ASKED: Final = "kiosk.key.asked"
"""The key of a request that was not answered yet: the same code gets the same certificate again."""
ENROLLED: Final = "enrolled.json"


class Keeping:
    """One kiosk's folder of certificates."""

    def __init__(self, pki: Path) -> None:
        self.pki = pki

    @property
    def authority(self) -> Path:
        """Whom broker and server must come from."""
        return self.pki / "ca.pem"

    @property
    def pair(self) -> tuple[Path, Path]:
        """The certificate, and its key."""
        return self.pki / f"{STEM}.pem", self.pki / f"{STEM}.key"

    def key_to_ask_with(self) -> bytes:
        """Return the key to ask for a certificate with, kept until there is an answer."""
        path = self.pki / ASKED
        self.pki.mkdir(mode=0o750, parents=True, exist_ok=True)
        if not path.exists():
            write_whole(path, new_key(), 0o600)
        return path.read_bytes()

    def keep(self, welcome: Welcome, key_pem: bytes, server: Server) -> None:
        """Put all that came in its place; the pair last, both halves at once."""
        write_whole(self.authority, welcome.authority.encode(), 0o644)
        for path, key in zip(self.fleet_keys(welcome), welcome.fleet_keys, strict=True):
            write_whole(path, key.encode(), 0o644)
        note = json.dumps({"server": server.url}).encode()
        write_whole(self.pki / ENROLLED, note, 0o644)
        self.switch(welcome, key_pem)

    def switch(self, welcome: Welcome, key_pem: bytes) -> None:
        """Make the new pair the one in use."""
        switch_pair(self.pki, STEM, welcome.certificate.encode(), key_pem)
        (self.pki / ASKED).unlink(missing_ok=True)

    def fleet_keys(self, welcome: Welcome) -> list[Path]:
        """Return where each public key of orders lies."""
        count = len(welcome.fleet_keys)
        return [self.pki / f"fleet{f'-{n + 1}' if n else ''}.pub" for n in range(count)]

    def server(self) -> Server:
        """Return who renews; EnrolFailed when nobody let this kiosk in."""
        try:
            return Server(str(json.loads((self.pki / ENROLLED).read_bytes())["server"]))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise EnrolFailed(
                f"{self.pki} does not say who renews ({error}). Let the kiosk in: kiosk enrol"
            ) from error

    def section(self, welcome: Welcome) -> dict[str, object]:
        """Return what the section [telemetry] must say."""
        return {
            "tenant": welcome.tenant,
            "store": welcome.store,
            "kiosk": welcome.kiosk,
            "host": welcome.broker_host,
            "port": welcome.broker_port,
            "ca": str(self.authority),
            "certificate": str(self.pair[0]),
            "key": str(self.pair[1]),
            "fleet_keys": [str(path) for path in self.fleet_keys(welcome)],
            **({"server": welcome.server} if welcome.server else {}),
        }


def note_in(path: Path, config: Config, section: dict[str, object]) -> str:
    """Write the section into the kiosk's file if it has none; return what is so now, in words.

    What a person wrote there is never changed.

    Raises:
        EnrolFailed: the file cannot be written, or would not be taken.
    """
    if config.telemetry is None:
        own = path.read_text("utf-8").rstrip("\n")
        table = text_of({"telemetry": section}).partition("\n")[2]
        try:
            write(path, f"{own}\n{table}")
        except (ConfigError, OSError) as error:
            raise EnrolFailed(f"{path} is as it was: {error}") from error
        return f"{path} has its section [telemetry]."
    there = config.telemetry
    is_now = {
        "tenant": there.tenant,
        "store": there.store,
        "kiosk": there.address(config.kiosk.id).kiosk,
        "host": there.host,
        "port": there.port,
        "ca": str(there.ca),
        "certificate": str(there.certificate),
        "key": str(there.key),
        "fleet_keys": [str(one) for one in there.fleet_keys],
        "server": there.server,
    }
    wrong = {name: value for name, value in section.items() if is_now[name] != value}
    if not wrong:
        return f"{path} says so already."
    wanted = text_of({"telemetry": wrong}).partition("\n")[2].strip()
    return f"{path} says otherwise. Change there:\n{wanted}"
