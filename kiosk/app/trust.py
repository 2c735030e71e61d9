"""The files that a kiosk's reports need: where the broker is, and whose orders are believed."""

import logging

from kiosk.app.telemetry_config import TelemetrySection
from kiosk.telemetry.link import Endpoint
from kiosk.telemetry.signing import BadKey, Trust, load_public

logger = logging.getLogger(__name__)


class TelemetryRefused(Exception):
    """Reports cannot be made. The message says which file, and what is wrong with it."""


def endpoint_of(section: TelemetrySection) -> Endpoint:
    """Return where the broker is, once its files have been looked at.

    Raises:
        TelemetryRefused: one cannot be read, or the key can be read by others.
    """
    for path in (section.ca, section.certificate, section.key):
        if not path.is_file():
            raise TelemetryRefused(f"{path} is not there. `kiosk fleet authority issue` makes it.")
    mode = section.key.stat().st_mode & 0o777
    if mode & 0o077:
        raise TelemetryRefused(
            f"The key {section.key} is open to others (mode {mode:o}). Whoever has it can speak "
            f"for this kiosk: chmod 600 {section.key}, or better: issue a new certificate."
        )
    return Endpoint(
        host=section.host,
        port=section.port,
        ca=section.ca,
        certificate=section.certificate,
        key=section.key,
    )


def trust_of(section: TelemetrySection) -> Trust:
    """Return whose orders are believed.

    Raises:
        TelemetryRefused: a file holds no public key.
    """
    if not section.fleet_keys:
        logger.warning("telemetry: no fleet_keys, so no order is believed")
    try:
        return Trust(load_public(path.read_bytes(), str(path)) for path in section.fleet_keys)
    except (OSError, BadKey) as error:
        raise TelemetryRefused(str(error)) from error
