"""Who may be the terminal: the pinned root, the name on its certificate, and where secrets lie.

A terminal is reached by address, so its certificate cannot carry the host's name. It carries
`<POIID>.<environment>.terminal.adyen.com` instead; the chain is verified against the one root that
the configuration names, and the common name against the terminal we expect.
Source: docs.adyen.com, "Protect local communications".
"""

import ssl
from pathlib import Path
from typing import Any, Literal

from drivers.errors import DeviceConfigError, DeviceLost
from drivers.secret_files import read_secret

Environment = Literal["live", "test"]
SECRET_BYTES_MAX = 1024


class UntrustedTerminal(DeviceLost):
    """Whoever answers at the terminal's address is not the terminal.

    Example scenarios: a rogue device on the shop's network; another till's terminal; a test
    terminal beside a live till.
    """


def expected_name(poi_id: str, environment: Environment) -> str:
    """Return the common name that this terminal's certificate has."""
    return f"{poi_id}.{environment}.terminal.adyen.com"


def make_context(ca_file: Path) -> ssl.SSLContext:
    """Return a context that trusts the one root in `ca_file` and no other.

    Raises:
        DeviceConfigError: if the file is missing or no certificate.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    # The name is checked by check_name: it is on the certificate but not that of the address.
    context.check_hostname = False
    context.verify_mode = ssl.CERT_REQUIRED
    try:
        context.load_verify_locations(cafile=str(ca_file))
    except (OSError, ssl.SSLError) as error:
        raise DeviceConfigError(
            f"terminal ca_file {ca_file}: expected the root certificate of the terminals in PEM"
        ) from error
    return context


def check_name(certificate: dict[str, Any] | None, name: str) -> None:
    """Compare the common name of a verified certificate (as `getpeercert` has it).

    Raises:
        UntrustedTerminal: if it is another one, or there is none.
    """
    subject = (certificate or {}).get("subject", ())
    names = [value for part in subject for key, value in part if key == "commonName"]
    if names != [name]:
        raise UntrustedTerminal(f"terminal certificate is for {names}, expected {name!r}")


def read_passphrase(source: str) -> str:
    """Read the passphrase from a file that nobody else can read, never from configuration text.

    `source` is a path, or `credential:NAME` for a systemd credential. One newline at the end goes.

    Raises:
        DeviceConfigError: if it is missing, empty, too long, or readable by group or others.
    """
    data = read_secret(source, "terminal passphrase", bytes_max=SECRET_BYTES_MAX)
    try:
        return data.decode("ascii").removesuffix("\n")
    except UnicodeDecodeError as error:
        raise DeviceConfigError(f"terminal passphrase {source}: must be ASCII") from error
