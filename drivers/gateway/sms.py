"""A gateway for SMS over HTTPS, by the open form in README.md."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from drivers.errors import DeviceConfigError, DeviceError
from drivers.gateway.sender import Refused, Unreached
from drivers.secret_files import read_secret
from drivers.wallet.wire import LOOPBACK, Wire

ADDRESS_REFUSED = 422
SENDER_CHARS_MAX = 11
"""Of a name in place of a number, GSM 03.38 by 3GPP TS 23.040, section 9.1.2.5."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsOptions:
    """Where the gateway is."""

    url: str
    """Messages are posted to exactly this address."""
    sender: str
    """Who the SMS comes from: 3 to 11 letters and digits."""
    key: str
    """Secret file or `credential:NAME` with the bearer token."""
    timeout_s: float = 10.0


class SmsRoute:
    """Posts one JSON object for each message."""

    def __init__(self, options: SmsOptions) -> None:
        """Read the key.

        Raises:
            DeviceConfigError: an address without https (this computer excepted), a sender that
                is none, or a key that cannot be used.
        """
        parts = urlsplit(options.url)
        local = parts.scheme == "http" and parts.hostname in LOOPBACK
        if not parts.hostname or not (parts.scheme == "https" or local):
            raise DeviceConfigError(f'gateway: {options.url!r} is not safe. Expected "https://..."')
        if not (options.sender.isalnum() and 3 <= len(options.sender) <= SENDER_CHARS_MAX):
            raise DeviceConfigError(
                f"gateway: sender {options.sender!r} must be 3 to 11 letters and digits"
            )
        key = read_secret(options.key, "gateway key").strip()
        try:
            self._headers = {"Authorization": f"Bearer {key.decode('ascii')}"}
        except UnicodeDecodeError:
            raise DeviceConfigError("gateway key: expected ASCII") from None
        self._sender = options.sender
        self._path = parts.path + (f"?{parts.query}" if parts.query else "")
        self._wire = Wire(f"{parts.scheme}://{parts.netloc}", timeout_s=options.timeout_s)

    def send(self, number: str, text: str) -> None:
        """Post it once."""
        body = {"to": f"+{number}", "from": self._sender, "text": text}
        try:
            answer = self._wire.call("POST", self._path, headers=self._headers, body=body)
        except DeviceError as error:
            raise Unreached(f"no answer: {type(error).__name__}") from None
        if answer.status == ADDRESS_REFUSED:
            raise Refused
        if not answer.ok:
            raise Unreached(f"it answered {answer.status}")

    def hang_up(self) -> None:
        """Cut the connection."""
        self._wire.hang_up()
