"""Secrets lie in files that nobody else can read, never in the configuration.

A source is a path, or `credential:NAME` for a systemd credential (LoadCredential= in the unit).
"""

import os
import stat
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

from drivers.errors import DeviceConfigError

CREDENTIAL_PREFIX = "credential:"
SECRET_BYTES_MAX = 16 * 1024


def read_secret(source: str, what: str, *, bytes_max: int = SECRET_BYTES_MAX) -> bytes:
    """Return the whole content of a secret file; `what` names it in errors ("vipps keys").

    Raises:
        DeviceConfigError: if it is missing, empty, too long, or readable by group or others. No
            message ever has a part of the content.
    """
    path = _credential(source, what) if source.startswith(CREDENTIAL_PREFIX) else Path(source)
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno())
            data = file.read(bytes_max + 1)
    except OSError as error:
        raise DeviceConfigError(f"{what} {path}: {error.strerror}") from error
    if mode.st_uid not in (0, os.geteuid()) or stat.S_IMODE(mode.st_mode) & 0o077:
        raise DeviceConfigError(f"{what} {path}: others can read it; chmod 0600 and own it")
    if len(data) > bytes_max or not data.strip():
        raise DeviceConfigError(f"{what} {path}: empty or too long")
    return data


def read_keys(
    source: str, what: str, *, names: Iterable[str], environment: str
) -> Mapping[str, str]:
    """Return the named texts of a TOML file of keys, which must be for `environment`.

    The file says itself where its keys belong, so that keys of one world never meet the other:

        environment = "test"
        client_id = "..."

    Raises:
        DeviceConfigError: as `read_secret`; or it is not TOML, a name is missing, empty or
            unknown, or it is for another environment.
    """
    data = read_secret(source, what)
    try:
        given = tomllib.loads(data.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError):
        # Not chained: a decoder may quote what it could not read.
        raise DeviceConfigError(f'{what} {source}: expected lines of NAME = "VALUE"') from None
    wanted = {"environment", *names}
    bad = sorted(name for name, value in given.items() if not (isinstance(value, str) and value))
    if set(given) != wanted or bad:
        raise DeviceConfigError(
            f"{what} {source}: expected exactly {', '.join(sorted(wanted))}, each a text; "
            f"missing {sorted(wanted - set(given))}, unknown {len(set(given) - wanted)}, "
            f"empty or no text {sorted(wanted & set(bad))}"
        )
    if given["environment"] != environment:
        raise DeviceConfigError(
            f"{what} {source}: these keys are for the {given['environment'][:8]!r} environment, "
            f"this wallet is configured for {environment!r}"
        )
    return given


def _credential(source: str, what: str) -> Path:
    directory = os.environ.get("CREDENTIALS_DIRECTORY", "")
    name = source.removeprefix(CREDENTIAL_PREFIX)
    if not directory or "/" in name:
        raise DeviceConfigError(
            f"{what} {source}: systemd gave no CREDENTIALS_DIRECTORY; "
            "expected LoadCredential= in the unit, or a path"
        )
    return Path(directory) / name
