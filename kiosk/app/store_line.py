"""The line to the store's server, as the configuration names it."""

from kiosk.app.config import Config
from kiosk.app.trust import TelemetryRefused, endpoint_of
from kiosk.telemetry.store_line import TIMEOUT_S, StoreLine, StoreSilent


def line_to_store(config: Config, *, timeout_s: float = TIMEOUT_S) -> StoreLine:
    """Return this kiosk's line, which opens nothing yet.

    Raises:
        StoreSilent: no server is named, or the kiosk's certificate cannot be used.
    """
    section = config.telemetry
    if section is None or not section.server:
        raise StoreSilent("[telemetry] server names no server")
    try:
        endpoint = endpoint_of(section)
    except TelemetryRefused as error:
        raise StoreSilent(str(error)) from error
    return StoreLine(section.server, endpoint, timeout_s=timeout_s)
