"""Whether the broker lets a certificate in, without disturbing a kiosk that is connected.

Only the handshake of TLS: a real connection in the kiosk's name would push the running one out and
take the orders that wait for it. TLS 1.2 on purpose, for there the handshake ends only when the
other side has looked at our certificate and at its list of revoked ones.
"""

import socket
import ssl
from pathlib import Path
from typing import Final

TIMEOUT_S: Final = 20.0


class BrokerRefuses(Exception):
    """It is there, and does not take this certificate; or it is not whom we trust."""


class BrokerAway(Exception):
    """It cannot be reached, so nobody knows."""


def try_broker(host: str, port: int, authority: Path, certificate: Path, key: Path) -> None:
    """Shake hands with the broker.

    Raises:
        BrokerRefuses, BrokerAway: with its reason.
    """
    context = ssl.create_default_context(cafile=str(authority))
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificate, key)
    try:
        with socket.create_connection((host, port), TIMEOUT_S) as plain:
            plain.settimeout(TIMEOUT_S)
            with context.wrap_socket(plain, server_hostname=host):
                return
    except ssl.SSLCertVerificationError as error:
        raise BrokerRefuses(f"the broker at {host}:{port}: {error.verify_message}") from error
    except ssl.SSLError as error:
        words = f"the broker at {host}:{port} refuses this certificate ({error.reason})"
        raise BrokerRefuses(words) from error
    except ConnectionResetError as error:
        raise BrokerRefuses(f"the broker at {host}:{port} hangs up") from error
    except OSError as error:
        raise BrokerAway(f"the broker at {host}:{port} cannot be reached: {error}") from error
