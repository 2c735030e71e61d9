"""Who may be the terminal: the pinned root, the name on its certificate, and where secrets lie.

A terminal is reached by address, so its certificate cannot carry the host's name. It carries
`<POIID>.<environment>.terminal.adyen.com` instead; the chain is verified against the one root that
the configuration names, and the common name against the terminal we expect.
Source: docs.adyen.com, "Protect local communications".
"""

import os
import ssl
import stat
from pathlib import Path
from typing import Any, Literal

from drivers.errors import DeviceConfigError, DeviceLost

Environment = Literal["live", "test"]
CREDENTIAL_PREFIX = "credential:"
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
    path = _credential(source) if source.startswith(CREDENTIAL_PREFIX) else Path(source)
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno())
            data = file.read(SECRET_BYTES_MAX + 1)
    except OSError as error:
        raise DeviceConfigError(f"terminal passphrase {path}: {error.strerror}") from error
    if mode.st_uid not in (0, os.geteuid()) or stat.S_IMODE(mode.st_mode) & 0o077:
        raise DeviceConfigError(
            f"terminal passphrase {path}: others can read it; chmod 0600 and own it"
        )
    if len(data) > SECRET_BYTES_MAX or not data.strip():
        raise DeviceConfigError(f"terminal passphrase {path}: empty or too long")
    try:
        return data.decode("ascii").removesuffix("\n")
    except UnicodeDecodeError as error:
        raise DeviceConfigError(f"terminal passphrase {path}: must be ASCII") from error


def _credential(source: str) -> Path:
    directory = os.environ.get("CREDENTIALS_DIRECTORY", "")
    name = source.removeprefix(CREDENTIAL_PREFIX)
    if not directory or "/" in name:
        raise DeviceConfigError(
            f"terminal passphrase {source}: systemd gave no CREDENTIALS_DIRECTORY; "
            "expected LoadCredential= in the unit, or a path"
        )
    return Path(directory) / name
