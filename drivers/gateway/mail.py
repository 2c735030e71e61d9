"""Mail over SMTP, encrypted from the first word that matters: to a person, or to SMS.

Reference:
    RFC 5321 (SMTP); RFC 3207 (STARTTLS); RFC 4954 (AUTH).
"""

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from pathlib import Path

from drivers.errors import DeviceConfigError
from drivers.gateway.sender import Refused, Unreached
from drivers.secret_files import read_secret

NUMBER = "{number}"
"""In `to`: the provider that lives there makes an SMS of the mail."""
ADDRESS = "{address}"
"""As `to`: the mail goes to the address that was typed."""
NO_SUCH_BOX = (550, 551, 553)
"""RFC 5321, section 4.2.3: the address itself is refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailOptions:
    """Which server, and how a number becomes an address."""

    host: str
    to: str
    """"{number}@sms.example.no", where the number is "4791234567"; or "{address}" alone."""
    sender: str
    """The shop's own address."""
    subject: str
    user: str
    key: str
    """Secret file or `credential:NAME` with the password."""
    port: int = 587
    ca: Path | None = None
    """Who vouches for the server, where the system's own list does not."""
    timeout_s: float = 10.0


class MailRoute:
    """One connection for each message. Without STARTTLS neither password nor text is said."""

    def __init__(self, options: MailOptions) -> None:
        """Read the password.

        Raises:
            DeviceConfigError: another `to`, or files that cannot be used.
        """
        is_way = options.to == ADDRESS or (NUMBER in options.to and "@" in options.to)
        if not is_way or "@" not in options.sender:
            raise DeviceConfigError(
                'gateway: expected to = "{number}@..." and an address as the sender'
            )
        self._options = options
        try:
            self._password = read_secret(options.key, "gateway key").decode().strip()
            self._tls = ssl.create_default_context(cafile=options.ca)
        except (OSError, UnicodeDecodeError) as error:
            raise DeviceConfigError(f"gateway: {type(error).__name__} in key or ca") from None
        self._closed = False

    def send(self, address: str, text: str) -> None:
        """Say it to the server once."""
        if self._closed:
            raise Unreached("stopped")
        try:
            self._say(address, text)
        except smtplib.SMTPRecipientsRefused as error:
            code = next(iter(error.recipients.values()))[0]
            if code in NO_SUCH_BOX:
                raise Refused from None
            raise Unreached(f"it answered {code}") from None
        except smtplib.SMTPResponseException as error:
            # Its text may quote the address.
            raise Unreached(f"it answered {error.smtp_code}") from None
        except (smtplib.SMTPException, OSError, ValueError) as error:
            raise Unreached(f"no answer: {type(error).__name__}") from None

    def hang_up(self) -> None:
        """Begin no more; what is under way ends by its time-out, in a thread that holds nobody."""
        self._closed = True

    def _say(self, address: str, text: str) -> None:
        options = self._options
        mail = EmailMessage()
        to = options.to.replace(NUMBER, address).replace(ADDRESS, address)
        mail["From"], mail["To"] = options.sender, to
        mail["Subject"], mail["Date"] = options.subject, formatdate()
        mail["Message-ID"] = make_msgid(domain=options.sender.rpartition("@")[2])
        mail.set_content(text)
        server = smtplib.SMTP(options.host, options.port, timeout=options.timeout_s)
        try:
            server.starttls(context=self._tls)
            server.login(options.user, self._password)
            if not to.isascii() and not server.has_extn("smtputf8"):
                raise Refused  # letters before the @ that this server cannot write
            server.send_message(mail)
        finally:
            # Taken over is taken over: a farewell that goes wrong changes nothing.
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
            server.close()
