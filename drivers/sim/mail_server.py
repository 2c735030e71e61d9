"""The far end of `drivers/gateway/mail.py`: a small SMTP server with STARTTLS and a password.

It keeps what it was told before the line was encrypted, so that a test can see that this was
nothing.
"""

import base64
import socketserver
import ssl
import threading
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path


class MailServerSim:
    """Listens at once, on this computer. `certificate` is a PEM file with the key in it."""

    def __init__(
        self,
        certificate: Path,
        *,
        user: str,
        password: str,
        starttls: bool = True,
        refuses: frozenset[str] = frozenset(),
    ) -> None:
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(certificate)
        self.login = base64.b64encode(f"\0{user}\0{password}".encode()).decode()
        self.starttls = starttls
        self.refuses = refuses
        self.mails: list[EmailMessage] = []
        self.in_the_clear: list[str] = []
        """Every line that came before the line was encrypted."""
        self._server = _Server(("127.0.0.1", 0), self)
        threading.Thread(
            target=self._server.serve_forever,
            kwargs={"poll_interval": 0.02},
            name="sim-mail",
            daemon=True,
        ).start()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._server.server_address[1])

    def stop(self) -> None:
        """Close the port."""
        self._server.shutdown()
        self._server.server_close()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    block_on_close = False

    def __init__(self, address: tuple[str, int], far_end: MailServerSim) -> None:
        self.far_end = far_end
        super().__init__(address, _Talk)

    def handle_error(self, request: object, client_address: object) -> None:
        """A kiosk that hangs up, or trusts no one, is nothing to tell about."""


class _Talk(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        self.far_end = self.server.far_end
        self.encrypted = self.welcome = False
        self._say("220 sim ESMTP")
        for line in iter(self._line, "QUIT"):
            if not line:
                return
            self._answer(line)
        self._say("221 bye")

    def _answer(self, line: str) -> None:
        verb, far_end = line.upper(), self.far_end
        if verb.startswith(("EHLO", "HELO")):
            offers = "AUTH PLAIN" if self.encrypted else "STARTTLS" if far_end.starttls else "HELP"
            self._say(f"250-sim\r\n250 {offers}")
        elif verb == "STARTTLS" and far_end.starttls:
            self._say("220 go on")
            self._encrypt()
        elif verb.startswith("AUTH PLAIN"):
            self.welcome = self.encrypted and line.split()[-1] == far_end.login
            self._say("235 welcome" if self.welcome else "535 who are you")
        elif not self.welcome:
            self._say("530 say who you are")
        elif verb.startswith("RCPT") and any(box in line for box in far_end.refuses):
            self._say("550 no such box")
        elif verb == "DATA":
            self._take_mail()
        else:
            self._say("250 ok")

    def _take_mail(self) -> None:
        self._say("354 go on")
        lines = iter(self._line, ".")
        content = "\r\n".join(line.removeprefix(".") for line in lines).encode()
        mail = message_from_bytes(content, policy=policy.default)
        self.far_end.mails.append(mail)
        self._say("250 taken over")

    def _encrypt(self) -> None:
        self.connection = self.far_end.tls.wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)
        self.encrypted = True

    def _line(self) -> str:
        line = self.rfile.readline(2000).decode("utf-8", "replace").rstrip("\r\n")
        if not self.encrypted:
            self.far_end.in_the_clear.append(line)
        return line

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())
